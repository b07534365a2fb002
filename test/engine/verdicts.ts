import { assess } from '../../src/engine/index.js';
import type { Piece, Verdict, Way } from '../../src/model/index.js';
import { type Address, AddressSet, formatAddress } from '../../src/set/index.js';
import { addresses, askedPort } from './universe.js';

/** From the least to the most that gets through. */
export const ranks: readonly Verdict[] = ['unreachable', 'unknown', 'partial', 'reachable'];

export function verdictIn(pieces: readonly Piece[], client: Address): Verdict | undefined {
  return pieces.find((piece) => piece.from.has(client))?.verdict;
}

/** The verdict for every address of the universe that uses the path, by address. */
export function verdictsOf(path: Way, port = askedPort): ReadonlyMap<string, Verdict> {
  const pieces = assess(path, port, AddressSet.all);
  const verdicts = new Map<string, Verdict>();
  for (const client of addresses) {
    const verdict = verdictIn(pieces, client);
    if (verdict !== undefined) verdicts.set(formatAddress(client), verdict);
  }
  return verdicts;
}

/** The addresses whose verdict changed in a way that is not allowed. */
export function wrongly(
  before: ReadonlyMap<string, Verdict>,
  after: ReadonlyMap<string, Verdict>,
  allowed: (before: Verdict, after: Verdict) => boolean,
): string[] {
  return [...before].flatMap(([client, was]) => {
    const is = after.get(client);
    return is !== undefined && allowed(was, is) ? [] : [`${client}: ${was}, then ${is}`];
  });
}
