import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Asked, judge } from '../../src/engine/index.js';
import type { Piece, Verdict } from '../../src/model/index.js';
import { type Address, AddressSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { addressSet } from './random-filter.js';
import { addresses, everyAddress } from './universe.js';

/** From the best to the worst, as one and the same source takes its choice. */
const order: readonly Verdict[] = ['reachable', 'partial', 'unknown', 'unreachable'];

/** Pieces of several paths: those of one path would be disjoint, those of several overlap. */
const pieces = fc.array(
  fc.record({
    from: addressSet.map((set) => set.intersect(everyAddress)),
    verdict: fc.constantFrom(...order),
    clientPortFraction: fc.constant(1),
    decisions: fc.constant([]),
  }),
  { maxLength: 6 },
);

const asked: fc.Arbitrary<Asked> = fc.record({
  addresses: fc.oneof(
    fc.constant(everyAddress),
    addressSet.map((set) => set.intersect(everyAddress)),
  ),
  choice: fc.constantFrom('all', 'one'),
});

/** Only what was asked about is answered. */
const within = (question: Asked, all: readonly Piece[]) =>
  all.map((piece) => ({ ...piece, from: piece.from.intersect(question.addresses) }));

/** The best of the paths that the client can take. */
function bestFor(client: Address, all: readonly Piece[]): Verdict {
  const own = all.filter((piece) => piece.from.has(client)).map((piece) => piece.verdict);
  return order.find((verdict) => own.includes(verdict)) ?? 'unreachable';
}

/** The roll-up of the contract, section 4. */
function verdictOf({ choice }: Asked, bests: readonly Verdict[]): Verdict {
  if (choice === 'one') return order.find((verdict) => bests.includes(verdict)) ?? 'unreachable';
  if (bests.length > 0 && bests.every((best) => best === 'reachable')) return 'reachable';
  if (bests.includes('reachable') || bests.includes('partial')) return 'partial';
  return bests.includes('unknown') ? 'unknown' : 'unreachable';
}

describe('several paths together', () => {
  test('give each client the best of them', () => {
    fc.assert(
      fc.property(asked, pieces, (question, all) => {
        const { reachable, partial, unknown } = judge(question, within(question, all));
        const sets: readonly [Verdict, AddressSet][] = [
          ['reachable', reachable],
          ['partial', partial],
          ['unknown', unknown],
        ];
        for (const client of addresses) {
          const best = question.addresses.has(client) ? bestFor(client, all) : 'unreachable';
          const judged = sets.filter(([, set]) => set.has(client)).map(([verdict]) => verdict);
          expect(judged).toEqual(best === 'unreachable' ? [] : [best]);
        }
      }),
      runs(300),
    );
  });

  test('give one verdict as the contract rolls it up', () => {
    fc.assert(
      fc.property(asked, pieces, (question, all) => {
        const clients = addresses.filter((client) => question.addresses.has(client));
        const bests = clients.map((client) => bestFor(client, all));
        expect(judge(question, within(question, all)).verdict).toBe(verdictOf(question, bests));
      }),
      runs(500),
    );
  });

  test('do not depend on the order of the pieces', () => {
    fc.assert(
      fc.property(asked, pieces, (question, all) => {
        const own = within(question, all);
        expect(judge(question, [...own].reverse())).toEqual(judge(question, own));
      }),
      runs(100),
    );
  });

  test('are unreachable where nobody is asked about', () => {
    for (const choice of ['all', 'one'] as const) {
      expect(judge({ addresses: AddressSet.empty, choice }, []).verdict).toBe('unreachable');
    }
  });
});
