import { type KindName, kindNames, kinds } from './kinds.js';

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
  const error = isObject(envelope.error) ? envelope.error : undefined;
  return {
    project: textOf(envelope.project),
    operation: textOf(envelope.operation) ?? '',
    ...(error && { error: { code: textOf(error.code) ?? 'unknown', message: textOf(error.message) ?? '' } }),
  };
}

const byKind = new Map(
  kindNames.flatMap((name) => {
    const kind = kinds[name];
    return 'kind' in kind ? [[kind.kind as string, name] as const] : [];
  }),
);

/** The kind of a resource that says it: `compute#instance`. */
export function kindOfResource(value: unknown): KindName | undefined {
  const kind = isObject(value) ? textOf(value.kind) : undefined;
  return kind === undefined ? undefined : byKind.get(kind);
}

/** The kind of which `compute#instanceList` or `compute#instanceAggregatedList` is a list. */
export function kindOfList(kind: string | undefined): KindName | undefined {
  const resource = /^(compute#\w+?)(?:Aggregated)?List$/.exec(kind ?? '')?.[1];
  return resource === undefined ? undefined : byKind.get(resource);
}

/** What a method answers: `compute.instances.aggregatedList`, `compute.networks.getEffectiveFirewalls`. */
export function kindOfOperation(operation: string): KindName | undefined {
  if (operation.endsWith('.getEffectiveFirewalls')) return 'effectiveFirewalls';
  const words = operation.split('.');
  return kindNames.find((name) => words.includes(kinds[name].list));
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
