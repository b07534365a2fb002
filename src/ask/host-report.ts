import { assess, judge } from '../engine/index.js';
import { type Asking, describeCause } from '../message/index.js';
import type { Cause, HostReport, Path, Piece, Symptom, Verdict, Way } from '../model/index.js';
import type { FirstBootView, HostView } from '../provider.js';
import { AddressSet, PortSet, TrafficSet } from '../set/index.js';
import { causesOn, missingOf, pieceSymptom } from './finding.js';

const clientPorts = TrafficSet.of(AddressSet.all, PortSet.range(1024, 65_535));

/** What becomes of clients on a machine itself. */
export interface OnHost {
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  readonly causes: readonly Cause[];
  /** Those who surely do not get to sshd. */
  readonly closed: AddressSet;
}

/** The machine by itself, as user data leaves it: whoever comes to it, comes to this. */
function waysOf(view: FirstBootView, clients: AddressSet, port: number): Way[] {
  return ([4, 6] as const).flatMap((family): Way[] => {
    const origin = clients.only(family);
    if (origin.isEmpty) return [];
    return [{ kind: 'network', origin, family, clientPorts, rows: [view.layers(port)] }];
  });
}

const userData = { kind: 'user-data', id: 'user data' };

/** What a piece comes to, as causes: what stops it, else what would have to be known. */
function causesOf(way: Way, piece: Piece, asking: Asking): readonly Cause[] {
  const path: Path = { way, target: userData, interface: null, address: null };
  if (piece.verdict !== 'unknown') return causesOn(way, piece, asking)(path);
  return missingOf(piece).map(({ message }) =>
    describeCause({ code: 'host/user-data-unclear', data: { line: message } }, userData, null, asking),
  );
}

/** What becomes of these clients at the machine, once its first boot is over. */
export function afterFirstBoot(view: FirstBootView, clients: AddressSet, asking: Asking): OnHost {
  const walked = waysOf(view, clients, asking.port).flatMap((way) =>
    assess(way, asking.port, way.origin).map((piece) => ({ way, piece })),
  );
  const { either } = view;
  const { verdict } = judge(
    { addresses: clients, choice: 'all' },
    walked.map(({ piece }) => piece),
  );
  const bad = walked.filter(({ piece }) => piece.verdict !== 'reachable');
  const causes = bad.flatMap(({ way, piece }) => causesOf(way, piece, asking));
  const symptoms = new Set(bad.map(({ way, piece }) => pieceSymptom(way, piece)));
  const [only] = symptoms;
  const symptom = verdict === 'reachable' ? 'connects' : symptoms.size === 1 && only ? only : 'cannot-tell';
  const shut = walked.filter(({ piece }) => piece.verdict === 'unreachable');
  const closed = AddressSet.unionOf(shut.map(({ piece }) => piece.from));
  if (verdict !== 'unknown' || !either) return { verdict, symptom, causes: unique(causes), closed };
  const images = new Map<string, string[]>();
  for (const one of either) {
    const outcome = outcomeOf(
      afterFirstBoot({ isSure: view.isSure, layers: one.layers, remarks: [] }, clients, asking),
    );
    images.set(outcome, [...(images.get(outcome) ?? []), ...one.images]);
  }
  const causeOf = ([outcome, of]: readonly [string, readonly string[]]): Cause =>
    describeCause({ code: 'host/user-data-image', data: { images: of.join('; '), outcome } }, userData, null, asking);
  return { verdict, symptom, causes: [...images].map(causeOf), closed };
}

function outcomeOf({ verdict, causes: [first] }: OnHost): string {
  return verdict === 'reachable' || !first ? 'sshd is reached' : first.message;
}

function unique(causes: readonly Cause[]): Cause[] {
  return [...new Map(causes.map((cause) => [`${cause.code} ${cause.message}`, cause])).values()];
}

const worstFirst: readonly HostReport['verdict'][] = ['broken', 'risk', 'unknown', 'ok'];

function verdictOf({ verdict }: OnHost, isSure: boolean): HostReport['verdict'] {
  if (verdict === 'reachable') return 'ok';
  if (verdict === 'unknown') return 'unknown';
  return verdict === 'unreachable' && isSure ? 'broken' : 'risk';
}

/** What the evidence tells of the machine itself, for these clients; its first boot is no question where there are none. */
export function hostReportOf(view: HostView, clients: AddressSet, asking: Asking): HostReport {
  const own = view.reasons.map(({ reason, component }) => describeCause(reason, component, null, asking));
  const { firstBoot } = view;
  if (!firstBoot || clients.isEmpty) return { verdict: view.verdict, symptom: view.symptom, causes: own };
  const booted = afterFirstBoot(firstBoot, clients, asking);
  const verdict = verdictOf(booted, firstBoot.isSure);
  const isWorse = worstFirst.indexOf(verdict) < worstFirst.indexOf(view.verdict);
  const remarks = firstBoot.remarks.map(({ reason, component }) => describeCause(reason, component, null, asking));
  return {
    verdict: isWorse ? verdict : view.verdict,
    symptom: isWorse ? booted.symptom : view.symptom,
    causes: [...booted.causes, ...own, ...remarks],
  };
}
