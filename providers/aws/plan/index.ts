import type { Choice } from '../../../src/plan/choice.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Planned, PlannedMachine, PlanProvider } from '../../../src/plan/planned.js';
import { withoutStandIns } from '../../../src/plan/stand-in.js';
import { View } from '../../../src/plan/view.js';
import type { Cloud } from '../../../src/provider.js';
import { AwsIntake } from '../files.js';
import type { Inventory } from '../inventory.js';
import { kinds } from '../records/collections.js';
import { conflictKey, rivals } from './association.js';
import { projectBalancers } from './balancer.js';
import { conflictsOf } from './conflict.js';
import { projectConnectEndpoints } from './connect-endpoint.js';
import { hasUndeclaredRules, projectGroups } from './group.js';
import { AwsPlanTypes, planTypeOf } from './identity.js';
import { knows } from './known-type.js';
import { machineTypes, projectMachines } from './machine.js';
import { projectNetwork } from './network.js';
import { hasUndeclaredEntries } from './network-acl.js';
import { type ApiRecord, holds, listsOf, nameOf, observedKey, Projection } from './project.js';
import { addToRecordedInterfaces } from './recorded-interface.js';
import { hasUndeclaredRoutes } from './route-table.js';
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

/** The cloud after the deployment; `isAnswer` where what was not asked of the recording is not there. */
function cloudOf(projection: Projection, isAnswer: boolean): Cloud {
  const document = documentOf(projection);
  const intake = new AwsIntake(projection.base, isAnswer);
  const sink = intake.open('plan');
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) {
    if (!Array.isArray(value) || !sink.wants(key)) rest[key] = value;
    else for (const element of value) sink.element(key, element, { file: 'plan', line: 1, column: 1 });
  }
  sink.rest(rest);
  sink.close();
  for (const one of projection.documents) {
    const own = intake.open('plan');
    own.rest(one);
    own.close();
  }
  return withoutStandIns(intake.finish({ complete: false }).cloud);
}

/** What was recorded without what goes in this deployment. */
function without(base: Inventory | undefined, { links }: View): Inventory | undefined {
  if (!base || links.former.length === 0) return base;
  const rest = base.copy();
  for (const record of links.former) {
    const kind = planTypeOf(record)?.kind;
    // What was replaced has a new id, and the same URN.
    const stays = links.describers(record.id ?? '').length > 0;
    if (kind !== undefined && !stays) for (const list of listsOf[kind] ?? []) rest.remove(list, record.id ?? '');
  }
  return rest;
}

/** What the account itself may have, and nobody declares. */
const ACCOUNT_CONTROL = 'Block Public Access of the account';

/** Whether nobody knows what controls the account has. As declared, it has none. */
function isHidden({ answers, assumptions, view }: Projection): boolean {
  if (answers.has('VpcBlockPublicAccessOptions') || view.reading === 'as declared') return false;
  return assumptions.unseenControls === 'unknown';
}

/** Tells a deployment in the words of EC2. */
function project(projection: Projection): readonly PlannedMachine[] {
  projectNetwork(projection);
  projectGroups(projection);
  projectConnectEndpoints(projection);
  const machines = projectMachines(projection);
  addToRecordedInterfaces(projection);
  projectBalancers(projection, machines);
  projectUnseen(projection);
  return machines;
}

/** What EC2 would answer of an account that has what a deployment says, and nothing else: one document for each answer. */
export function answersOf(view: View): readonly ApiRecord[] {
  const assumptions = { unseenControls: 'assume-none', defaultNetwork: 'unknown' } as const;
  const projection = new Projection(view, view.links.records, assumptions);
  project(projection);
  return [documentOf(projection), ...projection.documents];
}

function lower(view: View, records: readonly PlanRecord[], assumptions: Assumptions, evidence?: unknown): Planned {
  const base = without(evidence as Inventory | undefined, view);
  const projection = new Projection(view, records, assumptions, base);
  const machines = project(projection);
  if (!projection.answers.has('VpcBlockPublicAccessOptions') && !isHidden(projection))
    projection.assumed.add(`no ${ACCOUNT_CONTROL}`);
  return {
    cloud: cloudOf(projection, true),
    // The program tells all there is of what it makes, and nothing of what else is in the account.
    ...(base && { recorded: () => cloudOf(projection, base.complete) }),
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

/** Lists of which the program leaves out what somebody saw in them: their types, and what stands in them. */
const observedLists: readonly (readonly [
  types: readonly string[],
  place: string,
  hasOthers: (projection: Projection, record: PlanRecord) => boolean,
])[] = [
  [['SecurityGroup', 'DefaultSecurityGroup'], 'ingress', hasUndeclaredRules],
  [['RouteTable', 'DefaultRouteTable'], 'routes', hasUndeclaredRoutes],
  [['NetworkAcl'], 'ingress', hasUndeclaredEntries],
];

/** What was there at the last look stays or goes, and in a policy pack nobody says which. */
function observedChoices(projection: Projection): readonly Choice[] {
  if (projection.view.links.showsDeletions) return [];
  return observedLists.flatMap(([types, place, hasOthers]) =>
    projection
      .all(...types)
      .filter((record) => hasOthers(projection, record))
      .map(
        (record): Choice => ({
          key: observedKey(record),
          urn: record.urn,
          doubt: 'observed',
          places: [place],
          options: [[[]], [[record.urn]]],
          isDeclared: (option) => option === 0,
        }),
      ),
  );
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
    if (type?.kind !== 'lt' && type?.kind !== 'lc') return [];
    if (links.identitiesOf(record).some(({ id }) => used.has(id))) return [];
    return [
      {
        urn: record.urn,
        message: `nothing in this deployment starts machines from ${JSON.stringify(record.name)}, so where they will stand is not known`,
      },
    ];
  });
}

/** AWS as its resources stand in a Pulumi program (pulumi.md, 6.1 to 6.3). */
export const awsPlan: PlanProvider = {
  provider: 'aws',
  knows,
  types: (records, over) => new AwsPlanTypes(records, over),
  isMachine: (record) => machineTypes.has(nameOf(record)),
  isEverywhere: ({ token }) =>
    ['VpcBlockPublicAccessOptions', 'DefaultVpc', 'DefaultSubnet'].includes(token?.name ?? ''),
  holds: (base, id) => holds(base as Inventory, id),
  choices: choicesOf,
  conflicts: conflictsOf,
  remarks: unusedTemplates,
  rules: writtenRules,
  lower,
};
