import { type Fixture, f0 } from './fixture.js';
import { appliance } from './middlebox.js';
import { vpn } from './on-prem.js';
import { ACCOUNT } from './records.js';
import { peeredVpc2, peeringConnection, transitGateway } from './topology.js';
import { transitTable } from './transit-table.js';

const IPV6 = { Ipv6Support: 'enable', SecurityGroupReferencingSupport: 'enable', ApplianceModeSupport: 'disable' };

const ROUTES = [
  ...['10.0.0.0/16 tgw-attach-1', '10.1.0.0/16 tgw-attach-2', '10.2.0.0/16 tgw-attach-3'],
  ...['2001:db8:1::/56 tgw-attach-1', '2001:db8:2::/56 tgw-attach-2', '2001:db8:3::/56 tgw-attach-3'],
];

/** tgw-attach-3: vpc-3 10.2.0.0/16 with i-8 in subnet-q, at which the gateway enters. */
function thirdVpc(f: Fixture, routed: boolean): Fixture {
  f.addVpc('vpc-3', '10.2.0.0/16', '2001:db8:3::/56');
  f.addSubnet('subnet-q', { vpc: 'vpc-3', prefix: '10.2.0.0/24', zone: 'a', prefixV6: '2001:db8:3::/64' });
  const routes = ['10.0.0.0/15 tgw-1', '2001:db8:1::/56 tgw-1', '2001:db8:2::/56 tgw-1'];
  if (routed)
    f.table('rtb-q', 'vpc-3')
      .main()
      .routes(...routes);
  f.acl('acl-q', 'vpc-3').open().on('subnet-q');
  f.sg('sg-8', { vpc: 'vpc-3' });
  const addresses = { ip: '10.2.0.8', ipv6: '2001:db8:3::8' };
  f.addInstance({ id: 'i-8', eni: 'eni-8', subnet: 'subnet-q', groups: ['sg-8'], ...addresses });
  const own = { TransitGatewayAttachmentId: 'tgw-attach-3', ResourceId: 'vpc-3' };
  f.add('TransitGatewayAttachments', { ...f.record('TransitGatewayAttachments', 'tgw-attach-2'), ...own });
  return f.add('TransitGatewayVpcAttachments', {
    ...f.record('TransitGatewayVpcAttachments', 'tgw-attach-2'),
    TransitGatewayAttachmentId: 'tgw-attach-3',
    VpcId: 'vpc-3',
    SubnetIds: ['subnet-q'],
  });
}

/** vpc-1 to vpc-3 on tgw-1, in two tables and both families. */
function transit(f: Fixture, routed: boolean): Fixture {
  thirdVpc(transitGateway(f), routed);
  for (const id of ['tgw-attach-1', 'tgw-attach-2', 'tgw-attach-3'])
    f.edit('TransitGatewayVpcAttachments', id, { Options: IPV6 });
  transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1', 'tgw-attach-2'], routes: ROUTES });
  return transitTable(f, 'tgw-rtb-2', { associated: ['tgw-attach-3'], routes: ROUTES });
}

/** What lets the machines of each group in and out: everybody from everywhere, to the networks that there are. */
function openGroups(f: Fixture, ...ids: readonly string[]): Fixture {
  for (const id of ids) {
    f.sg(id).inbound('tcp 22 0.0.0.0/0', 'tcp 22 ::/0').egress('tcp 22 10.0.0.0/8', 'tcp 22 2001:db8::/32');
  }
  return f;
}

/** F0 and vpc-2, which nothing but a peering joins; all is open. Nothing but their subnets tells i-1 and i-2 apart. */
export function peers(): Fixture {
  const f = openGroups(peeredVpc2(f0()), 'sg-1', 'sg-2', 'sg-9');
  return f.groups('eni-2x', 'sg-1').dissociate('eni-1', 'release');
}

/**
 * F0 with everything that can lead into vpc-1: vpc-2 by pcx-1 in IPv4 and by tgw-1 in IPv6, vpc-3 by tgw-1, sites by vgw-1, the
 * internet by igw-1, an appliance. All is open; a subnet has an access list of its own. i-2 has a second interface in subnet-a.
 */
export function crowd(routed = true): Fixture {
  const f = openGroups(transit(vpn(appliance(f0())), routed), 'sg-1', 'sg-2', 'sg-9', 'sg-8');
  const side = { prefix: '10.0.0.0/16', prefixV6: '2001:db8:1::/56', owner: ACCOUNT };
  const far = { vpc: 'vpc-2', prefix: '10.1.0.0/16', prefixV6: '2001:db8:2::/56' };
  f.add('VpcPeeringConnections', peeringConnection('pcx-1', { vpc: 'vpc-1', ...side }, far));
  const toThird = ['10.2.0.0/16 tgw-1', '2001:db8:3::/56 tgw-1'];
  f.table('rtb-pub').also('10.1.0.0/24 pcx-1', '2001:db8:2::/56 tgw-1', ...toThird, '192.168.0.0/16 vgw-1');
  f.table('rtb-main').routes('10.1.0.0/24 pcx-1', ...toThird, '192.168.0.0/16 vgw-1');
  f.table('rtb-p').routes('10.0.0.0/16 pcx-1', '2001:db8:1::/56 tgw-1', ...toThird);
  f.table('rtb-t').routes('10.1.0.0/16 tgw-1', ...toThird);
  f.table('rtb-pt', 'vpc-2').on('subnet-pt').routes('10.0.0.0/16 tgw-1');
  f.acl('acl-b').open().on('subnet-b');
  f.addInterface({
    ...{ id: 'eni-2y', instance: 'i-2', device: 1, subnet: 'subnet-a', ip: '10.0.1.40', groups: ['sg-2'] },
    ...{ ipv6: '2001:db8:1:1::40', secondary: ['10.0.1.44 198.51.100.44'] },
  });
  return f;
}

/**
 * The same, but vpc-2's traffic to a part of subnet-a is sent to vpc-3, which has the same range, and where it would go from
 * there is not known: the table of subnet-q was not recorded.
 */
export function overlapping(): Fixture {
  const f = crowd(false);
  const range = { CidrBlock: '10.0.1.0/27', CidrBlockState: { State: 'associated' } };
  f.edit('Vpcs', 'vpc-3', { CidrBlockAssociationSet: [{ CidrBlock: '10.2.0.0/16' }, range] });
  return transitTable(f, 'tgw-rtb-1', {
    associated: ['tgw-attach-1', 'tgw-attach-2'],
    routes: [...ROUTES, '10.0.1.0/24 tgw-attach-3'],
  });
}
