import { describe, expect, test } from '@jest/globals';
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
  type Verdict,
  verdictsIn,
  verdictsOf,
  type Written,
} from '../support/gate/azure-plan.js';
import { type Json, replaced } from '../support/gate/damage.js';

/** The plan with each part of each resource's properties replaced in turn. */
function* damaged(resources: readonly Written[], by: Json): Generator<readonly [what: string, plan: Written[]]> {
  for (const [index, resource] of resources.entries())
    for (const [property, value] of Object.entries(resource.inputs) as [string, Json][])
      for (const other of replaced(value, by)) {
        const inputs = { ...resource.inputs, [property]: other };
        const plan = resources.map((one, at) => (at === index ? { ...one, inputs } : one));
        yield [`${resource.urn} ${JSON.stringify({ [property]: other })}`, plan];
      }
}

const open = group('nsg', ssh('ssh'));
const shut = group('nsg', ssh('deny', { access: 'Deny' }), ssh('ssh', { priority: 200 }));
const inline = [{ name: 'default', addressPrefix: '10.0.1.0/24', networkSecurityGroup: later }];
const pip = net('PublicIPAddress', 'front', { sku: { name: 'Standard' } });
const balancer = net(
  'LoadBalancer',
  'lb',
  {
    sku: { name: 'Standard' },
    frontendIPConfigurations: [{ name: 'front', publicIPAddress: later }],
    backendAddressPools: [{ name: 'pool' }],
    inboundNatRules: [
      { name: 'nat', protocol: 'Tcp', frontendPort: 22, backendPort: 22, frontendIPConfiguration: later },
    ],
  },
  { frontendIPConfigurations: [pip] },
);
const network = machineBehind({})[0] as Written;
const nic = net(
  'NetworkInterface',
  'inner',
  {
    networkSecurityGroup: later,
    ipConfigurations: [
      { name: 'ip', subnet: later, loadBalancerInboundNatRules: [later], loadBalancerBackendAddressPools: [later] },
    ],
  },
  { ipConfigurations: [network, balancer], networkSecurityGroup: [open] },
);
const behindBalancer = [
  network,
  open,
  pip,
  balancer,
  nic,
  made(
    'azure-native:compute:VirtualMachine',
    'vm',
    { networkProfile: { networkInterfaces: [{ ...later, primary: true }] } },
    { networkProfile: [nic] },
  ),
];
const scaleSet = [
  network,
  open,
  made(
    'azure-native:compute:VirtualMachineScaleSet',
    'vm',
    {
      sku: { capacity: 1 },
      virtualMachineProfile: {
        networkProfile: {
          networkInterfaceConfigurations: [
            {
              name: 'nic',
              primary: true,
              networkSecurityGroup: later,
              ipConfigurations: [
                { name: 'ip', subnet: {}, publicIPAddressConfiguration: { name: 'p', sku: { name: 'Standard' } } },
              ],
            },
          ],
        },
      },
    },
    { virtualMachineProfile: [network, open] },
  ),
];

