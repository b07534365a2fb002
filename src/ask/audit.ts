import { assess, judge } from '../engine/index.js';
import { internet, type Finding, type TargetReport } from '../model/index.js';
import type { Cloud, Target } from '../provider.js';
import { AddressSet } from '../set/index.js';
import { alternativeOf, hostReportOf } from './alternative.js';
import { type Answer, problem, refusal } from './answer.js';
import { everyoneFor } from './everyone.js';
import { findingOf } from './finding.js';
import { reportOf } from './report.js';

export interface AuditQuestion {
  /** 1 to 65535; 22 when left out. */
  readonly port?: number;
}

/** Who can reach one target: every source at once. */
export function auditTarget(cloud: Cloud, target: Target, port: number): TargetReport {
  const paths = cloud.paths(target, { port, everyone: true });
  const everyone = everyoneFor(paths);
  const walked = paths.map((path) => ({ path, pieces: assess(path, port, everyone) }));
  const { verdict, reachable, partial, unknown } = judge({ addresses: everyone, choice: 'all' }, walked.flatMap(({ pieces }) => pieces));
  const asking = { from: 'anyone', port };
  const findings: Finding[] = walked.flatMap(({ path, pieces }) => pieces.map((piece) => findingOf(path, piece, asking)));
  const wholeInternet = AddressSet.unionOf(target.families.map((family) => internet.only(family))).subtract(cloud.ownNetworks(target));
  return {
    target: target.ref,
    verdict,
    symptom: verdict === 'reachable' ? 'connects' : verdict === 'unknown' ? 'cannot-tell' : (findings.find((finding) => finding.verdict === 'unreachable')?.symptom ?? 'times-out'),
    reachableFrom: reachable.prefixes(),
    partialFrom: partial.prefixes(),
    unknownFrom: unknown.prefixes(),
    flags: reachable.covers(wholeInternet) ? ['world-open'] : [],
    findings,
    host: hostReportOf(cloud.host(target, null), asking),
    alternatives: cloud.alternatives(target, port).map((way) => alternativeOf(way, port, everyone, asking)),
  };
}

/** Answers for every instance who can reach it. */
export function audit(cloud: Cloud, question: AuditQuestion): Answer {
  const port = question.port ?? 22;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    return refusal(problem(`${port} is not a TCP port`, '--port', 'ports are whole numbers from 1 to 65535', 'leave it out for 22'));
  }
  const targets = [...cloud.targets()].map((target) => auditTarget(cloud, target, port));
  const unsure = targets.some((target) => target.unknownFrom.length > 0);
  return { report: reportOf({ command: 'audit', from: ['anyone'], port }, targets, cloud.gaps()), problems: [], exitCode: unsure ? 3 : 0 };
}
