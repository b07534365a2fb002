import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { type Fixture, f0 } from '../../support/aws/fixture.js';
import { firewallEndpoint } from '../../support/aws/middlebox.js';
import { type PathRow, pathRows } from '../../support/aws/path-row.js';
import { transitGateway } from '../../support/aws/topology.js';
import { transitTable } from '../../support/aws/transit-table.js';

const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

const TO_VPC_1 = '10.0.0.0/16 tgw-attach-1';
const TO_VPC_2 = '10.1.0.0/16 tgw-attach-2';

const IN_ZONE_B = { AvailabilityZone: 'eu-west-1b', AvailabilityZoneId: 'euw1-az2' };
const IN_ZONE_C = { AvailabilityZone: 'eu-west-1c', AvailabilityZoneId: 'euw1-az3' };

/** 10.1.0.9 of vpc-2 asks 10.0.1.10 over tgw-1; sg-1 lets vpc-2 in. */
function over(change: (f: Fixture) => unknown): Pick<PathRow, 'given' | 'from' | 'target' | 'tag'> {
  const given = (f: Fixture): void => {
    f.sg('sg-1').inbound('tcp 22 10.1.0.0/16', 'tcp 22 2001:db8:2::/56');
    change(transitGateway(f));
  };
  return { tag: 'aws 2.3.8', given, from: '10.1.0.9', target: '10.0.1.10' };
}

function table(f: Fixture, ...routes: readonly string[]): Fixture {
  return transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1', 'tgw-attach-2'], routes });
}

/** tgw-attach-1 stands in zones a and b, behind acl-t and acl-t2; vpc-2 is in zone c, for which the gateway picks one of the two. */
function twoEntries(f: Fixture): Fixture {
  f.addSubnet('subnet-t2', { vpc: 'vpc-1', prefix: '10.0.10.0/28', zone: 'b' });
  f.acl('acl-t2').open().on('subnet-t2');
  f.table('rtb-t').on('subnet-t', 'subnet-t2');
  f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { SubnetIds: ['subnet-t', 'subnet-t2'] });
  return f.edit('Subnets', 'subnet-p', IN_ZONE_C).edit('Subnets', 'subnet-pt', IN_ZONE_C);
}

/** tgw-attach-2 stands in zones b and c, behind acl-pt and acl-pt2, and vpc-2's clients in zone b; the target is in zone a. */
function twoWaysHome(f: Fixture): Fixture {
  f.addSubnet('subnet-pt2', { vpc: 'vpc-2', prefix: '10.1.10.0/28', zone: 'c' });
  f.acl('acl-pt2', 'vpc-2').open().on('subnet-pt2');
  f.edit('TransitGatewayVpcAttachments', 'tgw-attach-2', { SubnetIds: ['subnet-pt', 'subnet-pt2'] });
  return f.edit('Subnets', 'subnet-p', IN_ZONE_B).edit('Subnets', 'subnet-pt', IN_ZONE_B);
}

