import {
  COLLECTION_KEYS,
  type CollectionKey,
  operationOf,
  type QuestionOperation,
} from '../../support/aws/collection.js';
import { type Fixture, f0 } from '../../support/aws/fixture.js';
import { peeredVpc2, vpc2 } from '../../support/aws/topology.js';
import type { AskedMachine, Omission, Scene, SceneRule } from '../suite/adapter.js';
import { providerSuite } from '../suite.js';

const QUESTIONS = ['ec2:DescribeStaleSecurityGroups'] as const satisfies readonly QuestionOperation[];
const OPTIONS = 'VpcBlockPublicAccessOptions';

type List = CollectionKey | (typeof QUESTIONS)[number] | typeof OPTIONS;

/** What port22 never asks for. */
const UNUSED: readonly List[] = [
  'KeyPairs',
  'EgressOnlyInternetGateways',
  'LocalGatewayRouteTables',
  'TransitGatewayPeeringAttachments',
];

const EVERY: readonly List[] = [...COLLECTION_KEYS, ...QUESTIONS, OPTIONS];
const LISTS = EVERY.filter((list) => !UNUSED.includes(list));

function actionOf(list: string): string {
  if (list === OPTIONS) return 'ec2:DescribeVpcBlockPublicAccessOptions';
  return list.includes(':') ? list : operationOf(list as CollectionKey);
}

/** i-10, i-11, ... */
function machine(number: number): AskedMachine {
  const id = `i-1${number}`;
  return {
    id,
    name: `web-${number}`,
    address: `10.0.1.1${number}`,
    publicAddress: `198.51.100.1${number}`,
    ipv6: `2001:db8:1:1::1${number}`,
    otherNames: { ARN: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}` },
  };
}

/** F0 without i-1, and with the machines of the scene behind sg-1 and acl-a. */
function fixtureOf(scene: Scene): Fixture {
  const f = f0();
  f.remove('Reservations', 'i-1').remove('InstanceStatuses', 'i-1').remove('NetworkInterfaces', 'eni-1');
  f.remove('Addresses', 'eipalloc-10').acl('acl-a').open().on('subnet-a');
  named(f, 'i-2', 'worker');
  if (scene.other) named(scene.other === 'joined' ? peeredVpc2(f) : vpc2(f), 'i-9', 'peer');
  for (const number of scene.machines ?? [0]) addMachine(f, number, scene);
  if (scene.wayBack === false) f.table('rtb-pub').routes();
  if (scene.neighbourSends === false) f.sg('sg-2').egress();
  guarded(f, scene.rules ?? []);
  return f;
}

function addMachine(f: Fixture, number: number, scene: Scene): void {
  const { id, name, address: ip, publicAddress, ipv6 } = machine(number);
  const state = { running: 'running', stopped: 'stopped', undocumented: 'dreaming', inherited: 'constructor' }[
    scene.state ?? 'running'
  ];
  const [more, outside] = [scene.ipv6 && { ipv6 }, scene.publicAddress !== false && { public: publicAddress }];
  f.addInstance({ id, eni: `eni-1${number}`, subnet: 'subnet-a', ip, groups: ['sg-1'], state, ...more, ...outside });
  named(f, id, name);
}

function named(f: Fixture, id: string, name: string): void {
  f.edit('Reservations', id, { Tags: [{ Key: 'Name', Value: name }] });
}

/** A security group has no denials: they are entries of the network ACL, in which order counts. */
function guarded(f: Fixture, rules: readonly SceneRule[]): void {
  const allowing = rules.filter(({ action }) => action === 'allow').map(({ ports, from }) => `tcp ${ports} ${from}`);
  f.sg('sg-1')
    .inbound(...new Set(allowing))
    .egress('all 0.0.0.0/0', 'all ::/0');
  if (allowing.length < rules.length)
    f.acl('acl-a').in(...rules.map(({ action, ports, from }, at) => `${10 * (at + 1)} ${action} tcp ${ports} ${from}`));
}

function without(f: Fixture, { list, how }: Omission): void {
  if (how === 'denied') f.denied(actionOf(list));
  else f.without(list as List);
}

const edited = (edit: (f: Fixture) => unknown) => (scene: Scene) => {
  const f = fixtureOf(scene);
  edit(f);
  return f.documents();
};

providerSuite({
  name: 'AWS',
  forms: ['cli', 'fetched'],
  record: (scene, { omissions = [], form } = {}) => {
    const f = fixtureOf(scene);
    for (const omission of omissions) without(f, omission);
    return f.documents(form === 'cli' ? 'cli' : 'fetched');
  },
  lists: LISTS,
  machineLists: ['Reservations'],
  neededLists: ['Subnets', 'SecurityGroups', 'NetworkAcls', 'RouteTables'],
  permissionOf: actionOf,
  machine,
  neighbour: { id: 'i-2', name: 'worker', address: '10.0.2.20', prefix: '10.0.2.64/26' },
  peer: { id: 'i-9', name: 'peer', address: '10.1.0.9', prefix: '10.1.0.64/26' },
  causes: {
    noRule: 'aws/sg-no-inbound sg-1',
    noRuleInside: 'aws/sg-no-inbound sg-1',
    noRuleV6: 'aws/sg-no-inbound sg-1',
    denied: 'aws/nacl-in-deny acl-a',
    stopped: 'aws/inst-not-running i-10',
    noPublicAddress: 'aws/addr-no-public-ipv4 eni-10',
    privateFromInternet: 'aws/addr-private eni-10',
    noWayBack: 'aws/rt-missing rtb-pub',
    senderClosed: 'aws/src-sg-egress sg-2',
    notJoined: 'aws/pcx-none vpc-1',
    noIpv6: 'aws/addr-no-ipv6 eni-10',
  },
  symptomWithoutIpv6: 'times-out',
  opener: 'sg-1',
  platform: [],
  mended: ['noRule', 'denied', 'stopped', 'noPublicAddress', 'noWayBack', 'senderClosed'],
  dangling: {
    'its subnet': edited((f) => f.remove('Subnets', 'subnet-a')),
    'its security group': edited((f) => f.groups('eni-10', 'sg-7')),
    'the gateway of its route': edited((f) => f.remove('InternetGateways', 'igw-1')),
  },
  unheardOf: (scene) => {
    const f = fixtureOf(scene);
    f.edit('Reservations', 'i-10', { InstanceType: 'z9.cosmic', Architecture: 'riscv128', Hypervisor: 'ether' });
    f.edit('Reservations', 'i-2', { State: { Code: 99, Name: 'dreaming' } });
    f.edit('Vpcs', 'vpc-1', { InstanceTenancy: 'shared-ish' });
    f.edit('Addresses', 'eipalloc-10', { Domain: 'moon', NetworkBorderGroup: 'eu-west-1-moon' });
    return f.documents();
  },
  isWhole: () => false,
  numbersAsTexts: [],
  namesakes: () => {
    const f = fixtureOf({ machines: [0, 1] });
    named(f, 'i-11', 'web-0');
    return { documents: f.documents(), name: 'web-0', candidates: ['i-10', 'i-11'] };
  },
  writtenNames: ['i-10', 'web-0', 'eni-10', 'sg-1', 'acl-a', 'rtb-pub', 'subnet-a', 'vpc-1', 'igw-1'],
});
