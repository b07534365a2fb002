import type { Choice } from '../../../src/plan/choice.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Planned, PlannedMachine, PlanProvider } from '../../../src/plan/planned.js';
import { withoutStandIns } from '../../../src/plan/stand-in.js';
import { View } from '../../../src/plan/view.js';
import type { Cloud } from '../../../src/provider.js';
import { AwsIntake } from '../files.js';
import type { Inventory } from '../inventory.js';
import { type KindName, kinds } from '../records/collections.js';
import { conflictKey, rivals } from './association.js';
import { projectBalancers } from './balancer.js';
import { conflictsOf } from './conflict.js';
import { observedKey, projectGroups, undeclaredRules } from './group.js';
import { AwsPlanTypes, planTypeOf } from './identity.js';
import { projectMachines } from './machine.js';
import { projectNetwork } from './network.js';
import { type ApiRecord, Projection } from './project.js';
import { projectUnseen } from './unseen.js';
import { writtenRules } from './written-rule.js';

/** The answers about accounts that no program shows. */
const unseen: ReadonlySet<string> = new Set(['VpcBlockPublicAccessOptions']);

/** What EC2 would answer, every list whole: what is not declared is not there. */
function documentOf(projection: Projection): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  for (const kind of Object.values(kinds)) {
    if ('subject' in kind || kind.key === 'SerialConsoleAccessEnabled') continue;
    if (unseen.has(kind.key) && isHidden(projection)) continue;
    document[kind.key] = [];
  }
  for (const [key, records] of projection.answers) {
    document[key === 'Instances' ? 'Reservations' : key] = key === 'Instances' ? [{ Instances: records }] : records;
  }
  return document;
}

function cloudOf(
  document: Readonly<Record<string, unknown>>,
  subjects: readonly ApiRecord[],
  base: Inventory | undefined,
): Cloud {
  const intake = new AwsIntake(base);
  const sink = intake.open('plan');
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) {
    if (!Array.isArray(value) || !sink.wants(key)) rest[key] = value;
    else for (const element of value) sink.element(key, element, { file: 'plan', line: 1, column: 1 });
  }
  sink.rest(rest);
  sink.close();
  for (const one of subjects) {
    const own = intake.open('plan');
    own.rest(one);
    own.close();
  }
  return intake.finish({ complete: false }).cloud;
}

/** In which list the API shows things of a kind. */
const listsOf: Readonly<Record<string, readonly KindName[]>> = {
  instance: ['instances'],
  eni: ['interfaces'],
  sg: ['groups'],
  subnet: ['subnets'],
  vpc: ['vpcs'],
  gateway: ['gateways', 'nats', 'vpnGateways'],
  rtb: ['tables'],
  nacl: ['acls'],
  eip: ['addresses'],
  pl: ['prefixLists'],
};

/** What was recorded without what goes in this deployment. */
function without(base: Inventory | undefined, { links }: View): Inventory | undefined {
  const leaving = links.leaving.filter(({ id }) => id !== undefined);
  if (!base || leaving.length === 0) return base;
  const rest = base.copy();
  for (const record of leaving) {
    const kind = planTypeOf(record)?.kind;
    // What was replaced has a new id, and the same URN.
    const stays = links.describers(record.id ?? '').length > 0;
    if (kind !== undefined && !stays) for (const list of listsOf[kind] ?? []) rest.remove(list, record.id ?? '');
  }
  return rest;
}

const machineTypes: ReadonlySet<string> = new Set([
  'aws Instance',
  'aws SpotInstanceRequest',
  'aws Group',
  'aws-native Instance',
  'aws-native AutoScalingGroup',
]);

/** What the account itself may have, and nobody declares. */
const ACCOUNT_CONTROL = 'Block Public Access of the account';

/** Whether nobody knows what controls the account has. As declared, it has none. */
function isHidden({ answers, assumptions, view }: Projection): boolean {
  if (answers.has('VpcBlockPublicAccessOptions') || view.reading === 'as declared') return false;
  return assumptions.unseenControls === 'unknown';
}