const oldNetwork = classic('network/virtualNetwork:VirtualNetwork', 'vnet', { addressSpaces: ['10.0.0.0/16'] });
const oldSubnet = classic(
  'network/subnet:Subnet',
  'subnet',
  { virtualNetworkName: LATER, addressPrefixes: ['10.0.1.0/24'] },
  { virtualNetworkName: [oldNetwork] },
);
const oldGroup = classic('network/networkSecurityGroup:NetworkSecurityGroup', 'nsg', { name: 'nsg' });
const oldTable = classic('network/routeTable:RouteTable', 'table', { bgpRoutePropagationEnabled: false });
const oldNic = classic(
  'network/networkInterface:NetworkInterface',
  'nic',
  { ipConfigurations: [{ name: 'web', subnetId: LATER, publicIpAddressId: LATER }] },
  { ipConfigurations: [oldSubnet, pip] },
);
const ofTheClassicProvider = [
  oldNetwork,
  oldSubnet,
  oldGroup,
  oldTable,
  oldNic,
  pip,
  classic(
    'network/networkSecurityRule:NetworkSecurityRule',
    'ssh',
    { ...ssh('ssh'), networkSecurityGroupName: LATER },
    { networkSecurityGroupName: [oldGroup] },
  ),
  classic(
    'network/route:Route',
    'route',
    { routeTableName: LATER, addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' },
    { routeTableName: [oldTable] },
  ),
  classic(
    'network/subnetRouteTableAssociation:SubnetRouteTableAssociation',
    'routes',
    { subnetId: LATER, routeTableId: LATER },
    { subnetId: [oldSubnet], routeTableId: [oldTable] },
  ),
  classic(
    'network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation',
    'guard',
    { subnetId: LATER, networkSecurityGroupId: LATER },
    { subnetId: [oldSubnet], networkSecurityGroupId: [oldGroup] },
  ),
  classic(
    'compute/virtualMachine:VirtualMachine',
    'vm',
    { networkInterfaceIds: [LATER] },
    { networkInterfaceIds: [oldNic] },
  ),
];

const plans: readonly (readonly [string, readonly Written[], Verdict])[] = [
  ['open', machineBehind({ group: open, subnets: inline, guards: [group('guard', ssh('all'))] }), 'allowed'],
  ['denied', machineBehind({ group: shut }), 'denied'],
  ['without a group', machineBehind({}), 'denied'],
  ['behind a balancer', behindBalancer, 'allowed'],
  ['a scale set', scaleSet, 'allowed'],
  ['of the classic provider', ofTheClassicProvider, 'allowed'],
];

describe('a plan in which something is not known', () => {
  test.each(plans)('%s is never judged otherwise for sure', (_, resources, verdict) => {
    expect(verdictsOf(resources).ways).toEqual([verdict]);
    const wrong = [...damaged(resources, LATER)].filter(([, plan]) => {
      const { ways } = verdictsOf(plan);
      return !ways.includes('unknown') && !ways.includes(verdict);
    });
    expect(wrong.map(([what]) => what)).toEqual([]);
  });
});

/** The plan without one of the things on which a property depends. */
function* undone(resources: readonly Written[]): Generator<readonly [what: string, plan: Written[]]> {
  for (const [index, resource] of resources.entries())
    for (const [property, all] of Object.entries(resource.deps))
      for (const left of all) {
        const deps = { ...resource.deps, [property]: all.filter((one) => one !== left) };
        yield [
          `${resource.urn} ${property} ${left.urn}`,
          resources.map((one, at) => (at === index ? { ...one, deps } : one)),
        ];
      }
}

describe('a plan with a rule that may be of any group', () => {
  const orphan = net('SecurityRule', 'lost', {
    ...ssh('lost', { priority: 4000, destinationPortRange: '80' }),
    networkSecurityGroupName: LATER,
  });

  test.each(plans)('%s is judged by its own part of the plan', (_, resources, verdict) => {
    expect(verdictsOf([...resources, orphan])).toEqual(sure(verdict));
  });
});

describe('a plan that does not say on what something depends', () => {
  test.each(plans)('%s is never judged otherwise for sure', (_, resources, verdict) => {
    const wrong = [...undone(resources)].filter(([, plan]) => {
      const { ways } = verdictsOf(plan);
      return !ways.includes('unknown') && !ways.includes(verdict);
    });
    expect(wrong.map(([what]) => what)).toEqual([]);
  });
});

describe('a plan in which something is no such thing', () => {
  test.each([[null], ['x'], [[{}]], [{ id: {} }], ['/subscriptions/']])('as %j is judged all the same', (junk) => {
    for (const [, resources] of plans.filter(([, , verdict]) => verdict === 'allowed'))
      for (const [, changed] of damaged(resources, junk)) {
        const plan = planOf(changed);
        expect(verdictsIn(plan, 'vm').ways).not.toEqual([]);
        expect(plan.conflicts()).toEqual(expect.any(Array));
      }
  });

  test('says nothing at all of a resource', () => {
    for (const [, resources] of plans)
      for (const index of resources.keys()) {
        const { ways } = verdictsOf(resources.map((one, at) => (at === index ? { ...one, inputs: {} } : one)));
        expect(ways.length).toBeGreaterThan(0);
      }
  });

  test('depends on itself, and in circles', () => {
    const types = [
      'azure-native:network:Subnet',
      'azure-native:network:VirtualNetwork',
      'azure-native:network:LoadBalancer',
      'azure-native:network:InboundNatRule',
      'azure-native:network:NetworkSecurityGroup',
      'azure-native:network:SecurityRule',
      'azure-native:network:NetworkInterface',
      'azure:network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation',
      'azure:lb/backendAddressPool:BackendAddressPool',
      'azure:lb/rule:Rule',
    ];
    const inputs = Object.fromEntries(
      [
        'virtualNetworkName',
        'loadBalancerName',
        'loadbalancerId',
        'networkSecurityGroupName',
        'subnetId',
        'networkSecurityGroupId',
        'backendAddressPoolIds',
        'ipConfigurations',
        'subnets',
        'securityRules',
      ].map((property) => [property, LATER]),
    );
    const all = types.map((type) => made(type, 'one', inputs));
    const deps = Object.fromEntries(Object.keys(inputs).map((property) => [property, all]));
    const circle = all.map((one) => ({ ...one, deps }));
    const machine = made(
      'azure-native:compute:VirtualMachine',
      'vm',
      { networkProfile: LATER },
      { networkProfile: all },
    );
    expect(verdictsOf([...circle, machine]).ways).toEqual(['unknown']);
    expect(planOf([...circle, machine]).conflicts()).toEqual([]);
  });
});

test('two machines of one name in different letters are two', () => {
  const first = machineBehind({ group: open });
  const nsg = group('NSG');
  const second = machineBehind({ group: nsg }).map((one) => ({
    ...one,
    urn: one.urn.replace(/::(\w+)$/, (_, name: string) => `::${name.toUpperCase()}`),
    deps: Object.fromEntries(
      Object.entries(one.deps).map(([property, all]) => [
        property,
        all.map((dep) => ({
          ...dep,
          urn: dep.urn.replace(/::(\w+)$/, (_, name: string) => `::${name.toUpperCase()}`),
        })),
      ]),
    ),
  }));
  expect(verdictsOf([...first, ...second]).ways).toEqual(['allowed']);
  expect(verdictsOf([...first, ...second], { machine: 'VM' }).ways).toEqual(['denied']);
});

test('names that look like paths are names', () => {
  const subnet = classic(
    'network/subnet:Subnet',
    'a/b%2Fc',
    { virtualNetworkName: LATER, addressPrefixes: ['10.0.1.0/24'] },
    {
      virtualNetworkName: [network],
    },
  );
  const face = classic(
    'network/networkInterface:NetworkInterface',
    'n/i/c',
    { ipConfigurations: [{ name: 'x/y', subnetId: LATER, publicIpAddressId: LATER }] },
    { ipConfigurations: [subnet, pip] },
  );
  const association = classic(
    'network/networkInterfaceSecurityGroupAssociation:NetworkInterfaceSecurityGroupAssociation',
    'a',
    { networkInterfaceId: LATER, networkSecurityGroupId: LATER },
    { networkInterfaceId: [face], networkSecurityGroupId: [open] },
  );
  const machine = classic(
    'compute/virtualMachine:VirtualMachine',
    'vm',
    { networkInterfaceIds: [LATER] },
    {
      networkInterfaceIds: [face],
    },
  );
  expect(verdictsOf([network, subnet, face, association, pip, open, machine]).ways).toEqual(['allowed']);
});
