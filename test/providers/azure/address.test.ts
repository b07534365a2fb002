import { describe } from '@jest/globals';
import type { Fixture } from '../../support/azure/fixture.js';
import { BLOCKED, BY_DEFAULT, rows } from '../../support/azure/row.js';
import { inOtherLetters, publicIpOnSecondNic, withV6 } from '../../support/azure/topology.js';

describe('the public address', () => {
  rows([
    {
      tag: 'azure#120',
      name: 'that is not assigned at the moment',
      given: (f) => f.basicIp('ipA', { publicIPAllocationMethod: 'Dynamic', ipAddress: undefined }),
      target: 'vmA',
      ...BLOCKED,
      among: ['azure/address-missing'],
      problems: ['Basic'],
    },
    {
      tag: 'azure#121',
      name: 'that the machine does not have',
      given: (f) => f.ipConfig('nicA', { publicIPAddress: undefined }).remove('publicIPAddresses', 'ipA'),
      target: 'vmA',
      ...BLOCKED,
      among: ['azure/no-public-path'],
    },
    {
      tag: 'azure#122',
      name: 'on the second interface, from which the machine may not reply',
      given: publicIpOnSecondNic,
      verdict: 'unknown',
      bestGuess: 'unreachable',
    },
  ]);
});

describe('IPv6', () => {
  const ASKED = { target: '2001:db8:1:1::4', from: '2001:db8::9' } as const;
  const from = (f: Fixture, sourceAddressPrefix: string): Fixture =>
    withV6(f).rule('allow-ssh', { sourceAddressPrefix });
  rows([
    {
      tag: 'azure#125',
      name: '0.0.0.0/0 is IPv4 only',
      given: (f) => from(f, '0.0.0.0/0'),
      ...ASKED,
      ...BY_DEFAULT,
    },
    { tag: 'azure#126', name: '::/0', given: (f) => from(f, '::/0'), ...ASKED, verdict: 'reachable' },
    { tag: 'azure#126', name: 'both families', given: (f) => from(f, '*'), ...ASKED, verdict: 'reachable' },
    {
      tag: 'azure#127',
      name: 'of the client only',
      target: 'vmA',
      from: '2001:db8::9',
      verdict: 'unreachable',
      symptom: 'net-unreachable',
      among: ['azure/no-public-path'],
    },
  ]);
});

describe('ids', () => {
  rows([
    {
      tag: 'azure#139',
      name: 'of a security group that is not among the records',
      given: (f) => f.remove('networkSecurityGroups', 'nsg1'),
      verdict: 'unknown',
    },
    { tag: 'azure#140', name: 'in other letters', given: inOtherLetters, verdict: 'reachable' },
  ]);
});
