import { describe } from '@jest/globals';
import { BLOCKED, BY_DEFAULT, rows } from '../../support/azure/row.js';

describe('which security groups filter', () => {
  rows([
    { tag: 'azure#1', name: 'the fixture itself', verdict: 'reachable', reachableFrom: ['203.0.113.7/32'] },
    { tag: 'azure#2', name: 'no rule', given: (f) => f.noRule('allow-ssh'), ...BY_DEFAULT },
    {
      tag: 'azure#3',
      name: 'the default rules on the interface',
      given: (f) => f.addNsg('nsg2', { nics: ['nicA'] }),
      ...BLOCKED,
      causes: ['azure/nsg-nic nsg2 DenyAllInBound'],
    },
    {
      tag: 'azure#4',
      name: 'the subnet comes first',
      given: (f) =>
        f
          .noRule('allow-ssh')
          .addNsg('nsg2', { nics: ['nicA'] })
          .rule('allow-ssh', {}, 'nsg2'),
      ...BY_DEFAULT,
    },
    {
      tag: 'azure#5',
      name: 'both allow',
      given: (f) => f.addNsg('nsg2', { nics: ['nicA'] }).rule('allow-ssh', {}, 'nsg2'),
      verdict: 'reachable',
    },
    {
      tag: 'azure#6',
      name: 'none, and a Standard address',
      given: (f) => f.noNsg(),
      ...BLOCKED,
      causes: ['azure/standard-ip-closed'],
    },
    {
      tag: 'azure#7',
      name: 'none, and a Basic address, which is retired',
      given: (f) => f.noNsg().basicIp('ipA'),
      verdict: 'reachable',
      problems: ['Basic'],
    },
    {
      tag: 'azure#8',
      name: 'the interface alone',
      given: (f) =>
        f
          .noNsg()
          .addNsg('nsg2', { nics: ['nicA'] })
          .rule('allow-ssh', {}, 'nsg2'),
      verdict: 'reachable',
    },
  ]);
});

describe('priorities', () => {
  rows([
    {
      tag: 'azure#33',
      name: 'a deny before the allow',
      given: (f) => f.deny('deny', { destinationPortRange: '22' }).rule('allow-ssh', { priority: 200 }),
      ...BLOCKED,
      causes: ['azure/nsg-subnet nsg1 deny'],
    },
    {
      tag: 'azure#34',
      name: 'a deny behind the allow',
      given: (f) => f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7/32' }).deny('deny', { priority: 200 }),
      verdict: 'reachable',
    },
    {
      tag: 'azure#36',
      name: 'the same number in the other direction',
      given: (f) => f.rule('allow-out', { direction: 'Outbound' }),
      verdict: 'reachable',
    },
  ]);
});

describe('replies', () => {
  const denyOut = { direction: 'Outbound' } as const;
  rows([
    {
      tag: 'azure#38',
      name: 'are tracked',
      given: (f) => f.deny('deny-out', denyOut),
      verdict: 'reachable',
    },
    {
      tag: 'azure#136',
      name: 'are not tracked',
      given: (f) => f.deny('deny-out', denyOut).nic('nicA', { disableTcpStateTracking: true }),
      verdict: 'unknown',
    },
    {
      tag: 'azure#134',
      name: 'a new session, after the rule of an older one has gone',
      given: (f) => f.noRule('allow-ssh'),
      ...BY_DEFAULT,
    },
  ]);
});
