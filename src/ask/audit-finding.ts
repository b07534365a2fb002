import { assess, type Segment, type Summary, segmentsOf, stopsEveryone } from '../engine/index.js';
import { type Asking, describeCause } from '../message/index.js';
import type { Finding, Layer, Missing, Path, Piece, Symptom } from '../model/index.js';
import type { Stop } from '../provider.js';
import { AddressSet } from '../set/index.js';
import { missingOf, pieceSymptom, stopsOf } from './finding.js';

/** What stops some at a row of layers, or may. Rows are shared by many paths, so this is found once for each. */
interface Signed {
  readonly stops: readonly (Omit<Stop, 'layer'> & { readonly partly: boolean })[];
  readonly missing: readonly Missing[];
  readonly symptom: Symptom;
}

const nothing: Signed = { stops: [], missing: [], symptom: 'times-out' };

/** A finding before it is put into words: the same for all targets that are alike, but for the names. */
export interface Draft extends Signed {
  readonly path: Path;
  readonly from: readonly string[];
  readonly verdict: Finding['verdict'];
}

/** Gives a name of one target back as the name of another that is like it. */
export type Rename = (name: string) => string;

function signedBy(path: Path, piece: Piece): Signed {
  const stops = stopsOf(path, piece).map(({ reason, component, rule, decision }) => ({
    reason,
    component,
    rule,
    partly: decision.effect === 'partly',
  }));
  return { stops, missing: missingOf(piece), symptom: pieceSymptom(piece) };
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
  private readonly known = new WeakMap<readonly Layer[], Map<string, Signed>>();
  private readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  private once(layers: readonly Layer[], key: string, build: () => Signed): Signed {
    if (layers.length < 2) return build();
    const byKey = this.known.get(layers) ?? new Map<string, Signed>();
    const found = byKey.get(key) ?? build();
    this.known.set(layers, byKey.set(key, found));
    return found;
  }

  /** What a row does to one client of `from`, as far as the layers that `wanted` names sign for it. */
  private signed({ path }: Segment, from: AddressSet, wanted: (layer: number) => boolean): Signed {
    const { first } = from;
    const [piece] = first ? assess(path, this.port, AddressSet.single(first)) : [];
    if (!piece) return nothing;
    const decisions = piece.decisions.filter((decision) => wanted(decision.layer));
    return signedBy(path, { ...piece, decisions });
  }

  /** One draft for those who get in this way, one for those who get in now and then, one for those of whom it is not known. */
  openings(path: Path, summary: Summary): Draft[] {
    const drafts: Draft[] = [];
    if (!summary.reachable.isEmpty) {
      drafts.push({ ...nothing, path, from: summary.reachable.prefixes(), verdict: 'reachable' });
    }
    for (const verdict of ['partial', 'unknown'] as const) {
      const from = summary[verdict];
      if (from.isEmpty) continue;
      const met = segmentsOf(path, this.port).filter(({ sum }) => sum[verdict].overlaps(from));
      const parts = met.map((segment) =>
        this.once(segment.layers, verdict, () => this.signed(segment, segment.sum[verdict], () => true)),
      );
      drafts.push({ ...joined(parts), path, from: from.prefixes(), verdict });
    }
    return drafts;
  }

  /**
   * Why nobody gets in over a path: what stops everybody alike where there is such a thing; else every part of the sources
   * with its own causes.
   */
  closed(path: Path, everyone: AddressSet): Draft[] {
    const asked = path.origin.intersect(everyone);
    const { first } = asked;
    if (!first) return [];
    const parts = segmentsOf(path, this.port).map((segment) =>
      this.once(segment.layers, `closed ${first.family} ${first.value}`, () => {
        const layers = stopsEveryone(segment.path, this.port, asked);
        return layers.size === 0 ? nothing : this.signed(segment, asked, (layer) => layers.has(layer));
      }),
    );
    const whole = joined(parts);
    if (whole.stops.length > 0) return [{ ...whole, path, from: asked.prefixes(), verdict: 'unreachable' }];
    return assess(path, this.port, asked).map((piece) => ({
      ...signedBy(path, piece),
      path,
      from: piece.from.prefixes(),
      verdict: piece.verdict,
    }));
  }
}

const symptoms = { reachable: 'connects', unknown: 'cannot-tell' } as const;

/** Puts a draft into words. Steps are left to `explain`. */
export function findingFrom(draft: Draft, asking: Asking, rename: Rename): Finding {
  const { path, from, verdict, missing } = draft;
  const causes = draft.stops.map(({ reason, component, rule, partly }) => {
    const data = Object.fromEntries(Object.entries(reason.data).map(([key, value]) => [key, rename(value)]));
    const { name } = component;
    const named = { ...component, id: rename(component.id), ...(name !== undefined && { name: rename(name) }) };
    return describeCause({ ...reason, data }, named, rule, asking, partly);
  });
  return {
    from,
    address: path.address === null ? null : rename(path.address),
    family: path.family,
    interface: path.interface === null ? null : rename(path.interface.id),
    path: path.kind,
    ...(path.port !== undefined && { port: path.port }),
    verdict,
    symptom: verdict === 'reachable' || verdict === 'unknown' ? symptoms[verdict] : draft.symptom,
    causes,
    missing,
    steps: [],
    fixes: [],
  };
}
