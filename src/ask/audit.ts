import { type Summary, summarise } from '../engine/index.js';
import type { Asking } from '../message/index.js';
import type { Path, Report, TargetReport, Verdict, Violation } from '../model/index.js';
import type { Cloud, Target } from '../provider.js';
import { AddressSet } from '../set/index.js';
import { alternativeOf, hostReportOf } from './alternative.js';
import { type Answer, problem, refusal } from './answer.js';
import { type Draft, Drafting, findingFrom, type Rename, renamed } from './audit-finding.js';
import { admittedBy, type Blame, keptOutBy } from './blame.js';
import { everyoneFor } from './everyone.js';
import { type Blaming, check, type Policy, type PolicyRule, readPolicy } from './policy.js';
import { reportOf } from './report.js';
import { flagsOf, wholeInternet } from './source.js';

export interface AuditQuestion {
  /** 1 to 65535; 22 when left out. */
  readonly port?: number;
  /** A policy as `port22 schema policy` describes it, parsed. */
  readonly policy?: unknown;
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

/** What is the same for all targets that are alike. */
interface Judged {
  readonly verdict: Verdict;
  readonly everyone: AddressSet;
  readonly reachableFrom: readonly string[];
  readonly partialFrom: readonly string[];
  readonly unknownFrom: readonly string[];
  readonly flags: readonly string[];
  readonly drafts: readonly Draft[];
  readonly names: readonly string[];
  /** Who is to blame for breaking a rule, told with the names of one of those that are alike. */
  readonly blames: Map<PolicyRule, { readonly blame: Blame | undefined; readonly names: readonly string[] }>;
}

/** Gives the names of one target back as those of another that is like it. */
function renaming(from: readonly string[], to: readonly string[]): Rename {
  return from === to ? (name) => name : (name) => to[from.indexOf(name)] ?? name;
}

/** A target's report, and whom to blame for what of it breaks a policy. */
interface Audited {
  readonly report: TargetReport;
  readonly blaming: Blaming;
}

/** Who can reach one target: every source at once. */
function judgeTarget(cloud: Cloud, target: Target, port: number, drafting: Drafting, names: readonly string[]): Judged {
  const paths = cloud.paths(target, { port, everyone: true });
  const everyone = everyoneFor(paths);
  const walked = paths.map((path): Walked => ({ path, summary: summarise(path, port, everyone) }));
  const reachable = AddressSet.unionOf(walked.map(({ summary }) => summary.reachable));
  const partial = AddressSet.unionOf(walked.map(({ summary }) => summary.partial)).subtract(reachable);
  const unknown = AddressSet.unionOf(walked.map(({ summary }) => summary.unknown))
    .subtract(reachable)
    .subtract(partial);
  const open = walked.flatMap(({ path, summary }) => drafting.openings(path, summary));
  return {
    verdict: verdictOf(everyone, reachable, partial, unknown),
    everyone,
    reachableFrom: reachable.prefixes(),
    partialFrom: partial.prefixes(),
    unknownFrom: unknown.prefixes(),
    flags: flagsOf(reachable, wholeInternet(cloud, target)),
    drafts: open.length > 0 ? open : paths.flatMap((path) => drafting.closed(path, everyone)),
    names,
    blames: new Map(),
  };
}

/** Judges targets one after another; of those that are alike, the first for all. */
class Auditor {
  private readonly cloud: Cloud;
  private readonly port: number;
  private readonly asking: Asking;
  private readonly drafting: Drafting;
  private readonly judged = new Map<string, Judged>();

  constructor(cloud: Cloud, port: number) {
    this.cloud = cloud;
    this.port = port;
    this.asking = { from: 'anyone', port };
    this.drafting = new Drafting(port);
  }

