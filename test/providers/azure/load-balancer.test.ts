import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { networkId, ref } from '../../support/azure/ids.js';
import {
  type BalancerSpec,
  balancer,
  balancingRule,
  health,
  natRange,
  natRule,
  portMapping,
} from '../../support/azure/load-balancer.js';
import { BLOCKED, BY_DEFAULT, type Row, rows } from '../../support/azure/row.js';
import { firewall, firewallTranslates } from '../../support/azure/topology.js';

const ASKED = { target: 'vmA', via: 'load-balancer' } as const;

const NO_RULE = { ...ASKED, ...BLOCKED, causes: ['azure/lb-no-rule'] } as const;

const CLOSED = { ...ASKED, ...BLOCKED, causes: ['azure/standard-ip-closed'] } as const;

/** lb1 with ssh0, and vmA without an address of its own. */
function translating(f: Fixture, of: BalancerSpec = {}): Fixture {
  return balancer(f.ipConfig('nicA', { publicIPAddress: undefined }), { natRules: [natRule()], ...of });
}

/** lb1 with ssh, whose only member is vmA. */
function balancing(f: Fixture, state: 'Up' | 'Down', of: BalancerSpec = {}): Fixture {
  return health(balancer(f, { members: ['nicA'], rules: [balancingRule()], ...of }), state, 'nicA');
}

function denyProbes(f: Fixture): Fixture {
  return f.deny('deny-probes', { sourceAddressPrefix: 'AzureLoadBalancer', priority: 4000 });
}

describe('a NAT rule for one machine', () => {
  rows([
    { tag: 'azure#89', given: (f) => translating(f), ...ASKED, verdict: 'reachable', dials: 50001 },
    {
      tag: 'azure#90',
      name: 'a security group sees the port behind it',
      given: (f) => translating(f).rule('allow-ssh', { destinationPortRange: '50001' }),
      ...ASKED,
      ...BY_DEFAULT,
    },
    {
      tag: 'azure#91',
      name: 'to another port than the asked one',
      given: (f) => translating(f, { natRules: [natRule({ backendPort: 2222 })] }),
      ...NO_RULE,
    },
    { tag: 'azure#92', name: 'without a security group', given: (f) => translating(f).noNsg(), ...CLOSED },
    {
      tag: 'azure#93',
      name: 'without a security group, of the retired SKU',
      given: (f) => translating(f, { sku: 'Basic' }).noNsg(),
      ...ASKED,
      verdict: 'reachable',
      problems: ['Basic'],
    },
    {
      tag: 'azure#94',
      name: 'that leads to nobody',
      given: (f) => translating(f, { members: ['nicA'], natRules: [natRule({ backendIPConfiguration: undefined })] }),
      ...NO_RULE,
    },
    {
      tag: 'azure#100',
      name: 'has no probe',
      given: (f) => denyProbes(translating(f)),
      ...ASKED,
      verdict: 'reachable',
    },
    {
      tag: 'azure#101',
      name: 'does not heed the state of the pool',
      given: (f) => translating(f, { members: ['nicA'], adminState: 'Down' }),
      ...ASKED,
      verdict: 'reachable',
    },
    {
      tag: 'azure#102',
      name: 'behind a gateway load balancer',
      given: (f) => {
        const inspector = networkId('loadBalancers', 'gwlb', 'frontendIPConfigurations', 'front');
        translating(f, { frontend: { gatewayLoadBalancer: ref(inspector) } });
      },
      ...ASKED,
      verdict: 'unknown',
    },
  ]);
});

describe('a NAT rule for a pool', () => {
  const ranged: Pick<Row, 'given'> = {
    given: (f) => {
      balancer(f, { members: ['nicA', 'nicB'], natRules: [natRange(50000, 50119)] });
      f.subnet('vnet1/s2', { networkSecurityGroup: ref(networkId('networkSecurityGroups', 'nsg1')) });
      portMapping(portMapping(f, 'nicA', 50003), 'nicB', 50004);
    },
  };
  rows([
    { tag: 'azure#95', ...ranged, ...ASKED, verdict: 'reachable', dials: 50003 },
    {
      tag: 'azure#96',
      name: 'the next port leads to the other member',
      ...ranged,
      ...ASKED,
      target: 'vmB',
      verdict: 'reachable',
      dials: 50004,
    },
  ]);
});

describe('a balancing rule', () => {
  const PROBE_DOWN = { ...ASKED, ...BLOCKED, causes: ['azure/lb-probe-down'] } as const;
  const without = (noHealthyBackendsBehavior: string): BalancerSpec => ({ probe: { noHealthyBackendsBehavior } });
  rows([
    {
      tag: 'azure#97',
      name: 'all down',
      given: (f) => balancing(f, 'Down', without('AllProbedDown')),
      ...PROBE_DOWN,
    },
    {
      tag: 'azure#98',
      name: 'all down, and taken as up',
      given: (f) => balancing(f, 'Down', without('AllProbedUp')),
      ...ASKED,
      verdict: 'reachable',
    },
    {
      tag: 'azure#99',
      name: 'a security group keeps the probes out',
      given: (f) => denyProbes(balancing(f, 'Down')),
      ...PROBE_DOWN,
      says: ['deny-probes'],
    },
    {
      tag: 'azure#101',
      name: 'the member taken out of the pool',
      given: (f) => balancing(f, 'Up', { adminState: 'Down' }),
      ...ASKED,
      ...BLOCKED,
      causes: ['azure/lb-admin-down'],
    },
  ]);
});

describe('a firewall that translates', () => {
  const ASKED = { target: 'vmA', via: 'azure-firewall' } as const;
  const translated = (f: Fixture): Fixture => {
    f.ipConfig('nicA', { publicIPAddress: undefined });
    return firewall(f, { vnet: 'vnet1', prefix: '10.0.100.0/26' }, firewallTranslates());
  };
  rows([
    {
      tag: 'azure#87',
      name: 'comes from inside the network',
      given: (f) => translated(f).noRule('allow-ssh'),
      ...ASKED,
      verdict: 'reachable',
      dials: 2222,
    },
    {
      tag: 'azure#88',
      name: 'is not the client',
      given: (f) =>
        translated(f).rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7/32' }).deny('deny', { priority: 4096 }),
      ...ASKED,
      ...BLOCKED,
      causes: ['azure/nsg-subnet nsg1 deny'],
    },
  ]);
});
