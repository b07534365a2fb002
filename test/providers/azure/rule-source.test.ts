import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { balancer, balancingRule, health } from '../../support/azure/load-balancer.js';
import { BLOCKED, BY_DEFAULT, FROM_B, rows } from '../../support/azure/row.js';

describe('a private source', () => {
  const internetOnly = (f: Fixture): Fixture => f.rule('allow-ssh', { sourceAddressPrefix: 'Internet' });
  rows([
    { tag: 'azure#18', name: 'AllowVnetInBound lets it in', given: internetOnly, ...FROM_B, verdict: 'reachable' },
    {
      tag: 'azure#19',
      name: 'a deny comes before AllowVnetInBound',
      given: (f) => internetOnly(f).deny('deny', { priority: 4096 }),
      ...FROM_B,
      ...BLOCKED,
      causes: ['azure/nsg-subnet nsg1 deny'],
    },
    {
      tag: 'azure#20',
      name: 'outside of the network is not the internet',
      given: internetOnly,
      target: '10.0.1.4',
      from: '10.99.0.5',
      ...BLOCKED,
      among: ['azure/nsg-subnet nsg1 DenyAllInBound', 'azure/route-return'],
    },
  ]);
});

describe('a service tag', () => {
  const tagged = (f: Fixture): Fixture => f.rule('allow-ssh', { sourceAddressPrefix: 'AzureCloud.westeurope' });
  const unread = (f: Fixture): Fixture => tagged(f).denied('serviceTags', { location: 'westeurope' });
  const missing = ['Microsoft.Network/locations/serviceTags/read'];
  rows([
    { tag: 'azure#43', name: 'that holds the source', given: tagged, verdict: 'reachable' },
    { tag: 'azure#44', name: 'that cannot be read', given: unread, verdict: 'unknown', missing },
    {
      tag: 'azure#45',
      name: 'that cannot be read, before a deny',
      given: (f) => unread(f).deny('deny', { priority: 200 }),
      verdict: 'unknown',
      missing,
    },
    {
      tag: 'azure#46',
      name: 'that cannot be read, before an allow',
      given: (f) => unread(f).rule('allow-c', { sourceAddressPrefix: '203.0.113.7/32', priority: 200 }),
      verdict: 'reachable',
    },
    {
      tag: 'azure#47',
      name: 'of the probes is not of the clients',
      given: (f) => {
        f.rule('allow-ssh', { sourceAddressPrefix: 'AzureLoadBalancer' });
        health(balancer(f, { members: ['nicA'], rules: [balancingRule()] }), 'Up', 'nicA');
      },
      target: 'vmA',
      via: 'load-balancer',
      ...BY_DEFAULT,
    },
  ]);
});

describe('many sources', () => {
  rows([
    {
      tag: 'azure#48',
      name: 'one of which is let in',
      given: (f) => f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7' }),
      from: '203.0.113.0/24',
      ...BY_DEFAULT,
      verdict: 'partial',
      reachableFrom: ['203.0.113.7/32'],
    },
    { tag: 'azure#49', name: 'everybody', from: '0.0.0.0/0', verdict: 'reachable', flags: ['world-open'] },
    {
      tag: 'azure#50',
      name: 'everybody but one network',
      given: (f) =>
        f.deny('deny', { sourceAddressPrefix: '198.51.100.0/24', priority: 101 }).rule('allow-ssh', { priority: 200 }),
      from: '0.0.0.0/0',
      ...BLOCKED,
      verdict: 'partial',
      causes: ['azure/nsg-subnet nsg1 deny'],
    },
  ]);
});