  audit(target: Target): Audited {
    const likeness = this.cloud.likeness(target);
    const names = likeness?.names ?? [];
    const judged =
      (likeness && this.judged.get(likeness.key)) ?? judgeTarget(this.cloud, target, this.port, this.drafting, names);
    if (likeness) this.judged.set(likeness.key, judged);
    return {
      report: this.reportOn(target, judged, renaming(judged.names, names)),
      blaming: (rule, from) => {
        const told = judged.blames.get(rule) ?? this.blame(target, judged, names, rule, from);
        judged.blames.set(rule, told);
        const { blame } = told;
        return blame && { ...blame, component: renamed(blame.component, renaming(told.names, names)) };
      },
    };
  }

  private blame(target: Target, judged: Judged, names: readonly string[], rule: PolicyRule, from: AddressSet) {
    return rule.wants === 'forbid'
      ? { blame: admittedBy(judged.drafts, from, this.port), names: judged.names }
      : { blame: keptOutBy(this.cloud, target, from, this.port), names };
  }

  private reportOn(target: Target, judged: Judged, rename: Rename): TargetReport {
    const findings = judged.drafts.map((draft) => findingFrom(draft, this.asking, rename));
    const { verdict, everyone } = judged;
    const stopped = findings.find((finding) => finding.verdict === 'unreachable')?.symptom ?? 'times-out';
    const closed = findings.every((finding) => finding.verdict === 'unreachable');
    const others = closed ? this.cloud.alternatives(target, this.port) : [];
    return {
      target: target.ref,
      verdict,
      symptom: verdict === 'reachable' ? 'connects' : verdict === 'unknown' ? 'cannot-tell' : stopped,
      reachableFrom: judged.reachableFrom,
      partialFrom: judged.partialFrom,
      unknownFrom: judged.unknownFrom,
      flags: judged.flags,
      findings,
      host: hostReportOf(this.cloud.host(target, null, this.port), this.asking),
      alternatives: others.map((way) => alternativeOf(way, this.port, everyone, this.asking)),
    };
  }
}

/** An audit whose targets are judged one at a time, as they are asked for. */
export interface AuditStream {
  /** Its violations are complete when all targets were taken. */
  readonly report: Omit<Report, 'targets'> & { readonly targets: Iterable<TargetReport> };
  /** The exit code; to be asked when all targets were taken. */
  readonly exitCode: () => 0 | 1 | 3;
}

/** Judges every instance. Nothing of a target is kept once it was taken, so that an account of any size fits. */
export function auditStream(
  cloud: Cloud,
  { port, policy }: { readonly port: number; readonly policy?: Policy },
): AuditStream {
  let unsure = !cloud.listsEveryTarget();
  const violations: Violation[] = [];
  const auditor = new Auditor(cloud, port);
  function* targets(): Iterable<TargetReport> {
    for (const target of cloud.targets()) {
      const { report, blaming } = auditor.audit(target);
      const checked = policy && check(policy, report, blaming);
      if (checked) violations.push(...checked.violations);
      unsure ||= checked ? checked.unsure : report.unknownFrom.length > 0;
      yield report;
    }
  }
  const report = {
    ...reportOf({ command: 'audit', from: ['anyone'], port }, [], cloud.gaps()),
    violations,
    targets: targets(),
  };
  return { report, exitCode: () => (violations.length > 0 ? 1 : unsure ? 3 : 0) };
}

/** Answers for every instance who can reach it, and where that is against the policy. */
export function audit(cloud: Cloud, question: AuditQuestion): Answer {
  const port = question.port ?? 22;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    const why = 'ports are whole numbers from 1 to 65535';
    return refusal(problem(`${port} is not a TCP port`, '--port', why, 'leave it out for 22'));
  }
  const read = question.policy === undefined ? undefined : readPolicy(question.policy, 'the policy');
  if (read && !read.policy) return refusal(...read.problems);
  const { report, exitCode } = auditStream(cloud, { port, ...(read?.policy && { policy: read.policy }) });
  const targets = [...report.targets];
  return { report: { ...report, targets }, problems: [], exitCode: exitCode() };
}
