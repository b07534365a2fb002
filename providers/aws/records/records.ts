import {
  cidr,
  flag,
  ipAddress,
  kept,
  key,
  list,
  may,
  must,
  nice,
  number,
  object,
  port,
  type Read,
  shared,
  sharedText,
  text,
} from '../../../src/record/index.js';
import type * as connection from './connection-records.js';
import { portOrType, protocol, ruleNumber } from './notation.js';

/** What a shape reads. */
export type RecordOf<R> = R extends Read<infer T> ? T : never;

/** The cloud's own nouns: the fields of each API answer that reachability depends on, and no others. */
const tags = nice(
  kept(list(object({ Key: must(sharedText), Value: must(text) })), (all) => {
    const name = all.find(({ Key }) => Key === 'Name');
    return name ? [name] : [];
  }),
);
const groupIds = kept(list(object({ GroupId: key(sharedText) })), (groups) => groups.map(({ GroupId }) => GroupId));

const association = object({
  PublicIp: may(ipAddress),
  CarrierIp: may(ipAddress),
  CustomerOwnedIp: may(ipAddress),
});

const privateAddress = object({ PrivateIpAddress: key(ipAddress), Primary: may(flag), Association: may(association) });
const ipv6Address = object({ Ipv6Address: key(ipAddress) });
const delegated = {
  Ipv4Prefixes: may(list(object({ Ipv4Prefix: key(cidr) }))),
  Ipv6Prefixes: may(list(object({ Ipv6Prefix: key(cidr) }))),
};

const embeddedInterface = object({
  NetworkInterfaceId: key(text),
  SubnetId: may(sharedText),
  VpcId: may(sharedText),
  Status: may(sharedText),
  Groups: must(groupIds),
  Attachment: may(object({ DeviceIndex: may(number), Status: may(sharedText) })),
  PrivateIpAddresses: must(list(privateAddress)),
  Ipv6Addresses: may(list(ipv6Address)),
  ...delegated,
});

export const instance = object({
  InstanceId: key(text),
  State: must(shared(object({ Name: must(sharedText) }))),
  VpcId: may(sharedText),
  SubnetId: may(sharedText),
  Placement: nice(shared(object({ AvailabilityZone: nice(sharedText) }))),
  PlatformDetails: nice(sharedText),
  Platform: nice(sharedText),
  ImageId: nice(sharedText),
  InstanceType: nice(sharedText),
  KeyName: nice(sharedText),
  PrivateDnsName: nice(text),
  PublicDnsName: nice(text),
  Operator: may(shared(object({ Managed: must(flag), Principal: nice(text) }))),
  Tags: tags,
  NetworkInterfaces: must(list(embeddedInterface)),
});

/** The answer about one attribute of an instance; without a value where it was started without user data. */
export const userData = object({ Value: may(text) });

const statusSummary = object({ Status: must(text) });
export const instanceStatus = object({
  InstanceId: key(text),
  SystemStatus: may(statusSummary),
  InstanceStatus: may(statusSummary),
  AttachedEbsStatus: may(statusSummary),
});

export const networkInterface = object({
  NetworkInterfaceId: key(text),
  OwnerId: nice(sharedText),
  SubnetId: must(sharedText),
  VpcId: must(sharedText),
  Status: may(sharedText),
  InterfaceType: may(sharedText),
  Description: nice(sharedText),
  DenyAllIgwTraffic: may(flag),
  Attachment: may(object({ InstanceId: may(text), DeviceIndex: may(number), Status: may(sharedText) })),
  Groups: must(groupIds),
  PrivateIpAddresses: must(list(privateAddress)),
  Ipv6Addresses: may(list(ipv6Address)),
  ...delegated,
});

export const address = object({
  PublicIp: may(text),
  CarrierIp: may(text),
  CustomerOwnedIp: may(text),
  AllocationId: may(text),
  AssociationId: may(text),
  NetworkInterfaceId: may(text),
  InstanceId: nice(text),
  PrivateIpAddress: may(text),
  PublicIpv4Pool: may(text),
});

const publicAccessStates = may(object({ InternetGatewayBlockMode: must(text) }));

export const subnet = object({
  SubnetId: key(text),
  SubnetArn: nice(text),
  OwnerId: nice(text),
  VpcId: must(text),
  CidrBlock: may(cidr),
  Ipv6CidrBlockAssociationSet: may(
    list(object({ Ipv6CidrBlock: must(cidr), Ipv6CidrBlockState: may(object({ State: must(text) })) })),
  ),
  AvailabilityZone: may(text),
  AvailabilityZoneId: nice(text),
  MapPublicIpOnLaunch: nice(flag),
  AssignIpv6AddressOnCreation: nice(flag),
  BlockPublicAccessStates: publicAccessStates,
  Tags: tags,
});

export const vpc = object({
  VpcId: key(text),
  OwnerId: nice(text),
  CidrBlock: may(cidr),
  CidrBlockAssociationSet: may(
    list(object({ CidrBlock: must(cidr), CidrBlockState: may(object({ State: must(text) })) })),
  ),
  Ipv6CidrBlockAssociationSet: may(
    list(object({ Ipv6CidrBlock: must(cidr), Ipv6CidrBlockState: may(object({ State: must(text) })) })),
  ),
  BlockPublicAccessStates: publicAccessStates,
  Tags: tags,
});

const groupPair = object({
  GroupId: key(text),
  UserId: may(text),
  VpcId: may(text),
  VpcPeeringConnectionId: may(text),
  PeeringStatus: may(text),
});

