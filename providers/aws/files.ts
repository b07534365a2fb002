import type { Problem } from '../../src/model/index.js';
import type { DocumentSink, Intake } from '../../src/provider.js';
import { awsCloud } from './cloud.js';
import { ignoredKeys, type KindName, kinds } from './collections.js';
import { type Answered, Inventory, type Scope } from './inventory.js';
import type { Reading } from './shape.js';

const byKey = new Map<string, KindName[]>();
for (const name of Object.keys(kinds) as KindName[]) {
  const { key } = kinds[name];
  byKey.set(key, [...(byKey.get(key) ?? []), name]);
}
/** Lists whose elements tell what they are; the others wait for the parameter that stands beside them. */
const streamed = new Set([...byKey].filter(([, names]) => names.every((name) => !('subject' in kinds[name]))).map(([key]) => key));

type Json = Readonly<Record<string, unknown>>;

interface Envelope extends Scope {
  readonly operation?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Account and region from the folders that a file lies in, where it does not say itself. */
function scopeOfFile(file: string): Scope {
  const folders = file.split(/[\\/]/).slice(0, -1).reverse();
  return {
    account: folders.find((folder) => /^\d{12}$/.test(folder)),
    region: folders.find((folder) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(folder)),
  };
}

function envelopeOf(root: Json): Envelope | undefined {
  const envelope = root.port22;
  if (!isObject(envelope) || envelope.provider !== 'aws') return undefined;
  const error = isObject(envelope.error) ? envelope.error : undefined;
  return {
    account: textOf(envelope.account),
    region: textOf(envelope.region),
    ...(textOf(envelope.operation) && { operation: String(envelope.operation) }),
    ...(error && { error: { code: String(error.code ?? 'unknown'), message: String(error.message ?? '') } }),
  };
}

function trailText(trail: readonly (string | number)[]): string {
  return trail.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

/** Where the region of a record stands, for the kinds that say it. */
function regionOf(record: { Placement?: { AvailabilityZone?: string }; AvailabilityZone?: string; SubnetArn?: string }): string | undefined {
  const zone = record.Placement?.AvailabilityZone ?? record.AvailabilityZone;
  return record.SubnetArn?.split(':')[3] || (zone && /^[a-z]{2}(?:-[a-z]+)+-\d/.exec(zone)?.[0]);
}

interface Pending {
  readonly name: KindName;
  readonly record: Json;
  readonly owner: string | undefined;
}

/** Takes in what the AWS CLI prints and what port22 recorded, whatever the files are called. */
export class AwsIntake implements Intake {
  private readonly problems: Problem[] = [];
  private readonly documents: ((inventory: Inventory) => void)[] = [];

  open(file: string): DocumentSink {
    const pending: Pending[] = [];
    const holes = new Map<KindName, string>();
    const seen = new Set<KindName>();
    let root: Json = {};
    const read = (name: KindName, value: unknown, owner: string | undefined, at: string) => {
      const record = this.readRecord(name, value, at, () => holes.set(name, `a record at ${at} could not be read`));
      if (record) pending.push({ name, record, owner });
    };
    return {
      wants: (key) => {
        const names = streamed.has(key) ? (byKey.get(key) ?? []) : [];
        for (const name of names) seen.add(name);
        return names.length > 0;
      },
      element: (key, value, place) => {
        const [name] = byKey.get(key) ?? [];
        if (!name) return;
        const at = `${place.file}:${place.line}:${place.column}`;
        if (name !== 'instances') read(name, value, isObject(value) ? textOf(value.OwnerId) : undefined, at);
        else this.readReservation(value, at, read);
      },
      rest: (value) => {
        if (!isObject(value)) return false;
        root = { ...root, ...value };
        const claimed = Object.keys(value).some((key) => byKey.has(key) || ignoredKeys.has(key));
        return claimed || seen.size > 0 || envelopeOf(value) !== undefined;
      },
      close: (fault) => {
        if (fault !== undefined) for (const name of seen) holes.set(name, fault);
        if (textOf(root.NextToken) || textOf(root.nextToken) || textOf(root.NextMarker)) {
          for (const name of seen) holes.set(name, `${file} holds only some of the pages`);
          this.warn(`${file} holds only some of the pages`, file, 'what is on the others is missing', 'record it again without --max-items');
        }
        const subjects = this.subjectAnswers(root, file, read, seen);
        this.documents.push((inventory) => store(inventory, { file, root, pending, holes, seen, subjects, warn: this.warn }));
      },
    };
  }

  finish({ complete }: { readonly complete: boolean }) {
    const inventory = new Inventory(complete);
    for (const storeDocument of this.documents) storeDocument(inventory);
    return { cloud: awsCloud(inventory), problems: this.problems };
  }

  private readonly warn = (what: string, where: string, why: string, fix: string): void => {
    this.problems.push({ severity: 'warning', what, where, why, fix });
  };

  private readReservation(value: unknown, at: string, read: (name: KindName, value: unknown, owner: string | undefined, at: string) => void): void {
    const instances = isObject(value) ? value.Instances : undefined;
    if (!isObject(value) || !Array.isArray(instances)) {
      read('instances', value, undefined, at);
      return;
    }
    for (const instance of instances) read('instances', instance, textOf(value.OwnerId), at);
  }

  private readRecord(name: KindName, value: unknown, at: string, hole: () => void): Json | undefined {
    const reading: Reading = {
      trail: [],
      fault: (trail, what) =>
        this.warn(
          `${kinds[name].key}${trailText(trail)}: ${what}`,
          at,
          'what cannot be read counts as unknown, never as open or closed',
          'record the answer again, or mend the field',
        ),
    };
    const record = kinds[name].read(value, reading);
    if (record === undefined) hole();
    return record as Json | undefined;
  }

  /** Answers that do not name their subject: it stands beside them, or in the file's name. */
  private subjectAnswers(root: Json, file: string, read: (name: KindName, value: unknown, owner: undefined, at: string) => void, seen: Set<KindName>) {
    const subjects = new Map<KindName, string>();
    for (const [key, names] of byKey) {
      const value = root[key];
      if (value === undefined) continue;
      const [first] = names;
      if (first && !('subject' in kinds[first])) {
        seen.add(first);
        read(first, value, undefined, `${file}`);
        continue;
      }
      const found = names.map((name) => ({ name, subject: subjectOf(name, root, file) })).find(({ subject }) => subject);
      if (!found?.subject) {
        const parameters = names.map((name) => parameterOf(name)).join(' or ');
        this.warn(`${key} does not say what it belongs to`, file, 'the answer is not used', `put "${parameters}" beside "${key}", or the id into the file's name`);
        continue;
      }
      subjects.set(found.name, found.subject);
      seen.add(found.name);
      const items = Array.isArray(value) ? value : [value];
      for (const item of items) read(found.name, item, undefined, file);
    }
    return subjects;
  }
}

function parameterOf(name: KindName): string {
  const kind = kinds[name];
  return 'subject' in kind ? (kind.subject?.parameter ?? '') : '';
}

function subjectOf(name: KindName, root: Json, file: string): string | undefined {
  const kind = kinds[name];
  if (!('subject' in kind) || !kind.subject) return undefined;
  const beside = textOf(root[kind.subject.parameter]);
  if (beside) return beside;
  const inName = file.replace(/\.[a-z]+$/i, '').match(kind.subject.pattern) ?? [];
  return inName.length === 1 ? inName[0] : undefined;
}

interface Document {
  readonly file: string;
  readonly root: Json;
  readonly pending: readonly Pending[];
  readonly holes: ReadonlyMap<KindName, string>;
  readonly seen: ReadonlySet<KindName>;
  readonly subjects: ReadonlyMap<KindName, string>;
  readonly warn: (what: string, where: string, why: string, fix: string) => void;
}

/** Puts the records of one document into the inventory, each with the account and region that it belongs to. */
function store(inventory: Inventory, document: Document): void {
  const envelope = envelopeOf(document.root);
  const scope: Scope = envelope ?? scopeOfFile(document.file);
  const owners = new Set<string>();
  for (const { name, record, owner } of document.pending) {
    if (owner) owners.add(owner);
    if (document.subjects.has(name)) continue;
    place(inventory, name, record, { account: owner ?? scope.account, region: scope.region ?? regionOf(record) }, document);
  }
  for (const [name, subject] of document.subjects) {
    const records = document.pending.filter((item) => item.name === name).map((item) => item.record);
    inventory.putSubject(name, subject, records as never);
  }
  const accounts = envelope || owners.size === 0 ? [scope.account] : [...owners];
  for (const name of namesAnswered(document, envelope)) {
    for (const account of accounts) {
      const answer: Answered = {
        scope: { account, region: scope.region },
        subject: document.subjects.get(name) ?? subjectOf(name, document.root, document.file),
        ...(envelope?.error && { error: envelope.error }),
        ...(document.holes.has(name) && { incomplete: document.holes.get(name) ?? '' }),
      };
      inventory.note(name, answer);
    }
  }
}

function namesAnswered(document: Document, envelope: Envelope | undefined): KindName[] {
  if (!envelope?.error) return [...document.seen];
  return (Object.keys(kinds) as KindName[]).filter((name) => kinds[name].action === envelope.operation);
}

function place(inventory: Inventory, name: KindName, record: Json, scope: Scope, document: Document): void {
  const kind = kinds[name];
  const id = 'id' in kind && kind.id ? (kind.id as (record: Json) => string)(record) : '';
  const placed: Json = { ...scope, ...record };
  const earlier = inventory.get(name, id) as Json | undefined;
  if (earlier && !agree(earlier, placed)) {
    document.warn(
      `${id} stands twice in the input, with different contents`,
      document.file,
      'neither can be trusted, so what depends on it is unknown',
      'give one recording of each account',
    );
    inventory.put(name, id, { ...placed, broken: 'it stands twice in the input' } as never);
    return;
  }
  inventory.put(name, id, (earlier ? { ...placed, ...earlier } : placed) as never);
}

const cosmetic: ReadonlySet<string> = new Set(['Tags', 'account', 'region']);

/** Whether two views of one object (of two accounts, of two calls) say the same wherever both say something. */
function agree(a: Json, b: Json): boolean {
  return Object.keys(a).every((key) => {
    if (!(key in b) || cosmetic.has(key)) return true;
    return JSON.stringify(a[key]) === JSON.stringify(b[key]);
  });
}
