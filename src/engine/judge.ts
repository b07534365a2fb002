import type { Piece, Verdict } from '../model/index.js';
import { AddressSet } from '../set/index.js';

/** Who is asked about. */
export interface Asked {
  readonly addresses: AddressSet;
  /** `all`: every address is a client of its own. `one`: a single client that can use any of them, so the best one counts. */
  readonly choice: 'all' | 'one';
}

/** The roll-up over every path: three disjoint sets; the rest of the asked addresses is stopped for certain. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reachable: AddressSet;
  readonly partial: AddressSet;
  readonly unknown: AddressSet;
}

function fromWith(pieces: readonly Piece[], verdict: Verdict): AddressSet {
  return AddressSet.unionOf(pieces.filter((piece) => piece.verdict === verdict).map((piece) => piece.from));
}

/**
 * Rolls the pieces of several paths up into one answer. For one client several paths are alternatives and the best counts:
 * reachable, then partial, then unknown. Different clients that fare differently give `partial` when some get through,
 * else `unknown` when some may.
 */
export function judge(asked: Asked, pieces: readonly Piece[]): Judgement {
  const reachable = fromWith(pieces, 'reachable');
  const partial = fromWith(pieces, 'partial').subtract(reachable);
  const unknown = fromWith(pieces, 'unknown').subtract(reachable).subtract(partial);
  let verdict: Verdict = 'unreachable';
  if (asked.choice === 'one' ? !reachable.isEmpty : !asked.addresses.isEmpty && reachable.covers(asked.addresses)) {
    verdict = 'reachable';
  } else if (!partial.isEmpty || !reachable.isEmpty) verdict = 'partial';
  else if (!unknown.isEmpty) verdict = 'unknown';
  return { verdict, reachable, partial, unknown };
}
