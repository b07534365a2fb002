import { describe, expect, test } from '@jest/globals';
import { audit } from '../../../src/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { type Fixture, f0 } from '../../support/aws/fixture.js';
import { rows } from '../../support/aws/row.js';

const STOPPED = { verdict: 'unreachable', symptom: 'times-out', causes: ['aws/src-sg-egress sg-3'] } as const;

/** i-3 in subnet-a, 198.51.100.30, whose group lets nothing out; sg-1 lets in whoever dials the public address. */
function keptIn(f: Fixture): void {
  f.sg('sg-3');
  f.addInstance({
    id: 'i-3',
    eni: 'eni-3',
    subnet: 'subnet-a',
    ip: '10.0.1.30',
    public: '198.51.100.30',
    groups: ['sg-3'],
  });
  f.sg('sg-1').inbound('tcp 22 0.0.0.0/0');
}

describe('a known machine that dials a public address', () => {
  rows([
    { tag: 'aws 2.4 c3', name: 'by its address', given: keptIn, from: '198.51.100.30', ...STOPPED },
    { tag: 'aws 2.4 c3', name: 'by the prefix of its address', given: keptIn, from: '198.51.100.30/32', ...STOPPED },
    {
      tag: 'aws 2.4 c3',
      name: 'among its neighbours',
      given: keptIn,
      from: '198.51.100.30/31',
      verdict: 'partial',
      symptom: 'times-out',
      causes: ['aws/src-sg-egress sg-3'],
      reachableFrom: ['198.51.100.31/32'],
    },
    {
      tag: 'aws 2.4 c3',
      name: 'is an address like any other where the internet is meant',
      given: keptIn,
      from: 'internet',
      verdict: 'reachable',
    },
    {
      tag: 'aws 2.4 c3',
      name: 'without a public address, and without a NAT gateway',
      given: (f) => f.sg('sg-1').inbound('tcp 22 0.0.0.0/0'),
      from: 'i-2',
      target: '198.51.100.10',
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/src-rt-missing'],
      path: 'hairpin',
    },
    {
      tag: 'aws 2.4 c3',
      name: 'behind a NAT gateway that was not recorded',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 0.0.0.0/0');
        f.table('rtb-main').also('0.0.0.0/0 nat-1');
      },
      from: 'i-2',
      target: '198.51.100.10',
      verdict: 'unknown',
      missing: ['aws/ev-route ec2:DescribeNatGateways'],
      path: 'hairpin',
    },
  ]);

  test('is no one of its own in an audit, which asks for addresses of the internet', () => {
    const fixture = f0();
    keptIn(fixture);
    const targets = audit({ documents: fixture.documents('cli') }, {}).report?.targets ?? [];
    const open = targets.find(({ target }) => target.id === 'i-1')?.reachableFrom ?? [];
    expect(AddressSet.of(...open).covers(AddressSet.of('198.51.100.30/31'))).toBe(true);
  });
});

describe('an IPv6 client of the own VPC', () => {
  rows([
    {
      tag: 'aws 2.4 c2',
      name: 'is no client of the internet, although its address is a public one',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 ::/0');
        f.acl('acl-a')
          .open()
          .in('90 deny tcp 22 2001:db8:1:2::/64', '100 allow all 0.0.0.0/0', '101 allow all ::/0')
          .on('subnet-a');
      },
      target: '2001:db8:1:1::10',
      from: '2001:db8:1:2::20',
      complete: true,
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/nacl-in-deny acl-a 90'],
    },
  ]);
});
