import { describe, expect, test } from '@jest/globals';
import { azurePlan } from '../../providers/azure/plan/index.js';
import { CloudPlan } from '../../src/gate/deployment.js';
import { internet } from '../../src/model/index.js';
import { readStackExport } from '../../src/plan/stack-export.js';
import { addressSet } from '../../src/set/index.js';
import {
  classic,
  group,
  LATER,
  later,
  machineBehind,
  made,
  net,
  planOf,
  ssh,
  sure,
  verdictsOf,
  type Written,
} from '../support/gate/azure-plan.js';

const unknown = (guess: 'allowed' | 'denied' | 'unknown') => ({ ways: ['unknown'], guess: [guess] });
const open = group('open', ssh('ssh'));
const armId = (type: string, name: string) =>
  `/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Network/${type}/${name}`;

/** The machine's plan with another interface. */
function withInterface(inputs: object, deps: Written['deps'], more: readonly Written[] = []): Written[] {
  return [...machineBehind({}), ...more].map((one) => (one.urn.endsWith('::nic') ? { ...one, inputs, deps } : one));
}

describe('what the program does not show', () => {
  const pip = machineBehind({})[1] as Written;
  const face = (fields: object, config: object) => ({
    ...fields,
    ipConfigurations: [{ name: 'web', publicIPAddress: later, ...config }],
  });

  test('may close a machine in a subnet of another deployment', () => {
    const subnet = { id: `${armId('virtualNetworks', 'hub')}/subnets/s` };
    const inputs = face({ networkSecurityGroup: later }, { subnet });
    expect(
      verdictsOf(withInterface(inputs, { ipConfigurations: [pip], networkSecurityGroup: [open] }, [open])),
    ).toEqual(unknown('allowed'));
    expect(verdictsOf(withInterface(face({}, { subnet }), { ipConfigurations: [pip] }))).toEqual(unknown('denied'));
  });

  test('may close a machine of which nobody knows the subnet', () => {
    const inputs = face({ networkSecurityGroup: later }, { subnet: later });
    expect(
      verdictsOf(withInterface(inputs, { ipConfigurations: [pip], networkSecurityGroup: [open] }, [open])),
    ).toEqual(unknown('allowed'));
  });

  test('may be a group that lets nobody in, or somebody', () => {
    const vnet = machineBehind({})[0] as Written;
    for (const id of [armId('networkSecurityGroups', 'theirs'), LATER]) {
      const inputs = face({ networkSecurityGroup: { id } }, { subnet: {} });
      expect(verdictsOf(withInterface(inputs, { ipConfigurations: [pip, vnet] }))).toEqual(unknown('unknown'));
    }
  });

  test('is a network whose subnet the program adds', () => {
    const subnet = net('Subnet', 'own', {
      virtualNetworkName: 'hub',
      addressPrefix: '10.9.1.0/24',
      resourceGroupName: 'rg',
    });
    const inputs = face({ networkSecurityGroup: later }, { subnet: later });
    expect(
      verdictsOf(
        withInterface(inputs, { ipConfigurations: [pip, subnet], networkSecurityGroup: [open] }, [open, subnet]),
      ),
    ).toEqual(unknown('allowed'));
  });

  test('is what stands above security groups, where that counts', () => {
    const resources = machineBehind({ group: open });
    expect(verdictsOf(resources)).toEqual(sure('allowed'));
    const assumptions = { unseenControls: 'unknown', defaultNetwork: 'likely' } as const;
    expect(verdictsOf(resources, { assumptions })).toEqual(unknown('allowed'));
  });

  test('is where admin rules were deployed', () => {
    const rule = net('AdminRule', 'deny', { access: 'Deny', priority: 1 });
    const commit = net('Commit', 'commit', { commitType: 'SecurityAdmin' });
    const resources = machineBehind({ group: open, more: [rule] });
    expect(verdictsOf(resources)).toEqual(sure('allowed'));
    expect(planOf(resources).lowered().assumed).toEqual([
      expect.stringContaining('security admin rules have no effect'),
      'no security admin rules above the subscription',
    ]);
    expect(verdictsOf([...resources, commit])).toEqual(unknown('allowed'));
    const other = net('Commit', 'commit', { commitType: 'Connectivity' });
    expect(verdictsOf([...resources, other])).toEqual(sure('allowed'));
  });
});

