import type { Form } from '../../support/azure/documents.js';
import { FORMS } from '../../support/azure/documents.js';
import { type Fixture, f0 } from '../../support/azure/fixture.js';
import { computeId, networkId, ref } from '../../support/azure/ids.js';
import { ALL_KINDS, type Kind, operationOf, type Question } from '../../support/azure/kinds.js';
import { neighbour, withV6 } from '../../support/azure/topology.js';
import { invented } from '../../support/collected-answers.js';
import type { AskedMachine, Omission, Scene, SceneRule } from '../suite/adapter.js';
import { providerSuite } from '../suite.js';

/** What port22 never asks for, or asks about single subjects only. */
const UNUSED: readonly string[] = ['firewallPolicies', 'ipGroups', 'adminRules'];

const ANSWERS = ['effectiveAdminRules', 'effectiveConnectivity', 'serviceTags'] as const;

const LISTS: readonly (Kind | Question)[] = [...ALL_KINDS.filter((kind) => !UNUSED.includes(kind)), ...ANSWERS];

const idOf = (name: string) => computeId('virtualMachines', name);

/** vmA, vmA1, vmA2, ... */
function machine(number: number): AskedMachine {
  const name = `vm${letterOf(number)}`;
  return {
    id: idOf(name),
    name,
    address: `10.0.1.${4 + number}`,
    publicAddress: `20.1.2.${3 + number}`,
    ipv6: '2001:db8:1:1::4',
    otherNames: { 'ARM id': idOf(name), 'ARM id in other letters': idOf(name).toUpperCase() },
  };
}

function letterOf(number: number): string {
  return number === 0 ? 'A' : `A${number}`;
}

/** The base fixture without vmA and the rule, and with the machines of the scene in s1. */
function fixtureOf(scene: Scene): Fixture {
  const f = f0().noRule('allow-ssh');
  f.remove('virtualMachines', 'vmA').remove('statuses', 'vmA').remove('networkInterfaces', 'nicA');
  f.remove('publicIPAddresses', 'ipA');
  if (scene.other) neighbour(f);
  if (scene.other === 'joined') f.peer('vnet1', 'vnet2');
  for (const number of scene.machines ?? [0]) addMachine(f, number, scene);
  if (scene.ipv6) withV6(f);
  if (scene.wayBack === false) f.routes('vnet1/s1', '0.0.0.0/0 None');
  if (scene.neighbourSends === false)
    f.addNsg('nsg2', { subnets: ['vnet1/s2'] }).deny('stop-out', { direction: 'Outbound' }, 'nsg2');
  for (const [at, rule] of (scene.rules ?? []).entries()) addRule(f, rule, at);
  // By default whatever belongs to VirtualNetwork may come in: here only what a rule of the scene lets in. That a route which
  // leads nowhere makes its prefix belong to the tag is neither documented nor ruled out.
  return f.deny('close-inside', { sourceAddressPrefix: scene.wayBack === false ? '*' : '10.0.0.0/8', priority: 4000 });
}

function addMachine(f: Fixture, number: number, scene: Scene): void {
  const { name, address: ip, publicAddress: publicIp } = machine(number);
  f.addVm(letterOf(number), { subnet: 'vnet1/s1', ip, ...(scene.publicAddress !== false && { publicIp }) });
  f.power(
    name,
    { running: 'running', stopped: 'deallocated', undocumented: 'dreaming', inherited: 'constructor' }[
      scene.state ?? 'running'
    ],
  );
}

function addRule(f: Fixture, { action, from, ports }: SceneRule, at: number): void {
  const fields = {
    access: action === 'allow' ? 'Allow' : 'Deny',
    sourceAddressPrefix: from,
    destinationPortRange: ports,
  };
  f.rule(`rule-${at}`, { priority: 110 + at, ...fields });
}

function without(f: Fixture, { list, how }: Omission): void {
  if (how === 'denied') f.denied(list as Kind | Question);
  else f.without(list as Kind | Question);
}

