import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/index.js';
import { f0 } from '../support/azure/fixture.js';
import { SUBSCRIPTION } from '../support/azure/ids.js';
import { balancer, balancingRule } from '../support/azure/load-balancer.js';
import { type Fetched, fetcher } from '../support/azure-server/fetcher.js';
import {
  armError,
  bytes,
  cutShort,
  htmlPage,
  json,
  type Reply,
  reset,
  silence,
} from '../support/azure-server/reply.js';
import type { Intercept } from '../support/azure-server/server.js';

const azure = fetcher();

const GROUPS = 'Microsoft.Network/networkSecurityGroups/read';
const TABLES = 'Microsoft.Network/routeTables/read';
const NETWORKS = 'Microsoft.Network/virtualNetworks/read';
const MACHINES = 'Microsoft.Compute/virtualMachines/read';
const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies/read';
const ADMIN_RULES = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
const HEALTH = 'Microsoft.Network/loadBalancers/loadBalancingRules/health/action';
const documents = f0().documents('fetched');

function verdictOf(evidence: Parameters<typeof explain>[0]): string | undefined {
  const question = { target: '20.1.2.3', from: '198.51.100.7' };
  return explain(evidence, question).report?.targets[0]?.verdict;
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

function denial(action: string): string {
  return (
    "The client 'reader@contoso.com' with object id '9' does not have authorization to perform action " +
    `'${action}' over scope '/subscriptions/${SUBSCRIPTION}' or the scope is invalid.`
  );
}

const proxy = 'the proxy wants a password\u001b[2J\n\u202e';

/** What an operation is answered with, and what becomes of it. */
const FAILURES: Readonly<Record<string, readonly [reply: Reply, code: string, message: string | RegExp]>> = {
  [MACHINES]: [armError(403, 'AuthorizationFailed', denial(MACHINES)), 'AuthorizationFailed', denial(MACHINES)],
  [GROUPS]: [armError(403, 'AuthorizationFailed', denial(GROUPS)), 'AuthorizationFailed', denial(GROUPS)],
  [ADMIN_RULES]: [armError(403, 'AuthorizationFailed', 'No.'), 'AuthorizationFailed', `No. (needs ${ADMIN_RULES})`],
  [JIT]: [
    armError(404, 'SubscriptionNotRegistered', 'not registered to use Microsoft.Security'),
    'SubscriptionNotRegistered',
    'not registered to use Microsoft.Security',
  ],
  'Microsoft.Network/networkInterfaces/read': [
    armError(429, 'TooManyRequests', 'later'),
    'UNAVAILABLE',
    'HTTP 429: TooManyRequests: later',
  ],
  [NETWORKS]: [armError(503, 'ServerTimeout', 'busy'), 'UNAVAILABLE', 'HTTP 503: ServerTimeout: busy'],
  'Microsoft.Network/loadBalancers/read': [htmlPage(502), 'UNAVAILABLE', /^HTTP 502: "<html>/],
  'Microsoft.Network/natGateways/read': [
    htmlPage(403),
    'InvalidResponse',
    /^HTTP 403 with a body that is not an error of the service: "<html>/,
  ],
  'Microsoft.Network/bastionHosts/read': [
    htmlPage(200),
    'InvalidResponse',
    /^HTTP 200 with a body that is not a JSON object: "<html>/,
  ],
  [TABLES]: [bytes(200, 'application/json', ''), 'InvalidResponse', 'HTTP 200 with an empty body'],
  'Microsoft.Compute/virtualMachineScaleSets/read': [
    json({}),
    'InvalidResponse',
    /^the answer (?:does not hold what was asked for|cannot be read)/,
  ],
  'Microsoft.Network/azureFirewalls/read': [json({}), 'InvalidResponse', 'the answer does not hold what was asked for'],
  'Microsoft.Network/publicIPAddresses/read': [
    bytes(200, 'text/plain', proxy),
    'InvalidResponse',
    'HTTP 200 with a body that is not a JSON object: "the proxy wants a password\\u{1b}[2J \\u{202e}"',
  ],
  'Microsoft.Network/networkManagers/read': [
    bytes(200, 'application/json', '{"value":['),
    'InvalidResponse',
    /^the answer cannot be read \(/,
  ],
  'Microsoft.Network/applicationSecurityGroups/read': [
    bytes(302, 'text/html', '', { location: 'https://portal.example.com/' }),
    'InvalidResponse',
    'HTTP 302 with an empty body',
  ],
};

describe('what fails is an answer with an error', () => {
  test.each(Object.entries(FAILURES))('%s', async (operation, [reply, code, message]) => {
    await azure.serve({ documents }, failing({ [operation]: reply }));
    const fetched = await azure.fetched({ limits: { attempts: 2 } });
    const found = fetched.documents.map(({ value }) => value as ReturnType<Fetched['value']>);
    const errors = found.filter(({ port22 }) => port22.operation === operation && port22.error);
    const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(errors[0]?.port22.error).toEqual({ code, message: wanted });
    expect(errors[0]?.value).toBeUndefined();
  });

  test('of Resource Graph, for every kind that it was asked for', async () => {
    await azure.serve({ documents }, failing({ graph: armError(403, 'AuthorizationFailed', 'No.') }));
    const fetched = await azure.fetched();
    for (const kind of ['virtualNetworkGateways', 'connections', 'localNetworkGateways'])
      expect(fetched.value(`Microsoft.Network/${kind}/read`).port22.error?.code).toBe('AuthorizationFailed');
  });

  test('of an operation that takes longer', async () => {
    const own = balancer(f0(), { members: ['nicA'], rules: [balancingRule()] }).documents('fetched');
    await azure.serve({ documents: own }, failing({ poll: armError(400, 'ProbeUnknown', 'there is no probe') }));
    const { error } = (await azure.fetched()).value(HEALTH).port22;
    expect(error).toEqual({ code: 'ProbeUnknown', message: 'there is no probe' });
  });

  test('of an operation that never ends', async () => {
    const own = balancer(f0(), { members: ['nicA'], rules: [balancingRule()] }).documents('fetched');
    await azure.serve(
      { documents: own },
      failing({ poll: bytes(202, 'application/json', '', { 'retry-after': '0' }) }),
    );
    const fetched = await azure.fetched({ limits: { operation: 200 } });
    expect(fetched.value(HEALTH).port22.error?.code).toBe('DEADLINE_EXCEEDED');
  });

  test('a connection that breaks, an answer that does not come', async () => {
    const replies = { [GROUPS]: reset, [TABLES]: cutShort, [JIT]: silence };
    const server = await azure.serve({ documents }, failing(replies));
    const fetched = await azure.fetched({ limits: { response: 400, attempts: 2 } });
    const codes = Object.keys(replies).map((name) => fetched.value(name).port22.error?.code);
    expect(codes).toEqual(['ECONNRESET', 'ECONNRESET', 'DEADLINE_EXCEEDED']);
    for (const name of Object.keys(replies))
      expect(server.requests.filter(({ operation, isSingle }) => operation === name && !isSingle)).toHaveLength(2);
  });

  test.each([
    ['a page of HTML', htmlPage(200)],
    ['an empty body', bytes(200, 'application/json', '')],
    ['an empty object', json({})],
  ])('%s with status 200 is no empty list', async (_, reply) => {
    const lists = [GROUPS, TABLES, ADMIN_RULES];
    await azure.serve({ documents }, failing(Object.fromEntries(lists.map((name) => [name, reply]))));
    expect(verdictOf(await azure.fetched())).toBe('unknown');
  });
});

describe('what fails for the moment is asked for again', () => {
  test('whatever it is', async () => {
    const replies = {
      [GROUPS]: armError(429, 'TooManyRequests', 'later', { 'retry-after': '0' }),
      [NETWORKS]: armError(503, 'ServerTimeout', 'busy'),
      [TABLES]: htmlPage(502),
      [MACHINES]: reset,
      [JIT]: armError(500, 'InternalServerError', 'oops'),
      [ADMIN_RULES]: armError(429, 'RetryableErrorDueToAnotherOperation', 'locked'),
      graph: armError(429, 'RateLimiting', 'later', { 'x-ms-user-quota-resets-after': '00:00:00' }),
    };
    const server = await azure.serve({ documents }, failing(replies, 1));
    const fetched = await azure.fetched();
    for (const name of Object.keys(replies))
      expect([name, server.requests.filter(({ operation }) => operation === name).length]).toEqual([name, 2]);
    const errors = fetched.documents.filter(({ value }) => (value as { port22: { error?: object } }).port22.error);
    expect(errors).toEqual([]);
    expect(verdictOf(fetched)).toBe(verdictOf({ documents }));
  });

  test('all calls at a time', async () => {
    const asked = new Set<string>();
    await azure.serve({ documents }, ({ operation, isSingle }) => {
      if (isSingle || asked.has(operation)) return undefined;
      asked.add(operation);
      return armError(429, 'TooManyRequests', 'later', { 'retry-after': '1' });
    });
    expect(verdictOf(await azure.fetched())).toBe(verdictOf({ documents }));
  });

  test('and the service may say how long to wait', async () => {
    const times: number[] = [];
    await azure.serve({ documents }, ({ operation }) => {
      if (operation !== GROUPS) return undefined;
      times.push(Date.now());
      return times.length === 1 ? armError(429, 'TooManyRequests', 'later', { 'retry-after': '1' }) : undefined;
    });
    await azure.fetched();
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(990);
  });
});
