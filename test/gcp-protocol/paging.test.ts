import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/index.js';
import { f0 } from '../support/gcp/fixture.js';
import { classicRule, l4 } from '../support/gcp/records.js';
import { fetcher } from '../support/gcp-server/fetcher.js';
import { json, olderError } from '../support/gcp-server/reply.js';

const gcp = fetcher();

const RULES = 'compute.firewalls.list';
const INSTANCES = 'compute.instances.aggregatedList';
const question = { target: '203.0.113.10', from: '198.51.100.7' };

describe('a list of many pages', () => {
  test('gcp#147 fifteen empty pages do not hide the rule behind them', async () => {
    const fixture = f0().rule('deny-ssh', { denied: l4('tcp:22'), priority: 1 });
    const server = await gcp.serve({ documents: fixture.documents('fetched'), cut: { pageSize: 1, emptyPages: 15 } });
    const fetched = await gcp.fetched();
    const names = (fetched.value(RULES).items as readonly { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['allow-ssh', 'deny-ssh']);
    expect(server.requests.filter(({ operation }) => operation === RULES)).toHaveLength(17);
    // The answers about effective rules hold the classic ones too: without them the list alone has to tell.
    const lists = fetched.documents.filter(({ path }) => !path.includes('EffectiveFirewalls'));
    for (const documents of [fetched.documents, lists]) {
      const { report } = explain({ documents, complete: true }, question);
      expect(report?.targets[0]?.verdict).toBe('unreachable');
    }
  });

  test('aggregated lists are joined scope by scope', async () => {
    const fixture = f0();
    for (let n = 1; n <= 5; n += 1)
      fixture.addVm({ name: `more${n}`, ip: `10.0.0.${20 + n}`, zone: ZONES[n % 2] ?? '' });
    const documents = fixture.documents('fetched');
    await gcp.serve({ documents, cut: { pageSize: 2, emptyPages: 12 } });
    const wanted = documents.find(({ path }) => path === `p/${INSTANCES}.json`);
    expect((await gcp.fetched()).value(INSTANCES)).toEqual(wanted?.value);
  });

  test('what a page says of missing parts outlives the other pages', async () => {
    const lost = { code: 'UNREACHABLE', message: 'no answer', data: [{ key: 'scope', value: 'zones/b' }] };
    const nothing = { code: 'NO_RESULTS_ON_PAGE', message: 'none', data: [] };
    const pages = [
      { items: { 'zones/a': { warning: nothing }, 'zones/b': { warning: lost } }, unreachables: ['zones/c'] },
      { items: { 'zones/a': { instances: [] }, 'zones/b': { warning: nothing } }, warning: nothing },
      { items: {}, unreachables: ['zones/c', 'zones/d'], warning: lost },
    ];
    await gcp.serve({ documents: f0().documents('fetched') }, ({ operation, query }) => {
      if (operation !== INSTANCES) return undefined;
      const at = Number(query.pageToken ?? 0);
      const more = at < 2 && { nextPageToken: String(at + 1) };
      return json({ kind: 'compute#instanceAggregatedList', ...pages[at], ...more });
    });
    const fetched = await gcp.fetched();
    const { port22: _, ...body } = fetched.value(INSTANCES);
    expect(body).toEqual({
      kind: 'compute#instanceAggregatedList',
      items: { 'zones/a': { instances: [] }, 'zones/b': { warning: lost } },
      unreachables: ['zones/c', 'zones/d'],
      warning: lost,
    });
    expect(explain({ documents: fetched.documents }, question).report?.targets[0]?.verdict).not.toBe('unreachable');
  });

  test('what is empty is left out by the services, and is there', async () => {
    const empty = /getEffectiveFirewalls|policyBasedRoutes/;
    const documents = f0().noRule('allow-ssh').documents('fetched');
    await gcp.serve({ documents }, ({ operation }) => (empty.test(operation) ? json({}) : undefined));
    const fetched = await gcp.fetched();
    const routes = fetched.value('networkconnectivity.projects.locations.global.policyBasedRoutes.list');
    expect(routes.policyBasedRoutes).toEqual([]);
    const { report } = explain({ documents: fetched.documents }, question);
    expect(report?.targets[0]?.verdict).toBe('unreachable');
  });

  test('a place that another API did not reach is told in the same words', async () => {
    const operation = 'networkconnectivity.projects.locations.global.policyBasedRoutes.list';
    const pages = [{ unreachable: ['locations/global'], nextPageToken: '1' }, { policyBasedRoutes: [] }];
    await gcp.serve({ documents: f0().documents('fetched') }, (request) =>
      request.operation === operation ? json(pages[Number(request.query.pageToken ?? 0)] ?? {}) : undefined,
    );
    const { port22: _, ...body } = (await gcp.fetched()).value(operation);
    expect(body).toEqual({ policyBasedRoutes: [], unreachables: ['locations/global'] });
  });

  test('every request asks for the largest page, and aggregated ones for what can be had', async () => {
    const server = await gcp.serve({ documents: f0().documents('fetched') });
    await gcp.fetched();
    const lists = server.requests.filter(({ operation }) => /^compute.*[lL]ist$/.test(operation));
    expect(lists).toHaveLength(17);
    for (const { operation, query } of lists) {
      const partly = operation.endsWith('.aggregatedList') ? { returnPartialSuccess: 'true' } : {};
      expect([operation, query]).toEqual([operation, { maxResults: '500', ...partly }]);
    }
  });
});

const ZONES = ['us-central1-a', 'us-central1-b'];

describe('half a list is no list', () => {
  test('a token that comes twice, and a second page that is denied', async () => {
    const rule = classicRule('one', { allowed: l4('tcp:22') });
    await gcp.serve({ documents: f0().documents('fetched') }, ({ operation, query }) => {
      if (operation === RULES) return json({ kind: 'compute#firewallList', items: [rule], nextPageToken: 'again' });
      if (operation !== 'compute.routes.list') return undefined;
      return query.pageToken === undefined
        ? json({ kind: 'compute#routeList', items: [], nextPageToken: 'second' })
        : olderError(403, 'forbidden', "Required 'compute.routes.list' permission for 'projects/p'");
    });
    const fetched = await gcp.fetched();
    const message = 'pagination does not advance: a page token came twice';
    const envelope = { schema: 'port22/recording/v1', provider: 'gcp', project: 'p' };
    expect(fetched.value(RULES)).toEqual({
      port22: { ...envelope, operation: RULES, error: { code: 'InvalidResponse', message } },
    });
    expect(fetched.value('compute.routes.list').port22.error?.code).toBe('IAM_PERMISSION_DENIED');
    expect(fetched.value('compute.routes.list').items).toBeUndefined();
  });
});
