import { ignoredKinds, type KindName, kindNames, kinds } from './kinds.js';

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface Envelope {
  readonly project: string | undefined;
  readonly operation: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What `port22 fetch` wrote beside an answer. */
export function envelopeOf(root: Json): Envelope | undefined {
  const envelope = root.port22;
  if (!isObject(envelope) || envelope.provider !== 'gcp') return undefined;
  const operation = textOf(envelope.operation);
  if (operation === undefined) return undefined;
  const error = isObject(envelope.error) ? envelope.error : undefined;
  return {
    project: textOf(envelope.project),
    operation,
    ...(error && { error: { code: textOf(error.code) ?? 'unknown', message: textOf(error.message) ?? '' } }),
  };
}

interface Recognised {
  readonly kind?: string;
  readonly answer?: string;
  readonly method?: string;
  readonly list: string;
}

const table: ReadonlyMap<KindName, Recognised> = new Map(kindNames.map((name) => [name, kinds[name]]));

function indexed(field: 'kind' | 'answer'): ReadonlyMap<string, KindName> {
  return new Map([...table].flatMap(([name, kind]) => (kind[field] === undefined ? [] : [[kind[field], name]])));
}

const byKind = indexed('kind');
const byAnswer = indexed('answer');

/** Collections of other APIs, whose resources do not say what they are but in their names. */
const byCollection: readonly (readonly [collection: string, name: KindName])[] = [
  ['/policyBasedRoutes/', 'policyBasedRoutes'],
  ['/addressGroups/', 'addressGroups'],
];

/** The kind of a resource: `compute#instance`, or by its name where it does not say. `ignored`: it is of no use. */
export function kindOfResource(value: unknown): KindName | 'ignored' | undefined {
  if (!isObject(value)) return undefined;
  const kind = textOf(value.kind);
  const known = byKind.get(kind ?? '') ?? (ignoredKinds.has(kind ?? '') ? 'ignored' : undefined);
  if (known) return known;
  const name = textOf(value.name) ?? '';
  return byCollection.find(([collection]) => name.startsWith('projects/') && name.includes(collection))?.[1];
}

/** The kind of which `compute#instanceList` or `compute#instanceAggregatedList` is a list; one list is named by its plural. */
export function kindOfList(kind: string | undefined): KindName | undefined {
  const resource = /^(compute#\w+?)(?:Aggregated)?List$/.exec(kind ?? '')?.[1]?.replace('Policies', 'Policy');
  return resource === undefined ? undefined : byKind.get(resource);
}

/** The kind of an answer about one subject. */
export function kindOfAnswer(root: Json): KindName | undefined {
  const own = byAnswer.get(textOf(root.kind) ?? '');
  if (own) return own;
  if ('effectiveTags' in root) return 'effectiveTags';
  const isIap = Array.isArray(root.permissions) && textOf(root.resource)?.includes('iap_tunnel');
  return isIap ? 'iapPermissions' : undefined;
}

/** What a method answers: `compute.instances.aggregatedList`, `compute.networks.getEffectiveFirewalls`. */
export function kindOfOperation(operation: string): KindName | undefined {
  const words = operation.split('.');
  for (const [name, { method }] of table) if (method !== undefined && words.includes(method)) return name;
  for (const [name, { list }] of table) if (words.includes(list)) return name;
  return undefined;
}

/** The permission of the call that tells a network's rules in one region. */
export const regionalFirewallsPermission = 'compute.networks.getRegionEffectiveFirewalls';

/** The permission that a call takes, where it is not the usual one of what it answers. */
export function permissionOf(operation: string | undefined): string | undefined {
  const isRegional = operation?.split('.').includes('regionNetworkFirewallPolicies');
  return isRegional ? regionalFirewallsPermission : undefined;
}

/** Warnings that mean that something of an answer is missing. */
const losing: ReadonlySet<unknown> = new Set(['UNREACHABLE', 'PARTIAL_SUCCESS', 'LIST_OVERHEAD_QUOTA_EXCEED']);

function isLosing(warning: unknown): boolean {
  return isObject(warning) && losing.has(warning.code);
}

/** Why a list is not whole, if it is not: scopes that were not reached, pages that were not read. */
export function holeIn(root: Json): string | undefined {
  const unreached = Array.isArray(root.unreachables) ? root.unreachables.map(String) : [];
  const scopes = isObject(root.items) ? Object.entries(root.items) : [];
  const lossy = scopes.filter(([, scope]) => isObject(scope) && isLosing(scope.warning)).map(([name]) => name);
  const lost = [...unreached, ...lossy];
  if (lost.length > 0) return `${lost.join(', ')} could not be read`;
  if (isLosing(root.warning)) return 'the service left something out';
  return textOf(root.nextPageToken) === undefined ? undefined : 'only some of its pages were recorded';
}

/** The resources of an aggregated list, whatever their scopes. */
export function scopedResources(items: Json): unknown[] {
  return Object.values(items).flatMap((scope) =>
    isObject(scope) ? Object.values(scope).flatMap((list): unknown[] => (Array.isArray(list) ? list : [])) : [],
  );
}
