import { describe, expect, test } from '@jest/globals';
import { type Fixture, f0 } from '../support/azure/fixture.js';
import { computeId, GROUP, networkId, ref, subnetId } from '../support/azure/ids.js';
import { audited } from '../support/gate/azure-audit.js';
import { LATER, made, net, ssh, type Written } from '../support/gate/azure-plan.js';
import { type Json, replaced } from '../support/gate/damage.js';

/** What the fixture has, as resources of a program that made it; each comes after those to which it refers. */
const own = { resourceGroupName: GROUP };
const idOf = {
  group: networkId('networkSecurityGroups', 'nsg1'),
  table: networkId('routeTables', 'rt-s1'),
  network: networkId('virtualNetworks', 'vnet1'),
  address: networkId('publicIPAddresses', 'ipA'),
  nic: networkId('networkInterfaces', 'nicA'),
  vm: computeId('virtualMachines', 'vmA'),
};

function program(rule: object, route: object): Written[] {
  const known = (one: Written, id: string): Written => ({ ...one, id, op: 'update' });
  const inS1 = { networkSecurityGroup: ref(idOf.group), routeTable: ref(idOf.table) };
  return [
    known(
      net('NetworkSecurityGroup', 'nsg1', { ...own, networkSecurityGroupName: 'nsg1', securityRules: [rule] }),
      idOf.group,
    ),
    known(net('RouteTable', 'rt-s1', { ...own, routeTableName: 'rt-s1', routes: [route] }), idOf.table),
    known(
      net('VirtualNetwork', 'vnet1', {
        ...own,
        virtualNetworkName: 'vnet1',
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [
          { name: 's1', addressPrefix: '10.0.1.0/24', ...inS1 },
          { name: 's2', addressPrefix: '10.0.2.0/24' },
        ],
      }),
      idOf.network,
    ),
    known(
      net('PublicIPAddress', 'ipA', { ...own, publicIpAddressName: 'ipA', sku: { name: 'Standard' } }),
      idOf.address,
    ),
    known(
      net('NetworkInterface', 'nicA', {
        ...own,
        networkInterfaceName: 'nicA',
        ipConfigurations: [
          { name: 'ipconfig1', subnet: ref(subnetId('vnet1/s1')), publicIPAddress: ref(idOf.address) },
        ],
      }),
      idOf.nic,
    ),
    known(
      made('azure-native:compute:VirtualMachine', 'vmA', {
        ...own,
        vmName: 'vmA',
        networkProfile: { networkInterfaces: [ref(idOf.nic)] },
      }),
      idOf.vm,
    ),
  ];
}

const accounts = [
  ['open', {}, 'open'],
  ['denied', { access: 'Deny' }, 'closed'],
  ['sent away', {}, 'closed', 'None'],
] as const;

function cases() {
  return accounts.map(([name, fields, wanted, hop = 'Internet']) => {
    const recorded = f0().rule('allow-ssh', fields).routes('vnet1/s1', `0.0.0.0/0 ${hop}`);
    const route = { name: 'route1', addressPrefix: '0.0.0.0/0', nextHopType: hop };
    return { name, wanted, recorded, all: program(ssh('allow-ssh', fields), route) };
  });
}

/** Each resource, each two that come after each other, and all but one. */
function parts(all: readonly Written[]): readonly (readonly Written[])[] {
  return all.flatMap((one, index) => [
    [one],
    ...(index > 0 ? [all.slice(index - 1, index + 1)] : []),
    all.filter((other) => other !== one),
  ]);
}

/** The recording without what a program declares, which is not there yet. */
function without(recorded: Fixture, declared: readonly Written[]): Fixture {
  const kinds = {
    nsg1: 'networkSecurityGroups',
    'rt-s1': 'routeTables',
    vnet1: 'virtualNetworks',
    ipA: 'publicIPAddresses',
    nicA: 'networkInterfaces',
    vmA: 'virtualMachines',
  } as const;
  for (const { urn } of declared) {
    const name = urn.split('::').at(-1) as keyof typeof kinds;
    recorded.remove(kinds[name], name);
    if (name === 'vmA') recorded.remove('statuses', name);
  }
  return recorded;
}

describe('a plan of Azure and a recording', () => {
  test.each(cases())('$name: the plan says the same alone, and over a recording of the same', async (one) => {
    const { wanted, recorded, all } = one;
    expect(await audited(all)).toEqual({ vmA: wanted });
    expect(await audited(all, recorded)).toEqual({ vmA: wanted, vmB: 'closed' });
  });

  test.each(cases())('$name: any part of what is there may be declared', async ({ wanted, recorded, all }) => {
    for (const some of parts(all)) {
      const names = some.map(({ urn }) => urn);
      expect([names, (await audited(some, recorded)).vmA]).toEqual([names, wanted]);
    }
  });

  test.each(cases())('$name: what is not there yet says the same as the whole', async ({ recorded, all, wanted }) => {
    let rest = recorded;
    for (let count = 1; count <= all.length; count += 1) {
      const fresh = all.slice(-count).map((one): Written => ({ ...one, id: '', op: 'create' }));
      rest = without(rest, fresh.slice(0, 1));
      expect([count, (await audited(fresh, rest)).vmA]).toEqual([count, wanted]);
    }
  });

  test.each(cases())('$name: what is not known never makes a sure verdict another one', async (one) => {
    const { recorded, all, wanted } = one;
    const wrong: string[] = [];
    for (const [index, resource] of all.entries())
      for (const [property, value] of Object.entries(resource.inputs) as [string, Json][])
        for (const other of replaced(value, LATER)) {
          const damaged = { ...resource, inputs: { ...resource.inputs, [property]: other } };
          const { vmA } = await audited([damaged], recorded);
          if (vmA !== 'unknown' && vmA !== wanted) wrong.push(`${index} ${JSON.stringify({ [property]: other })}`);
        }
    expect(wrong).toEqual([]);
  });
});
