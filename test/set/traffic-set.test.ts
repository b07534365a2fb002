import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Address, AddressSet, PortSet, parseAddress, TrafficSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { allSubsets } from './slice.js';

/** A small universe: some addresses and ports whose every pair is a member or not. */
interface Universe {
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
}

/** Pair p is the address at place p / ports and the port at place p % ports. */
const pairAt = ({ addresses, ports }: Universe, pair: number) => ({
  address: addresses[Math.floor(pair / ports.length)] ?? '',
  port: ports[pair % ports.length] ?? 0,
});

/** The set of all member pairs, built pair by pair. */
function setOf(universe: Universe, members: readonly boolean[]): TrafficSet {
  return TrafficSet.unionOf(
    members.flatMap((member, pair) => {
      const { address, port } = pairAt(universe, pair);
      return member ? [TrafficSet.of(AddressSet.of(address), PortSet.single(port))] : [];
    }),
  );
}

function membersOf(universe: Universe, set: TrafficSet): boolean[] {
  return Array.from({ length: universe.addresses.length * universe.ports.length }, (_, pair) => {
    const { address, port } = pairAt(universe, pair);
    return set.has(parse(address), port);
  });
}

/** How many pairs the blocks hold; more than members when blocks overlap or a pair outside the universe came in. */
function sizeOf(set: TrafficSet): bigint {
  return set.blocks.reduce(
    (sum, { addresses, ports }) => sum + (addresses.count(4) + addresses.count(6)) * BigInt(ports.size),
    0n,
  );
}

function parse(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(text);
  return address;
}

function print(set: TrafficSet): string {
  return set.blocks.map(({ addresses, ports }) => `${addresses} on ${ports}`).join('; ');
}

function expectCanonical(set: TrafficSet): void {
  const printed = set.blocks.map(({ ports }) => ports.toString());
  expect(new Set(printed).size).toBe(printed.length);
  for (const [i, block] of set.blocks.entries()) {
    expect(block.addresses.isEmpty || block.ports.isEmpty).toBe(false);
    for (const later of set.blocks.slice(i + 1)) {
      expect(block.addresses.overlaps(later.addresses)).toBe(false);
      const first = AddressSet.single(block.addresses.first ?? parse('::'));
      expect(first.union(later.addresses).first).toEqual(block.addresses.first);
    }
  }
}

const traffic = (addresses: string[], ...ports: string[]) =>
  TrafficSet.of(AddressSet.of(...addresses), PortSet.of(...ports));

describe('every pair of subsets of four addresses on two ports', () => {
  const universe = { addresses: ['0.0.0.0', '255.255.255.255', '::', '::1'], ports: [0, 65_535] };
  const pairs = universe.addresses.length * universe.ports.length;
  const subsets = allSubsets(pairs);
  const sets = subsets.map((members) => setOf(universe, members));
  const full = 2 ** pairs - 1;
  const broken = (holds: (m: number, n: number, left: TrafficSet, right: TrafficSet) => boolean) => {
    const names: string[] = [];
    for (const [m, left] of sets.entries()) {
      for (const [n, right] of sets.entries()) {
        if (!holds(m, n, left, right)) names.push(`${m.toString(2)} with ${n.toString(2)}`);
      }
    }
    return names;
  };
  const isSubset = (m: number, result: TrafficSet) => sets[m]?.equals(result) === true;

  test('each has its pairs and is canonical', () => {
    for (const [m, members] of subsets.entries()) {
      const set = sets[m] ?? TrafficSet.empty;
      expect(membersOf(universe, set)).toEqual(members);
      expect(sizeOf(set)).toBe(BigInt(members.filter(Boolean).length));
      expect(set.isEmpty).toBe(m === 0);
      expectCanonical(set);
    }
  });
  test('equals', () => {
    expect(broken((m, n, left, right) => left.equals(right) === (m === n))).toEqual([]);
  });
  test('union', () => {
    expect(broken((m, n, left, right) => isSubset(m | n, left.union(right)))).toEqual([]);
  });
  test('intersect', () => {
    expect(broken((m, n, left, right) => isSubset(m & n, left.intersect(right)))).toEqual([]);
  });
  test('subtract', () => {
    expect(broken((m, n, left, right) => isSubset(m & ~n & full, left.subtract(right)))).toEqual([]);
  });
  test('overlaps and covers', () => {
    expect(broken((m, n, left, right) => left.overlaps(right) === ((m & n) !== 0))).toEqual([]);
    expect(broken((m, n, left, right) => left.covers(right) === ((m | n) === m))).toEqual([]);
  });
  test('a result that equals an operand is that operand', () => {
    const reused = (result: TrafficSet, left: TrafficSet, right: TrafficSet) =>
      (!result.equals(left) && !result.equals(right)) || result === left || result === right;
    expect(broken((_m, _n, left, right) => reused(left.intersect(right), left, right))).toEqual([]);
    expect(broken((_m, _n, left, right) => reused(left.subtract(right), left, right))).toEqual([]);
  });
});

