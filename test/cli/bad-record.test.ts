import { describe, expect, test } from '@jest/globals';
import { audit, explain } from '../../src/index.js';
import type { Damage } from '../support/aws/damage.js';
import { damagedRows, INSIDE, PEERED, peeredOpen } from '../support/aws/damaged-row.js';
import { f0 } from '../support/aws/fixture.js';

const RULE = 'IpPermissions.0';

describe('an id that stands twice', () => {
  damagedRows([
    {
      name: 'with the same contents',
      damage: (d) => d.add('SecurityGroups', { ...d.record('SecurityGroups', 'sg-1') }),
      verdict: 'reachable',
    },
    {
      name: 'with another name',
      damage: (d) => d.add('Vpcs', { ...d.record('Vpcs', 'vpc-1'), Tags: [{ Key: 'Name', Value: 'x' }] }),
      verdict: 'reachable',
    },
    {
      name: 'a group with other rules',
      damage: (d) => d.add('SecurityGroups', { ...d.record('SecurityGroups', 'sg-1'), IpPermissions: [] }),
      verdict: 'unknown',
      warns: 'sg-1 stands twice in the input, with different IpPermissions',
    },
    {
      name: 'a group with more rules',
      was: 'unreachable',
      given: (f) => f.sg('sg-1').inbound(),
      damage: (d) =>
        d.add('SecurityGroups', {
          ...d.record('SecurityGroups', 'sg-1'),
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      verdict: 'unknown',
      warns: 'sg-1 stands twice',
    },
    {
      name: 'a group three times, the first and the last alike',
      damage: (d) =>
        d.add(
          'SecurityGroups',
          { ...d.record('SecurityGroups', 'sg-1'), IpPermissions: [] },
          { ...d.record('SecurityGroups', 'sg-1') },
        ),
      verdict: 'unknown',
      warns: 'sg-1 stands twice',
    },
    {
      name: 'an ACL with other entries',
      damage: (d) => d.add('NetworkAcls', { ...d.record('NetworkAcls', 'acl-def'), Entries: [] }),
      verdict: 'unknown',
      warns: 'acl-def stands twice in the input, with different Entries',
    },
    {
      name: 'a table with other routes',
      damage: (d) => d.add('RouteTables', { ...d.record('RouteTables', 'rtb-pub'), Routes: [] }),
      verdict: 'unknown',
      warns: 'rtb-pub stands twice in the input, with different Routes',
    },
    {
      name: 'a table with other associations',
      damage: (d) => d.add('RouteTables', { ...d.record('RouteTables', 'rtb-pub'), Associations: [] }),
      verdict: 'unknown',
      warns: 'rtb-pub stands twice in the input, with different Associations',
    },
    {
      name: 'an instance in another state',
      damage: (d) =>
        d.add('Reservations', { Instances: [{ ...d.record('Reservations', 'i-1'), State: { Name: 'stopped' } }] }),
      verdict: 'unknown',
      warns: 'i-1 stands twice in the input, with different State',
    },
    {
      name: 'an interface with other groups',
      damage: (d) =>
        d.add('NetworkInterfaces', { ...d.record('NetworkInterfaces', 'eni-1'), Groups: [{ GroupId: 'sg-2' }] }),
      verdict: 'unknown',
      warns: 'eni-1 stands twice in the input, with different Groups',
    },
    {
      name: 'a subnet of another VPC',
      damage: (d) => d.add('Subnets', { ...d.record('Subnets', 'subnet-a'), VpcId: 'vpc-3' }),
      verdict: 'unknown',
      warns: 'subnet-a stands twice in the input, with different VpcId',
    },
  ]);
});

describe('a reference to what is not there', () => {
  damagedRows([
    {
      name: 'a group of the interface',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'Groups', [{ GroupId: 'sg-404' }]),
      verdict: 'unknown',
    },
    {
      name: 'one group of two',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'Groups', [{ GroupId: 'sg-404' }, { GroupId: 'sg-1' }]),
      verdict: 'reachable',
    },
    { name: 'the subnet', damage: (d) => d.remove('Subnets', 'subnet-a'), verdict: 'unknown' },
    { name: 'the VPC', damage: (d) => d.remove('Vpcs', 'vpc-1'), verdict: 'unknown' },
    { name: 'the ACL', damage: (d) => d.remove('NetworkAcls', 'acl-def'), verdict: 'unknown' },
    {
      name: 'every table of the VPC',
      damage: (d) => d.remove('RouteTables', 'rtb-pub').remove('RouteTables', 'rtb-main'),
      verdict: 'unknown',
    },
    {
      name: 'the prefix list of the rule',
      damage: (d) =>
        d.set('SecurityGroups', 'sg-1', RULE, {
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          PrefixListIds: [{ PrefixListId: 'pl-404' }],
        }),
      verdict: 'unknown',
    },
    {
      name: 'the prefix list of a route',
      damage: (d) =>
        d.set('RouteTables', 'rtb-pub', 'Routes.3', {
          DestinationPrefixListId: 'pl-404',
          TransitGatewayId: 'tgw-1',
          State: 'active',
          Origin: 'CreateRoute',
        }),
      verdict: 'unknown',
    },
    {
      name: 'the group of the rule',
      asks: INSIDE,
      damage: (d) =>
        d
          .set('SecurityGroups', 'sg-1', `${RULE}.IpRanges`, [])
          .set('SecurityGroups', 'sg-1', `${RULE}.UserIdGroupPairs`, [{ GroupId: 'sg-404' }]),
    },
    {
      name: 'the peering of a route',
      given: peeredOpen,
      asks: PEERED,
      damage: (d) => d.remove('VpcPeeringConnections', 'pcx-1'),
    },
    {
      name: 'the gateway of the route',
      damage: (d) => d.set('RouteTables', 'rtb-pub', 'Routes.2.GatewayId', 'igw-404'),
    },
  ]);
});

