import { describe, expect, test } from '@jest/globals';
import type { RecordedDocument } from '../../src/evidence/index.js';
import { explain } from '../../src/index.js';
import { invented } from '../support/collected-answers.js';
import { type Fixture, f0 } from '../support/gcp/fixture.js';
import { policyRule } from '../support/gcp/policies.js';
import { l4 } from '../support/gcp/records.js';
import { onPremises, tcpProxy, vm2, vm2InNet2 } from '../support/gcp/topology.js';
import { globalUrl, REGION, regionalUrl } from '../support/gcp/urls.js';
import { fetcher } from '../support/gcp-server/fetcher.js';

const gcp = fetcher();

type Value = Readonly<Record<string, unknown>> & {
  readonly port22: { readonly project: string; readonly operation: string };
};

const ADDRESS_GROUP = 'projects/p/locations/global/addressGroups/bad';
const TAG_RULE = policyRule('100 deny tcp:22', { srcSecureTags: [{ name: 'tagValues/1', state: 'EFFECTIVE' }] });
const GROUP_RULE = policyRule('100 deny tcp:22', { srcAddressGroups: [ADDRESS_GROUP] });

const REGIONAL = { type: 'NETWORK_REGIONAL', name: 'reg', region: 'us-central1' };
const GLOBAL = { type: 'NETWORK', name: 'pol' };
const LOAD_BALANCED = {
  IPAddress: '203.0.113.80',
  ports: ['22'],
  backendService: regionalUrl('backendServices', 'bs'),
};

function tagged(f: Fixture): void {
  vm2(f).secureTags('vm1').secureTags('vm2', 'tagValues/1');
  f.policy({ ...GLOBAL, rules: [TAG_RULE] });
}

/** vm1 of project p in the network of project host. */
function shared(): Fixture {
  const network = globalUrl('networks', 'shared', 'host');
  const subnetwork = regionalUrl('subnetworks', 'sn-host', REGION, 'host');
  return f0()
    .addNetwork('shared', {}, 'host')
    .addSubnet('sn-host', { network: 'shared', prefix: '10.0.0.0/24', project: 'host' })
    .rule('host-ssh', { network: 'shared', allowed: l4('tcp:22') }, 'host')
    .nic('vm1', 0, { network, subnetwork });
}

const HOST_CALLS = [
  'compute.firewalls.list',
  'compute.interconnectAttachments.aggregatedList',
  'compute.networks.getEffectiveFirewalls',
  'compute.networks.list',
  'compute.regionNetworkFirewallPolicies.getEffectiveFirewalls',
  'compute.routers.aggregatedList',
  'compute.routes.list',
  'compute.subnetworks.aggregatedList',
  'compute.vpnTunnels.aggregatedList',
  'networkconnectivity.projects.locations.global.policyBasedRoutes.list',
];

/** Documents by project, call and subject. */
function byCall(documents: readonly RecordedDocument[]): Map<string, unknown> {
  return new Map(
    documents.map(({ value }) => {
      const { port22, ...body } = value as Value;
      const subject = Object.entries(body).filter(([name, field]) => typeof field === 'string' && SUBJECT.has(name));
      return [[port22.project, port22.operation, ...subject.map(([, field]) => field)].join(' '), value];
    }),
  );
}

const SUBJECT = new Set(['network', 'region', 'zone', 'router', 'instanceGroup', 'backendService', 'group', 'parent']);

/** The verdict on `from` with everything that a user sees beside it. */
function verdict(documents: readonly RecordedDocument[], from = '198.51.100.7') {
  const { report, problems, exitCode } = explain({ documents }, { target: '203.0.113.10', from });
  const target = report?.targets[0];
  const codes = target?.findings.flatMap(({ causes, missing }) => [...causes, ...missing].map(({ code }) => code));
  return { exitCode, problems: problems.map(({ what }) => what), verdict: target?.verdict, codes };
}

