import type { Slot } from '../../../src/plan/slot.js';

/** What a resource of a type describes, and what it refers to (pulumi.md, 4.2 and 6.5). */
export interface PlanType {
  /** The same for what azure-native and the classic provider call differently. */
  readonly name: string;
  /** The kind of the thing itself; absent for what is a part of others only. */
  readonly kind?: string;
  /** Its type in ARM; of a part of another resource what stands between that one's id and its own name. */
  readonly arm?: string;
  /** Properties that hold its own name. */
  readonly named?: readonly string[];
  /** The kind of what it is in, where its id is a part of that one's. */
  readonly within?: string;
  /** Parts that it lists itself: by property, their kind and what stands before their names in an id. */
  readonly lists?: readonly (readonly [property: string, kind: string, segment: string])[];
  readonly slots?: readonly Slot[];
  /** The kind of what it is in, for which a dependency on it may stand, too. */
  readonly follow?: string;
}

const one = (path: string, kind: string): Slot => ({ path, kind });
/** `subnet: {id}`: in a preview also `subnet: {}`. */
const object = (path: string, kind: string): Slot => ({ path: `${path}.id`, kind, isInObject: true });
const part = (path: string, kind: string): Slot => ({ path, kind, joins: true });
/** A part whose whole matters to it as well. */
const within = (path: string, kind: string): Slot => ({ path, kind, joins: true, leads: true });
const set = (path: string, kind: string): Slot => ({ path, kind, isFree: true });
const objects = (path: string, kind: string): Slot => ({ path: `${path}[].id`, kind, isFree: true, isInObject: true });

/** An interface, as a resource or within a machine: `at` is empty or ends with a dot. Both providers' words stand side by side. */
const faceSlots = (at: string): readonly Slot[] => {
  const config = `${at}ipConfigurations[].`;
  return [
    object(`${at}networkSecurityGroup`, 'nsg'),
    one(`${at}networkSecurityGroupId`, 'nsg'),
    object(`${config}subnet`, 'subnet'),
    one(`${config}subnetId`, 'subnet'),
    object(`${config}publicIPAddress`, 'pip'),
    one(`${config}publicIpAddressId`, 'pip'),
    objects(`${config}applicationSecurityGroups`, 'asg'),
    set(`${config}applicationSecurityGroupIds[]`, 'asg'),
    objects(`${config}loadBalancerInboundNatRules`, 'nat'),
    objects(`${config}loadBalancerBackendAddressPools`, 'pool'),
    set(`${config}loadBalancerBackendAddressPoolIds[]`, 'pool'),
    objects(`${config}loadBalancerInboundNatPools`, 'natPool'),
    set(`${config}loadBalancerInboundNatRulesIds[]`, 'natPool'),
  ];
};

/** A rule of a security group, inline or as a resource. */
const ruleSlots = (at: string): readonly Slot[] =>
  ['source', 'destination'].flatMap((side) => [
    objects(`${at}${side}ApplicationSecurityGroups`, 'asg'),
    set(`${at}${side}ApplicationSecurityGroupIds[]`, 'asg'),
  ]);

const subnetSlots = (at: string): readonly Slot[] => [
  object(`${at}networkSecurityGroup`, 'nsg'),
  one(`${at}securityGroup`, 'nsg'),
  object(`${at}routeTable`, 'rt'),
  one(`${at}routeTableId`, 'rt'),
];

const frontends = ['frontendIPConfigurations', 'frontendIpConfigurations'];

const balancerSlots: readonly Slot[] = [
  ...frontends.flatMap((list) => [
    object(`${list}[].publicIPAddress`, 'pip'),
    one(`${list}[].publicIpAddressId`, 'pip'),
    object(`${list}[].subnet`, 'subnet'),
    one(`${list}[].subnetId`, 'subnet'),
  ]),
  object('inboundNatRules[].frontendIPConfiguration', 'frontend'),
  object('inboundNatRules[].backendAddressPool', 'pool'),
  object('inboundNatPools[].frontendIPConfiguration', 'frontend'),
  object('loadBalancingRules[].frontendIPConfiguration', 'frontend'),
  object('loadBalancingRules[].backendAddressPool', 'pool'),
  objects('loadBalancingRules[].backendAddressPools', 'pool'),
];

