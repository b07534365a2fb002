import { ListMemo } from '../../src/memo.js';
import { type Fact, type Gap, known, type Reason, type Rule, unknown } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { addressesOf, type Identity, type Networks, type Nic, resource } from './network.js';
import type { Packet } from './packet.js';
import { nameOf, pathOf } from './records/names.js';
import { portsOf } from './records/notation.js';
import type { Firewall, Layer4 } from './records/records.js';
import type { Standpoint } from './standpoint.js';

/** The TCP ports of a rule's entries; empty where none of them is for TCP (firewall docs, rule details). */
export function tcpPorts(entries: readonly Layer4[]): PortSet {
  let ports = PortSet.empty;
  for (const { IPProtocol, ipProtocol, ports: ranges = [] } of entries) {
    const protocol = IPProtocol ?? ipProtocol;
    if (protocol !== 'tcp' && protocol !== '6' && protocol !== 'all') continue;
    if (ranges.length === 0) return PortSet.all;
    for (const range of ranges) {
      const [first, last] = portsOf(range) ?? [1, 0];
      if (first <= last) ports = ports.union(PortSet.range(first, last));
    }
  }
  return ports;
}

export function undecidable(what: string, detail: string): Gap {
  return { code: 'gcp/fw-undecidable', kind: 'not-modelled', what, detail, likely: false };
}

/** A list that was given; an empty one counts as none (Compute API: proto3 does not tell them apart). */
function given<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}

/** Whether a rule is about a direction (ingress unless said), or may be: one that cannot be read may have said the other. */
export function isAbout(
  { direction, broken }: Pick<Firewall, 'direction' | 'broken'>,
  wanted: 'INGRESS' | 'EGRESS',
): boolean {
  return (direction ?? 'INGRESS') === wanted || (direction === undefined && broken !== undefined);
}

/** The rules of a network that are about a direction, in the order in which they decide. */
function inForce(
  networks: Networks,
  rules: readonly Firewall[],
  network: string,
  direction: 'INGRESS' | 'EGRESS',
): readonly Firewall[] {
  return networks.onceFor(rules, `in force ${direction} ${network}`, () =>
    rules
      .filter((rule) => isAbout(rule, direction) && pathOf(rule.network ?? network) === network)
      .filter(({ disabled }) => !disabled)
      .sort(compare),
  );
}

/** Tags and service accounts do not stand in one rule; one that has both was not written by the API. */
function isMixed(rule: Firewall): boolean {
  const tags = [rule.sourceTags, rule.targetTags].some((list) => list?.length);
  return tags && [rule.sourceServiceAccounts, rule.targetServiceAccounts].some((list) => list?.length);
}

/** The primary internal addresses of the interfaces of a network whose instances are meant: source tags cover no aliases. */
function primariesOf(networks: Networks, network: string, meant: readonly Nic[]): Fact<AddressSet> {
  const addresses = addressSet(meant.flatMap(({ record }) => [record.networkIP, record.ipv6Address]));
  const gap = networks.inventory.gap('instances', {});
  if (gap) return unknown(AddressSet.all, gap);
  const unread = networks.unreadableSenders(network);
  return unread ? unknown(addresses.union(unread.peers), unread.gap) : known(addresses);
}

/** Who is meant by a rule's source tags and service accounts, for packets that keep their sender's identity. */
function identified(networks: Networks, network: string, rule: Firewall): Fact<AddressSet> {
  const { sourceTags = [], sourceServiceAccounts = [] } = rule;
  // A rule is in the answer of every region, each time as another object.
  const known = networks.once('identified', () => new ListMemo<Fact<AddressSet>>());
  return known.once([network, ...sourceTags, '', ...sourceServiceAccounts], () =>
    primariesOf(networks, network, networks.nicsKnownBy(network, sourceTags, sourceServiceAccounts)),
  );
}

function isIdentified({ sourceTags, sourceServiceAccounts }: Firewall): boolean {
  return Boolean(sourceTags?.length || sourceServiceAccounts?.length);
}

