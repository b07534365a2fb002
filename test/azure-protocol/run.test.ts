import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { azureActions } from '../../providers/azure/operations.js';
import { explain } from '../../src/index.js';
import { f0 } from '../support/azure/fixture.js';
import { computeId, networkId, SUBSCRIPTION } from '../support/azure/ids.js';
import { uniform } from '../support/azure/scale-set.js';
import { vpn } from '../support/azure/topology.js';
import { type Fetched, fetcher } from '../support/azure-server/fetcher.js';
import { armError, json } from '../support/azure-server/reply.js';
import { invented } from '../support/collected-answers.js';

const azure = fetcher();

const OTHER = '99999999-2222-3333-4444-555555555555';
const GROUPS = 'Microsoft.Network/networkSecurityGroups/read';
const NETWORKS = 'Microsoft.Network/virtualNetworks/read';

function verdictOf(evidence: Parameters<typeof explain>[0], target = '20.1.2.3', from = '198.51.100.7') {
  return explain(evidence, { target, from }).report?.targets[0]?.verdict;
}

function valuesOf(fetched: Fetched, operation: string) {
  return fetched.documents
    .map(({ value }) => value as ReturnType<Fetched['value']>)
    .filter(({ port22 }) => port22.operation === operation);
}

describe('a run', () => {
  test('asks a subscription about everything once, and says how far it is', async () => {
    const server = await azure.serve({ documents: f0().documents('fetched') });
    const { scopes, steps, documents } = await azure.fetched();
    expect(scopes).toEqual([{ subscription: SUBSCRIPTION, whole: true }]);
    const asked = server.requests.map(({ method, path, query }) => `${method} ${path} ${query.statusOnly ?? ''}`);
    expect(asked).toEqual([...new Set(asked)]);
    expect(steps.at(-1)?.slice(0, 2)).toEqual([server.requests.length, server.requests.length]);
    expect(new Set(documents.map(({ path }) => path)).size).toBe(documents.length);
    for (const { path } of documents) expect(path).toMatch(/^[0-9a-f-]{36}\/[\w.%-]+\.json$/);
  });

  test('makes no more calls for more machines', async () => {
    const counts: number[] = [];
    for (const machines of [1, 40]) {
      const fixture = f0();
      for (let at = 1; at <= machines; at += 1)
        fixture.addVm(`X${at}`, { subnet: 'vnet1/s1', ip: `10.0.1.${100 + at}` });
      const server = await azure.serve({ documents: fixture.documents('fetched') });
      await azure.fetched();
      counts.push(server.requests.length);
    }
    expect(counts).toEqual([counts[0], counts[0]]);
    expect(counts[0]).toBeLessThan(22);
  });

  test('of two subscriptions asks Resource Graph once', async () => {
    const server = await azure.serve({ documents: f0().documents('fetched') });
    const { scopes } = await azure.fetched({ subscriptions: [OTHER, SUBSCRIPTION.toUpperCase()] });
    expect(scopes.map(({ subscription }) => subscription)).toEqual([OTHER, SUBSCRIPTION]);
    const [graph, ...more] = server.requests.filter(({ operation }) => operation === 'graph');
    expect([graph?.body.subscriptions, more]).toEqual([[OTHER, SUBSCRIPTION], []]);
  });

  test('takes the subscription from the environment, or the only one that there is', async () => {
    const server = await azure.serve({ documents: f0().documents('fetched') });
    const named = await azure.fetched({ subscriptions: [], env: { AZURE_SUBSCRIPTION_ID: OTHER } });
    const found = await azure.fetched({ subscriptions: [] });
    expect([named, found].flatMap(({ scopes }) => scopes.map(({ subscription }) => subscription))).toEqual([
      OTHER,
      SUBSCRIPTION,
    ]);
    expect(server.requests.filter(({ operation }) => operation === 'subscriptions')).toHaveLength(1);
  });

  test('ends when it is told to', async () => {
    await azure.serve({ documents: f0().documents('fetched') });
    expect(await azure.failed({ abortAfter: 3 })).toMatchObject({ message: 'interrupted' });
  });

  test('does not record what people put secrets into', async () => {
    const fixture = f0();
    const settings = { protectedSettings: { key: 'S3CRET' }, settings: { commandToExecute: 'S3CRET' } };
    const secrets = {
      osProfile: { computerName: 'a', customData: 'S3CRET', adminPassword: 'S3CRET' },
      userData: 'S3CRET',
    };
    fixture.edit('virtualMachines', 'vmA', secrets, { resources: [{ properties: settings }] });
    vpn(fixture, 'vnet1', '10.0.255.0/27').edit('connections', 'to-office', {
      sharedKey: 'S3CRET',
      authorizationKey: 'S3CRET',
      [invented('unknownToTheSdk')]: 'kept',
    });
    await azure.serve({ documents: fixture.documents('fetched') });
    const text = JSON.stringify((await azure.fetched()).documents);
    expect(text).not.toContain('S3CRET');
    expect(text).toContain('unknownToTheSdk');
  });

  test('asks each machine for its user data where somebody wants that', async () => {
    const fixture = f0().edit('virtualMachines', 'vmA', { userData: 'IyEvYmluL3NoCnVmdyAtLWZvcmNlIGVuYWJsZQo=' });
    const documents = fixture.documents('fetched');
    const id = computeId('virtualMachines', 'vmA').toLowerCase();
    const isOne = ({ method, path }: { method: string; path: string }) => method === 'GET' && path.toLowerCase() === id;
    const server = await azure.serve({ documents }, (request) =>
      isOne(request) ? json(fixture.record('virtualMachines', 'vmA')) : undefined,
    );
    const { documents: found } = await azure.fetched({ userData: true });
    expect(server.requests.filter(isOne).map(({ query }) => query.$expand)).toEqual(['userData']);
    const { report } = explain({ documents: found }, { target: 'vmA', from: '198.51.100.7' });
    expect(report?.targets[0]?.host.causes.map(({ code }) => code)).toEqual([
      'host/firewall-drops',
      'host/user-data-unless',
    ]);
  });
});

