import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { callKey, callsAfter, firstCalls, gcpPermissions } from '../../providers/gcp/operations.js';
import { recordedDocument } from '../../providers/gcp/records/recording.js';
import { f0 } from '../support/gcp/fixture.js';
import { answerKind } from '../support/gcp/kinds.js';
import { globalUrl, regionalUrl, zonalUrl } from '../support/gcp/urls.js';
import { fetcher } from '../support/gcp-server/fetcher.js';
import { json, type Reply } from '../support/gcp-server/reply.js';

const gcp = fetcher();
const documents = f0().documents('fetched');

describe('the run', () => {
  test('tells its progress, a document a call', async () => {
    await gcp.serve({ documents });
    const fetched = await gcp.fetched();
    expect(fetched.steps.map(([done]) => done)).toEqual(fetched.documents.map((_, index) => index + 1));
    expect(fetched.steps.every(([done, total]) => done <= total)).toBe(true);
    expect(fetched.steps.at(-1)?.[1]).toBe(fetched.documents.length);
    expect(fetched.steps.map(([, , label]) => label)).toContain('p compute.firewalls.list');
    const paths = fetched.documents.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('p/compute.regionNetworkFirewallPolicies.getEffectiveFirewalls-net1-us-central1.json');
  });

  test('has no more calls in flight than it may', async () => {
    let [now, most] = [0, 0];
    await gcp.serve({ documents }, ({ operation }) => {
      now += 1;
      most = Math.max(most, now);
      const reply = json(operation.startsWith('compute.') ? { kind: answerKind(operation) } : {});
      const later: Reply = (response) => {
        setTimeout(() => {
          now -= 1;
          reply(response);
        }, 20);
      };
      return Object.assign(later, { body: reply.body });
    });
    await gcp.fetched({ limits: { calls: 3 } });
    expect(most).toBe(3);
  });

  test('a project twice is a project once', async () => {
    const server = await gcp.serve({ documents });
    const { scopes } = await gcp.fetched({ projects: ['p', 'p', 'q'] });
    expect(scopes.map(({ project }) => project)).toEqual(['p', 'q']);
    const asked = server.requests.filter(({ operation }) => operation === 'compute.networks.list');
    expect(asked.map(({ project }) => project).sort()).toEqual(['p', 'q']);
  });

  test('ends with the reason of its signal', async () => {
    const server = await gcp.serve({ documents });
    const failed = await gcp.failed({ abortAfter: 2, limits: { calls: 2 } });
    expect(failed.message).toBe('interrupted');
    expect(server.requests.length).toBeLessThan(6);
  });
});

describe('nothing is asked', () => {
  test.each([
    ['without credentials', { env: { GOOGLE_APPLICATION_CREDENTIALS: undefined } }, 'no Google Cloud credentials'],
    ['for a number', { projects: ['123'] }, '123 is not the id of a Google Cloud project'],
    ['for a hostile name', { projects: ['x/../y\u001b'] }, 'x/../y\\u{1b} is not the id'],
    ['at what is no URL', { endpoint: 'localhost' }, 'localhost is no endpoint of compute'],
    ['at another path', { endpoint: 'http://127.0.0.1:1/compute/beta/' }, 'is no endpoint of compute'],
  ])('%s', async (_, options, what) => {
    const server = await gcp.serve({ documents });
    const { name, problem } = await gcp.failed(options);
    expect(name).toBe('FetchError');
    expect(problem?.what).toContain(what);
    expect([problem?.where, problem?.why, problem?.fix]).not.toContain('');
    expect(server.requests).toEqual([]);
  });

  test('when no token is given', async () => {
    await gcp.serve({ documents, refuseTokens: true });
    const { name, problem } = await gcp.failed();
    expect([name, problem?.what]).toEqual(['FetchError', 'there are no Google Cloud credentials']);
    expect(problem?.why).toContain('invalid_grant');
  });

  test('the environment names the project where nobody else does', async () => {
    await gcp.serve({ documents });
    const { scopes } = await gcp.fetched({ projects: [], env: { GOOGLE_CLOUD_PROJECT: 'p' } });
    expect(scopes).toEqual([{ project: 'p', whole: true }]);
  });
});

describe('the calls', () => {
  const service = (fields: object) => ({
    kind: 'compute#backendServiceAggregatedList',
    items: { global: { backendServices: [fields] } },
  });
  const list = firstCalls('p', false).find(({ operation }) => operation.id.includes('.backendServices.'));

  test.each([
    ['a web service', { selfLink: globalUrl('backendServices', 'b'), protocol: 'HTTPS' }, []],
    [
      'a regional group',
      { selfLink: regionalUrl('backendServices', 'b'), protocol: 'TCP', group: regionalUrl('instanceGroups', 'g') },
      ['compute.regionBackendServices.getHealth', 'compute.regionInstanceGroups.listInstances'],
    ],
    [
      'endpoints',
      { selfLink: globalUrl('backendServices', 'b'), protocol: 'SSL', group: zonalUrl('networkEndpointGroups', 'n') },
      ['compute.backendServices.getHealth', 'compute.networkEndpointGroups.listNetworkEndpoints'],
    ],
  ])(
    'after %s',
    (_, { selfLink, protocol, ...backend }: { selfLink: string; protocol: string; group?: string }, ids) => {
      if (!list) throw new Error('no such call');
      const calls = callsAfter(list, service({ selfLink, protocol, backends: [backend] }));
      expect(calls.map(({ operation }) => operation.id)).toEqual(ids);
      expect(new Set(calls.map(callKey)).size).toBe(calls.length);
    },
  );

  test('are the permissions of the page', () => {
    const page = readFileSync(join(__dirname, '../../docs/gcp-permissions.md'), 'utf8');
    const role = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect([...role.matchAll(/^ *- (\S+)$/gm)].map(([, name]) => name)).toEqual(gcpPermissions());
  });
});

test('long names of files stay apart and short enough', () => {
  const long = (end: string) => ({
    project: 'example.com:p',
    operation: 'compute.regionBackendServices.getHealth',
    subject: {
      project: 'p',
      backendService: 'b'.repeat(63),
      group: zonalUrl('instanceGroups', `${'g'.repeat(110)}${end}`),
    },
  });
  const [one, other] = ['a', 'b'].map((end) => recordedDocument(long(end)).path);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^example\.com%003ap\/.{1,250}\.json$/);
});