/** What a rule says of sources and ports, whomever it is for. */
interface Terms {
  readonly ranges: AddressSet;
  readonly allows: boolean;
  readonly ports: PortSet;
  /** The ports that it does not speak of. */
  readonly otherPorts: PortSet;
}

function termsOf(networks: Networks, rule: Firewall): Terms {
  return networks.onceFor(rule, 'terms', () => {
    const allowed = given(rule.allowed);
    const ports = tcpPorts(allowed ?? rule.denied ?? []);
    return {
      ranges: addressSet(given(rule.sourceRanges) ?? (isIdentified(rule) ? [] : ['0.0.0.0/0'])),
      allows: allowed !== undefined,
      ports,
      otherPorts: PortSet.all.subtract(ports),
    };
  });
}

/** Whom a rule's source means: its ranges, or who carries its tags or accounts. Without any of them everybody with IPv4. */
function peersOf(networks: Networks, network: string, rule: Firewall, keepsIdentity: boolean): Fact<AddressSet> {
  const { ranges } = termsOf(networks, rule);
  if (!isIdentified(rule) || !keepsIdentity) return known(ranges);
  const senders = identified(networks, network, rule);
  return senders.known ? known(ranges.union(senders.value)) : unknown(ranges.union(senders.within), senders.gap);
}

/** Whether the rule is for the instance: by a tag, by its service account, or for all. */
function aimsAt({ tags, account }: Identity, { targetTags = [], targetServiceAccounts = [] }: Firewall): boolean {
  if (targetTags.length === 0 && targetServiceAccounts.length === 0) return true;
  return (
    targetTags.some((tag) => tags.includes(tag)) || (account !== undefined && targetServiceAccounts.includes(account))
  );
}

function meetsDestination({ destinationRanges }: Firewall, { destination }: Packet): boolean {
  return !destinationRanges?.length || addressSet(destinationRanges).has(destination);
}

const priorityOf = ({ priority = 1000 }: Firewall) => priority;

/** What the implied rules count as; what an explicit one of the same number does is not documented (gcp.md 2.4, number 7). */
const impliedPriority = 65535;

function ruleRef(rule: Firewall) {
  return resource('firewall-rule', rule.name);
}

function textOf(rule: Firewall, allows: boolean, ports: PortSet): string {
  const service = ports.equals(PortSet.all) ? 'every port' : `tcp/${ports.toString()}`;
  const sources = [...(rule.sourceRanges ?? []), ...(rule.sourceTags ?? []), ...(rule.sourceServiceAccounts ?? [])];
  const from = sources.length === 0 ? 'anywhere (IPv4)' : sources.join(', ');
  return `${rule.name} (${priorityOf(rule)}) ${allows ? 'allows' : 'denies'} ${service} from ${from}`;
}

/** Every rule either allows or denies. */
function isVoid(rule: Firewall): boolean {
  return (given(rule.allowed) === undefined) === (given(rule.denied) === undefined);
}

/** Why nobody knows what a rule does, if that is so. */
function doubtAbout(networks: Networks, rule: Firewall): Gap | undefined {
  const unread = rule.broken ?? (isVoid(rule) ? 'allowed' : undefined);
  if (unread !== undefined)
    return networks.inventory.dangling('firewalls', {}, `a readable record of ${rule.name} (${unread})`);
  return isMixed(rule)
    ? undecidable(rule.name, `${rule.name} has tags and service accounts, which no rule has`)
    : undefined;
}

/** What a rule may do that nobody can read: undefined for one that is clear. */
function doubtfulRules(
  networks: Networks,
  rule: Firewall,
  base: Pick<Rule, 'id' | 'text'> & Partial<Rule>,
): Rule[] | undefined {
  const gap = doubtAbout(networks, rule);
  if (!gap) return undefined;
  const actions: readonly Rule['action'][] = isVoid(rule)
    ? ['allow', 'drop']
    : [termsOf(networks, rule).allows ? 'allow' : 'drop'];
  const [peers, ports] = [unknown(AddressSet.all, gap), known(PortSet.all)];
  return actions.map((action) => ({ ...base, action, peers, ports }));
}

