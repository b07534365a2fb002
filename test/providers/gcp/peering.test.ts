import { describe } from '@jest/globals';
import type { Fixture } from '../../support/gcp/fixture.js';
import { rows } from '../../support/gcp/row.js';
import { vm2InNet2 } from '../../support/gcp/topology.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

const ASKED = { target: '10.0.0.2', from: '10.0.2.5' } as const;

/** vm2 in net2, which allow-ssh lets in. */
function neighbour(f: Fixture): Fixture {
  return vm2InNet2(f).rule('allow-ssh', { sourceRanges: ['10.0.2.0/24'] });
}

describe('a peering', () => {
  rows([
    {
      tag: 'gcp#124',
      name: 'active',
      given: (f) => neighbour(f).peer('net1', 'net2'),
      ...ASKED,
      verdict: 'reachable',
    },
    {
      tag: 'gcp#125',
      name: 'that the other side did not configure',
      given: (f) => neighbour(f).halfPeer('net1', 'net2'),
      ...ASKED,
      ...DENIED,
      among: ['gcp/peer-inactive'],
    },
    {
      tag: 'gcp#126',
      name: 'of a peer',
      given: (f) => {
        neighbour(f).peer('net1', 'net2').addNetwork('net3').peer('net2', 'net3');
        f.addSubnet('sn3', { network: 'net3', prefix: '10.0.3.0/24' });
        f.addVm({ name: 'vm3', network: 'net3', subnet: 'sn3', ip: '10.0.3.5' });
        f.rule('allow-ssh', { sourceRanges: ['10.0.0.0/8'] });
      },
      ...ASKED,
      from: '10.0.3.5',
      ...DENIED,
      among: ['gcp/peer-not-transitive'],
    },
    {
      tag: 'gcp#127',
      name: 'of IPv4 only',
      given: (f) => {
        f.addNetwork('net2')
          .peer('net1', 'net2')
          .rule('allow-ssh', { sourceRanges: ['::/0'] });
        f.addSubnet('sn2', { network: 'net2', prefix: '10.0.2.0/24', internalV6: 'fd20:2:2:2::/64' });
        f.addVm({ name: 'vm2', network: 'net2', subnet: 'sn2', ip: '10.0.2.5', internalV6: 'fd20:2:2:2::5' });
        const prefix = { internalIpv6Prefix: 'fd20:1:1:1::/64', ipv6CidrRange: 'fd20:1:1:1::/64' };
        const internal = { stackType: 'IPV4_IPV6', ipv6AccessType: 'INTERNAL' };
        f.edit('subnetworks', 'sn1', { ...internal, ...prefix });
        f.nic('vm1', 0, { ...internal, ipv6Address: 'fd20:1:1:1::2', internalIpv6PrefixLength: 96 });
      },
      target: 'fd20:1:1:1::2',
      from: 'fd20:2:2:2::5',
      ...DENIED,
      among: ['gcp/peer-family'],
    },
  ]);
});
