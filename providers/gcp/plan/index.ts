import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Conflict, Planned, PlanProvider } from '../../../src/plan/planned.js';
import { withoutStandIns } from '../../../src/plan/stand-in.js';
import { keyOfToken } from '../../../src/plan/token.js';
import type { View } from '../../../src/plan/view.js';
import type { Cloud } from '../../../src/provider.js';
import { GcpIntake } from '../files.js';
import type { Inventory } from '../inventory.js';
import { kinds } from '../records/kinds.js';
import { projectBalancers } from './balance.js';
import { choicesOf, conflictsOf } from './conflict.js';
import { GcpPlanTypes, planTypeOf } from './identity.js';
import { projectMachines } from './machine.js';
import { projectNetworks } from './network.js';
import { type ApiRecord, Projection } from './project.js';
import { holds } from './recording.js';
import { projectFirewalls } from './unseen.js';
import { writtenRules } from './written-rule.js';

/** Of these no list is told: what is in effect is told by network, and the rest no program shows. */
const untoldLists: ReadonlySet<string> = new Set([
  'compute#firewall',
  'compute#securityPolicy',
  'compute#networkProfile',
]);

/** What Compute Engine would answer, every list whole: what is not declared is not there. */
function documentsOf(projection: Projection, isWhole: boolean): readonly ApiRecord[] {
  const lists = Object.values(kinds).flatMap((kind) =>
    'kind' in kind && !untoldLists.has(kind.kind) ? [kind.kind] : [],
  );
  return [
    // Empty ones speak for every project, also for those of which nothing is declared.
    ...lists.map((kind) => ({ kind: `${kind}List` })),
    { policyBasedRoutes: [] },
    ...(isWhole ? [] : [{ kind: 'compute#instanceList', nextPageToken: 'more' }]),
    ...projection.documents,
  ];
}

function cloudOf(projection: Projection, isWhole: boolean): Cloud {
  const intake = new GcpIntake(projection.ground);
  for (const [kind, records] of projection.answers) {
    const sink = intake.open('plan');
    for (const record of records)
      sink.element('items', { kind: `compute#${kind}`, ...record }, { file: 'plan', line: 1, column: 1 });
    sink.rest({});
    sink.close();
  }
  for (const { items, ...document } of documentsOf(projection, isWhole)) {
    const sink = intake.open('plan');
    for (const item of Array.isArray(items) ? items : [])
      sink.element('items', item, { file: 'plan', line: 1, column: 1 });
    sink.rest({ ...document, ...(items !== undefined && { items: [] }) });
    sink.close();
  }
  return intake.finish({ complete: false }).cloud;
}

const machineTypes: ReadonlySet<string> = new Set([
  'Instance',
  'InstanceFromTemplate',
  'InstanceFromMachineImage',
  'InstanceTemplate',
  'RegionInstanceTemplate',
  'InstanceGroupManager',
  'RegionInstanceGroupManager',
]);

function isMachine(record: PlanRecord): boolean {
  return planTypeOf(record) !== undefined && machineTypes.has(record.token?.name ?? '');
}

function lower(view: View, records: readonly PlanRecord[], assumptions: Assumptions, evidence?: unknown): Planned {
  const projection = new Projection(view, records, assumptions, evidence as Inventory | undefined);
  // First the machines: what else is told of a network depends on who stands in it.
  const machines = projectMachines(projection);
  projectNetworks(projection);
  projectBalancers(projection, machines);
  projectFirewalls(projection);
  if (projection.base && !view.links.showsDeletions)
    projection.assumed.add('what was recorded and is not declared stays');
  const all = view.links.records.filter(isMachine);
  const isWhole = !projection.isAsKnown || all.length === records.filter(isMachine).length;
  return {
    cloud: withoutStandIns(cloudOf(projection, isWhole)),
    machines,
    origin: (rule) => projection.origins.get(rule),
    assumed: [...projection.assumed],
    unsettled: [...projection.unsettled.values()],
  };
}

const everywhere: ReadonlySet<string> = new Set([
  'pulumi:providers:gcp',
  'gcp:compute:FirewallPolicyAssociation',
  'gcp:index:FirewallPolicyAssociation',
  'gcp:tags:TagBinding',
  'gcp:tags:LocationTagBinding',
]);

const looksLikeOne =
  /firewall|forwarding|instance|networkpeering|networkendpoint|securitypolicy|tcpproxy|router|vpntunnel|interconnectattachment/i;
/** Proxies that a forwarding rule may lead to, and whose machines are not told. */
const unjudged: ReadonlySet<string> = new Set(['TargetSSLProxy', 'RegionTargetTcpProxy']);

/** Types that are known to be led to, and not what they do: each once, at its first resource. */
function unjudgedTypes(links: Links): readonly Conflict[] {
  const found = new Map<string, Conflict>();
  for (const { urn, type, token } of links.records) {
    const name = token?.name ?? '';
    if (!unjudged.has(name) || found.has(name)) continue;
    found.set(name, { urn, message: `resources of the type ${type} are not judged (unsupported-type)` });
  }
  return [...found.values()];
}

/** Of these the network knows nothing, whatever they are called. */
const harmless =
  /iam(?:binding|member|policy|auditconfig)$|snapshot|settings|schedule|sqs|packetmirroring|tlsinspection/i;

/** Google Cloud as its resources stand in a Pulumi program (pulumi.md, 6.4). */
export const gcpPlan: PlanProvider = {
  provider: 'gcp',
  knows(record) {
    if (planTypeOf(record)) return 'yes';
    const { token } = record;
    if (token?.pkg !== 'gcp' || !['compute', 'index'].includes(token.module)) return 'no';
    return looksLikeOne.test(token.name) && !harmless.test(token.name) ? 'looks like one' : 'no';
  },
  types: (records) => new GcpPlanTypes(records),
  isMachine,
  isEverywhere: ({ token }) => token !== undefined && everywhere.has(keyOfToken(token)),
  choices: choicesOf,
  conflicts: conflictsOf,
  remarks: unjudgedTypes,
  rules: writtenRules,
  holds: (base, id) => holds(base as Inventory, id),
  lower,
};
