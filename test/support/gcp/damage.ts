import { expect, test } from '@jest/globals';
import { type Answer, audit, explain, type RecordedDocument } from '../../../src/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { schemaErrors } from '../report-schema.js';
import type { Form } from './documents.js';
import { type Fixture, f0 } from './fixture.js';

type Fields = Record<string, unknown>;

/** What becomes of a value: null, a value of another type, a word that nobody documents, nothing at all. */
const modes = ['null', 'type', 'word', 'absent'] as const;
type Mode = (typeof modes)[number];

/** Where a value stands: `instance vm1`, `policy pol`, `answer healthStatus`; and the way to it, `networkInterfaces.0.network`. */
interface Place {
  readonly at: string;
  readonly path: string;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the object is the record, or the answer, that is meant. A rule stands in several answers. */
function isMeant(value: Fields, at: string): boolean {
  const [kind = '', name = ''] = at.split(' ');
  if (kind === 'answer') return name in value && !Object.keys(value).includes('firewallPolicys');
  if (kind === 'policy') return Array.isArray(value.rules) && [value.name, value.displayName].includes(name);
  const own = String(value.name).split('/').pop();
  return own === name && (value.kind === `compute#${kind}` || String(value.name).includes(`/${kind}s/`));
}

function unreadable(value: unknown): unknown {
  return typeof value === 'object' ? 'seven' : ['seven'];
}

function spoil(holder: Fields, key: string, mode: Mode): void {
  if (mode === 'absent') delete holder[key];
  else if (mode === 'null') holder[key] = null;
  else if (mode === 'type') holder[key] = unreadable(holder[key]);
  else holder[key] = Array.isArray(holder[key]) ? ['NEWFANGLED'] : 'NEWFANGLED';
}

/** The documents with the value replaced, wherever a copy of the record stands. */
function damaged(documents: readonly RecordedDocument[], { at, path }: Place, mode: Mode): RecordedDocument[] {
  const copy = structuredClone([...documents]);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let found = 0;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isFields(value)) return;
    Object.values(value).forEach(visit);
    if (!isMeant(value, at)) return;
    let holder: unknown = value;
    for (const step of steps) holder = (holder as Fields | undefined)?.[step];
    if (typeof holder !== 'object' || holder === null || !(last in holder)) return;
    spoil(holder as Fields, last, mode);
    found += 1;
  };
  for (const { value } of copy) visit(value);
  if (found === 0) throw new Error(`${at} has no ${path}`);
  return copy;
}

/** A project whose answer hangs on some fields, each of which is damaged in turn. */
export interface Scene {
  readonly name: string;
  readonly given: (f: Fixture) => unknown;
  /** From outside to vm1's external address unless said. */
  readonly asks?: { readonly target: string; readonly from: string; readonly via?: string; readonly port?: number };
  /** Of the sound project: reachable unless said. */
  readonly was?: 'unreachable';
  /**
   * By record: the paths of its fields. `null` and a wrong type are damage everywhere. `path=` says that so is its absence,
   * `path~` that its text is a word of a list, `path~=` both. Where the specification gives absence a meaning, there is no
   * `=`.
   */
  readonly fields: Readonly<Record<string, string>>;
}

interface Recorded {
  readonly documents: readonly RecordedDocument[];
  readonly complete?: boolean;
}

const asked = ({ asks }: Scene) => ({ target: '203.0.113.10', from: '198.51.100.7', ...asks });
const verdictOf = (answer: Answer) => answer.report?.targets[0]?.verdict ?? 'none';
const setOf = (prefixes: readonly string[] = []) => AddressSet.of(...prefixes);

/** What an audit claims of vm1 although evidence is missing. */
function claims(before: Recorded, after: Recorded): string[] {
  const [was, is] = [before, after].map((one) =>
    audit(one).report?.targets.find(({ target }) => target.name === 'vm1'),
  );
  if (!was || !is) return ['the target is gone'];
  const opened = setOf(is.reachableFrom).subtract(setOf(was.reachableFrom));
  const perhaps = [was, is].map((one) => setOf([...one.reachableFrom, ...one.partialFrom, ...one.unknownFrom]));
  const closed = (perhaps[0] ?? opened).subtract(perhaps[1] ?? opened);
  return [
    ...(opened.isEmpty ? [] : [`opens to ${opened.prefixes().slice(0, 2).join(' ')}`]),
    ...(closed.isEmpty ? [] : [`closes to ${closed.prefixes().slice(0, 2).join(' ')}`]),
  ];
}

/** What is wrong with the answers about damaged records. */
function faults(scene: Scene, sound: Recorded, hurt: Recorded, path: string, mode: Mode): string[] {
  const answer = explain(hurt, asked(scene));
  const is = verdictOf(answer);
  const list: string[] = [];
  if (scene.was === 'unreachable' ? is === 'reachable' || is === 'partial' : is === 'unreachable' || is === 'partial')
    list.push(is);
  const field =
    path
      .split('.')
      .filter((step) => !/^\d+$/.test(step))
      .pop() ?? '';
  const isTold = answer.problems.some(({ severity, what }) => severity === 'warning' && what.includes(field));
  if ((mode === 'null' || mode === 'type') && !isTold) list.push('not told');
  if (is === 'none' && !answer.problems.length) list.push('gone without a word');
  for (const { what, where, why, fix } of answer.problems)
    if ([what, where, why, fix].some((part) => !/\S/.test(part))) list.push('a problem without all four parts');
  if (answer.report && schemaErrors(answer.report).length > 0) list.push('no report');
  return [...list, ...claims(sound, hurt)];
}

interface Damage {
  readonly at: string;
  readonly path: string;
  readonly due: readonly Mode[];
}

function placesOf({ fields }: Scene): Damage[] {
  return Object.entries(fields).flatMap(([at, texts]) =>
    texts.split(' ').map((text) => {
      const [, path = '', word, absent] = /^([\w.]+)(~?)(=?)$/.exec(text) ?? [];
      const isDue = { null: true, type: true, word: word !== '', absent: absent !== '' };
      return { at, path, due: modes.filter((mode) => isDue[mode]) };
    }),
  );
}

/** Damages each field of each scene in each way, and asks as before. */
export function damagedScenes(scenes: readonly Scene[], form: Form): void {
  test.each(scenes)('$name', (scene) => {
    const fixture = f0();
    scene.given(fixture);
    const recorded = (documents: readonly RecordedDocument[]): Recorded => ({
      documents,
      ...(form === 'gcloud' && { complete: true }),
    });
    const documents = fixture.documents(form);
    const sound = recorded(documents);
    expect(verdictOf(explain(sound, asked(scene)))).toBe(scene.was ?? 'reachable');
    const found = placesOf(scene).flatMap(({ at, path, due }) =>
      due.flatMap((mode) => {
        const hurt = recorded(damaged(documents, { at, path }, mode));
        return faults(scene, sound, hurt, path, mode).map((fault) => `${scene.name}: ${at} ${path}: ${mode}: ${fault}`);
      }),
    );
    expect(found).toEqual([]);
  });
}
