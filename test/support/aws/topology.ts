import type { CliRecord } from './collection.js';
import type { Fixture } from './fixture.js';
import { ACCOUNT, REGION } from './records.js';

/** One side of a peering connection. */
export interface PeerSide {
  readonly vpc: string;
  readonly prefix: string;
  readonly prefixV6?: string;
  readonly owner?: string;
  readonly region?: string;
}

const VPC_1: PeerSide = { vpc: 'vpc-1', prefix: '10.0.0.0/16', prefixV6: '2001:db8:1::/56' };
const VPC_2: PeerSide = { vpc: 'vpc-2', prefix: '10.1.0.0/16', prefixV6: '2001:db8:2::/56' };

/**
 * vpc-2 10.1.0.0/16 + 2001:db8:2::/56, joined to nothing. subnet-p 10.1.0.0/24 (zone a) with main table rtb-p and acl-p,
 * open. i-9 with eni-9p, 10.1.0.9, 2001:db8:2::9 and group sg-9, which lets everything out.
 */
export function vpc2(f: Fixture): Fixture {
  f.addVpc('vpc-2', '10.1.0.0/16', '2001:db8:2::/56');
  f.addSubnet('subnet-p', { vpc: 'vpc-2', prefix: '10.1.0.0/24', zone: 'a', prefixV6: '2001:db8:2::/64' });
  f.table('rtb-p', 'vpc-2').main();
  f.acl('acl-p', 'vpc-2').open().on('subnet-p');
  f.sg('sg-9', { vpc: 'vpc-2' }).egress('all 0.0.0.0/0', 'all ::/0');
  const addresses = { ip: '10.1.0.9', ipv6: '2001:db8:2::9' };
  return f.addInstance({ id: 'i-9', eni: 'eni-9p', subnet: 'subnet-p', groups: ['sg-9'], ...addresses });
}

/** vpc-2 peered to vpc-1 by pcx-1, active, with routes both ways in both families. */
export function peeredVpc2(f: Fixture): Fixture {
  vpc2(f).add('VpcPeeringConnections', peeringConnection('pcx-1', VPC_1, VPC_2));
  f.table('rtb-p').routes('10.0.0.0/16 pcx-1', '2001:db8:1::/56 pcx-1');
  f.table('rtb-pub').also('10.1.0.0/16 pcx-1', '2001:db8:2::/56 pcx-1');
  return f;
}

/** pcx-1 to a vpc-2 of which nothing was read but what the peering connection says. */
export function unreadPeer(f: Fixture, of: { readonly owner?: string; readonly region?: string }): Fixture {
  f.add('VpcPeeringConnections', peeringConnection('pcx-1', VPC_1, { ...VPC_2, ...of }));
  f.table('rtb-pub').also('10.1.0.0/16 pcx-1');
  return f;
}

export function peeringConnection(id: string, requester: PeerSide, accepter: PeerSide): CliRecord {
  return {
    VpcPeeringConnectionId: id,
    RequesterVpcInfo: peerSide(requester),
    AccepterVpcInfo: peerSide(accepter),
    Status: { Code: 'active', Message: 'Active' },
    Tags: [],
  };
}

/**
 * vpc-1 and vpc-2 on tgw-1, both associated with tgw-rtb-1, which has both prefixes propagated. tgw-attach-1 enters vpc-1
 * at subnet-t 10.0.9.0/28 (zone a), tgw-attach-2 vpc-2 at subnet-pt 10.1.9.0/28 (zone a), each with its own open ACL.
 */
