import { groupBy } from '../../src/memo.js';
import { type Gap, known, type ResourceRef, type Rule, unknown } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { groupsOf, type Networks, resource, scopeOf } from './network.js';
import { keyOf, nameOf, parentOf } from './records/ids.js';
import type { NetworkSecurityGroup, SecurityRule } from './records/records.js';
import type { Standpoint } from './standpoint.js';
import { allMembers, type Members, membersOf, platform } from './tags.js';

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

export interface Lowered {
  readonly rules: readonly Rule[];
  /** Who would be let in but for one thing. */
  readonly hint?: { readonly code: string; readonly peers: AddressSet; readonly ports: PortSet; readonly rule: string };
}

/** A rule of one direction, as the guarded end sees it. */
interface Seen {
  readonly far: Members;
  readonly isOwnEnd: boolean | Gap;
  readonly due: PortSet;
  /** Whether a client may send from the source ports of the rule, and whether it must. */
  readonly isFromClientPorts: boolean;
  readonly isFromAll: boolean;
  readonly isTcp: boolean;
  /** Why the rule may not be about what the rest says: something of it cannot be read. */
  readonly doubt: Gap | undefined;
}

/** What the fields of a rule are about. */
const conditions = {
  source: ['sourceAddressPrefix', 'sourceAddressPrefixes', 'sourceApplicationSecurityGroups'],
  destination: ['destinationAddressPrefix', 'destinationAddressPrefixes', 'destinationApplicationSecurityGroups'],
  ports: ['destinationPortRange', 'destinationPortRanges'],
  sourcePorts: ['sourcePortRange', 'sourcePortRanges'],
} as const;

type Condition = keyof typeof conditions;

/** The fields that could not be read, without what in them could not. */
function unreadFields({ broken }: SecurityRule): readonly string[] {
  return (broken ?? '').split(', ').flatMap((field) => field.split('.')[0] || []);
}

/** Whether something of a condition could not be read, so that it is met by more than what is known. */
function isUnreadIn(rule: SecurityRule, condition: Condition): boolean {
  const fields: readonly string[] = conditions[condition];
  return unreadFields(rule).some((field) => fields.includes(field));
}

/** Whether a field could not be read that is no condition: what the rule does, for whom and when. */
function hasUnreadWord(rule: SecurityRule): boolean {
  const fields: readonly string[] = Object.values(conditions).flat();
  return unreadFields(rule).some((field) => !fields.includes(field));
}

