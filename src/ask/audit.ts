import { assess, judge } from '../engine/index.js';
import { type Finding, internet, type Report, type TargetReport } from '../model/index.js';
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
  const { verdict, reachable, partial, unknown } = judge(
    { addresses: everyone, choice: 'all' },
    walked.flatMap(({ pieces }) => pieces),
  );
  const asking = { from: 'anyone', port };
  const findings: Finding[] = walked.flatMap(({ path, pieces }) =>
    pieces.map((piece) => findingOf(path, piece, asking)),
  );
  const wholeInternet = AddressSet.unionOf(target.families.map((family) => internet.only(family))).subtract(
    cloud.ownNetworks(target),
  );
  return {
    target: target.ref,
    verdict,
    symptom:
      verdict === 'reachable'
        ? 'connects'
        : verdict === 'unknown'
          ? 'cannot-tell'
          : (findings.find((finding) => finding.verdict === 'unreachable')?.symptom ?? 'times-out'),
    reachableFrom: reachable.prefixes(),
    partialFrom: partial.prefixes(),
    unknownFrom: unknown.prefixes(),
    flags: reachable.covers(wholeInternet) ? ['world-open'] : [],
    findings,
    host: hostReportOf(cloud.host(target, null, port), asking),
    alternatives: cloud.alternatives(target, port).map((way) => alternativeOf(way, port, everyone, asking)),
  };
}

/** An audit whose targets are judged one at a time, as they are asked for. */
export interface AuditStream {
  readonly report: Omit<Report, 'targets'> & { readonly targets: Iterable<TargetReport> };
  /** The exit code; to be asked when all targets were taken. */
  exitCode(): 0 | 3;
}

/** Judges every instance. Nothing of a target is kept once it was taken, so that an account of any size fits. */
export function auditStream(cloud: Cloud, { port }: { readonly port: number }): AuditStream {
  let unsure = false;
  function* targets(): Iterable<TargetReport> {
    for (const target of cloud.targets()) {
      const judged = auditTarget(cloud, target, port);
      unsure ||= judged.unknownFrom.length > 0;
      yield judged;
    }
  }
  const report = { ...reportOf({ command: 'audit', from: ['anyone'], port }, [], cloud.gaps()), targets: targets() };
  return { report, exitCode: () => (unsure ? 3 : 0) };
}

/** Answers for every instance who can reach it. */
export function audit(cloud: Cloud, question: AuditQuestion): Answer {
  const port = question.port ?? 22;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    const why = 'ports are whole numbers from 1 to 65535';
    return refusal(problem(`${port} is not a TCP port`, '--port', why, 'leave it out for 22'));
  }
  const { report, exitCode } = auditStream(cloud, { port });
  const targets = [...report.targets];
  return { report: { ...report, targets }, problems: [], exitCode: exitCode() };
}
