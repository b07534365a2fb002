import { ipConfigId, LOCATION, nameIn, networkId, ref, SUBSCRIPTION, subnetId, typeIn } from './ids.js';
import type { Json, JsonRecord } from './kinds.js';

/** What every resource has. */
export function resource(id: string, properties: JsonRecord, fields: JsonRecord = {}): JsonRecord {
  const head = { name: nameIn(id), id, type: typeIn(id), location: LOCATION };
  return { ...head, ...fields, properties: { provisioningState: 'Succeeded', ...properties } };
}

/** What every part of a resource has; it lies where the resource does. */
export function child(id: string, properties: JsonRecord): JsonRecord {
  return {
    name: nameIn(id),
    id,
    type: typeIn(id),
    properties: { provisioningState: 'Succeeded', ...properties },
  };
}

/** A part of a resource that does not say its type. */
export function untyped(id: string, properties: JsonRecord): JsonRecord {
  const { type: _, ...others } = child(id, properties);
  return others;
}

/** The value as a list of records. */
export function recordsIn(value: Json | undefined): readonly JsonRecord[] {
  return Array.isArray(value) ? (value as readonly JsonRecord[]) : [];
}

export function propertiesOf(record: JsonRecord): JsonRecord {
  return (record.properties ?? {}) as JsonRecord;
}

export function withProperties(record: JsonRecord, properties: JsonRecord): JsonRecord {
  return { ...record, properties: { ...propertiesOf(record), ...properties } };
}

/** Where in the list the record of this name stands. */
export function indexOf(list: readonly JsonRecord[], name: string): number {
  return list.findIndex((record) => record.name === name);
}

/** A rule of a security group: inbound allow of TCP 22 from anywhere at priority 100, unless said. */
export function securityRule(group: string, name: string, properties: JsonRecord): JsonRecord {
  return child(networkId('networkSecurityGroups', group, 'securityRules', name), {
    protocol: 'Tcp',
    ...from(properties),
    ...to(properties),
    sourcePortRange: '*',
    sourcePortRanges: [],
    destinationPortRange: '22',
    destinationPortRanges: [],
    access: 'Allow',
    priority: 100,
    direction: 'Inbound',
    ...properties,
  });
}

/** ARM leaves the prefix out where application security groups stand. */
function from({ sourceApplicationSecurityGroups: groups }: JsonRecord): JsonRecord {
  return groups === undefined ? { sourceAddressPrefix: '*', sourceAddressPrefixes: [] } : { sourceAddressPrefixes: [] };
}

function to({ destinationApplicationSecurityGroups: groups }: JsonRecord): JsonRecord {
  return groups === undefined
    ? { destinationAddressPrefix: '*', destinationAddressPrefixes: [] }
    : { destinationAddressPrefixes: [] };
}

const EVERYTHING = { protocol: '*', destinationPortRange: '*' } as const;

/** What Azure puts at the end of every security group. */
const DEFAULT_RULES: readonly (readonly [string, JsonRecord])[] = [
  [
    'AllowVnetInBound',
    { sourceAddressPrefix: 'VirtualNetwork', destinationAddressPrefix: 'VirtualNetwork', priority: 65000 },
  ],
  ['AllowAzureLoadBalancerInBound', { sourceAddressPrefix: 'AzureLoadBalancer', priority: 65001 }],
  ['DenyAllInBound', { access: 'Deny', priority: 65500 }],
  [
    'AllowVnetOutBound',
    {
      sourceAddressPrefix: 'VirtualNetwork',
      destinationAddressPrefix: 'VirtualNetwork',
      priority: 65000,
      direction: 'Outbound',
    },
  ],
  ['AllowInternetOutBound', { destinationAddressPrefix: 'Internet', priority: 65001, direction: 'Outbound' }],
  ['DenyAllOutBound', { access: 'Deny', priority: 65500, direction: 'Outbound' }],
];

