import { describe } from '@jest/globals';
import { jitPolicy, jitRequest } from '../../support/azure/compute-records.js';
import type { Fixture } from '../../support/azure/fixture.js';
import { BASTION, BLOCKED, rows } from '../../support/azure/row.js';
import { bastion } from '../../support/azure/topology.js';

describe('Azure Bastion', () => {
  const STOPPED = { verdict: 'unreachable', symptom: 'closed', causes: ['azure/nsg-subnet nsg1 deny'] } as const;
  const developer = (f: Fixture): Fixture => bastion(f, 'Developer').noRule('allow-ssh');
  rows([
    {
      tag: 'azure#128',
      name: 'whose subnet no rule lets in',
      given: (f) =>
        bastion(f, 'Standard')
          .rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7/32' })
          .deny('deny', { priority: 4096 }),
      ...BASTION,
      ...STOPPED,
    },
    {
      tag: 'azure#129',
      name: 'of the Developer SKU: the default rules let it in',
      given: developer,
      ...BASTION,
      verdict: 'reachable',
    },
    {
      tag: 'azure#130',
      name: 'of the Developer SKU: a deny comes before them',
      given: (f) => developer(f).deny('deny', { priority: 4096 }),
      ...BASTION,
      ...STOPPED,
    },
  ]);
});

describe('just-in-time access', () => {
  const guarded = (f: Fixture, ...requests: Parameters<typeof jitPolicy>[1]): Fixture =>
    f
      .add('jitPolicies', jitPolicy('vmA', requests))
      .deny('SecurityCenter-JITRule-1', { destinationPortRange: '22', priority: 4096 });
  rows([
    {
      tag: 'azure#131',
      name: 'without a request',
      given: (f) => guarded(f).noRule('allow-ssh'),
      ...BLOCKED,
      causes: ['azure/jit nsg1 SecurityCenter-JITRule-1'],
      proposes: ['itNetworkAccessPolic'],
    },
    {
      tag: 'azure#132',
      name: 'with a request',
      given: (f) => {
        guarded(f.noRule('allow-ssh'), jitRequest('vmA', '203.0.113.7', '2099-01-05T11:00:00.0000000Z'));
        f.rule('SecurityCenter-JITRule-2', { sourceAddressPrefix: '203.0.113.7' });
      },
      verdict: 'reachable',
    },
    { tag: 'azure#133', name: 'where an older rule allows', given: (f) => guarded(f), verdict: 'reachable' },
  ]);
});
