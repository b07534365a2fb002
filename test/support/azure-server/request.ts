import type { IncomingMessage } from 'node:http';

type Body = Readonly<Record<string, unknown>>;

/** One request, read as far as a test or the server cares. */
export interface AzureRequest {
  readonly method: string;
  /** The decoded path. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly authorization: string | undefined;
  /** The action that it takes, as a recording names it; `token`, `subscriptions`, `poll` and `graph` stand for themselves. */
  readonly operation: string;
  readonly subscription: string;
  /** The id of what a question, or a GET of one record, is about. */
  readonly subject: string | undefined;
  /** One record was asked for. */
  readonly isSingle: boolean;
}

const ROOT = '^/subscriptions/(?<subscription>[^/]+)';
const GROUP = `${ROOT}/resourceGroups/[^/]+`;

interface Route {
  readonly path: RegExp;
  readonly operation: string;
}

const SCALE_SET = `(?<subject>${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/[^/]+)`.replace(
  '(?<subject>^',
  '(?<subject>',
);
const MACHINES = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines';

const ROUTES: readonly Route[] = [
  route('^/token$', 'token'),
  route('^/poll/', 'poll'),
  route('^/subscriptions$', 'subscriptions'),
  route('^/providers/Microsoft.ResourceGraph/resources$', 'graph'),
  route(`${SCALE_SET}/virtualMachines$`, `${MACHINES}/read`),
  route(`${SCALE_SET}/networkInterfaces$`, `${MACHINES}/networkInterfaces/read`),
  route(`${SCALE_SET}/publicipaddresses$`, `${MACHINES}/networkInterfaces/ipConfigurations/publicIPAddresses/read`),
  about('Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules', 1),
  about('Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveConnectivityConfigurations', 1),
  about('Microsoft.Network/loadBalancers/loadBalancingRules/health', 2),
  about('Microsoft.Network/loadBalancers/backendAddressPools/queryInboundNatRulePortMapping', 2),
  about('Microsoft.Network/applicationSecurityGroups/addressPrefixSets', 1, 'read'),
  about('Microsoft.Network/networkManagers/securityAdminConfigurations', 1, 'read'),
  route(
    `${ROOT}/providers/Microsoft.Network/locations/(?<subject>[^/]+)/serviceTags$`,
    'Microsoft.Network/locations/serviceTags/read',
  ),
  route(
    `${ROOT}/providers/Microsoft.Security/jitNetworkAccessPolicies$`,
    'Microsoft.Security/locations/jitNetworkAccessPolicies/read',
  ),
  route(
    `(?<subject>${GROUP.slice(1)}/providers/Microsoft.Network/virtualNetworkGateways/[^/]+)/connections$`,
    'Microsoft.Network/connections/read',
  ),
  route(`${ROOT}/providers/(?<type>Microsoft\\.\\w+/\\w+)$`, '$type/read'),
  route(`(?<single>${GROUP.slice(1)}/providers/(?<type>Microsoft\\.\\w+/\\w+)/[^/]+)$`, '$type/read'),
];

/** Undefined for what Azure Resource Manager does not have. */
export async function readRequest(message: IncomingMessage): Promise<AzureRequest | undefined> {
  const url = new URL(message.url ?? '', 'http://loopback');
  const path = decodeURIComponent(url.pathname);
  const query = Object.fromEntries(url.searchParams);
  const body = await readBody(message);
  const found = ROUTES.find((one) => one.path.test(path));
  if (!found) return undefined;
  const { subscription = '', subject, type = '', single } = found.path.exec(path)?.groups ?? {};
  const isStatus = query.statusOnly === 'true';
  return {
    method: message.method ?? '',
    path,
    query,
    body,
    authorization: message.headers.authorization,
    operation: isStatus
      ? 'Microsoft.Compute/virtualMachines/instanceView/read'
      : found.operation.replace('$type', type),
    subscription,
    subject: single ?? subject,
    isSingle: single !== undefined,
  };
}

function route(path: string, operation: string): Route {
  return { path: new RegExp(path, 'i'), operation };
}

/** A question about a record (`depth` 1) or about a part of one. */
function about(action: string, depth: number, verb = 'action'): Route {
  const [namespace = '', ...types] = action.split('/');
  const parts = types.slice(0, depth).map((type) => `/${type}/[^/]+`);
  const subject = `(?<subject>${GROUP.slice(1)}/providers/${namespace}${parts.join('')})`;
  return route(`^${subject}/${types[depth]}$`, `${action}/${verb}`);
}

async function readBody(message: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const chunk of message) text += chunk;
  return /^\s*\{/.test(text) ? JSON.parse(text) : {};
}
