import { describe } from '@jest/globals';
import { damagedRows } from '../support/aws/damaged-row.js';
import { networkAclEntry } from '../support/aws/notation.js';

const RULE = 'IpPermissions.0';

describe('what is impossible', () => {
  const deny = (fields: object) => ({ ...networkAclEntry('90 deny tcp 22 0.0.0.0/0', false), ...fields });
  const entries = (d: { record(key: string, id: string): Record<string, unknown> }) =>
    d.record('NetworkAcls', 'acl-def').Entries as object[];

  damagedRows([
    {
      name: 'a port above 65535',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.ToPort`, 70000),
      verdict: 'unknown',
      warns: 'ToPort: expected a whole number from -1 to 65535',
    },
    {
      name: 'a port between two',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.FromPort`, 21.5),
      verdict: 'unknown',
      warns: 'FromPort: expected a whole number',
    },
    {
      name: 'ports that end before they begin',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.FromPort`, 23),
      verdict: 'unknown',
    },
    {
      name: 'tcp without ports',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.FromPort`, undefined),
      verdict: 'unknown',
    },
    {
      name: 'a range beyond 32 bits',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.IpRanges.0.CidrIp`, '203.0.113.0/33'),
      verdict: 'unknown',
    },
    {
      name: 'an IPv6 range among those of IPv4',
      damage: (d) => d.set('SecurityGroups', 'sg-1', `${RULE}.IpRanges.0.CidrIp`, '::/0'),
      verdict: 'unknown',
    },
    {
      name: 'a range that is a word',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries.4.CidrBlock', 'anywhere'),
      verdict: 'unknown',
    },
    {
      name: 'a destination that is a word',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Routes.2.DestinationCidrBlock', 'default'),
      verdict: 'unknown',
    },
    {
      name: 'a destination of an address too large',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Routes.0.DestinationCidrBlock', '10.0.0.256/16'),
    },
    {
      name: 'a range of a VPC',
      damage: (d) => d.set('Vpcs', 'vpc-1', 'CidrBlock', '10.0.0.0/64'),
      verdict: 'unknown',
      warns: 'CidrBlock: expected a CIDR block, found the string "10.0.0.0/64"',
    },
    {
      name: 'an address',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'PrivateIpAddresses.0.PrivateIpAddress', '10.0.1'),
      verdict: 'unknown',
      warns: 'PrivateIpAddress: expected an IP address',
    },
    {
      name: 'a public address',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'PrivateIpAddresses.0.Association.PublicIp', 'dynamic'),
      warns: 'PublicIp: expected an IP address',
    },
    {
      name: 'a deny with a rule number that is huge',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries', [...entries(d), deny({ RuleNumber: 1e308 })]),
      verdict: 'unknown',
      warns: 'RuleNumber: expected a whole number from 1 to 32768, found the number 1e+308',
    },
    {
      name: 'a deny with a rule number below zero',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries', [...entries(d), deny({ RuleNumber: -90 })]),
      verdict: 'unknown',
      warns: 'RuleNumber: expected a whole number',
    },
    {
      name: 'a deny with a rule number between two',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries', [...entries(d), deny({ RuleNumber: 100.5 })]),
      verdict: 'unknown',
      warns: 'RuleNumber: expected a whole number',
    },
    {
      name: 'a deny without an address',
      damage: (d) => d.set('NetworkAcls', 'acl-def', 'Entries', [...entries(d), deny({ CidrBlock: undefined })]),
      verdict: 'unknown',
    },
    {
      name: 'a deny with ports of which one is huge',
      damage: (d) =>
        d.set('NetworkAcls', 'acl-def', 'Entries', [...entries(d), deny({ PortRange: { From: 0, To: 1e9 } })]),
      verdict: 'unknown',
      warns: 'PortRange.To: expected a whole number',
    },
    {
      name: 'a start that is a number, which nothing reads',
      damage: (d) => d.set('Reservations', 'i-1', 'LaunchTime', 1e300),
      verdict: 'reachable',
    },
    {
      name: 'an image that is a number, of which only the words speak',
      damage: (d) => d.set('Reservations', 'i-1', 'ImageId', 1e300),
      verdict: 'reachable',
      warns: 'ImageId: expected a string',
    },
  ]);
});
