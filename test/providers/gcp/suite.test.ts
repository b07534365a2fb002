import { invented } from '../../support/collected-answers.js';
import { externalV6 } from '../../support/gcp/compute-records.js';
import type { Form } from '../../support/gcp/documents.js';
import { type Fixture, f0 } from '../../support/gcp/fixture.js';
import { ALL_KINDS, type Kind, listKindOf, QUESTIONS, type Question } from '../../support/gcp/kinds.js';
import { l4 } from '../../support/gcp/records.js';
import { globalUrl, idOf, zonalUrl } from '../../support/gcp/urls.js';
import type { AskedMachine, Omission, Scene, SceneRule } from '../suite/adapter.js';
import { providerSuite } from '../suite.js';

/** Asked about single subjects only. */
const SINGLE: readonly string[] = ['addressGroups', 'networkProfiles'];

const ANSWERS = ['networkFirewalls', 'regionFirewalls'] as const;

const LISTS: readonly (Kind | Question)[] = [...ALL_KINDS.filter((kind) => !SINGLE.includes(kind)), ...ANSWERS];

const pathOf = (name: string, zone = 'us-central1-a') => `projects/p/zones/${zone}/instances/${name}`;

function machine(number: number): AskedMachine {
  const name = `web-${number}`;
  return {
    id: pathOf(name),
    name,
    address: `10.0.0.1${number}`,
    publicAddress: `203.0.113.1${number}`,
    ipv6: `2001:db8:1:1:0:1${number}::`,
    otherNames: { 'self link': zonalUrl('instances', name), number: idOf(zonalUrl('instances', name)) },
  };
}

/** The base fixture without vm1 and its rule, and with the machines of the scene in sn1. */
function fixtureOf(scene: Scene): Fixture {
  const f = f0().remove('instances', 'vm1').noRule('allow-ssh');
  f.addSubnet('sn2', { network: 'net1', prefix: '10.0.2.0/24' });
  f.addVm({ name: 'worker', subnet: 'sn2', ip: '10.0.2.20', tags: ['client'] });
  if (scene.other) {
    f.addNetwork('net2').addSubnet('sn-p', { network: 'net2', prefix: '10.1.0.0/24' });
    if (scene.other === 'joined') f.peer('net1', 'net2');
    f.addVm({ name: 'peer', network: 'net2', subnet: 'sn-p', ip: '10.1.0.9' });
  }
  for (const number of scene.machines ?? [0]) addMachine(f, number, scene);
  if (scene.ipv6) addIpv6(f);
  if (scene.wayBack === false) f.noRoute('default-internet');
  if (scene.neighbourSends === false) {
    const all = { direction: 'EGRESS', destinationRanges: ['0.0.0.0/0'] };
    f.rule('deny-out', { ...all, denied: l4('all'), targetTags: ['client'], priority: 100 });
  }
  for (const [at, rule] of (scene.rules ?? []).entries()) addRule(f, rule, at);
  return f;
}

function addMachine(f: Fixture, number: number, scene: Scene): void {
  const { name, address: ip, publicAddress } = machine(number);
  const outside = scene.publicAddress !== false && { external: publicAddress };
  const status = {
    running: () => 'RUNNING',
    stopped: () => 'TERMINATED',
    undocumented: () => invented('DREAMING'),
    inherited: () => invented('constructor'),
  }[scene.state ?? 'running'];
  f.addVm({ name, ip, tags: ['web'], ...outside }).vm(name, { status: status() });
}

function addIpv6(f: Fixture): void {
  const prefix = '2001:db8:1:1::/64';
  const fields = {
    stackType: 'IPV4_IPV6',
    ipv6AccessType: 'EXTERNAL',
    externalIpv6Prefix: prefix,
    ipv6CidrRange: prefix,
  };
  f.edit('subnetworks', 'sn1', fields).nic('web-0', 0, externalV6(machine(0).ipv6));
  f.route('default-v6', { destRange: '::/0', nextHopGateway: globalUrl('gateways', 'default-internet-gateway') });
}

function addRule(f: Fixture, { action, from, ports }: SceneRule, at: number): void {
  const fields = { priority: 1000 + at, sourceRanges: [from], targetTags: ['web'] };
  f.rule(`rule-${at}`, { ...fields, [action === 'allow' ? 'allowed' : 'denied']: l4(`tcp:${ports}`) });
}

