import { describe, expect, test } from '@jest/globals';
import type { RecordedDocument } from '../../src/evidence/index.js';
import { audit, explain } from '../../src/index.js';
import { type Fixture, f0 } from '../support/azure/fixture.js';
import { computeId, networkId, SUBSCRIPTION } from '../support/azure/ids.js';
import { balancer, natRule } from '../support/azure/load-balancer.js';
import { uniform } from '../support/azure/scale-set.js';
import { fetcher } from '../support/azure-server/fetcher.js';
import { armError, json } from '../support/azure-server/reply.js';

const azure = fetcher();

const OTHER = '99999999-2222-3333-4444-555555555555';
const ALL = { subscriptions: ['all'] };
const NETWORKS = 'Microsoft.Network/virtualNetworks/read';
const INTERFACES = 'Microsoft.Network/networkInterfaces/read';
const FIREWALLS = 'Microsoft.Network/azureFirewalls/read';
const STATES = 'Microsoft.Compute/virtualMachines/instanceView/read';
const BALANCERS = 'Microsoft.Network/loadBalancers/read';

/** The same things in another subscription. */
function elsewhere(fixture: Fixture) {
  return JSON.parse(JSON.stringify(fixture.documents('fetched')).replaceAll(SUBSCRIPTION, OTHER));
}

function verdictOf(
  { documents }: { readonly documents: readonly RecordedDocument[] },
  target: string,
  from = '198.51.100.7',
) {
  return explain({ documents }, { target, from }).report?.targets[0]?.verdict;
}

/** What Resource Graph was told to leave out by the role of its reader, and a GET refuses. */
function hiding(operation: string): NonNullable<Parameters<typeof azure.serve>[1]> {
  return (request) =>
    request.operation === operation ? armError(403, 'AuthorizationFailed', `may not '${operation}'`) : undefined;
}

describe('every subscription that the credentials see', () => {
  test('is read, and audited as one by one', async () => {
    const documents = [...f0().documents('fetched'), ...elsewhere(f0().deny('deny', { priority: 99 }))];
    await azure.serve({ documents });
    const fetched = await azure.fetched(ALL);
    expect(fetched.scopes.map(({ subscription }) => subscription).toSorted()).toEqual([SUBSCRIPTION, OTHER].toSorted());
    const told = (audited: typeof documents) =>
      audit({ documents: audited })
        .report?.targets.map(({ target, verdict, unknownFrom }) => [target.account, target.name, verdict, unknownFrom])
        .toSorted();
    expect(told([...fetched.documents])).toEqual(told(documents));
  });

  test('takes a few queries for all, and four lists of each beside those about its networks', async () => {
    const documents = [...f0().documents('fetched'), ...elsewhere(f0())];
    const server = await azure.serve({ documents });
    await azure.fetched(ALL);
    const operations = server.requests.map(({ operation, query }) => `${operation} ${query.statusOnly ?? ''}`.trim());
    const counts = Object.fromEntries(
      operations.map((one) => [one, operations.filter((other) => other === one).length]),
    );
    expect(counts).toEqual({
      subscriptions: 1,
      graph: 1,
      [NETWORKS]: 2,
      'Microsoft.Network/publicIPAddresses/read': 2,
      'Microsoft.Compute/virtualMachines/instanceView/read true': 2,
      'Microsoft.Security/locations/jitNetworkAccessPolicies/read': 2,
      'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action': 2,
      'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveConnectivityConfigurations/action': 2,
      'Microsoft.Network/locations/serviceTags/read': 1,
    });
  });

  test('where there is none, or they cannot be listed', async () => {
    await azure.serve({ documents: [] });
    expect(await azure.failed(ALL)).toMatchObject({
      problem: { what: 'there is no Azure subscription to read', where: '--subscription all' },
    });
    await azure.serve({ documents: f0().documents('fetched') }, ({ operation }) =>
      operation === 'subscriptions' ? armError(403, 'AuthorizationFailed', 'No.') : undefined,
    );
    const { problem } = await azure.failed(ALL);
    expect(problem?.why).toBe('they cannot be listed: No.');
  });
});

