import { assess, firstMatch } from '../engine/index.js';
import { describeCause } from '../message/index.js';
import {
  type Cause,
  type Filter,
  type Layer,
  type Loss,
  layersOf,
  type OpenConnections,
  type Path,
  type Piece,
  type RuleFilter,
  type Symptom,
  subjectOf,
} from '../model/index.js';
import { AddressSet, PortSet, TrafficSet } from '../set/index.js';
import type { Audited } from './audit-report.js';
import { blockersOf, pieceSymptom } from './finding.js';
import { bestFirst, taken } from './walked.js';

/** Clients who had access by one way and lose it there. */
interface Part {
  readonly from: AddressSet;
  readonly symptom: Symptom;
  readonly openConnections: OpenConnections;
  /** The causes in words, for these clients and others who share them. */
  readonly causesFor: (from: AddressSet) => Cause[];
}

const hadAccess = (piece: Piece) => piece.verdict === 'reachable' || piece.verdict === 'partial';

function isSameWay(one: Path, other: Path): boolean {
  const { way: a, address, interface: eni } = one;
  const { way: b } = other;
  const sameEnd = address === other.address && eni?.id === other.interface?.id;
  return sameEnd && a.kind === b.kind && a.family === b.family && a.port === b.port && a.network === b.network;
}

function nameOf(from: AddressSet): string {
  const prefixes = from.prefixes().map((prefix) => prefix.replace(/\/(?:32|128)$/, ''));
  return prefixes.length > 3 ? 'them' : prefixes.join(', ');
}

function causesOf(path: Path, piece: Piece, port: number, from: AddressSet): Cause[] {
  const asking = { from: nameOf(from), port };
  return blockersOf(path.way, piece).map(({ reason, subject, rule, layer, decision }) => {
    const at = layer.port === undefined ? asking : { ...asking, port: layer.port };
    return describeCause(reason, subjectOf(path, subject), rule, at, decision.effect === 'partly');
  });
}

/** The objects whose rules a filter is made of. */
function membersOf(filter: Filter | undefined): string {
  if (!filter || filter.kind === 'rules') return '';
  return filter.of.map((member) => (member as RuleFilter).of?.id ?? '').join(' ');
}

/** What becomes of open connections of `from` where a layer stops new ones now. */
function fateAt(now: Layer, earlier: readonly Layer[], from: AddressSet, port: number): OpenConnections {
  if (!now.tracked) return 'end';
  const before = earlier.find((layer) => layer.kind === now.kind && layer.tracked);
  // Whether a connection stays tracked when the groups of its interface are exchanged is not documented.
  if (!before?.tracked || membersOf(before.inbound) !== membersOf(now.inbound)) return 'unknown';
  const seen = now.seen?.addresses ?? from;
  const asked = TrafficSet.of(seen, PortSet.single(now.port ?? port));
  const outcomes = firstMatch(before.tracked, asked).flatMap((share) => share.outcomes);
  if (outcomes.every(({ action, gap }) => action === 'allow' && !gap)) return 'go-on';
  return outcomes.every(({ action, gap }) => action !== 'allow' && !gap) ? 'end' : 'unknown';
}

const worstFirst: readonly OpenConnections[] = ['end', 'unknown', 'go-on'];

/** Clients whose connections a layer tracks apart from those whose it does not. */
function byTracking(layers: readonly Layer[], from: AddressSet, port: number): AddressSet[] {
  let parts = [from];
  for (const { tracked, seen, port: own = port } of layers) {
    if (!tracked || seen) continue;
    const shares = firstMatch(tracked, TrafficSet.of(from, PortSet.single(own)));
    parts = parts.flatMap((part) => shares.map(({ traffic }) => part.intersect(traffic.addresses())));
  }
  return parts.filter((part) => !part.isEmpty);
}

