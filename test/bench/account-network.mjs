// The network of the made-up account, as `aws ec2 describe-*` prints it: 20 VPCs of 10 subnets, each subnet with its own ACL.

import {
  ACCOUNT,
  id,
  ipv4,
  PUBLIC_SUBNETS,
  prefixListId,
  REGION,
  SHAPE,
  SUBNETS_WITH_IPV6,
  subnetBase,
  subnetId,
  subnetIpv6,
  subnetNumber,
  tag,
  vpcId,
  vpcIpv6,
  vpcPrefix,
  ZONE_IDS,
  ZONES,
} from './account-shape.mjs';

const NO_BLOCK = { InternetGatewayBlockMode: 'off' };
const vpcIpv6Prefix = (v) => `${vpcIpv6(v)}:/56`;

function* everyVpc(recordOf) {
  for (let v = 0; v < SHAPE.vpcs; v++) yield recordOf(v);
}

function* everySubnet(recordOf) {
  for (let v = 0; v < SHAPE.vpcs; v++) for (let s = 0; s < SHAPE.subnetsPerVpc; s++) yield recordOf(v, s);
}

export const vpcs = () =>
  everyVpc((v) => ({
    OwnerId: ACCOUNT,
    InstanceTenancy: 'default',
    Ipv6CidrBlockAssociationSet: [
      {
        AssociationId: id('vpc-cidr-assoc', 1000 + v),
        Ipv6CidrBlock: vpcIpv6Prefix(v),
        Ipv6CidrBlockState: { State: 'associated' },
        NetworkBorderGroup: REGION,
        Ipv6Pool: 'Amazon',
      },
    ],
    CidrBlockAssociationSet: [0, 1].map((half) => ({
      AssociationId: id('vpc-cidr-assoc', v * 2 + half),
      CidrBlock: vpcPrefix(v, half),
      CidrBlockState: { State: 'associated' },
    })),
    IsDefault: false,
    Tags: [tag('Name', `vpc-${v}`)],
    BlockPublicAccessStates: NO_BLOCK,
    VpcId: vpcId(v),
    State: 'available',
    CidrBlock: vpcPrefix(v, 0),
    DhcpOptionsId: id('dopt', 0),
  }));

