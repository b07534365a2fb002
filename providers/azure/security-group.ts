import { groupBy } from '../../src/memo.js';
import { type Gap, known, type ResourceRef, type Rule, type RuleFilter, unknown } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { groupsOf, type Networks, resource, scopeOf } from './network.js';
import { keyOf, nameOf, parentOf } from './records/ids.js';
import type { NetworkSecurityGroup, SecurityRule } from './records/records.js';
import type { Standpoint } from './standpoint.js';
import { allMembers, type Members, membersOf, platform, tagView } from './tags.js';

export type Direction = 'inbound' | 'outbound';

/** Where a client may send from. */
export const clientPorts = PortSet.range(1024, 65535);

/** `*`, `22`, `20-25`; undefined for what is none of them. */
export function portsOf(text: string): PortSet | undefined {
  if (text === '*') return PortSet.all;
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const [low, high] = [Number(first), Number(last ?? first)];
  return first !== undefined && low <= high && high <= 65535 ? PortSet.range(low, high) : undefined;
}

/** Both spellings of a field together: the singular one and the list; empty texts mean that it was not given. */
function given(one: string | undefined, many: readonly string[] | undefined): readonly string[] {
  return [...(one ? [one] : []), ...(many ?? []).filter((text) => text !== '')];
}

/** The ports of a field; a gap where one of its texts cannot be read. */
function portsIn(texts: readonly string[], what: string): PortSet | Gap {
  let ports = PortSet.empty;
  for (const text of texts) {
    const own = portsOf(text);
    if (!own)
      return {
        code: 'azure/nsg-unreadable',
        kind: 'not-collected',
        what,
        detail: `${what} has the port ${text}, which cannot be read`,
      };
    ports = ports.union(own);
  }
  return ports;
}

const platformTags: ReadonlySet<string> = new Set(['azureloadbalancer', 'virtualnetwork']);

const tcp: ReadonlySet<string | undefined> = new Set(['*', 'tcp', 'any', 'all']);

/** The prefixes that are attached to an application security group. */
export function attachedPrefixes(networks: Networks, id: string): Members {
  const key = keyOf(id);
  const sets = networks.inventory.get('prefixSets', key);
  const gap = networks.inventory.gap('prefixSets', scopeOf(id), key);
  if (!sets && gap?.kind === 'not-permitted') return { sure: AddressSet.empty, within: AddressSet.all, gap };
  const attached = addressSet((sets?.value ?? []).flatMap(({ addressPrefixes }) => addressPrefixes ?? []));
  return { sure: attached, within: attached };
}

/** The members of an application security group to a network: the addresses of the configurations that name it, and prefixes attached to it. */
export function groupMembers(networks: Networks, id: string, networkKey: string): Members {
  const key = keyOf(id);
  return networks.once(`application group ${key} ${networkKey}`, () => {
    const byGroup = networks.once('configurations by application group', () =>
      groupBy(
        networks.ports().flatMap((port) => groupsOf(port).map((group) => ({ group, port }))),
        ({ group }) => group,
      ),
    );
    const ports = (byGroup.get(key) ?? []).map(({ port }) => port);
    const own = networks.addressesSeenFrom(networkKey, ports);
    return allMembers([{ sure: own, within: own }, attachedPrefixes(networks, id)]);
  });
}

