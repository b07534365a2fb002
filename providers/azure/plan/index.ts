import type { Choice } from '../../../src/plan/choice.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Planned, PlanProvider } from '../../../src/plan/planned.js';
import { withoutStandIns } from '../../../src/plan/stand-in.js';
import { View } from '../../../src/plan/view.js';
import type { Cloud } from '../../../src/provider.js';
import { azureCloud } from '../cloud.js';
import { AzureIntake } from '../files.js';
import type { Inventory } from '../inventory.js';
import { scopeOf } from '../network.js';
import { kindNames, kinds } from '../records/kinds.js';
import { projectAddresses } from './address.js';
import { projectBalancers } from './balancer.js';
import { conflictsOf, remarksOn } from './conflict.js';
import { projectGroups } from './group.js';
import { AzurePlanTypes, planTypeOf } from './identity.js';
import { groupRivals, projectInterfaces } from './interface.js';
import { remaining } from './leaving.js';
import { projectMachines } from './machine.js';
import { conflictKey, projectNetworks, rivals, subnetsByNetwork } from './network.js';
import { type ApiRecord, Projection } from './project.js';
import { Recorded } from './recorded.js';
import { projectTables } from './route-table.js';
import { withoutStaleRoutes } from './stale.js';
import { addUnseen } from './unseen.js';
import { writtenRules } from './written-rule.js';

const place = { file: 'plan', line: 1, column: 1 };

/** What Azure would answer, every list whole: what is not declared is not there, or stays as it was recorded. */
function inventoryOf({ answers, base }: Projection, isComplete: boolean): Inventory {
  const intake = new AzureIntake(base);
  for (const name of kindNames) {
    const records: readonly ApiRecord[] = answers.get(name) ?? [];
    const envelope = { port22: { provider: 'azure', operation: kinds[name].action } };
    if ('type' in kinds[name]) {
      const sink = intake.open(name);
      for (const record of records) sink.element('value', { ...record, type: kinds[name].type }, place);
      sink.rest(envelope);
      sink.close();
    } else
      for (const record of records) {
        const sink = intake.open(name);
        sink.rest({ ...envelope, ...record });
        sink.close();
      }
  }
  return intake.finish({ complete: isComplete }).evidence;
}

/** Admin rules act when somebody has deployed them (Virtual Network Manager docs, deployments); where, no program shows. */
function hasAdminRules(projection: Projection): boolean {
  const others: ReadonlySet<unknown> = new Set(['connectivity', 'routing', 'securityuser']);
  const isDeployed = projection.all('Commit').some((commit) => {
    const type = projection.value(commit, 'commitType', 'scopeAccess');
    return typeof type !== 'string' || !others.has(type.toLowerCase());
  });
  if (!isDeployed && projection.all('AdminRule').length > 0)
    projection.assumed.add('security admin rules have no effect, since no deployment of them is declared');
  return isDeployed;
}

/** Answers that no admin rules stand before the networks of the program, save before those of which that was recorded. */
function assumeNoAdminRules(projection: Projection): void {
  projection.assumed.add('no security admin rules above the subscription');
  for (const record of projection.all('VirtualNetwork')) {
    const id = projection.id(record, 'vnet');
    const isTold = projection.base?.get('adminRules', id) !== undefined;
    const isRefused = projection.base?.gap('adminRules', scopeOf(id), id)?.kind === 'not-permitted';
    if (!isTold && !isRefused) projection.answer('adminRules', { virtualNetwork: id, value: [] });
  }
}

/** The cloud after the deployment: no answer of before it holds where the deployment changes what it comes from. */
function cloudAfter(projection: Projection, recorded: Inventory | undefined, isUnseen: boolean): Cloud {
  const isDeclared = projection.view.reading === 'as declared';
  const isComplete = isDeclared || (recorded ? recorded.complete : !isUnseen);
  const laid = inventoryOf(projection, isComplete);
  if (!recorded) return azureCloud(laid);
  if (hasAdminRules(projection)) {
    for (const id of laid.all('adminRules').keys()) laid.remove('adminRules', id);
    const incomplete = 'the deployment deploys admin rules, and no program shows where';
    if (!isDeclared) laid.note('adminRules', { scope: {}, incomplete });
  }
  return azureCloud(withoutStaleRoutes(laid, recorded));
}