export const subnets = () =>
  everySubnet((v, s) => ({
    AvailabilityZoneId: ZONE_IDS[s % 3],
    MapCustomerOwnedIpOnLaunch: false,
    OwnerId: ACCOUNT,
    AssignIpv6AddressOnCreation: SUBNETS_WITH_IPV6.includes(s),
    Ipv6CidrBlockAssociationSet: SUBNETS_WITH_IPV6.includes(s)
      ? [
          {
            AssociationId: id('subnet-cidr-assoc', subnetNumber(v, s)),
            Ipv6CidrBlock: `${subnetIpv6(v, s)}/64`,
            Ipv6CidrBlockState: { State: 'associated' },
          },
        ]
      : [],
    Tags: [tag('Name', `vpc-${v}-${s < PUBLIC_SUBNETS ? 'public' : 'private'}-${s}`)],
    SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/${subnetId(v, s)}`,
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    BlockPublicAccessStates: NO_BLOCK,
    SubnetId: subnetId(v, s),
    State: 'available',
    VpcId: vpcId(v),
    CidrBlock: `${ipv4(subnetBase(v, s))}/19`,
    AvailableIpAddressCount: 4096,
    AvailabilityZone: ZONES[s % 3],
    DefaultForAz: false,
    MapPublicIpOnLaunch: s < PUBLIC_SUBNETS,
  }));

const aclEntry = (RuleNumber, Egress, RuleAction, Protocol, peer, ports) => ({
  ...peer,
  Egress,
  ...(ports && { PortRange: { From: ports[0], To: ports[1] } }),
  Protocol,
  RuleAction,
  RuleNumber,
});

/** A few typical entries: some subnets shut SSH out, some deny one network first, some forget the client's ports on the way back. */
function aclEntries(v, s) {
  const all4 = { CidrBlock: '0.0.0.0/0' };
  const all6 = { Ipv6CidrBlock: '::/0' };
  const kind = (v + s) % 5;
  const inbound = [aclEntry(90, false, 'deny', '-1', { CidrBlock: `198.51.${(v * 10 + s) % 256}.0/24` })];
  if (kind === 1) inbound.push(aclEntry(95, false, 'deny', '6', all4, [22, 22]));
  inbound.push(aclEntry(100, false, 'allow', '-1', all4), aclEntry(101, false, 'allow', '-1', all6));
  const outbound =
    kind === 2
      ? [aclEntry(100, true, 'allow', '6', all4, [32768, 60999]), aclEntry(110, true, 'allow', '6', all4, [443, 443])]
      : [aclEntry(100, true, 'allow', '-1', all4), aclEntry(101, true, 'allow', '-1', all6)];
  const last = (egress) => [aclEntry(32767, egress, 'deny', '-1', all4), aclEntry(32768, egress, 'deny', '-1', all6)];
  return [...outbound, ...last(true), ...inbound, ...last(false)];
}

export const networkAcls = () =>
  everySubnet((v, s) => {
    const NetworkAclId = id('acl', subnetNumber(v, s));
    return {
      Associations: [
        { NetworkAclAssociationId: id('aclassoc', subnetNumber(v, s)), NetworkAclId, SubnetId: subnetId(v, s) },
      ],
      Entries: aclEntries(v, s),
      IsDefault: s === 0,
      NetworkAclId,
      Tags: [],
      VpcId: vpcId(v),
      OwnerId: ACCOUNT,
    };
  });

const localRoute = (destination) => ({
  ...destination,
  GatewayId: 'local',
  Origin: 'CreateRouteTable',
  State: 'active',
});

const route = (destination, hop) => ({ ...destination, ...hop, Origin: 'CreateRoute', State: 'active' });

/** Per VPC the main table (local routes only), one table for the public subnets, one for the private ones. */
function routeTable(v, role) {
  const number = v * 3 + ['main', 'public', 'private'].indexOf(role);
  const RouteTableId = id('rtb', number);
  const own = [...Array(SHAPE.subnetsPerVpc).keys()].filter(
    (s) => role !== 'main' && s < PUBLIC_SUBNETS === (role === 'public'),
  );
  const link = (n, side) => ({
    Main: role === 'main',
    RouteTableAssociationId: id('rtbassoc', n),
    RouteTableId,
    ...side,
    AssociationState: { State: 'associated' },
  });
  const local = [
    { DestinationCidrBlock: vpcPrefix(v, 0) },
    { DestinationCidrBlock: vpcPrefix(v, 1) },
    { DestinationIpv6CidrBlock: vpcIpv6Prefix(v) },
  ];
  const routes = local.map(localRoute);
  const gateway = { GatewayId: id('igw', v) };
  if (role === 'public') {
    routes.push(
      route({ DestinationCidrBlock: '0.0.0.0/0' }, gateway),
      route({ DestinationIpv6CidrBlock: '::/0' }, gateway),
    );
  }
  if (role === 'private') routes.push(route({ DestinationCidrBlock: '0.0.0.0/0' }, { NatGatewayId: id('nat', v) }));
  return {
    Associations:
      role === 'main' ? [link(10_000 + v)] : own.map((s) => link(subnetNumber(v, s), { SubnetId: subnetId(v, s) })),
    PropagatingVgws: [],
    RouteTableId,
    Routes: routes,
    Tags: [tag('Name', `vpc-${v}-${role}`)],
    VpcId: vpcId(v),
    OwnerId: ACCOUNT,
  };
}

export function* routeTables() {
  for (let v = 0; v < SHAPE.vpcs; v++) for (const role of ['main', 'public', 'private']) yield routeTable(v, role);
}

export const internetGateways = () =>
  everyVpc((v) => ({
    Attachments: [{ State: 'available', VpcId: vpcId(v) }],
    InternetGatewayId: id('igw', v),
    OwnerId: ACCOUNT,
    Tags: [tag('Name', `vpc-${v}`)],
  }));

export const natGateways = () =>
  everyVpc((v) => ({
    CreateTime: '2024-01-10T08:00:00+00:00',
    NatGatewayAddresses: [
      {
        AllocationId: id('eipalloc', v),
        NetworkInterfaceId: id('eni', 5_000_000 + v),
        PrivateIp: ipv4(subnetBase(v, 0) + 8190),
        PublicIp: `18.255.0.${v}`,
        AssociationId: id('eipassoc', v),
        IsPrimary: true,
        Status: 'succeeded',
      },
    ],
    NatGatewayId: id('nat', v),
    State: 'available',
    SubnetId: subnetId(v, 0),
    VpcId: vpcId(v),
    Tags: [],
    ConnectivityType: 'public',
  }));

export function* prefixLists() {
  for (let n = 0; n < SHAPE.prefixLists; n++) {
    yield {
      PrefixListId: prefixListId(n),
      AddressFamily: 'IPv4',
      State: 'create-complete',
      PrefixListArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:prefix-list/${prefixListId(n)}`,
      PrefixListName: `offices-${n}`,
      MaxEntries: 1000,
      Version: 3,
      Tags: [],
      OwnerId: ACCOUNT,
    };
  }
}

/** The entries of prefix list `n`, distinct networks of different sizes. */
export function* prefixListEntries(n) {
  for (let k = 0; k < SHAPE.prefixListEntries; k++) {
    yield {
      Cidr: `${ipv4((100 << 24) + ((n * SHAPE.prefixListEntries + k) << 12))}/${20 + (k % 13)}`,
      Description: `office ${n}-${k}`,
    };
  }
}