const ROWS: readonly (readonly [name: string, build: (f: Fixture) => unknown, from?: string])[] = [
  ['F0', () => {}],
  ['a denied classic rule', (f) => f.rule('deny', { denied: l4('tcp:22'), priority: 1 })],
  ['a policy of a folder', (f) => f.policy({ type: 'HIERARCHY', name: 'top', rules: ['100 deny tcp:22 0.0.0.0/0'] })],
  ['a policy of a region', (f) => f.policy({ ...REGIONAL, rules: ['1 deny tcp:22 0.0.0.0/0'] })],
  [
    'a condition that nobody knows',
    (f) => f.policy({ ...GLOBAL, rules: [policyRule('1 deny tcp', { [invented('srcMoods')]: ['bad'] })] }),
  ],
  [
    'a kind of policy that nobody knows',
    (f) => f.policy({ ...GLOBAL, type: invented('GALACTIC'), rules: ['1 allow tcp:22'] }),
  ],
  ['two networks that are peers', (f) => vm2InNet2(f).peer('net1', 'net2'), '10.0.2.5'],
  ['a router', (f) => onPremises(f), '192.168.0.1'],
  ['a load balancer', (f) => f.backendService('bs', ['vm1'], 'HEALTHY').forwardingRule('fr', LOAD_BALANCED)],
  ['a TCP proxy', (f) => tcpProxy(f, 'HEALTHY')],
  ['a policy-based route', (f) => f.policyBasedRoute('pbr', { nextHopIlbIp: '10.0.0.9' })],
  ['a denied list', (f) => f.denied('routes', 'compute.routes.list')],
  ['a source with secure tags', tagged, '10.0.0.5'],
  ['gcp#146 a zone that was not reached', (f) => f.unreachable('instances', 'zones/us-central1-a')],
];

describe('what is fetched is what was recorded', () => {
  test.each(ROWS.map(([name, build, from = '198.51.100.7']) => ({ name, build, from })))(
    '$name',
    async ({ build, from }) => {
      const fixture = f0();
      build(fixture);
      const documents = fixture.documents('fetched');
      await gcp.serve({ documents });
      const fetched = await gcp.fetched();
      const wanted = byCall(documents);
      const found = byCall(fetched.documents);
      expect([...wanted.keys()].filter((call) => !found.has(call))).toEqual([]);
      for (const [call, value] of found) if (wanted.has(call)) expect([call, value]).toEqual([call, wanted.get(call)]);
      expect(verdict(fetched.documents, from)).toEqual(verdict(documents, from));
    },
  );

  test('an address group is asked for by the name that a rule gives it', async () => {
    const fixture = f0().policy({ ...GLOBAL, rules: [GROUP_RULE] });
    const group = { name: ADDRESS_GROUP, type: 'IPV4', capacity: 100, items: ['198.51.100.0/24'] };
    const documents = fixture.add('addressGroups', group).policiesFirst().documents('fetched');
    await gcp.serve({ documents });
    const fetched = await gcp.fetched();
    const { addressGroups } = fetched.value('networksecurity.projects.locations.addressGroups.get');
    expect(addressGroups).toEqual([group]);
    expect(verdict(fetched.documents)).toEqual(verdict(documents));
    expect(verdict(fetched.documents).verdict).toBe('unreachable');
  });

  test('the project that shares its network is asked for the network', async () => {
    const documents = shared().documents('fetched');
    const server = await gcp.serve({ documents });
    const fetched = await gcp.fetched();
    expect(fetched.scopes).toEqual([
      { project: 'p', whole: true },
      { project: 'host', whole: false },
    ]);
    const asked = server.requests.filter(({ project }) => project === 'host').map(({ operation }) => operation);
    expect(asked.sort()).toEqual(HOST_CALLS);
    expect(verdict(fetched.documents)).toEqual(verdict(documents));
  });

  test('but for secrets', async () => {
    const items = [
      { key: 'startup-script', value: 'export PASSWORD=hunter2' },
      { key: 'enable-oslogin', value: 'TRUE' },
      { key: 'ssh-keys' },
    ];
    const tunnel = { sharedSecret: '*************', sharedSecretHash: 'AFsn0Ds' };
    const fixture = f0()
      .vm('vm1', { metadata: { kind: 'compute#metadata', items } })
      .vpnTunnel('tun1', tunnel);
    await gcp.serve({ documents: fixture.documents('fetched') });
    const fetched = await gcp.fetched();
    const text = JSON.stringify(fetched.documents);
    expect(text).not.toMatch(/hunter2|sharedSecret/);
    expect(text).toContain('[{"key":"startup-script"},{"key":"enable-oslogin","value":"TRUE"},{"key":"ssh-keys"}]');
  });

  test('and what an instance runs at its boot where somebody wants that, and nothing else of its metadata', async () => {
    const items = [
      { key: 'startup-script', value: 'ufw --force enable' },
      { key: 'kube-env', value: 'TOKEN=hunter2' },
    ];
    await gcp.serve({
      documents: f0()
        .vm('vm1', { metadata: { kind: 'compute#metadata', items } })
        .documents('fetched'),
    });
    const text = JSON.stringify((await gcp.fetched({ userData: true })).documents);
    expect(text).toContain('[{"key":"startup-script","value":"ufw --force enable"},{"key":"kube-env"}]');
  });
});
