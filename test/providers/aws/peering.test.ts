import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { vpn } from '../../support/aws/on-prem.js';
import { pathRows } from '../../support/aws/path-row.js';
import { peeredVpc2, peeringConnection, vpc2 } from '../../support/aws/topology.js';

const asked = { from: '10.1.0.9', target: '10.0.1.10' } as const;

const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

const VPC_1 = { vpc: 'vpc-1', prefix: '10.0.0.0/16', prefixV6: '2001:db8:1::/56' };
const VPC_2 = { vpc: 'vpc-2', prefix: '10.1.0.0/16', prefixV6: '2001:db8:2::/56' };

/** vpc-2 peered, and let in by sg-1. */
function peered(f: Fixture): Fixture {
  f.sg('sg-1').inbound('tcp 22 10.1.0.0/16');
  return peeredVpc2(f);
}

describe('a peering connection', () => {
  pathRows([
    { tag: 'aws#146', name: 'with routes both ways', given: peered, ...asked, verdict: 'reachable', path: 'peering' },
    {
      tag: 'aws#147',
      name: 'without a route back: the default route leads to the internet',
      given: (f) => peered(f).table('rtb-pub').routes('0.0.0.0/0 igw-1', '::/0 igw-1'),
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/rt-missing rtb-pub'],
      stops: 'returning',
    },
    {
      tag: 'aws#147',
      name: 'without a route back: no route at all',
      given: (f) => peered(f).table('rtb-pub').routes(),
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/rt-missing rtb-pub'],
      stops: 'returning',
    },
    {
      tag: 'aws#148',
      name: 'not accepted yet',
      given: (f) =>
        peered(f).edit('VpcPeeringConnections', 'pcx-1', {
          Status: { Code: 'pending-acceptance', Message: 'Pending Acceptance by 111122223333' },
        }),
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/pcx-not-active pcx-1'],
    },
    {
      tag: 'aws#148a',
      name: 'none at all',
      given: (f) => vpc2(f).sg('sg-1').inbound('tcp 22 10.1.0.0/16'),
      ...asked,
      ...UNREACHABLE,
      among: ['aws/pcx-none'],
    },
    {
      tag: 'aws#151',
      name: 'whose replies another peer of the same prefix takes',
      given: (f) => {
        const vpc4 = { vpc: 'vpc-4', prefix: '10.1.0.0/16' };
        peered(f).addVpc(vpc4.vpc, vpc4.prefix);
        f.addSubnet('subnet-4', { vpc: 'vpc-4', prefix: '10.1.128.0/24', zone: 'a' });
        f.acl('acl-4', 'vpc-4').open().on('subnet-4');
        f.table('rtb-4', 'vpc-4').main();
        f.add('VpcPeeringConnections', peeringConnection('pcx-other', VPC_1, vpc4));
        f.table('rtb-pub').routes('0.0.0.0/0 igw-1', '10.1.0.0/16 pcx-other');
      },
      ...asked,
      ...UNREACHABLE,
      among: ['aws/rt-asymmetric pcx-other'],
    },
  ]);
});

describe('what a peering connection does not carry on', () => {
  pathRows([
    {
      tag: 'aws#149',
      name: 'a peer of the peer',
      given: (f) => {
        const vpc3 = { vpc: 'vpc-3', prefix: '10.3.0.0/16' };
        peered(f).addVpc(vpc3.vpc, vpc3.prefix);
        f.addSubnet('subnet-3', { vpc: 'vpc-3', prefix: '10.3.0.0/24', zone: 'a' });
        f.acl('acl-3', 'vpc-3').open().on('subnet-3');
        f.table('rtb-3', 'vpc-3').main().routes('10.0.0.0/8 pcx-3');
        f.sg('sg-3', { vpc: 'vpc-3' }).egress('all 0.0.0.0/0');
        f.addInstance({ id: 'i-3', eni: 'eni-3', subnet: 'subnet-3', ip: '10.3.0.9', groups: ['sg-3'] });
        f.add('VpcPeeringConnections', peeringConnection('pcx-3', VPC_2, vpc3));
        f.table('rtb-p').also('10.3.0.0/16 pcx-3');
        f.table('rtb-pub').also('10.3.0.0/16 pcx-1');
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/8');
      },
      ...asked,
      from: '10.3.0.9',
      ...UNREACHABLE,
      among: ['aws/pcx-transitive'],
    },
    {
      tag: 'aws#150',
      name: 'the VPN of the peer',
      given: (f) => {
        vpn(peered(f), { vpc: 'vpc-2', routes: ['192.168.0.0/16'] });
        f.table('rtb-p').also('192.168.0.0/16 vgw-1 propagated');
        f.table('rtb-pub').also('192.168.0.0/16 pcx-1');
        f.sg('sg-1').inbound('tcp 22 192.168.0.0/16');
      },
      ...asked,
      from: '192.168.0.9',
      ...UNREACHABLE,
      among: ['aws/pcx-edge-to-edge'],
    },
  ]);
});