/** One end of a rule. */
function endOf(
  rule: SecurityRule,
  side: 'source' | 'destination',
): readonly [texts: readonly string[], groups: References] {
  return side === 'source'
    ? [given(rule.sourceAddressPrefix, rule.sourceAddressPrefixes), rule.sourceApplicationSecurityGroups]
    : [
        given(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
        rule.destinationApplicationSecurityGroups,
      ];
}

function seen(networks: Networks, rule: SecurityRule, direction: Direction, guarded: Guarded, unreadable: Gap): Seen {
  const name = rule.name ?? 'a rule';
  const [farSide, ownSide] =
    direction === 'inbound' ? (['source', 'destination'] as const) : (['destination', 'source'] as const);
  const [farTexts, farGroups] = endOf(rule, farSide);
  const [ownTexts, ownGroups] = endOf(rule, ownSide);
  const everyFar = sideOf(networks, guarded.subnetKey, farTexts, farGroups, groupMembers);
  const far = guarded.isFacingInternet ? withoutPlatform(everyFar, farTexts) : everyFar;
  const own = sideOf(networks, guarded.subnetKey, ownTexts, ownGroups, attachedPrefixes);
  const isOwnEnd = meetsOwnEnd(own, ownGroups, guarded);
  const ports = isUnreadIn(rule, 'ports')
    ? unreadable
    : portsIn(given(rule.destinationPortRange, rule.destinationPortRanges), name);
  const sending = isUnreadIn(rule, 'sourcePorts')
    ? unreadable
    : portsIn(given(rule.sourcePortRange, rule.sourcePortRanges), name);
  const isAny = 'code' in sending || sending.isEmpty;
  return {
    far: isUnreadIn(rule, farSide) ? { sure: AddressSet.empty, within: AddressSet.all, gap: unreadable } : far,
    isOwnEnd: isUnreadIn(rule, ownSide) && isOwnEnd === false ? unreadable : isOwnEnd,
    due: 'code' in ports ? PortSet.all : ports,
    isFromClientPorts: isAny || !sending.intersect(clientPorts).isEmpty,
    isFromAll: isAny || clientPorts.subtract(sending).isEmpty,
    isTcp: rule.protocol === undefined || tcp.has(rule.protocol.toLowerCase()),
    doubt: hasUnreadWord(rule) ? unreadable : [ports, sending].find((one): one is Gap => 'code' in one),
  };
}

/** The rule's own words: what it is called, does, and is about. */
function wordsOf(group: NetworkSecurityGroup, rule: SecurityRule, code: string) {
  const name = rule.name ?? 'a rule';
  const of = groupRef(group);
  const isAllow = rule.access?.toLowerCase() === 'allow';
  const ports = given(rule.destinationPortRange, rule.destinationPortRanges).join(', ');
  const [sources] = endOf(rule, 'source');
  const due = ports || (isUnreadIn(rule, 'ports') ? 'unreadable ports' : 'every port');
  const far = sources.join(', ') || (isUnreadIn(rule, 'source') ? 'an unreadable source' : 'application groups');
  return {
    id: name,
    of,
    action: isAllow ? ('allow' as const) : ('drop' as const),
    text: `${name} (${rule.priority}) ${isAllow ? 'allows' : 'denies'} ${due} from ${far}`,
    reason: { code, data: { rule: name, priority: String(rule.priority ?? ''), group: of.id } },
  };
}

/** A rule as the guarded end sees it: nothing where it is about something else. What cannot be read makes it one that may match, within the rest. */
export function loweredRule(
  networks: Networks,
  group: Placed<NetworkSecurityGroup>,
  rule: SecurityRule,
  direction: Direction,
  guarded: Guarded,
  code: string,
): Lowered {
  const base = wordsOf(group, rule, code);
  const actions = rule.access === undefined ? (['allow', 'drop'] as const) : [base.action];
  const unreadable = brokenGap(networks, group, rule);
  if (!isWhole(rule)) {
    const [peers, all] = [unknown(AddressSet.all, unreadable), known(PortSet.all)];
    return { rules: actions.map((action) => ({ ...base, action, peers, ports: all })) };
  }
  const { far, isOwnEnd, due, isFromClientPorts, isFromAll, isTcp, doubt } = seen(
    networks,
    rule,
    direction,
    guarded,
    unreadable,
  );
  if (!isTcp || isOwnEnd === false || !isFromClientPorts) {
    const hint = hintFor(rule, isOwnEnd, isFromClientPorts, isTcp);
    return hint === undefined
      ? { rules: [] }
      : { rules: [], hint: { code: hint, peers: far.sure, ports: due, rule: base.id } };
  }
  const somePorts: Gap = {
    code: 'azure/source-port',
    kind: 'not-modelled',
    what: base.id,
    detail: `${base.id} lets in some source ports only, and a client may use any`,
  };
  const why = doubt ?? (isFromAll ? (isOwnEnd === true ? far.gap : isOwnEnd) : somePorts);
  if (!why) return { rules: [{ ...base, peers: known(far.sure), ports: known(due) }] };
  const isFarOnly = !doubt && isFromAll && isOwnEnd === true;
  const sure: Rule[] = isFarOnly && !far.sure.isEmpty ? [{ ...base, peers: known(far.sure), ports: known(due) }] : [];
  const perhaps = actions.map((action) => ({
    ...base,
    action,
    peers: unknown(far.within, why),
    ports: known(due),
  }));
  return { rules: [...sure, ...perhaps] };
}

/** Every rule says from where, to where, and to which ports, be it in words that cannot be read. */
function isWhole(rule: SecurityRule): boolean {
  const sides = [
    ['source', ...endOf(rule, 'source')],
    ['destination', ...endOf(rule, 'destination')],
    ['ports', given(rule.destinationPortRange, rule.destinationPortRanges), undefined],
  ] as const;
  return sides.every(
    ([condition, texts, groups]) => texts.length > 0 || (groups?.length ?? 0) > 0 || isUnreadIn(rule, condition),
  );
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
