import type { Family } from '../../../src/set/index.js';
import { allOf, anyOf, doubtful } from './conditions.js';
import { protocolsOf } from './nft-literal.js';
import { protocolCondition } from './protocols.js';
import type { Condition, Doubt, Protocol } from './ruleset.js';

/** What the left side of a comparison takes from a packet. */
export interface Key {
  /** What must hold for the packet to have it at all: otherwise no comparison holds, whatever its operator. */
  readonly requires: readonly Condition[];
  /** That it is one of the values; undefined when one of them cannot be read. */
  readonly isOne: (values: readonly unknown[]) => Condition | undefined;
  /** For a set of bits: that one of those of the value is set. */
  readonly hasBit?: (value: unknown) => Condition | undefined;
  /** That it is the value in the bits of the mask. */
  readonly isMasked?: (mask: unknown, value: unknown) => Condition | undefined;
  /** That it is less than the value, greater, and so on. */
  readonly beside?: (sign: string, value: unknown) => Condition | undefined;
  /** Its values join to one set of addresses. */
  readonly isAddress?: true;
}

/** That a packet has the key, and that `condition` holds or does not. */
export function withKey(key: Key, condition: Condition, negated: boolean): readonly Condition[] {
  return [...key.requires, ...allOf([condition], negated)];
}

/** Something of a packet of which nothing is known. */
export function doubtKey(kind: Doubt['kind'], text: string, requires: readonly Condition[] = []): Key {
  const doubt = doubtful(kind, text);
  return { requires, isOne: () => doubt, hasBit: () => doubt, isMasked: () => doubt, beside: () => doubt };
}

/** The protocol above IP, in a table of this family or of both. */
export function protocolKey(family: Family | undefined, requires: readonly Condition[] = []): Key {
  return {
    requires,
    isOne: (values) => {
      const numbers = protocolsOf(values);
      return numbers && protocolCondition(numbers, family);
    },
  };
}

const familyWords: ReadonlyMap<unknown, Family | undefined> = new Map<unknown, Family | undefined>([
  ['ipv4', 4],
  [2, 4],
  ['ip', 4],
  ['ipv6', 6],
  [10, 6],
  ['ip6', 6],
  ['arp', undefined],
  ['vlan', undefined],
]);

/** The family of a packet. */
export function familyKey(): Key {
  return {
    requires: [],
    isOne: (values) => {
      if (!values.every((value) => familyWords.has(value))) return undefined;
      const families = values.map((value) => familyWords.get(value)).filter((family) => family !== undefined);
      return anyOf(families.map((family) => [{ kind: 'family', family }]));
    },
  };
}

export function ofProtocol(...protocols: Protocol[]): Condition {
  return { kind: 'protocol', protocols };
}

/** That a packet is of a family, which goes without saying in a table that sees no other. */
export function ofFamily(wanted: Family, family: Family | undefined): readonly Condition[] {
  return family === wanted ? [] : [{ kind: 'family', family: wanted }];
}