describe('a record without its id', () => {
  const keys = [
    ['SecurityGroups', 'sg-1', 'GroupId'],
    ['NetworkAcls', 'acl-def', 'NetworkAclId'],
    ['RouteTables', 'rtb-pub', 'RouteTableId'],
    ['Subnets', 'subnet-a', 'SubnetId'],
    ['Vpcs', 'vpc-1', 'VpcId'],
  ] as const;
  damagedRows([
    ...keys.map(([key, id, field]) => ({
      name: key,
      damage: (d: Damage) => d.set(key, id, field, undefined),
      verdict: 'unknown' as const,
      warns: `${key}.${field}: is missing, so nobody can tell which object this is`,
      // A table without its id may be that of any internet gateway.
      ...(key === 'RouteTables' && { sparesNobody: true as const }),
    })),
    {
      name: 'an instance',
      damage: (d) => d.set('Reservations', 'i-1', 'InstanceId', undefined),
      verdict: 'none',
      warns: 'Reservations.InstanceId: is missing',
    },
    {
      name: 'an interface, for which its instance stands in',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'NetworkInterfaceId', undefined),
      verdict: 'reachable',
      warns: 'NetworkInterfaces.NetworkInterfaceId: is missing',
    },
    {
      name: 'a gateway, which an active route implies',
      damage: (d) => d.set('InternetGateways', 'igw-1', 'InternetGatewayId', undefined),
      verdict: 'reachable',
      warns: 'InternetGateways.InternetGatewayId: is missing',
    },
  ]);
});

describe('what refers to itself', () => {
  damagedRows([
    {
      name: 'two groups that allow each other',
      asks: INSIDE,
      given: (f) => f.sg('sg-2').inbound('all sg-1').egress('all sg-1'),
      damage: (d) =>
        d
          .set('SecurityGroups', 'sg-1', `${RULE}.IpRanges`, [])
          .set('SecurityGroups', 'sg-1', `${RULE}.UserIdGroupPairs`, [{ GroupId: 'sg-2' }, { GroupId: 'sg-1' }]),
      verdict: 'reachable',
    },
    {
      name: 'a group that only allows itself',
      damage: (d) =>
        d
          .set('SecurityGroups', 'sg-1', `${RULE}.IpRanges`, [])
          .set('SecurityGroups', 'sg-1', `${RULE}.UserIdGroupPairs`, [{ GroupId: 'sg-1' }]),
      verdict: 'unreachable',
    },
  ]);
});

describe('an instance', () => {
  damagedRows([
    {
      name: 'without interfaces',
      damage: (d) => d.set('Reservations', 'i-1', 'NetworkInterfaces', []).remove('NetworkInterfaces', 'eni-1'),
      verdict: 'unreachable',
    },
    {
      name: 'whose interface has no address',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'PrivateIpAddresses', []),
      verdict: 'unreachable',
    },
    {
      name: 'whose interface has no group',
      damage: (d) => d.set('NetworkInterfaces', 'eni-1', 'Groups', []),
      verdict: 'unknown',
    },
  ]);
});

describe('documents that are none', () => {
  const documents = f0().documents('cli');
  const question = { target: 'i-1', from: '203.0.113.5' };

  test.each<[string, unknown]>([
    ['null', null],
    ['a word', 'Reservations'],
    ['a number', Number.NaN],
    ['a list', [{ Vpcs: [] }]],
    ['an empty object', {}],
    ['keys of the prototype', JSON.parse('{"__proto__": {"NetworkAcls": []}, "constructor": 1, "toString": {}}')],
    ['an envelope of another cloud', { port22: { provider: 'gcp' } }],
    ['an envelope that is null', { port22: null }],
  ])('%s is warned of, and does not count', (_, value) => {
    const answer = explain({ documents: [...documents, { path: 'strange.json', value }] }, question);
    expect(answer).toMatchObject({ exitCode: 0, report: explain({ documents }, question).report });
    expect(answer.problems).toMatchObject([{ severity: 'warning', where: 'strange.json' }]);
  });

  test('none at all leave no target', () => {
    expect(explain({ documents: [] }, question)).toMatchObject({
      exitCode: 2,
      report: null,
      problems: [{ where: 'TARGET' }],
    });
    expect(audit({ documents: [] })).toMatchObject({ report: { targets: [] }, problems: [] });
  });

  test.each([0, -1, 65536, 22.5, Number.NaN, Number.POSITIVE_INFINITY])('port %d is refused', (port) => {
    expect(explain({ documents }, { ...question, port })).toMatchObject({
      exitCode: 2,
      report: null,
      problems: [{ where: '--port' }],
    });
  });
});
