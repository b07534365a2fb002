import type { AddressSet } from '../set/index.js';

const harmless = /^[\w./:=,@%+{}[\]-]+$/;

/** One argument as a POSIX shell reads it back: ids come from files, so nothing in them may act. */
export function argument(text: string): string {
  return harmless.test(text) && !/[{}[\]]/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A string of a program, with everything in it escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

const mostPrefixes = 5;

/** The prefixes to allow for these sources: exact where they are few, the whole family where all of it was asked for. */
export function prefixesToAllow(from: AddressSet): readonly string[] | undefined {
  const prefixes = from.prefixes();
  if (prefixes.length > 0 && prefixes.length <= mostPrefixes) return prefixes;
  const whole = from.families().filter((family) => from.count(family) > (family === 4 ? 2n ** 31n : 2n ** 120n));
  if (prefixes.length === 0 || whole.length < from.families().length) return undefined;
  return whole.map((family) => (family === 4 ? '0.0.0.0/0' : '::/0'));
}

export const isIpv6 = (prefix: string) => prefix.includes(':');
