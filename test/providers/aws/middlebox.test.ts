import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { appliance, firewallEndpoint } from '../../support/aws/middlebox.js';
import { pathRows } from '../../support/aws/path-row.js';

describe('an appliance on the way', () => {
  const inspected = (f: Fixture): void => {
    firewallEndpoint(f, 'vpce-fw').table('rtb-edge').edgeOf('igw-1').routes('10.0.1.0/24 vpce-fw');
    f.table('rtb-pub').routes('0.0.0.0/0 vpce-fw', '::/0 igw-1');
  };
  pathRows([
    {
      tag: 'aws#101',
      name: "only in the reply's way",
      given: (f) => firewallEndpoint(f, 'vpce-gwlb').table('rtb-pub').also('203.0.113.0/24 vpce-gwlb'),
      verdict: 'unknown',
      missingAmong: ['aws/mbx-asymmetric vpce-gwlb'],
    },
    {
      tag: 'aws#107',
      name: 'both ways',
      given: inspected,
      verdict: 'unknown',
      missing: ['aws/mbx-inspected vpce-fw'],
    },
    {
      tag: 'aws#108',
      name: "only in the request's way",
      given: (f) => appliance(f, '198.51.100.40').table('rtb-edge').edgeOf('igw-1').routes('10.0.1.0/24 eni-fw'),
      verdict: 'unreachable',
      symptom: 'times-out',
      stops: 'returning',
      causes: ['aws/rt-asymmetric'],
    },
    {
      tag: 'aws#108a',
      name: 'without a public address',
      given: (f) => {
        appliance(f).table('rtb-edge').edgeOf('igw-1').routes('10.0.1.0/24 eni-fw');
        f.table('rtb-pub').routes('0.0.0.0/0 eni-fw', '::/0 igw-1');
      },
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/edge-appliance-no-public-ip eni-fw'],
    },
    {
      tag: 'aws#109',
      name: 'none: the edge table has only the local route',
      given: (f) => f.table('rtb-edge').edgeOf('igw-1'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#110',
      name: 'in front of a group without a rule for the port',
      given: (f) => {
        inspected(f);
        f.sg('sg-1').inbound('tcp 443 0.0.0.0/0');
      },
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/sg-no-inbound sg-1'],
    },
    {
      tag: 'aws#111',
      name: 'in front of a group that lets others in: the source may be rewritten',
      given: (f) => {
        inspected(f);
        f.sg('sg-1').inbound('tcp 22 198.18.0.0/15');
      },
      verdict: 'unknown',
      missingAmong: ['aws/mbx-inspected vpce-fw'],
    },
    {
      tag: 'aws#112',
      name: 'between two subnets',
      given: (f) => {
        appliance(f).table('rtb-b').on('subnet-b').routes('10.0.1.0/24 eni-fw');
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/16');
      },
      from: 'i-2',
      target: '10.0.1.10',
      verdict: 'unknown',
      missingAmong: ['aws/mbx-inspected eni-fw'],
    },
  ]);
});