/** A classic rule as the engine reads it; none where it has no TCP port. It is the same for all whom it is for. */
function lowered(networks: Networks, network: string, rule: Firewall, keepsIdentity: boolean): Rule[] {
  const { allows, ports } = termsOf(networks, rule);
  const reason = { code: 'gcp/fw-classic-deny', data: { rule: rule.name } };
  const named = { id: rule.name, of: ruleRef(rule), text: textOf(rule, allows, ports) };
  const doubtful = doubtfulRules(networks, rule, { ...named, reason });
  if (doubtful) return doubtful;
  if (ports.isEmpty) return [];
  const base = { ...named, ports: known(ports) };
  const peers = peersOf(networks, network, rule, keepsIdentity);
  if (!allows) return [{ ...base, action: 'drop', peers, reason }];
  if (priorityOf(rule) !== impliedPriority) return [{ ...base, action: 'allow', peers }];
  const detail = `${rule.name} has the priority of the implied deny rule, and which of them wins is not documented`;
  const gap: Gap = { code: 'gcp/fw-priority-65535', kind: 'not-modelled', what: rule.name, detail, likely: true };
  const within = peers.known ? peers.value : peers.within;
  return [{ ...base, action: 'allow', peers: unknown(within, gap) }];
}

/** The lowest number first, and of one number what denies: at equal priority deny wins (Compute API, firewalls). */
function compare(a: Firewall, b: Firewall): number {
  return priorityOf(a) - priorityOf(b) || Number(!given(a.denied)) - Number(!given(b.denied));
}

/** An ingress rule of a network, whomever it is for. */
interface Ingress {
  readonly rule: Firewall;
  /** Whether nobody knows whom it is for. */
  readonly isDoubtful: boolean;
  readonly lowered: readonly Rule[];
}

function ingressOf(
  networks: Networks,
  rules: readonly Firewall[],
  network: string,
  keepsIdentity: boolean,
): readonly Ingress[] {
  return networks.onceFor(rules, `ingress ${network} ${keepsIdentity}`, () =>
    inForce(networks, rules, network, 'INGRESS').map((rule) => ({
      rule,
      isDoubtful: doubtAbout(networks, rule) !== undefined,
      lowered: lowered(networks, network, rule, keepsIdentity),
    })),
  );
}

/** The ingress rules of a network that are for an interface, in the order in which they decide. */
export function classicRules(networks: Networks, rules: readonly Firewall[], at: Identity, packet: Packet): Rule[] {
  return ingressOf(networks, rules, at.network, packet.approach === 'network').flatMap(
    ({ rule, isDoubtful, lowered }) =>
      isDoubtful || (aimsAt(at, rule) && meetsDestination(rule, packet)) ? lowered : [],
  );
}

/** Why a rule that looks as if it let somebody in does not. */
interface Hint {
  readonly code: string;
  readonly peers: AddressSet;
}

function hintOf(rule: Firewall, { ranges }: Terms, at: Standpoint, packet: Packet): Hint | undefined {
  const family = packet.destination.family;
  if (!meetsDestination(rule, packet))
    return addressSet(rule.destinationRanges ?? []).overlaps(at.external)
      ? { code: 'gcp/fw-external-destination', peers: ranges }
      : undefined;
  if (!aimsAt(at, rule)) return { code: 'gcp/fw-target-mismatch', peers: ranges };
  if (rule.disabled) return { code: 'gcp/fw-classic-disabled', peers: ranges };
  if (isIdentified(rule) && packet.approach !== 'network')
    return { code: 'gcp/fw-source-tag-external', peers: AddressSet.all };
  if (!ranges.isEmpty && ranges.only(family).isEmpty) return { code: 'gcp/fw-family', peers: AddressSet.all };
  return { code: 'gcp/fw-port-mismatch', peers: ranges };
}

/** A rule that lets somebody in, whether or not it is in force. */
interface Opening {
  readonly rule: Firewall;
  readonly terms: Terms;
  /** What stands for it at the end of the rules, by the code of what is wrong with it. */
  readonly misses: Map<string, NearMiss>;
}

/** A rule behind all others that lets nobody in, and says why another one does not. */
interface NearMiss {
  readonly rule: Rule;
  /** How many addresses it is about. */
  readonly width: bigint;
}