/** What becomes of clients who came by one way, where the same way is there after the change. */
function partsOnWay(before: Path, after: Path, from: AddressSet, port: number): Part[] {
  const earlier = layersOf(before.way);
  return byTracking(earlier, from, port).flatMap((clients) =>
    assess(after.way, port, clients).flatMap((piece): Part[] => {
      const stops = blockersOf(after.way, piece);
      if (stops.length === 0) return [];
      const fates = stops.map(({ layer }) => fateAt(layer, earlier, piece.from, port));
      return [
        {
          from: piece.from,
          symptom: pieceSymptom(after.way, piece),
          causesFor: (clients) => causesOf(after, piece, port, clients),
          openConnections: worstFirst.find((fate) => fates.includes(fate)) ?? 'unknown',
        },
      ];
    }),
  );
}

/** What becomes of clients who have no such way any more: why none of the others serves them. */
function partsWithoutWay({ cloud, target }: Audited, from: AddressSet, port: number): Part[] {
  const paths = cloud.paths(target, { port, everyone: false, from });
  const walked = taken(
    paths.flatMap((path) => assess(path.way, port, from).map((piece) => ({ path, piece }))),
    false,
  );
  let left = from;
  return bestFirst(walked).flatMap(({ path, piece }): Part[] => {
    const clients = piece.from.intersect(left);
    left = left.subtract(clients);
    if (clients.isEmpty) return [];
    const causesFor = (all: AddressSet) => causesOf(path, piece, port, all);
    return [{ from: clients, symptom: pieceSymptom(path.way, piece), causesFor, openConnections: 'end' }];
  });
}

/** What becomes of all who lose access, by every way that they had. */
function partsOf(lost: AddressSet, before: Audited, after: Audited): Part[] {
  const { port } = before.asking;
  return before.paths.flatMap((path) => {
    const here = AddressSet.unionOf(
      assess(path.way, port, lost)
        .filter(hadAccess)
        .map((piece) => piece.from),
    );
    if (here.isEmpty) return [];
    const same = after.paths.find((other) => isSameWay(path, other));
    const served = same ? here.intersect(same.way.origin) : AddressSet.empty;
    const unserved = here.subtract(served);
    return [
      ...(same ? partsOnWay(path, same, served, port) : []),
      ...(unserved.isEmpty ? [] : partsWithoutWay(after, unserved, port)),
    ];
  });
}

/** Who loses access, apart by why and by what becomes of open connections; null for `after` where the target is gone. */
export function lossesOf(lost: AddressSet, before: Audited, after: Audited | null): Loss[] {
  if (lost.isEmpty) return [];
  if (!after) return [{ from: lost.prefixes(), symptom: 'times-out', causes: [], openConnections: 'end' }];
  const parts = partsOf(lost, before, after);
  const withFate = (fate: OpenConnections) =>
    AddressSet.unionOf(parts.filter((part) => part.openConnections === fate).map((part) => part.from));
  const sure = { 'go-on': withFate('go-on'), end: withFate('end') };
  const inDoubt = withFate('unknown').union(sure['go-on'].intersect(sure.end));
  const merged = new Map<string, Part>();
  let left = lost;
  for (const part of parts) {
    const fresh = part.from.intersect(left);
    left = left.subtract(fresh);
    for (const [fate, clients] of [
      [part.openConnections, fresh.subtract(inDoubt)],
      ['unknown', fresh.intersect(inDoubt)],
    ] as const) {
      if (clients.isEmpty) continue;
      const causes = part.causesFor(lost).map(({ code, component, rule }) => [code, component, rule]);
      const key = JSON.stringify([part.symptom, fate, causes]);
      const others = merged.get(key)?.from ?? AddressSet.empty;
      merged.set(key, { ...part, openConnections: fate, from: others.union(clients) });
    }
  }
  const told = [...merged.values()].map(
    ({ from, symptom, openConnections, causesFor }): Loss => ({
      from: from.prefixes(),
      symptom,
      causes: causesFor(from),
      openConnections,
    }),
  );
  // Nobody who loses access is left out, even where no way tells why.
  return left.isEmpty
    ? told
    : [...told, { from: left.prefixes(), symptom: 'cannot-tell', causes: [], openConnections: 'unknown' }];
}
