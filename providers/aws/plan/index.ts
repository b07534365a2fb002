import type { Choice } from '../../../src/plan/choice.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Planned, PlannedMachine, PlanProvider } from '../../../src/plan/planned.js';
import { withoutStandIns } from '../../../src/plan/stand-in.js';
import { View } from '../../../src/plan/view.js';
import type { Cloud } from '../../../src/provider.js';
import { AwsIntake } from '../files.js';
import { kinds } from '../records/collections.js';
import { conflictsOf } from './conflict.js';
import { projectGroups } from './group.js';
import { AwsPlanTypes, planTypeOf } from './identity.js';
import { projectMachines } from './machine.js';
import { conflictKey, projectNetwork, rivals } from './network.js';
import { Projection } from './project.js';
import { projectUnseen } from './unseen.js';

/** The answers about accounts that no program shows. */
const unseen: ReadonlySet<string> = new Set(['VpcBlockPublicAccessOptions']);

/** What EC2 would answer, every list whole: what is not declared is not there. */
function documentOf(projection: Projection, { unseenControls }: Assumptions): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  for (const kind of Object.values(kinds)) {
    if ('subject' in kind || kind.key === 'SerialConsoleAccessEnabled') continue;
    if (unseen.has(kind.key) && unseenControls === 'unknown') continue;
    document[kind.key] = [];
  }
  for (const [key, records] of projection.answers) {
    document[key === 'Instances' ? 'Reservations' : key] = key === 'Instances' ? [{ Instances: records }] : records;
  }
  return document;
}

function cloudOf(document: Readonly<Record<string, unknown>>): Cloud {
  const intake = new AwsIntake();
  const sink = intake.open('plan');
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) {
    if (!Array.isArray(value) || !sink.wants(key)) rest[key] = value;
    else for (const element of value) sink.element(key, element, { file: 'plan', line: 1, column: 1 });
  }
  sink.rest(rest);
  sink.close();
  return intake.finish({ complete: false }).cloud;
}

const machineTypes: ReadonlySet<string> = new Set([
  'aws Instance',
  'aws SpotInstanceRequest',
  'aws Group',
  'aws LaunchTemplate',
  'aws-native Instance',
  'aws-native AutoScalingGroup',
  'aws-native LaunchTemplate',
]);

function lower(view: View, records: readonly PlanRecord[], assumptions: Assumptions): Planned {
  const projection = new Projection(view, records);
  projectNetwork(projection);
  projectGroups(projection);
  const machines: readonly PlannedMachine[] = projectMachines(projection);
  projectUnseen(projection, assumptions);
  return {
    cloud: withoutStandIns(cloudOf(documentOf(projection, assumptions))),
    machines,
    origin: (rule) => projection.origins.get(rule),
    assumed: [...projection.assumed],
    unsettled: [...projection.unsettled.values()],
  };
}

/** Among several route tables or ACLs of one subnet one counts, and nobody says which. */
function choicesOf(links: Links, records: readonly PlanRecord[]): readonly Choice[] {
  const projection = new Projection(new View(links, 'as known'), records);
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

const looksLikeOne = /firewall|rule|instance|network|securitygroup|port/i;

/** AWS as its resources stand in a Pulumi program (pulumi.md, 6.1 to 6.3). */
export const awsPlan: PlanProvider = {
  provider: 'aws',
  knows(record) {
    if (planTypeOf(record)) return 'yes';
    const pkg = record.token?.pkg;
    if (pkg !== 'aws' && pkg !== 'aws-native') return 'no';
    return looksLikeOne.test(record.token?.name ?? '') ? 'looks like one' : 'no';
  },
  types: (records) => new AwsPlanTypes(records),
  isMachine: ({ token }) => machineTypes.has(`${token?.pkg} ${token?.name}`),
  isEverywhere: ({ token }) => token?.name === 'VpcBlockPublicAccessOptions' || token?.name === 'DefaultVpc',
  choices: choicesOf,
  conflicts: conflictsOf,
  lower,
};
