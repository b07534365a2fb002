import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Address, AddressPartition, AddressSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { address } from './slice.js';

const last = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n } as const;

/** Addresses at both ends of a family, where they often meet. */
const anyAddress: fc.Arbitrary<Address> = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.bigInt({ min: 0n, max: 12n }), fc.boolean())
  .map(([family, step, fromTheEnd]) => address(family, fromTheEnd ? last[family] - step : step));

const anySet = fc.array(anyAddress, { maxLength: 6 }).map((all) => AddressSet.ofAddresses(all));

test('addresses of one cell are in the same sets, and the neighbours of a cut are in different cells', () => {
  fc.assert(
    fc.property(fc.array(anySet, { maxLength: 5 }), anyAddress, anyAddress, (sets, a, b) => {
      const partition = AddressPartition.by(sets);
      const told = sets.some((set) => set.has(a) !== set.has(b));
      if (a.family === b.family && told) expect(partition.cellOf(a)).not.toBe(partition.cellOf(b));
    }),
    runs(1000),
  );
});

test('what no set tells apart, and nothing between, is one cell', () => {
  const partition = AddressPartition.by([
    AddressSet.of('10.0.1.0/24', '2001:db8::/64'),
    AddressSet.of('10.0.1.128/25'),
  ]);
  const cell = (text: string) => partition.cellOf(AddressSet.of(text).first as Address);
  expect(cell('10.0.1.1')).toBe(cell('10.0.1.127'));
  expect(cell('10.0.1.127')).not.toBe(cell('10.0.1.128'));
  expect(cell('10.0.0.255')).not.toBe(cell('10.0.1.0'));
  expect(cell('2001:db8::1')).toBe(cell('2001:db8::ffff'));
  expect(cell('2001:db8::1')).not.toBe(cell('2001:db8:0:1::'));
});

test('a set of addresses holds these, and is single when it is one', () => {
  fc.assert(
    fc.property(fc.array(anyAddress, { maxLength: 6 }), anyAddress, (all, other) => {
      const set = AddressSet.ofAddresses(all);
      const texts = (addresses: readonly Address[]) => addresses.map(({ family, value }) => `${family} ${value}`);
      const held = new Set(texts(all));
      expect(set.has(other)).toBe(texts([other]).every((text) => held.has(text)));
      expect(set.equals(AddressSet.unionOf(all.map((one) => AddressSet.single(one))))).toBe(true);
      expect(set.isSingle).toBe(held.size === 1);
    }),
    runs(1000),
  );
});
