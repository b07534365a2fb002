import type { RecordedDocument } from './collection.js';

type Path = readonly (string | number)[];

/** A value inside recorded documents, or a whole document where the path is empty. */
export interface Place {
  readonly document: number;
  readonly path: Path;
}

/** What takes evidence away: the value, its readability, its contents, or its being the only one of its id. */
export const removals = ['delete', 'null', 'huge', 'object', 'list', 'twice'] as const;
/** What puts another fact in its place. */
export const changes = ['empty', 'word', 'negative', 'negate', 'reverse', 'deep'] as const;

export type How = (typeof removals)[number] | (typeof changes)[number];

/**
 * Facts whose absence is another fact: the cloud prints these lists whole, and these fields only where they say something, so
 * that without them the record is a sound record of another account. To delete them, or to empty their list, takes no
 * evidence away. To make them unreadable does.
 */
const ABSENCE_IS_A_FACT: readonly RegExp[] = [
  // What an ACL or a table does not list, it does not do; a subnet that no table lists uses the main table.
  /^NetworkAcls\.\d+\.Entries(\.\d+)?$/,
  /^RouteTables(\.\d+)?$/,
  /^RouteTables\.\d+\.(Routes|Associations)(\.\d+)?$/,
  /^(Routes|Entries)(\.\d+)?$/,
  // What is not excluded is not excluded. Encryption controls only ever contradict, they filter nothing.
  /^VpcBlockPublicAccessExclusions(\.\d+)?$/,
  /^VpcEncryptionControls/,
  // Printed only where they are true, or where there is a peering.
  /\.(Operator|DenyAllIgwTraffic|PeeringStatus)$/,
];

/** Whether this takes evidence away at this place: not where nobody could miss what is gone. */
export function takesEvidence({ path }: Place, how: How): boolean {
  const text = path.join('.');
  return !((how === 'delete' || how === 'list') && ABSENCE_IS_A_FACT.some((pattern) => pattern.test(text)));
}

function* pathsOf(value: unknown, path: Path): Iterable<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value))
    yield* pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** Every place in the documents. */
export function placesIn(documents: readonly RecordedDocument[]): Place[] {
  return documents.flatMap(({ value }, document) => [...pathsOf(value, [])].map((path) => ({ document, path })));
}

/** The places that `read` looks at; nothing can depend on the others. */
export function placesRead(
  documents: readonly RecordedDocument[],
  read: (documents: readonly RecordedDocument[]) => void,
): Place[] {
  const seen = new Set<string>();
  const watched = (value: unknown, trail: string): unknown => {
    seen.add(trail);
    if (typeof value !== 'object' || value === null) return value;
    return new Proxy(value, {
      get: (target, key) => {
        const item: unknown = Reflect.get(target, key);
        return typeof key === 'string' && Object.hasOwn(target, key) && key !== 'length'
          ? watched(item, `${trail}.${key}`)
          : item;
      },
    });
  };
  read(documents.map(({ path, value }, index) => ({ path, value: watched(value, String(index)) })));
  return placesIn(documents).filter(({ document, path }) => seen.has([document, ...path].join('.')));
}

export function valueAt(documents: readonly RecordedDocument[], { document, path }: Place): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown>)[key],
    documents[document]?.value,
  );
}

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce((inner, _, level) => (level % 2 === 0 ? { inner } : [inner]), 0);
}

const REPLACEMENTS: Readonly<Record<Exclude<How, 'delete' | 'twice'>, (value: unknown) => unknown>> = {
  null: () => null,
  huge: () => 1e308,
  object: () => ({}),
  list: () => [],
  empty: () => '',
  word: () => 'bogus',
  negative: () => -7,
  negate: (value) => !value,
  reverse: (value) => (Array.isArray(value) ? [...value].reverse() : value),
  deep: () => nested(60),
};

/** The documents with another value at one place. */
export function replaced(documents: readonly RecordedDocument[], place: Place, by: unknown): RecordedDocument[] {
  const put = (value: unknown, [key, ...rest]: Path): unknown => {
    if (key === undefined) return by;
    if (Array.isArray(value))
      return value.map((item: unknown, index) => (index === Number(key) ? put(item, rest) : item));
    const fields = value as Record<string, unknown>;
    return { ...fields, [key]: put(fields[key], rest) };
  };
  return documents.map((document, index) =>
    index === place.document ? { ...document, value: put(document.value, place.path) } : document,
  );
}

function edited(value: unknown, path: Path, how: How): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return how === 'delete' || how === 'twice' ? value : REPLACEMENTS[how](value);
  if (Array.isArray(value)) {
    const at = Number(key);
    const [before, after] = [value.slice(0, at), value.slice(at + 1)];
    if (rest.length === 0 && how === 'delete') return [...before, ...after];
    if (rest.length === 0 && how === 'twice') return [...value, value[at]];
    return [...before, edited(value[at], rest, how), ...after];
  }
  const { [key]: own, ...others } = value as Record<string, unknown>;
  if (rest.length === 0 && how === 'delete') return others;
  return { ...others, [key]: edited(own, rest, how) };
}

/** The documents after one mutation; a value that cannot be there twice stays as it is. */
export function mutated(documents: readonly RecordedDocument[], place: Place, how: How): RecordedDocument[] {
  return documents.flatMap((document, index) => {
    if (index !== place.document) return [document];
    if (place.path.length === 0 && how === 'delete') return [];
    return [{ ...document, value: edited(document.value, place.path, how) }];
  });
}

/** The removals that differ for a value: whatever is of a wrong type is unreadable in the same way. */
export function removalsFor(value: unknown): readonly How[] {
  if (Array.isArray(value)) return ['delete', 'null', 'list'];
  if (typeof value === 'number') return ['delete', 'null', 'huge'];
  return typeof value === 'object' ? ['delete', 'null', 'object', 'twice'] : ['delete', 'null'];
}
