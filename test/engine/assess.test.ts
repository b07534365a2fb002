import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assess } from '../../src/engine/index.js';
import { type Decision, type Direction, type Effect, layersOf, type Piece, type Way } from '../../src/model/index.js';
import { type Address, AddressSet, formatAddress, PortSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { decide } from './filter-oracle.js';
import { clientPortsOf, inEveryWorld, sureFraction, verdictFor } from './path-oracle.js';
import { directPath, someClients, translatedPath } from './random-path.js';
import { addresses, askedPort, namesIn, ports } from './universe.js';
import { verdictIn } from './verdicts.js';

/** Every address that the path has an answer for, with the answer of the engine and of the oracle where they differ. */
function disagreements(path: Way, allowed: (engine: string, oracle: string) => boolean): string[] {
  const pieces = assess(path, askedPort, AddressSet.all);
  return addresses
    .filter((client) => path.origin.has(client))
    .flatMap((client) => {
      const engine = verdictIn(pieces, client) ?? 'no answer';
      const oracle = verdictFor(path, askedPort, client);
      return allowed(engine, oracle) ? [] : [`${formatAddress(client)}: ${engine}, but it is ${oracle}`];
    });
}

/** What one filter does to one client, on the way back for all ports from which the client sends. */
function effectOn(path: Way, layer: number, direction: Direction, client: Address): Effect {
  const { inbound, returning, port } = layersOf(path)[layer] ?? {};
  const filter = direction === 'inbound' ? inbound : returning;
  const asked = direction === 'inbound' ? [port ?? askedPort] : clientPortsOf(path, client);
  const passes = asked.map((one) =>
    inEveryWorld(
      (guess) => filter === undefined || decide(filter, { address: client, port: one }, guess).action === 'allow',
    ),
  );
  if (passes.includes('unsure')) return 'depends';
  if (!passes.includes('no')) return 'passes';
  return passes.includes('yes') ? 'partly' : 'stops';
}

/** The filters of a path in the order in which a packet and its reply meet them. */
function stations(path: Way): [layer: number, direction: Direction][] {
  const places = [...layersOf(path).entries()];
  const inbound = places.filter(([, layer]) => layer.inbound).map(([at]): [number, Direction] => [at, 'inbound']);
  const back = places.filter(([, layer]) => layer.returning).map(([at]): [number, Direction] => [at, 'returning']);
  return [...inbound, ...back.reverse()];
}

const clientsOf = ({ from }: Piece) => addresses.filter((client) => from.has(client));

const gapsOf = ({ shares }: Decision) =>
  shares.flatMap(({ outcomes }) => outcomes.flatMap(({ gap }) => (gap ? [gap] : [])));

describe('the verdict for each client', () => {
  test('is what every world comes to', () => {
    fc.assert(
      fc.property(directPath, (path) => {
        expect(disagreements(path, (engine, oracle) => engine === oracle)).toEqual([]);
      }),
      runs(250),
    );
  });

  test('is never a false yes, no or partly behind a translation', () => {
    fc.assert(
      fc.property(translatedPath, (path) => {
        expect(disagreements(path, (engine, oracle) => engine === oracle || engine === 'unknown')).toEqual([]);
      }),
      runs(250),
    );
  });

  test('goes with the share of client ports that surely get their replies', () => {
    fc.assert(
      fc.property(directPath, (path) => {
        for (const piece of assess(path, askedPort, AddressSet.all)) {
          const fractions = clientsOf(piece).map((client) => sureFraction(path, client));
          expect(fractions.filter((fraction) => fraction !== piece.clientPortFraction)).toEqual([]);
        }
      }),
      runs(100),
    );
  });
});

describe('the pieces of an answer', () => {
  test.each([
    ['the clients', directPath],
    ['translations', translatedPath],
  ])('are disjoint and together those who were asked about, where layers see %s', (_, paths) => {
    fc.assert(
      fc.property(paths, someClients, (path, asked) => {
        const froms = assess(path, askedPort, asked).map(({ from }) => from);
        froms.forEach((from, i) => {
          expect(from.isEmpty || froms.slice(i + 1).some((later) => later.overlaps(from))).toBe(false);
        });
        expect(AddressSet.unionOf(froms).equals(path.origin.intersect(asked))).toBe(true);
      }),
      runs(200),
    );
  });

  test('are signed by every filter in the order of the packet, each with what it does to every client', () => {
    fc.assert(
      fc.property(directPath, (path) => {
        for (const piece of assess(path, askedPort, AddressSet.all)) {
          expect(piece.decisions.map(({ layer, direction }) => [layer, direction])).toEqual(stations(path));
          for (const { layer, direction, effect } of piece.decisions) {
            const wrong = clientsOf(piece).filter((client) => effectOn(path, layer, direction, client) !== effect);
            expect(wrong).toEqual([]);
          }
        }
      }),
      runs(150),
    );
  });

  test('name each port of the client once on the way back, and a gap for each doubt', () => {
    fc.assert(
      fc.property(directPath, (path) => {
        for (const piece of assess(path, askedPort, AddressSet.all)) {
          for (const decision of piece.decisions) {
            expect(gapsOf(decision).length > 0 || decision.effect !== 'depends').toBe(true);
            if (decision.direction === 'inbound') continue;
            const parts = decision.shares.map((share) => share.ports ?? PortSet.empty);
            const all = parts.reduce((sum, part) => sum.union(part), PortSet.empty);
            expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(all.size);
            const [client] = clientsOf(piece);
            if (client) expect(ports.filter((port) => all.has(port))).toEqual(clientPortsOf(path, client));
          }
        }
      }),
      runs(150),
    );
  });
});

test('nobody who does not come this way is answered', () => {
  fc.assert(
    fc.property(directPath, someClients, (path, asked) => {
      const answered = assess(path, askedPort, asked).flatMap(({ from }) => namesIn(from));
      expect(new Set(answered)).toEqual(new Set(namesIn(path.origin.intersect(asked))));
    }),
    runs(50),
  );
});
