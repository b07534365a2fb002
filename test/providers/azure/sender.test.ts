import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { networkId, ref } from '../../support/azure/ids.js';
import { networkManager } from '../../support/azure/manager-records.js';
import { BLOCKED, rows } from '../../support/azure/row.js';
import { neighbour } from '../../support/azure/topology.js';

const WEB = networkId('applicationSecurityGroups', 'web');
const FROM_B = { target: '10.0.1.4', from: 'vmB' } as const;
const FROM_P = { target: '10.0.1.4', from: 'vmP' } as const;

const outbound = { direction: 'Outbound', destinationPortRanges: ['22'], protocol: 'Tcp' } as const;

function managed(f: Fixture, access: string): Fixture {
  return f.add('networkManagers', networkManager('nm1')).adminRule('out', { ...outbound, access });
}

function keptIn(f: Fixture): Fixture {
  return f.addNsg('nsg3', { nics: ['nicB'] }).deny('stop-out', { direction: 'Outbound' }, 'nsg3');
}

describe('what a network manager says at the sender', () => {
  rows([
    {
      tag: 'azure.md 2.5',
      name: 'an admin rule keeps it in',
      given: (f) => managed(f, 'Deny'),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/src-avnm-admin-rule out out'],
      says: ['keeps tcp/22 in at the sender'],
    },
    {
      tag: 'azure.md 2.5',
      name: 'an admin rule that always allows passes the groups',
      given: (f) => managed(keptIn(f), 'AlwaysAllow'),
      ...FROM_B,
      verdict: 'reachable',
    },
    {
      tag: 'azure.md 2.5',
      name: 'an admin rule that allows leaves it to the groups',
      given: (f) => managed(keptIn(f), 'Allow'),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/src-nsg-nic nsg3 stop-out'],
    },
    {
      tag: 'azure.md 2.2',
      name: 'an admin rule about a port that no client sends from is about nobody',
      given: (f) =>
        f
          .add('networkManagers', networkManager('nm1'))
          .adminRule('in', { access: 'Deny', protocol: 'Tcp', sourcePortRanges: ['22'] }),
      verdict: 'reachable',
    },
  ]);
});

describe('a sender that does not run', () => {
  rows([
    {
      tag: 'azure.md 2.7',
      name: 'sends nothing',
      given: (f) => f.power('vmB', 'deallocated'),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/src-not-running vmB'],
      says: ['vmb is deallocated'],
    },
    {
      tag: 'azure.md 2.7',
      name: 'is not asked about where an address asks',
      given: (f) => f.power('vmB', 'deallocated'),
      target: '10.0.1.4',
      from: '10.0.2.0/24',
      verdict: 'reachable',
    },
  ]);
});

describe('what the default rules keep in', () => {
  const guarded = (f: Fixture): Fixture =>
    neighbour(f)
      .peer('vnet1', 'vnet2')
      .addNsg('nsg3', { nics: ['nicP'] });
  rows([
    { tag: 'azure.md 2.3', name: 'nothing for a peer', given: guarded, ...FROM_P, verdict: 'reachable' },
    {
      tag: 'azure.md 2.3',
      name: 'everything for a peer without access: it is in no VirtualNetwork',
      given: (f) => guarded(f).peering('vnet2', 'vnet1', { allowVirtualNetworkAccess: false }),
      ...FROM_P,
      ...BLOCKED,
      causes: ['azure/src-nsg-nic nsg3 DenyAllOutBound'],
    },
  ]);
});

describe('where addresses do not tell machines apart', () => {
  /** vmZ, a member of web, with an address of vnet1 in a network that nothing joins to it. */
  const namesake = (f: Fixture, ip: string): Fixture => {
    f.addVnet('vnet9', '10.0.0.0/16').addSubnet('vnet9/s9', `${ip.replace(/\d+$/, '0')}/24`);
    return f.addVm('Z', { subnet: 'vnet9/s9', ip }).asgs('nicZ', 'web');
  };
  rows([
    {
      tag: 'azure.md 2.7',
      name: 'a machine of a network that is not joined has no way, whatever its address',
      given: (f) =>
        f
          .addVnet('vnet9', '10.0.0.0/16')
          .addSubnet('vnet9/s9', '10.0.2.0/24')
          .addVm('Z', { subnet: 'vnet9/s9', ip: '10.0.2.9' }),
      target: '10.0.1.4',
      from: 'vmZ',
      ...BLOCKED,
      causes: ['azure/peering vnet9'],
    },
    {
      tag: 'azure.md 2.2',
      name: 'a rule for an application group is for its members, not for who has their address elsewhere',
      given: (f) =>
        f
          .rule('allow-ssh', { destinationAddressPrefix: '', destinationApplicationSecurityGroups: [ref(WEB)] })
          .addVnet('vnet9', '10.0.0.0/16')
          .addSubnet('vnet9/s9', '10.0.1.0/24')
          .addVm('Z', { subnet: 'vnet9/s9', ip: '10.0.1.4' })
          .asgs('nicZ', 'web'),
      ...BLOCKED,
      among: ['azure/nsg-subnet nsg1'],
      target: 'vmA',
    },
    {
      tag: 'azure.md 2.3',
      name: 'a rule from an application group is for its members, not for who has their address here',
      given: (f) =>
        namesake(f, '10.0.2.4')
          .rule('allow-ssh', { sourceAddressPrefix: '', sourceApplicationSecurityGroups: [ref(WEB)] })
          .deny('deny', { priority: 4096 }),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/nsg-subnet nsg1 deny'],
    },
    {
      tag: 'azure.md 2.3',
      name: 'a rule of the sender keeps in what is for the members, not for who has their address here',
      given: (f) =>
        namesake(f, '10.0.1.4')
          .addNsg('nsg3', { nics: ['nicB'] })
          .deny(
            'keep',
            {
              direction: 'Outbound',
              destinationAddressPrefix: '',
              destinationApplicationSecurityGroups: [ref(WEB)],
            },
            'nsg3',
          ),
      target: 'vmA',
      from: 'vmB',
      verdict: 'reachable',
    },
  ]);
});

describe('routes', () => {
  rows([
    {
      tag: 'azure.md 2.6',
      name: 'each range of a network has a route of its own, longer than one to both',
      given: (f) =>
        f
          .vnet('vnet1', { addressSpace: { addressPrefixes: ['10.0.0.0/17', '10.0.128.0/17'] } })
          .routes('vnet1/s1', '10.0.0.0/16 None'),
      ...FROM_B,
      verdict: 'reachable',
    },
  ]);
});
