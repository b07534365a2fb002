import { assess, judge } from '../engine/index.js';
import { type Asking, describeCause } from '../message/index.js';
import type { Alternative, Cause, HostReport, Piece } from '../model/index.js';
import type { AlternativeWay, HostView } from '../provider.js';
import type { AddressSet } from '../set/index.js';
import { causesOf, pieceSymptom } from './finding.js';

/** Whether another way in works: assessed where it is a path, else as the provider says. */
export function alternativeOf(way: AlternativeWay, port: number, from: AddressSet, asking: Asking): Alternative {
  const { kind, command, symptom } = way;
  const given = way.reasons.map(({ reason, component }) => describeCause(reason, component, null, asking));
  if (!way.paths) return { kind, command, works: way.works ?? 'unknown', symptom, causes: given };
  const walked = way.paths.map((path) => ({
    path,
    pieces: assess(path.way, port, path.way.origin.overlaps(from) ? from : path.way.origin),
  }));
  const pieces = walked.flatMap((one) => one.pieces);
  const best = judge({ addresses: from, choice: 'one' }, pieces).verdict;
  const works = best === 'reachable' ? 'yes' : best === 'unreachable' ? 'no' : 'unknown';
  const causes =
    works === 'no'
      ? walked.flatMap(({ path, pieces: parts }) => parts.flatMap((piece) => causesOf(path, piece, asking)))
      : [];
  return {
    kind,
    command,
    works,
    symptom: works === 'no' ? failure(way, pieces) : works === 'yes' ? 'connects' : 'cannot-tell',
    causes: [...given, ...unique(causes)],
  };
}

function failure(way: AlternativeWay, pieces: readonly Piece[]) {
  const [first] = pieces;
  return way.symptom !== 'connects' || !first ? way.symptom : pieceSymptom(first);
}

function unique(causes: readonly Cause[]): Cause[] {
  const byKey = new Map(causes.map((cause) => [`${cause.code} ${cause.component.id} ${cause.rule}`, cause]));
  return [...byKey.values()];
}

export function hostReportOf(view: HostView, asking: Asking): HostReport {
  const causes = view.reasons.map(({ reason, component }) => describeCause(reason, component, null, asking));
  return { verdict: view.verdict, symptom: view.symptom, causes };
}
