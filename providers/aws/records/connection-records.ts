import { cidr, flag, key, list, may, must, nice, number, object, type Read, text } from '../../../src/record/index.js';

/** The nouns of everything that joins networks, and of what stands before an instance: the fields that matter, no others. */
const vpcAttachments = list(object({ VpcId: must(text), State: must(text) }));

const peeredVpc = object({
  VpcId: may(text),
  OwnerId: may(text),
  Region: may(text),
  CidrBlock: may(cidr),
  CidrBlockSet: may(list(object({ CidrBlock: must(cidr) }))),
  Ipv6CidrBlockSet: may(list(object({ Ipv6CidrBlock: must(cidr) }))),
});

export const peering = object({
  VpcPeeringConnectionId: key(text),
  Status: must(object({ Code: must(text) })),
  RequesterVpcInfo: must(peeredVpc),
  AccepterVpcInfo: must(peeredVpc),
});

export const publicAccessOptions = object({
  AwsAccountId: nice(text),
  AwsRegion: nice(text),
  State: may(text),
  InternetGatewayBlockMode: must(text),
  ManagedBy: nice(text),
  ExclusionsAllowed: nice(text),
});

/** Whether an account allows the serial console in a region: the answer is a flag that stands by itself. */
type SerialConsoleAccess = { readonly enabled?: boolean; readonly account?: string; readonly region?: string };

export const serialConsoleAccess: Read<SerialConsoleAccess> = (value, reading) => {
  const enabled = flag(value, reading);
  return enabled === undefined ? undefined : { enabled };
};

export const publicAccessExclusion = object({
  ExclusionId: key(text),
  ResourceArn: must(text),
  InternetGatewayExclusionMode: must(text),
  State: must(text),
});

const exclusionState = may(object({ State: may(text) }));
export const encryptionControl = object({
  VpcEncryptionControlId: nice(text),
  VpcId: key(text),
  Mode: must(text),
  State: may(text),
  ResourceExclusions: may(object({ InternetGateway: exclusionState })),
});

export const vpcEndpoint = object({
  VpcEndpointId: key(text),
  VpcEndpointType: must(text),
  VpcId: may(text),
  ServiceName: nice(text),
  State: may(text),
});

export const transitGateway = object({
  TransitGatewayId: key(text),
  OwnerId: nice(text),
  State: may(text),
  Options: may(
    object({
      SecurityGroupReferencingSupport: may(text),
      DefaultRouteTableAssociation: nice(text),
      AssociationDefaultRouteTableId: nice(text),
      DefaultRouteTablePropagation: nice(text),
      PropagationDefaultRouteTableId: nice(text),
    }),
  ),
});

export const transitGatewayAttachment = object({
  TransitGatewayAttachmentId: key(text),
  TransitGatewayId: must(text),
  ResourceOwnerId: nice(text),
  ResourceType: must(text),
  ResourceId: may(text),
  State: must(text),
  Association: may(object({ TransitGatewayRouteTableId: may(text), State: may(text) })),
});

export const transitGatewayVpcAttachment = object({
  TransitGatewayAttachmentId: key(text),
  TransitGatewayId: must(text),
  VpcId: must(text),
  VpcOwnerId: nice(text),
  State: must(text),
  SubnetIds: must(list(text)),
  Options: may(
    object({ SecurityGroupReferencingSupport: may(text), Ipv6Support: may(text), ApplianceModeSupport: may(text) }),
  ),
});

export const transitGatewayRouteTable = object({ TransitGatewayRouteTableId: key(text), TransitGatewayId: must(text) });

export const transitGatewayRoute = object({
  DestinationCidrBlock: may(text),
  PrefixListId: may(text),
  Type: may(text),
  State: must(text),
  TransitGatewayAttachments: may(
    list(object({ TransitGatewayAttachmentId: must(text), ResourceId: may(text), ResourceType: may(text) })),
  ),
});

export const transitGatewayAssociation = object({
  TransitGatewayAttachmentId: key(text),
  ResourceId: may(text),
  State: must(text),
});

export const vpnGateway = object({ VpnGatewayId: key(text), State: may(text), VpcAttachments: must(vpcAttachments) });

export const vpnConnection = object({
  VpnConnectionId: key(text),
  State: must(text),
  VpnGatewayId: may(text),
  TransitGatewayId: may(text),
  Options: may(object({ StaticRoutesOnly: may(flag) })),
  Routes: may(list(object({ DestinationCidrBlock: must(text), State: may(text) }))),
  VgwTelemetry: may(list(object({ Status: must(text), AcceptedRouteCount: may(number) }))),
});

export const carrierGateway = object({ CarrierGatewayId: key(text), VpcId: may(text) });

export const byoipCidr = object({ Cidr: key(text), State: must(text) });

export const connectEndpoint = object({
  InstanceConnectEndpointId: key(text),
  State: must(text),
  VpcId: must(text),
  SubnetId: must(text),
  SecurityGroupIds: may(list(text)),
  PreserveClientIp: may(flag),
  IpAddressType: may(text),
  NetworkInterfaceIds: may(list(text)),
});

export const loadBalancer = object({
  LoadBalancerArn: key(text),
  LoadBalancerName: nice(text),
  DNSName: nice(text),
  VpcId: may(text),
  Type: must(text),
  Scheme: must(text),
  State: nice(object({ Code: nice(text) })),
  IpAddressType: may(text),
  SecurityGroups: may(list(text)),
  AvailabilityZones: must(
    list(
      object({
        ZoneName: may(text),
        SubnetId: may(text),
        LoadBalancerAddresses: may(
          list(object({ IpAddress: may(text), PrivateIPv4Address: may(text), IPv6Address: may(text) })),
        ),
      }),
    ),
  ),
});

export const listener = object({
  ListenerArn: key(text),
  LoadBalancerArn: must(text),
  Port: must(number),
  Protocol: must(text),
  DefaultActions: must(
    list(
      object({
        Type: must(text),
        TargetGroupArn: may(text),
        ForwardConfig: may(object({ TargetGroups: may(list(object({ TargetGroupArn: must(text) }))) })),
      }),
    ),
  ),
});

export const targetGroup = object({
  TargetGroupArn: key(text),
  TargetGroupName: nice(text),
  Protocol: may(text),
  Port: may(number),
  VpcId: may(text),
  TargetType: must(text),
  IpAddressType: may(text),
  LoadBalancerArns: may(list(text)),
});

export const targetHealth = object({
  Target: must(object({ Id: must(text), Port: may(number), AvailabilityZone: may(text) })),
  TargetHealth: must(object({ State: must(text), Reason: nice(text) })),
});

export const attribute = object({ Key: key(text), Value: may(text) });

export const managedInstance = object({ InstanceId: key(text), PingStatus: must(text), PlatformName: nice(text) });

export const image = object({ ImageId: key(text), Name: nice(text) });

export const virtualInterface = object({
  virtualInterfaceId: key(text),
  virtualInterfaceType: must(text),
  virtualInterfaceState: must(text),
  virtualGatewayId: may(text),
  directConnectGatewayId: may(text),
});