describe('what Resource Graph leaves out without a word', () => {
  test('is no absence where other records name it: an interface', async () => {
    const ipConfigurations = [{ id: `${networkId('networkInterfaces', 'nicA')}/ipConfigurations/ipconfig1` }];
    const fixture = f0().subnet('vnet1/s1', { ipConfigurations }).denied('networkInterfaces');
    await azure.serve({ documents: fixture.documents('fetched') }, hiding(INTERFACES));
    const fetched = await azure.fetched(ALL);
    expect(verdictOf(fetched, 'vmA')).toBe('unknown');
    expect(fetched.value(INTERFACES).resultTruncated).toBe('true');
  });

  test.each([
    ['a firewall that a subnet names', FIREWALLS, 'azureFirewalls/fw/azureFirewallIpConfigurations/c'],
    ['a load balancer that a subnet names', BALANCERS, 'loadBalancers/lb/frontendIPConfigurations/f'],
  ])('%s', async (_, operation, holder) => {
    const [kind = '', name = '', ...part] = holder.split('/');
    const ipConfigurations = [{ id: [networkId(kind, name), ...part].join('/') }];
    const fixture = f0().addSubnet('vnet1/s9', '10.0.9.0/24').subnet('vnet1/s9', { ipConfigurations });
    await azure.serve({ documents: fixture.documents('fetched') }, hiding(operation));
    expect((await azure.fetched(ALL)).value(operation).resultTruncated).toBe('true');
  });

  test('a load balancer that only its public address names, and whose machines it holds by their addresses', async () => {
    const fixture = balancer(f0(), { members: [] }).denied('loadBalancers');
    await azure.serve({ documents: fixture.documents('fetched') }, hiding(BALANCERS));
    expect((await azure.fetched(ALL)).value(BALANCERS).resultTruncated).toBe('true');
  });

  test.each([
    ['refused', armError(403, 'AuthorizationFailed', 'No.')],
    ['not found', armError(404, 'ResourceNotFound', 'No.')],
  ])('is not asked for a thousand times, and what was not asked for is no absence: %s', async (_, reply) => {
    const names = Array.from({ length: 40 }, (_unused, at) => `nicX${at}`);
    const ids = ['nicA', ...names].map((name) => `${networkId('networkInterfaces', name)}/ipConfigurations/ipconfig1`);
    const fixture = f0()
      .subnet('vnet1/s1', { ipConfigurations: ids.map((id) => ({ id })) })
      .denied('networkInterfaces');
    const server = await azure.serve({ documents: fixture.documents('fetched') }, ({ operation }) =>
      operation === INTERFACES ? reply : undefined,
    );
    const fetched = await azure.fetched(ALL);
    expect(server.requests.filter(({ operation }) => operation === INTERFACES)).toHaveLength(5);
    expect(fetched.value(INTERFACES).resultTruncated).toBe('true');
  });

  test('is gone where nobody finds it by itself either', async () => {
    const ipConfigurations = [{ id: `${networkId('azureFirewalls', 'fw')}/azureFirewallIpConfigurations/c` }];
    const fixture = f0().addSubnet('vnet1/s9', '10.0.9.0/24').subnet('vnet1/s9', { ipConfigurations });
    await azure.serve({ documents: fixture.documents('fetched') });
    const value = (await azure.fetched(ALL)).value(FIREWALLS);
    expect([value.value, value.resultTruncated]).toEqual([[], undefined]);
  });

  test('may be anything where the lists that would tell are refused', async () => {
    const fixture = f0().denied('virtualNetworks');
    await azure.serve({ documents: fixture.documents('fetched') });
    const fetched = await azure.fetched(ALL);
    expect(fetched.value(INTERFACES).resultTruncated).toBe('true');
    expect(verdictOf(fetched, 'vmA')).toBe('unknown');
  });

  test('and a machine, by the list of their states', async () => {
    await azure.serve({ documents: f0().documents('fetched') }, ({ operation }) =>
      operation === STATES ? armError(403, 'AuthorizationFailed', 'No.') : undefined,
    );
    const { documents } = await azure.fetched(ALL);
    expect(audit({ documents }).exitCode).toBe(3);
    expect(audit({ documents }).report?.gaps).not.toEqual([]);
  });
});

describe('what Resource Graph does not show yet', () => {
  test('is a scale set with the instances that a subnet names', async () => {
    const instance = `${computeId('virtualMachineScaleSets', 'vmss1')}/virtualMachines/0/networkInterfaces/nic`;
    const fixture = uniform(f0(), 'nsg1');
    fixture.subnet('vnet1/s1', { ipConfigurations: [{ id: `${instance}/ipConfigurations/ip` }] });
    const documents = fixture.documents('fetched');
    await azure.serve({ documents }, ({ operation }) =>
      operation === 'graph' ? json({ data: [], count: 0, totalRecords: 0, resultTruncated: 'false' }) : undefined,
    );
    const fetched = await azure.fetched(ALL);
    expect([verdictOf({ documents }, '20.3.3.3'), verdictOf(fetched, '20.3.3.3')]).toEqual(['reachable', 'reachable']);
  });

  test('is asked for by itself', async () => {
    const ipConfigurations = [{ id: `${networkId('networkInterfaces', 'nicA')}/ipConfigurations/ipconfig1` }];
    const documents = f0().subnet('vnet1/s1', { ipConfigurations }).documents('fetched');
    const server = await azure.serve({ documents }, ({ operation }) =>
      operation === 'graph' ? json({ data: [], count: 0, totalRecords: 0, resultTruncated: 'false' }) : undefined,
    );
    const fetched = await azure.fetched(ALL);
    expect(server.requests.filter(({ isSingle }) => isSingle).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([networkId('networkInterfaces', 'nicA'), networkId('networkSecurityGroups', 'nsg1')]),
    );
    expect(verdictOf(fetched, computeId('virtualMachines', 'vmA'))).toBe(verdictOf({ documents }, 'vmA'));
  });

  test('rows that were cut are not all there are', async () => {
    await azure.serve({ documents: f0().documents('fetched') }, ({ operation }) =>
      operation === 'graph' ? json({ data: [], count: 0, totalRecords: 9, resultTruncated: 'true' }) : undefined,
    );
    expect((await azure.fetched(ALL)).value(INTERFACES).resultTruncated).toBe('true');
  });
});

test('a balancer is asked about its probes as where it was listed', async () => {
  const documents = balancer(f0(), { members: ['nicA'], natRules: [natRule()] }).documents('fetched');
  const server = await azure.serve({ documents });
  const fetched = await azure.fetched(ALL);
  expect(server.requests.filter(({ operation }) => operation === BALANCERS)).toEqual([]);
  expect(verdictOf(fetched, 'vmA')).toBe(verdictOf({ documents }, 'vmA'));
});
