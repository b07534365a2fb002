import { type Summary, summarise } from '../engine/index.js';
import type { Asking } from '../message/index.js';
import type { Path, Report, TargetReport, Verdict } from '../model/index.js';
import type { Cloud, Target } from '../provider.js';
import { AddressSet } from '../set/index.js';
import { alternativeOf, hostReportOf } from './alternative.js';
import { type Answer, problem, refusal } from './answer.js';
import { AuditWords } from './audit-finding.js';
import { everyoneFor } from './everyone.js';
import { reportOf } from './report.js';
import { flagsOf, wholeInternet } from './source.js';

export interface AuditQuestion {
  /** 1 to 65535; 22 when left out. */
  readonly port?: number;
}

interface Walked {
  readonly path: Path;
  readonly summary: Summary;
}

function verdictOf(everyone: AddressSet, reachable: AddressSet, partial: AddressSet, unknown: AddressSet): Verdict {
  if (!everyone.isEmpty && reachable.covers(everyone)) return 'reachable';
  if (!reachable.isEmpty || !partial.isEmpty) return 'partial';
  return unknown.isEmpty ? 'unreachable' : 'unknown';
}

/** Who can reach one target: every source at once. */
function auditTarget(cloud: Cloud, target: Target, port: number, words: AuditWords): TargetReport {
  const paths = cloud.paths(target, { port, everyone: true });
  const everyone = everyoneFor(paths);
  const walked = paths.map((path): Walked => ({ path, summary: summarise(path, port, everyone) }));
  const reachable = AddressSet.unionOf(walked.map(({ summary }) => summary.reachable));
  const partial = AddressSet.unionOf(walked.map(({ summary }) => summary.partial)).subtract(reachable);
  const unknown = AddressSet.unionOf(walked.map(({ summary }) => summary.unknown))
    .subtract(reachable)
    .subtract(partial);
  const asking: Asking = { from: 'anyone', port };
  const verdict = verdictOf(everyone, reachable, partial, unknown);
  const open = walked.flatMap(({ path, summary }) => words.openings(path, summary));
  const findings = open.length > 0 ? open : paths.flatMap((path) => words.closed(path, everyone));
  const symptom = findings.find((finding) => finding.verdict === 'unreachable')?.symptom ?? 'times-out';
  return {
    target: target.ref,
    verdict,
    symptom: verdict === 'reachable' ? 'connects' : verdict === 'unknown' ? 'cannot-tell' : symptom,
    reachableFrom: reachable.prefixes(),
    partialFrom: partial.prefixes(),
    unknownFrom: unknown.prefixes(),
    flags: flagsOf(reachable, wholeInternet(cloud, target)),
    findings,
    host: hostReportOf(cloud.host(target, null, port), asking),
    alternatives:
      open.length > 0 ? [] : cloud.alternatives(target, port).map((way) => alternativeOf(way, port, everyone, asking)),
  };
}

/** Judges targets one after another; of those that are alike, the first for all. */
class Auditor {
  private readonly cloud: Cloud;
  private readonly port: number;
  private readonly words: AuditWords;
  private readonly judged = new Map<string, { readonly report: TargetReport; readonly names: readonly string[] }>();

  constructor(cloud: Cloud, port: number) {
    this.cloud = cloud;
    this.port = port;
    this.words = new AuditWords(port);
  }

  audit(target: Target): TargetReport {
    const likeness = this.cloud.likeness(target);
    const like = likeness && this.judged.get(likeness.key);
    if (like) return this.renamed(target, like.report, like.names, likeness.names);
    const report = auditTarget(this.cloud, target, this.port, this.words);
    const isOpen = report.findings.some((finding) => finding.verdict !== 'unreachable');
    if (likeness && isOpen) this.judged.set(likeness.key, { report, names: likeness.names });
    return report;
  }

  /** The same answer for another target. Findings about an open target name nothing of it but address and interface. */
  private renamed(
    target: Target,
    report: TargetReport,
    names: readonly string[],
    own: readonly string[],
  ): TargetReport {
    const rename = (name: string | null) => (name === null ? null : (own[names.indexOf(name)] ?? name));
    const findings = report.findings.map((finding) => ({
      ...finding,
      address: rename(finding.address),
      interface: rename(finding.interface),
    }));
    const host = hostReportOf(this.cloud.host(target, null, this.port), { from: 'anyone', port: this.port });
    return { ...report, target: target.ref, findings, host };
  }
}

/** An audit whose targets are judged one at a time, as they are asked for. */
export interface AuditStream {
  readonly report: Omit<Report, 'targets'> & { readonly targets: Iterable<TargetReport> };
  /** The exit code; to be asked when all targets were taken. */
  readonly exitCode: () => 0 | 3;
}

/** Judges every instance. Nothing of a target is kept once it was taken, so that an account of any size fits. */
export function auditStream(cloud: Cloud, { port }: { readonly port: number }): AuditStream {
  let unsure = false;
  const auditor = new Auditor(cloud, port);
  function* targets(): Iterable<TargetReport> {
    for (const target of cloud.targets()) {
      const judged = auditor.audit(target);
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
