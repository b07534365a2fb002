import type { TokenCredential } from '@azure/identity';
import type { Endpoint } from './fetch-endpoint.js';
import { describeError, elsewhere, invalidResponse } from './fetch-error.js';
import { Wire, type WireLimits } from './fetch-wire.js';
import { type AzureCall, queryFor } from './operations.js';
import type { Json } from './records/recorded-answer.js';
import type { AzureAnswer, Reviver } from './records/recording.js';

/** How long and how much at once. Times in milliseconds. */
export interface FetchLimits extends WireLimits {
  /** Calls in flight. */
  readonly calls: number;
  /** Between two looks at an operation that takes longer, where the service does not say. */
  readonly poll: number;
}

export const defaultLimits: FetchLimits = {
  response: 60_000,
  operation: 300_000,
  calls: 16,
  attempts: 5,
  backoff: 500,
  poll: 2_000,
};

/** Azure as seen with one set of credentials. */
export interface AzureConnection {
  /** Asks one call, all pages. What the service or the way to it refuses is an answer too. @throws only when the signal aborts */
  ask(call: AzureCall): Promise<AzureAnswer>;
  /** @throws CallFailure */
  subscriptions(): Promise<Json>;
}

type Method = (...args: readonly unknown[]) => unknown;

interface Pages {
  byPage(): AsyncIterable<unknown>;
}

/** Rows, at most. */
const GRAPH_PAGE = 1000;
/** The client's own is a preview. */
const GRAPH_VERSION = '2024-04-01';

/** Asks nothing yet. */
export async function connect(
  credential: TokenCredential,
  endpoint: Endpoint,
  limits: FetchLimits,
  signal: AbortSignal,
  reviver: Reviver,
): Promise<AzureConnection> {
  const [
    { createDefaultHttpClient, createPipelineRequest },
    { NetworkManagementClient },
    { ComputeManagementClient },
    { ResourceGraphClient },
  ] = await Promise.all([
    import('@azure/core-rest-pipeline'),
    import('@azure/arm-network'),
    import('@azure/arm-compute'),
    import('@azure/arm-resourcegraph'),
  ]);
  const wire = new Wire(createDefaultHttpClient(), endpoint, limits, signal, reviver);
  const options = {
    endpoint: endpoint.secure,
    httpClient: wire,
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
  };
  const networks = memo(
    (subscription) =>
      new NetworkManagementClient(credential, subscription, { ...options, credentialScopes: endpoint.scope }),
  );
  const computes = memo(
    (subscription) =>
      new ComputeManagementClient(credential, subscription, { ...options, credentials: { scopes: [endpoint.scope] } }),
  );

  const graph = new ResourceGraphClient(credential, {
    ...options,
    $host: endpoint.secure,
    apiVersion: GRAPH_VERSION,
    credentialScopes: endpoint.scope,
  });

  const send = (subscription: string, url: string): Promise<unknown> => {
    const request = createPipelineRequest({ url });
    request.headers.set('accept', 'application/json');
    return networks(subscription).sendRequest(request);
  };

  const rest = (subscription: string, path: string, version: string) =>
    pagesByLink(`${endpoint.secure}${path}?api-version=${version}`, (url) =>
      wire.bodies(() => send(subscription, secured(url, endpoint))),
    );

  const sdk = (call: AzureCall): Promise<Json[]> => {
    const { route, subscription } = call;
    if (route.client !== 'network' && route.client !== 'compute') throw new Error('no call of the SDK');
    const { group, method, paging } = route;
    const client: object = route.client === 'network' ? networks(subscription) : computes(subscription);
    const owner: object = group === undefined ? client : Reflect.get(client, group);
    const run: Method | undefined = Reflect.get(owner, method);
    if (run === undefined) throw new Error(`the SDK has no ${group ?? ''}.${method}`);
    const isLong = method.endsWith('AndWait');
    const args: unknown[] = isLong ? [...route.args, { updateIntervalInMs: limits.poll }] : [...route.args];
    if (paging === undefined) return wire.bodies(() => exhaust(run.apply(owner, args)));
    return pagesByToken('skipToken', (skipToken) =>
      wire.bodies(() => exhaust(run.call(owner, ...args, skipToken === undefined ? {} : { skipToken }))),
    );
  };

  const bodiesOf = (call: AzureCall): Promise<Json[]> => {
    const { route, subscription } = call;
    if (route.client === 'rest') return rest(subscription, route.path, route.version);
    if (route.client !== 'graph') return sdk(call);
    return pagesByToken('$skipToken', (skipToken) => {
      const paged = { top: GRAPH_PAGE, ...(skipToken !== undefined && { skipToken }) };
      return wire.bodies(() =>
        graph.resources({
          subscriptions: [...route.subscriptions],
          query: queryFor(route.kinds),
          options: { resultFormat: 'objectArray', ...paged },
        }),
      );
    });
  };

  return {
    async ask(call) {
      const { subscription, operation, subject } = call;
      const identity = { subscription, operation, subject };
      try {
        return { ...identity, body: asWritten(call, await bodiesOf(call)) };
      } catch (error) {
        signal.throwIfAborted();
        return { ...identity, error: describeError(error, operation) };
      }
    },
    async subscriptions() {
      return joined(await rest('', '/subscriptions', '2022-12-01'), 'value');
    },
  };
}

