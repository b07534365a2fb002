import { assess, type Segment, type Summary, segmentsOf, stopsEveryone } from '../engine/index.js';
import type { Asking } from '../message/index.js';
import type { Cause, Finding, Layer, Missing, Path, Step } from '../model/index.js';
import { AddressSet } from '../set/index.js';
import { causesOf, findingOf, missingOf, stepsOf } from './finding.js';

/** Why some are stopped at a row of layers, or may be. Rows are shared by many paths, so their words are found once. */
interface Words {
  readonly causes: readonly Cause[];
  readonly missing: readonly Missing[];
  readonly steps: readonly Step[];
}

const none: Words = { causes: [], missing: [], steps: [] };

/** The words of one audit: shared rows of layers are put into words once. */
export class AuditWords {
  private readonly words = new WeakMap<readonly Layer[], Map<string, Words>>();
  private readonly asking: Asking;
  private readonly port: number;

  constructor(port: number) {
    this.port = port;
    this.asking = { from: 'anyone', port };
  }

  private once(layers: readonly Layer[], key: string, build: () => Words): Words {
    if (layers.length < 2) return build();
    const byKey = this.words.get(layers) ?? new Map<string, Words>();
    const found = byKey.get(key) ?? build();
    this.words.set(layers, byKey.set(key, found));
    return found;
  }

  /** The words for what a row does to one client of `from`, with the decisions of the layers that `wanted` names. */
  private wordsFor({ path }: Segment, from: AddressSet, wanted: (layer: number) => boolean): Words {
    const { first } = from;
    const [piece] = first ? assess(path, this.port, AddressSet.single(first)) : [];
    if (!piece) return none;
    const seen = {
      ...piece,
      decisions: piece.decisions.filter((decision) => decision.effect !== 'passes' && wanted(decision.layer)),
    };
    return {
      causes: causesOf(path, seen, this.asking),
      missing: missingOf(seen),
      steps: stepsOf(path, seen, this.asking),
    };
  }

  /** One finding for those who get in this way, one for those who get in now and then, one for those of whom it is not known. */
  openings(path: Path, summary: Summary): Finding[] {
    const findings: Finding[] = [];
    if (!summary.reachable.isEmpty) findings.push(this.finding(path, summary.reachable, 'reachable', none));
    if (summary.partial.isEmpty && summary.unknown.isEmpty) return findings;
    for (const verdict of ['partial', 'unknown'] as const) {
      const from = summary[verdict];
      if (from.isEmpty) continue;
      const met = segmentsOf(path, this.port).filter(({ sum }) => sum[verdict].overlaps(from));
      const words = met.map((segment) =>
        this.once(segment.layers, verdict, () => this.wordsFor(segment, segment.sum[verdict], () => true)),
      );
      findings.push(this.finding(path, from, verdict, joined(words)));
    }
    return findings;
  }

  /**
   * Why nobody gets in over a path: what stops everybody alike where there is such a thing; else every part of the sources
   * with its own causes.
   */
  closed(path: Path, everyone: AddressSet): Finding[] {
    const asked = path.origin.intersect(everyone);
    const { first } = asked;
    if (!first) return [];
    const words = segmentsOf(path, this.port).map((segment) =>
      this.once(segment.layers, `closed ${first.value}`, () => {
        const layers = stopsEveryone(segment.path, this.port, asked);
        return layers.size === 0 ? none : this.wordsFor(segment, asked, (layer) => layers.has(layer));
      }),
    );
    const all = joined(words);
    if (all.causes.length > 0) return [this.finding(path, asked, 'unreachable', all)];
    return assess(path, this.port, asked).map((piece) => findingOf(path, piece, this.asking));
  }

  private finding(path: Path, from: AddressSet, verdict: Finding['verdict'], words: Words): Finding {
    const symptom = verdict === 'reachable' ? 'connects' : verdict === 'unknown' ? 'cannot-tell' : 'times-out';
    return {
      from: from.prefixes(),
      address: path.address,
      family: path.family,
      interface: path.interface?.id ?? null,
      path: path.kind,
      ...(path.port !== undefined && { port: path.port }),
      verdict,
      symptom,
      ...words,
      fixes: [],
    };
  }
}

/** Inbound first, then the way back, as a packet meets them. */
function joined(words: readonly Words[]): Words {
  if (words.length === 1 && words[0]) return words[0];
  const steps = words.flatMap((one) => one.steps);
  return {
    causes: words.flatMap((one) => one.causes),
    missing: words.flatMap((one) => one.missing),
    steps: [
      ...steps.filter((step) => step.direction === 'inbound'),
      ...steps.filter((step) => step.direction === 'returning'),
    ],
  };
}
