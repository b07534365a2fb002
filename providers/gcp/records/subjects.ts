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
export function effectiveKey(answer: Subject): string | undefined {
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
