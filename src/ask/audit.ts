import { type Summary, summarise } from '../engine/index.js';
import { ListMemo } from '../memo.js';
import type { Asking } from '../message/index.js';
import {
  type Path,
  type Report,
  subjectOf,
  type TargetReport,
  type Verdict,
  type Violation,
  type Way,
} from '../model/index.js';
import type { Cloud, Target } from '../provider.js';
import { AddressSet } from '../set/index.js';
import { Alternatives } from './alternative.js';
import { type Answer, refusal, wrongPort } from './answer.js';
import { Drafting, Prefixes } from './audit-finding.js';
import { type Audited, AuditReport, type Judged, writtenReport } from './audit-report.js';
import { admittedBy, type Blame, keptOutBy, type SharedBlame } from './blame.js';
import { clientsOf } from './everyone.js';
import { type Blaming, check, type Policy, type PolicyRule, readPolicy } from './policy.js';
import { reportOf } from './report.js';
import { flagsOf, wholeInternet } from './source.js';

export interface AuditQuestion {
  /** 1 to 65535; 22 when left out. */
  readonly port?: number;
  /** A policy as `port22 schema policy` describes it, parsed. */
  readonly policy?: unknown;
}

const nobody: Summary = { reachable: AddressSet.empty, partial: AddressSet.empty, unknown: AddressSet.empty };

function verdictOf(everyone: AddressSet, reachable: AddressSet, partial: AddressSet, unknown: AddressSet): Verdict {
  if (!everyone.isEmpty && reachable.covers(everyone)) return 'reachable';
  if (!reachable.isEmpty || !partial.isEmpty) return 'partial';
  return unknown.isEmpty ? 'unreachable' : 'unknown';
}

/** Judges targets one after another; of those that have the same ways, the first for all. */
export class Auditor {
  private readonly cloud: Cloud;
  private readonly port: number;
  private readonly asking: Asking;
  private readonly drafting: Drafting;
  private readonly alternatives: Alternatives;
  private readonly judged = new ListMemo<Judged>();
  /** By the networks that are not the internet, and by who comes. */
  private readonly onInternet = new WeakMap<AddressSet, WeakMap<AddressSet, AddressSet>>();

  constructor(cloud: Cloud, port: number) {
    this.cloud = cloud;
    this.port = port;
    this.asking = { from: 'anyone', port };
    this.drafting = new Drafting(this.asking);
    this.alternatives = new Alternatives(this.asking);
  }

  audit(target: Target): { readonly audited: Audited; readonly judged: Judged } {
    const paths = this.cloud.paths(target, { port: this.port, everyone: true });
    const ways = paths.map(({ way }) => way);
    const shared = ways.every((way) => way.shared);
    const judged = this.judged.once(ways, () => this.judge(target, ways), shared);
    const { cloud, asking, alternatives } = this;
    return { audited: { cloud, target, paths, asking, alternatives }, judged };
  }

  /** What a violation by these clients is to be blamed on. */
  blame({ target, paths }: Audited, { blames }: Judged, rule: PolicyRule, from: AddressSet): Blame | undefined {
    const told = (shared: SharedBlame | undefined, among: readonly Path[]): Blame | undefined => {
      const path = shared && among[shared.path];
      return path && { component: subjectOf(path, shared.subject), rule: shared.rule };
    };
    if (!blames.has(rule)) {
      blames.set(rule, (rule.wants === 'forbid' ? admittedBy : keptOutBy)(paths, from, this.port));
    }
    const blame = told(blames.get(rule), paths);
    if (blame || rule.wants === 'forbid') return blame;
    // No way leads from these clients: the ways that exist to say why do.
    const explaining = this.cloud.paths(target, { port: this.port, everyone: false, from });
    return told(keptOutBy(explaining, from, this.port), explaining);
  }

  /** Ways to one subnet have one origin, as the same object, and so the same clients; ways of other kinds may have it too. */
  private clientsOf(way: Way, own: AddressSet): AddressSet {
    if (way.kind !== 'internet') return clientsOf(way, own);
    const known = this.onInternet.get(own) ?? new WeakMap<AddressSet, AddressSet>();
    this.onInternet.set(own, known);
    const clients = known.get(way.origin) ?? clientsOf(way, own);
    known.set(way.origin, clients);
    return clients;
  }

  /** Who can reach one target: every source at once. */
  private judge(target: Target, ways: readonly Way[]): Judged {
    const own = this.cloud.ownNetworks(target);
    const clients = ways.map((way) => this.clientsOf(way, own));
    const everyone = AddressSet.unionOf(clients);
    const sums = ways.map((way, index) => summarise(way, this.port, clients[index] ?? AddressSet.empty));
    const reachable = AddressSet.unionOf(sums.map((sum) => sum.reachable));
    const partial = AddressSet.unionOf(sums.map((sum) => sum.partial)).subtract(reachable);
    const unknown = AddressSet.unionOf(sums.map((sum) => sum.unknown))
      .subtract(reachable)
      .subtract(partial);
    const open = !(reachable.isEmpty && partial.isEmpty && unknown.isEmpty);
    const draft = () =>
      ways.map((way, index) =>
        open
          ? this.drafting.openings(way, sums[index] ?? nobody)
          : this.drafting.closed(way, clients[index] ?? AddressSet.empty),
      );
    let drafts: ReturnType<typeof draft> | undefined;
    return {
      ownNetworks: own,
      verdict: verdictOf(everyone, reachable, partial, unknown),
      everyone,
      reachable: new Prefixes(reachable),
      partial: new Prefixes(partial),
      unknown: new Prefixes(unknown),
      flags: flagsOf(reachable, wholeInternet(this.cloud, target)),
      open,
      drafts: () => {
        drafts ??= draft();
        return drafts;
      },
      blames: new Map(),
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
      const { audited, judged } = auditor.audit(target);
      const { reachable, partial, unknown } = judged;
      const clients = { reachable: reachable.set, partial: partial.set, unknown: unknown.set };
      const blaming: Blaming = (rule, from) => auditor.blame(audited, judged, rule, from);
      const checked = policy && check(policy, target.ref, clients, judged.ownNetworks, blaming);
      if (checked) violations.push(...checked.violations);
      unsure ||= checked ? checked.unsure : !unknown.set.isEmpty;
      yield new AuditReport(audited, judged);
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
  const wrong = wrongPort(port);
  if (wrong) return refusal(wrong);
  const read = question.policy === undefined ? undefined : readPolicy(question.policy, 'the policy');
  if (read && !read.policy) return refusal(...read.problems);
  const { report, exitCode } = auditStream(cloud, { port, ...(read?.policy && { policy: read.policy }) });
  const targets = Array.from(report.targets, writtenReport);
  return { report: { ...report, targets }, problems: [], exitCode: exitCode() };
}
