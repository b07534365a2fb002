import { Compute } from './fetch-compute.js';
import { endpointOf, tagsEndpoint } from './fetch-endpoint.js';
import { describeError, invalidResponse } from './fetch-error.js';
import { allPages } from './fetch-pages.js';
import { Patience, type RetryLimits } from './fetch-retry.js';
import { type Attempt, type Credentials, exchange, readBody } from './fetch-wire.js';
import type { GcpCall } from './operations.js';
import { zoneOf } from './records/names.js';
import type { Json } from './records/recorded-answer.js';
import type { GcpAnswer, Reviver } from './records/recording.js';

/** How long and how much at once. Times in milliseconds. */
export interface FetchLimits extends RetryLimits {
  /** For one attempt at one page. */
  readonly response: number;
  /** Calls in flight. */
  readonly calls: number;
}

export const defaultLimits: FetchLimits = {
  response: 60_000,
  calls: 16,
  attempts: 5,
  backoff: 500,
  quotaAttempts: 5,
  quotaPeriod: 60_000,
};

/** Google Cloud as seen with one set of credentials. */
export interface GcpConnection {
  /** Asks one call, all pages. What the service or the way to it refuses is an answer too. @throws only when the signal aborts */
  ask(call: GcpCall): Promise<GcpAnswer>;
  close(): void;
}

/** Opens nothing yet. `computeEndpoint` stands for that of the environment. @throws FetchError when an endpoint is none */
export function connect(
  { client }: Credentials,
  computeEndpoint: string | undefined,
  limits: FetchLimits,
  signal: AbortSignal,
  reviver: Reviver,
): GcpConnection {
  const compute = new Compute(client, endpointOf('compute', computeEndpoint));
  for (const service of ['networkconnectivity', 'networksecurity', 'cloudresourcemanager'] as const)
    endpointOf(service);
  const patience = new Patience(limits, signal);
  const sendPage = async (call: GcpCall, token: string | undefined): Promise<Json> => {
    const attempt: Attempt = { permission: call.operation.permission, signal, deadline: limits.response, reviver };
    if (call.operation.service === 'compute') return asWritten(call, await compute.page(call, token, attempt));
    return asWritten(call, readBody(await exchange(client, restUrl(call, token), { method: 'GET' }, attempt), reviver));
  };
  return {
    async ask(call) {
      const { operation, project, subject } = call;
      const identity = { project, operation: operation.id, subject };
      try {
        const send = (token: string | undefined) => patience.persist(() => sendPage(call, token));
        return { ...identity, body: await allPages(operation.result, send) };
      } catch (error) {
        signal.throwIfAborted();
        return { ...identity, error: describeError(error) };
      }
    },
    close: () => compute.close(),
  };
}

function restUrl({ operation, path = '', request, subject }: GcpCall, token: string | undefined): string {
  const isTags = operation.service === 'cloudresourcemanager';
  const root = isTags ? tagsEndpoint(zoneOf(subject.parent) ?? '') : endpointOf(operation.service);
  const url = new URL(path, root.href.endsWith('/') ? root : `${root.href}/`);
  for (const [name, value] of Object.entries(request)) url.searchParams.set(name, String(value));
  if (token !== undefined) url.searchParams.set('pageToken', token);
  return url.href;
}

/**
 * A page in the shape in which it is recorded. The APIs leave out an empty list, and some have another word for places that
 * they did not reach. @throws CallFailure for what the service cannot have written
 */
function asWritten({ operation }: GcpCall, page: Json): Json {
  const { id, service, result } = operation;
  if (id.endsWith('.getEffectiveFirewalls')) {
    requireWritten(onlyEmpty(page, 'firewalls', 'firewallPolicys'));
    return { firewallPolicys: [], ...page };
  }
  if (service === 'compute') {
    requireWritten(String(page.kind).startsWith('compute#'));
    return page;
  }
  if (result === undefined) {
    requireWritten(typeof page.name === 'string');
    return { addressGroups: [page] };
  }
  const { unreachable, ...rest } = page;
  requireWritten(onlyEmpty(rest, result, 'nextPageToken', 'unreachables'));
  return { [result]: [], ...rest, ...(unreachable !== undefined && { unreachables: unreachable }) };
}

/** Whether a page has one of the keys, or nothing at all. */
function onlyEmpty(page: Json, ...keys: readonly string[]): boolean {
  return Object.keys(page).length === 0 || keys.some((key) => key in page);
}

function requireWritten(isWritten: boolean): void {
  if (!isWritten) throw invalidResponse('the answer does not hold what was asked for');
}
