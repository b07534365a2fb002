import type { CliRecord } from './collection.js';

/** A security group rule in CLI terms, before equal protocols and ports are put together. */
export interface SecurityGroupLine {
  readonly protocol: string;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly peer: string;
  readonly options: ReadonlyMap<string, string>;
}

const ACL_PROTOCOLS: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };

/**
 * Reads `tcp 22 203.0.113.0/24`, `tcp 0-65535 ::/0`, `all sg-1`, `icmp -1 0.0.0.0/0`, `tcp 22 pl-1`.
 * A group may say where it lives: `tcp 22 sg-9 vpc=vpc-2 pcx=pcx-1 status=active user=444455556666`.
 */
export function securityGroupLine(text: string): SecurityGroupLine {
  const words = text.split(' ');
  const options = new Map(words.filter((w) => w.includes('=')).map((w): [string, string] => split(w, '=')));
  const [protocol = '', ...rest] = words.filter((w) => !w.includes('='));
  const peer = rest.at(-1) ?? '';
  if (peer === '' || rest.length > 2) throw new Error(`not a security group rule: '${text}'`);
  const [first, last] = rest.length === 2 ? portRange(rest[0] ?? '') : [undefined, undefined];
  return { protocol: protocol === 'all' ? '-1' : protocol, first, last, peer, options };
}

/** `IpPermissions` as DescribeSecurityGroups groups them: one record for each protocol and port range. */
export function ipPermissions(lines: readonly SecurityGroupLine[], owner: string): readonly CliRecord[] {
  const groups = new Map<string, SecurityGroupLine[]>();
  for (const line of lines) groups.set(portKey(line), [...(groups.get(portKey(line)) ?? []), line]);
  return [...groups.values()].map((same) => ({
    IpProtocol: same[0]?.protocol,
    FromPort: same[0]?.first,
    ToPort: same[0]?.last,
    UserIdGroupPairs: same.filter((l) => isGroup(l.peer)).map((l) => groupPair(l, owner)),
    IpRanges: same.filter((l) => isPrefixV4(l.peer)).map((l) => ({ CidrIp: l.peer })),
    Ipv6Ranges: same.filter((l) => isPrefixV6(l.peer)).map((l) => ({ CidrIpv6: l.peer })),
    PrefixListIds: same.filter((l) => isPrefixList(l.peer)).map((l) => ({ PrefixListId: l.peer })),
  }));
}

/** One record of DescribeSecurityGroupRules; protocol -1 has ports -1 here, where `IpPermissions` has none. */
export function securityGroupRule(
  line: SecurityGroupLine,
  of: { readonly id: string; readonly group: string; readonly owner: string; readonly egress: boolean },
): CliRecord {
  return {
    SecurityGroupRuleId: of.id,
    GroupId: of.group,
    GroupOwnerId: of.owner,
    IsEgress: of.egress,
    IpProtocol: line.protocol,
    FromPort: line.first ?? -1,
    ToPort: line.last ?? -1,
    CidrIpv4: isPrefixV4(line.peer) ? line.peer : undefined,
    CidrIpv6: isPrefixV6(line.peer) ? line.peer : undefined,
    PrefixListId: isPrefixList(line.peer) ? line.peer : undefined,
    ReferencedGroupInfo: isGroup(line.peer) ? groupPair(line, of.owner) : undefined,
    Tags: [],
  };
}

/** Reads `90 deny tcp 22 0.0.0.0/0` or `100 allow all ::/0`; `tcp` without a port is every port. */
export function networkAclEntry(text: string, egress: boolean): CliRecord {
  const words = text.split(' ');
  const [number = '', action, protocol = ''] = words;
  const prefix = words.at(-1) ?? '';
  if (words.length < 4 || (action !== 'allow' && action !== 'deny')) throw new Error(`not an ACL entry: '${text}'`);
  const [first, last] = words.length === 5 ? portRange(words[3] ?? '') : [0, 65535];
  const hasPorts = protocol === 'tcp' || protocol === 'udp' || words.length === 5;
  return {
    RuleNumber: Number(number),
    RuleAction: action,
    Protocol: ACL_PROTOCOLS[protocol] ?? protocol,
    Egress: egress,
    ...(prefix.includes(':') ? { Ipv6CidrBlock: prefix } : { CidrBlock: prefix }),
    PortRange: hasPorts ? { From: first, To: last } : undefined,
    IcmpTypeCode: protocol.startsWith('icmp') ? { Type: -1, Code: -1 } : undefined,
  };
}

/**
 * Reads `0.0.0.0/0 igw-1`, `pl-2 tgw-1`, `203.0.113.0/24 vgw-1 propagated`, `10.1.0.0/16 pcx-1 blackhole`.
 * After the target: `propagated`, `advertised` (Route Server), `blackhole`, `filtered`.
 */
export function route(text: string): CliRecord {
  const [destination = '', target = '', ...marks] = text.split(' ');
  const state = marks.find((m) => m === 'blackhole' || m === 'filtered') ?? 'active';
  return { ...destinationOf(destination), ...targetOf(target), Origin: originOf(target, marks), State: state };
}

function destinationOf(destination: string): CliRecord {
  if (isPrefixList(destination)) return { DestinationPrefixListId: destination };
  return destination.includes(':') ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };
}

function targetOf(target: string): CliRecord {
  if (target.startsWith('arn:')) return { CoreNetworkArn: target };
  if (/^\d+\./.test(target)) return { IpAddress: target };
  const fields: Readonly<Record<string, string>> = {
    eigw: 'EgressOnlyInternetGatewayId',
    nat: 'NatGatewayId',
    pcx: 'VpcPeeringConnectionId',
    tgw: 'TransitGatewayId',
    eni: 'NetworkInterfaceId',
    lgw: 'LocalGatewayId',
    cagw: 'CarrierGatewayId',
  };
  return { [fields[target.split('-')[0] ?? ''] ?? 'GatewayId']: target };
}

function originOf(target: string, marks: readonly string[]): string {
  if (target === 'local') return 'CreateRouteTable';
  if (marks.includes('advertised')) return 'Advertisement';
  return marks.includes('propagated') ? 'EnableVgwRoutePropagation' : 'CreateRoute';
}

function groupPair(line: SecurityGroupLine, owner: string): CliRecord {
  return {
    GroupId: line.peer,
    UserId: line.options.get('user') ?? owner,
    VpcId: line.options.get('vpc'),
    VpcPeeringConnectionId: line.options.get('pcx'),
    PeeringStatus: line.options.get('status'),
  };
}

function portKey(line: SecurityGroupLine): string {
  return `${line.protocol} ${line.first} ${line.last}`;
}

function portRange(text: string): [number, number] {
  if (text === '-1') return [-1, -1];
  const [first, last] = split(text, '-');
  return [Number(first), Number(last === '' ? first : last)];
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function isGroup(peer: string): boolean {
  return peer.startsWith('sg-');
}

function isPrefixList(peer: string): boolean {
  return peer.startsWith('pl-');
}

function isPrefixV6(peer: string): boolean {
  return peer.includes(':');
}

function isPrefixV4(peer: string): boolean {
  return !isGroup(peer) && !isPrefixList(peer) && !isPrefixV6(peer);
}