export function transitGateway(f: Fixture): Fixture {
  vpc2(f).add('TransitGateways', transitGatewayRecord());
  f.addSubnet('subnet-t', { vpc: 'vpc-1', prefix: '10.0.9.0/28', zone: 'a' });
  f.addSubnet('subnet-pt', { vpc: 'vpc-2', prefix: '10.1.9.0/28', zone: 'a' });
  f.acl('acl-t').open().on('subnet-t');
  f.acl('acl-pt', 'vpc-2').open().on('subnet-pt');
  f.table('rtb-t').on('subnet-t').routes('10.1.0.0/16 tgw-1');
  f.table('rtb-p').routes('10.0.0.0/16 tgw-1');
  f.table('rtb-pub').also('10.1.0.0/16 tgw-1');
  attach(f, 'tgw-attach-1', 'vpc-1', 'subnet-t');
  attach(f, 'tgw-attach-2', 'vpc-2', 'subnet-pt');
  f.add('TransitGatewayRouteTables', {
    TransitGatewayRouteTableId: 'tgw-rtb-1',
    TransitGatewayId: 'tgw-1',
    State: 'available',
    DefaultAssociationRouteTable: true,
    DefaultPropagationRouteTable: true,
    Tags: [],
  });
  f.answer('ec2:GetTransitGatewayRouteTableAssociations', 'tgw-rtb-1', [
    transitGatewayAssociation('tgw-attach-1', 'vpc-1'),
    transitGatewayAssociation('tgw-attach-2', 'vpc-2'),
  ]);
  f.answer('ec2:GetTransitGatewayRouteTablePropagations', 'tgw-rtb-1', [
    { ...attachedVpc('tgw-attach-1', 'vpc-1'), State: 'enabled' },
    { ...attachedVpc('tgw-attach-2', 'vpc-2'), State: 'enabled' },
  ]);
  f.answer('ec2:GetTransitGatewayPrefixListReferences', 'tgw-rtb-1', []);
  return f.answer('ec2:SearchTransitGatewayRoutes', 'tgw-rtb-1', [
    transitGatewayRoute('10.0.0.0/16', 'tgw-attach-1', 'vpc-1'),
    transitGatewayRoute('10.1.0.0/16', 'tgw-attach-2', 'vpc-2'),
  ]);
}

/** A propagated, active route of a transit gateway's table to a VPC attachment. */
function transitGatewayRoute(prefix: string, attachment: string, vpc: string): CliRecord {
  return {
    DestinationCidrBlock: prefix,
    TransitGatewayAttachments: [attachedVpc(attachment, vpc)],
    Type: 'propagated',
    State: 'active',
  };
}

function transitGatewayAssociation(attachment: string, vpc: string): CliRecord {
  return { ...attachedVpc(attachment, vpc), State: 'associated' };
}

function attach(f: Fixture, id: string, vpc: string, ...subnets: readonly string[]): void {
  const shared = { TransitGatewayAttachmentId: id, TransitGatewayId: 'tgw-1', State: 'available', Tags: [] };
  f.add('TransitGatewayVpcAttachments', {
    ...shared,
    VpcId: vpc,
    VpcOwnerId: ACCOUNT,
    SubnetIds: subnets,
    Options: {
      DnsSupport: 'enable',
      SecurityGroupReferencingSupport: 'enable',
      Ipv6Support: 'disable',
      ApplianceModeSupport: 'disable',
    },
  });
  f.add('TransitGatewayAttachments', {
    ...shared,
    TransitGatewayOwnerId: ACCOUNT,
    ResourceOwnerId: ACCOUNT,
    ResourceType: 'vpc',
    ResourceId: vpc,
    Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
  });
}

function attachedVpc(attachment: string, vpc: string): CliRecord {
  return { TransitGatewayAttachmentId: attachment, ResourceId: vpc, ResourceType: 'vpc' };
}

function transitGatewayRecord(): CliRecord {
  return {
    TransitGatewayId: 'tgw-1',
    TransitGatewayArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:transit-gateway/tgw-1`,
    OwnerId: ACCOUNT,
    State: 'available',
    Options: {
      AmazonSideAsn: 64512,
      AutoAcceptSharedAttachments: 'disable',
      DefaultRouteTableAssociation: 'enable',
      AssociationDefaultRouteTableId: 'tgw-rtb-1',
      DefaultRouteTablePropagation: 'enable',
      PropagationDefaultRouteTableId: 'tgw-rtb-1',
      SecurityGroupReferencingSupport: 'enable',
      VpnEcmpSupport: 'enable',
      DnsSupport: 'enable',
      MulticastSupport: 'disable',
    },
    Tags: [],
  };
}

function peerSide(side: PeerSide): CliRecord {
  return {
    CidrBlock: side.prefix,
    CidrBlockSet: [{ CidrBlock: side.prefix }],
    Ipv6CidrBlockSet: side.prefixV6 === undefined ? [] : [{ Ipv6CidrBlock: side.prefixV6 }],
    OwnerId: side.owner ?? ACCOUNT,
    VpcId: side.vpc,
    Region: side.region ?? REGION,
    PeeringOptions: { AllowDnsResolutionFromRemoteVpc: false },
  };
}
