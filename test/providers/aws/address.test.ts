import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { Q6, type Row, rows } from '../../support/aws/row.js';
import { peeredVpc2 } from '../../support/aws/topology.js';

function unreachable(...among: readonly string[]): Pick<Row, 'verdict' | 'symptom' | 'among'> {
  return { verdict: 'unreachable', symptom: 'times-out', among };
}

function stopped(...causes: readonly string[]): Pick<Row, 'verdict' | 'symptom' | 'causes'> {
  return { verdict: 'unreachable', symptom: 'times-out', causes };
}

/** Moves the public address to a second interface of i-1. */
function movedTo(subnet: string, ip: string, group: string): (f: Fixture) => Fixture {
  return (f) =>
    f.dissociate('eni-1', 'release').addInterface({
      id: 'eni-9',
      instance: 'i-1',
      device: 1,
      subnet,
      ip,
      public: '198.51.100.10',
      groups: [group],
    });
}

describe('public IPv4', () => {
  rows([
    {
      tag: 'aws#74',
      name: 'none',
      given: (f) => f.dissociate('eni-1', 'release'),
      target: 'i-1',
      ...unreachable('aws/addr-no-public-ipv4'),
    },
    {
      tag: 'aws#75',
      name: 'an elastic address that is not associated',
      given: (f) => f.dissociate('eni-1', 'keep'),
      target: 'i-1',
      ...unreachable('aws/addr-eip-unassociated'),
    },
    {
      tag: 'aws#76',
      name: 'on a second interface in a subnet without a way out',
      given: movedTo('subnet-b', '10.0.2.9', 'sg-1'),
      ...stopped('aws/rt-missing rtb-main'),
    },
    {
      tag: 'aws#77',
      name: "on a second interface: that interface's groups count",
      given: (f) => {
        f.sg('sg-9').inbound();
        movedTo('subnet-a', '10.0.1.9', 'sg-9')(f);
      },
      ...stopped('aws/sg-no-inbound sg-9'),
    },
    {
      tag: 'aws#78',
      name: 'on a second interface, an OS that routes by source address',
      given: (f) => {
        movedTo('subnet-a', '10.0.1.9', 'sg-1')(f);
        f.add('Images', { ImageId: 'ami-1', Name: 'al2023-ami-2023.6.20250107.0-kernel-6.1-x86_64' });
      },
      verdict: 'reachable',
      host: { verdict: 'ok' },
    },
    {
      tag: 'aws#79',
      name: 'on a second interface, an OS of which nothing is known',
      given: movedTo('subnet-a', '10.0.1.9', 'sg-1'),
      verdict: 'reachable',
      host: { verdict: 'risk', causes: ['aws/host-multi-nic'], symptom: 'times-out' },
    },
    {
      tag: 'aws#80',
      name: 'on a secondary private address',
      given: (f) => {
        f.dissociate('eni-1', 'release').remove('NetworkInterfaces', 'eni-1');
        const addresses = { ip: '10.0.1.10', secondary: ['10.0.1.11 198.51.100.10'] };
        f.addInterface({ id: 'eni-1', instance: 'i-1', subnet: 'subnet-a', groups: ['sg-1'], ...addresses });
      },
      verdict: 'reachable',
      host: { verdict: 'risk', causes: ['aws/host-address-not-configured'], symptom: 'times-out' },
    },
    {
      tag: 'aws#81',
      name: 'an automatic one, lost at a start with two interfaces',
      given: (f) => {
        f.dissociate('eni-1', 'release');
        f.addInterface({
          id: 'eni-9',
          instance: 'i-1',
          device: 1,
          subnet: 'subnet-a',
          ip: '10.0.1.9',
          groups: ['sg-1'],
        });
      },
      target: 'i-1',
      ...unreachable('aws/addr-no-public-ipv4'),
    },
    {
      tag: 'aws#92',
      name: 'a carrier address is not one',
      given: carrierAddress,
      ...stopped('aws/addr-carrier-only'),
    },
    {
      tag: 'aws#94a',
      name: 'of a brought prefix that is not advertised',
      given: (f) => {
        f.edit('Addresses', 'eipalloc-10', { PublicIpv4Pool: 'ipv4pool-ec2-1' });
        f.add('ByoipCidrs', { Cidr: '198.51.100.0/24', State: 'provisioned' });
      },
      ...stopped('aws/addr-byoip-not-advertised'),
    },
    {
      tag: 'aws#94b',
      name: 'the private address, asked from the internet',
      target: '10.0.1.10',
      ...stopped('aws/addr-private'),
    },
  ]);
});

describe('instance state', () => {
  rows([
    { tag: 'aws#82', name: 'stopped', given: (f) => f.state('i-1', 'stopped'), ...stopped('aws/inst-not-running i-1') },
    {
      tag: 'aws#83',
      name: 'pending',
      given: (f) => f.state('i-1', 'pending'),
      ...stopped('aws/inst-not-running i-1'),
      says: ['retry'],
    },
    {
      tag: 'aws#84',
      name: 'terminated, still listed, its interface gone',
      given: (f) => f.state('i-1', 'terminated').dissociate('eni-1', 'release').remove('NetworkInterfaces', 'eni-1'),
      target: 'i-1',
      ...unreachable('aws/inst-not-running i-1'),
    },
    {
      tag: 'aws#85',
      name: 'a failed instance check',
      given: (f) =>
        f.edit('InstanceStatuses', 'i-1', {
          InstanceStatus: {
            Status: 'impaired',
            Details: [{ Name: 'reachability', Status: 'failed', ImpairedSince: '2026-01-06T08:00:00+00:00' }],
          },
        }),
      verdict: 'reachable',
      host: { verdict: 'broken', causes: ['aws/host-status'], symptom: 'times-out' },
    },
    {
      tag: 'aws#86',
      name: 'checks not done yet',
      given: (f) => {
        const check = { Status: 'initializing', Details: [{ Name: 'reachability', Status: 'initializing' }] };
        f.edit('InstanceStatuses', 'i-1', { InstanceStatus: check, SystemStatus: check });
      },
      verdict: 'reachable',
      host: { verdict: 'unknown' },
      says: ['retry'],
    },
    {
      tag: 'aws#87',
      name: 'run by an AWS service',
      given: (f) => f.edit('Reservations', 'i-1', { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } }),
      verdict: 'unknown',
      missing: ['aws/inst-managed i-1'],
    },
  ]);
});

