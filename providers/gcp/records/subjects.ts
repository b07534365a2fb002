import type { KindName } from './kinds.js';
import { nameOf, pathOf } from './names.js';

/** What an answer about effective rules is about: a network, a network in a region, or an interface. */
interface Subject {
  readonly project?: unknown;
  readonly network?: unknown;
  readonly region?: unknown;
  readonly zone?: unknown;
  readonly instance?: unknown;
  readonly networkInterface?: unknown;
  readonly firewalls?: unknown;
}

function last(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? nameOf(value) : undefined;
}

/** The network of the classic rules in an answer, where all that were listed are of one. */
function networkOfRules(firewalls: unknown): string | undefined {
  if (!Array.isArray(firewalls)) return undefined;
  const networks = new Set(firewalls.map((rule: { network?: unknown } | null) => rule?.network));
  const [only] = networks;
  return networks.size === 1 && typeof only === 'string' ? pathOf(only) : undefined;
}

export function networkKey(network: string, region?: string): string {
  return region === undefined ? network : `${network} ${region}`;
}

export function interfaceKey(instance: string, networkInterface: string): string {
  return `${instance} ${networkInterface}`;
}

/** The key of an answer about effective rules; undefined where nothing tells what it is about. */
function effectiveKey(answer: Subject): string | undefined {
  const project = last(answer.project);
  const [instance, zone] = [last(answer.instance), last(answer.zone)];
  if (instance !== undefined) {
    const path = typeof answer.instance === 'string' ? pathOf(answer.instance) : undefined;
    const own = path ?? (project && zone && `projects/${project}/zones/${zone}/instances/${instance}`);
    return own && interfaceKey(own, last(answer.networkInterface) ?? 'nic0');
  }
  const network = last(answer.network);
  const path = typeof answer.network === 'string' ? pathOf(answer.network) : undefined;
  const own =
    path ??
    (network && project && `projects/${project}/global/networks/${network}`) ??
    networkOfRules(answer.firewalls);
  return own === undefined || own === '' ? undefined : networkKey(own, last(answer.region));
}

/** What any answer about one subject is about, as a key; undefined where nothing tells. */
export function subjectOf(name: KindName, answer: Readonly<Record<string, unknown>>): string | undefined {
  const [project, region, zone] = [last(answer.project), last(answer.region), last(answer.zone)];
  const at = (collection: string, value: unknown, place: string | undefined): string | undefined => {
    const path = typeof value === 'string' ? pathOf(value) : undefined;
    const own = last(value);
    return path ?? (project && own && place && `projects/${project}/${place}/${collection}/${own}`);
  };
  switch (name) {
    case 'effectiveFirewalls':
      return effectiveKey(answer);
    case 'effectiveTags':
      return typeof answer.parent === 'string' ? pathOf(answer.parent) : undefined;
    case 'routerStatus':
      return at('routers', answer.router, region && `regions/${region}`);
    case 'groupMembers':
      return at('instanceGroups', answer.instanceGroup, zone ? `zones/${zone}` : region && `regions/${region}`);
    case 'backendHealth': {
      const service = at('backendServices', answer.backendService, region ? `regions/${region}` : 'global');
      const group = typeof answer.group === 'string' ? pathOf(answer.group) : undefined;
      return service && group && healthKey(service, group);
    }
    case 'iapPermissions':
      return typeof answer.resource === 'string' ? answer.resource.replace(/^.*\/iap_tunnel\//, '') : undefined;
    default:
      return undefined;
  }
}

export function healthKey(service: string, group: string): string {
  return `${service} ${group}`;
}
