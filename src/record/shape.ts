/**
 * A small reader for hostile JSON: it copies the declared fields of a record and nothing else, so that a recorded file can
 * be let go at once, and it tells a field that is absent from one that is there and cannot be read.
 */

/** Where the reader stands, and where it leaves what it cannot read. */
export interface Reading {
  /** Property names and list indexes from the record down to the value. */
  readonly trail: (string | number)[];
  /** Texts that many records hold, as one string for all: an account has few subnets and many machines. */
  readonly shared: Map<string, string>;
  /** The same for small objects, by their JSON. */
  readonly sharedObjects: Map<string, object>;
  fault(trail: readonly (string | number)[], what: string): void;
}

/** Reads one value: the value, or undefined after a fault. */
export type Read<T> = (value: unknown, reading: Reading) => T | undefined;

export interface Field<T> {
  readonly read: Read<T>;
  /**
   * `key`: a record without it is dropped. `must`: a record without it is broken. `may`: it is fine without, but broken when
   * it cannot be read. `nice`: no verdict depends on it.
   */
  readonly need: 'key' | 'must' | 'may' | 'nice';
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

type TypeOf<X> = X extends Field<infer T> ? T : never;
type KeyNames<F extends Fields> = { [K in keyof F]: F[K] extends { need: 'key' } ? K : never }[keyof F];

/** The record that a shape reads. `broken` names the fields, of it or of what it holds, that were missing or unreadable. */
export type Shaped<F extends Fields> = { readonly [K in KeyNames<F>]: TypeOf<F[K]> } & {
  readonly [K in Exclude<keyof F, KeyNames<F>>]?: TypeOf<F[K]> | undefined;
} & { readonly broken?: string };

export function key<T>(read: Read<T>): Field<T> & { need: 'key' } {
  return { read, need: 'key' };
}
export function must<T>(read: Read<T>): Field<T> & { need: 'must' } {
  return { read, need: 'must' };
}
export function may<T>(read: Read<T>): Field<T> & { need: 'may' } {
  return { read, need: 'may' };
}
export function nice<T>(read: Read<T>): Field<T> & { need: 'nice' } {
  return { read, need: 'nice' };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 60))}`;
  if (value === undefined) return 'nothing';
  const shown = ['number', 'boolean', 'bigint'].includes(typeof value) ? ` ${value as number}` : '';
  return `the ${typeof value}${shown}`;
}

/**
 * Stands where a source knows that there is a value and not which: it counts as one that cannot be read, and nobody is told, since
 * the source tells itself. No recorded file can hold it.
 */
export const untold: unique symbol = Symbol('not known');

/** Stands where a source tells once more a record, or a part of one, that was read before: it is taken as it was read. */
export class AsRead {
  readonly record: object;

  constructor(record: object) {
    this.record = record;
  }
}

function expected<T>(wanted: string, value: unknown, reading: Reading): T | undefined {
  if (value === untold) return undefined;
  reading.fault(reading.trail, `expected ${wanted}, found ${describe(value)}`);
  return undefined;
}

export const text: Read<string> = (value, reading) =>
  typeof value === 'string' ? value : expected('a string', value, reading);

/** A text that other records are likely to hold, too. */
export const sharedText: Read<string> = (value, reading) => {
  const own = text(value, reading);
  return own === undefined ? undefined : interned(own, reading);
};

/** A text as the one string that all who hold it share. */
export function interned(own: string, { shared }: Pick<Reading, 'shared'>): string {
  const known = shared.get(own);
  if (known !== undefined) return known;
  shared.set(own, own);
  return own;
}

export const number: Read<number> = (value, reading) =>
  typeof value === 'number' && Number.isFinite(value) ? value : expected('a number', value, reading);

export const flag: Read<boolean> = (value, reading) =>
  typeof value === 'boolean' ? value : expected('true or false', value, reading);

/** A value that `read` reads and that is possible; `wanted` says what would be. */
export function possible<T>(read: Read<T>, wanted: string, isPossible: (value: T) => boolean): Read<T> {
  return (value, reading) => {
    const item = read(value, reading);
    return item === undefined || isPossible(item) ? item : expected(wanted, value, reading);
  };
}

/** An object that other records are likely to hold, too. */
export function shared<T extends object>(read: Read<T>): Read<T> {
  return (value, reading) => {
    const own = read(value, reading);
    if (own === undefined) return undefined;
    const json = JSON.stringify(own);
    const known = reading.sharedObjects.get(json);
    if (known !== undefined) return known as T;
    reading.sharedObjects.set(json, own);
    return own;
  };
}

/** What is kept of a value, where that is less than must be read of it. */
export function kept<T, U>(read: Read<T>, keep: (value: T) => U): Read<U> {
  return (value, reading) => {
    const item = read(value, reading);
    return item === undefined ? undefined : keep(item);
  };
}

/** Most lists in a record are empty: one for all of them. */
const emptyList: readonly never[] = Object.freeze([]);

/** A list; an element that cannot be read makes the whole list unreadable, since what is missing could matter. */
export function list<T>(read: Read<T>): Read<readonly T[]> {
  return (value, reading) => {
    if (!Array.isArray(value)) return expected('a list', value, reading);
    if (value.length === 0) return emptyList;
    // A list that grows by itself keeps room for sixteen more.
    const items = value.map((one: unknown, index) => {
      reading.trail.push(index);
      const item = read(one, reading);
      reading.trail.pop();
      return item;
    });
    return items.includes(undefined) ? undefined : (items as T[]);
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first field inside a value that was missing or unreadable. */
function brokenIn(item: unknown): string | undefined {
  if (Array.isArray(item)) {
    for (const one of item) {
      const broken = brokenIn(one);
      if (broken !== undefined) return broken;
    }
  }
  return isObject(item) && typeof item.broken === 'string' ? item.broken : undefined;
}

/** Whether a field of a record is there and could not be read, as a whole. */
export function isUnread({ broken }: { readonly broken?: string | undefined }, field: string): boolean {
  return broken?.split(', ').includes(field) ?? false;
}

/** An object of which the declared fields are copied. What holds something broken is broken too: to ask the whole is enough. */
export function object<F extends Fields>(fields: F): Read<Shaped<F>> {
  const entries = Object.entries(fields);
  return (value, reading) => {
    if (value instanceof AsRead) return value.record as Shaped<F>;
    if (!isObject(value)) return expected('an object', value, reading);
    const record: Record<string, unknown> = {};
    let broken: string | undefined;
    const add = (field: string) => {
      broken = broken === undefined ? field : `${broken}, ${field}`;
    };
    for (const [name, { read, need }] of entries) {
      const raw = value[name];
      if (raw === undefined) {
        if (need === 'may' || need === 'nice') continue;
        if (need === 'key') {
          reading.fault([...reading.trail, name], 'is missing, so nobody can tell which object this is');
          return undefined;
        }
        reading.fault([...reading.trail, name], 'is missing');
        add(name);
        continue;
      }
      reading.trail.push(name);
      const item = read(raw, reading);
      reading.trail.pop();
      if (item !== undefined) record[name] = item;
      else if (need === 'key') return undefined;
      if (need === 'nice') continue;
      const inside = brokenIn(item);
      if (item === undefined) add(name);
      else if (inside !== undefined) add(`${name}.${inside}`);
    }
    if (broken !== undefined) record.broken = broken;
    return record as Shaped<F>;
  };
}
