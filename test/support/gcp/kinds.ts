/** JSON as the API answers it; a field that is `undefined` is not there. */
export type Json = string | number | boolean | null | readonly Json[] | JsonRecord;
export type JsonRecord = { readonly [field: string]: Json | undefined };

interface ListKind {
  /** The method's id in the discovery document. */
  readonly operation: string;
  /** What the REST answer says that it is; the Network Connectivity and Network Security APIs say nothing. */
  readonly answer?: string;
  /** The scopes of an aggregated list. */
  readonly scopes?: readonly string[];
  /** Recorded only where a row fills it. */
  readonly rare?: true;
}

const ZONES = ['zones/us-central1-a', 'zones/us-central1-b', 'zones/europe-west1-b'];
const REGIONS = ['regions/us-central1', 'regions/europe-west1'];
const ANYWHERE = ['global', ...REGIONS];

const KINDS = {
  instances: aggregated('instances', 'instance', ZONES),
  firewalls: { operation: 'compute.firewalls.list', answer: 'compute#firewallList' },
  networks: { operation: 'compute.networks.list', answer: 'compute#networkList' },
  subnetworks: aggregated('subnetworks', 'subnetwork', REGIONS),
  routes: { operation: 'compute.routes.list', answer: 'compute#routeList' },
  policyBasedRoutes: { operation: 'networkconnectivity.projects.locations.global.policyBasedRoutes.list' },
  forwardingRules: aggregated('forwardingRules', 'forwardingRule', ANYWHERE),
  targetInstances: aggregated('targetInstances', 'targetInstance', ZONES),
  targetPools: aggregated('targetPools', 'targetPool', REGIONS),
  backendServices: aggregated('backendServices', 'backendService', ANYWHERE),
  instanceGroups: aggregated('instanceGroups', 'instanceGroup', [...ZONES, ...REGIONS]),
  addresses: aggregated('addresses', 'address', ANYWHERE),
  vpnTunnels: aggregated('vpnTunnels', 'vpnTunnel', REGIONS),
  routers: aggregated('routers', 'router', REGIONS),
  interconnectAttachments: aggregated('interconnectAttachments', 'interconnectAttachment', REGIONS),
  targetTcpProxies: {
    operation: 'compute.targetTcpProxies.list',
    answer: 'compute#targetTcpProxyList',
    rare: true,
  },
  securityPolicies: {
    operation: 'compute.securityPolicies.aggregatedList',
    answer: 'compute#securityPoliciesAggregatedList',
    scopes: ANYWHERE,
    rare: true,
  },
  networkProfiles: { operation: 'compute.networkProfiles.list', answer: 'compute#networkProfileList', rare: true },
  addressGroups: { operation: 'networksecurity.projects.locations.addressGroups.list', rare: true },
} as const satisfies Record<string, ListKind>;

export type Kind = keyof typeof KINDS;

export const ALL_KINDS = Object.keys(KINDS) as Kind[];

export function listKindOf(kind: Kind): ListKind {
  return KINDS[kind];
}

/** What the answer to `compute.firewalls.list` says that it is. */
export function answerKind(operation: string): string {
  const kind: ListKind | undefined = Object.values(KINDS).find((one) => one.operation === operation);
  if (kind?.answer !== undefined) return kind.answer;
  const [, collection = '', method = ''] = operation.split('.');
  return `compute#${collection.replace(/s$/, '')}${method.replace('list', 'List').replace('aggregated', 'Aggregated')}`;
}

/** Calls about one subject; their answers do not name it, so the request's parameters stand beside. */
export const QUESTIONS = {
  networkFirewalls: 'compute.networks.getEffectiveFirewalls',
  regionFirewalls: 'compute.regionNetworkFirewallPolicies.getEffectiveFirewalls',
  instanceFirewalls: 'compute.instances.getEffectiveFirewalls',
  routerStatus: 'compute.routers.getRouterStatus',
  backendHealth: 'compute.regionBackendServices.getHealth',
  globalBackendHealth: 'compute.backendServices.getHealth',
  groupInstances: 'compute.instanceGroups.listInstances',
  effectiveTags: 'cloudresourcemanager.effectiveTags.list',
  iapPermissions: 'iap.testIamPermissions',
} as const;

export type Question = keyof typeof QUESTIONS;

function aggregated<T extends readonly string[]>(collection: string, noun: string, scopes: T) {
  return { operation: `compute.${collection}.aggregatedList`, answer: `compute#${noun}AggregatedList`, scopes };
}
