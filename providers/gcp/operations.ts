import { pathOf, projectOf, regionOf } from './records/names.js';
import { isObject, type Json, textOf } from './records/recorded-answer.js';

/** The Google APIs that are asked. */
export type GcpService = 'compute' | 'networkconnectivity' | 'networksecurity' | 'cloudresourcemanager';

/** One method of a Google API that port22 may call. All of them read, none of them writes. */
export interface GcpOperation {
  readonly service: GcpService;
  /** The method's id in the API's discovery document: `compute.instances.aggregatedList`. */
  readonly id: string;
  readonly permission: string;
  /** The answer's key that holds what was asked for, page by page; absent where everything comes at once. */
  readonly result?: string;
  /** True where the answer belongs to a network, so that the project that owns a shared one is asked for it too. */
  readonly ofNetwork: boolean;
}

/** One call to make. */
export interface GcpCall {
  readonly operation: GcpOperation;
  readonly project: string;
  /** What names the subject of the answer, which does not say it itself; recorded beside it. */
  readonly subject: Readonly<Record<string, string>>;
  /** The SDK's request for Compute Engine; else the query's parameters. */
  readonly request: Json;
  /** Below the API's root; not for Compute Engine. */
  readonly path?: string;
}

function list(collection: string, ofNetwork = false, method = 'list'): GcpOperation {
  const id = `compute.${collection}.${method}`;
  return { service: 'compute', id, permission: `compute.${collection}.list`, result: 'items', ofNetwork };
}

function aggregated(collection: string, ofNetwork = false): GcpOperation {
  return list(collection, ofNetwork, 'aggregatedList');
}

function one(id: string, permission: string, result?: string): GcpOperation {
  return { service: 'compute', id, permission, ofNetwork: false, ...(result !== undefined && { result }) };
}

/** Asked of every project, before anything is known of it. */
const lists: readonly GcpOperation[] = [
  aggregated('instances'),
  aggregated('subnetworks', true),
  aggregated('forwardingRules'),
  aggregated('targetInstances'),
  aggregated('targetPools'),
  aggregated('backendServices'),
  aggregated('instanceGroups'),
  aggregated('networkEndpointGroups'),
  aggregated('addresses'),
  aggregated('vpnTunnels', true),
  aggregated('routers', true),
  aggregated('interconnectAttachments', true),
  aggregated('securityPolicies'),
  list('firewalls', true),
  list('networks', true),
  list('routes', true),
  list('targetTcpProxies'),
  {
    service: 'networkconnectivity',
    id: 'networkconnectivity.projects.locations.global.policyBasedRoutes.list',
    permission: 'networkconnectivity.policyBasedRoutes.list',
    result: 'policyBasedRoutes',
    ofNetwork: true,
  },
];

/** Asked about what others answered. */
const questions = {
  network: one('compute.networks.getEffectiveFirewalls', 'compute.networks.getEffectiveFirewalls'),
  region: one(
    'compute.regionNetworkFirewallPolicies.getEffectiveFirewalls',
    'compute.networks.getRegionEffectiveFirewalls',
  ),
  router: one('compute.routers.getRouterStatus', 'compute.routers.get'),
  members: one('compute.instanceGroups.listInstances', 'compute.instanceGroups.get', 'items'),
  regionMembers: one('compute.regionInstanceGroups.listInstances', 'compute.instanceGroups.get', 'items'),
  endpoints: one('compute.networkEndpointGroups.listNetworkEndpoints', 'compute.networkEndpointGroups.get', 'items'),
  health: one('compute.backendServices.getHealth', 'compute.backendServices.get'),
  regionHealth: one('compute.regionBackendServices.getHealth', 'compute.regionBackendServices.get'),
  addressGroup: {
    service: 'networksecurity',
    id: 'networksecurity.projects.locations.addressGroups.get',
    permission: 'networksecurity.addressGroups.get',
    ofNetwork: false,
  },
  tags: {
    service: 'cloudresourcemanager',
    id: 'cloudresourcemanager.effectiveTags.list',
    permission: 'compute.instances.listEffectiveTags',
    result: 'effectiveTags',
    ofNetwork: false,
  },
} as const satisfies Record<string, GcpOperation>;

/** Every IAM permission that port22 uses, sorted. Who lacks one gets `unknown` where it matters. */
export function gcpPermissions(): string[] {
  return [...new Set([...lists, ...Object.values(questions)].map(({ permission }) => permission))].sort();
}

/** The largest page of Compute Engine's lists, and of the others that are asked. */
const PAGE_SIZE = 500;

