import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstMatch, type Share } from '../../src/engine/index.js';
import type { Filter, Gap } from '../../src/model/index.js';
import { AddressSet, PortSet, TrafficSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { everyWorld } from './every-world.js';
import { decide, type Packet, type Ruling } from './filter-oracle.js';
import { addressSet, filter, longFilter, portSet } from './random-filter.js';
import { addresses, ports } from './universe.js';

const everything = TrafficSet.of(AddressSet.all, PortSet.all);

const traffic = fc
  .array(fc.tuple(addressSet, portSet), { minLength: 1, maxLength: 2 })
  .map((blocks) => TrafficSet.unionOf(blocks.map(([far, near]) => TrafficSet.of(far, near))));

const packets: readonly Packet[] = addresses.flatMap((address) => ports.map((port) => ({ address, port })));

/** What may happen to a packet, and the gaps of everything that had to be guessed for it. */
function possible(one: Filter, packet: Packet): { readonly rulings: readonly Ruling[]; readonly gaps: Set<Gap> } {
  const gaps = new Set<Gap>();
  const worlds = everyWorld((guess) =>
    decide(one, packet, (unsure, about) => {
      if (unsure.gap) gaps.add(unsure.gap);
      return guess(unsure, about);
    }),
  );
  return { rulings: [...worlds], gaps };
}

function sharesOf(shares: readonly Share[], { address, port }: Packet): readonly Share[] {
  return shares.filter((share) => share.traffic.has(address, port));
}

function covers<T>(set: Iterable<T>, part: Iterable<T>): boolean {
  const all = new Set(set);
  return [...part].every((item) => all.has(item));
}

function same<T>(a: Iterable<T>, b: Iterable<T>): boolean {
  return covers(a, b) && covers(b, a);
}

const actions = (rulings: readonly Pick<Ruling, 'action'>[]) => rulings.map(({ action }) => action);
const rules = (rulings: readonly Pick<Ruling, 'rule'>[]) => rulings.map(({ rule }) => rule);

describe('what a filter may do', () => {
  test('is what it does in some world, signed by the rules that do it', () => {
    fc.assert(
      fc.property(filter, (one) => {
        const shares = firstMatch(one, everything);
        const wrong = packets.filter((packet) => {
          const outcomes = sharesOf(shares, packet).flatMap((share) => share.outcomes);
          const { rulings } = possible(one, packet);
          return !same(actions(outcomes), actions(rulings)) || !same(rules(outcomes), rules(rulings));
        });
        expect(wrong).toEqual([]);
      }),
      runs(200),
    );
  });

  test('is the same for a list of very many rules, told in the order of the rules', () => {
    fc.assert(
      fc.property(longFilter, (one) => {
        const shares = firstMatch(one, everything);
        const wrong = packets.filter((packet) => {
          const met = sharesOf(shares, packet);
          const { rulings } = possible(one, packet);
          const outcomes = met.flatMap((share) => share.outcomes);
          return met.length !== 1 || !same(rules(outcomes), rules(rulings));
        });
        expect(wrong).toEqual([]);
        const last = shares.map(({ outcomes }) => outcomes.at(-1)?.rule ?? null);
        const places = last.map((rule) => (rule ? one.rules.indexOf(rule) : one.rules.length));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
      runs(100),
    );
  });

  test('says which unknown fact leaves it open, and none where it is sure', () => {
    fc.assert(
      fc.property(filter, (one) => {
        const shares = firstMatch(one, everything);
        const wrong = packets.filter((packet) => {
          const outcomes = sharesOf(shares, packet).flatMap((share) => share.outcomes);
          const named = outcomes.flatMap(({ gap }) => (gap ? [gap] : []));
          return !covers(possible(one, packet).gaps, named) || named.length > 0 !== outcomes.length > 1;
        });
        expect(wrong).toEqual([]);
      }),
      runs(100),
    );
  });

  test('leaves out no world where one filter stands in two places', () => {
    fc.assert(
      fc.property(filter, filter, fc.constantFrom('all', 'first'), (twice, other, kind) => {
        const of = [twice, other, twice];
        const one: Filter =
          kind === 'all'
            ? { kind, of }
            : { kind: 'first', of, otherwise: { kind: 'rules', rules: [], otherwise: 'drop' } };
        const shares = firstMatch(one, everything);
        const wrong = packets.filter((packet) => {
          const outcomes = sharesOf(shares, packet).flatMap((share) => share.outcomes);
          return !covers(actions(outcomes), actions(possible(one, packet).rulings));
        });
        expect(wrong).toEqual([]);
      }),
      runs(50),
    );
  });

  test('is told in disjoint shares that are together what was asked', () => {
    fc.assert(
      fc.property(filter, traffic, (one, asked) => {
        const shares = firstMatch(one, asked);
        shares.forEach(({ traffic: own }, i) => {
          expect(own.isEmpty || shares.slice(i + 1).some((later) => later.traffic.overlaps(own))).toBe(false);
        });
        expect(TrafficSet.unionOf(shares.map((share) => share.traffic)).equals(asked)).toBe(true);
        const wrong = packets.filter(
          (packet) => sharesOf(shares, packet).length !== (asked.has(packet.address, packet.port) ? 1 : 0),
        );
        expect(wrong).toEqual([]);
      }),
      runs(200),
    );
  });
});