describe('the zones of the attachments', () => {
  const allButSsh = ['90 deny tcp 22 0.0.0.0/0', '100 allow all 0.0.0.0/0'];
  pathRows([
    {
      name: "none in the client's zone",
      ...over((f) => f.edit('Subnets', 'subnet-p', IN_ZONE_B)),
      ...UNREACHABLE,
      causes: ['aws/tgw-az tgw-attach-2'],
      stops: 'inbound',
    },
    {
      name: 'of two subnets that cannot be read one is in the zone, and the client may be in either',
      ...over((f) => {
        f.addSubnet('subnet-q', { vpc: 'vpc-2', prefix: '10.1.1.0/24', zone: 'a' });
        f.edit('Subnets', 'subnet-p', { ...IN_ZONE_B, CidrBlock: 10 }).edit('Subnets', 'subnet-q', { CidrBlock: 10 });
      }),
      from: '10.1.0.50',
      verdict: 'unknown',
      missing: ['aws/ev-route ec2:DescribeSubnets'],
      problems: ['Subnets.CidrBlock: expected a string'],
    },
    {
      name: 'one of two entries is closed: it works by luck',
      ...over((f) =>
        twoEntries(f)
          .acl('acl-t2')
          .out(...allButSsh),
      ),
      verdict: 'partial',
      symptom: 'times-out',
      causes: ['aws/nacl-out-deny acl-t2'],
    },
    {
      name: "the entry in the client's zone is taken, not the closed one in another",
      ...over((f) => {
        twoEntries(f)
          .acl('acl-t2')
          .out(...allButSsh);
        const inZoneA = { AvailabilityZone: 'eu-west-1a', AvailabilityZoneId: 'euw1-az1' };
        f.edit('Subnets', 'subnet-p', inZoneA).edit('Subnets', 'subnet-pt', inZoneA);
      }),
      verdict: 'reachable',
    },
    {
      name: 'in appliance mode any entry is taken',
      ...over((f) => {
        twoEntries(f)
          .acl('acl-t2')
          .out(...allButSsh);
        const inZoneA = { AvailabilityZone: 'eu-west-1a', AvailabilityZoneId: 'euw1-az1' };
        f.edit('Subnets', 'subnet-p', inZoneA).edit('Subnets', 'subnet-pt', inZoneA);
        f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { Options: { ApplianceModeSupport: 'enable' } });
      }),
      verdict: 'partial',
      symptom: 'times-out',
      causes: ['aws/nacl-out-deny acl-t2'],
    },
    {
      name: "the target's own subnet is one of two entries: nobody can tell whether its ACL is asked",
      ...over((f) => {
        twoEntries(f).edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { SubnetIds: ['subnet-a', 'subnet-t2'] });
        f.acl('acl-a').open().in('90 deny tcp 22 10.1.0.0/16', '100 allow all 0.0.0.0/0').on('subnet-a');
      }),
      verdict: 'unknown',
      missing: ['aws/ev-tgw tgw-attach-1'],
    },
    {
      name: "the ACL of the attachment's subnet sees the reply",
      ...over((f) => f.acl('acl-t').in('90 allow tcp 22 0.0.0.0/0')),
      ...UNREACHABLE,
      causes: ['aws/nacl-in-deny acl-t'],
      stops: 'returning',
    },
    {
      name: 'one of two ways home is closed: nobody can tell',
      ...over((f) => twoWaysHome(f).acl('acl-pt2').out()),
      verdict: 'unknown',
      missing: ['aws/ev-tgw tgw-attach-2'],
    },
    {
      name: 'both ways home are closed',
      ...over((f) => {
        twoWaysHome(f).acl('acl-pt2').out();
        f.acl('acl-pt').out();
      }),
      ...UNREACHABLE,
      causes: ['aws/src-nacl-out acl-pt'],
      stops: 'returning',
    },
  ]);
});

describe("an interface of the gateway in the client's own subnet", () => {
  const inSubnetP = (f: Fixture) => f.edit('TransitGatewayVpcAttachments', 'tgw-attach-2', { SubnetIds: ['subnet-p'] });
  pathRows([
    {
      name: 'its ACL does not see the reply',
      ...over((f) => inSubnetP(f).acl('acl-p').in('90 allow tcp 22 10.1.0.0/16')),
      verdict: 'reachable',
    },
    {
      name: 'its ACL sees the request on both sides',
      ...over((f) => inSubnetP(f).acl('acl-p').in('90 deny tcp 22 10.1.0.0/16', '100 allow all 0.0.0.0/0')),
      ...UNREACHABLE,
      causes: ['aws/src-nacl-in acl-p 90'],
      stops: 'inbound',
    },
    {
      name: 'elsewhere the ACL of the client sees the reply',
      ...over((f) => f.acl('acl-p').in('90 allow tcp 22 10.1.0.0/16')),
      ...UNREACHABLE,
      causes: ['aws/src-nacl-in acl-p'],
      stops: 'returning',
    },
  ]);
});

describe('the routes of a transit gateway', () => {
  const toVpc2ByPrefixList = (f: Fixture, entry: string) => {
    const route = (attachment: string) => ({
      Type: 'static',
      State: 'active',
      TransitGatewayAttachments: [{ TransitGatewayAttachmentId: attachment, ResourceType: 'vpc' }],
    });
    f.answer('ec2:SearchTransitGatewayRoutes', 'tgw-rtb-1', [
      { DestinationCidrBlock: '10.0.0.0/16', ...route('tgw-attach-1') },
      { PrefixListId: 'pl-3', ...route('tgw-attach-2') },
    ]);
    return f.prefixList('pl-3', entry);
  };
  pathRows([
    {
      name: 'a static one before a propagated one',
      ...over((f) => table(f, TO_VPC_1, '10.0.0.0/16 blackhole', TO_VPC_2)),
      ...UNREACHABLE,
      causes: ['aws/tgw-blackhole tgw-rtb-1'],
    },
    { name: 'a prefix list', ...over((f) => toVpc2ByPrefixList(f, '10.1.0.0/16')), verdict: 'reachable' },
    {
      name: 'a prefix list without the client',
      ...over((f) => toVpc2ByPrefixList(f, '10.1.128.0/17')),
      ...UNREACHABLE,
      causes: ['aws/tgw-no-route tgw-rtb-1'],
      stops: 'returning',
    },
    {
      name: 'a prefix list that may not be read',
      ...over((f) => toVpc2ByPrefixList(f, '10.1.0.0/16').denied('ec2:GetManagedPrefixListEntries', 'pl-3')),
      verdict: 'unknown',
      missing: ['aws/ev-prefix-list ec2:GetManagedPrefixListEntries'],
    },
    {
      name: 'through a VPC with a firewall',
      ...over((f) => {
        f.addVpc('vpc-5', '10.5.0.0/16').addSubnet('subnet-5', { vpc: 'vpc-5', prefix: '10.5.0.0/28', zone: 'a' });
        f.table('rtb-5', 'vpc-5').main().routes('0.0.0.0/0 vpce-fw');
        firewallEndpoint(f, 'vpce-fw');
        for (const key of ['TransitGatewayVpcAttachments', 'TransitGatewayAttachments'] as const) {
          const id = { TransitGatewayAttachmentId: 'tgw-attach-3', VpcId: 'vpc-5', ResourceId: 'vpc-5' };
          f.add(key, { ...f.record(key, 'tgw-attach-2'), ...id, SubnetIds: ['subnet-5'] });
        }
        table(f, '0.0.0.0/0 tgw-attach-3 static');
      }),
      verdict: 'unknown',
      missing: ['aws/mbx-inspected vpce-fw'],
    },
  ]);
});