describe('what records refer to and no list holds', () => {
  test('is asked for by itself', async () => {
    const documents = f0().documents('fetched');
    const server = await azure.serve({ documents }, ({ operation, isSingle }) =>
      operation === GROUPS && !isSingle ? json({ value: [] }) : undefined,
    );
    const fetched = await azure.fetched();
    expect(server.requests.filter(({ operation, isSingle }) => operation === GROUPS && isSingle)).toHaveLength(1);
    expect(verdictOf(fetched)).toBe(verdictOf({ documents }));
  });

  test('and refused', async () => {
    await azure.serve({ documents: f0().documents('fetched') }, ({ operation, isSingle }) => {
      if (operation !== GROUPS) return undefined;
      return isSingle ? armError(403, 'AuthorizationFailed', `may not '${GROUPS}'`) : json({ value: [] });
    });
    const fetched = await azure.fetched();
    const refused = valuesOf(fetched, GROUPS).find(({ port22 }) => port22.error);
    expect(refused?.port22.error).toEqual({ code: 'AuthorizationFailed', message: `may not '${GROUPS}'` });
    expect(refused?.resource).toBe(networkId('networkSecurityGroups', 'nsg1'));
    expect(verdictOf(fetched)).toBe('unknown');
  });

  test('one record of a list that was refused is not the whole list', async () => {
    await azure.serve({ documents: f0().documents('fetched') }, ({ operation, isSingle }) =>
      operation === GROUPS && !isSingle ? armError(403, 'AuthorizationFailed', 'No.') : undefined,
    );
    const found = valuesOf(await azure.fetched(), GROUPS);
    expect(found.map(({ port22, resultTruncated }) => [port22.error?.code, resultTruncated])).toEqual([
      ['AuthorizationFailed', undefined],
      [undefined, 'true'],
    ]);
  });

  test('is not asked for a thousand times where neither the list nor one record may be read', async () => {
    const INTERFACES = 'Microsoft.Network/networkInterfaces/read';
    const fixture = f0();
    for (let at = 1; at <= 40; at += 1) fixture.addVm(`X${at}`, { subnet: 'vnet1/s1', ip: `10.0.1.${100 + at}` });
    const server = await azure.serve({ documents: fixture.documents('fetched') }, ({ operation }) =>
      operation === INTERFACES ? armError(403, 'AuthorizationFailed', 'No.') : undefined,
    );
    await azure.fetched();
    expect(server.requests.filter(({ operation }) => operation === INTERFACES)).toHaveLength(6);
  });

  test('in another subscription, of which nothing more is asked', async () => {
    const remote = networkId('virtualNetworks', 'hub').replace(SUBSCRIPTION, OTHER);
    const fixture = f0().addVnet('hub', '10.9.0.0/16').peer('vnet1', 'hub').remove('virtualNetworks', 'hub');
    const text = JSON.stringify(fixture.documents('fetched')).replaceAll(networkId('virtualNetworks', 'hub'), remote);
    const hub = {
      id: remote,
      name: 'hub',
      properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] }, subnets: [] },
    };
    await azure.serve({ documents: JSON.parse(text) }, ({ subscription }) =>
      subscription === OTHER ? json(hub) : undefined,
    );
    const fetched = await azure.fetched();
    expect(fetched.scopes).toEqual([
      { subscription: SUBSCRIPTION, whole: true },
      { subscription: OTHER, whole: false },
    ]);
    const [found, ...more] = valuesOf(fetched, NETWORKS).filter(({ port22 }) => port22.subscription === OTHER);
    expect([found?.value, found?.resultTruncated, more]).toEqual([[hub], 'true', []]);
  });

  test('a gateway of which Resource Graph has no row, its connection and what that leads to', async () => {
    const gateway = networkId('virtualNetworkGateways', 'gw1');
    const ipConfigurations = [{ id: `${gateway}/ipConfigurations/default` }];
    const fixture = vpn(f0(), 'vnet1', '10.0.255.0/27').subnet('vnet1/GatewaySubnet', { ipConfigurations });
    const documents = fixture.documents('fetched');
    const server = await azure.serve({ documents }, ({ operation }) =>
      operation === 'graph' ? json({ data: [], count: 0, totalRecords: 0, resultTruncated: 'false' }) : undefined,
    );
    const fetched = await azure.fetched();
    const ids = ['virtualNetworkGateways', 'connections', 'localNetworkGateways'].map((kind) =>
      valuesOf(fetched, `Microsoft.Network/${kind}/read`).flatMap(({ value }) =>
        (value as { name: string }[]).map(({ name }) => name),
      ),
    );
    expect(ids).toEqual([['gw1'], ['to-office'], ['office']]);
    expect(server.requests.filter(({ isSingle }) => isSingle)).toHaveLength(2);
    expect(verdictOf(fetched, '10.0.1.4', '172.20.0.9')).toBe(verdictOf({ documents }, '10.0.1.4', '172.20.0.9'));
  });
});