function memo<T>(make: (subscription: string) => T): (subscription: string) => T {
  const made = new Map<string, T>();
  return (subscription) => {
    const known = made.get(subscription) ?? make(subscription);
    made.set(subscription, known);
    return known;
  };
}

/** @throws CallFailure for a link that leads away from the service */
function secured(url: string, { origin, secure }: Endpoint): string {
  const own = URL.canParse(url) ? new URL(url) : undefined;
  if (own?.origin === origin || own?.origin === new URL(secure).origin) return `${secure}${own.pathname}${own.search}`;
  throw elsewhere(url);
}

/** Runs through the pages of a list, or waits for the answer. */
async function exhaust(result: unknown): Promise<void> {
  if (!isPaged(result)) {
    await result;
    return;
  }
  for await (const _ of result.byPage());
}

function isPaged(result: unknown): result is Pages {
  return typeof result === 'object' && result !== null && 'byPage' in result;
}

/** What one question after another was answered with, each made with the token of the answer before it. */
async function pagesByToken(key: string, ask: (token: string | undefined) => Promise<Json[]>): Promise<Json[]> {
  const pages: Json[] = [];
  const tokens = new Set<unknown>();
  for (let token: string | undefined; ; tokens.add(token)) {
    const page = (await ask(token)).at(-1);
    if (page) pages.push(page);
    const next = page?.[key];
    if (next === undefined || next === null || next === '') return pages;
    if (typeof next !== 'string') throw invalidResponse('the page token is no text');
    if (tokens.has(next)) throw invalidResponse('pagination does not advance: a page was named twice');
    token = next;
  }
}

function pagesByLink(first: string, ask: (url: string) => Promise<Json[]>): Promise<Json[]> {
  return pagesByToken('nextLink', (url) => ask(url ?? first));
}

/** The answer in the shape in which it is recorded. @throws CallFailure for what the service cannot have written */
function asWritten({ share, result, route }: AzureCall, bodies: readonly Json[]): Json {
  const last = bodies.at(-1);
  if (share === 'one' && !('method' in route && route.method === 'listConnections')) {
    if (typeof last?.id !== 'string') throw missing();
    return { value: [last] };
  }
  if ('method' in route && route.method.endsWith('AndWait')) return joined(last ? [last] : [], result);
  return joined(bodies, result);
}

const LINKS = new Set(['nextLink', 'skipToken', '$skipToken']);

/** All pages as one answer; every page has to hold the list. */
function joined(pages: readonly Json[], result: string): Json {
  if (pages.length === 0) throw missing();
  const items: unknown[] = [];
  for (const page of pages) {
    const list = page[result];
    if (!Array.isArray(list)) throw missing();
    items.push(...list);
  }
  const own = Object.entries(pages.at(-1) ?? {}).filter(([key]) => !LINKS.has(key));
  return { ...Object.fromEntries(own), [result]: items };
}

function missing() {
  return invalidResponse('the answer does not hold what was asked for');
}
