import type { Choice } from '../../../src/plan/choice.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Planned, PlanProvider } from '../../../src/plan/planned.js';
import { withoutStandIns } from '../../../src/plan/stand-in.js';
import { View } from '../../../src/plan/view.js';
import type { Cloud } from '../../../src/provider.js';
import { AzureIntake } from '../files.js';
import { kindNames, kinds } from '../records/kinds.js';
import { projectAddresses } from './address.js';
import { projectBalancers } from './balancer.js';
import { conflictsOf } from './conflict.js';
import { projectGroups } from './group.js';
import { AzurePlanTypes, planTypeOf } from './identity.js';
import { groupRivals, projectInterfaces } from './interface.js';
import { projectMachines } from './machine.js';
import { conflictKey, projectNetwork, rivals, subnetsByNetwork } from './network.js';
import { type ApiRecord, Projection } from './project.js';
import { addUnseen } from './unseen.js';
import { writtenRules } from './written-rule.js';

const place = { file: 'plan', line: 1, column: 1 };

/** What Azure would answer, every list whole: what is not declared is not there. */
function cloudOf({ answers }: Projection, isComplete: boolean): Cloud {
  const intake = new AzureIntake();
  for (const name of kindNames) {
    const records: readonly ApiRecord[] = answers.get(name) ?? [];
    if ('type' in kinds[name]) {
      const sink = intake.open(name);
      for (const record of records) sink.element('value', { ...record, type: kinds[name].type }, place);
      sink.rest({ port22: { provider: 'azure', operation: kinds[name].action } });
      sink.close();
    } else
      for (const record of records) {
        const sink = intake.open(name);
        sink.rest(record);
        sink.close();
      }
  }
  return intake.finish({ complete: isComplete }).cloud;
}

/** Admin rules act when somebody has deployed them (Virtual Network Manager docs, deployments); where, no program shows. */
function hasAdminRules(projection: Projection): boolean {
  const isDeployed = projection.all('Commit').length > 0;
  if (!isDeployed && projection.all('AdminRule').length > 0)
    projection.assumed.add('security admin rules have no effect, since no deployment of them is declared');
  return isDeployed;
}

function lower(view: View, records: readonly PlanRecord[], { unseenControls }: Assumptions): Planned {
  const projection = new Projection(view, records);
  subnetsByNetwork(projection);
  projectAddresses(projection);
  projectInterfaces(projection);
  const machines = projectMachines(projection);
  addUnseen(projection);
  projectNetwork(projection);
  projectGroups(projection);
  projectBalancers(projection);
  const isUnseen = unseenControls === 'unknown' || hasAdminRules(projection);
  if (!isUnseen) projection.assumed.add('no security admin rules above the subscription');
  return {
    cloud: withoutStandIns(cloudOf(projection, view.reading === 'as declared' || !isUnseen)),
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
  return records.flatMap((record) =>
    links.identitiesOf(record).flatMap(({ kind, id }) => {
      if (kind === 'nic') return choice(record, 'nic', id, groupRivals(projection, id));
      if (kind !== 'subnet') return [];
      return (['nsg', 'rt'] as const).flatMap((guard) => choice(record, guard, id, rivals(projection, id, guard)));
    }),
  );
}

/** What may let somebody in or keep him out. Ways out, plans and watchers do neither. */
const looksLikeOne =
  /firewall|rule|machine|scaleset|networkinterface|virtualnetwork|securitygroup|securityuser|virtualhub|applicationgateway|subnet|publicip|loadbalancer|bastion/i;
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
  types: (records) => new AzurePlanTypes(records),
  isMachine: (record) => machineTypes.has(planTypeOf(record)?.name),
  isEverywhere: (record) => ['Commit', 'AdminRule'].includes(planTypeOf(record)?.name ?? ''),
  choices: choicesOf,
  conflicts: conflictsOf,
  remarks: () => [],
  rules: writtenRules,
  lower,
};