function openingsAmong(networks: Networks, rules: readonly Firewall[], network: string): readonly Opening[] {
  return networks.onceFor(rules, `openings ${network}`, () =>
    rules
      .filter((rule) => isAbout(rule, 'INGRESS') && given(rule.allowed) && rule.broken === undefined && !isMixed(rule))
      .filter((rule) => pathOf(rule.network) === network)
      .map((rule) => ({ rule, terms: termsOf(networks, rule), misses: new Map() }))
      .filter(({ terms }) => !terms.ports.isEmpty),
  );
}

/** What no rule lets in is denied by the network itself (firewall docs, implied rules). */
export function impliedReason(network: string): Reason {
  return { code: 'gcp/fw-implied-deny', data: { network: nameOf(network) } };
}

function missOf({ rule, terms }: Opening, { code, peers }: Hint, network: string): NearMiss {
  const { ports, otherPorts } = terms;
  const reason = impliedReason(network);
  const denial: Rule = {
    id: null,
    action: 'drop',
    peers: known(peers),
    ports: known(code === 'gcp/fw-port-mismatch' ? otherPorts : ports),
    text: 'no rule lets it in',
    reason: { ...reason, hint: { code, data: { ...reason.data, rule: rule.name } } },
  };
  return { rule: denial, width: peers.count(4) + peers.count(6) };
}

/** Rules behind all others that let nobody in, for those whom some rule looks as if it let in: they say why it does not. The narrowest rule speaks first. */
export function nearMisses(
  networks: Networks,
  rules: readonly Firewall[],
  at: Standpoint,
  packet: Packet,
): readonly Rule[] {
  const misses = openingsAmong(networks, rules, at.network).flatMap((opening) => {
    const hint = hintOf(opening.rule, opening.terms, at, packet);
    if (!hint || hint.peers.isEmpty) return [];
    const miss = opening.misses.get(hint.code) ?? missOf(opening, hint, at.network);
    opening.misses.set(hint.code, miss);
    return [miss];
  });
  return misses.sort((a, b) => (a.width < b.width ? -1 : Number(a.width > b.width))).map(({ rule }) => rule);
}

/** The interfaces that a rule is for; `aimsAt` asks the same of one. */
function targetsOf(networks: Networks, network: string, rule: Firewall): readonly Nic[] {
  const { targetTags = [], targetServiceAccounts = [] } = rule;
  if (targetTags.length === 0 && targetServiceAccounts.length === 0) return networks.nicsIn(network);
  return networks.nicsKnownBy(network, targetTags, targetServiceAccounts);
}

/** The addresses of machines that a rule is for, by which their packets are known. */
function sendersOf(networks: Networks, network: string, rule: Firewall): AddressSet {
  return networks.onceFor(rule, `senders ${network}`, () =>
    AddressSet.unionOf(targetsOf(networks, network, rule).map(addressesOf)),
  );
}

/** The egress rules of a network as they meet its machines that send to an address, in the order in which they decide. */
export function classicEgress(
  networks: Networks,
  rules: readonly Firewall[],
  network: string,
  destination: Address,
): Rule[] {
  return inForce(networks, rules, network, 'EGRESS').flatMap((rule): Rule[] => {
    const { allows, ports } = termsOf(networks, rule);
    const text = `${rule.name} (${priorityOf(rule)}) ${allows ? 'lets out' : 'keeps in'}`;
    const reason = { code: 'gcp/src-egress-deny', data: {} };
    const named = { id: rule.name, of: ruleRef(rule), text, reason };
    const doubtful = doubtfulRules(networks, rule, named);
    if (doubtful) return doubtful;
    const base = { ...named, action: allows ? ('allow' as const) : ('drop' as const) };
    if (ports.isEmpty || !addressSet(given(rule.destinationRanges) ?? ['0.0.0.0/0']).has(destination)) return [];
    const sources = given(rule.sourceRanges);
    const all = sendersOf(networks, network, rule);
    const peers = sources ? all.intersect(addressSet(sources)) : all;
    return peers.isEmpty ? [] : [{ ...base, peers: known(peers), ports: known(ports) }];
  });
}
