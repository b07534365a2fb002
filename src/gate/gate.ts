import type { GateFinding, GateRemark, GateReport, PlannedResource, ProviderName } from '../model/index.js';
import type { Plan, PlanGap } from '../plan/plan.js';
import type { PlanRecord } from '../plan/plan-record.js';
import type { PlanProvider } from '../plan/planned.js';
import { keyOfToken } from '../plan/token.js';
import { CloudPlan, type GateQuestion, type Judgement } from './deployment.js';
import { findingOf, keptOutOf } from './finding.js';
import type { Sources } from './sources.js';
import { quoted } from './words.js';

const gapWords: Readonly<Record<PlanGap, string>> = {
  'no-inputs': 'what the program asks for was not seen (is port22-collect disabled?), only what the providers answered',
  'partial-preview':
    'resources that stay as they are were not recorded: run pulumi preview --json --show-sames --show-reads',
  'unreadable-resource': 'a resource could not be read at all',
  'no-dependencies': 'nothing tells what depends on what, so unknown references cannot be followed',
};

/** A resource of a provider that port22 does not speak, by what its type calls it. */
const firewallLike = /firewall|security_?group/i;

function resourceOf({ urn, type, name }: PlanRecord): PlannedResource {
  return { urn, type, name };
}

/** Types that may open a port or hold a machine and that nobody here understands: each once, at the first resource of its. */
function strangeTypes(plan: Plan, providers: readonly PlanProvider[]): GateRemark[] {
  const seen = new Set<string>();
  return plan.records.flatMap((record) => {
    const { token } = record;
    if (!token || record.isComponent || record.type.startsWith('pulumi:')) return [];
    const told = providers.map((provider) => provider.knows(record));
    if (told.includes('yes')) return [];
    const isStrange = told.includes('looks like one') || firewallLike.test(token.name);
    const key = keyOfToken(token);
    if (!isStrange || seen.has(key)) return [];
    seen.add(key);
    return [{ urn: record.urn, message: `resources of the type ${record.type} are not judged (unsupported-type)` }];
  });
}

/** Parts of nobody knows what: a rule of a group that cannot be told. */
function orphans(cloud: CloudPlan): GateRemark[] {
  return cloud.links.records.flatMap((record) => {
    const places = cloud.links.of(record).filter(({ link }) => link.is === 'choice' && link.choice.doubt === 'orphan');
    if (places.length === 0) return [];
    const paths = places.map(({ path }) => path).join(', ');
    return [
      {
        urn: record.urn,
        message: `${paths} of ${quoted(record.name)} is not known until deployed, so it may be a part of anything of its kind (ev-orphan)`,
      },
    ];
  });
}

function unreadable(cloud: CloudPlan): GateRemark[] {
  return cloud.links.records
    .filter(({ isReadable }) => !isReadable)
    .map(({ urn, name }) => ({
      urn,
      message: `nothing can be read of ${quoted(name)}, so what it does is not known (ev-unreadable)`,
    }));
}

const byUrn = (a: { readonly urn?: string }, b: { readonly urn?: string }): number =>
  (a.urn ?? '') < (b.urn ?? '') ? -1 : (a.urn ?? '') > (b.urn ?? '') ? 1 : 0;

function cloudRemarks(cloud: CloudPlan): GateRemark[] {
  return [...orphans(cloud), ...unreadable(cloud), ...cloud.remarks()];
}

/** What cannot be judged of one cloud's part of a deployment. */
export function remarksOf(cloud: CloudPlan, plan: Plan): readonly GateRemark[] {
  return [...plan.gaps.map((gap): GateRemark => ({ message: gapWords[gap] })), ...cloudRemarks(cloud)];
}

/** What is to be able to get in: these sources, at machines of which the name or the URN is wanted. */
export interface Requirement {
  readonly sources: Sources;
  readonly concerns: (machine: PlannedResource) => boolean;
}

/** The judgements of one cloud, or why there is none of a machine. */
interface Judged {
  readonly cloud: CloudPlan;
  readonly record: PlanRecord;
  readonly judgement: Judgement | Error;
}

/** A deployment under judgement: what was found out for one question is found out for all. */
export class Gate {
  private readonly plan: Plan;
  private readonly providers: readonly PlanProvider[];
  private readonly clouds: readonly CloudPlan[];
  private judged: readonly Judged[] | undefined;

  /** @param bases what was recorded of the accounts, by provider */
  constructor(
    plan: Plan,
    providers: readonly PlanProvider[],
    question: GateQuestion,
    bases: ReadonlyMap<ProviderName, unknown> = new Map(),
  ) {
    this.plan = plan;
    this.providers = providers;
    this.clouds = providers
      .filter((provider) => plan.records.some((record) => provider.knows(record) === 'yes'))
      .map((provider) => new CloudPlan(provider, plan, question, bases.get(provider.provider)));
  }

  /** Who of these sources gets in where, and what could not be judged. A machine that port22 fails at does not keep it from the others. */
  forbidden(sources: Sources): GateReport {
    const { findings, failures } = this.findings(sources, () => true, findingOf);
    const remarks = [
      ...this.plan.gaps.map((gap): GateRemark => ({ message: gapWords[gap] })),
      ...this.clouds.flatMap(cloudRemarks),
      ...strangeTypes(this.plan, this.providers),
    ];
    const conflicts = this.clouds.flatMap((cloud) => [...cloud.conflicts()]);
    return { findings, failures, conflicts: conflicts.sort(byUrn), remarks: remarks.sort(byUrn) };
  }

  /** Where one of these sources cannot surely get in, and by what it is kept out. */
  required(requirements: readonly Requirement[]): Pick<GateReport, 'findings' | 'failures'> {
    const all = requirements.map(({ sources, concerns }) => this.findings(sources, concerns, keptOutOf));
    return {
      findings: all.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict !== 'reachable')),
      failures: all.flatMap(({ failures }) => failures),
    };
  }

  private judgements(): readonly Judged[] {
    this.judged ??= this.clouds.flatMap((cloud) =>
      cloud.machines.map((record) => ({ cloud, record, judgement: orError(() => cloud.judge(record)) })),
    );
    return this.judged;
  }

  private findings(sources: Sources, concerns: Requirement['concerns'], find: typeof findingOf) {
    const findings: GateFinding[] = [];
    const failures: GateReport['failures'][number][] = [];
    for (const { cloud, record, judgement } of this.judgements()) {
      const machine = resourceOf(record);
      if (!concerns(machine)) continue;
      const found = judgement instanceof Error ? judgement : orError(() => find(cloud, judgement, sources));
      if (found instanceof Error) failures.push({ machine, message: found.message });
      else findings.push(found);
    }
    return { findings: findings.sort((a, b) => byUrn(a.machine, b.machine)), failures };
  }
}

function orError<T>(find: () => T): T | Error {
  try {
    return find();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
