import type { Read } from '../../../src/record/index.js';
import * as shape from './records.js';

/** One kind of answer. */
interface Kind<T> {
  /** The type of its resources, in lower case; absent for answers about one subject. */
  readonly type?: string;
  /** The parameter of the question that stands beside an answer about one subject. */
  readonly parameter?: string;
  /** The permission that the call needs. */
  readonly action: string;
  readonly read: Read<T>;
}

function resource<T>(type: string, read: Read<T>, action = `${type}/read`): Kind<T> {
  return { type: type.toLowerCase(), action, read };
}

function answer<T>(parameter: string, action: string, read: Read<T>): Kind<T> {
  return { parameter, action, read };
}

const scaleSet = 'Microsoft.Compute/virtualMachineScaleSets';

/** Every answer that port22 understands. */
export const kinds = {
  machines: resource('Microsoft.Compute/virtualMachines', shape.virtualMachine),
  scaleSets: resource(scaleSet, shape.scaleSet),
  scaleSetMachines: resource(`${scaleSet}/virtualMachines`, shape.virtualMachine),
  scaleSetInterfaces: resource(`${scaleSet}/virtualMachines/networkInterfaces`, shape.networkInterface),
  scaleSetAddresses: resource(
    `${scaleSet}/virtualMachines/networkInterfaces/ipConfigurations/publicIPAddresses`,
    shape.publicIPAddress,
  ),
  interfaces: resource('Microsoft.Network/networkInterfaces', shape.networkInterface),
  securityGroups: resource('Microsoft.Network/networkSecurityGroups', shape.networkSecurityGroup),
  applicationGroups: resource('Microsoft.Network/applicationSecurityGroups', shape.applicationSecurityGroup),
  networks: resource('Microsoft.Network/virtualNetworks', shape.virtualNetwork),
  addresses: resource('Microsoft.Network/publicIPAddresses', shape.publicIPAddress),
  routeTables: resource('Microsoft.Network/routeTables', shape.routeTable),
  balancers: resource('Microsoft.Network/loadBalancers', shape.loadBalancer),
  natGateways: resource('Microsoft.Network/natGateways', shape.natGateway),
  firewalls: resource('Microsoft.Network/azureFirewalls', shape.azureFirewall),
  bastions: resource('Microsoft.Network/bastionHosts', shape.bastionHost),
  gateways: resource('Microsoft.Network/virtualNetworkGateways', shape.virtualNetworkGateway),
  localGateways: resource('Microsoft.Network/localNetworkGateways', shape.localNetworkGateway),
  connections: resource('Microsoft.Network/connections', shape.connection),
  jitPolicies: resource('Microsoft.Security/locations/jitNetworkAccessPolicies', shape.jitPolicy),
  managers: resource('Microsoft.Network/networkManagers', shape.networkManager),
  adminConfigurations: resource(
    'Microsoft.Network/networkManagers/securityAdminConfigurations',
    shape.adminConfiguration,
  ),
  adminRules: answer(
    'virtualNetwork',
    'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action',
    shape.effectiveAdminRules,
  ),
  connectivity: answer(
    'virtualNetwork',
    'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveConnectivityConfigurations/action',
    shape.effectiveConnectivity,
  ),
  effectiveRoutes: answer(
    'networkInterface',
    'Microsoft.Network/networkInterfaces/effectiveRouteTable/action',
    shape.effectiveRoutes,
  ),
  prefixSets: answer(
    'applicationSecurityGroup',
    'Microsoft.Network/applicationSecurityGroups/addressPrefixSets/read',
    shape.addressPrefixSets,
  ),
  serviceTags: answer('location', 'Microsoft.Network/locations/serviceTags/read', shape.serviceTags),
  probeHealth: answer(
    'loadBalancingRule',
    'Microsoft.Network/loadBalancers/loadBalancingRules/health/action',
    shape.loadBalancerHealth,
  ),
  portMappings: answer(
    'backendAddressPool',
    'Microsoft.Network/loadBalancers/backendAddressPools/queryInboundNatRulePortMapping/action',
    shape.portMapping,
  ),
} as const satisfies Record<string, Kind<unknown>>;

export type KindName = keyof typeof kinds;
export type RecordOfKind<K extends KindName> = shape.RecordOf<(typeof kinds)[K]['read']>;

export const kindNames = Object.keys(kinds) as KindName[];

/** Types that port22 knows and has no use for yet: no warning is due. */
export const ignoredTypes: ReadonlySet<string> = new Set([
  'microsoft.network/firewallpolicies',
  'microsoft.network/ipgroups',
  'microsoft.network/privateendpoints',
  'microsoft.network/networkwatchers',
  'microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules',
  'microsoft.compute/disks',
  'microsoft.compute/availabilitysets',
]);