export const permission = object({
  IpProtocol: must(protocol),
  FromPort: may(portOrType),
  ToPort: may(portOrType),
  IpRanges: may(list(object({ CidrIp: must(text), Description: nice(text) }))),
  Ipv6Ranges: may(list(object({ CidrIpv6: must(text), Description: nice(text) }))),
  PrefixListIds: may(list(object({ PrefixListId: key(text) }))),
  UserIdGroupPairs: may(list(groupPair)),
});

export const securityGroup = object({
  GroupId: key(text),
  GroupName: nice(text),
  OwnerId: nice(text),
  VpcId: may(text),
  IpPermissions: must(list(permission)),
  IpPermissionsEgress: must(list(permission)),
});

export const securityGroupRule = object({
  SecurityGroupRuleId: key(text),
  GroupId: key(text),
  IsEgress: must(flag),
  IpProtocol: must(protocol),
  FromPort: may(portOrType),
  ToPort: may(portOrType),
  CidrIpv4: may(text),
  CidrIpv6: may(text),
  PrefixListId: may(text),
  ReferencedGroupInfo: may(object({ GroupId: must(text) })),
});

export const staleGroup = object({
  GroupId: key(text),
  StaleIpPermissions: may(list(permission)),
  StaleIpPermissionsEgress: may(list(permission)),
});

export const groupVpcAssociation = object({ GroupId: key(text), VpcId: key(text), State: must(text) });

export const aclEntry = object({
  Egress: must(flag),
  RuleNumber: must(ruleNumber),
  RuleAction: must(text),
  Protocol: must(protocol),
  CidrBlock: may(text),
  Ipv6CidrBlock: may(text),
  PortRange: may(object({ From: must(port), To: must(port) })),
});

export const networkAcl = object({
  NetworkAclId: key(text),
  OwnerId: nice(text),
  VpcId: must(text),
  IsDefault: nice(flag),
  Associations: must(list(object({ SubnetId: must(text) }))),
  Entries: must(list(aclEntry)),
  Tags: tags,
});

export const route = object({
  DestinationCidrBlock: may(text),
  DestinationIpv6CidrBlock: may(text),
  DestinationPrefixListId: may(text),
  GatewayId: may(text),
  NatGatewayId: may(text),
  EgressOnlyInternetGatewayId: may(text),
  TransitGatewayId: may(text),
  VpcPeeringConnectionId: may(text),
  NetworkInterfaceId: may(text),
  InstanceId: may(text),
  LocalGatewayId: may(text),
  CarrierGatewayId: may(text),
  CoreNetworkArn: may(text),
  OdbNetworkArn: may(text),
  IpAddress: may(text),
  Origin: may(text),
  State: must(text),
});

export const routeTable = object({
  RouteTableId: key(text),
  OwnerId: nice(text),
  VpcId: must(text),
  Associations: must(
    list(
      object({
        RouteTableAssociationId: nice(text),
        Main: may(flag),
        SubnetId: may(text),
        GatewayId: may(text),
        AssociationState: may(object({ State: must(text) })),
      }),
    ),
  ),
  PropagatingVgws: may(list(object({ GatewayId: must(text) }))),
  Routes: must(list(route)),
  Tags: tags,
});

const vpcAttachments = list(object({ VpcId: must(text), State: must(text) }));

export const internetGateway = object({
  InternetGatewayId: key(text),
  OwnerId: nice(text),
  Attachments: must(vpcAttachments),
});

export const natGateway = object({
  NatGatewayId: key(text),
  VpcId: may(text),
  SubnetId: may(text),
  State: may(text),
  ConnectivityType: may(text),
  NatGatewayAddresses: may(
    list(object({ PublicIp: may(ipAddress), PrivateIp: may(ipAddress), NetworkInterfaceId: may(text) })),
  ),
  Tags: tags,
});

export const prefixList = object({
  PrefixListId: key(text),
  PrefixListName: nice(text),
  AddressFamily: may(text),
  OwnerId: nice(text),
  /** Only `describe-prefix-lists` prints the entries. */
  Cidrs: may(list(text)),
});

export const prefixListEntry = object({ Cidr: must(text) });

export type Instance = RecordOf<typeof instance>;
export type EmbeddedInterface = RecordOf<typeof embeddedInterface>;
export type InstanceStatus = RecordOf<typeof instanceStatus>;
export type NetworkInterface = RecordOf<typeof networkInterface>;
export type ElasticAddress = RecordOf<typeof address>;
export type Subnet = RecordOf<typeof subnet>;
export type Vpc = RecordOf<typeof vpc>;
export type Permission = RecordOf<typeof permission>;
export type SecurityGroup = RecordOf<typeof securityGroup>;
export type AclEntry = RecordOf<typeof aclEntry>;
export type NetworkAcl = RecordOf<typeof networkAcl>;
export type Route = RecordOf<typeof route>;
export type InternetGateway = RecordOf<typeof internetGateway>;
export type RouteTable = RecordOf<typeof routeTable>;
export type Peering = RecordOf<typeof connection.peering>;
export type PublicAccessExclusion = RecordOf<typeof connection.publicAccessExclusion>;
export type TransitGatewayRoute = RecordOf<typeof connection.transitGatewayRoute>;
export type VpnConnection = RecordOf<typeof connection.vpnConnection>;
export type VirtualInterface = RecordOf<typeof connection.virtualInterface>;
export type ConnectEndpoint = RecordOf<typeof connection.connectEndpoint>;
export type LoadBalancer = RecordOf<typeof connection.loadBalancer>;
export type Listener = RecordOf<typeof connection.listener>;
export type TargetGroup = RecordOf<typeof connection.targetGroup>;
export type TargetHealth = RecordOf<typeof connection.targetHealth>;