test('the instances of one scale set are not those of all', async () => {
  const fixture = uniform(f0());
  const other = { id: computeId('virtualMachineScaleSets', 'vmss2'), name: 'vmss2', location: 'westeurope' };
  fixture.add('scaleSets', { ...other, properties: { orchestrationMode: 'Uniform' } });
  const MACHINES = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read';
  await azure.serve({ documents: fixture.documents('fetched') }, ({ operation, path }) =>
    operation === MACHINES && path.includes('vmss2') ? armError(403, 'AuthorizationFailed', 'No.') : undefined,
  );
  const found = valuesOf(await azure.fetched(), MACHINES);
  const told = new Set(found.map(({ port22, resultTruncated }) => port22.error?.code ?? resultTruncated));
  expect(told).toEqual(new Set(['AuthorizationFailed', 'true']));
});

describe('nothing is asked', () => {
  test.each([
    ['http://management.azure.com', 'a token must not be sent over plain HTTP'],
    ['https://management.azure.com/subscriptions', 'one is written https://management.azure.com'],
    ['https://user:password@management.azure.com', 'one is written https://management.azure.com'],
    ['management.azure.com', 'one is written https://management.azure.com'],
    ['ftp://127.0.0.1', 'one is written https://management.azure.com'],
  ])('of the endpoint %s', async (endpoint, why) => {
    expect(await azure.failed({ endpoint })).toMatchObject({
      name: 'FetchError',
      problem: { where: '--endpoint', why },
    });
    const env = { AZURE_RESOURCE_MANAGER_ENDPOINT: endpoint };
    expect(await azure.failed({ env })).toMatchObject({ problem: { where: 'AZURE_RESOURCE_MANAGER_ENDPOINT', why } });
  });

  test('of a subscription that is none', async () => {
    const { problem } = await azure.failed({ subscriptions: ['Production'] });
    expect(problem?.what).toBe('Production is not the id of an Azure subscription');
  });

  test('without credentials', async () => {
    const server = await azure.serve({ documents: [] });
    const { problem } = await azure.failed({ env: { AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' } });
    expect(problem?.what).toBe('there are no Azure credentials');
    expect(server.requests).toEqual([]);
  });

  test('where there is no telling which subscription is meant', async () => {
    await azure.serve({ documents: [] });
    const { problem } = await azure.failed({ subscriptions: [] });
    expect(problem?.why).toBe('the credentials see 0 of them');
  });
});

test('docs/azure-permissions.md names the actions that are used', () => {
  const text = readFileSync(join(__dirname, '../../docs/azure-permissions.md'), 'utf8');
  const listed = [...text.matchAll(/^ {4}"(Microsoft\.[^"]+)"/gm)].map(([, action]) => action);
  expect(listed).toEqual(azureActions());
});
