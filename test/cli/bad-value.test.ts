import { describe } from '@jest/globals';
import { damagedRows, INSIDE, PEERED, peeredOpen } from '../support/aws/damaged-row.js';
import type { Fixture } from '../support/aws/fixture.js';
import { exclusion } from '../support/aws/public-access.js';

const RULE = 'IpPermissions.0';

/** Blocked but for subnet-a. */
function excluded(f: Fixture): void {
  f.blockPublicAccess({ InternetGatewayBlockMode: 'block-ingress' });
  f.add('VpcBlockPublicAccessExclusions', exclusion({ of: 'subnet-a' }));
}

describe('a value of a wrong type', () => {
  damagedRows([
    {
      name: 'a state that is a word',
      damage: (d) => d.set('Reservations', 'i-1', 'State', 'running'),
      verdict: 'unknown',
      warns: 'State: expected an object, found the string "running"',
    },
    {
      name: 'a state that is a number',
      damage: (d) => d.set('Reservations', 'i-1', 'State.Name', 16),
      verdict: 'unknown',
      warns: 'State.Name: expected a string, found the number 16',
    },
    {
      name: 'interfaces that are one object',
      damage: (d) => d.set('Reservations', 'i-1', 'NetworkInterfaces', {}),
      verdict: 'unknown',
      warns: 'NetworkInterfaces: expected a list, found an object',
    },
    {
      name: 'a port in quotes',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.FromPort`, '22'),
      verdict: 'unknown',
      warns: 'IpPermissions[0].FromPort: expected a number, found the string "22"',
    },
    {
      name: 'ranges that are bare texts',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.IpRanges`, ['203.0.113.0/24']),
      verdict: 'unknown',
      warns: 'IpRanges[0]: expected an object',
    },
    {
      name: 'a direction in quotes',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries.0.Egress', 'false'),
      verdict: 'unknown',
      warns: 'Entries[0].Egress: expected true or false',
    },
    {
      name: 'a state of a route that is a number',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Routes.2.State', 1),
      verdict: 'unknown',
      warns: 'Routes[2].State: expected a string',
    },
    {
      name: 'a VPC of a subnet that is a list',
      damage: (d) => d.set('Subnets', 'subnet-a', 'VpcId', []),
      verdict: 'unknown',
      warns: 'Subnets.VpcId: expected a string, found a list',
    },
    {
      name: 'a range of a VPC that is a number',
      damage: (d) => d.set('Vpcs', 'vpc-1', 'CidrBlock', 10),
      verdict: 'unknown',
      warns: 'Vpcs.CidrBlock: expected a string',
    },
    {
      name: 'a name that is a number, on which nothing depends',
      damage: (d) => d.set('Reservations', 'i-1', 'Tags', [{ Key: 'Name', Value: 7 }]),
      verdict: 'reachable',
      warns: 'Tags',
    },
    {
      name: 'a record that is a text',
      damage: (d) => d.add('SecurityGroups', 'sg-4'),
      verdict: 'reachable',
      warns: 'SecurityGroups: expected an object, found the string "sg-4"',
    },
    {
      name: 'a value that JSON does not have',
      damage: (d) => d.set('Reservations', 'i-1', 'State', 10n),
      verdict: 'unknown',
      warns: 'State: expected an object, found the bigint 10',
    },
    {
      name: 'a list with a hole',
      damage: (d) => d.set('Reservations', 'i-1', 'NetworkInterfaces', [undefined]),
      verdict: 'unknown',
      warns: 'NetworkInterfaces[0]: expected an object, found nothing',
    },
  ]);
});

