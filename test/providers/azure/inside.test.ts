import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { BLOCKED, BY_DEFAULT, FROM_B, rows } from '../../support/azure/row.js';
import { appliance, natGateway } from '../../support/azure/topology.js';

/** A2 in the subnet of vmA, 10.0.1.5. */
function sibling(f: Fixture): Fixture {
  return f.addVm('A2', { subnet: 'vnet1/s1', ip: '10.0.1.5' });
}

describe('within the network', () => {
  rows([
    {
      tag: 'azure#57',
      name: 'AllowVnetInBound',
      given: (f) => f.noRule('allow-ssh'),
      ...FROM_B,
      verdict: 'reachable',
    },
    {
      tag: 'azure#58',
      name: 'within the subnet: it is filtered too',
      given: (f) => {
        sibling(f).rule('allow-ssh', { priority: 200 });
        f.deny('deny', { sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '22' });
      },
      target: '10.0.1.4',
      from: 'vmA2',
      ...BLOCKED,
      causes: ['azure/nsg-subnet nsg1 deny'],
    },
    {
      tag: 'azure#59',
      name: 'without a security group',
      given: (f) => sibling(f).noNsg(),
      target: '10.0.1.4',
      from: 'vmA2',
      verdict: 'reachable',
    },
  ]);
});

describe('what the sender may send', () => {
  const denied = (f: Fixture, name: string, on: Parameters<Fixture['addNsg']>[1]): Fixture =>
    f.addNsg(name, on).deny('deny-ssh', { direction: 'Outbound', destinationPortRange: '22' }, name);
  rows([
    {
      tag: 'azure#60',
      name: 'its subnet denies',
      given: (f) => denied(f, 'nsg2', { subnets: ['vnet1/s2'] }),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/src-nsg-subnet nsg2 deny-ssh'],
    },
    {
      tag: 'azure#61',
      name: 'its interface denies before its subnet',
      given: (f) => denied(denied(f, 'nsg2', { subnets: ['vnet1/s2'] }), 'nsg3', { nics: ['nicB'] }),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/src-nsg-nic nsg3 deny-ssh', 'azure/src-nsg-subnet nsg2 deny-ssh'],
    },
  ]);
});

describe('to the public address', () => {
  rows([
    {
      tag: 'azure#62',
      name: 'from a private subnet',
      given: (f) => f.subnet('vnet1/s2', { defaultOutboundAccess: false }),
      from: 'vmB',
      ...BLOCKED,
      causes: ['azure/no-egress'],
    },
    {
      tag: 'azure#63',
      name: 'from behind a NAT gateway, which is what is seen',
      given: (f) => natGateway(f, 'vnet1/s2').rule('allow-ssh', { sourceAddressPrefix: 'VirtualNetwork' }),
      from: 'vmB',
      ...BY_DEFAULT,
    },
  ]);
});

describe('routes of the subnets', () => {
  rows([
    {
      tag: 'azure#64',
      name: 'to nowhere',
      given: (f) => f.routes('vnet1/s2', '10.0.1.0/24 None'),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/route-forward'],
    },
    {
      tag: 'azure#65',
      name: 'to an appliance that must not forward',
      given: (f) => appliance(f, false).routes('vnet1/s2', '10.0.1.0/24 VirtualAppliance 10.0.9.4'),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/nva'],
    },
    {
      tag: 'azure#66',
      name: 'to an appliance, on the way back only',
      given: (f) => appliance(f, true).routes('vnet1/s1', '10.0.2.0/24 VirtualAppliance 10.0.9.4'),
      ...FROM_B,
      verdict: 'unknown',
      bestGuess: 'unreachable',
    },
  ]);
});

describe('encryption of the network', () => {
  rows([
    {
      tag: 'azure#137',
      name: 'that drops what a size cannot encrypt',
      given: (f) => {
        f.vnet('vnet1', { encryption: { enabled: true, enforcement: 'DropUnencrypted' } });
        f.vm('vmB', { hardwareProfile: { vmSize: 'Standard_B2s' } }).nic('nicB', {
          enableAcceleratedNetworking: false,
        });
      },
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/vnet-encryption'],
      says: ['generally available'],
    },
  ]);
});
