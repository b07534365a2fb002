import type { Memo } from '../../../src/memo.js';
import type { Family } from '../../../src/set/index.js';
import { anyOf, doubtful, inverse } from './conditions.js';
import { keyOf } from './nft-expression.js';
import { type Key, withKey } from './nft-key.js';
import { asObject, asText, isList, memberOf } from './nft-value.js';
import { nftText } from './nft-words.js';
import type { Condition } from './ruleset.js';

/** A named set or map. */
export interface NftSet {
  /** As the JSON form writes them: values, or pairs of a value and what it is mapped to. */
  readonly elements: readonly unknown[];
  /** Whether rules add to it or take from it: then what it holds now need not be what it holds then. */
  readonly changes: boolean;
}

/** What the rules of a table refer to. */
export interface NftScope {
  /** The only family that the table sees. */
  readonly family: Family | undefined;
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly memo: Memo;
}

/** The expressions of a key, one or several that are concatenated. */
export function keysOf(expression: unknown, scope: NftScope): readonly Key[] {
  const [name, body] = memberOf(expression) ?? [];
  return (name === 'concat' && isList(body) ? body : [expression]).map((part) =>
    scope.memo.once(`key ${JSON.stringify(part)}`, () => keyOf(part, scope.family)),
  );
}

/** A value without what an element carries beside it: its timeout, its counter, its comment. */
function bare(value: unknown): unknown {
  const [name, body] = memberOf(value) ?? [];
  return name === 'elem' ? asObject(body).val : value;
}

function partsOf(value: unknown): readonly unknown[] {
  const [name, body] = memberOf(value) ?? [];
  return name === 'concat' && isList(body) ? body : [value];
}

/** That a packet agrees with one of the elements; undefined when one of them cannot be read. */
export function isElement(keys: readonly Key[], elements: readonly unknown[]): Condition | undefined {
  const values = elements.map(bare);
  const [only] = keys;
  if (only && keys.length === 1) return only.isOne(values);
  const main = Math.max(
    keys.findIndex((key) => key.isAddress),
    0,
  );
  const groups = new Map<string, { readonly parts: readonly unknown[]; readonly joined: unknown[] }>();
  for (const value of values) {
    const parts = partsOf(value);
    if (parts.length !== keys.length) return undefined;
    const others = JSON.stringify(parts.filter((_, i) => i !== main));
    const group = groups.get(others) ?? { parts, joined: [] };
    groups.set(others, group);
    group.joined.push(parts[main]);
  }
  const lists: (readonly Condition[])[] = [];
  for (const { parts, joined } of groups.values()) {
    const conditions = keys.map((key, i) => key.isOne(i === main ? joined : [parts[i]]));
    const read = conditions.filter((condition) => condition !== undefined);
    if (read.length < conditions.length) return undefined;
    lists.push(read);
  }
  return anyOf(lists);
}

/** The set or map that `"@name"` refers to. */
export function namedSet(value: unknown, scope: NftScope): NftSet | 'unknown' | undefined {
  if (typeof value !== 'string' || !value.startsWith('@')) return undefined;
  return scope.sets.get(value.slice(1)) ?? 'unknown';
}

function inSet(left: unknown, right: unknown, keys: readonly Key[], scope: NftScope): Condition | undefined {
  const set = namedSet(right, scope);
  if (set === 'unknown') return doubtful('opaque', nftText(right));
  if (!set) {
    const [name, body] = memberOf(right) ?? [];
    return name === 'set' && isList(body) ? isElement(keys, body) : undefined;
  }
  if (set.changes) return doubtful('stateful', nftText(right));
  return scope.memo.onceFor(set, JSON.stringify(left), () => isElement(keys, set.elements));
}

/** What `{"match": {"op", "left", "right"}}` asks of a packet (libnftables-json(5)). */
export function matchConditions(body: unknown, scope: NftScope): readonly Condition[] {
  const { op, left, right } = asObject(body);
  const [name, operands] = memberOf(left) ?? [];
  const isMasked = name === '&' && isList(operands) && operands.length === 2;
  const [expression, mask] = isMasked ? operands : [left];
  const keys = keysOf(expression, scope);
  const [key] = keys;
  const sign = asText(op) ?? '';
  const found =
    isMasked && key
      ? underMask(key, mask, sign, right)
      : (inSet(left, right, keys, scope) ?? compared(keys, sign, right));
  const requires = keys.flatMap((part) => part.requires);
  if (!found || !signs.has(sign)) return [...requires, doubtful('unparsed', nftText({ match: body }))];
  const condition = found.kind === 'unknown' ? doubtful(found.why.kind, nftText({ match: body })) : found;
  return key && keys.length === 1
    ? withKey(key, condition, sign === '!=' || sign === '!')
    : [...requires, sign === '!=' ? inverse(condition) : condition];
}

/** Under a mask numbers have no order here, but what is not known at all is not known so either. */
function underMask(key: Key, mask: unknown, sign: string, right: unknown): Condition | undefined {
  const condition = key.isMasked?.(mask, right);
  return sign === '==' || sign === '!=' || condition?.kind === 'unknown' ? condition : undefined;
}

const signs = new Set(['==', '!=', 'in', '!', '<', '<=', '>', '>=']);

function compared(keys: readonly Key[], sign: string, right: unknown): Condition | undefined {
  const [key] = keys;
  if (!key || keys.length > 1) return sign === '==' || sign === '!=' ? isElement(keys, [right]) : undefined;
  switch (sign) {
    case '==':
    case '!=':
      return key.isOne([right]);
    case 'in':
      return key.hasBit ? key.hasBit(right) : key.isOne(isList(right) ? right : [right]);
    case '!':
      return key.hasBit?.(right);
    default:
      return key.beside?.(sign, right);
  }
}
