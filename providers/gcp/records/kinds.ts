import type { Read } from '../../../src/record/index.js';
import * as connection from './connection-records.js';
import * as shape from './records.js';

/** One kind of answer: what its resources are called in `kind`, in aggregated lists, and who must be permitted to list them. */
interface Kind<T> {
  /** The resource's `kind`: `compute#instance`. Absent where answers do not say it. */
  readonly kind?: string;
  /** The `kind` of an answer about one subject, and the method that gives it. */
  readonly answer?: string;
  readonly method?: string;
  /** The name of the list within a scope of an aggregated answer, or at the top of one that has no `kind`. */
  readonly list: string;
  /** The permission that the call needs. */
  readonly action: string;
  readonly read: Read<T>;
}

function kind<T>(resource: string, list: string, action: string, read: Read<T>): Kind<T> {
  return { kind: `compute#${resource}`, list, action, read };
}

/** An answer about one subject, which says what it is. */
function answer<T>(resource: string, method: string, action: string, read: Read<T>): Kind<T> {
  return { answer: `compute#${resource}`, method, list: method, action, read };
}

/** Every answer that port22 understands. */
export const kinds = {
  instances: kind('instance', 'instances', 'compute.instances.list', shape.instance),
  firewalls: kind('firewall', 'firewalls', 'compute.firewalls.list', shape.firewall),
  networks: kind('network', 'networks', 'compute.networks.list', shape.network),
  subnetworks: kind('subnetwork', 'subnetworks', 'compute.subnetworks.list', shape.subnetwork),
  routes: kind('route', 'routes', 'compute.routes.list', shape.route),
  forwardingRules: kind('forwardingRule', 'forwardingRules', 'compute.forwardingRules.list', connection.forwardingRule),
  /** Whether an address is reserved decides nothing; that they were refused is worth saying. */
  addresses: kind('address', 'addresses', 'compute.addresses.list', shape.reservedAddress),
  targetInstances: kind('targetInstance', 'targetInstances', 'compute.targetInstances.list', connection.targetInstance),
  targetPools: kind('targetPool', 'targetPools', 'compute.targetPools.list', connection.targetPool),
  targetTcpProxies: kind(
    'targetTcpProxy',
    'targetTcpProxies',
    'compute.targetTcpProxies.list',
    connection.targetTcpProxy,
  ),
  backendServices: kind('backendService', 'backendServices', 'compute.backendServices.list', connection.backendService),
  instanceGroups: kind('instanceGroup', 'instanceGroups', 'compute.instanceGroups.list', connection.instanceGroup),
  routers: kind('router', 'routers', 'compute.routers.list', connection.router),
  vpnTunnels: kind('vpnTunnel', 'vpnTunnels', 'compute.vpnTunnels.list', connection.vpnTunnel),
  interconnectAttachments: kind(
    'interconnectAttachment',
    'interconnectAttachments',
    'compute.interconnectAttachments.list',
    connection.interconnectAttachment,
  ),
  securityPolicies: kind(
    'securityPolicy',
    'securityPolicies',
    'compute.securityPolicies.list',
    connection.securityPolicy,
  ),
  networkProfiles: kind('networkProfile', 'networkProfiles', 'compute.networkProfiles.list', connection.networkProfile),
  groupMembers: answer(
    'instanceGroupsListInstances',
    'listInstances',
    'compute.instanceGroups.list',
    connection.groupMembers,
  ),
  backendHealth: answer(
    'backendServiceGroupHealth',
    'getHealth',
    'compute.backendServices.get',
    connection.backendHealth,
  ),
  routerStatus: answer('routerStatusResponse', 'getRouterStatus', 'compute.routers.get', connection.routerStatus),
  iapPermissions: {
    list: 'permissions',
    method: 'testIamPermissions',
    action: 'iap.tunnelInstances.accessViaIAP',
    read: connection.iapPermissions,
  },
  policyBasedRoutes: {
    list: 'policyBasedRoutes',
    action: 'networkconnectivity.policyBasedRoutes.list',
    read: shape.policyBasedRoute,
  },
  addressGroups: {
    list: 'addressGroups',
    action: 'networksecurity.addressGroups.get',
    read: shape.addressGroup,
  },
  effectiveTags: {
    list: 'effectiveTags',
    method: 'effectiveTags',
    action: 'compute.instances.listEffectiveTags',
    read: shape.effectiveTags,
  },
  effectiveFirewalls: {
    list: 'firewallPolicys',
    method: 'getEffectiveFirewalls',
    action: 'compute.networks.getEffectiveFirewalls',
    read: shape.effectiveFirewalls,
  },
} as const satisfies Record<string, Kind<unknown>>;

export type KindName = keyof typeof kinds;
export type RecordOfKind<K extends KindName> = shape.RecordOf<(typeof kinds)[K]['read']>;

export const kindNames = Object.keys(kinds) as KindName[];

/** What port22 knows and has no use for yet: no warning is due. */
export const ignoredKinds: ReadonlySet<string> = new Set([
  'compute#networkEndpointGroup',
  'compute#project',
  'compute#zone',
  'compute#region',
  'compute#disk',
]);
