import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { Q6, type Row, rows } from '../../support/aws/row.js';

const DROPPED = { verdict: 'unreachable', symptom: 'times-out', causes: ['aws/sg-no-inbound sg-1'] } as const;

/** Q0 with these inbound rules in place of sg-1's. */
function inbound(...lines: readonly string[]): Pick<Row, 'given'> {
  return { given: (f) => f.sg('sg-1').inbound(...lines) };
}

describe('one rule', () => {
  rows([
    {
      tag: 'aws#1',
      name: 'the fixture itself',
      verdict: 'reachable',
      path: 'internet',
      reachableFrom: ['203.0.113.5/32'],
    },
    { tag: 'aws#2', name: 'no rule', ...inbound(), ...DROPPED },
    {
      tag: 'aws#3',
      name: 'the neighbour address',
      ...inbound('tcp 22 203.0.113.5/32'),
      from: '203.0.113.6/32',
      ...DROPPED,
    },
    {
      tag: 'aws#4',
      name: 'half of the source',
      ...inbound('tcp 22 203.0.113.0/25'),
      from: '203.0.113.0/24',
      ...DROPPED,
      verdict: 'partial',
      reachableFrom: ['203.0.113.0/25'],
      unknownFrom: [],
      partialFrom: [],
    },
    {
      tag: 'aws#5',
      name: 'two halves are the world',
      ...inbound('tcp 22 0.0.0.0/1', 'tcp 22 128.0.0.0/1'),
      from: 'internet',
      verdict: 'reachable',
      flags: ['world-open'],
    },
    { tag: 'aws#6', name: 'every tcp port', ...inbound('tcp 0-65535 203.0.113.0/24'), verdict: 'reachable' },
    { tag: 'aws#7', name: 'every protocol, no ports', ...inbound('all 203.0.113.0/24'), verdict: 'reachable' },
    { tag: 'aws#8', name: 'tcp by its number', ...inbound('6 22 203.0.113.0/24'), verdict: 'reachable' },
    { tag: 'aws#9', name: 'udp', ...inbound('udp 22 203.0.113.0/24'), ...DROPPED },
    { tag: 'aws#10', name: 'icmp: ping works', ...inbound('icmp -1 203.0.113.0/24'), ...DROPPED },
    { tag: 'aws#11', name: 'protocol 50', ...inbound('50 203.0.113.0/24'), ...DROPPED },
    { tag: 'aws#12', name: 'an IPv6 rule, an IPv4 client', ...inbound('tcp 22 ::/0'), ...DROPPED },
    { tag: 'aws#13', name: 'an IPv4 rule, an IPv6 client', ...inbound('tcp 22 0.0.0.0/0'), ...Q6, ...DROPPED },
    { tag: 'aws#14', name: 'an IPv6 rule, an IPv6 client', ...inbound('tcp 22 ::/0'), ...Q6, verdict: 'reachable' },
    { tag: 'aws#15', name: 'another port', port: 2222, ...DROPPED },
    {
      tag: 'aws#16',
      name: 'a range around the port; nothing says that the host listens there',
      ...inbound('tcp 2000-3000 203.0.113.0/24'),
      port: 2222,
      verdict: 'reachable',
      host: { verdict: 'unknown' },
    },
    {
      tag: 'aws#17',
      name: 'the union of two groups',
      given: (f) => {
        f.sg('sg-empty');
        f.groups('eni-1', 'sg-empty', 'sg-1');
      },
      verdict: 'reachable',
    },
    { tag: 'aws#18', name: 'stateful: no egress rule', given: (f) => f.sg('sg-1').egress(), verdict: 'reachable' },
    {
      tag: 'aws#39',
      name: 'the default group',
      given: (f) => {
        f.sg('sg-default').inbound('all sg-default').egress('all 0.0.0.0/0');
        f.groups('eni-1', 'sg-default');
      },
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/sg-no-inbound sg-default'],
    },
    { tag: 'aws#42', name: 'a prefix with host bits', ...inbound('tcp 22 203.0.113.77/24'), verdict: 'reachable' },
    {
      tag: 'aws 2.3.3',
      name: 'tcp without ports: which ports it opens is not in the record',
      ...inbound('tcp 203.0.113.0/24'),
      verdict: 'unknown',
      missing: ['aws/ev-sg'],
    },
    { tag: 'aws#43', name: 'tcp 0-0 is port 0', ...inbound('tcp 0-0 203.0.113.0/24'), ...DROPPED },
  ]);
});

describe('a prefix list as the source', () => {
  const byList =
    (...prefixes: readonly string[]) =>
    (f: Fixture): unknown =>
      f
        .prefixList('pl-1', ...prefixes)
        .sg('sg-1')
        .inbound('tcp 22 pl-1');
  rows([
    { tag: 'aws#19', name: 'holds the client', given: byList('203.0.113.0/24'), verdict: 'reachable' },
    { tag: 'aws#20', name: 'holds others', given: byList('198.18.0.0/15'), ...DROPPED },
    {
      tag: 'aws#21',
      name: 'cannot be read',
      given: (f) => {
        byList('203.0.113.0/24')(f);
        f.denied('ec2:GetManagedPrefixListEntries', 'pl-1');
      },
      verdict: 'unknown',
      missing: ['aws/ev-prefix-list'],
    },
    { tag: 'aws#22', name: 'of the other family', given: byList('2001:db8:f::/48'), ...DROPPED },
    {
      tag: 'aws#23',
      name: "only EC2 Instance Connect's own",
      given: (f) => {
        f.prefixList('pl-eic', '18.202.216.48/29').edit('PrefixLists', 'pl-eic', {
          PrefixListName: 'com.amazonaws.eu-west-1.ec2-instance-connect',
          PrefixListArn: 'arn:aws:ec2:eu-west-1:aws:prefix-list/pl-eic',
          OwnerId: 'AWS',
        });
        f.sg('sg-1').inbound('tcp 22 pl-eic');
      },
      ...DROPPED,
      alternatives: { 'instance-connect': { works: 'yes' } },
    },
  ]);
});

describe('which groups the interface has', () => {
  const unreadable = (f: Fixture): unknown => f.groups('eni-1', 'sg-1', 'sg-unread');
  rows([
    {
      tag: 'aws#35',
      name: 'associated from another VPC',
      given: (f) => homedElsewhere(f, 'associated'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#36',
      name: 'an association under way',
      given: (f) => homedElsewhere(f, 'associating'),
      verdict: 'unknown',
      missing: ['aws/ev-sg-assoc'],
    },
    {
      tag: 'aws#40',
      name: 'one unreadable, the other without a match',
      given: (f) => {
        unreadable(f);
        f.sg('sg-1').inbound('tcp 443 203.0.113.0/24');
      },
      verdict: 'unknown',
      missing: ['aws/ev-sg'],
    },
    { tag: 'aws#41', name: 'one unreadable, the other matches', given: unreadable, verdict: 'reachable' },
  ]);
});

function homedElsewhere(f: Fixture, state: string): void {
  f.addVpc('vpc-9', '10.9.0.0/16').sg('sg-1').homedIn('vpc-9');
  f.add('SecurityGroupVpcAssociations', {
    GroupId: 'sg-1',
    GroupOwnerId: '111122223333',
    VpcId: 'vpc-1',
    VpcOwnerId: '111122223333',
    State: state,
  });
}