describe('an id that is known', () => {
  const nsg = net('NetworkSecurityGroup', 'nsg', {
    networkSecurityGroupName: 'Web',
    resourceGroupName: 'rg',
    securityRules: [ssh('ssh')],
  });
  const by = (id: string, target: Written = nsg) => {
    const [vnet, pip] = machineBehind({}) as [Written, Written];
    const inputs = {
      networkSecurityGroup: { id },
      ipConfigurations: [{ name: 'web', subnet: {}, publicIPAddress: later }],
    };
    return verdictsOf(withInterface(inputs, { ipConfigurations: [pip, vnet] }, [target]));
  };

  test('is found by its name, in whatever subscription and letters', () => {
    expect(by(armId('networkSecurityGroups', 'WEB'))).toEqual(sure('allowed'));
    expect(by(armId('networkSecurityGroups', 'web').toUpperCase())).toEqual(sure('allowed'));
    expect(by(armId('networkSecurityGroups', 'web2'))).toEqual(unknown('unknown'));
    expect(by(armId('networkSecurityGroups', 'web').replace('/rg/', '/other/'))).toEqual(unknown('unknown'));
  });

  test('is found where the resource has it already', () => {
    const kept = { ...nsg, id: armId('networkSecurityGroups', 'Web'), inputs: { securityRules: [ssh('ssh')] } };
    expect(by(armId('networkSecurityGroups', 'web'), kept)).toEqual(sure('allowed'));
  });
});