describe('what is not in the evidence of a transit gateway', () => {
  test.each(['ec2:DescribeTransitGatewayVpcAttachments', 'ec2:SearchTransitGatewayRoutes', 'ec2:DescribeSubnets'])(
    '%s leaves the answer open',
    (operation) => {
      const f = f0();
      over((fixture) => fixture.denied(operation)).given?.(f);
      const [target] =
        explain({ documents: f.documents() }, { target: '10.0.1.10', from: '10.1.0.9' }).report?.targets ?? [];
      expect(target?.verdict).toBe('unknown');
      expect(target?.findings.flatMap((finding) => finding.missing.map(({ what }) => what))).toContain(operation);
    },
  );

  test('routes that the service left out may be any', () => {
    const f = f0();
    over(() => {}).given?.(f);
    const documents = f
      .documents()
      .map(({ path, value }) =>
        path.startsWith('search-')
          ? { path, value: { ...(value as object), AdditionalRoutesAvailable: true } }
          : { path, value },
      );
    const answer = explain({ documents }, { target: '10.0.1.10', from: '10.1.0.9' });
    expect(answer.report?.targets[0]?.verdict).toBe('unknown');
    expect(answer.problems.map(({ what }) => what)).toEqual([expect.stringContaining('only some of the routes')]);
  });

  pathRows([
    {
      name: 'an address of the other VPC outside its subnets is nobody',
      ...over(() => {}),
      from: '10.1.77.1',
      ...UNREACHABLE,
      causes: ['aws/src-not-routable'],
    },
    {
      name: 'a VPC of another account, behind an attachment that was not read: its groups may match',
      ...over((f) => {
        const TransitGatewayAttachments = [{ TransitGatewayAttachmentId: 'tgw-attach-7', ResourceType: 'vpc' }];
        const far = { DestinationCidrBlock: '10.7.0.0/16', Type: 'propagated', State: 'active' };
        f.answer('ec2:SearchTransitGatewayRoutes', 'tgw-rtb-1', [{ ...far, TransitGatewayAttachments }]);
        f.sg('sg-1').inbound('tcp 22 sg-7 vpc=vpc-7 user=444455556666');
        f.table('rtb-pub').also('10.7.0.0/16 tgw-1');
      }),
      from: '10.7.0.9',
      verdict: 'unknown',
      missing: ['aws/ev-tgw tgw-1', 'aws/ev-tgw ec2:DescribeTransitGatewayAttachments'],
    },
  ]);

  const ipv6 = { from: '2001:db8:2::9', target: '2001:db8:1:1::10' };
  const withIpv6 = (f: Fixture, Ipv6Support: string) => {
    f.table('rtb-p').also('2001:db8:1::/56 tgw-1');
    f.table('rtb-pub').also('2001:db8:2::/56 tgw-1');
    for (const id of ['tgw-attach-1', 'tgw-attach-2'])
      f.edit('TransitGatewayVpcAttachments', id, { Options: { Ipv6Support } });
    table(f, TO_VPC_1, TO_VPC_2, '2001:db8:1::/56 tgw-attach-1 static', '2001:db8:2::/56 tgw-attach-2 static');
  };
  pathRows([
    {
      name: 'a state that nobody documents',
      ...over((f) => f.edit('TransitGatewayVpcAttachments', 'tgw-attach-2', { State: 'resting' })),
      verdict: 'unknown',
      missing: ['aws/ev-tgw tgw-attach-2'],
    },
    {
      name: 'IPv6 where it is on',
      ...over((f) => withIpv6(f, 'enable')),
      ...ipv6,
      verdict: 'reachable',
      path: 'transit-gateway',
    },
    {
      name: 'IPv6 where it is off',
      ...over((f) => withIpv6(f, 'disable')),
      ...ipv6,
      verdict: 'unknown',
      missing: ['aws/ev-tgw tgw-attach-2', 'aws/ev-tgw tgw-attach-1'],
    },
  ]);
});
