import type { Asking } from '../message/index.js';
import type { Finding, Path, TargetReport, Verdict } from '../model/index.js';
import type { Cloud, Target } from '../provider.js';
import { AddressSet } from '../set/index.js';
import type { Alternatives } from './alternative.js';
import type { Draft, Prefixes } from './audit-finding.js';
import type { SharedBlame } from './blame.js';
import { hostReportOf } from './host-report.js';
import type { PolicyRule } from './policy.js';

/** What is the same for all targets that have the same ways. */
export interface Judged {
  readonly verdict: Verdict;
  /** What is not the internet to these targets. */
  readonly ownNetworks: AddressSet;
  readonly everyone: AddressSet;
  readonly reachable: Prefixes;
  readonly partial: Prefixes;
  readonly unknown: Prefixes;
  readonly flags: readonly string[];
  readonly open: boolean;
  /** For each way, in order; drafted when they are first asked for. */
  readonly drafts: () => readonly (readonly Draft[])[];
  /** Who is to blame for breaking a rule, once that was asked. */
  readonly blames: Map<PolicyRule, SharedBlame | undefined>;
}

const noSteps: Finding['steps'] = [];
const noFixes: Finding['fixes'] = [];

/**
 * A draft in the words of one path. Words are found when they are asked for: an audit has millions of findings, and most reports
 * show few of them. Steps are left to `explain`.
 */
export class AuditFinding implements Finding {
  private readonly draft: Draft;
  private readonly on: Path;

  constructor(draft: Draft, on: Path) {
    this.draft = draft;
    this.on = on;
  }

  get from() {
    return this.draft.from.list;
  }
  get address() {
    return this.on.address;
  }
  get family() {
    return this.on.way.family;
  }
  get interface() {
    return this.on.interface?.id ?? null;
  }
  get path() {
    return this.on.way.kind;
  }
  get port() {
    return this.on.way.port;
  }
  get verdict() {
    return this.draft.verdict;
  }
  get symptom() {
    return this.draft.symptom;
  }
  get causes() {
    return this.draft.causesFor(this.on);
  }
  get missing() {
    return this.draft.missing;
  }
  get steps() {
    return noSteps;
  }
  get fixes() {
    return noFixes;
  }
}

/** An audited target, as it was asked about. */
export interface Audited {
  readonly cloud: Cloud;
  readonly target: Target;
  readonly paths: readonly Path[];
  readonly asking: Asking;
  readonly alternatives: Alternatives;
}

/** What an audit says of a target. What costs much is found when it is asked for, and again each time. */
export class AuditReport implements TargetReport {
  private readonly audited: Audited;
  private readonly judged: Judged;

  constructor(audited: Audited, judged: Judged) {
    this.audited = audited;
    this.judged = judged;
  }

  get findings(): readonly AuditFinding[] {
    return this.judged.drafts().flatMap((drafts, index) => {
      const path = this.audited.paths[index];
      return path ? drafts.map((draft) => new AuditFinding(draft, path)) : [];
    });
  }
  get target() {
    return this.audited.target.ref;
  }
  get verdict() {
    return this.judged.verdict;
  }
  get bestGuess() {
    return undefined;
  }
  get symptom() {
    if (this.verdict === 'reachable') return 'connects';
    if (this.verdict === 'unknown') return 'cannot-tell';
    for (const drafts of this.judged.drafts())
      for (const { verdict, symptom } of drafts) if (verdict === 'unreachable') return symptom;
    return 'times-out';
  }
  get reachableFrom() {
    return this.judged.reachable.list;
  }
  get partialFrom() {
    return this.judged.partial.list;
  }
  get unknownFrom() {
    return this.judged.unknown.list;
  }
  get flags() {
    return this.judged.flags;
  }
  get host() {
    const { cloud, target, asking } = this.audited;
    const { reachable, partial, unknown } = this.judged;
    const clients = AddressSet.unionOf([reachable.set, partial.set, unknown.set]);
    return hostReportOf(cloud.host(target, null, asking.port), clients, asking);
  }
  get alternatives() {
    if (this.judged.open) return [];
    const { cloud, target, asking, alternatives } = this.audited;
    return cloud
      .alternatives(target, { port: asking.port, everyone: true })
      .map((way) => alternatives.of(way, this.judged.everyone));
  }
}

/** A finding as an object of its own, with all its words. */
function written(finding: Finding): Finding {
  const {
    from,
    address,
    family,
    interface: eni,
    path,
    port,
    verdict,
    symptom,
    causes,
    missing,
    steps,
    fixes,
  } = finding;
  const where = { from, address, family, interface: eni, path, ...(port !== undefined && { port }) };
  return { ...where, verdict, symptom, causes, missing, steps, fixes };
}

/** A report as an object of its own, with all its words, for those who keep it. */
export function writtenReport(report: TargetReport): TargetReport {
  const { target, verdict, symptom, reachableFrom, partialFrom, unknownFrom, flags, host, alternatives } = report;
  const answer = { target, verdict, symptom, reachableFrom, partialFrom, unknownFrom, flags };
  return { ...answer, findings: report.findings.map(written), host, alternatives };
}