function without(f: Fixture, { list, how }: Omission): void {
  if (how === 'denied') f.denied(list as Kind | Question, permissionOf(list));
  else f.without(list as Kind | Question);
}

/** What it takes to read a list: that of an aggregated list is that of the list. */
function permissionOf(list: string): string {
  if (list === 'regionFirewalls') return 'compute.networks.getRegionEffectiveFirewalls';
  const operation = list in QUESTIONS ? QUESTIONS[list as Question] : listKindOf(list as Kind).operation;
  return operation.replace('aggregatedList', 'list').replace('projects.locations.global.', '');
}

/** The files without this record of this list. */
const lacking = (collection: string, name: string) => (scene: Scene) =>
  fixtureOf(scene)
    .documents('fetched')
    .map(({ path, value }) => {
      const isIt = (item: unknown) =>
        String((item as { selfLink?: string })?.selfLink).endsWith(`/${collection}/${name}`);
      const kept = (_: string, inner: unknown) => (Array.isArray(inner) ? inner.filter((item) => !isIt(item)) : inner);
      return { path, value: JSON.parse(JSON.stringify(value, kept)) };
    });

providerSuite({
  name: 'Google Cloud',
  forms: ['gcloud', 'rest', 'fetched'],
  record: (scene, { omissions = [], form } = {}) => {
    const f = fixtureOf(scene);
    for (const omission of omissions) without(f, omission);
    return f.documents((form ?? 'fetched') as Form);
  },
  lists: LISTS,
  machineLists: ['instances'],
  neededLists: ['routes', 'regionFirewalls'],
  permissionOf,
  machine,
  neighbour: { id: pathOf('worker'), name: 'worker', address: '10.0.2.20', prefix: '10.0.2.64/26' },
  peer: { id: pathOf('peer'), name: 'peer', address: '10.1.0.9', prefix: '10.1.0.64/26' },
  causes: {
    noRule: 'gcp/fw-implied-deny net1',
    noRuleInside: 'gcp/fw-implied-deny net1',
    noRuleV6: 'gcp/fw-implied-deny net1',
    denied: 'gcp/fw-classic-deny rule-0',
    stopped: 'gcp/inst-stopped web-0',
    noPublicAddress: 'gcp/nic-no-external-ip nic0',
    privateFromInternet: 'gcp/nic-no-external-ip nic0',
    noWayBack: 'gcp/rt-return-missing net1',
    senderClosed: 'gcp/src-egress-deny deny-out',
    notJoined: 'gcp/nic-no-external-ip nic0',
    noIpv6: 'gcp/nic-no-external-ipv6 nic0',
  },
  symptomWithoutIpv6: 'times-out',
  opener: 'rule-0',
  platform: [],
  mended: ['noRule', 'denied', 'stopped', 'noPublicAddress', 'noWayBack'],
  dangling: {
    'its network': lacking('networks', 'net1'),
    'its subnet': lacking('subnetworks', 'sn1'),
  },
  unheardOf: (scene) => {
    const f = fixtureOf(scene);
    f.vm('web-0', {
      machineType: zonalUrl('machineTypes', 'z9-cosmic'),
      cpuPlatform: 'Ether',
      deletionProtection: true,
    });
    f.vm('worker', { status: invented('DREAMING') });
    f.edit('subnetworks', 'sn2', { logConfig: { metadata: invented('EVERYTHING_AND_MORE') } });
    f.network('net1', { routingConfig: { routingMode: 'REGIONAL', bgpBestPathSelectionMode: invented('GUESS') } });
    return f.documents('fetched');
  },
  isWhole: (value) => 'firewallPolicys' in (value as object),
  numbersAsTexts: ['priority'],
  namesakes: () => {
    const f = fixtureOf({ machines: [0] }).addVm({ name: 'web-0', ip: '10.0.0.99', zone: 'us-central1-b' });
    return {
      documents: f.documents('fetched'),
      name: 'web-0',
      candidates: ['a', 'b'].map((zone) => pathOf('web-0', `us-central1-${zone}`)),
    };
  },
  writtenNames: ['web-0', 'net1', 'sn1', 'rule-0', 'rule-1', 'default-internet'],
});