export function networkSecurityGroup(name: string): JsonRecord {
  const id = networkId('networkSecurityGroups', name);
  return resource(id, {
    securityRules: [],
    defaultSecurityRules: DEFAULT_RULES.map(([rule, properties]) =>
      child(
        `${id}/defaultSecurityRules/${rule}`,
        propertiesOf(securityRule(name, rule, { ...EVERYTHING, ...properties })),
      ),
    ),
  });
}

export function virtualNetwork(name: string, prefixes: readonly string[]): JsonRecord {
  return resource(networkId('virtualNetworks', name), {
    addressSpace: { addressPrefixes: prefixes },
    subnets: [],
    virtualNetworkPeerings: [],
    enableDdosProtection: false,
  });
}

/** `subnet('vnet1/s1', '10.0.1.0/24')`. */
export function subnet(path: string, addressPrefix: string): JsonRecord {
  return child(subnetId(path), {
    addressPrefix,
    delegations: [],
    privateEndpointNetworkPolicies: 'Disabled',
    privateLinkServiceNetworkPolicies: 'Enabled',
  });
}

/** One side of a peering, as it stands in its network. */
export function peering(vnet: string, remote: JsonRecord, properties: JsonRecord): JsonRecord {
  const { addressSpace } = propertiesOf(remote);
  return child(networkId('virtualNetworks', vnet, 'virtualNetworkPeerings', `to-${remote.name}`), {
    peeringState: 'Connected',
    peeringSyncLevel: 'FullyInSync',
    remoteVirtualNetwork: ref(String(remote.id)),
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    allowGatewayTransit: false,
    useRemoteGateways: false,
    peerCompleteVnets: true,
    remoteAddressSpace: addressSpace,
    remoteVirtualNetworkAddressSpace: addressSpace,
    ...properties,
  });
}

export function publicIp(name: string, ipAddress: string, properties: JsonRecord = {}, sku = 'Standard'): JsonRecord {
  return resource(
    networkId('publicIPAddresses', name),
    {
      ipAddress,
      publicIPAddressVersion: 'IPv4',
      publicIPAllocationMethod: 'Static',
      idleTimeoutInMinutes: 4,
      ...properties,
    },
    { sku: { name: sku, tier: 'Regional' } },
  );
}

export function ipConfiguration(id: string, properties: JsonRecord): JsonRecord {
  return child(id, {
    privateIPAllocationMethod: 'Dynamic',
    privateIPAddressVersion: 'IPv4',
    primary: true,
    ...properties,
  });
}

/** An interface with one IP configuration. */
export function networkInterface(name: string, properties: JsonRecord, ipConfig: JsonRecord): JsonRecord {
  return resource(networkId('networkInterfaces', name), {
    ipConfigurations: [ipConfiguration(ipConfigId(name), ipConfig)],
    enableAcceleratedNetworking: true,
    enableIPForwarding: false,
    disableTcpStateTracking: false,
    primary: true,
    nicType: 'Standard',
    ...properties,
  });
}

/** `route('rt1', 'default', { addressPrefix: '0.0.0.0/0', nextHopType: 'None' })`. */
export function route(table: string, name: string, properties: JsonRecord): JsonRecord {
  return child(networkId('routeTables', table, 'routes', name), { hasBgpOverride: false, ...properties });
}

export function routeTable(name: string, routes: readonly JsonRecord[], properties: JsonRecord = {}): JsonRecord {
  return resource(networkId('routeTables', name), { disableBgpRoutePropagation: false, routes, ...properties });
}

/** The answer for one location. */
export function serviceTags(tags: Readonly<Record<string, readonly string[]>>): JsonRecord {
  return {
    name: LOCATION,
    id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/serviceTags/${LOCATION}`,
    type: 'Microsoft.Network/serviceTags',
    changeNumber: '301',
    cloud: 'Public',
    values: Object.entries(tags).map(([name, addressPrefixes]) => {
      const [systemService = '', region = ''] = name.split('.');
      return {
        name,
        id: name,
        serviceTagChangeNumber: '301',
        properties: { changeNumber: '75', region: region.toLowerCase(), state: 'GA', systemService, addressPrefixes },
      };
    }),
  };
}
