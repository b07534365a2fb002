import type { GateConflict, GateFinding, GateRemark, GateReport, PlannedResource } from '../model/index.js';
import type { Plan, PlanGap } from '../plan/plan.js';
import type { PlanRecord } from '../plan/plan-record.js';
import type { PlanProvider } from '../plan/planned.js';
import { keyOfToken } from '../plan/token.js';
import { CloudPlan, type GateQuestion } from './deployment.js';
import { findingOf } from './finding.js';
import type { Sources } from './sources.js';
import { quoted } from './words.js';

const gapWords: Readonly<Record<PlanGap, string>> = {
  'no-inputs': 'what the program asks for was not seen (is port22-collect disabled?), only what the providers answered',
  'partial-preview':
    'resources that stay as they are were not recorded: run pulumi preview --json --show-sames --show-reads',
  'unreadable-resource': 'a resource could not be read at all',
  redacted: 'the recording hides values that may decide',
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
    if (!token || record.isComponent || record.status === 'deleting' || record.type.startsWith('pulumi:')) return [];
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
    .filter(({ isReadable, status }) => !isReadable && status !== 'deleting')
    .map(({ urn, name }) => ({
      urn,
      message: `nothing can be read of ${quoted(name)}, so what it does is not known (ev-unreadable)`,
    }));
}

const byUrn = (a: { readonly urn?: string }, b: { readonly urn?: string }): number =>
  (a.urn ?? '') < (b.urn ?? '') ? -1 : (a.urn ?? '') > (b.urn ?? '') ? 1 : 0;

/** Judges every machine of a deployment for some sources. A machine that port22 fails at does not keep it from the others. */
export function gate(
  plan: Plan,
  providers: readonly PlanProvider[],
  question: GateQuestion,
  sources: Sources,
): GateReport {
  const findings: GateFinding[] = [];
  const failures: { machine: PlannedResource; message: string }[] = [];
  const remarks: GateRemark[] = plan.gaps.map((gap) => ({ message: gapWords[gap] }));
  const conflicts: GateConflict[] = [];
  for (const provider of providers) {
    if (!plan.records.some((record) => provider.knows(record) === 'yes')) continue;
    const cloud = new CloudPlan(provider, plan, question);
    for (const record of cloud.machines) {
      try {
        findings.push(findingOf(cloud, cloud.judge(record), sources));
      } catch (error) {
        failures.push({ machine: resourceOf(record), message: error instanceof Error ? error.message : String(error) });
      }
    }
    conflicts.push(...cloud.conflicts());
    remarks.push(...orphans(cloud), ...unreadable(cloud), ...cloud.remarks());
  }
  remarks.push(...strangeTypes(plan, providers));
  return {
    findings: findings.sort((a, b) => byUrn(a.machine, b.machine)),
    conflicts: conflicts.sort(byUrn),
    remarks: remarks.sort(byUrn),
    failures,
  };
}
