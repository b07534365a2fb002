import { assess, type Row, rowSums, type Summary, stopsEveryone } from '../engine/index.js';
import { type Asking, describeCause } from '../message/index.js';
import {
  type Cause,
  type Finding,
  type Layer,
  type Missing,
  type Path,
  type Piece,
  type Reason,
  type Subject,
  type Symptom,
  subjectOf,
  type Way,
} from '../model/index.js';
import { type Address, AddressSet } from '../set/index.js';
import { blockersOf, missingOf, pieceSymptom } from './finding.js';

interface Stopped {
  readonly reason: Reason;
  readonly subject: Subject;
  readonly rule: string | null;
  readonly partly: boolean;
}

/** What stops some at a row of layers, or may. Rows are shared by many ways, so this is found once for each. */
interface Signed {
  readonly stops: readonly Stopped[];
  readonly missing: readonly Missing[];
  readonly symptom: Symptom;
}

const nothing: Signed = { stops: [], missing: [], symptom: 'times-out' };

/** Addresses as prefixes, formed when they are asked for, and then the same list each time. */
export class Prefixes {
  readonly set: AddressSet;
  private formed: readonly string[] | undefined;

  constructor(set: AddressSet) {
    this.set = set;
  }

  get list(): readonly string[] {
    this.formed ??= this.set.prefixes();
    return this.formed;
  }
}

const fixedSymptoms = { reachable: 'connects', unknown: 'cannot-tell' } as const;

/** A finding about a way, before it is known whose: the same for all targets that have the way. */
export class Draft {
  readonly from: Prefixes;
  readonly verdict: Finding['verdict'];
  readonly symptom: Symptom;
  readonly missing: readonly Missing[];
  private readonly stops: readonly Stopped[];
  private readonly asking: Asking;
  /** The causes, where they name nothing that belongs to one path. */
  private shared: readonly Cause[] | undefined;

  constructor(from: AddressSet, verdict: Finding['verdict'], signed: Signed, asking: Asking) {
    this.from = new Prefixes(from);
    this.verdict = verdict;
    this.symptom = verdict === 'reachable' || verdict === 'unknown' ? fixedSymptoms[verdict] : signed.symptom;
    this.missing = signed.missing;
    this.stops = signed.stops;
    this.asking = asking;
  }

  /** The causes in the words of one path. */
  causesFor(path: Path): readonly Cause[] {
    if (this.shared) return this.shared;
    const causes = this.stops.map(({ reason, subject, rule, partly }) =>
      describeCause(reason, subjectOf(path, subject), rule, this.asking, partly),
    );
    if (this.stops.every(({ subject }) => typeof subject !== 'string')) this.shared = causes;
    return causes;
  }
}

function signedBy(way: Way, piece: Piece): Signed {
  const stops = blockersOf(way, piece).map(({ reason, subject, rule, decision }) => ({
    reason,
    subject,
    rule,
    partly: decision.effect === 'partly',
  }));
  return { stops, missing: missingOf(piece), symptom: pieceSymptom(way, piece) };
}

/** Inbound and then the way back, row after row, as a packet meets them. */
function joined(parts: readonly Signed[]): Signed {
  const stopped = parts.find((part) => part.stops.length > 0);
  return {
    stops: parts.flatMap((part) => part.stops),
    missing: parts.flatMap((part) => part.missing),
    symptom: stopped?.symptom ?? 'times-out',
  };
}

/** Drafts the findings of one audit. */
export class Drafting {
  private readonly known = new WeakMap<readonly Layer[], Map<string | AddressSet, Signed>>();
  private readonly asking: Asking;

  constructor(asking: Asking) {
    this.asking = asking;
  }

  private draft(from: AddressSet, verdict: Finding['verdict'], signed: Signed): Draft {
    return new Draft(from, verdict, signed, this.asking);
  }

  private once(layers: readonly Layer[], key: string | AddressSet, build: () => Signed): Signed {
    if (layers.length < 2) return build();
    const byKey = this.known.get(layers) ?? new Map<string | AddressSet, Signed>();
    const found = byKey.get(key) ?? build();
    this.known.set(layers, byKey.set(key, found));
    return found;
  }

  /** What a row does to one client, as far as the layers that `wanted` names sign for it. */
  private signed({ way }: Row, client: Address, wanted: (layer: number) => boolean): Signed {
    const [piece] = assess(way, this.asking.port, AddressSet.single(client));
    if (!piece) return nothing;
    const decisions = piece.decisions.filter((decision) => wanted(decision.layer));
    return signedBy(way, { ...piece, decisions });
  }

  /**
   * One draft for those who get in this way, one for those who get in now and then, one for those of whom it is not known: each
   * with what stands in the way of the first client of its kind.
   */
  openings(way: Way, summary: Summary): Draft[] {
    const drafts: Draft[] = [];
    if (!summary.reachable.isEmpty) drafts.push(this.draft(summary.reachable, 'reachable', nothing));
    for (const verdict of ['partial', 'unknown'] as const) {
      const from = summary[verdict];
      if (from.isEmpty) continue;
      const parts = rowSums(way, this.asking.port).flatMap((row) => {
        const client = row.sum[verdict].intersect(from).first;
        if (!client) return [];
        const key = `${verdict} ${client.family} ${client.value}`;
        return [this.once(row.layers, key, () => this.signed(row, client, () => true))];
      });
      drafts.push(this.draft(from, verdict, joined(parts)));
    }
    return drafts;
  }

  /**
   * Why nobody of `clients` gets in over a way: what stops everybody alike where there is such a thing; else every part of
   * the sources with its own causes.
   */
  closed(way: Way, clients: AddressSet): Draft[] {
    const { first } = clients;
    if (!first) return [];
    const parts = rowSums(way, this.asking.port).map((row) =>
      this.once(row.layers, clients, () => {
        const layers = stopsEveryone(row.way, this.asking.port, clients);
        return layers.size === 0 ? nothing : this.signed(row, first, (layer) => layers.has(layer));
      }),
    );
    const whole = joined(parts);
    if (whole.stops.length > 0) return [this.draft(clients, 'unreachable', whole)];
    return assess(way, this.asking.port, clients).map((piece) =>
      this.draft(piece.from, piece.verdict, signedBy(way, piece)),
    );
  }
}
