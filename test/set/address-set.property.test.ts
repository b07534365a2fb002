import { describe, expect, test } from '@jest/globals';
import { excludeCidr, mergeCidr } from 'cidr-tools';
import fc from 'fast-check';
import { AddressSet, type Family, formatPrefix, parsePrefix } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { address } from './slice.js';

/** Addresses that often meet: near the ends and the seams, or anywhere. */
function valueIn(family: Family): fc.Arbitrary<bigint> {
  const end = family === 4 ? 1n << 32n : 1n << 128n;
  const near = fc.tuple(fc.constantFrom(4n, end / 2n, end / 2n + 64n, end - 4n), fc.bigInt({ min: -4n, max: 3n }));
  return fc.oneof(
    near.map(([seam, step]) => seam + step),
    fc.bigInt({ min: 0n, max: end - 1n }),
  );
}

function rangesIn(family: Family): fc.Arbitrary<AddressSet[]> {
  const value = valueIn(family);
  const range = fc.tuple(value, value).map(([a, b]) => {
    const [first, last] = a < b ? [a, b] : [b, a];
    return AddressSet.range(address(family, first), address(family, last));
  });
  return fc.array(range, { maxLength: 5 });
}

const ranges = fc.tuple(rangesIn(4), rangesIn(6)).map((both) => both.flat());
const anySet = ranges.map((sets) => AddressSet.unionOf(sets));
const anyAddress = fc.oneof(
  valueIn(4).map((value) => address(4, value)),
  valueIn(6).map((value) => address(6, value)),
);

/** Lengths that let prefixes nest, touch and merge. */
const prefixText = fc.oneof(
  fc.tuple(valueIn(4), fc.nat(32)).map(([value, length]) => ({ network: address(4, value), length })),
  fc.tuple(valueIn(6), fc.nat(128)).map(([value, length]) => ({ network: address(6, value), length })),
);
const prefixTexts = fc.array(
  prefixText.map((prefix) => {
    const masked = parsePrefix(formatPrefix(prefix));
    if (masked === undefined) throw new Error(formatPrefix(prefix));
    return formatPrefix(masked);
  }),
  { maxLength: 20 },
);

const complement = (set: AddressSet) => AddressSet.all.subtract(set);

describe('laws', () => {
  test('membership is what the operation says', () => {
    fc.assert(
      fc.property(anySet, anySet, anyAddress, (a, b, x) => {
        expect(a.union(b).has(x)).toBe(a.has(x) || b.has(x));
        expect(a.intersect(b).has(x)).toBe(a.has(x) && b.has(x));
        expect(a.subtract(b).has(x)).toBe(a.has(x) && !b.has(x));
        expect(a.covers(AddressSet.single(x))).toBe(a.has(x));
        expect(a.overlaps(AddressSet.single(x))).toBe(a.has(x));
      }),
      runs(1000),
    );
  });

  test('De Morgan, distribution, absorption', () => {
    fc.assert(
      fc.property(anySet, anySet, anySet, (a, b, c) => {
        expect(complement(a.union(b)).equals(complement(a).intersect(complement(b)))).toBe(true);
        expect(complement(a.intersect(b)).equals(complement(a).union(complement(b)))).toBe(true);
        expect(a.intersect(b.union(c)).equals(a.intersect(b).union(a.intersect(c)))).toBe(true);
        expect(a.subtract(b).equals(a.intersect(complement(b)))).toBe(true);
        expect(a.union(a.intersect(b))).toBe(a);
        expect(a.intersect(a.union(b))).toBe(a);
        expect(complement(complement(a)).equals(a)).toBe(true);
      }),
      runs(500),
    );
  });

  test('the tests agree with the operations', () => {
    fc.assert(
      fc.property(anySet, anySet, (a, b) => {
        expect(a.overlaps(b)).toBe(!a.intersect(b).isEmpty);
        expect(a.covers(b)).toBe(a.union(b) === a);
        expect(a.covers(b)).toBe(b.subtract(a).isEmpty);
        expect(a.equals(b)).toBe(a.covers(b) && b.covers(a));
        for (const family of [4, 6] as const) {
          expect(a.union(b).count(family) + a.intersect(b).count(family)).toBe(a.count(family) + b.count(family));
          expect(a.only(family).count(family)).toBe(a.count(family));
        }
        expect(a.only(4).union(a.only(6)).equals(a)).toBe(true);
      }),
      runs(500),
    );
  });

  test('a union of many is the union of one after the other', () => {
    fc.assert(
      fc.property(ranges, (sets) => {
        const oneByOne = sets.reduce((union, set) => union.union(set), AddressSet.empty);
        expect(AddressSet.unionOf(sets).equals(oneByOne)).toBe(true);
        expect(AddressSet.unionOf([...sets].reverse()).toString()).toBe(oneByOne.toString());
      }),
      runs(100),
    );
  });

  test('runs are ascending and never touch', () => {
    fc.assert(
      fc.property(anySet, anySet, (a, b) => {
        for (const set of [a.union(b), a.intersect(b), a.subtract(b)]) {
          for (const family of [4, 6] as const) {
            const points = set
              .intervals(family)
              .flatMap(([first, last]) => [BigInt(first.value), BigInt(last.value) + 1n]);
            expect(points.every((point, i) => i === 0 || (points[i - 1] ?? 0n) < point)).toBe(true);
          }
        }
      }),
      runs(100),
    );
  });
});

describe('prefixes', () => {
  test('hold the set exactly, once, and no two make a wider one', () => {
    fc.assert(
      fc.property(anySet, (set) => {
        const prefixes = set.prefixes();
        expect(AddressSet.of(...prefixes).equals(set)).toBe(true);
        const sizes = prefixes.map((text) => AddressSet.of(text));
        for (const family of [4, 6] as const) {
          expect(sizes.reduce((sum, prefix) => sum + prefix.count(family), 0n)).toBe(set.count(family));
        }
        const parents = prefixes.filter((text) => !text.endsWith('/0')).map((text) => widen(text));
        expect(parents.filter((parent) => set.covers(AddressSet.of(parent)))).toEqual([]);
      }),
      runs(100),
    );
  });

  test('agree with cidr-tools', () => {
    fc.assert(
      fc.property(prefixTexts, prefixTexts, (a, b) => {
        const left = AddressSet.of(...a);
        const right = AddressSet.of(...b);
        expect(left.prefixes().sort()).toEqual(canonical(mergeCidr(a)));
        expect(left.union(right).prefixes().sort()).toEqual(canonical(mergeCidr([...a, ...b])));
        expect(left.subtract(right).prefixes().sort()).toEqual(canonical(excludeCidr(a, b)));
        expect(left.intersect(right).prefixes().sort()).toEqual(canonical(excludeCidr(a, excludeCidr(a, b))));
      }),
      runs(300),
    );
  });
});

/** The prefix that is one bit shorter. */
function widen(text: string): string {
  const [network = '', length = ''] = text.split('/');
  return `${network}/${Number(length) - 1}`;
}

/** cidr-tools writes `::ffff:a00:0` and may leave out the length. */
function canonical(texts: readonly string[]): string[] {
  return texts.map((text) => AddressSet.of(text).toString()).sort();
}