/** The prefixes and tags of both ends of a rule. */
export function prefixesNamed(rule: SecurityRule): readonly string[] {
  return [
    ...given(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
    ...given(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
  ];
}

type References = readonly { readonly id?: string | undefined }[] | undefined;

/** The source or destination of a rule, with those members of application groups that `members` tells. */
function sideOf(
  networks: Networks,
  subnetKey: string,
  texts: readonly string[],
  groups: References,
  members: typeof groupMembers,
): Members {
  return allMembers([
    ...texts.map((text) => membersOf(networks, text, subnetKey)),
    ...(groups ?? []).flatMap(({ id }) => (id === undefined ? [] : [members(networks, id, parentOf(subnetKey))])),
  ]);
}

/** The members of tags that hold the platform's address without it; prefixes that hold it are left as they are. */
function withoutPlatform(members: Members, texts: readonly string[]): Members {
  if (!texts.every((text) => platformTags.has(text.trim().toLowerCase()))) return members;
  return { ...members, sure: members.sure.subtract(platform), within: members.within.subtract(platform) };
}

/** Whose traffic a group judges: the address in its subnet, and in which application groups that is. */
export interface Guarded {
  readonly address: Address;
  readonly subnetKey: string;
  readonly groups: readonly string[];
  /** Whether packets come from the internet, from which the platform's own address never comes, whatever tags hold it. */
  readonly isFacingInternet: boolean;
}

export function guardedBy(
  { subnetKey, groups }: Pick<Standpoint, 'subnetKey' | 'groups'>,
  address: Address,
  isFacingInternet: boolean,
): Guarded | undefined {
  return subnetKey === undefined ? undefined : { address, subnetKey, groups, isFacingInternet };
}

/** Whether the guarded end is meant: by its application groups, or by its address. */
function meetsOwnEnd(members: Members, named: References, guarded: Guarded): boolean | Gap {
  if (named?.some(({ id }) => id !== undefined && guarded.groups.includes(keyOf(id)))) return true;
  if (members.sure.has(guarded.address)) return true;
  return members.gap && members.within.has(guarded.address) ? members.gap : false;
}

/** Why a rule that looks as if it let the client in does not. */
function hintFor(
  rule: SecurityRule,
  isOwnEnd: boolean | Gap,
  isFromClientPorts: boolean,
  isTcp: boolean,
): string | undefined {
  if (rule.access?.toLowerCase() !== 'allow' || (rule.priority ?? 0) >= 65000) return undefined;
  if (!isTcp) return 'azure/hint-protocol';
  if (isOwnEnd === false) return 'azure/hint-destination';
  return isFromClientPorts ? undefined : 'azure/hint-source-port';
}

interface Lowered {
  readonly rules: readonly Rule[];
  /** Who would be let in but for one thing. */
  readonly hint?: { readonly code: string; readonly peers: AddressSet; readonly ports: PortSet; readonly rule: string };
}

function lowered(
  networks: Networks,
  group: Placed<NetworkSecurityGroup>,
  rule: SecurityRule,
  direction: Direction,
  guarded: Guarded,
  code: string,
): Lowered {
  const name = rule.name ?? 'a rule';
  const of = groupRef(group);
  const isAllow = rule.access?.toLowerCase() === 'allow';
  const isInbound = direction === 'inbound';
  const sources = given(rule.sourceAddressPrefix, rule.sourceAddressPrefixes);
  const destinations = given(rule.destinationAddressPrefix, rule.destinationAddressPrefixes);
  const source = [sources, rule.sourceApplicationSecurityGroups] as const;
  const destination = [destinations, rule.destinationApplicationSecurityGroups] as const;
  const [farEnd, ownEnd] = isInbound ? [source, destination] : [destination, source];
  const everyFar = sideOf(networks, guarded.subnetKey, ...farEnd, groupMembers);
  const far = guarded.isFacingInternet ? withoutPlatform(everyFar, farEnd[0]) : everyFar;
  const own = sideOf(networks, guarded.subnetKey, ...ownEnd, attachedPrefixes);
  const [, ownGroups] = ownEnd;
  const isOwnEnd = meetsOwnEnd(own, ownGroups, guarded);
  const ports = portsIn(given(rule.destinationPortRange, rule.destinationPortRanges), name);
  const sourcePorts = portsIn(given(rule.sourcePortRange, rule.sourcePortRanges), name);
  const isTcp = tcp.has(rule.protocol?.toLowerCase());
  const text = `${name} (${rule.priority}) ${isAllow ? 'allows' : 'denies'} ${given(rule.destinationPortRange, rule.destinationPortRanges).join(', ') || 'every port'} from ${sources.join(', ') || 'application groups'}`;
  const reason = { code, data: { rule: name, priority: String(rule.priority ?? ''), group: of.id } };
  const base = { id: name, of, action: isAllow ? ('allow' as const) : ('drop' as const), text, reason };
  const unread =
    rule.broken === undefined && isWhole(rule)
      ? [ports, sourcePorts].find((one): one is Gap => 'code' in one)
      : brokenGap(networks, group, rule);
  if (unread) {
    const [peers, all] = [unknown(AddressSet.all, unread), known(PortSet.all)];
    const actions = rule.access === undefined ? (['allow', 'drop'] as const) : [base.action];
    return { rules: actions.map((action) => ({ ...base, action, peers, ports: all })) };
  }
  const [due, sending] = [ports, sourcePorts] as [PortSet, PortSet];
  const isFromClientPorts = sending.isEmpty || !sending.intersect(clientPorts).isEmpty;
  const isFromAll = sending.isEmpty || clientPorts.subtract(sending).isEmpty;
  const code2 = hintFor(rule, isOwnEnd, isFromClientPorts, isTcp);
  if (!isTcp || isOwnEnd === false || !isFromClientPorts)
    return code2 === undefined
      ? { rules: [] }
      : { rules: [], hint: { code: code2, peers: far.sure, ports: due, rule: name } };
  const doubt = isFromAll
    ? isOwnEnd === true
      ? far.gap
      : isOwnEnd
    : ({
        code: 'azure/source-port',
        kind: 'not-modelled',
        what: name,
        detail: `${name} lets in some source ports only, and a client may use any`,
      } satisfies Gap);
  if (!doubt) return { rules: [{ ...base, peers: known(far.sure), ports: known(due) }] };
  const isFarOnly = isFromAll && isOwnEnd === true;
  const sure: Rule[] = isFarOnly && !far.sure.isEmpty ? [{ ...base, peers: known(far.sure), ports: known(due) }] : [];
  return { rules: [...sure, { ...base, peers: unknown(far.within, doubt), ports: known(due) }] };
}

/** Every rule says from where, to where, and to which ports. */
function isWhole(rule: SecurityRule): boolean {
  const sides = [
    [given(rule.sourceAddressPrefix, rule.sourceAddressPrefixes), rule.sourceApplicationSecurityGroups],
    [given(rule.destinationAddressPrefix, rule.destinationAddressPrefixes), rule.destinationApplicationSecurityGroups],
    [given(rule.destinationPortRange, rule.destinationPortRanges), undefined],
  ] as const;
  return sides.every(([texts, groups]) => texts.length > 0 || (groups?.length ?? 0) > 0);
}

function brokenGap(networks: Networks, group: Placed<NetworkSecurityGroup>, rule: SecurityRule): Gap {
  return networks.inventory.dangling(
    'securityGroups',
    scopeOf(group.id),
    `a readable rule ${rule.name} of ${groupRef(group).id} (${rule.broken ?? 'a condition is missing'})`,
  );
}

export function groupRef(group: NetworkSecurityGroup): ResourceRef {
  return resource('network-security-group', group.name ?? nameOf(group.id));
}

/** The default rules, where a record does not list them: Azure puts them at the end of every group (NSG docs, default security rules). */
function defaultRules(direction: Direction): readonly SecurityRule[] {
  const any = { protocol: '*', sourcePortRange: '*', destinationPortRange: '*', direction };
  const [mine, theirs] =
    direction === 'inbound' ? ['In', 'AllowAzureLoadBalancerInBound'] : ['Out', 'AllowInternetOutBound'];
  const middle =
    direction === 'inbound'
      ? { sourceAddressPrefix: 'AzureLoadBalancer', destinationAddressPrefix: '*' }
      : { sourceAddressPrefix: '*', destinationAddressPrefix: 'Internet' };
  return [
    {
      ...any,
      name: `AllowVnet${mine}Bound`,
      priority: 65000,
      access: 'Allow',
      sourceAddressPrefix: 'VirtualNetwork',
      destinationAddressPrefix: 'VirtualNetwork',
    },
    { ...any, ...middle, name: theirs, priority: 65001, access: 'Allow' },
    {
      ...any,
      name: `DenyAll${mine}Bound`,
      priority: 65500,
      access: 'Deny',
      sourceAddressPrefix: '*',
      destinationAddressPrefix: '*',
    },
  ];
}

/** The rules of one direction: the lowest number decides, and the default ones come last (NSG docs). */
export function groupFilter(
  networks: Networks,
  group: Placed<NetworkSecurityGroup>,
  direction: Direction,
  guarded: Guarded,
  code: string,
): RuleFilter {
  const { address, subnetKey, groups, isFacingInternet } = guarded;
  const view = tagView(networks, subnetKey);
  const parts = ['group', group, direction, view, address.family, address.value, code, isFacingInternet, ...groups];
  return networks.shared.once(parts, () => buildFilter(networks, group, direction, guarded, code));
}

function buildFilter(
  networks: Networks,
  group: Placed<NetworkSecurityGroup>,
  direction: Direction,
  guarded: Guarded,
  code: string,
): RuleFilter {
  const of = groupRef(group);
  if (group.securityRules === undefined) {
    const gap = networks.inventory.dangling(
      'securityGroups',
      scopeOf(group.id),
      `readable rules of ${of.id} (${group.broken ?? 'securityRules'})`,
    );
    const rule: Rule = {
      id: null,
      of,
      action: 'allow',
      peers: unknown(AddressSet.all, gap),
      ports: known(PortSet.all),
      text: gap.detail,
    };
    return { kind: 'rules', rules: [rule], otherwise: 'drop', reason: { code, data: {} }, of };
  }
  const isDue = (rule: SecurityRule) => rule.direction === undefined || rule.direction.toLowerCase() === direction;
  const own = (group.securityRules ?? []).filter(isDue);
  const defaults = group.defaultSecurityRules?.length
    ? group.defaultSecurityRules.filter(isDue)
    : defaultRules(direction);
  const sorted = [...own, ...defaults].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const all = sorted.map((rule) => lowered(networks, group, rule, direction, guarded, code));
  const hints = all.flatMap(({ hint }) => hint ?? []);
  const rules = all.flatMap((one) => one.rules);
  return {
    kind: 'rules',
    rules: withHints(rules, hints, code, of),
    otherwise: 'drop',
    reason: { code, data: { rule: 'no rule', group: of.id } },
    of,
  };
}

/** Where a default rule denies, those whom another rule nearly let in are told why it does not. */
function withHints(
  rules: readonly Rule[],
  hints: readonly NonNullable<Lowered['hint']>[],
  code: string,
  of: ResourceRef,
): readonly Rule[] {
  const last = rules.at(-1);
  if (last?.action !== 'drop' || hints.length === 0) return rules;
  const hinted = hints.map(
    ({ code: hint, peers, ports, rule }): Rule => ({
      ...last,
      peers: known(peers),
      ports: known(ports),
      reason: { code, data: last.reason?.data ?? {}, hint: { code: hint, data: { rule, group: of.id } } },
    }),
  );
  return [...rules.slice(0, -1), ...hinted, last];
}
