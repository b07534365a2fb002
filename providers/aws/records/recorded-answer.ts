import type { Answered, Inventory, Scope } from '../inventory.js';
import { type KindName, kinds } from './collections.js';

export type Json = Readonly<Record<string, unknown>>;

interface Envelope extends Scope {
  readonly operation?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
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

export function envelopeOf(root: Json): Envelope | undefined {
  const envelope = root.port22;
  if (!isObject(envelope) || envelope.provider !== 'aws') return undefined;
  const error = isObject(envelope.error) ? envelope.error : undefined;
  return {
    account: textOf(envelope.account),
    region: textOf(envelope.region),
    ...(textOf(envelope.operation) && { operation: String(envelope.operation) }),
    ...(error && { error: { code: textOf(error.code) ?? 'unknown', message: textOf(error.message) ?? '' } }),
  };
}

/** Where the region of a record stands, for the kinds that say it. */
interface Located {
  readonly Placement?: { readonly AvailabilityZone?: string };
  readonly AvailabilityZone?: string;
  readonly SubnetArn?: string;
}

/** Tells the regions of the records of one document, those of one zone by one string. */
function regions(): (record: Located) => string | undefined {
  const byZone = new Map<string, string | undefined>();
  return (record) => {
    const region = record.SubnetArn?.split(':')[3];
    const zone = record.Placement?.AvailabilityZone ?? record.AvailabilityZone;
    if (region || !zone) return region || undefined;
    if (!byZone.has(zone)) byZone.set(zone, /^[a-z]{2}(?:-[a-z]+)+-\d/.exec(zone)?.[0]);
    return byZone.get(zone);
  };
}

/** A record that waits for the end of its document, which tells to whom it belongs where it does not say so itself. */
export type Pending = Record<string, unknown> & Located & { account?: string | undefined; region?: string | undefined };

export function parameterOf(name: KindName): string {
  const kind = kinds[name];
  return 'subject' in kind ? (kind.subject?.parameter ?? '') : '';
}

export function subjectOf(name: KindName, root: Json, file: string): string | undefined {
  const kind = kinds[name];
  if (!('subject' in kind) || !kind.subject) return undefined;
  const beside = textOf(root[kind.subject.parameter]);
  if (beside) return beside;
  const fileName = file.replace(/^.*[\\/]/s, '').replace(/\.[a-z]+$/i, '');
  const inName = fileName.match(kind.subject.pattern) ?? [];
  return inName.length === 1 ? inName[0] : undefined;
}

export interface RecordedAnswer {
  readonly file: string;
  readonly root: Json;
  readonly pending: ReadonlyMap<KindName, readonly Pending[]>;
  readonly holes: ReadonlyMap<KindName, string>;
  readonly seen: ReadonlySet<KindName>;
  readonly subjects: ReadonlyMap<KindName, string>;
  /** The records over which the document is laid, if it is. */
  readonly over: Inventory | undefined;
  /** Whether the document answers also what was not asked of those. */
  readonly isAnswer: boolean;
  readonly warn: (what: string, where: string, why: string, fix: string) => void;
}

/** Puts the records of one document into the inventory, each with the account and region that it belongs to. */
export function store(inventory: Inventory, document: RecordedAnswer): void {
  const envelope = envelopeOf(document.root);
  const scope: Scope = envelope ?? scopeOfFile(document.file);
  const owners = new Set<string>();
  const regionOf = regions();
  for (const [name, records] of document.pending) {
    if (document.subjects.has(name)) continue;
    for (const record of records) {
      if (record.account !== undefined) owners.add(record.account);
      record.account ??= scope.account;
      record.region = scope.region ?? regionOf(record);
      place(inventory, name, record, document);
    }
  }
  for (const [name, subject] of document.subjects) {
    const records = document.pending.get(name) ?? [];
    if (document.over) inventory.replaceSubject(name, subject, records);
    else inventory.putSubject(name, subject, records);
  }
  const accounts = envelope || owners.size === 0 ? [scope.account] : [...owners];
  for (const name of namesAnswered(document, envelope)) {
    const isOthers = document.over && (document.over.wasAsked(name) || !document.isAnswer);
    if (isOthers && !document.subjects.has(name)) continue;
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

function namesAnswered(document: RecordedAnswer, envelope: Envelope | undefined): KindName[] {
  if (!envelope?.error) return [...document.seen];
  return (Object.keys(kinds) as KindName[]).filter((name) => kinds[name].action === envelope.operation);
}

/** Keeps one record of an object: where two views of it (of two accounts, of two calls) differ, neither can be trusted. */
function place(inventory: Inventory, name: KindName, record: Json, document: RecordedAnswer): void {
  const kind = kinds[name];
  const id = 'id' in kind && kind.id ? (kind.id as (record: Json) => string)(record) : '';
  if (document.over) {
    inventory.put(name, id, record);
    return;
  }
  const earlier = inventory.get(name, id) as Json | undefined;
  const differing = earlier ? differences(earlier, record) : [];
  const merged = earlier ? { ...record, ...earlier } : record;
  if (differing.length === 0) {
    inventory.put(name, id, merged);
    return;
  }
  document.warn(
    `${id} stands twice in the input, with different ${differing.join(', ')}`,
    document.file,
    'neither can be trusted, so what depends on it is unknown',
    'give one recording of each account',
  );
  const unsure = Object.fromEntries(differing.map((field) => [field, undefined]));
  inventory.put(name, id, { ...merged, ...unsure, broken: 'it stands twice in the input' });
}

const cosmetic: ReadonlySet<string> = new Set(['Tags', 'account', 'region']);

/** The fields of which two views of one object say something different. */
function differences(a: Json, b: Json): string[] {
  return Object.keys(a).filter(
    (field) => field in b && !cosmetic.has(field) && JSON.stringify(a[field]) !== JSON.stringify(b[field]),
  );
}
