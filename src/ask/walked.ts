import { layersOf, type Path, type Piece, type Verdict } from '../model/index.js';

/** A walked path. */
export interface Walked {
  readonly path: Path;
  readonly piece: Piece;
}

const order: Readonly<Record<Verdict, number>> = { reachable: 0, partial: 1, unknown: 2, unreachable: 3 };

/** Whether the client's own routing keeps it from this way. */
function declined({ path, piece }: Walked): boolean {
  return piece.decisions.some((decision) => decision.effect === 'stops' && layersOf(path.way)[decision.layer]?.elects);
}

/**
 * Leaves out the ways that a client does not take: its routing chooses another one to the same address, or there is surely
 * no address to dial on this one but there is on another.
 */
export function taken(ways: readonly Walked[], oneClient: boolean): Walked[] {
  const meets = (one: Walked, other: Walked) => oneClient || other.piece.from.overlaps(one.piece.from);
  return ways.filter((way) => {
    if (way.path.address === null && way.piece.verdict === 'unreachable')
      return !ways.some((other) => other.path.address !== null && meets(way, other));
    if (!declined(way)) return true;
    const chosen = ways.some(
      (other) =>
        other.path.address === way.path.address &&
        layersOf(other.path.way).some((layer) => layer.elects) &&
        !declined(other) &&
        meets(way, other),
    );
    return !chosen;
  });
}

/** The ways that get furthest come first; those that get equally far stay in their order. */
export function bestFirst<W extends Walked>(ways: readonly W[]): W[] {
  return [...ways].sort((a, b) => order[a.piece.verdict] - order[b.piece.verdict]);
}