describe('IPv6', () => {
  rows([
    {
      tag: 'aws#88',
      name: 'an IPv6-only instance, an IPv4-only client',
      given: (f) => {
        f.dissociate('eni-1', 'release').remove('NetworkInterfaces', 'eni-1');
        f.edit('Subnets', 'subnet-a', { Ipv6Native: true });
        f.addInterface({
          id: 'eni-1',
          instance: 'i-1',
          subnet: 'subnet-a',
          ipv6: '2001:db8:1:1::10',
          groups: ['sg-1'],
        });
      },
      target: 'i-1',
      ...unreachable('aws/addr-no-public-ipv4'),
      symptom: 'net-unreachable',
    },
    {
      tag: 'aws#88',
      name: 'an IPv6 address, an IPv4 client',
      target: Q6.target,
      ...unreachable('aws/addr-no-public-ipv4 eni-1'),
      symptom: 'net-unreachable',
      says: ['2001:db8:1:1::10 is an ipv6 address: an ipv4 client cannot dial it'],
    },
    {
      tag: 'aws#88',
      name: 'an IPv4 address, an IPv6 client',
      from: Q6.from,
      ...unreachable('aws/addr-no-ipv6 eni-1'),
      symptom: 'net-unreachable',
      says: ['198.51.100.10 is an ipv4 address: an ipv6 client cannot dial it'],
    },
    {
      tag: 'aws#88',
      name: 'an IPv6 address, a private IPv4 client',
      target: Q6.target,
      from: '10.0.2.99',
      ...unreachable('aws/addr-no-public-ipv4 eni-1'),
      symptom: 'net-unreachable',
    },
    {
      tag: 'aws#88',
      name: 'an IPv6 address, clients of both families',
      given: (f) => f.sg('sg-1').inbound('tcp 22 ::/0'),
      target: Q6.target,
      from: '203.0.113.5,2001:db8:f::5',
      verdict: 'partial',
      symptom: 'net-unreachable',
      causes: ['aws/addr-no-public-ipv4 eni-1'],
      reachableFrom: ['2001:db8:f::5/128'],
    },
    {
      tag: 'aws#88',
      name: 'an IPv6 address, a machine that has both families',
      given: (f) => {
        f.edit('Subnets', 'subnet-b', {
          Ipv6CidrBlockAssociationSet: [
            { Ipv6CidrBlock: '2001:db8:1:2::/64', Ipv6CidrBlockState: { State: 'associated' } },
          ],
        });
        f.edit('NetworkInterfaces', 'eni-2x', { Ipv6Addresses: [{ Ipv6Address: '2001:db8:1:2::20' }] });
        f.sg('sg-1').inbound('tcp 22 2001:db8:1:2::/64');
        f.sg('sg-2').egress('all ::/0');
      },
      target: Q6.target,
      from: 'i-2',
      verdict: 'reachable',
    },
    {
      tag: 'aws#89',
      name: 'none on the interface',
      given: (f) => f.edit('NetworkInterfaces', 'eni-1', { Ipv6Addresses: [] }),
      ...Q6,
      target: 'i-1',
      ...unreachable('aws/addr-no-ipv6'),
    },
    {
      tag: 'aws#90',
      name: 'internet gateways denied on the interface',
      given: internetGatewayDenied,
      ...Q6,
      ...stopped('aws/addr-ipv6-igw-denied eni-1'),
    },
    {
      tag: 'aws#91',
      name: 'internet gateways denied, a peer reaches it',
      given: (f) => {
        internetGatewayDenied(f);
        peeredVpc2(f);
      },
      target: '2001:db8:1:1::10',
      from: '2001:db8:2::9',
      verdict: 'reachable',
      path: 'peering',
    },
  ]);
});

describe('no such target', () => {
  rows([
    { tag: 'aws#93', name: 'an address that was released', target: '198.51.100.77', problems: ['198.51.100.77'] },
    {
      tag: 'aws#94',
      name: 'an instance of another account',
      target: 'i-0123456789abcdef0',
      problems: ['i-0123456789abcdef0'],
    },
  ]);
});

function internetGatewayDenied(f: Fixture): void {
  f.edit('NetworkInterfaces', 'eni-1', { DenyAllIgwTraffic: true }).sg('sg-1').inbound('tcp 22 ::/0');
}

/** In a Wavelength Zone the address stands in `CarrierIp`. */
function carrierAddress(f: Fixture): void {
  const Association = { AllocationId: 'eipalloc-10', AssociationId: 'eipassoc-10', CarrierIp: '198.51.100.10' };
  f.edit('NetworkInterfaces', 'eni-1', {
    Association,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.0.1.10', Association }],
  });
  f.edit('Addresses', 'eipalloc-10', {
    PublicIp: undefined,
    CarrierIp: '198.51.100.10',
    NetworkBorderGroup: 'eu-west-1-wl1-lon-wlz-1',
  });
}
