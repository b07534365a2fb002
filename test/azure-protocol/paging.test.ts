import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/index.js';
import { f0 } from '../support/azure/fixture.js';
import { networkId, SUBSCRIPTION } from '../support/azure/ids.js';
import { vpn } from '../support/azure/topology.js';
import { fetcher } from '../support/azure-server/fetcher.js';
import { json } from '../support/azure-server/reply.js';

const azure = fetcher();

const INTERFACES = 'Microsoft.Network/networkInterfaces/read';
const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies/read';
const ADMIN_RULES = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';

function crowd(count: number) {
  const fixture = f0();
  for (let at = 1; at <= count; at += 1) fixture.addVm(`X${at}`, { subnet: 'vnet1/s1', ip: `10.0.1.${100 + at}` });
  return fixture;
}

function idsIn(value: Readonly<Record<string, unknown>>): unknown[] {
  return (value.value as readonly { id: unknown }[]).map(({ id }) => id);
}

function question(documents: Parameters<typeof explain>[0]['documents']) {
  return explain({ documents }, { target: '20.1.2.3', from: '198.51.100.7' }).report?.targets[0]?.verdict;
}

describe('all pages are one answer', () => {
  test('of lists, of the SDK and of others', async () => {
    const documents = crowd(7).documents('fetched');
    const server = await azure.serve({ documents, pageSize: 2 });
    const fetched = await azure.fetched();
    const { value, nextLink } = fetched.value(INTERFACES);
    expect([(value as unknown[]).length, nextLink]).toEqual([9, undefined]);
    const pages = server.requests.filter(({ operation }) => operation === INTERFACES);
    expect(pages.map(({ query }) => query.$skiptoken)).toEqual([undefined, '2', '4', '6', '8']);
    expect(new Set(pages.map(({ query }) => query['api-version'])).size).toBe(1);
    expect(question(fetched.documents)).toBe(question(documents));
  });

  test('of questions, whose further pages have a token', async () => {
    const fixture = f0();
    for (const name of ['one', 'two', 'three']) fixture.adminRule(name, { access: 'Allow' });
    const documents = fixture.adminRule('deny', { access: 'Deny' }).documents('fetched');
    const server = await azure.serve({ documents, pageSize: 1 });
    const fetched = await azure.fetched();
    const { value, skipToken } = fetched.value(ADMIN_RULES);
    expect([(value as unknown[]).length, skipToken]).toEqual([4, undefined]);
    const asked = server.requests.filter(({ operation }) => operation === ADMIN_RULES);
    expect(asked.map(({ body }) => body.skipToken)).toEqual([undefined, '1', '2', '3']);
    expect(question(fetched.documents)).toBe(question(documents));
  });

  test('of Resource Graph, by kind', async () => {
    const documents = vpn(f0(), 'vnet1', '10.0.255.0/27').documents('fetched');
    const server = await azure.serve({ documents, rows: 1 });
    const fetched = await azure.fetched();
    const tokens = server.requests.filter(({ operation }) => operation === 'graph').map(({ body }) => body.options);
    expect(tokens).toEqual([
      { resultFormat: 'objectArray', $top: 1000 },
      { resultFormat: 'objectArray', $top: 1000, $skipToken: 'row-1' },
      { resultFormat: 'objectArray', $top: 1000, $skipToken: 'row-2' },
    ]);
    const kinds = ['virtualNetworkGateways/gw1', 'connections/to-office', 'localNetworkGateways/office'];
    for (const kind of kinds) {
      const [collection = '', name = ''] = kind.split('/');
      const { value: _, ...rest } = fetched.value(`Microsoft.Network/${collection}/read`);
      expect(idsIn(fetched.value(`Microsoft.Network/${collection}/read`))).toEqual([networkId(collection, name)]);
      expect(Object.keys(rest)).toEqual(['port22']);
    }
  });

  test('a page without a record has a successor all the same', async () => {
    const documents = f0().documents('fetched');
    await azure.serve({ documents }, ({ operation, query, path }, url) =>
      operation === INTERFACES && query.$skiptoken === undefined
        ? json({ value: [], nextLink: `${url}${path}?api-version=2025-05-01&$skiptoken=0` })
        : undefined,
    );
    expect(idsIn((await azure.fetched()).value(INTERFACES))).toHaveLength(2);
  });
});

describe('a list is refused', () => {
  const documents = f0().documents('fetched');

  test.each([
    ['whose page names itself', INTERFACES],
    ['whose page names itself, without an SDK', JIT],
  ])('%s', async (_, wanted) => {
    const server = await azure.serve({ documents }, ({ operation, path, isSingle }, url) =>
      operation === wanted && !isSingle ? json({ value: [], nextLink: `${url}${path}?api-version=1` }) : undefined,
    );
    const { error } = (await azure.fetched()).value(wanted).port22;
    expect(error?.code).toBe('InvalidResponse');
    expect(error?.message).toMatch(/pagination does not advance/);
    expect(server.requests.filter(({ operation, isSingle }) => operation === wanted && !isSingle).length).toBeLessThan(
      4,
    );
  });

  test.each([
    ['by the SDK', INTERFACES],
    ['without an SDK', JIT],
  ])('whose next page is elsewhere, asked %s: no token goes there', async (_, wanted) => {
    const other = await azure.serve({ documents });
    await azure.serve({ documents }, ({ operation, path, isSingle }) =>
      operation === wanted && !isSingle
        ? json({ value: [], nextLink: `${other.url.replace('http:', 'https:')}${path}?api-version=1` })
        : undefined,
    );
    const { error } = (await azure.fetched()).value(wanted).port22;
    expect(error?.message).toMatch(/leads elsewhere/);
    expect(other.requests).toEqual([]);
  });

  test('whose second page is', async () => {
    await azure.serve({ documents: crowd(3).documents('fetched'), pageSize: 2 }, ({ operation, query }) =>
      operation === INTERFACES && query.$skiptoken !== undefined
        ? json({ error: { code: 'Gone', message: 'gone' } }, 410)
        : undefined,
    );
    const fetched = await azure.fetched();
    const { port22, ...rest } = fetched.value(INTERFACES);
    expect([port22.error, rest]).toEqual([{ code: 'Gone', message: 'gone' }, {}]);
    expect(port22.subscription).toBe(SUBSCRIPTION);
  });
});
