import { anyOf, inverse } from './conditions.js';
import { isElement, keysOf, type NftScope, namedSet } from './nft-match.js';
import { isList, memberOf } from './nft-value.js';
import { nftText } from './nft-words.js';
import type { Condition, Doubt } from './ruleset.js';

/** The packets that a map gives one value. */
export interface Mapped {
  readonly conditions: readonly Condition[];
  readonly value: unknown;
}

/**
 * What a map or verdict map makes of packets: for each value the packets that get it. Packets without an element are in none. A doubt
 * where that cannot be known: the map is not in the dump, rules change it, or an element cannot be read.
 */
export function mappedBy(key: unknown, data: unknown, scope: NftScope): readonly Mapped[] | Doubt {
  const doubt = (kind: Doubt['kind']): Doubt => ({ kind, text: `${nftText(key)} map ${nftText(data)}` });
  const set = namedSet(data, scope);
  if (set === 'unknown') return doubt('opaque');
  if (set?.changes) return doubt('stateful');
  const [name, body] = memberOf(data) ?? [];
  const elements = set ? set.elements : name === 'set' && isList(body) ? body : undefined;
  if (!elements) return doubt('unparsed');
  const build = () => groupsOf(key, elements, scope);
  return (set ? scope.memo.onceFor(set, JSON.stringify(key), build) : build()) ?? doubt('unparsed');
}

function groupsOf(key: unknown, elements: readonly unknown[], scope: NftScope): readonly Mapped[] | undefined {
  const keys = keysOf(key, scope);
  const requires = keys.flatMap((part) => part.requires);
  const groups = new Map<string, { readonly value: unknown; readonly members: unknown[] }>();
  let rest: { readonly value: unknown } | undefined;
  for (const pair of elements) {
    if (!isList(pair) || pair.length !== 2) return undefined;
    const [member, value] = pair;
    if (isCatchAll(member)) {
      rest = { value };
      continue;
    }
    const written = JSON.stringify(value);
    const group = groups.get(written) ?? { value, members: [] };
    groups.set(written, group);
    group.members.push(member);
  }
  const found: Mapped[] = [];
  const conditions: Condition[] = [];
  for (const { value, members } of groups.values()) {
    const condition = isElement(keys, members);
    if (!condition) return undefined;
    conditions.push(condition);
    found.push({ value, conditions: [...requires, condition] });
  }
  // The element `*` is for those that no other has.
  if (rest)
    found.push({ ...rest, conditions: [...requires, inverse(anyOf(conditions.map((condition) => [condition])))] });
  return found;
}

function isCatchAll(member: unknown): boolean {
  const [name, body] = memberOf(member) ?? [];
  return (
    member === '*' ||
    (name === 'elem' && typeof body === 'object' && body !== null && 'val' in body && body.val === '*')
  );
}

export function isDoubt(mapped: readonly Mapped[] | Doubt): mapped is Doubt {
  return 'kind' in mapped;
}
