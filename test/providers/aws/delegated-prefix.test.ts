import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { elasticAddress } from '../../support/aws/compute-records.js';
import { type Fixture, f0 } from '../../support/aws/fixture.js';
import { type Row, rows } from '../../support/aws/row.js';

/** i-1 with 10.0.1.16/28 and 2001:db8:1:1:a::/80, i-2 with 10.0.2.32/28; sg-1 lets members of sg-2 in. */
function delegated(f: Fixture): Fixture {
  f.edit('NetworkInterfaces', 'eni-1', {
    Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16/28' }],
    Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8:1:1:a::/80' }],
  });
  f.edit('NetworkInterfaces', 'eni-2x', { Ipv4Prefixes: [{ Ipv4Prefix: '10.0.2.32/28' }] });
  f.sg('sg-1').inbound('tcp 22 sg-2', 'tcp 22 2001:db8:f::/48');
  return f;
}

const amazonLinux = (f: Fixture) =>
  f
    .edit('Reservations', 'i-1', { ImageId: 'ami-al' })
    .add('Images', { ImageId: 'ami-al', Name: 'al2023-ami-2023.1.20260101.0-kernel-6.1-x86_64' });

const given = delegated;
const host: NonNullable<Row['host']> = {
  verdict: 'risk',
  causes: ['aws/host-address-not-configured'],
  symptom: 'times-out',
};

describe('an address out of a delegated prefix', () => {
  rows([
    {
      tag: 'aws 2.3.2',
      name: 'is reached like any other, if the system has it',
      given,
      target: '10.0.1.20',
      from: '10.0.2.20',
      verdict: 'reachable',
      path: 'same-vpc',
      host,
      says: ['10.0.1.20 is out of the delegated prefix 10.0.1.16/28'],
    },
    {
      tag: 'aws 2.3.2',
      name: 'is not configured by Amazon Linux either',
      given: (f) => amazonLinux(delegated(f)),
      target: '10.0.1.20',
      from: '10.0.2.20',
      verdict: 'reachable',
      host,
    },
    {
      tag: 'aws 2.3.2',
      name: 'is a private one to the internet',
      given,
      target: '10.0.1.20',
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/addr-private eni-1'],
    },
    {
      tag: 'aws 2.3.2',
      name: 'is an address of the internet in IPv6',
      given,
      target: '2001:db8:1:1:a::5',
      from: '2001:db8:f::5',
      verdict: 'reachable',
      path: 'internet',
      host,
    },
    {
      tag: 'aws 2.3.2',
      name: 'may have an elastic address',
      given: (f) => {
        delegated(f).sg('sg-1').inbound('tcp 22 203.0.113.0/24');
        f.add('Addresses', elasticAddress('198.51.100.20', { eni: 'eni-1', ip: '10.0.1.20', instance: 'i-1' }));
      },
      target: '198.51.100.20',
      verdict: 'reachable',
      host,
    },
    {
      tag: 'aws 2.3.2',
      name: 'belongs to the instance that shows it, where its interface was not recorded',
      given: (f) => delegated(f).without('NetworkInterfaces'),
      target: '10.0.1.20',
      from: '10.0.2.20',
      verdict: 'unknown',
      host,
    },
    {
      tag: 'aws 2.3.2',
      name: 'beside the prefix is nobody',
      given,
      target: '10.0.1.32',
      from: '10.0.2.20',
      problems: ['10.0.1.32'],
    },
  ]);
});

describe('a client with an address out of a delegated prefix', () => {
  const from = '10.0.2.40';
  rows([
    { tag: 'aws 2.3.2', name: 'is a member of the groups', given, target: 'i-1', from, verdict: 'reachable' },
    {
      tag: 'aws 2.3.2',
      name: 'is kept in by the groups',
      given: (f) => {
        delegated(f).sg('sg-2').egress('tcp 443 0.0.0.0/0');
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/16');
      },
      target: 'i-1',
      from,
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/src-sg-egress sg-2'],
    },
    {
      tag: 'aws 2.3.2',
      name: 'beside the prefix is not',
      given,
      target: 'i-1',
      from: '10.0.2.50',
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/sg-no-inbound sg-1'],
    },
    {
      tag: 'aws 2.3.2',
      name: 'is not what the machine itself is known to send from',
      given: (f) => delegated(f).sg('sg-1').inbound('tcp 22 10.0.2.32/28'),
      target: 'i-1',
      from: 'i-2',
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/sg-no-inbound sg-1'],
    },
  ]);
});

test('a prefix that cannot be read leaves the interface unknown', () => {
  const f = f0().edit('NetworkInterfaces', 'eni-1', { Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16-31' }] });
  const { report, problems } = explain({ documents: f.documents() }, { target: 'i-1', from: '203.0.113.5' });
  expect(report?.targets[0]?.verdict).toBe('unknown');
  expect(problems.map(({ what }) => what)).toContainEqual(expect.stringContaining('expected a CIDR block'));
});