const machineSlots: readonly Slot[] = [
  object('networkProfile.networkInterfaces[]', 'nic'),
  one('networkInterfaceIds[]', 'nic'),
  one('primaryNetworkInterfaceId', 'nic'),
  ...faceSlots('networkProfile.networkInterfaceConfigurations[].'),
];

/** The lists in which scale sets describe the interfaces of their machines. */
export const setInterfaces = [
  'virtualMachineProfile.networkProfile.networkInterfaceConfigurations',
  'networkInterfaces',
  'networkProfiles',
] as const;

const network = 'Microsoft.Network/';

const machine: PlanType = {
  name: 'VirtualMachine',
  kind: 'vm',
  arm: 'Microsoft.Compute/virtualMachines',
  named: ['vmName', 'name'],
  slots: machineSlots,
};
const scaleSet: PlanType = {
  name: 'VirtualMachineScaleSet',
  kind: 'vmss',
  arm: 'Microsoft.Compute/virtualMachineScaleSets',
  named: ['vmScaleSetName', 'name'],
  slots: setInterfaces.flatMap((list) => faceSlots(`${list}[].`)),
};
const securityRule: PlanType = {
  name: 'SecurityRule',
  named: ['securityRuleName', 'name'],
  slots: [part('networkSecurityGroupName', 'nsg'), ...ruleSlots('')],
  follow: 'nsg',
};
const publicAddress: PlanType = {
  name: 'PublicIPAddress',
  kind: 'pip',
  arm: `${network}publicIPAddresses`,
  named: ['publicIpAddressName', 'name'],
};
const natRule: PlanType = {
  name: 'InboundNatRule',
  kind: 'nat',
  arm: 'inboundNatRules',
  within: 'lb',
  named: ['inboundNatRuleName', 'name'],
  slots: [
    within('loadBalancerName', 'lb'),
    within('loadbalancerId', 'lb'),
    object('frontendIPConfiguration', 'frontend'),
    object('backendAddressPool', 'pool'),
    one('backendAddressPoolId', 'pool'),
  ],
  follow: 'lb',
};
const pool: PlanType = {
  name: 'BackendAddressPool',
  kind: 'pool',
  arm: 'backendAddressPools',
  within: 'lb',
  named: ['backendAddressPoolName', 'name'],
  slots: [within('loadBalancerName', 'lb'), within('loadbalancerId', 'lb')],
  follow: 'lb',
};
const onInterface = (...others: readonly Slot[]): Pick<PlanType, 'slots' | 'follow'> => ({
  slots: [part('networkInterfaceId', 'nic'), ...others],
  follow: 'nic',
});

const networkTypes: readonly PlanType[] = [
  {
    name: 'NetworkInterface',
    kind: 'nic',
    arm: `${network}networkInterfaces`,
    named: ['networkInterfaceName', 'name'],
    slots: faceSlots(''),
  },
  {
    name: 'NetworkSecurityGroup',
    kind: 'nsg',
    arm: `${network}networkSecurityGroups`,
    named: ['networkSecurityGroupName', 'name'],
    slots: ruleSlots('securityRules[].'),
  },
  securityRule,
  {
    name: 'VirtualNetwork',
    kind: 'vnet',
    arm: `${network}virtualNetworks`,
    named: ['virtualNetworkName', 'name'],
    lists: [['subnets', 'subnet', 'subnets']],
    slots: [...subnetSlots('subnets[].'), object('virtualNetworkPeerings[].remoteVirtualNetwork', 'vnet')],
  },
  {
    name: 'VirtualNetworkPeering',
    named: ['virtualNetworkPeeringName', 'name'],
    slots: [
      part('virtualNetworkName', 'vnet'),
      object('remoteVirtualNetwork', 'vnet'),
      one('remoteVirtualNetworkId', 'vnet'),
    ],
  },
  {
    name: 'Subnet',
    kind: 'subnet',
    arm: 'subnets',
    within: 'vnet',
    named: ['subnetName', 'name'],
    // No part of its network: what else is in that does not matter to it.
    slots: [one('virtualNetworkName', 'vnet'), ...subnetSlots('')],
    follow: 'vnet',
  },
  publicAddress,
  {
    name: 'RouteTable',
    kind: 'rt',
    arm: `${network}routeTables`,
    named: ['routeTableName', 'name'],
  },
  { name: 'Route', named: ['routeName', 'name'], slots: [part('routeTableName', 'rt')], follow: 'rt' },
  {
    name: 'ApplicationSecurityGroup',
    kind: 'asg',
    arm: `${network}applicationSecurityGroups`,
    named: ['applicationSecurityGroupName', 'name'],
  },
  {
    name: 'LoadBalancer',
    kind: 'lb',
    arm: `${network}loadBalancers`,
    named: ['loadBalancerName', 'name'],
    lists: [
      ...frontends.map((list) => [list, 'frontend', 'frontendIPConfigurations'] as const),
      ['backendAddressPools', 'pool', 'backendAddressPools'],
      ['inboundNatRules', 'nat', 'inboundNatRules'],
      ['inboundNatPools', 'natPool', 'inboundNatPools'],
    ],
    slots: balancerSlots,
  },
  natRule,
  { name: 'Commit' },
  { name: 'AdminRule' },
];

