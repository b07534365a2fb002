import { type Fixture, f0 } from './fixture.js';
import { peeredVpc2, transitGateway } from './topology.js';
import { transitTable } from './transit-table.js';

const EVERYTHING = ['all 0.0.0.0/0', 'all ::/0'] as const;

/** F0 with i-1 alone, open to 203.0.113.0/24. */
function outside(): Fixture {
  const f = f0().remove('Reservations', 'i-2').remove('InstanceStatuses', 'i-2').remove('NetworkInterfaces', 'eni-2x');
  f.remove('Subnets', 'subnet-b').forgetGroup('sg-2').acl('acl-def').off('subnet-b');
  return f;
}

/** F0 with i-1 open to i-2, which may send. */
function inside(): Fixture {
  const f = f0();
  f.acl('acl-b').open().on('subnet-b');
  f.sg('sg-1')
    .inbound('tcp 22 10.0.2.0/24')
    .egress(...EVERYTHING);
  return f;
}

/** i-1 open to vpc-2, over a peering. */
function peered(): Fixture {
  const f = peeredVpc2(outside());
  f.sg('sg-1')
    .inbound('tcp 22 10.1.0.0/16')
    .egress(...EVERYTHING);
  return f;
}

/** i-1 open to vpc-2, over a transit gateway. */
function transit(): Fixture {
  const f = transitGateway(outside());
  f.sg('sg-1')
    .inbound('tcp 22 10.1.0.0/16')
    .egress(...EVERYTHING);
  return f;
}

function blackholed(f: Fixture): Fixture {
  const routes = ['10.0.0.0/16 blackhole', '10.1.0.0/16 tgw-attach-2'];
  return transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1', 'tgw-attach-2'], routes });
}

function detached(f: Fixture): Fixture {
  f.table('rtb-pub').routes('0.0.0.0/0 igw-1 blackhole');
  return f.edit('InternetGateways', 'igw-1', { Attachments: [] });
}

function ipv6Refused(f: Fixture): Fixture {
  f.sg('sg-1').inbound('tcp 22 2001:db8:f::/48');
  return f.edit('NetworkInterfaces', 'eni-1', { DenyAllIgwTraffic: true });
}

function excludedForLeaving(f: Fixture): Fixture {
  f.blockPublicAccess({ InternetGatewayBlockMode: 'block-bidirectional' });
  return f.add('VpcBlockPublicAccessExclusions', {
    ExclusionId: 'vpcbpa-exclude-1',
    ResourceArn: 'arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-a',
    InternetGatewayExclusionMode: 'allow-egress',
    State: 'create-complete',
  });
}

interface FaultyAccount {
  readonly name: string;
  readonly open: () => Fixture;
  /** Closes it. */
  readonly fault: (f: Fixture) => unknown;
  /** The answers by which one can tell that it is closed. */
  readonly told: readonly string[];
}

/** Accounts in which nobody can open port 22 any more, each for a reason of its own. */
export const faultyAccounts: readonly FaultyAccount[] = [
  {
    name: 'no rule',
    open: outside,
    fault: (f) => f.sg('sg-1').inbound('tcp 443 203.0.113.0/24'),
    told: ['SecurityGroups', 'NetworkInterfaces', 'Reservations'],
  },
  {
    name: 'a rule for nobody',
    open: outside,
    fault: (f) => f.prefixList('pl-1').sg('sg-1').inbound('tcp 22 pl-1'),
    told: ['SecurityGroups', 'PrefixLists', 'Entries'],
  },
  {
    name: 'an ACL that denies the request',
    open: outside,
    fault: (f) => f.acl('acl-def').in('90 deny tcp 22 0.0.0.0/0', '100 allow all 0.0.0.0/0'),
    told: ['NetworkAcls', 'Subnets'],
  },
  {
    name: 'an ACL that denies the reply',
    open: outside,
    fault: (f) => f.acl('acl-def').out('90 deny tcp 1024-65535 0.0.0.0/0', '100 allow all 0.0.0.0/0'),
    told: ['NetworkAcls'],
  },
  { name: 'no route back', open: outside, fault: (f) => f.table('rtb-pub').routes(), told: ['RouteTables'] },
  {
    name: 'a route back through NAT',
    open: outside,
    fault: (f) => f.table('rtb-pub').routes('0.0.0.0/0 nat-1'),
    told: ['RouteTables', 'NatGateways'],
  },
  {
    name: 'a blackhole among the routes back',
    open: outside,
    fault: (f) => f.table('rtb-pub').routes('0.0.0.0/0 igw-1', '203.0.113.0/24 pcx-9 blackhole'),
    told: ['RouteTables'],
  },
  {
    name: 'the main table',
    open: outside,
    fault: (f) => f.table('rtb-pub').off('subnet-a'),
    told: ['RouteTables', 'Subnets', 'Vpcs'],
  },
  { name: 'a gateway that is detached', open: outside, fault: detached, told: ['InternetGateways', 'RouteTables'] },
  {
    name: 'block public access',
    open: outside,
    fault: (f) => f.blockPublicAccess({ InternetGatewayBlockMode: 'block-ingress' }),
    told: ['VpcBlockPublicAccessOptions', 'VpcBlockPublicAccessExclusions', 'Subnets', 'Vpcs'],
  },
  {
    name: 'block public access with an exclusion for leaving',
    open: outside,
    fault: excludedForLeaving,
    told: ['VpcBlockPublicAccessOptions', 'VpcBlockPublicAccessExclusions', 'Subnets'],
  },
  {
    name: 'a stopped instance',
    open: outside,
    fault: (f) => f.state('i-1', 'stopped'),
    told: ['Reservations', 'InstanceStatuses'],
  },
  {
    name: 'no public address',
    open: outside,
    fault: (f) => f.dissociate('eni-1', 'release'),
    told: ['NetworkInterfaces', 'Addresses', 'Reservations'],
  },
  {
    name: 'a gateway that refuses IPv6',
    open: outside,
    fault: ipv6Refused,
    told: ['NetworkInterfaces', 'Reservations'],
  },
  {
    name: 'an ACL of the source that denies the request',
    open: inside,
    fault: (f) => f.acl('acl-b').out('90 deny tcp 22 10.0.1.0/24', '100 allow all 0.0.0.0/0'),
    told: ['NetworkAcls'],
  },
  {
    name: 'a group of another source',
    open: inside,
    fault: (f) => f.sg('sg-1').inbound('tcp 22 sg-3') && f.sg('sg-3'),
    told: ['SecurityGroups', 'NetworkInterfaces'],
  },
  {
    name: 'a peering that waits',
    open: peered,
    fault: (f) => f.edit('VpcPeeringConnections', 'pcx-1', { Status: { Code: 'pending-acceptance' } }),
    told: ['VpcPeeringConnections'],
  },
  {
    name: 'a peering without a route back',
    open: peered,
    fault: (f) => f.table('rtb-pub').routes('0.0.0.0/0 igw-1'),
    told: ['RouteTables'],
  },
  {
    name: 'a peering without a route there',
    open: peered,
    fault: (f) => f.table('rtb-p').routes(),
    told: ['RouteTables'],
  },
  {
    name: 'a blackhole in a transit gateway',
    open: transit,
    fault: blackholed,
    told: [
      'Routes',
      'TransitGatewayAttachments',
      'TransitGatewayVpcAttachments',
      'TransitGatewayRouteTables',
      'Associations',
    ],
  },
];