function lower(
  view: View,
  records: readonly PlanRecord[],
  { unseenControls }: Assumptions,
  evidence?: unknown,
): Planned {
  const recorded = evidence as Inventory | undefined;
  const projection = new Projection(view, records, recorded, recorded && remaining(recorded, view.links));
  subnetsByNetwork(projection);
  projectAddresses(projection);
  projectInterfaces(projection);
  const machines = projectMachines(projection);
  addUnseen(projection);
  projectNetworks(projection);
  projectTables(projection);
  projectGroups(projection);
  projectBalancers(projection);
  const isUnseen = unseenControls === 'unknown' || hasAdminRules(projection);
  if (!isUnseen) assumeNoAdminRules(projection);
  return {
    cloud: withoutStandIns(cloudAfter(projection, recorded, isUnseen)),
    machines,
    origin: (rule) => projection.origins.get(rule),
    assumed: [...projection.assumed],
    unsettled: [
      ...projection.unsettled.values(),
      ...(isUnseen ? [{ urn: '', path: 'security admin rules', why: 'unseen control' as const }] : []),
    ],
  };
}

/** Among several associations of one subnet or interface one counts, and nobody says which. */
function choicesOf(links: Links, records: readonly PlanRecord[]): readonly Choice[] {
  const projection = new Projection(new View(links, 'as known'), records);
  const choice = (record: PlanRecord, kind: string, id: string, all: readonly PlanRecord[]): readonly Choice[] => {
    if (all.length < 2) return [];
    const options = all.map((one) => [[one.urn]]);
    return [
      { key: conflictKey(kind, id), urn: record.urn, doubt: 'conflict', places: [], options, isDeclared: () => true },
    ];
  };
  const choicesAt = (record: PlanRecord, kind: string, id: string): readonly Choice[] => {
    if (kind === 'nic') return choice(record, 'nic', id, groupRivals(projection, id));
    if (kind !== 'subnet') return [];
    return (['nsg', 'rt'] as const).flatMap((guard) => choice(record, guard, id, rivals(projection, id, guard)));
  };
  const declared = records.flatMap((record) =>
    links.identitiesOf(record).flatMap(({ kind, id }) => choicesAt(record, kind, id)),
  );
  // Of what only a recording shows, the associations are all that there is in the program.
  const others = ['nic', 'subnet'].flatMap((kind) =>
    projection.partsOfOthers(kind).flatMap((id) => {
      const [first] = links.joiners(id);
      return first ? choicesAt(first, kind, id) : [];
    }),
  );
  return [...declared, ...others];
}

/** What may let somebody in or keep him out. Ways out, plans and watchers do neither. */
const looksLikeOne =
  /firewall|rule|machine|scaleset|networkinterface|virtualnetwork|security(?:group|user|admin)|virtualhub|(?<!nat)gateway|subnet|publicip|loadbalancer|backendaddress|bastion|networkgroup|staticmember|connectivityconfiguration/i;
const machineTypes: ReadonlySet<string | undefined> = new Set(['VirtualMachine', 'VirtualMachineScaleSet']);

/** Azure as its resources stand in a Pulumi program (pulumi.md, 6.5). */
export const azurePlan: PlanProvider = {
  provider: 'azure',
  knows(record) {
    if (planTypeOf(record)) return 'yes';
    const { pkg, module, name } = record.token ?? {};
    if (pkg !== 'azure' && pkg !== 'azure-native') return 'no';
    const isOurs = module === 'network' || module === 'compute' || module === 'lb' || module === 'networkcloud';
    return isOurs && looksLikeOne.test(name ?? '') ? 'looks like one' : 'no';
  },
  types: (records, over) => new AzurePlanTypes(records, over),
  isMachine: (record) => machineTypes.has(planTypeOf(record)?.name),
  holds: (base, id) => new Recorded(base as Inventory).holds(id),
  isEverywhere: (record) => ['Commit', 'AdminRule'].includes(planTypeOf(record)?.name ?? ''),
  choices: choicesOf,
  conflicts: conflictsOf,
  remarks: remarksOn,
  rules: writtenRules,
  lower,
};