function lower(view: View, records: readonly PlanRecord[], assumptions: Assumptions, evidence?: unknown): Planned {
  const base = without(evidence as Inventory | undefined, view);
  const projection = new Projection(view, records, assumptions, base);
  projectNetwork(projection);
  projectGroups(projection);
  const machines: readonly PlannedMachine[] = projectMachines(projection);
  projectBalancers(projection, machines);
  projectUnseen(projection);
  if (!projection.answers.has('VpcBlockPublicAccessOptions') && !isHidden(projection))
    projection.assumed.add(`no ${ACCOUNT_CONTROL}`);
  return {
    cloud: withoutStandIns(cloudOf(documentOf(projection), projection.documents, base)),
    machines,
    origin: (rule) => projection.origins.get(rule),
    assumed: [...projection.assumed],
    unsettled: [
      ...projection.unsettled.values(),
      ...(isHidden(projection) ? [{ urn: '', path: ACCOUNT_CONTROL, why: 'unseen control' as const }] : []),
    ],
  };
}

function choicesOf(links: Links, records: readonly PlanRecord[]): readonly Choice[] {
  const projection = new Projection(new View(links, 'as known'), records);
  return [...observedChoices(projection), ...rivalChoices(projection)];
}

/** Rules that were there at the last look stay or go, and in a policy pack nobody says which. */
function observedChoices(projection: Projection): readonly Choice[] {
  if (projection.view.links.showsDeletions) return [];
  return projection.all('SecurityGroup', 'DefaultSecurityGroup').flatMap((record): Choice[] => {
    if (undeclaredRules(projection, record).length === 0) return [];
    return [
      {
        key: observedKey(record),
        urn: record.urn,
        doubt: 'observed',
        places: ['ingress'],
        options: [[[]], [[record.urn]]],
        isDeclared: (option) => option === 0,
      },
    ];
  });
}

/** Among several route tables or ACLs of one subnet one counts, and nobody says which. */
function rivalChoices(projection: Projection): readonly Choice[] {
  return projection.all('Subnet', 'DefaultSubnet', 'native Subnet').flatMap((subnet) => {
    const id = projection.id(subnet, 'subnet');
    return (['rtb', 'nacl'] as const).flatMap((kind): Choice[] => {
      const all = rivals(projection, id, kind);
      if (all.length < 2) return [];
      return [
        {
          key: conflictKey(kind, id),
          urn: subnet.urn,
          doubt: 'conflict',
          places: [],
          options: all.map((one) => [[one.urn]]),
          isDeclared: () => true,
        },
      ];
    });
  });
}

/** Templates of which nobody knows where their machines will stand. */
function unusedTemplates(links: Links) {
  const used = new Set(links.records.flatMap((record) => links.of(record).flatMap(({ link }) => link.held)));
  return links.records.flatMap((record) => {
    const type = planTypeOf(record);
    if ((type?.kind !== 'lt' && type?.kind !== 'lc') || record.status === 'deleting') return [];
    if (links.identitiesOf(record).some(({ id }) => used.has(id))) return [];
    return [
      {
        urn: record.urn,
        message: `nothing in this deployment starts machines from ${JSON.stringify(record.name)}, so where they will stand is not known`,
      },
    ];
  });
}

/** Types of these modules may open a port or hold a machine. */
const modules: ReadonlySet<string> = new Set([
  'ec2',
  'vpc',
  'lightsail',
  'lb',
  'alb',
  'elb',
  'networkfirewall',
  'index',
]);
const looksLikeOne = /firewall|rule|instance|network|group|port|fleet|listener|attachment/i;

/** AWS as its resources stand in a Pulumi program (pulumi.md, 6.1 to 6.3). */
export const awsPlan: PlanProvider = {
  provider: 'aws',
  knows(record) {
    if (planTypeOf(record)) return 'yes';
    const pkg = record.token?.pkg;
    if (pkg !== 'aws' && pkg !== 'aws-native') return 'no';
    const { module = '', name = '' } = record.token ?? {};
    return modules.has(module) && looksLikeOne.test(name) ? 'looks like one' : 'no';
  },
  types: (records) => new AwsPlanTypes(records),
  isMachine: ({ token }) => machineTypes.has(`${token?.pkg} ${token?.name}`),
  isEverywhere: ({ token }) =>
    ['VpcBlockPublicAccessOptions', 'DefaultVpc', 'DefaultSubnet'].includes(token?.name ?? ''),
  holds: (base, id) =>
    Object.values(listsOf)
      .flat()
      .some((list) => (base as Inventory).get(list, id) !== undefined),
  choices: choicesOf,
  conflicts: conflictsOf,
  remarks: unusedTemplates,
  rules: writtenRules,
  lower,
};
