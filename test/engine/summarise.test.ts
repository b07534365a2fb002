import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assess, stopsEveryone, summarise } from '../../src/engine/index.js';
import { layersOf, type Way } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { verdictFor } from './path-oracle.js';
import { directPath, replyPath, someClients, translatedPath } from './random-path.js';
import { addresses, askedPort } from './universe.js';

const summarised = ['reachable', 'partial', 'unknown'] as const;

/** Paths of every kind, cut into rows anywhere, or not at all. */
const anyPath: fc.Arbitrary<Way> = fc
  .tuple(fc.oneof(directPath, replyPath, translatedPath), fc.option(fc.array(fc.nat(5), { maxLength: 2 })))
  .map(([path, cuts]) => {
    if (!cuts) return path;
    const places = [0, ...cuts.map((cut) => Math.min(cut, layersOf(path).length)), layersOf(path).length].sort(
      (a, b) => a - b,
    );
    return { ...path, rows: places.slice(1).map((end, i) => layersOf(path).slice(places[i], end)) };
  });

/** What the pieces say, as a summary says it. */
function fromPieces(path: Way, port: number, asked: AddressSet): string[] {
  const pieces = assess(path, port, asked);
  return summarised.map((verdict) =>
    AddressSet.unionOf(pieces.filter((piece) => piece.verdict === verdict).map((piece) => piece.from)).toString(),
  );
}

const fromSummary = (path: Way, port: number, asked: AddressSet) => {
  const summary = summarise(path, port, asked);
  return summarised.map((verdict) => summary[verdict].toString());
};

describe('the summary of a path', () => {
  test('says of everyone what the pieces say', () => {
    fc.assert(
      fc.property(anyPath, someClients, (path, asked) => {
        expect(fromSummary(path, askedPort, asked)).toEqual(fromPieces(path, askedPort, asked));
      }),
      runs(500),
    );
  });

  test('does not mix up ports and clients where rows are shared', () => {
    fc.assert(
      fc.property(anyPath, anyPath, someClients, (path, { clientPorts }, asked) => {
        for (const sharing of [path, { ...path, clientPorts }]) {
          for (const port of [askedPort, askedPort + 1, askedPort]) {
            expect(fromSummary(sharing, port, asked)).toEqual(fromPieces(sharing, port, asked));
          }
        }
      }),
      runs(100),
    );
  });
});

describe('the layers that stop everyone', () => {
  test('are those that stop each client in every world, each by itself', () => {
    fc.assert(
      fc.property(directPath, (path) => {
        const asked = addresses.filter((client) => path.origin.has(client));
        const stopping = layersOf(path).flatMap((layer, at) => {
          const alone = { ...path, rows: [[layer]] };
          return asked.every((client) => verdictFor(alone, askedPort, client) === 'unreachable') ? [at] : [];
        });
        const from = AddressSet.unionOf(asked.map((client) => AddressSet.single(client)));
        expect([...stopsEveryone(path, askedPort, from)]).toEqual(stopping);
      }),
      runs(150),
    );
  });

  test('let nobody through behind a translation', () => {
    fc.assert(
      fc.property(translatedPath, (path) => {
        const from = path.origin;
        for (const at of stopsEveryone(path, askedPort, from)) {
          const alone = { ...path, rows: [layersOf(path).slice(at, at + 1)] };
          expect(assess(alone, askedPort, from).filter(({ verdict }) => verdict !== 'unreachable')).toEqual([]);
        }
      }),
      runs(100),
    );
  });
});