/** What a project is asked at once. Of one that only owns a network: what belongs to networks. */
export function firstCalls(project: string, onlyNetworks: boolean): GcpCall[] {
  return lists
    .filter(({ ofNetwork }) => ofNetwork || !onlyNetworks)
    .map((operation) => {
      if (operation.service !== 'compute')
        return {
          operation,
          project,
          subject: {},
          path: `v1/projects/${project}/locations/global/policyBasedRoutes`,
          request: { pageSize: PAGE_SIZE },
        };
      const partly = operation.id.endsWith('.aggregatedList') && { returnPartialSuccess: true };
      return { operation, project, subject: {}, request: { project, maxResults: PAGE_SIZE, ...partly } };
    });
}

/** The projects that own the networks of an answer's instances. */
export function networkOwners(operation: GcpOperation, body: Json): string[] {
  const urls = operation.id === 'compute.instances.aggregatedList' ? records(body).flatMap(networksOf) : [];
  return [...new Set(urls.map((url) => projectOf(url)))].filter((project) => project !== undefined);
}

/** The calls that follow from one answer. The same call may follow from several. */
export function callsAfter({ operation }: GcpCall, body: Json): GcpCall[] {
  switch (operation.id) {
    case 'compute.networks.list':
      return records(body).flatMap((network) => effective(textOf(network.selfLink)));
    case 'compute.subnetworks.aggregatedList':
      return records(body).flatMap(({ network, selfLink }) => effective(textOf(network), regionOf(textOf(selfLink))));
    case 'compute.instances.aggregatedList':
      return records(body).flatMap((instance) =>
        networksOf(instance).flatMap((network) => [
          ...effective(network),
          ...effective(network, regionOf(textOf(instance.zone) ?? textOf(instance.selfLink))),
        ]),
      );
    case 'compute.routers.aggregatedList':
      return records(body).flatMap(({ selfLink }) => about('routers', questions.router, textOf(selfLink)));
    case 'compute.backendServices.aggregatedList':
      return records(body).flatMap(backendCalls);
    default:
      return [];
  }
}

/** Protocols of backend services that may carry SSH; the others are web services. */
const STREAMS: ReadonlySet<unknown> = new Set(['TCP', 'SSL', 'UNSPECIFIED']);

/** Who stands behind a service that passes TCP on, and how they do. */
function backendCalls(service: Json): GcpCall[] {
  const url = textOf(service.selfLink);
  if (!STREAMS.has(service.protocol) || url === undefined) return [];
  const operation = scopeOf(url).region === undefined ? questions.health : questions.regionHealth;
  return objects(service.backends).flatMap(({ group }) => {
    if (typeof group !== 'string') return [];
    const health = about('backendServices', operation, url).map((call) => ({
      ...call,
      subject: { ...call.subject, group },
      request: { ...call.request, resourceGroupReferenceResource: { group } },
    }));
    return [...health, ...memberCalls(group)];
  });
}

function memberCalls(group: string): GcpCall[] {
  const paged = (call: GcpCall, body: Json): GcpCall => ({
    ...call,
    request: { ...call.request, maxResults: PAGE_SIZE, ...body },
  });
  const { zone, region } = scopeOf(group);
  if (/\/instanceGroups\//.test(group)) {
    return region === undefined
      ? about('instanceGroups', questions.members, group).map((call) =>
          paged(call, { instanceGroupsListInstancesRequestResource: {} }),
        )
      : about('instanceGroups', questions.regionMembers, group).map((call) =>
          paged(call, { regionInstanceGroupsListInstancesRequestResource: {} }),
        );
  }
  if (zone === undefined) return [];
  return about('networkEndpointGroups', questions.endpoints, group).map((call) =>
    paged(call, { networkEndpointGroupsListEndpointsRequestResource: {} }),
  );
}

/** A question about one resource of a collection: `routers`, with its project and region or zone. */
function about(collection: string, operation: GcpOperation, url: string | undefined): GcpCall[] {
  const project = projectOf(url);
  const name = new RegExp(`/${collection}/([^/]+)$`).exec(url ?? '')?.[1];
  if (project === undefined || name === undefined || url === undefined) return [];
  const subject = { project, ...scopeOf(url), [collection.replace(/s$/, '')]: name };
  return [{ operation, project, subject, request: subject }];
}