describe('random subsets of six addresses on five ports', () => {
  const universe = {
    addresses: ['10.0.0.0', '10.0.0.1', '10.0.0.9', '255.255.255.255', '::', '2001:db8::'],
    ports: [0, 22, 23, 1024, 65_535],
  };
  const pairs = universe.addresses.length * universe.ports.length;
  const anyMembers = fc.array(fc.boolean(), { minLength: pairs, maxLength: pairs });
  const where = (keep: (pair: number) => boolean) => Array.from({ length: pairs }, (_, pair) => keep(pair));

  test('as boolean arrays', () => {
    fc.assert(
      fc.property(anyMembers, anyMembers, (a, b) => {
        const left = setOf(universe, a);
        const right = setOf(universe, b);
        const expected = [
          { result: left.union(right), members: where((i) => a[i] === true || b[i] === true) },
          { result: left.intersect(right), members: where((i) => a[i] === true && b[i] === true) },
          { result: left.subtract(right), members: where((i) => a[i] === true && b[i] === false) },
        ];
        for (const { result, members } of expected) {
          expect(membersOf(universe, result)).toEqual(members);
          expect(sizeOf(result)).toBe(BigInt(members.filter(Boolean).length));
          expect(result.equals(setOf(universe, members))).toBe(true);
          expect(print(result)).toBe(print(setOf(universe, members)));
          expectCanonical(result);
        }
        expect(left.union(right).union(left)).toEqual(left.union(right));
        expect(TrafficSet.unionOf([left, right, left]).equals(left.union(right))).toBe(true);
      }),
      runs(100),
    );
  });

  test('by address and by port', () => {
    const someAddresses = fc.subarray(universe.addresses);
    const somePorts = fc.subarray(universe.ports);
    fc.assert(
      fc.property(anyMembers, someAddresses, somePorts, (members, addresses, ports) => {
        const set = setOf(universe, members);
        const chosen = AddressSet.of(...addresses);
        const asked = PortSet.of(...ports.map(String));
        const restricted = set.where(chosen);
        expect(restricted.equals(set.intersect(TrafficSet.of(chosen, PortSet.all)))).toBe(true);
        expect(restricted === set).toBe(restricted.equals(set));
        expectCanonical(restricted);
        for (const [i, text] of universe.addresses.entries()) {
          const of = (port: number) => members[i * universe.ports.length + universe.ports.indexOf(port)] === true;
          expect(set.addresses().has(parse(text))).toBe(universe.ports.some(of));
          expect(set.addressesWithAll(asked).has(parse(text))).toBe(ports.every(of));
        }
      }),
      runs(200),
    );
  });
});

describe('TrafficSet', () => {
  test('splits addresses by what is open to them', () => {
    const set = traffic(['10.0.0.0/8'], '22').union(traffic(['10.128.0.0/9', '::/0'], '443'));
    expect(print(set)).toBe('10.0.0.0/9 on 22; 10.128.0.0/9 on 22, 443; ::/0 on 443');
    expect(set.addresses().toString()).toBe('10.0.0.0/8, ::/0');
    expect(set.addressesWithAll(PortSet.of('22')).toString()).toBe('10.0.0.0/8');
    expect(set.addressesWithAll(PortSet.of('22', '443')).toString()).toBe('10.128.0.0/9');
    expect(set.addressesWithAll(PortSet.of('22', '80'))).toBe(AddressSet.empty);
  });

  test('joins what was split when the ports become the same again', () => {
    const ssh = traffic(['10.0.0.0/8'], '22');
    const https = traffic(['10.1.0.0/16'], '443');
    expect(print(ssh.union(https).subtract(https))).toBe('10.0.0.0/8 on 22');
    expect(ssh.union(https).subtract(https).equals(ssh)).toBe(true);
  });

  test('puts the block with the lowest address that is left first', () => {
    const set = traffic(['10.0.0.1', '10.0.0.9'], '22').union(traffic(['10.0.0.5'], '443'));
    expect(print(set)).toBe('10.0.0.1/32, 10.0.0.9/32 on 22; 10.0.0.5/32 on 443');
    expect(print(set.where(AddressSet.of('10.0.0.4/30', '10.0.0.8/29')))).toBe('10.0.0.5/32 on 443; 10.0.0.9/32 on 22');
  });

  test('is empty without addresses or without ports', () => {
    expect(TrafficSet.of(AddressSet.empty, PortSet.all)).toBe(TrafficSet.empty);
    expect(TrafficSet.of(AddressSet.all, PortSet.empty)).toBe(TrafficSet.empty);
    expect(TrafficSet.unionOf([])).toBe(TrafficSet.empty);
    expect(TrafficSet.empty.addresses()).toBe(AddressSet.empty);
    expect(traffic(['10.0.0.0/8'], '22').subtract(TrafficSet.of(AddressSet.all, PortSet.all))).toBe(TrafficSet.empty);
  });

  test('every address has all of no ports', () => {
    expect(TrafficSet.empty.addressesWithAll(PortSet.empty)).toBe(AddressSet.all);
  });

  test('a union of one set is that set', () => {
    const set = traffic(['10.0.0.0/8'], '22');
    expect(TrafficSet.unionOf([set, set])).toBe(set);
  });
});
