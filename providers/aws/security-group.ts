import {
  type Fact,
  type Filter,
  type Gap,
  known,
  type Reason,
  type ResourceRef,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import { type Address, AddressSet, PortSet, parsePrefix } from '../../src/set/index.js';
import type { Scope } from './inventory.js';
import { type Network, resource } from './network.js';
import { prefixListEntries } from './prefix-list.js';
import type { Permission, SecurityGroup } from './records/records.js';

export type GroupPair = NonNullable<Permission['UserIdGroupPairs']>[number];

/** What a reference to a group means on one transport. */
export type Resolved =
  | { readonly peers: Fact<AddressSet> }
  /** The reference matches nothing, although it looks as if it matched these sources: the code says why. */
  | { readonly lost: string; readonly peers: AddressSet };

/** How references resolve for the packets of one transport. `key` tells transports apart. */
export interface References {
  readonly key: string;
  resolve(pair: GroupPair, group: SecurityGroup): Resolved;
}

/** Where the interface that carries the groups is. */
export interface Bearer {
  readonly vpcId: string | undefined;
  readonly scope: Scope;
}

export function groupRef(network: Network, id: string) {
  return resource('security-group', id, network.inventory.get('groups', id)?.GroupName);
}

/** The ports of a permission for TCP; undefined when it is for other protocols, only a bound where the record does not tell. */
function tcpPorts(permission: Permission, gap: () => Gap): Fact<PortSet> | undefined {
  const protocol = permission.IpProtocol?.toLowerCase();
  if (protocol === '-1' || protocol === 'all') return known(PortSet.all);
  if (protocol === undefined) return unknown(PortSet.all, gap());
  if (protocol !== 'tcp' && protocol !== '6') return undefined;
  const { FromPort: first, ToPort: last } = permission;
  if (first === -1 && (last === -1 || last === undefined)) return known(PortSet.all);
  const least = first === undefined ? 0 : Math.max(first, 0);
  const most = last === undefined ? 65535 : Math.min(last, 65535);
  if (least > most || first === -1 || last === -1) return unknown(PortSet.all, gap());
  const range = PortSet.range(least, most);
  return first === least && last === most ? known(range) : unknown(range, gap());
}

/** The id of the rule that stands for one peer of a permission, where the rules were recorded. */
function ruleIds(network: Network): ReadonlyMap<string, string> {
  return network.once('rule ids', () => {
    const ids = new Map<string, string>();
    for (const rule of network.inventory.all('groupRules').values()) {
      const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? '';
      ids.set(ruleKey(rule.GroupId, rule.IsEgress ?? false, rule, peer), rule.SecurityGroupRuleId);
    }
    return ids;
  });
}

function ruleKey(
  groupId: string,
  egress: boolean,
  rule: { IpProtocol?: string | undefined; FromPort?: number | undefined; ToPort?: number | undefined },
  peer: string,
): string {
  const protocol = rule.IpProtocol?.toLowerCase();
  const ports = protocol === '-1' ? '' : `${rule.FromPort} ${rule.ToPort}`;
  return `${groupId} ${egress} ${protocol} ${ports} ${peer}`;
}

interface Peer {
  readonly text: string;
  readonly peers: Fact<AddressSet>;
  readonly lost?: string;
}

function cidrPeer(network: Network, text: string | undefined, family: 4 | 6): Peer {
  const prefix = text === undefined ? undefined : parsePrefix(text);
  if (prefix && prefix.network.family === family) {
    const anywhere = prefix.length === 0 ? (family === 4 ? 'anywhere (IPv4)' : 'anywhere (IPv6)') : String(text);
    return { text: anywhere, peers: known(AddressSet.fromPrefixes([prefix])) };
  }
  const gap = network.inventory.dangling('groups', {}, `a readable range (${text ?? 'none'})`);
  return { text: text ?? 'an unreadable range', peers: unknown(family === 4 ? AddressSet.ipv4 : AddressSet.ipv6, gap) };
}

function listPeer(network: Network, id: string): Peer {
  const entries = prefixListEntries(network, id, {});
  return { text: id, peers: 'gap' in entries ? unknown(entries.within, entries.gap) : known(entries.addresses) };
}

function referencePeer(pair: GroupPair, group: SecurityGroup, references: References): Peer {
  const resolved = references.resolve(pair, group);
  const text = `members of ${pair.GroupId}`;
  return 'lost' in resolved
    ? { text, peers: known(resolved.peers), lost: resolved.lost }
    : { text, peers: resolved.peers };
}

/** A rule as every transport sees it, or one that it takes a transport to know. */
type Written = Rule | ((references: References) => Rule);

/** Where the far ends of a permission stand. */
const peerLists = ['IpRanges', 'Ipv6Ranges', 'PrefixListIds', 'UserIdGroupPairs'];

/** The rules of one permission: one for each far end that it names. */
function permissionRules(
  network: Network,
  group: SecurityGroup,
  permission: Permission,
  egress: boolean,
  doubt: Gap | undefined,
): Written[] {
  const of = groupRef(network, group.GroupId);
  const unreadable = () => doubt ?? network.inventory.dangling('groups', {}, `a readable rule of ${group.GroupId}`);
  const ports = tcpPorts(permission, unreadable);
  if (ports === undefined) return [];
  const what = !ports.known ? 'tcp' : ports.value.equals(PortSet.all) ? 'everything' : `tcp/${ports.value.toString()}`;
  const ruleOf = (key: string, peer: Peer): Rule => {
    const id = ruleIds(network).get(ruleKey(group.GroupId, egress, permission, key)) ?? null;
    const text = `allows ${what} ${egress ? 'to' : 'from'} ${peer.text}`;
    const peers = doubt && peer.peers.known ? unknown(peer.peers.value, doubt) : peer.peers;
    if (!peer.lost) return { id, of, action: 'allow', peers, ports, text };
    const data = { group: group.GroupId, rule: id ?? '', peer: key };
    return { id, of, action: 'drop', peers, ports, text, reason: { code: `aws/${peer.lost}`, data } };
  };
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
  const unread = peerLists.some((list) => isUnread(permission, list));
  return [
    ...(unread ? [anythingAllowed(of, unreadable(), 'an unreadable rule', ports)] : []),
    ...IpRanges.map(({ CidrIp }) => ruleOf(CidrIp ?? '', cidrPeer(network, CidrIp, 4))),
    ...Ipv6Ranges.map(({ CidrIpv6 }) => ruleOf(CidrIpv6 ?? '', cidrPeer(network, CidrIpv6, 6))),
    ...PrefixListIds.map(({ PrefixListId: id }) => ruleOf(id, listPeer(network, id))),
    ...UserIdGroupPairs.map(
      (pair) => (references: References) => ruleOf(pair.GroupId, referencePeer(pair, group, references)),
    ),
  ];
}

/** A rule that may allow anything, or nothing. */
function anythingAllowed(of: ResourceRef, gap: Gap, text: string, ports: Fact<PortSet> = known(PortSet.all)): Rule {
  return { id: null, of, action: 'allow', peers: unknown(AddressSet.all, gap), ports, text };
}

/** Why a group of another VPC may not apply here, if it may not. A group must be associated with the VPC in which it is used. */
function associationGap(network: Network, group: SecurityGroup, bearer: Bearer): Gap | undefined {
  if (bearer.vpcId === undefined || group.VpcId === bearer.vpcId) return undefined;
  const association = network.inventory.get('groupVpcs', `${group.GroupId} ${bearer.vpcId}`);
  if (association?.State === 'associated') return undefined;
  const state = association?.State ?? 'not recorded';
  const detail = `the association of ${group.GroupId} with ${bearer.vpcId} is ${state}`;
  return { code: 'aws/ev-sg-assoc', kind: 'not-modelled', what: group.GroupId, detail };
}

/** The rules of one direction of a group as they are written; a group that cannot be read is one rule that may allow anything. */
function writtenRules(network: Network, id: string, egress: boolean, bearer: Bearer): readonly Written[] {
  return network.once(`written ${id} ${egress} ${bearer.vpcId}`, () => {
    const group = network.inventory.get('groups', id);
    const permissions = egress ? group?.IpPermissionsEgress : group?.IpPermissions;
    if (!group || !permissions) {
      const gap = network.inventory.dangling('groups', bearer.scope, `security group ${id}`);
      return [anythingAllowed(groupRef(network, id), gap, gap.detail)];
    }
    const doubt = associationGap(network, group, bearer);
    return permissions.flatMap((permission) => permissionRules(network, group, permission, egress, doubt));
  });
}

/** The rules of one direction of a group as they hold on a transport. */
export function groupRules(
  network: Network,
  id: string,
  egress: boolean,
  references: References,
  bearer: Bearer,
): readonly Rule[] {
  return network.once(`group ${id} ${egress} ${references.key} ${bearer.vpcId}`, () =>
    writtenRules(network, id, egress, bearer).map((rule) => (typeof rule === 'function' ? rule(references) : rule)),
  );
}

/** One group by itself, and the references of its rules that lead nowhere. */
interface GroupFilter {
  readonly filter: RuleFilter;
  readonly lost: readonly Rule[];
}

/** Sure permissions first, then those that only may hold: the order cannot change a union. */
function buildGroupFilter(network: Network, id: string, references: References, bearer: Bearer): GroupFilter {
  const all = groupRules(network, id, false, references, bearer);
  const allows = all.filter((rule) => rule.action === 'allow');
  const isSure = (rule: Rule) => rule.peers.known && rule.ports.known;
  const rules = [...allows.filter(isSure), ...allows.filter((rule) => !isSure(rule))];
  return {
    filter: { kind: 'rules', rules, otherwise: 'drop', of: groupRef(network, id) },
    lost: all.filter((rule) => rule.action !== 'allow'),
  };
}

function groupFilter(network: Network, id: string, references: References, bearer: Bearer): GroupFilter {
  const home = network.inventory.get('groups', id)?.VpcId;
  const key = home === bearer.vpcId ? id : `${id} ${bearer.vpcId}`;
  return network.onceFor(references, key, () => buildGroupFilter(network, id, references, bearer));
}

const noRule: Reason = { code: 'aws/sg-no-inbound', data: {} };

/**
 * The inbound filter of an interface: the union over its groups, allow only, no match drops (VPC guide, security group
 * rules). Replies leave whatever the egress rules say, so there is no returning side. References that lead nowhere sign for
 * whom they look as if they matched; `refusal` says why nothing else matches, where that is more than that no rule does.
 */
export function inboundFilter(
  network: Network,
  groups: readonly string[],
  references: References,
  bearer: Bearer,
  refusal: Reason = noRule,
): Filter {
  const members = groups.map((id) => groupFilter(network, id, references, bearer));
  const [first] = groups;
  return {
    kind: 'any',
    of: members.map((member) => member.filter),
    otherwise: {
      kind: 'rules',
      rules: members.flatMap((member) => member.lost),
      otherwise: 'drop',
      reason: { ...refusal, data: { ...refusal.data, groups: groups.join(', ') } },
      ...(first !== undefined && { of: groupRef(network, first) }),
    },
  };
}

/** Whether the egress rules of a source's groups let it open a connection: surely, surely not, or with the reason for the doubt. */
export function egressTo(rules: readonly Rule[], destination: Address, port: number): 'allows' | 'denies' | Gap {
  let doubt: Gap | undefined;
  for (const { peers, ports, action } of rules) {
    if (action !== 'allow') continue;
    const reach = peers.known ? peers.value : peers.within;
    const open = ports.known ? ports.value : ports.within;
    if (!reach.has(destination) || !open.has(port)) continue;
    if (peers.known && ports.known) return 'allows';
    doubt ??= peers.known ? (ports.known ? undefined : ports.gap) : peers.gap;
  }
  return doubt ?? 'denies';
}
