import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assess, stopsEveryone, summarise } from '../../src/engine/index.js';
import type { Path, Verdict } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { verdictFor } from './path-oracle.js';
import { directPath, replyPath, someClients, translatedPath } from './random-path.js';
import { runs } from './runs.js';
import { addresses, askedPort } from './universe.js';

/** Paths of every kind, cut into rows anywhere, or not at all. */
const anyPath: fc.Arbitrary<Path> = fc
  .tuple(fc.oneof(directPath, replyPath, translatedPath), fc.option(fc.array(fc.nat(5), { maxLength: 2 })))
  .map(([path, cuts]) => {
    if (!cuts) return path;
    const places = [0, ...cuts.map((cut) => Math.min(cut, path.layers.length)), path.layers.length].sort(
      (a, b) => a - b,
    );
    return { ...path, segments: places.slice(1).map((end, i) => path.layers.slice(places[i], end)) };
  });

describe('the summary of a path', () => {
  test('says of everyone what the pieces say', () => {
    fc.assert(
      fc.property(anyPath, someClients, (path, asked) => {
        const pieces = assess(path, askedPort, asked);
        const from = (verdict: Verdict) =>
          AddressSet.unionOf(pieces.filter((piece) => piece.verdict === verdict).map((piece) => piece.from)).toString();
        const { reachable, partial, unknown } = summarise(path, askedPort, asked);
        expect([reachable, partial, unknown].map(String)).toEqual([
          from('reachable'),
          from('partial'),
          from('unknown'),
        ]);
      }),
      runs(400),
    );
  });

  test('is the same when a part of it was summed before, for another port and for other clients', () => {
    fc.assert(
      fc.property(anyPath, anyPath, someClients, (path, other, asked) => {
        const { clientPorts } = other;
        const expected = [
          summarise({ ...path, layers: [...path.layers] }, askedPort, asked),
          assess({ ...path, clientPorts }, askedPort + 1, asked),
        ];
        summarise({ ...path, clientPorts }, askedPort, asked);
        summarise(path, askedPort + 1, asked);
        const { reachable } = summarise({ ...path, clientPorts }, askedPort + 1, asked);
        expect(summarise(path, askedPort, asked)).toEqual(expected[0]);
        const open = (expected[1] as ReturnType<typeof assess>).filter(({ verdict }) => verdict === 'reachable');
        expect(reachable.toString()).toBe(AddressSet.unionOf(open.map(({ from }) => from)).toString());
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
        const stopping = path.layers.flatMap((layer, at) => {
          const alone = { ...path, layers: [layer] };
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
          const alone = { ...path, layers: path.layers.slice(at, at + 1) };
          expect(assess(alone, askedPort, from).filter(({ verdict }) => verdict !== 'unreachable')).toEqual([]);
        }
      }),
      runs(100),
    );
  });
});
