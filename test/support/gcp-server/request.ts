import type { IncomingMessage } from 'node:http';

/** A request as the server understands it. */
export interface GcpRequest {
  /** The method's id: `compute.instances.aggregatedList`; `token` for the token endpoint. */
  readonly operation: string;
  readonly project: string;
  /** What the path names beyond the project, and what the query or the body asks about. */
  readonly subject: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

interface Route {
  readonly path: RegExp;
  /** `$collection` stands for what the path says. */
  readonly operation: string;
}

const COMPUTE = '^/compute/v1/projects/(?<project>[^/]+)';
const LOCATION = '^/v1/projects/(?<project>[^/]+)/locations/[^/]+';

const ROUTES: readonly Route[] = [
  route('^/token$', 'token'),
  route(`${COMPUTE}/aggregated/(?<collection>\\w+)$`, 'compute.$collection.aggregatedList'),
  route(
    `${COMPUTE}/global/networks/(?<network>[^/]+)/getEffectiveFirewalls$`,
    'compute.networks.getEffectiveFirewalls',
  ),
  route(
    `${COMPUTE}/regions/(?<region>[^/]+)/firewallPolicies/getEffectiveFirewalls$`,
    'compute.regionNetworkFirewallPolicies.getEffectiveFirewalls',
  ),
  route(
    `${COMPUTE}/regions/(?<region>[^/]+)/routers/(?<router>[^/]+)/getRouterStatus$`,
    'compute.routers.getRouterStatus',
  ),
  route(
    `${COMPUTE}/zones/(?<zone>[^/]+)/instanceGroups/(?<instanceGroup>[^/]+)/listInstances$`,
    'compute.instanceGroups.listInstances',
  ),
  route(
    `${COMPUTE}/regions/(?<region>[^/]+)/backendServices/(?<backendService>[^/]+)/getHealth$`,
    'compute.regionBackendServices.getHealth',
  ),
  route(`${COMPUTE}/global/backendServices/(?<backendService>[^/]+)/getHealth$`, 'compute.backendServices.getHealth'),
  route(`${COMPUTE}/global/(?<collection>\\w+)$`, 'compute.$collection.list'),
  route(`${LOCATION}/policyBasedRoutes$`, 'networkconnectivity.projects.locations.global.policyBasedRoutes.list'),
  route(`${LOCATION}/addressGroups/[^/]+$`, 'networksecurity.projects.locations.addressGroups.get'),
  route('^/v3/effectiveTags$', 'cloudresourcemanager.effectiveTags.list'),
];

/** Undefined for what no API of Google's has. */
export async function readRequest(message: IncomingMessage): Promise<GcpRequest | undefined> {
  const url = new URL(message.url ?? '', 'http://loopback');
  const query = Object.fromEntries(url.searchParams);
  const body = await readBody(message);
  for (const { path, operation } of ROUTES) {
    const groups = path.exec(url.pathname)?.groups;
    if (!path.test(url.pathname)) continue;
    const { project = '', collection = '', ...names } = groups ?? {};
    const about = { ...names, ...pick(query, 'network', 'parent'), ...pick(body, 'group') };
    const subject = operation.includes('.addressGroups.') ? { addressGroup: url.pathname.slice(4) } : about;
    const { authorization } = message.headers;
    return { operation: operation.replace('$collection', collection), project, subject, query, authorization };
  }
  return undefined;
}

function route(path: string, operation: string): Route {
  return { path: new RegExp(path), operation };
}

async function readBody(message: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of message) text += chunk;
  return /^\s*\{/.test(text) ? JSON.parse(text) : {};
}

function pick(from: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (typeof from[name] === 'string' ? [[name, from[name]]] : [])));
}
