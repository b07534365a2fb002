import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/index.js';
import { f0 } from '../support/gcp/fixture.js';
import { type Fetched, fetcher } from '../support/gcp-server/fetcher.js';
import {
  bytes,
  cutShort,
  htmlPage,
  json,
  newerError,
  olderError,
  type Reply,
  reset,
  silence,
} from '../support/gcp-server/reply.js';
import type { Intercept } from '../support/gcp-server/server.js';

const gcp = fetcher();

const RULES = 'compute.firewalls.list';
const documents = f0().documents('fetched');

function verdictOf(fetched: Pick<Fetched, 'documents'>): string | undefined {
  const question = { target: '203.0.113.10', from: '198.51.100.7' };
  return explain({ documents: fetched.documents }, question).report?.targets[0]?.verdict;
}

/** Fails each of the operations with its reply, the first `times` times. */
function failing(replies: Readonly<Record<string, Reply>>, times = Number.POSITIVE_INFINITY): Intercept {
  const asked = new Map<string, number>();
  return ({ operation }) => {
    const count = (asked.get(operation) ?? 0) + 1;
    asked.set(operation, count);
    return count <= times ? replies[operation] : undefined;
  };
}

const quota = "Quota exceeded for quota metric 'Read requests'";
const proxy = 'the proxy wants a password\u001b[2J\n\u202e';