/** The zone, or the region, in which a URL says that its resource is. */
function scopeOf(url: string): { readonly zone?: string; readonly region?: string } {
  const [, scope, place] = /\/(zone|region)s\/([^/]+)\//.exec(url) ?? [];
  return scope === undefined || place === undefined ? {} : { [scope]: place };
}

/** Everything in front of a network, or of the instances of a region in it. */
function effective(url: string | undefined, region?: string): GcpCall[] {
  const path = pathOf(url);
  const [, project, network] = /^projects\/([^/]+)\/global\/networks\/([^/]+)$/.exec(path ?? '') ?? [];
  if (project === undefined || network === undefined || path === undefined) return [];
  if (region === undefined) {
    const subject = { project, network };
    return [{ operation: questions.network, project, subject, request: subject }];
  }
  const subject = { project, network, region };
  return [{ operation: questions.region, project, subject, request: { ...subject, network: url ?? path } }];
}

/** An answer without an error, as `callsAtTheEnd` needs it. */
export interface Answered {
  readonly call: GcpCall;
  readonly body: Json;
}

/** What firewall policies refer to: their address groups, and the tags of the instances near a rule about secure tags. */
export function callsAtTheEnd(answers: readonly Answered[]): GcpCall[] {
  const rules = answers
    .filter(({ call }) => call.operation === questions.network || call.operation === questions.region)
    .flatMap(({ call, body }) =>
      objects(body.firewallPolicys)
        .flatMap((policy) => objects(policy.rules))
        .map((rule) => ({ rule, match: isObject(rule.match) ? rule.match : {}, call })),
    );
  const groups = rules.flatMap(({ match, call }) =>
    texts(match.srcAddressGroups).flatMap((url) => addressGroup(url, call.project)),
  );
  const tagged = rules.filter(({ rule, match }) => filled(rule.targetSecureTags) || filled(match.srcSecureTags));
  const ruled = tagged.map(({ call: { subject } }) => networkPath(subject.project, subject.network));
  const networks = new Set(ruled.flatMap((path) => [path, ...peersOf(path, answers)]));
  const instances = recordsOf(answers, 'compute.instances.aggregatedList');
  const near = instances.filter((instance) => networksOf(instance).some((url) => networks.has(pathOf(url) ?? '')));
  return [...groups, ...near.flatMap(tagsOf)];
}

function peersOf(path: string, answers: readonly Answered[]): string[] {
  const networks = recordsOf(answers, 'compute.networks.list');
  const own = networks.filter(({ selfLink }) => pathOf(textOf(selfLink)) === path);
  return own
    .flatMap((network) => objects(network.peerings))
    .map((peering) => pathOf(textOf(peering.network)))
    .filter((peer) => peer !== undefined);
}

function networkPath(project: string | undefined, network: string | undefined): string {
  return `projects/${project}/global/networks/${network}`;
}

function addressGroup(url: string, project: string): GcpCall[] {
  const path = pathOf(url);
  if (path === undefined) return [];
  const id = questions.addressGroup.id.replace('projects', path.slice(0, path.indexOf('/')));
  return [
    {
      operation: { ...questions.addressGroup, id },
      project: projectOf(path) ?? project,
      subject: { addressGroup: path },
      path: `v1/${path}`,
      request: {},
    },
  ];
}

/** The API knows an instance by its number. */
function tagsOf({ selfLink, id }: Json): GcpCall[] {
  const path = pathOf(textOf(selfLink));
  const project = projectOf(path);
  if (path === undefined || project === undefined || typeof id !== 'string') return [];
  const parent = `//compute.googleapis.com/${path.replace(/[^/]+$/, id)}`;
  return [
    {
      operation: questions.tags,
      project,
      subject: { parent },
      path: 'v3/effectiveTags',
      request: { parent, pageSize: 300 },
    },
  ];
}

/** Two calls with one key are the same call. */
export function callKey({ operation, project, subject }: GcpCall): string {
  return JSON.stringify([operation.id, project, subject]);
}

function networksOf(instance: Json): string[] {
  return objects(instance.networkInterfaces).flatMap(({ network }) => (typeof network === 'string' ? [network] : []));
}

function recordsOf(answers: readonly Answered[], id: string): Json[] {
  return answers.filter(({ call }) => call.operation.id === id).flatMap(({ body }) => records(body));
}

/** The resources of a list or of an aggregated list. */
function records({ items }: Json): Json[] {
  if (Array.isArray(items)) return objects(items);
  return isObject(items)
    ? Object.values(items).flatMap((scope) => (isObject(scope) ? Object.values(scope).flatMap(objects) : []))
    : [];
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function filled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
