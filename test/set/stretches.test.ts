import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Address, AddressSet, candidatesOf, stretchesOf } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { address } from './slice.js';

const last = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n } as const;

/** Addresses at both ends of a family, enough of them for many stretches. */
const anyAddress: fc.Arbitrary<Address> = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.bigInt({ min: 0n, max: 400n }), fc.boolean())
  .map(([family, step, fromTheEnd]) => address(family, fromTheEnd ? last[family] - step : step));

const anySet = fc.oneof(
  { weight: 30, arbitrary: fc.array(anyAddress, { maxLength: 3 }).map((all) => AddressSet.ofAddresses(all)) },
  fc.constantFrom(AddressSet.all, AddressSet.ipv4, AddressSet.ipv6, AddressSet.of('0.0.0.0/24', '::/120')),
);
const manySets = fc.array(anySet, { minLength: 110, maxLength: 130 });

test('every address is in one stretch, with all sets that hold it', () => {
  fc.assert(
    fc.property(manySets, fc.array(anyAddress, { minLength: 50, maxLength: 50 }), (sets, some) => {
      const stretches = stretchesOf(sets);
      expect(stretches.length).toBeGreaterThan(2);
      expect(AddressSet.unionOf(stretches.map(({ addresses }) => addresses)).equals(AddressSet.all)).toBe(true);
      for (const one of some) {
        const [here, ...others] = stretches.filter(({ addresses }) => addresses.has(one));
        const holders = [...sets.keys()].filter((place) => sets[place]?.has(one));
        expect(others).toEqual([]);
        const places = here?.places ?? [];
        expect(holders.filter((place) => !places.includes(place))).toEqual([]);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
    }),
    runs(50),
  );
});

test('sets that share an address are candidates of each other', () => {
  fc.assert(
    fc.property(manySets, manySets, (left, right) => {
      const candidates = candidatesOf(left, right);
      left.forEach((set, at) => {
        const found = candidates[at] ?? [];
        expect([...right.keys()].filter((place) => right[place]?.overlaps(set) && !found.includes(place))).toEqual([]);
        expect(found).toEqual(found.toSorted((a, b) => a - b));
      });
    }),
    runs(10),
  );
});
