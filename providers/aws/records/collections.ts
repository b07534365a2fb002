import type { Read } from '../../../src/record/index.js';
import * as connection from './connection-records.js';
import * as shape from './records.js';

/** One kind of answer: the key under which it stands, what must be permitted to ask for it, how a record is read. */
interface Kind<T> {
  /** The top-level key of the recorded answer. */
  readonly key: string;
  /** The IAM action of the call. */
  readonly action: string;
  readonly read: Read<T>;
  /** The field by which a record is told from another; absent where the answer is a list without identities. */
  readonly id?: (record: T) => string;
  /** The request's identifying parameter, for answers that do not name their subject, and the shape of its ids. */
  readonly subject?: { readonly parameter: string; readonly pattern: RegExp };
}

function kind<T>(key: string, action: string, read: Read<T>, id: (record: T) => string): Kind<T> {
  return { key, action, read, id };
}

function answerOf<T>(key: string, action: string, read: Read<T>, parameter: string, pattern: RegExp): Kind<T> {
  return { key, action, read, subject: { parameter, pattern } };
}

const instanceId = /(?<![0-9a-z])i-[0-9a-f]+/g;
const table = /tgw-rtb-[0-9a-z-]+/g;
const arn = /arn:aws[\w-]*:elasticloadbalancing:[\w/:-]+/g;

