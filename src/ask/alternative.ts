import { assess, judge } from '../engine/index.js';
import { type Asking, describeCause } from '../message/index.js';
import type { Alternative, Cause, Path, Piece, Way } from '../model/index.js';
import type { AlternativeWay } from '../provider.js';
import type { AddressSet } from '../set/index.js';
import { causesOn, pieceSymptom } from './finding.js';

/** What becomes of a client who comes over a way, and why. */
interface Assessed {
  readonly pieces: readonly Piece[];
  readonly causesFor: (path: Path) => readonly Cause[];
}

/** Tells whether other ways in work. What many targets share is assessed once. */
export class Alternatives {
  private readonly asking: Asking;
  private readonly known = new WeakMap<Way, Map<AddressSet, Assessed>>();

  constructor(asking: Asking) {
    this.asking = asking;
  }

  /** Whether another way in works: assessed where it is a path, else as the provider says. */
  of(way: AlternativeWay, from: AddressSet): Alternative {
    const { kind, command, symptom } = way;
    const given = way.reasons.map(({ reason, component }) => describeCause(reason, component, null, this.asking));
    if (!way.paths) return { kind, command, works: way.works ?? 'unknown', symptom, causes: given };
    const walked = way.paths.map((path) => ({ path, ...this.assessed(path.way, from) }));
    const pieces = walked.flatMap((one) => one.pieces);
    const best = judge({ addresses: from, choice: 'one' }, pieces).verdict;
    const works = best === 'reachable' ? 'yes' : best === 'unreachable' ? 'no' : 'unknown';
    const causes = works === 'no' ? walked.flatMap(({ path, causesFor }) => causesFor(path)) : [];
    return {
      kind,
      command,
      works,
      symptom: works === 'no' ? failure(way, walked) : works === 'yes' ? 'connects' : 'cannot-tell',
      causes: [...given, ...unique(causes)],
    };
  }

  private assessed(way: Way, from: AddressSet): Assessed {
    const known = this.known.get(way) ?? new Map<AddressSet, Assessed>();
    const found = known.get(from) ?? this.assess(way, from);
    if (way.shared) this.known.set(way, known.set(from, found));
    return found;
  }

  private assess(way: Way, from: AddressSet): Assessed {
    const pieces = assess(way, this.asking.port, way.origin.overlaps(from) ? from : way.origin);
    const causes = pieces.map((piece) => causesOn(way, piece, this.asking));
    return { pieces, causesFor: (path) => causes.flatMap((causesFor) => causesFor(path)) };
  }
}

/** What the command's user sees of the first thing that stops it. */
function failure(way: AlternativeWay, walked: readonly { readonly path: Path; readonly pieces: readonly Piece[] }[]) {
  if (way.symptom !== 'connects') return way.symptom;
  for (const { path, pieces } of walked) {
    const [first] = pieces;
    if (first) return pieceSymptom(path.way, first);
  }
  return way.symptom;
}

function unique(causes: readonly Cause[]): Cause[] {
  const byKey = new Map(causes.map((cause) => [`${cause.code} ${cause.component.id} ${cause.rule}`, cause]));
  return [...byKey.values()];
}
