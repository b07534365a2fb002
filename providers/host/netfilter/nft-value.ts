import { isObject, type JsonObject } from '../json.js';

export { isObject, type JsonObject };

export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** An expression or statement of nft: an object with one member, `{"accept": null}`, or one whose first member names it. */
export function memberOf(value: unknown): readonly [name: string, body: unknown] | undefined {
  if (!isObject(value)) return undefined;
  // What comes from JSON has no members but its own.
  for (const name in value) return [name, value[name]];
  return undefined;
}

/** The words of a value that is one, or a list of them. */
export function wordsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return isList(value) ? value.filter((word) => typeof word === 'string') : [];
}