/** Every answer that port22 understands. */
export const kinds = {
  instances: kind('Reservations', 'ec2:DescribeInstances', shape.instance, (r) => r.InstanceId),
  userData: answerOf('UserData', 'ec2:DescribeInstanceAttribute', shape.userData, 'InstanceId', instanceId),
  statuses: kind('InstanceStatuses', 'ec2:DescribeInstanceStatus', shape.instanceStatus, (r) => r.InstanceId),
  interfaces: kind(
    'NetworkInterfaces',
    'ec2:DescribeNetworkInterfaces',
    shape.networkInterface,
    (r) => r.NetworkInterfaceId,
  ),
  addresses: kind(
    'Addresses',
    'ec2:DescribeAddresses',
    shape.address,
    (r) => r.AllocationId ?? r.PublicIp ?? r.CarrierIp ?? '',
  ),
  subnets: kind('Subnets', 'ec2:DescribeSubnets', shape.subnet, (r) => r.SubnetId),
  vpcs: kind('Vpcs', 'ec2:DescribeVpcs', shape.vpc, (r) => r.VpcId),
  groups: kind('SecurityGroups', 'ec2:DescribeSecurityGroups', shape.securityGroup, (r) => r.GroupId),
  groupRules: kind(
    'SecurityGroupRules',
    'ec2:DescribeSecurityGroupRules',
    shape.securityGroupRule,
    (r) => r.SecurityGroupRuleId,
  ),
  staleGroups: kind('StaleSecurityGroupSet', 'ec2:DescribeStaleSecurityGroups', shape.staleGroup, (r) => r.GroupId),
  groupVpcs: kind(
    'SecurityGroupVpcAssociations',
    'ec2:DescribeSecurityGroupVpcAssociations',
    shape.groupVpcAssociation,
    (r) => `${r.GroupId} ${r.VpcId}`,
  ),
  acls: kind('NetworkAcls', 'ec2:DescribeNetworkAcls', shape.networkAcl, (r) => r.NetworkAclId),
  tables: kind('RouteTables', 'ec2:DescribeRouteTables', shape.routeTable, (r) => r.RouteTableId),
  gateways: kind('InternetGateways', 'ec2:DescribeInternetGateways', shape.internetGateway, (r) => r.InternetGatewayId),
  nats: kind('NatGateways', 'ec2:DescribeNatGateways', shape.natGateway, (r) => r.NatGatewayId),
  prefixLists: kind('PrefixLists', 'ec2:DescribeManagedPrefixLists', shape.prefixList, (r) => r.PrefixListId),
  prefixListEntries: answerOf(
    'Entries',
    'ec2:GetManagedPrefixListEntries',
    shape.prefixListEntry,
    'PrefixListId',
    /pl-[0-9a-z-]+/g,
  ),
  peerings: kind(
    'VpcPeeringConnections',
    'ec2:DescribeVpcPeeringConnections',
    connection.peering,
    (r) => r.VpcPeeringConnectionId,
  ),
  publicAccessOptions: kind(
    'VpcBlockPublicAccessOptions',
    'ec2:DescribeVpcBlockPublicAccessOptions',
    connection.publicAccessOptions,
    (r) => `${r.AwsAccountId ?? ''} ${r.AwsRegion ?? ''}`,
  ),
  publicAccessExclusions: kind(
    'VpcBlockPublicAccessExclusions',
    'ec2:DescribeVpcBlockPublicAccessExclusions',
    connection.publicAccessExclusion,
    (r) => r.ExclusionId,
  ),
  encryptionControls: kind(
    'VpcEncryptionControls',
    'ec2:DescribeVpcEncryptionControls',
    connection.encryptionControl,
    (r) => r.VpcId,
  ),
  endpoints: kind('VpcEndpoints', 'ec2:DescribeVpcEndpoints', connection.vpcEndpoint, (r) => r.VpcEndpointId),
  transitGateways: kind(
    'TransitGateways',
    'ec2:DescribeTransitGateways',
    connection.transitGateway,
    (r) => r.TransitGatewayId,
  ),
  transitAttachments: kind(
    'TransitGatewayAttachments',
    'ec2:DescribeTransitGatewayAttachments',
    connection.transitGatewayAttachment,
    (r) => r.TransitGatewayAttachmentId,
  ),
  transitVpcAttachments: kind(
    'TransitGatewayVpcAttachments',
    'ec2:DescribeTransitGatewayVpcAttachments',
    connection.transitGatewayVpcAttachment,
    (r) => r.TransitGatewayAttachmentId,
  ),
  transitTables: kind(
    'TransitGatewayRouteTables',
    'ec2:DescribeTransitGatewayRouteTables',
    connection.transitGatewayRouteTable,
    (r) => r.TransitGatewayRouteTableId,
  ),
  transitRoutes: answerOf(
    'Routes',
    'ec2:SearchTransitGatewayRoutes',
    connection.transitGatewayRoute,
    'TransitGatewayRouteTableId',
    table,
  ),
  transitAssociations: answerOf(
    'Associations',
    'ec2:GetTransitGatewayRouteTableAssociations',
    connection.transitGatewayAssociation,
    'TransitGatewayRouteTableId',
    table,
  ),
  vpnGateways: kind('VpnGateways', 'ec2:DescribeVpnGateways', connection.vpnGateway, (r) => r.VpnGatewayId),
  vpnConnections: kind(
    'VpnConnections',
    'ec2:DescribeVpnConnections',
    connection.vpnConnection,
    (r) => r.VpnConnectionId,
  ),
  carrierGateways: kind(
    'CarrierGateways',
    'ec2:DescribeCarrierGateways',
    connection.carrierGateway,
    (r) => r.CarrierGatewayId,
  ),
  byoipCidrs: kind('ByoipCidrs', 'ec2:DescribeByoipCidrs', connection.byoipCidr, (r) => r.Cidr),
  connectEndpoints: kind(
    'InstanceConnectEndpoints',
    'ec2:DescribeInstanceConnectEndpoints',
    connection.connectEndpoint,
    (r) => r.InstanceConnectEndpointId,
  ),
  balancers: kind(
    'LoadBalancers',
    'elasticloadbalancing:DescribeLoadBalancers',
    connection.loadBalancer,
    (r) => r.LoadBalancerArn,
  ),
  listeners: kind('Listeners', 'elasticloadbalancing:DescribeListeners', connection.listener, (r) => r.ListenerArn),
  targetGroups: kind(
    'TargetGroups',
    'elasticloadbalancing:DescribeTargetGroups',
    connection.targetGroup,
    (r) => r.TargetGroupArn,
  ),
  targetHealth: answerOf(
    'TargetHealthDescriptions',
    'elasticloadbalancing:DescribeTargetHealth',
    connection.targetHealth,
    'TargetGroupArn',
    arn,
  ),
  targetGroupAttributes: answerOf(
    'Attributes',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    connection.attribute,
    'TargetGroupArn',
    arn,
  ),
  balancerAttributes: answerOf(
    'Attributes',
    'elasticloadbalancing:DescribeLoadBalancerAttributes',
    connection.attribute,
    'LoadBalancerArn',
    arn,
  ),
  managedInstances: kind(
    'InstanceInformationList',
    'ssm:DescribeInstanceInformation',
    connection.managedInstance,
    (r) => r.InstanceId,
  ),
  serialConsole: kind(
    'SerialConsoleAccessEnabled',
    'ec2:GetSerialConsoleAccessStatus',
    connection.serialConsoleAccess,
    (r) => `${r.account ?? ''} ${r.region ?? ''}`,
  ),
  images: kind('Images', 'ec2:DescribeImages', connection.image, (r) => r.ImageId),
  virtualInterfaces: kind(
    'virtualInterfaces',
    'directconnect:DescribeVirtualInterfaces',
    connection.virtualInterface,
    (r) => r.virtualInterfaceId,
  ),
} as const;

export type KindName = keyof typeof kinds;
export type RecordOfKind<K extends KindName> = shape.RecordOf<(typeof kinds)[K]['read']>;

/** The keys of answers that port22 knows and has no use for: no warning is due. */
export const ignoredKeys: ReadonlySet<string> = new Set([
  'Regions',
  'KeyPairs',
  'EgressOnlyInternetGateways',
  'LocalGatewayRouteTables',
  'TransitGatewayPeeringAttachments',
  'TransitGatewayRouteTablePropagations',
  'TransitGatewayPrefixListReferences',
  'AvailabilityZones',
  'ResponseMetadata',
]);