/** What the classic provider has as resources of their own. */
const associations: readonly PlanType[] = [
  { name: 'NetworkInterfaceSecurityGroupAssociation', ...onInterface(one('networkSecurityGroupId', 'nsg')) },
  {
    name: 'NetworkInterfaceApplicationSecurityGroupAssociation',
    ...onInterface(one('applicationSecurityGroupId', 'asg')),
  },
  { name: 'NetworkInterfaceNatRuleAssociation', ...onInterface(one('natRuleId', 'nat')) },
  { name: 'NetworkInterfaceBackendAddressPoolAssociation', ...onInterface(one('backendAddressPoolId', 'pool')) },
  {
    name: 'SubnetNetworkSecurityGroupAssociation',
    slots: [part('subnetId', 'subnet'), one('networkSecurityGroupId', 'nsg')],
    follow: 'subnet',
  },
  {
    name: 'SubnetRouteTableAssociation',
    slots: [part('subnetId', 'subnet'), one('routeTableId', 'rt')],
    follow: 'subnet',
  },
];

const keyed = (module: string, types: readonly PlanType[]) =>
  types.map((type) => [`azure:${module}:${type.name}`, type] as const);

/** By the key of the token, which is the same for every spelling of a type. */
export const planTypes: ReadonlyMap<string, PlanType> = new Map<string, PlanType>([
  ...networkTypes.map((type) => [`azure-native:network:${type.name}`, type] as const),
  ['azure-native:network:LoadBalancerBackendAddressPool', pool],
  ['azure-native:network:SecurityAdminConfiguration', { name: 'SecurityAdminConfiguration' }],
  ['azure-native:network:AdminRuleCollection', { name: 'AdminRuleCollection' }],
  ['azure-native:compute:VirtualMachine', machine],
  ['azure-native:compute:VirtualMachineScaleSet', scaleSet],
  ...keyed('network', [...networkTypes, ...associations]),
  ['azure:network:NetworkSecurityRule', securityRule],
  ['azure:network:PublicIp', publicAddress],
  ['azure:network:NetworkManagerAdminRule', { name: 'AdminRule' }],
  ['azure:network:NetworkManagerDeployment', { name: 'Commit' }],
  ...['VirtualMachine', 'LinuxVirtualMachine', 'WindowsVirtualMachine'].map(
    (name) => [`azure:compute:${name}`, machine] as const,
  ),
  ...[
    'ScaleSet',
    'LinuxVirtualMachineScaleSet',
    'WindowsVirtualMachineScaleSet',
    'OrchestratedVirtualMachineScaleSet',
  ].map((name) => [`azure:compute:${name}`, scaleSet] as const),
  ...keyed('lb', [networkTypes.find(({ name }) => name === 'LoadBalancer') ?? natRule, pool]),
  ['azure:lb:NatRule', natRule],
  ['azure:lb:NatPool', { ...natRule, name: 'NatPool', kind: 'natPool', arm: 'inboundNatPools' }],
  [
    'azure:lb:Rule',
    {
      name: 'Rule',
      named: ['name'],
      slots: [within('loadbalancerId', 'lb'), set('backendAddressPoolIds[]', 'pool')],
      follow: 'lb',
    },
  ],
]);