describe('a machine', () => {
  test('may describe its interface itself', () => {
    const vnet = machineBehind({})[0] as Written;
    const config = { name: 'ip', subnet: {}, publicIPAddressConfiguration: { name: 'p', sku: { name: 'Standard' } } };
    const nic = { name: 'nic', networkSecurityGroup: later, ipConfigurations: [config] };
    const of = (nsg: Written) => [
      vnet,
      nsg,
      made(
        'azure-native:compute:VirtualMachine',
        'vm',
        { networkProfile: { networkApiVersion: '2022-11-01', networkInterfaceConfigurations: [nic] } },
        { networkProfile: [vnet, nsg] },
      ),
    ];
    expect(verdictsOf(of(open))).toEqual(sure('allowed'));
    expect(verdictsOf(of(group('closed')))).toEqual(sure('denied'));
  });

  test('without an interface is closed', () => {
    expect(verdictsOf([made('azure-native:compute:VirtualMachine', 'vm', { vmName: 'vm' })])).toEqual(sure('denied'));
  });

  test('may be dialled over IPv6', () => {
    const [, , , vm] = machineBehind({}) as [Written, Written, Written, Written];
    const vnet = net('VirtualNetwork', 'vnet', {
      addressSpace: { addressPrefixes: ['10.0.0.0/16', 'fd00::/48'] },
      subnets: [{ name: 'default', addressPrefixes: ['10.0.1.0/24', 'fd00:0:0:1::/64'] }],
    });
    const pip = net('PublicIPAddress', 'pip', { sku: { name: 'Standard' }, publicIPAddressVersion: 'IPv6' });
    const nsg = group('nsg', ssh('ssh', { sourceAddressPrefix: '2001:500::/32' }));
    const nic = net(
      'NetworkInterface',
      'nic',
      {
        networkSecurityGroup: later,
        ipConfigurations: [
          { name: 'four', primary: true, subnet: {} },
          { name: 'six', subnet: {}, privateIPAddressVersion: 'IPv6', publicIPAddress: later },
        ],
      },
      { ipConfigurations: [vnet, pip], networkSecurityGroup: [nsg] },
    );
    const plan = planOf([vnet, pip, nsg, nic, vm]);
    const [machine] = plan.machines;
    if (!machine) throw new Error('no machine');
    const { ways } = plan.judge(machine);
    const opened = ways.flatMap(({ answers }) => answers.map((one) => one.open.intersect(internet)));
    expect(opened.map((one) => one.equals(addressSet(['2001:500::/32'])))).toEqual([true]);
  });

  test('lets a peered network in, which is none of the internet', () => {
    const vnet = machineBehind({})[0] as Written;
    const far = net('VirtualNetwork', 'far', { addressSpace: { addressPrefixes: ['20.0.0.0/16'] }, subnets: [] });
    const peering = (name: string, near: Written, other: Written) =>
      net(
        'VirtualNetworkPeering',
        name,
        { virtualNetworkName: LATER, remoteVirtualNetwork: later, allowVirtualNetworkAccess: true },
        { virtualNetworkName: [near], remoteVirtualNetwork: [other] },
      );
    const nsg = group('nsg', ssh('ssh', { sourceAddressPrefix: 'VirtualNetwork' }));
    const all = machineBehind({ group: nsg, more: [far, peering('there', vnet, far), peering('back', far, vnet)] });
    const opened = (resources: readonly Written[]) => {
      const plan = planOf(resources);
      const machine = plan.machines[0];
      const ways = machine ? plan.judge(machine).ways : [];
      return ways.flatMap(({ answers }) => answers.map((one) => one.open.covers(addressSet(['20.0.0.0/16']))));
    };
    expect(opened(all)).toEqual([true]);
    expect(opened(all.filter(({ urn }) => !urn.endsWith('::back')))).toEqual([false]);
    expect(verdictsOf(machineBehind({ group: open, more: [far, peering('there', vnet, far)] }))).toEqual({
      ways: ['partial'],
      guess: ['partial'],
    });
  });

  test('is let in by an inline peering as by one of its own, between the subnets that are peered', () => {
    const opened = (fields: object) => {
      const inline = (remote: string) => ({
        name: remote,
        remoteVirtualNetwork: { id: armId('virtualNetworks', remote) },
        ...fields,
      });
      const nsg = group('nsg', ssh('ssh', { sourceAddressPrefix: 'VirtualNetwork' }));
      const own = { resourceGroupName: 'rg' };
      const network = { ...own, virtualNetworkName: 'near', virtualNetworkPeerings: [inline('far')] };
      const far = net('VirtualNetwork', 'far', {
        ...own,
        virtualNetworkName: 'far',
        addressSpace: { addressPrefixes: ['20.0.0.0/16'] },
        subnets: [{ name: 'a', addressPrefix: '20.0.1.0/24' }],
        virtualNetworkPeerings: [inline('near')],
      });
      const plan = planOf(machineBehind({ group: nsg, network, more: [far] }));
      const [machine] = plan.machines;
      const ways = machine ? plan.judge(machine).ways : [];
      return ways.flatMap(({ answers }) => answers.map((one) => one.open.covers(addressSet(['20.0.1.0/24']))));
    };
    expect(opened({})).toEqual([true]);
    expect(opened({ peerCompleteVnets: false, localSubnetNames: ['x'], remoteSubnetNames: ['y'] })).toEqual([false]);
  });

  test('is reached through an appliance of the program that forwards, and through no other', () => {
    const table = net('RouteTable', 'table', {
      routes: [
        { name: 'r', addressPrefix: '10.0.1.0/24', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.3.4' },
      ],
    });
    const subnets = [
      { name: 'default', addressPrefix: '10.0.1.0/24' },
      { name: 'senders', addressPrefix: '10.0.2.0/24', routeTable: later },
      { name: 'appliances', addressPrefix: '10.0.3.0/24' },
    ];
    const mayCome = (flags: object) => {
      const all = machineBehind({ group: open, subnet: { name: 'default' }, subnets, guards: [table] });
      const config = { name: 'ip', subnet: { name: 'appliances' }, privateIPAddress: '10.0.3.4' };
      const nva = net(
        'NetworkInterface',
        'nva',
        { ipConfigurations: [config], ...flags },
        { ipConfigurations: [all[0] as Written] },
      );
      const plan = planOf([...all, nva]);
      const [machine] = plan.machines;
      const ways = machine ? plan.judge(machine).ways : [];
      return ways.flatMap(({ answers }) => answers.map((one) => one.unsure.covers(addressSet(['10.0.2.9']))));
    };
    expect(mayCome({})).toEqual([false]);
    expect(mayCome({ enableIPForwarding: true })).toEqual([true]);
    expect(mayCome({ enableIPForwarding: LATER })).toEqual([true]);
  });

  test('may be behind an appliance that nobody knows', () => {
    const [vnet, pip, , vm] = machineBehind({}) as [Written, Written, Written, Written];
    const nic = (fields: object) =>
      net(
        'NetworkInterface',
        'nic',
        {
          networkSecurityGroup: later,
          ipConfigurations: [{ name: 'web', subnet: {}, publicIPAddress: later, ...fields }],
        },
        { ipConfigurations: [vnet, pip], networkSecurityGroup: [open] },
      );
    const judged = (fields: object) =>
      verdictsOf([vnet, pip, nic(fields), { ...vm, deps: { networkProfile: [nic(fields)] } }, open]);
    expect(judged({})).toEqual(sure('allowed'));
    expect(judged({ gatewayLoadBalancer: { id: LATER } }).ways).toEqual(['unknown']);
  });

  test('shows no address that only stands for one', () => {
    const plan = planOf(machineBehind({ group: open }));
    const { cloud } = plan.lowered();
    const shown = [...cloud.targets()].flatMap((target) =>
      cloud.paths(target, { port: 22, everyone: true }).map(({ address }) => address),
    );
    expect(new Set(shown)).toEqual(new Set(['not assigned yet', '10.0.1.4']));
  });
});

describe('types', () => {
  test.each([
    ['azure-native:network:NetworkSecurityGroup', 'yes'],
    ['azure:network/publicIp:PublicIp', 'yes'],
    ['azure-native:network:AzureFirewall', 'looks like one'],
    ['azure:network/firewallPolicy:FirewallPolicy', 'looks like one'],
    ['azure-native:network:NatGateway', 'no'],
    ['azure-native:network:ApplicationGateway', 'looks like one'],
    ['azure-native:network:BastionHost', 'looks like one'],
    ['azure-native:network:NetworkGroup', 'looks like one'],
    ['azure-native:network:StaticMember', 'looks like one'],
    ['azure:network/networkManagerStaticMember:NetworkManagerStaticMember', 'looks like one'],
    ['azure-native:network:LocalNetworkGateway', 'looks like one'],
    ['azure:lb/backendAddressPoolAddress:BackendAddressPoolAddress', 'looks like one'],
    ['azure-native:storage:StorageAccountNetworkRule', 'no'],
    ['azure-native:resources:ResourceGroup', 'no'],
    ['aws:ec2/securityGroup:SecurityGroup', 'no'],
  ])('%s: %s', (type, known) => {
    const plan = planOf([made(type, 'x', { a: 1 })]);
    expect(plan.links.records.length).toBe(known === 'yes' ? 1 : 0);
    const state = { urn: `urn:pulumi:a::b::${type}::x`, type, custom: true, inputs: { a: 1 } };
    const [record] = readStackExport({ version: 3, deployment: { resources: [state] } })?.records ?? [];
    expect(record && azurePlan.knows(record)).toBe(known);
  });
});

test('a state is judged by what Azure answered', () => {
  const state = (type: string, name: string, id: string, outputs: object) => ({
    urn: `urn:pulumi:dev::shop::${type}::${name}`,
    type,
    custom: true,
    id,
    inputs: {},
    outputs: { ...outputs, id },
  });
  const subnet = `${armId('virtualNetworks', 'v')}/subnets/s`;
  const of = (access: string) => {
    const resources = [
      state('azure-native:network:VirtualNetwork', 'v', armId('virtualNetworks', 'v'), {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [{ id: subnet, name: 's', addressPrefix: '10.0.1.0/24' }],
      }),
      state('azure-native:network:PublicIPAddress', 'p', armId('publicIPAddresses', 'p'), {
        sku: { name: 'Standard' },
        ipAddress: '20.1.2.3',
      }),
      state('azure-native:network:NetworkSecurityGroup', 'g', armId('networkSecurityGroups', 'g'), {
        securityRules: [ssh('ssh', { access })],
      }),
      state('azure-native:network:NetworkInterface', 'n', armId('networkInterfaces', 'n'), {
        networkSecurityGroup: { id: armId('networkSecurityGroups', 'G') },
        ipConfigurations: [
          {
            name: 'ip',
            subnet: { id: subnet },
            publicIPAddress: { id: armId('publicIPAddresses', 'p') },
            privateIPAddress: '10.0.1.4',
          },
        ],
      }),
      state(
        'azure-native:compute:VirtualMachine',
        'vm',
        '/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm',
        {
          networkProfile: { networkInterfaces: [{ id: armId('networkInterfaces', 'n') }] },
        },
      ),
    ];
    const plan = readStackExport({ version: 3, deployment: { resources } });
    if (!plan) throw new Error('no state');
    const cloud = new CloudPlan(azurePlan, plan, {
      port: 22,
      assumptions: { unseenControls: 'assume-none', defaultNetwork: 'likely' },
      isStrict: false,
      maxForks: 64,
    });
    const [machine] = cloud.machines;
    if (!machine) throw new Error('no machine');
    return cloud.judge(machine).ways.flatMap(({ answers }) => answers.map((one) => one.open.covers(internet.only(4))));
  };
  expect([of('Allow'), of('Deny')]).toEqual([[true], [false]]);
});

test('a classic group with inline rules that name application groups is read', () => {
  const asg = classic('network/applicationSecurityGroup:ApplicationSecurityGroup', 'asg', { location: 'westus' });
  const rule = ssh('ssh', { destinationAddressPrefix: undefined, destinationApplicationSecurityGroupIds: [LATER] });
  const nsg = classic(
    'network/networkSecurityGroup:NetworkSecurityGroup',
    'nsg',
    { securityRules: [rule] },
    { securityRules: [asg] },
  );
  expect(verdictsOf(machineBehind({ group: nsg, more: [asg] }))).toEqual(sure('denied'));
});