describe('null where a list is expected', () => {
  damagedRows([
    {
      name: 'groups of an interface',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'Groups', null),
      verdict: 'unknown',
      warns: 'Groups: expected a list, found null',
    },
    {
      name: 'addresses of an interface',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'PrivateIpAddresses', null),
      verdict: 'unknown',
      warns: 'PrivateIpAddresses: expected a list, found null',
    },
    {
      name: 'rules of a group',
      damage: (d) => d.set('SecurityGroups', 'sg-1', 'IpPermissions', null),
      verdict: 'unknown',
      warns: 'IpPermissions: expected a list, found null',
    },
    {
      name: 'ranges of a rule',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.IpRanges`, null),
      verdict: 'unknown',
      warns: 'IpRanges: expected a list, found null',
    },
    {
      name: 'ranges of one rule of two',
      given: (f) => f.sg('sg-1').inbound('tcp 22 203.0.113.0/24', 'tcp 2222 203.0.113.0/24'),
      damage: (d) => d.set('SecurityGroups', 'sg-1', 'IpPermissions.1.IpRanges', null),
      verdict: 'reachable',
      warns: 'IpPermissions[1].IpRanges',
    },
    {
      name: 'entries of an ACL',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries', null),
      verdict: 'unknown',
      warns: 'Entries: expected a list, found null',
    },
    {
      name: 'associations of an ACL',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Associations', null),
      verdict: 'unknown',
      warns: 'Associations: expected a list, found null',
    },
    {
      name: 'associations of a table',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Associations', null),
      verdict: 'unknown',
      warns: 'Associations: expected a list, found null',
    },
    {
      name: 'routes',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Routes', null),
      verdict: 'unknown',
      warns: 'Routes: expected a list, found null',
    },
    {
      name: 'attachments of a gateway, which an active route implies',
      damage: (d) => d.set('InternetGateways', 'igw-1', 'Attachments', null),
      verdict: 'reachable',
      warns: 'Attachments: expected a list, found null',
    },
    {
      name: 'an attachment',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'Attachment', null),
      verdict: 'unknown',
      warns: 'Attachment: expected an object, found null',
    },
    {
      name: 'an association with a public address',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'PrivateIpAddresses.0.Association', null),
      verdict: 'unknown',
      warns: 'PrivateIpAddresses[0].Association: expected an object, found null',
    },
    {
      name: 'a range of the source',
      asks: INSIDE,
      damage: (d) => d.set('Subnets', 'subnet-b', 'CidrBlock', null),
      verdict: 'unknown',
      warns: 'CidrBlock: expected a string, found null',
    },
    {
      name: 'routes of the source',
      asks: INSIDE,
      damage: (d) => d.set('RouteTables', 'rtb-main', 'Routes', null),
      verdict: 'unknown',
      warns: 'Routes: expected a list, found null',
    },
    {
      name: 'a target of a route of the source',
      asks: INSIDE,
      damage: (d) => d.set('RouteTables', 'rtb-main', 'Routes.0.GatewayId', null),
      verdict: 'unknown',
      warns: 'Routes[0].GatewayId: expected a string, found null',
    },
    {
      name: 'a side of a peering',
      given: peeredOpen,
      asks: PEERED,
      damage: (d) => d.set('VpcPeeringConnections', 'pcx-1', 'AccepterVpcInfo', null),
      verdict: 'unknown',
      warns: 'AccepterVpcInfo: expected an object, found null',
    },
    {
      name: 'a state of an exclusion',
      given: excluded,
      damage: (d) => d.set('VpcBlockPublicAccessExclusions', 'vpcbpa-exclude-subnet-a', 'State', null),
      verdict: 'unknown',
      warns: 'State: expected a string, found null',
    },
    {
      name: 'a whole answer',
      damage: (d) => d.put('NetworkAcls', null),
      verdict: 'unknown',
      warns: 'NetworkAcls',
      sparesNobody: true,
    },
    {
      name: 'every instance',
      damage: (d) => d.put('Reservations', null),
      verdict: 'none',
      warns: 'Reservations',
      sparesNobody: true,
    },
    {
      name: 'instances of a reservation',
      damage: (d) => d.add('Reservations', { OwnerId: '111122223333', Instances: null }),
      verdict: 'reachable',
      warns: 'Reservations.InstanceId: is missing',
    },
  ]);
});

describe('a word that is not known', () => {
  damagedRows([
    {
      name: 'a state of an instance',
      damage: (d) => d.set('Reservations', 'i-1', 'State.Name', 'hibernating'),
      verdict: 'unknown',
    },
    {
      name: 'an action of an ACL',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries.4.RuleAction', 'permit'),
      verdict: 'unknown',
    },
    {
      name: 'a state of a route',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Routes.2.State', 'paused'),
      verdict: 'unknown',
    },
    {
      name: 'a target of a route',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Routes.2.GatewayId', 'wormhole-1'),
      verdict: 'unknown',
    },
    {
      name: 'a state of an association',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Associations.0.AssociationState.State', 'paused'),
      verdict: 'unknown',
    },
    {
      name: 'a state of a peering',
      given: peeredOpen,
      asks: PEERED,
      damage: (d) => d.set('VpcPeeringConnections', 'pcx-1', 'Status.Code', 'paused'),
      verdict: 'unknown',
    },
    {
      name: 'a mode of Block Public Access',
      damage: (d) => d.put('VpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-some' }),
      sparesNobody: true,
      verdict: 'unknown',
    },
    {
      name: 'a state of an attached gateway',
      damage: (d) => d.set('InternetGateways', 'igw-1', 'Attachments.0.State', 'paused'),
      verdict: 'unknown',
    },
    {
      name: 'a state of an attached interface',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'Attachment.Status', 'paused'),
      verdict: 'unknown',
    },
    {
      name: 'a state of a range of the subnet',
      damage: (d) => d.set('Subnets', 'subnet-a', 'Ipv6CidrBlockAssociationSet.0.Ipv6CidrBlockState.State', 'paused'),
      verdict: 'unknown',
    },
    {
      name: 'a state of an exclusion',
      given: excluded,
      damage: (d) => d.set('VpcBlockPublicAccessExclusions', 'vpcbpa-exclude-subnet-a', 'State', 'paused'),
      verdict: 'unknown',
    },
    {
      name: 'a protocol of a group',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.IpProtocol`, 'tpc'),
      verdict: 'unknown',
      warns: 'IpProtocol: expected a protocol',
    },
    {
      name: 'a protocol of an ACL',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries.4.Protocol', '256'),
      verdict: 'unknown',
      warns: 'Protocol: expected a protocol',
    },
    {
      name: 'a type of an interface, on which nothing depends',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'InterfaceType', 'quantum'),
      verdict: 'reachable',
    },
    {
      name: 'a platform, on which nothing depends',
      damage: (d) => d.set('Reservations', 'i-1', 'PlatformDetails', 'Plan 9'),
      verdict: 'reachable',
    },
  ]);
});
