import type { CliRecord, Json } from './collection.js';
import { networkAclEntry } from './notation.js';

export const ACCOUNT = '111122223333';

export const REGION = 'eu-west-1';

export function vpc(id: string, prefix: string, prefixV6?: string): CliRecord {
  const associations = prefixV6 === undefined ? [] : [subnetPrefixV6(id, prefixV6)];
  return {
    VpcId: id,
    OwnerId: ACCOUNT,
    CidrBlock: prefix,
    CidrBlockAssociationSet: [
      { AssociationId: `vpc-cidr-assoc-${id}`, CidrBlock: prefix, CidrBlockState: { State: 'associated' } },
    ],
    Ipv6CidrBlockAssociationSet: associations.map((a) => ({ ...a, Ipv6Pool: 'Amazon', NetworkBorderGroup: REGION })),
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    DhcpOptionsId: 'dopt-1',
    InstanceTenancy: 'default',
    IsDefault: false,
    State: 'available',
    Tags: [],
  };
}

/** `zone` is the letter: `a` is eu-west-1a. */
export interface SubnetSpec {
  readonly vpc: string;
  readonly prefix: string;
  readonly zone: string;
  readonly prefixV6?: string;
}

export function subnet(id: string, of: SubnetSpec): CliRecord {
  return {
    SubnetId: id,
    SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/${id}`,
    VpcId: of.vpc,
    OwnerId: ACCOUNT,
    CidrBlock: of.prefix,
    Ipv6CidrBlockAssociationSet: of.prefixV6 === undefined ? [] : [subnetPrefixV6(id, of.prefixV6)],
    AvailabilityZone: `${REGION}${of.zone}`,
    AvailabilityZoneId: zoneId(of.zone),
    MapPublicIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6Native: false,
    DefaultForAz: false,
    AvailableIpAddressCount: 250,
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    State: 'available',
    Tags: [],
  };
}

/** `a` is zone euw1-az1 here, `b` euw1-az2. */
export function zoneId(zone: string): string {
  return `euw1-az${zone.charCodeAt(0) - 96}`;
}

export function securityGroup(id: string, vpcId: string, owner: string): CliRecord {
  return {
    GroupId: id,
    GroupName: id,
    Description: `group ${id}`,
    OwnerId: owner,
    VpcId: vpcId,
    SecurityGroupArn: `arn:aws:ec2:${REGION}:${owner}:security-group/${id}`,
    Tags: [],
  };
}

/** An ACL as AWS creates it: nothing but the two `*` entries of each direction. */
export function networkAcl(id: string, vpcId: string, isDefault: boolean): CliRecord {
  return { NetworkAclId: id, VpcId: vpcId, OwnerId: ACCOUNT, IsDefault: isDefault, Associations: [], Tags: [] };
}

/** The entries that AWS adds behind every ACL and that cannot be removed. */
export function starEntries(egress: boolean): readonly CliRecord[] {
  return ['32767 deny all 0.0.0.0/0', '32768 deny all ::/0'].map((text) => networkAclEntry(text, egress));
}

export function routeTable(id: string, vpcId: string): CliRecord {
  return {
    RouteTableId: id,
    VpcId: vpcId,
    OwnerId: ACCOUNT,
    Associations: [],
    PropagatingVgws: [],
    Routes: [],
    Tags: [],
  };
}

export function internetGateway(id: string, vpcId: string): CliRecord {
  return {
    InternetGatewayId: id,
    OwnerId: ACCOUNT,
    Attachments: [{ State: 'available', VpcId: vpcId }],
    Tags: [],
  };
}

export function managedPrefixList(id: string, prefixes: readonly string[]): CliRecord {
  return {
    PrefixListId: id,
    PrefixListName: id,
    PrefixListArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:prefix-list/${id}`,
    AddressFamily: prefixes.some((prefix) => prefix.includes(':')) ? 'IPv6' : 'IPv4',
    MaxEntries: 10,
    OwnerId: ACCOUNT,
    State: 'create-complete',
    Version: 1,
    Tags: [],
  };
}

export function blockPublicAccessOptions(fields: CliRecord): CliRecord {
  return {
    AwsAccountId: ACCOUNT,
    AwsRegion: REGION,
    State: 'default-state',
    InternetGatewayBlockMode: 'off',
    LastUpdateTimestamp: '2026-01-05T08:00:00+00:00',
    ManagedBy: 'account',
    ExclusionsAllowed: 'allowed',
    ...fields,
  };
}

/** How the service words its refusal. */
export function denialOf(operation: string): CliRecord {
  return operation.startsWith('ec2:')
    ? { code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.' }
    : { code: 'AccessDeniedException', message: `not authorized to perform: ${operation}` };
}

/** A VPC's prefixes of both families: those that have a local route. */
export function prefixesOf(vpcRecord: CliRecord): readonly string[] {
  const v4 = recordsIn(vpcRecord.CidrBlockAssociationSet).map((a) => String(a.CidrBlock));
  const v6 = recordsIn(vpcRecord.Ipv6CidrBlockAssociationSet).map((a) => String(a.Ipv6CidrBlock));
  return [...v4, ...v6];
}

/** The value as one record; empty where it is none. */
export function recordIn(value: Json | undefined): CliRecord {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as CliRecord) : {};
}

/** The value as a list of records. */
export function recordsIn(value: Json | undefined): readonly CliRecord[] {
  return Array.isArray(value) ? value.map(recordIn) : [];
}

function subnetPrefixV6(id: string, prefix: string): CliRecord {
  return {
    AssociationId: `cidr-assoc-${id}`,
    Ipv6CidrBlock: prefix,
    Ipv6CidrBlockState: { State: 'associated' },
  };
}
