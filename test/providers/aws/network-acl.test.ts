import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { Q6, type Row, rows } from '../../support/aws/row.js';
import { peeredVpc2 } from '../../support/aws/topology.js';

/** acl-def with these inbound entries; outbound all is open. */
function inbound(...lines: readonly string[]): Pick<Row, 'given'> {
  return { given: (f) => f.acl('acl-def').in(...lines) };
}

/** acl-def with these outbound entries; inbound all is open. */
function outbound(...lines: readonly string[]): Pick<Row, 'given'> {
  return { given: (f) => f.acl('acl-def').out(...lines) };
}

function dropped(...causes: readonly string[]): Pick<Row, 'verdict' | 'symptom' | 'causes'> {
  return { verdict: 'unreachable', symptom: 'times-out', causes };
}

/** Open for this share of the client's ports only. */
function intermittent(open: number, asked: number): Partial<Row> {
  return {
    verdict: 'partial',
    symptom: 'times-out',
    causes: ['aws/nacl-out-partial acl-def'],
    clientPortFraction: open / asked,
    reachableFrom: [],
    partialFrom: ['203.0.113.5/32'],
  };
}

describe('inbound', () => {
  rows([
    {
      tag: 'aws#46',
      name: 'a custom ACL without entries of its own',
      given: (f) => f.acl('acl-new').on('subnet-a'),
      ...dropped('aws/nacl-in-deny acl-new', 'aws/nacl-out-deny acl-new'),
    },
    {
      tag: 'aws#47',
      name: 'a deny before the allow',
      ...inbound('90 deny tcp 22 0.0.0.0/0', '100 allow all 0.0.0.0/0'),
      ...dropped('aws/nacl-in-deny acl-def 90'),
    },
    {
      tag: 'aws#48',
      name: 'an allow before the deny',
      ...inbound('90 allow tcp 22 203.0.113.0/24', '100 deny all 0.0.0.0/0'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#49',
      name: 'one address denied',
      ...inbound('100 deny all 203.0.113.5/32', '110 allow all 0.0.0.0/0'),
      from: '203.0.113.0/24',
      ...dropped('aws/nacl-in-deny acl-def 100'),
      verdict: 'partial',
      reachableFrom: [
        '203.0.113.0/30',
        '203.0.113.4/32',
        '203.0.113.6/31',
        '203.0.113.8/29',
        '203.0.113.16/28',
        '203.0.113.32/27',
        '203.0.113.64/26',
        '203.0.113.128/25',
      ],
      partialFrom: [],
      unknownFrom: [],
    },
    {
      tag: 'aws#50',
      name: 'a deny behind the allow: the number decides, not the order of the record',
      ...inbound('110 deny all 203.0.113.5/32', '100 allow all 0.0.0.0/0'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#58',
      name: 'every protocol, no port range',
      ...inbound('100 allow all 0.0.0.0/0'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#58',
      name: 'every protocol: a port range that stands there counts for nothing',
      ...inbound('100 allow all 443 0.0.0.0/0'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#59',
      name: 'tcp 0-0 is port 0',
      ...inbound('100 allow tcp 0-0 0.0.0.0/0'),
      ...dropped('aws/nacl-in-deny acl-def 32767'),
    },
    {
      tag: 'aws#60',
      name: 'high ports only, port 22',
      ...inbound('100 allow tcp 1024-65535 0.0.0.0/0'),
      ...dropped('aws/nacl-in-deny acl-def 32767'),
    },
    {
      tag: 'aws#60',
      name: 'high ports only, port 2222',
      given: (f) => {
        f.acl('acl-def').in('100 allow tcp 1024-65535 0.0.0.0/0');
        f.sg('sg-1').inbound('tcp 2222 203.0.113.0/24');
      },
      port: 2222,
      verdict: 'reachable',
    },
  ]);
});

describe('the reply', () => {
  const linuxPorts = outbound('100 allow tcp 32768-61000 0.0.0.0/0');
  rows([
    {
      tag: 'aws#51',
      name: 'tcp 443 only',
      ...outbound('100 allow tcp 443 0.0.0.0/0'),
      ...dropped('aws/nacl-out-deny acl-def 32767'),
    },
    {
      tag: 'aws#52',
      name: "every client port, to the client's network",
      ...outbound('100 allow tcp 1024-65535 203.0.113.0/24'),
      verdict: 'reachable',
    },
    { tag: 'aws#53', name: "Linux's ports, any client", ...linuxPorts, ...intermittent(28_233, 64_512) },
    { tag: 'aws#54', name: "Linux's ports, a Linux client", ...linuxPorts, clientOs: 'linux', verdict: 'reachable' },
    {
      tag: 'aws#54',
      name: "Linux's ports, a Linux instance",
      given: (f) => {
        f.acl('acl-a').open().out('100 allow tcp 32768-61000 0.0.0.0/0').on('subnet-a');
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/16');
      },
      from: 'i-2',
      target: '10.0.1.10',
      verdict: 'reachable',
    },
    {
      tag: 'aws#55',
      name: "Linux's ports, a Windows client",
      ...linuxPorts,
      clientOs: 'windows',
      ...intermittent(11_849, 16_384),
    },
    {
      tag: 'aws#56',
      name: 'all but one port',
      ...outbound('90 deny tcp 3389 0.0.0.0/0', '100 allow tcp 1024-65535 0.0.0.0/0'),
      ...intermittent(64_511, 64_512),
    },
    {
      tag: 'aws#57',
      name: 'to other addresses only',
      ...outbound('100 allow tcp 1024-65535 203.0.113.128/25'),
      ...dropped('aws/nacl-out-deny acl-def 32767'),
    },
  ]);
});

describe('IPv6', () => {
  const allowsV6 = (f: Fixture): unknown => f.sg('sg-1').inbound('tcp 22 ::/0');
  rows([
    {
      tag: 'aws#61',
      name: 'a default ACL edited before the VPC had IPv6',
      given: (f) => {
        f.acl('acl-def').in('100 allow all 0.0.0.0/0').out('100 allow all 0.0.0.0/0');
        allowsV6(f);
      },
      ...Q6,
      ...dropped('aws/nacl-in-deny acl-def 32768', 'aws/nacl-out-deny acl-def 32768'),
    },
    {
      tag: 'aws#62',
      name: 'inbound entries for IPv4 only',
      given: (f) => {
        f.acl('acl-def').in('100 allow all 0.0.0.0/0');
        allowsV6(f);
      },
      ...Q6,
      ...dropped('aws/nacl-in-deny acl-def'),
    },
  ]);
});

describe('inside the VPC', () => {
  const fromI2 = { from: 'i-2', target: '10.0.1.10' } as const;

  /** acl-a on subnet-a and acl-b on subnet-b, open, until `change`; sg-1 admits the VPC. */
  const apart = (change: (f: Fixture) => unknown) => ({
    given: (f: Fixture) => {
      f.sg('sg-1').inbound('tcp 22 203.0.113.0/24', 'tcp 22 10.0.0.0/16');
      f.acl('acl-a').open().on('subnet-a');
      f.acl('acl-b').open().on('subnet-b');
      change(f);
    },
    ...fromI2,
  });

  rows([
    {
      tag: 'aws#63',
      name: 'never between interfaces of one subnet',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/16');
        f.sg('sg-3').egress('all 0.0.0.0/0');
        f.addInstance({ id: 'i-3', eni: 'eni-3', subnet: 'subnet-a', ip: '10.0.1.30', groups: ['sg-3'] });
        f.acl('acl-def').in().out();
      },
      from: 'i-3',
      target: '10.0.1.10',
      verdict: 'reachable',
      path: 'same-subnet',
    },
    {
      tag: 'aws#64',
      name: "into the target's subnet",
      ...apart((f) => f.acl('acl-a').in('90 deny tcp 22 10.0.2.0/24', '100 allow all 0.0.0.0/0')),
      ...dropped('aws/nacl-in-deny acl-a 90'),
    },
    {
      tag: 'aws#65',
      name: "out of the client's subnet",
      ...apart((f) => f.acl('acl-b').out('90 deny tcp 22 0.0.0.0/0', '100 allow all 0.0.0.0/0')),
      ...dropped('aws/src-nacl-out acl-b 90'),
    },
    {
      tag: 'aws#66',
      name: "the reply out of the target's subnet",
      ...apart((f) => f.acl('acl-a').out('90 deny tcp 1024-65535 10.0.2.0/24', '100 allow all 0.0.0.0/0')),
      ...dropped('aws/nacl-out-deny acl-a 90'),
    },
    {
      tag: 'aws#67',
      name: "the reply into the client's subnet",
      ...apart((f) => f.acl('acl-b').in('90 deny tcp 1024-65535 10.0.1.0/24', '100 allow all 0.0.0.0/0')),
      ...dropped('aws/src-nacl-in acl-b 90'),
    },
    {
      tag: 'aws#68',
      name: 'all four crossings open',
      ...apart(() => undefined),
      verdict: 'reachable',
      path: 'same-vpc',
    },
    {
      tag: 'aws#68a',
      name: "the client's group does not let it out",
      ...apart((f) => f.sg('sg-2').egress('tcp 443 0.0.0.0/0')),
      ...dropped('aws/src-sg-egress sg-2'),
    },
    {
      tag: 'aws#68b',
      name: "the client's table does not know the VPC",
      given: (f) => {
        peeredVpc2(f).sg('sg-1').inbound('tcp 22 10.1.0.0/16');
        f.table('rtb-p').routes();
      },
      from: 'i-9',
      target: '10.0.1.10',
      ...dropped('aws/src-rt-missing rtb-p'),
    },
    {
      tag: 'aws#69',
      name: 'one ACL on both subnets without client ports outbound',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 203.0.113.0/24', 'tcp 22 10.0.0.0/16');
        f.acl('acl-def').out('100 allow tcp 22 0.0.0.0/0');
      },
      ...fromI2,
      ...dropped('aws/nacl-out-deny acl-def 32767'),
    },
  ]);
});

describe('unreadable', () => {
  rows([
    {
      tag: 'aws#70',
      name: 'everything else open',
      given: (f) => f.denied('ec2:DescribeNetworkAcls'),
      verdict: 'unknown',
      missing: ['aws/ev-nacl ec2:DescribeNetworkAcls'],
      unknownFrom: ['203.0.113.5/32'],
      reachableFrom: [],
    },
    {
      tag: 'aws#71',
      name: 'the security group denies anyway',
      given: (f) => f.denied('ec2:DescribeNetworkAcls').sg('sg-1').inbound(),
      ...dropped('aws/sg-no-inbound sg-1'),
    },
  ]);
});