const edited = (edit: (f: Fixture) => unknown) => (scene: Scene) => {
  const f = fixtureOf(scene);
  edit(f);
  return f.documents('fetched');
};

providerSuite({
  name: 'Azure',
  forms: FORMS as [Form, ...Form[]],
  record: (scene, { omissions = [], form } = {}) => {
    const f = fixtureOf(scene);
    for (const omission of omissions) without(f, omission);
    return f.documents((form ?? 'fetched') as Form);
  },
  lists: LISTS,
  machineLists: ['virtualMachines', 'statuses'],
  neededLists: ['networkInterfaces', 'networkSecurityGroups', 'virtualNetworks', 'publicIPAddresses', 'statuses'],
  permissionOf: (list) => operationOf(list as Kind | Question),
  machine,
  neighbour: { id: idOf('vmB'), name: 'vmB', address: '10.0.2.4', prefix: '10.0.2.64/26' },
  peer: { id: idOf('vmP'), name: 'vmP', address: '10.1.0.4', prefix: '10.1.0.64/26' },
  causes: {
    noRule: 'azure/nsg-subnet nsg1',
    noRuleInside: 'azure/nsg-subnet nsg1',
    noRuleV6: 'azure/nsg-subnet nsg1',
    denied: 'azure/nsg-subnet nsg1',
    stopped: 'azure/vm-power vmA',
    noPublicAddress: 'azure/no-public-path nicA',
    privateFromInternet: 'azure/no-public-path nicA',
    noWayBack: 'azure/route-return rt-s1',
    senderClosed: 'azure/src-nsg-subnet nsg2',
    notJoined: 'azure/route-return s1',
    noIpv6: 'azure/no-public-path nicA',
  },
  symptomWithoutIpv6: 'net-unreachable',
  opener: 'nsg1',
  platform: ['168.63.129.16/32'],
  mended: ['noRule', 'denied', 'stopped', 'noPublicAddress', 'noWayBack'],
  dangling: {
    'its interface': edited((f) => f.remove('networkInterfaces', 'nicA')),
    'its network': edited((f) => f.remove('virtualNetworks', 'vnet1')),
    'its security group': edited((f) =>
      f.subnet('vnet1/s1', { networkSecurityGroup: ref(networkId('networkSecurityGroups', 'nsg7')) }),
    ),
    'its public address': edited((f) => f.remove('publicIPAddresses', 'ipA')),
    'its route table': edited((f) => f.subnet('vnet1/s1', { routeTable: ref(networkId('routeTables', 'rt7')) })),
  },
  unheardOf: (scene) => {
    const f = fixtureOf(scene);
    f.vm('vmA', { hardwareProfile: { vmSize: 'Cosmic_Z9' }, licenseType: 'Ether', priority: invented('Whenever') });
    f.power('vmB', 'dreaming');
    f.nic('nicA', { nicType: invented('Cosmic'), auxiliaryMode: invented('Ether') });
    f.vnet('vnet1', { privateEndpointVNetPolicies: invented('Sometimes') });
    return f.documents('fetched');
  },
  isWhole: () => false,
  numbersAsTexts: ['priority'],
  namesakes: () => {
    const f = fixtureOf({ machines: [0, 1] });
    const other = idOf('vmA').replace('/resourceGroups/rg/', '/resourceGroups/rg2/');
    const documents = f.documents('fetched').map(({ path, value }) => {
      const text = JSON.stringify(value).replaceAll(idOf('vmA1'), other).replaceAll('"vmA1"', '"vmA"');
      return { path, value: JSON.parse(text) };
    });
    return { documents, name: 'vmA', candidates: [idOf('vmA'), other].map((id) => id.toLowerCase()) };
  },
  writtenNames: ['vmA', 'nicA', 'nsg1', 'vnet1', 's1', 'ipA', 'rule-0', 'rule-1'],
});