/** What an operation is answered with, and what becomes of it. */
const FAILURES: Readonly<Record<string, readonly [reply: Reply, code: string, message: string | RegExp]>> = {
  'compute.instances.aggregatedList': [
    olderError(403, 'forbidden', "Required 'compute.instances.list' permission for 'projects/p'"),
    'IAM_PERMISSION_DENIED',
    "Required 'compute.instances.list' permission for 'projects/p'",
  ],
  'compute.subnetworks.aggregatedList': [
    newerError(403, 'IAM_PERMISSION_DENIED', 'Denied.', { permission: 'compute.subnetworks.list' }),
    'IAM_PERMISSION_DENIED',
    'Denied. (needs compute.subnetworks.list)',
  ],
  'compute.forwardingRules.aggregatedList': [
    olderError(403, 'forbidden', 'Forbidden'),
    'IAM_PERMISSION_DENIED',
    'Forbidden (needs compute.forwardingRules.list)',
  ],
  'compute.targetInstances.aggregatedList': [
    olderError(403, 'accessNotConfigured', 'Compute Engine API has not been used', 'usageLimits'),
    'SERVICE_DISABLED',
    'Compute Engine API has not been used',
  ],
  'networkconnectivity.projects.locations.global.policyBasedRoutes.list': [
    newerError(403, 'SERVICE_DISABLED', 'Network Connectivity API has not been used'),
    'SERVICE_DISABLED',
    'Network Connectivity API has not been used',
  ],
  'compute.targetPools.aggregatedList': [olderError(404, 'notFound', 'not found'), 'NOT_FOUND', 'not found'],
  'compute.backendServices.aggregatedList': [
    olderError(401, 'authError', 'Invalid Credentials'),
    'UNAUTHENTICATED',
    'Invalid Credentials',
  ],
  'compute.instanceGroups.aggregatedList': [
    newerError(403, 'SECURITY_POLICY_VIOLATED', 'Request is prohibited by organization policy'),
    'SECURITY_POLICY_VIOLATED',
    'Request is prohibited by organization policy',
  ],
  'compute.networkEndpointGroups.aggregatedList': [
    olderError(403, 'rateLimitExceeded', quota, 'usageLimits'),
    'RATE_LIMIT_EXCEEDED',
    `${quota} (HTTP 403)`,
  ],
  'compute.addresses.aggregatedList': [
    newerError(429, 'RATE_LIMIT_EXCEEDED', quota),
    'UNAVAILABLE',
    `HTTP 429: ${quota}`,
  ],
  'compute.vpnTunnels.aggregatedList': [
    olderError(503, 'backendError', 'Backend Error'),
    'UNAVAILABLE',
    'HTTP 503: Backend Error',
  ],
  'compute.routers.aggregatedList': [htmlPage(502), 'UNAVAILABLE', /^HTTP 502: "<html>/],
  'compute.interconnectAttachments.aggregatedList': [
    htmlPage(403),
    'InvalidResponse',
    /^HTTP 403 with a body that is not an error of the service: "<html>/,
  ],
  'compute.securityPolicies.aggregatedList': [
    htmlPage(200),
    'InvalidResponse',
    /^HTTP 200 with a body that is not a JSON object: "<html>/,
  ],
  'compute.firewalls.list': [bytes(200, 'application/json', ''), 'InvalidResponse', 'HTTP 200 with an empty body'],
  'compute.networks.list': [json({}), 'InvalidResponse', 'the answer does not hold what was asked for'],
  'compute.routes.list': [
    bytes(200, 'text/plain', proxy),
    'InvalidResponse',
    'HTTP 200 with a body that is not a JSON object: "the proxy wants a password\\u{1b}[2J \\u{202e}"',
  ],
  'compute.targetTcpProxies.list': [
    bytes(200, 'application/json', '{"kind":"compute#targetTcpProxyList","items":['),
    'InvalidResponse',
    /^the answer cannot be read \(/,
  ],
};

describe('what fails is an answer with an error', () => {
  test('told by its reason, with the permission that is needed', async () => {
    const replies = Object.fromEntries(Object.entries(FAILURES).map(([operation, [reply]]) => [operation, reply]));
    await gcp.serve({ documents }, failing(replies));
    const fetched = await gcp.fetched({ limits: { attempts: 2, quotaAttempts: 2 } });
    for (const [operation, [, code, message]] of Object.entries(FAILURES)) {
      const { port22, ...rest } = fetched.value(operation);
      const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
      expect([operation, port22.error, rest]).toEqual([operation, { code, message: wanted }, {}]);
    }
  });

  test('a connection that breaks, an answer that does not come', async () => {
    const replies = { [RULES]: reset, 'compute.routes.list': cutShort, 'compute.networks.list': silence };
    const server = await gcp.serve({ documents }, failing(replies));
    const fetched = await gcp.fetched({ limits: { response: 300, attempts: 2 } });
    const codes = Object.keys(replies).map((operation) => fetched.value(operation).port22.error?.code);
    expect(codes).toEqual(['ECONNRESET', 'ECONNRESET', 'DEADLINE_EXCEEDED']);
    for (const name of Object.keys(replies)) {
      expect(server.requests.filter(({ operation }) => operation === name)).toHaveLength(2);
    }
  });

  test.each([
    ['a page of HTML', htmlPage(200)],
    ['an empty body', bytes(200, 'application/json', '')],
    ['an empty object', json({})],
  ])('%s with status 200 is no empty list of instances, networks or routes', async (_, reply) => {
    const lists = ['compute.instances.aggregatedList', 'compute.networks.list', 'compute.routes.list'];
    await gcp.serve(
      { documents },
      failing({ ...Object.fromEntries(lists.map((name) => [name, reply])), [RULES]: reply }),
    );
    const fetched = await gcp.fetched();
    expect([undefined, 'unknown']).toContain(verdictOf(fetched));
    expect(lists.map((name) => fetched.value(name).port22.error?.code)).toEqual(lists.map(() => 'InvalidResponse'));
  });

  test('other JSON with status 200 is no answer either', async () => {
    const calls = [
      'networkconnectivity.projects.locations.global.policyBasedRoutes.list',
      'compute.networks.getEffectiveFirewalls',
      'compute.regionNetworkFirewallPolicies.getEffectiveFirewalls',
    ];
    const portal = bytes(200, 'application/json', '{"login":"https://portal.example.com"}');
    await gcp.serve({ documents }, failing(Object.fromEntries(calls.map((name) => [name, portal]))));
    const fetched = await gcp.fetched();
    expect(calls.map((name) => fetched.value(name).port22.error?.code)).toEqual(calls.map(() => 'InvalidResponse'));
    expect(verdictOf(fetched)).toBe('unknown');
  });

  test('nothing listens', async () => {
    const server = await gcp.serve({ documents });
    const { documents: found } = await gcp.fetched({ endpoint: 'http://127.0.0.1:1/compute/v1/' });
    const values = found.map(({ value }) => value as { port22: { operation: string; error?: { code: string } } });
    const codes = values
      .filter(({ port22 }) => port22.operation.startsWith('compute.'))
      .map((v) => v.port22.error?.code);
    expect(new Set(codes)).toEqual(new Set(['ECONNREFUSED']));
    expect(server.requests.every(({ operation }) => !operation.startsWith('compute.'))).toBe(true);
  });
});

describe('what fails for the moment is asked for again', () => {
  test.each([
    ['a quota that is used up', olderError(403, 'rateLimitExceeded', quota, 'usageLimits')],
    ['a quota that is used up, in newer words', newerError(403, 'RATE_LIMIT_EXCEEDED', quota)],
  ])('gcp#145 %s, once', async (_, reply) => {
    const effective = 'compute.networks.getEffectiveFirewalls';
    const server = await gcp.serve({ documents }, failing({ [RULES]: reply, [effective]: reply }, 1));
    const fetched = await gcp.fetched();
    for (const name of [RULES, effective]) {
      expect(server.requests.filter(({ operation }) => operation === name)).toHaveLength(2);
      expect(fetched.value(name).port22.error).toBeUndefined();
    }
    expect(verdictOf(fetched)).toBe('reachable');
  });

  test('whatever it is', async () => {
    const replies = {
      'compute.firewalls.list': olderError(403, 'quotaOfSomeKind', quota, 'usageLimits'),
      'compute.networks.list': newerError(429, 'RATE_LIMIT_EXCEEDED', quota),
      'compute.routes.list': olderError(503, 'backendError', 'Backend Error'),
      'compute.subnetworks.aggregatedList': htmlPage(502),
      'compute.instances.aggregatedList': reset,
      'networkconnectivity.projects.locations.global.policyBasedRoutes.list': olderError(500, 'internalError', 'Oops'),
    };
    const server = await gcp.serve({ documents }, failing(replies, 1));
    const fetched = await gcp.fetched();
    for (const name of Object.keys(replies)) {
      expect(server.requests.filter(({ operation }) => operation === name)).toHaveLength(2);
      expect([name, fetched.value(name).port22.error]).toEqual([name, undefined]);
    }
    expect(verdictOf(fetched)).toBe('reachable');
  });

  test('gcp#145 a quota that stays used up is not told as a denial', async () => {
    const server = await gcp.serve(
      { documents },
      failing({ [RULES]: olderError(403, 'userRateLimitExceeded', quota) }),
    );
    const fetched = await gcp.fetched({ limits: { quotaAttempts: 4 } });
    expect(fetched.value(RULES).port22.error?.code).toBe('RATE_LIMIT_EXCEEDED');
    expect(server.requests.filter(({ operation }) => operation === RULES)).toHaveLength(4);
  });

  test('a quota waits for its next period, and the service may say how long', async () => {
    const times: number[] = [];
    const replies = [
      json({ error: { code: 429 } }, 429, { 'retry-after': '1' }),
      olderError(403, 'rateLimitExceeded', quota, 'usageLimits'),
    ];
    await gcp.serve({ documents }, ({ operation }) => {
      if (operation !== RULES) return undefined;
      times.push(Date.now());
      return replies[times.length - 1];
    });
    await gcp.fetched({ limits: { quotaPeriod: 600 } });
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(990);
    expect(Math.floor(third / 600)).toBeGreaterThan(Math.floor(second / 600));
  });
});
