import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Address, AddressSet, parseAddress } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { address, allSubsets, firstOf, lastOf, membersOf, runsOf, setOf, slicesOf } from './slice.js';

const parse = (text: string): Address => {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const range = (first: string, last: string) => AddressSet.range(parse(first), parse(last));

describe('every pair of subsets of eight points', () => {
  const points = 8;
  const subsets = allSubsets(points);
  const full = 2 ** points - 1;

  describe.each(slicesOf(points))('$name', (slice) => {
    const sets = subsets.map((members) => setOf(slice, members));
    const pairs = function* () {
      for (const [m, left] of sets.entries()) for (const [n, right] of sets.entries()) yield { m, n, left, right };
    };
    /** The names of all pairs for which `holds` is false; comparing here is a hundred times faster than an expect for each. */
    const broken = (holds: (pair: { m: number; n: number; left: AddressSet; right: AddressSet }) => boolean) => {
      const names: string[] = [];
      for (const pair of pairs()) if (!holds(pair)) names.push(`${pair.m.toString(2)} with ${pair.n.toString(2)}`);
      return names;
    };
    const isSubset = (m: number, result: AddressSet) => sets[m]?.equals(result) === true;

    test('each has its points, runs and size, and no neighbour', () => {
      for (const [m, members] of subsets.entries()) {
        const set = sets[m] ?? AddressSet.empty;
        expect(membersOf(slice, set, points)).toEqual(members);
        expect(set.intervals(slice.family)).toEqual(
          runsOf(members).map(([first, last]) => [firstOf(slice, first), lastOf(slice, last)]),
        );
        expect(set.count(slice.family)).toBe(BigInt(members.filter(Boolean).length) * slice.block);
        expect(set.isEmpty).toBe(m === 0);
        expect(set.first).toEqual(set.intervals(slice.family)[0]?.[0]);
        expect(set.families()).toEqual(m === 0 ? [] : [slice.family]);
        const bits = slice.family === 4 ? 32n : 128n;
        const after = slice.start + BigInt(points) * slice.block;
        if (slice.start > 0n) expect(set.has(address(slice.family, slice.start - 1n))).toBe(false);
        if (after < 1n << bits) expect(set.has(address(slice.family, after))).toBe(false);
      }
    });
    test('equals', () => {
      expect(broken(({ m, n, left, right }) => left.equals(right) === (m === n))).toEqual([]);
    });
    test('union', () => {
      expect(broken(({ m, n, left, right }) => isSubset(m | n, left.union(right)))).toEqual([]);
    });
    test('intersect', () => {
      expect(broken(({ m, n, left, right }) => isSubset(m & n, left.intersect(right)))).toEqual([]);
    });
    test('subtract', () => {
      expect(broken(({ m, n, left, right }) => isSubset(m & ~n & full, left.subtract(right)))).toEqual([]);
    });
    test('overlaps and covers', () => {
      expect(broken(({ m, n, left, right }) => left.overlaps(right) === ((m & n) !== 0))).toEqual([]);
      expect(broken(({ m, n, left, right }) => left.covers(right) === ((m | n) === m))).toEqual([]);
    });
    test('a result that equals an operand is that operand', () => {
      const reused = (result: AddressSet, { left, right }: { left: AddressSet; right: AddressSet }) =>
        (!result.equals(left) && !result.equals(right)) || result === left || result === right;
      expect(broken((pair) => reused(pair.left.union(pair.right), pair))).toEqual([]);
      expect(broken((pair) => reused(pair.left.intersect(pair.right), pair))).toEqual([]);
      expect(broken((pair) => reused(pair.left.subtract(pair.right), pair))).toEqual([]);
    });
  });
});

describe('1024 points', () => {
  const points = 1024;
  const members = fc
    .array(fc.tuple(fc.nat(points - 1), fc.nat(40)), { maxLength: 12 })
    .map((runs) =>
      Array.from({ length: points }, (_, i) => runs.some(([first, length]) => first <= i && i <= first + length)),
    );
  const setOfRuns = (slice: Parameters<typeof firstOf>[0], of: readonly boolean[]) =>
    AddressSet.unionOf(runsOf(of).map(([first, last]) => AddressSet.range(firstOf(slice, first), lastOf(slice, last))));

  test.each(slicesOf(points))('$name: as boolean arrays', (slice) => {
    fc.assert(
      fc.property(members, members, (a, b) => {
        const left = setOfRuns(slice, a);
        const right = setOfRuns(slice, b);
        const expected = (keep: (x: boolean, y: boolean) => boolean) => a.map((x, i) => keep(x, b[i] === true));
        const either = expected((x, y) => x || y);
        expect(membersOf(slice, left.union(right), points)).toEqual(either);
        expect(left.union(right).intervals(slice.family)).toHaveLength(runsOf(either).length);
        expect(membersOf(slice, left.intersect(right), points)).toEqual(expected((x, y) => x && y));
        expect(membersOf(slice, left.subtract(right), points)).toEqual(expected((x, y) => x && !y));
        expect(left.overlaps(right)).toBe(expected((x, y) => x && y).includes(true));
        expect(left.covers(right)).toBe(!expected((x, y) => !x && y).includes(true));
      }),
      runs(20),
    );
  });

  /** Halves the universe until a half is full or empty: the least cover, by definition of a prefix. */
  const coverOf = (of: readonly boolean[], from = 0): [from: number, size: number][] => {
    if (!of.includes(true)) return [];
    if (!of.includes(false)) return [[from, of.length]];
    const half = of.length / 2;
    return [...coverOf(of.slice(0, half), from), ...coverOf(of.slice(half), from + half)];
  };
  const aligned = slicesOf(points).filter((slice) => slice.start % (slice.block * BigInt(points)) === 0n);

  test.each(aligned)('$name: prefixes are the least cover', (slice) => {
    const bits = slice.family === 4 ? 32 : 128;
    fc.assert(
      fc.property(members, (of) => {
        const set = setOfRuns(slice, of);
        const expected = coverOf(of).map(([from, size]) => {
          const addresses = BigInt(size) * slice.block;
          const [text] = AddressSet.single(firstOf(slice, from)).prefixes();
          return text?.replace(/\/.*/, `/${bits - (addresses.toString(2).length - 1)}`);
        });
        expect(set.prefixes()).toEqual(expected);
        expect(AddressSet.of(...set.prefixes()).equals(set)).toBe(true);
      }),
      runs(20),
    );
  });
});

describe('AddressSet', () => {
  test.each([
    [['0.0.0.0/1', '128.0.0.0/1'], '0.0.0.0/0'],
    [['::/1', '8000::/1'], '::/0'],
    [['0.0.0.0/0', '::/0'], '0.0.0.0/0, ::/0'],
    [['2000::/3'], '2000::/3'],
    [['10.0.0.0/8', '10.1.2.3', '10.0.0.0/8'], '10.0.0.0/8'],
    [['10.0.0.1', '10.0.0.0'], '10.0.0.0/31'],
    [['10.0.0.1', '10.0.0.2'], '10.0.0.1/32, 10.0.0.2/32'],
    [['2001:db8::1', '192.0.2.1', '2001:db8::', '192.0.2.0'], '192.0.2.0/31, 2001:db8::/127'],
    [['255.255.255.255', '::'], '255.255.255.255/32, ::/128'],
    [['10.0.0.9/8'], '10.0.0.0/8'],
    [[], 'nothing'],
  ])('%j prints as %s', (prefixes, text) => {
    expect(AddressSet.of(...prefixes).toString()).toBe(text);
  });

  test('an unaligned range takes the prefixes that it must', () => {
    expect(range('192.0.2.1', '192.0.2.6').prefixes()).toEqual([
      '192.0.2.1/32',
      '192.0.2.2/31',
      '192.0.2.4/31',
      '192.0.2.6/32',
    ]);
    expect(range('0.0.0.1', '255.255.255.254').prefixes()).toHaveLength(62);
    expect(range('::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe').prefixes()).toHaveLength(254);
    expect(range('127.255.255.255', '128.0.0.0').prefixes()).toEqual(['127.255.255.255/32', '128.0.0.0/32']);
    expect(range('0.0.0.0', '255.255.255.255').equals(AddressSet.ipv4)).toBe(true);
  });

  test('the global unicast space is an eighth of IPv6', () => {
    const global = AddressSet.of('2000::/3');
    expect(global.count(6)).toBe(2n ** 125n);
    expect(AddressSet.ipv6.subtract(global).prefixes()).toEqual(['::/3', '4000::/2', '8000::/1']);
    expect(global.has(parse('3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'))).toBe(true);
    expect(global.has(parse('4000::'))).toBe(false);
  });

  test('an IPv4-mapped address is IPv6 and no other', () => {
    const mapped = AddressSet.of('::ffff:192.0.2.1');
    expect(mapped.families()).toEqual([6]);
    expect(mapped.overlaps(AddressSet.of('192.0.2.1'))).toBe(false);
    expect(mapped.toString()).toBe('::ffff:192.0.2.1/128');
  });

  test('the last IPv4 and the first IPv6 address do not touch', () => {
    const both = AddressSet.of('255.255.255.255', '::');
    expect(both.intervals(4)).toHaveLength(1);
    expect(both.intervals(6)).toHaveLength(1);
    expect(both.count(4)).toBe(1n);
    expect(both.count(6)).toBe(1n);
  });

  test('constants', () => {
    expect(AddressSet.empty.isEmpty).toBe(true);
    expect(AddressSet.empty.first).toBeUndefined();
    expect(AddressSet.all.equals(AddressSet.ipv4.union(AddressSet.ipv6))).toBe(true);
    expect(AddressSet.all.count(4)).toBe(2n ** 32n);
    expect(AddressSet.all.count(6)).toBe(2n ** 128n);
    expect(AddressSet.all.families()).toEqual([4, 6]);
    expect(AddressSet.all.only(4).equals(AddressSet.ipv4)).toBe(true);
    expect(AddressSet.ipv6.only(6)).toBe(AddressSet.ipv6);
    expect(AddressSet.ipv6.only(4)).toBe(AddressSet.empty);
    expect(AddressSet.of()).toBe(AddressSet.empty);
    expect(AddressSet.unionOf([])).toBe(AddressSet.empty);
    expect(AddressSet.unionOf([AddressSet.ipv4])).toBe(AddressSet.ipv4);
  });

  test('a result whose slices come from both operands is still the operand that it equals', () => {
    const narrow = AddressSet.of('10.0.0.0/8', '2001:db8::/64');
    const wide = AddressSet.of('10.0.0.0/9', '10.128.0.0/9', '2001:db8::/32');
    expect(narrow.union(wide)).toBe(wide);
    expect(wide.union(narrow)).toBe(wide);
    expect(narrow.intersect(wide)).toBe(narrow);
    expect(wide.intersect(narrow)).toBe(narrow);
    expect(narrow.subtract(wide)).toBe(AddressSet.empty);
    expect(narrow.subtract(AddressSet.of('11.0.0.0/8'))).toBe(narrow);
  });

  test('an operation leaves its operands as they were', () => {
    const left = AddressSet.of('10.0.0.0/8', '2001:db8::/32');
    const right = AddressSet.of('10.1.0.0/16', '192.0.2.0/24', '2001:db8:1::/48');
    left.union(right).subtract(left.intersect(right));
    AddressSet.unionOf([right, left]);
    expect(left.toString()).toBe('10.0.0.0/8, 2001:db8::/32');
    expect(right.toString()).toBe('10.1.0.0/16, 192.0.2.0/24, 2001:db8:1::/48');
  });

  test('text that is no prefix is named in the error', () => {
    expect(() => AddressSet.of('10.0.0.0/8', '10.0.0/8')).toThrow(
      new Error('"10.0.0/8" is no prefix: write 192.0.2.0/24 or 2001:db8::/32'),
    );
    expect(() => AddressSet.of('\u001b[31m')).toThrow('"\\u001b[31m" is no prefix');
  });

  test('a range out of order or across families is refused', () => {
    expect(() => range('10.0.0.2', '10.0.0.1')).toThrow(
      new RangeError(
        '10.0.0.2-10.0.0.1 is no range of addresses: give two addresses of one family, the lower one first',
      ),
    );
    expect(() => range('::2', '::1')).toThrow(RangeError);
    expect(() => range('0.0.0.1', '::2')).toThrow(RangeError);
    expect(() => range('::1', '0.0.0.2')).toThrow(RangeError);
  });
});
