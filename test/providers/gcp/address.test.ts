import { describe } from '@jest/globals';
import { accessConfig } from '../../support/gcp/compute-records.js';
import type { Fixture } from '../../support/gcp/fixture.js';
import { resource } from '../../support/gcp/records.js';
import { IAP, rows } from '../../support/gcp/row.js';
import { externalOnNic1, Q6, SSH, vm2, withV6 } from '../../support/gcp/topology.js';
import { globalUrl, regionalUrl, zonalUrl } from '../../support/gcp/urls.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

/** vm1 without an external address. */
function inside(f: Fixture): Fixture {
  return f.nic('vm1', 0, { accessConfigs: undefined });
}

describe('no external address', () => {
  const NO_ADDRESS = { target: 'vm1', ...DENIED, among: ['gcp/nic-no-external-ip'] } as const;
  rows([
    { tag: 'gcp#93', given: inside, ...NO_ADDRESS, proposes: ['--tunnel-through-iap'] },
    {
      tag: 'gcp#94',
      name: 'a place for one',
      given: (f) => f.nic('vm1', 0, { accessConfigs: [accessConfig({})] }),
      ...NO_ADDRESS,
    },
    {
      tag: 'gcp#95',
      name: 'behind Cloud NAT, which only lets out',
      given: (f) => {
        const sources = { sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' };
        inside(f).router('nat', { nats: [{ name: 'nat1', natIpAllocateOption: 'AUTO_ONLY', ...sources }] }, {});
      },
      ...NO_ADDRESS,
    },
  ]);
});

describe('through IAP', () => {
  const lets = (f: Fixture, range: string, fields = {}): Fixture =>
    inside(f).rule('allow-ssh', { sourceRanges: [range], ...fields });
  const CLOSED = { ...IAP, verdict: 'unreachable', symptom: 'closed' } as const;
  rows([
    { tag: 'gcp#96', given: (f) => lets(f, '35.235.240.0/20'), ...IAP, verdict: 'reachable' },
    {
      tag: 'gcp#97',
      name: 'without a route to the internet',
      given: (f) => lets(f, '35.235.240.0/20').noRoute('default-internet'),
      ...IAP,
      verdict: 'reachable',
    },
    {
      tag: 'gcp#98',
      name: 'from half of its relays',
      given: (f) => lets(f, '35.235.240.0/21'),
      ...CLOSED,
      verdict: 'partial',
      causes: ['gcp/fw-implied-deny net1'],
      says: ['4003'],
    },
    {
      tag: 'gcp#99',
      name: 'to another port',
      given: (f) => lets(f, '35.235.240.0/20', { allowed: [{ IPProtocol: 'tcp', ports: ['3389'] }] }),
      ...CLOSED,
      causes: ['gcp/fw-implied-deny net1'],
      says: ['4003'],
    },
    {
      tag: 'gcp#100',
      name: 'by someone who may not use it',
      given: (f) => {
        const subject = { resource: 'projects/p/iap_tunnel/zones/us-central1-a/instances/vm1' };
        lets(f, '35.235.240.0/20').answer('iapPermissions', subject, { permissions: [] });
      },
      ...CLOSED,
      causes: ['gcp/iap-perm'],
      says: ['4033'],
    },
  ]);
});

describe('IPv6', () => {
  rows([
    { tag: 'gcp#101', given: withV6, ...Q6, verdict: 'reachable' },
    {
      tag: 'gcp#102',
      name: 'with a rule of IPv4 only',
      given: (f) => withV6(f).rule('allow-ssh', { sourceRanges: ['0.0.0.0/0'] }),
      ...Q6,
      ...DENIED,
      causes: ['gcp/fw-implied-deny net1'],
      hints: ['gcp/fw-family'],
    },
    {
      tag: 'gcp#103',
      name: 'an internal address only',
      given: (f) => {
        const access = { ipv6AccessType: 'INTERNAL', externalIpv6Prefix: undefined };
        const prefix = 'fd20:1:1:1::/64';
        const internal = { ...access, internalIpv6Prefix: prefix, ipv6CidrRange: prefix };
        withV6(f).edit('subnetworks', 'sn1', internal);
        const nic = { ipv6Address: 'fd20:1:1:1:0:1::', internalIpv6PrefixLength: 96, ipv6AccessConfigs: undefined };
        f.nic('vm1', 0, { ipv6AccessType: 'INTERNAL', ...nic });
      },
      ...Q6,
      target: 'vm1',
      ...DENIED,
      among: ['gcp/nic-no-external-ipv6'],
    },
    {
      tag: 'gcp#104',
      name: 'without a route',
      given: (f) => withV6(f).noRoute('default-internet-v6'),
      ...Q6,
      ...DENIED,
      causes: ['gcp/rt-return-missing'],
    },
  ]);
});

describe('two interfaces', () => {
  rows([
    {
      tag: 'gcp#105',
      name: 'the second one has the address: the guest may answer from the first',
      given: (f) => externalOnNic1(f).rule('allow-net2', { network: 'net2', allowed: SSH }),
      verdict: 'reachable',
      host: { verdict: 'risk', causes: ['gcp/host-multinic-asymmetry'] },
    },
    {
      tag: 'gcp#106',
      name: 'the rules of the other network do not help',
      given: externalOnNic1,
      ...DENIED,
      causes: ['gcp/fw-implied-deny net2'],
    },
  ]);
});

describe('addresses that are not the primary one', () => {
  rows([
    {
      tag: 'gcp#107',
      name: 'an alias',
      given: (f) =>
        f.addVm({ name: 'vm2', ip: '10.0.0.5' }).nic('vm1', 0, { aliasIpRanges: [{ ipCidrRange: '10.0.0.64/32' }] }),
      target: '10.0.0.64',
      from: 'vm2',
      verdict: 'reachable',
    },
    {
      tag: 'gcp#108',
      name: 'routed to a VM that does not forward',
      given: (f) => vm2(f).route('behind', { destRange: '10.0.9.9/32', nextHopInstance: zonalUrl('instances', 'vm1') }),
      target: '10.0.9.9',
      from: 'vm2',
      // By the contract an address of no instance is no target; it is said what it belongs to.
      problems: ['gcp/nic-foreign-ip', 'route behind, which leads to vm1'],
    },
    { tag: 'gcp#109', name: 'of nobody here', target: '203.0.113.99', problems: ['gcp/nic-address-not-ours'] },
  ]);
});

describe('a policy at the edge', () => {
  const edge = (f: Fixture, preview: boolean): Fixture => {
    const url = regionalUrl('securityPolicies', 'edge');
    const deny = { priority: 100, action: 'deny', preview, networkMatch: { srcIpRanges: ['198.51.100.7/32'] } };
    const rest = { priority: 2147483647, action: 'allow', preview: false, networkMatch: { srcIpRanges: ['*'] } };
    const rules = [deny, rest].map((rule) => ({ kind: 'compute#securityPolicyRule', ...rule }));
    f.add('securityPolicies', { ...resource('securityPolicy', url), type: 'CLOUD_ARMOR_NETWORK', rules });
    return f.nic('vm1', 0, { accessConfigs: [accessConfig({ natIP: '203.0.113.10', securityPolicy: url })] });
  };
  rows([
    { tag: 'gcp#110', given: (f) => edge(f, false), ...DENIED, causes: ['gcp/armor-deny edge'] },
    { tag: 'gcp#110', name: 'in preview', given: (f) => edge(f, true), verdict: 'reachable' },
  ]);
});

describe('special networks', () => {
  rows([
    {
      tag: 'gcp#111',
      name: 'legacy',
      given: (f) => f.network('net1', { IPv4Range: '10.0.0.0/16', autoCreateSubnetworks: undefined }),
      verdict: 'unknown',
    },
    {
      tag: 'gcp#112',
      name: 'a profile without external access',
      given: (f) => {
        const url = globalUrl('networkProfiles', 'us-central1-a-vpc-roce');
        const features = { allowExternalIpAccess: 'EXTERNAL_IP_ACCESS_BLOCKED' };
        f.add('networkProfiles', { ...resource('networkProfile', url), features });
        f.network('net1', { networkProfile: url });
      },
      ...DENIED,
      among: ['gcp/nic-profile'],
    },
  ]);
});
