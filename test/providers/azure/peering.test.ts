import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { mesh, networkManager } from '../../support/azure/manager-records.js';
import { BLOCKED, BY_DEFAULT, rows } from '../../support/azure/row.js';
import { firewall, firewallAllows, hub, neighbour } from '../../support/azure/topology.js';

const ASKED = { target: '10.0.1.4', from: 'vmP' } as const;

/** Without allow-ssh, and peered with vnet2. */
function peered(f: Fixture): Fixture {
  return neighbour(f.noRule('allow-ssh')).peer('vnet1', 'vnet2');
}

describe('what a peering adds to VirtualNetwork', () => {
  const withoutAccess = (f: Fixture): Fixture =>
    peered(f).peering('vnet1', 'vnet2', { allowVirtualNetworkAccess: false });
  rows([
    { tag: 'azure#67', name: 'the address space of the peer', given: peered, ...ASKED, verdict: 'reachable' },
    { tag: 'azure#68', name: 'nothing without access', given: withoutAccess, ...ASKED, ...BY_DEFAULT },
    {
      tag: 'azure#69',
      name: 'without access a rule of its own lets in',
      given: (f) => withoutAccess(f).rule('allow-peer', { sourceAddressPrefix: '10.1.0.0/16' }),
      ...ASKED,
      verdict: 'reachable',
    },
  ]);
});

describe('a peering that does not carry', () => {
  const stopped = { ...ASKED, ...BLOCKED, among: ['azure/peering'] } as const;
  rows([
    {
      tag: 'azure#70',
      name: 'initiated on one side',
      given: (f) => neighbour(f).halfPeer('vnet1', 'vnet2', { peeringState: 'Initiated' }),
      ...stopped,
    },
    {
      tag: 'azure#70',
      name: 'deleted on one side',
      given: (f) => neighbour(f).halfPeer('vnet1', 'vnet2', { peeringState: 'Disconnected' }),
      ...stopped,
    },
    {
      tag: 'azure#71',
      name: 'of a peer',
      given: (f) => hub(neighbour(f)).peer('vnet1', 'hub').peer('hub', 'vnet2'),
      ...stopped,
    },
    {
      tag: 'azure#74',
      name: 'a prefix that was added and not synchronised',
      given: (f) => {
        neighbour(f).vnet('vnet2', { addressSpace: { addressPrefixes: ['10.1.0.0/16', '10.7.0.0/16'] } });
        f.addSubnet('vnet2/p7', '10.7.0.0/24').addVm('Q', { subnet: 'vnet2/p7', ip: '10.7.0.4' });
        f.peer('vnet1', 'vnet2').peering('vnet2', 'vnet1', { peeringSyncLevel: 'LocalNotInSync' });
        const remoteAddressSpace = { addressPrefixes: ['10.1.0.0/16'] };
        f.peering('vnet1', 'vnet2', { peeringSyncLevel: 'RemoteNotInSync', remoteAddressSpace });
      },
      ...stopped,
      from: 'vmQ',
    },
    {
      tag: 'azure#75',
      name: 'of other subnets',
      given: (f) => {
        neighbour(f).peer('vnet1', 'vnet2', { peerCompleteVnets: false });
        f.peering('vnet1', 'vnet2', { localSubnetNames: ['s2'], remoteSubnetNames: ['p1'] });
        f.peering('vnet2', 'vnet1', { localSubnetNames: ['p1'], remoteSubnetNames: ['s2'] });
      },
      ...stopped,
    },
  ]);
});

describe('a network with the same addresses that nothing joins', () => {
  /** vmT of vnet2 has the address of vmU, to which s1 may reply through an appliance. */
  const twins = (f: Fixture): Fixture => {
    f.addSubnet('vnet1/s3', '10.0.3.0/24').addVm('U', { subnet: 'vnet1/s3', ip: '10.0.3.4' });
    f.addVnet('vnet2', '10.0.0.0/16').addSubnet('vnet2/p3', '10.0.3.0/24');
    return f.addVm('T', { subnet: 'vnet2/p3', ip: '10.0.3.4' });
  };
  const byAppliance = (f: Fixture): Fixture => twins(f).routes('vnet1/s1', '10.0.3.0/24 VirtualAppliance 10.0.9.4');
  const apart = { ...BLOCKED, causes: ['azure/peering vnet2'] } as const;
  rows([
    {
      tag: 'azure.md 2.7',
      name: 'with a route to them',
      given: byAppliance,
      target: '10.0.1.4',
      from: 'vmT',
      ...apart,
    },
    {
      tag: 'azure.md 2.7',
      name: 'as the machine of its own',
      given: twins,
      target: '10.0.1.4',
      from: 'vmU',
      verdict: 'reachable',
    },
    {
      tag: 'azure.md 2.7',
      name: 'as the machine of its own, by an appliance',
      given: byAppliance,
      target: '10.0.1.4',
      from: 'vmU',
      verdict: 'unknown',
    },
  ]);
});

describe('through a firewall in the hub', () => {
  const spokes = (f: Fixture, rules: Parameters<typeof firewall>[2]): Fixture => {
    firewall(hub(neighbour(f)), { vnet: 'hub', prefix: '10.100.0.0/26' }, rules);
    const forwarded = { allowForwardedTraffic: true };
    f.peer('vnet1', 'hub', forwarded).peer('vnet2', 'hub', forwarded);
    f.routes('vnet1/s1', '10.1.0.0/16 VirtualAppliance 10.100.0.4');
    return f.routes('vnet2/p1', '10.0.0.0/16 VirtualAppliance 10.100.0.4');
  };
  rows([
    {
      tag: 'azure#72',
      name: 'that allows',
      given: (f) => spokes(f, firewallAllows()),
      ...ASKED,
      verdict: 'reachable',
    },
    {
      tag: 'azure#73',
      name: 'without a rule',
      given: (f) => spokes(f, {}),
      ...ASKED,
      ...BLOCKED,
      causes: ['azure/azure-firewall'],
    },
  ]);
});

describe('a mesh of a network manager', () => {
  rows([
    {
      tag: 'azure#76',
      name: 'whose admin rules cannot be read',
      given: (f) => {
        neighbour(f.noRule('allow-ssh')).add('networkManagers', networkManager('nm1'));
        for (const vnet of ['vnet1', 'vnet2']) {
          f.answer('effectiveConnectivity', f.vnetSubject(vnet), { value: [mesh('nm1')] });
          f.denied('effectiveAdminRules', f.vnetSubject(vnet));
        }
      },
      ...ASKED,
      verdict: 'unknown',
    },
  ]);
});
