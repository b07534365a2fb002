import type { Json, JsonRecord } from './kinds.js';
import { globalUrl, idOf, nameIn, PROJECT, projectIn, REGION, regionalUrl, regionUrl } from './urls.js';

const CREATED = '2026-01-05T00:00:00.000-08:00';

/** What every Compute Engine resource has. */
export function resource(kind: string, selfLink: string): JsonRecord {
  return { kind: `compute#${kind}`, id: idOf(selfLink), creationTimestamp: CREATED, name: nameIn(selfLink), selfLink };
}

/** Reads `tcp:22`, `tcp:20-25,2222`, `udp`, `all` into the entries of `allowed` and `denied`. */
export function l4(...texts: readonly string[]): readonly JsonRecord[] {
  return texts.map((text) => {
    const [IPProtocol = '', ports] = text.split(':');
    return { IPProtocol, ports: ports?.split(',') };
  });
}

/** A classic rule: in net1, for ingress from anywhere at priority 1000, unless said. */
export function classicRule(name: string, fields: JsonRecord, project = PROJECT): JsonRecord {
  return {
    ...resource('firewall', globalUrl('firewalls', name, project)),
    description: '',
    network: globalUrl('networks', 'net1', project),
    priority: 1000,
    direction: 'INGRESS',
    ...(fields.direction === 'EGRESS' ? {} : { sourceRanges: ['0.0.0.0/0'] }),
    disabled: false,
    logConfig: { enable: false },
    ...fields,
  };
}

export function network(name: string, fields: JsonRecord, project = PROJECT): JsonRecord {
  return {
    ...resource('network', globalUrl('networks', name, project)),
    autoCreateSubnetworks: false,
    subnetworks: [],
    mtu: 1460,
    routingConfig: { routingMode: 'REGIONAL', bgpBestPathSelectionMode: 'LEGACY' },
    networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL',
    peerings: [],
    ...fields,
  };
}

export interface SubnetSpec {
  readonly network: string;
  readonly prefix: string;
  readonly region?: string;
  readonly project?: string;
  /** An internal prefix makes the subnet's IPv6 INTERNAL, an external one EXTERNAL. */
  readonly internalV6?: string;
  readonly externalV6?: string;
}

export function subnetwork(name: string, of: SubnetSpec): JsonRecord {
  const { region = REGION, project = PROJECT } = of;
  const dual = of.internalV6 !== undefined || of.externalV6 !== undefined;
  return {
    ...resource('subnetwork', regionalUrl('subnetworks', name, region, project)),
    network: globalUrl('networks', of.network, project),
    region: regionUrl(region, project),
    ipCidrRange: of.prefix,
    gatewayAddress: of.prefix.replace(/0\/\d+$/, '1'),
    privateIpGoogleAccess: false,
    purpose: 'PRIVATE',
    stackType: dual ? 'IPV4_IPV6' : 'IPV4_ONLY',
    ipv6AccessType: dual ? (of.externalV6 === undefined ? 'INTERNAL' : 'EXTERNAL') : undefined,
    internalIpv6Prefix: of.internalV6,
    externalIpv6Prefix: of.externalV6,
    ipv6CidrRange: of.externalV6 ?? of.internalV6,
  };
}

export function route(name: string, fields: JsonRecord, project = PROJECT): JsonRecord {
  return {
    ...resource('route', globalUrl('routes', name, project)),
    description: '',
    network: globalUrl('networks', 'net1', project),
    priority: 1000,
    ...fields,
  };
}

/** The route to a subnet of the network itself. */
export function subnetRoute(subnet: JsonRecord, network: JsonRecord): JsonRecord {
  return route(
    `default-route-${subnet.name}`,
    {
      network: network.selfLink,
      destRange: subnet.ipCidrRange,
      nextHopNetwork: network.selfLink,
      priority: 0,
    },
    projectIn(network.selfLink),
  );
}

/** The route to a subnet of a peer. */
export function peeringRoute(subnet: JsonRecord, network: JsonRecord, peering: JsonRecord): JsonRecord {
  return route(
    `peering-route-${network.name}-${subnet.name}`,
    {
      network: network.selfLink,
      destRange: subnet.ipCidrRange,
      nextHopPeering: peering.name,
      routeType: 'SUBNET',
      priority: 0,
    },
    projectIn(network.selfLink),
  );
}

/** The next hop of a route to the internet. */
export function internetGateway(project = PROJECT): string {
  return globalUrl('gateways', 'default-internet-gateway', project);
}

/** One side of a peering, as it stands in its network. */
export function peering(to: string, fields: JsonRecord): JsonRecord {
  return {
    name: `to-${to}`,
    network: globalUrl('networks', to),
    state: 'ACTIVE',
    stateDetails: '[2026-01-05T00:00:00.000-08:00]: Connected.',
    stackType: 'IPV4_ONLY',
    autoCreateRoutes: true,
    exchangeSubnetRoutes: true,
    exportCustomRoutes: false,
    importCustomRoutes: false,
    exportSubnetRoutesWithPublicIp: true,
    importSubnetRoutesWithPublicIp: false,
    peerMtu: 1460,
    ...fields,
  };
}

/** `filter` and next hop stand in `fields`; this API has relative resource names. */
export function policyBasedRoute(name: string, fields: JsonRecord): JsonRecord {
  return {
    kind: 'networkconnectivity#policyBasedRoute',
    name: `projects/${PROJECT}/locations/global/policyBasedRoutes/${name}`,
    network: `projects/${PROJECT}/global/networks/net1`,
    createTime: '2026-01-05T08:00:00.000000000Z',
    priority: 1000,
    filter: { protocolVersion: 'IPV4', ipProtocol: 'ALL', srcRange: '0.0.0.0/0', destRange: '0.0.0.0/0' },
    ...fields,
  };
}

/** The value as a list of records. */
export function recordsIn(value: Json | undefined): readonly JsonRecord[] {
  return Array.isArray(value) ? (value as readonly JsonRecord[]) : [];
}
