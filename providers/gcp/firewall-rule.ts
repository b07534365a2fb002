import { ListMemo } from '../../src/memo.js';
import { type Fact, type Gap, known, type Reason, type Rule, unknown } from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import { AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { gapOf, given, isAbout, isIdentified, isMixed, mayDeny, type Terms, termsOf } from './firewall-terms.js';
import { type Identity, type Networks, type Nic, resource } from './network.js';
import type { Packet } from './packet.js';
import { nameOf, pathOf } from './records/names.js';
import type { Firewall } from './records/records.js';
import type { Standpoint } from './standpoint.js';

/** The rules of a network that are about a direction, in the order in which they decide. */
export function inForce(
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

/** The primary internal addresses of the interfaces of a network whose instances are meant: source tags cover no aliases. */
function primariesOf(networks: Networks, network: string, meant: readonly Nic[]): Fact<AddressSet> {
  const addresses = addressSet(meant.flatMap(({ record }) => [record.networkIP, record.ipv6Address]));
  const gap = networks.inventory.gap('instances', {}, network);
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

/** Whom a rule's source means: its ranges, or who carries its tags or accounts. Without any of them everybody with IPv4. */
function peersOf(networks: Networks, network: string, rule: Firewall, keepsIdentity: boolean): Fact<AddressSet> {
  const { ranges } = termsOf(networks, rule);
  if (!isIdentified(rule) || !keepsIdentity) return known(ranges);
  const senders = identified(networks, network, rule);
  return senders.known ? known(ranges.union(senders.value)) : unknown(ranges.union(senders.within), senders.gap);
}

/** Whether the rule is for the instance: by a tag, by its service account, or for all; a gap where one of them cannot be told. */
function aimsAt(networks: Networks, identity: Identity, rule: Firewall): boolean | Gap {
  const { tags, account, unread } = identity;
  const { targetTags = [], targetServiceAccounts = [] } = rule;
  if (targetTags.some((tag) => tags.includes(tag))) return true;
  if (account !== undefined && targetServiceAccounts.includes(account)) return true;
  const field = ['targetTags', 'targetServiceAccounts'].find((one) => isUnread(rule, one));
  if (field !== undefined) return gapOf(networks, rule, field);
  if (targetTags.length === 0 && targetServiceAccounts.length === 0) return true;
  return (targetTags.length > 0 ? unread?.tags : unread?.account) ?? false;
}

function meetsDestination(networks: Networks, rule: Firewall, { destination }: Packet): boolean | Gap {
  const { destinationRanges } = rule;
  if (destinationRanges?.length && addressSet(destinationRanges).has(destination)) return true;
  if (isUnread(rule, 'destinationRanges')) return gapOf(networks, rule, 'destinationRanges');
  return !destinationRanges?.length;
}

/** A rule whose number cannot be read stands before all others: there it may decide, or leave it to them. */
export const priorityOf = (rule: Firewall) => rule.priority ?? (isUnread(rule, 'priority') ? -1 : 1000);

/** What the implied rules count as; what an explicit one of the same number does is not documented (gcp.md 2.4, number 7). */
const impliedPriority = 65535;

export function ruleRef(rule: Firewall) {
  return resource('firewall-rule', rule.name);
}

function textOf(rule: Firewall, allows: boolean, ports: PortSet): string {
  const service = ports.equals(PortSet.all) ? 'every port' : `tcp/${ports.toString()}`;
  const sources = [...(rule.sourceRanges ?? []), ...(rule.sourceTags ?? []), ...(rule.sourceServiceAccounts ?? [])];
  const from = sources.length === 0 ? 'anywhere (IPv4)' : sources.join(', ');
  return `${rule.name} (${priorityOf(rule)}) ${allows ? 'allows' : 'denies'} ${service} from ${from}`;
}

/** A rule of which it is not sure that it decides about these. */
function doubted(rule: Rule, gap: Gap): Rule {
  return rule.peers.known ? { ...rule, peers: unknown(rule.peers.value, gap) } : rule;
}

/** What a rule may do with whom it may mean, where something of it cannot be read. */
function perhapsRules(
  { perhaps, ports, unread, doubt, actions }: Terms,
  base: Omit<Rule, 'action' | 'peers' | 'ports'>,
  within: AddressSet,
): Rule[] {
  if (!unread) return [];
  const ofPorts = ports.union(perhaps.ports);
  const isMore = doubt ?? !(perhaps.ranges.isEmpty && perhaps.ports.isEmpty);
  if (isMore === false || ofPorts.isEmpty) return [];
  return actions.map((action) => ({
    ...base,
    action,
    peers: unknown(within.union(perhaps.ranges), unread),
    ports: known(ofPorts),
  }));
}

/** A classic rule as the engine reads it; none where it has no TCP port. It is the same for all whom it is for. */
function lowered(networks: Networks, network: string, rule: Firewall, keepsIdentity: boolean): Rule[] {
  const terms = termsOf(networks, rule);
  const { allows, ports, doubt } = terms;
  const reason = { code: 'gcp/fw-classic-deny', data: { rule: rule.name } };
  const named = { id: rule.name, of: ruleRef(rule), text: textOf(rule, allows, ports) };
  const peers = peersOf(networks, network, rule, keepsIdentity);
  const within = peers.known ? peers.value : peers.within;
  const perhaps = perhapsRules(terms, { ...named, reason }, within);
  if (doubt || ports.isEmpty) return perhaps;
  const base = { ...named, ports: known(ports) };
  if (!allows) return [{ ...base, action: 'drop', peers, reason }, ...perhaps];
  if (priorityOf(rule) !== impliedPriority) return [{ ...base, action: 'allow', peers }, ...perhaps];
  const detail = `${rule.name} has the priority of the implied deny rule, and which of them wins is not documented`;
  const gap: Gap = { code: 'gcp/fw-priority-65535', kind: 'not-modelled', what: rule.name, detail, likely: true };
  return [{ ...base, action: 'allow', peers: unknown(within, gap) }, ...perhaps];
}

/** The lowest number first, and of one number what denies, or may: at equal priority deny wins (Compute API, firewalls). */
function compare(a: Firewall, b: Firewall): number {
  return priorityOf(a) - priorityOf(b) || Number(!mayDeny(a)) - Number(!mayDeny(b));
}

/** An ingress rule of a network, whomever it is for. */
interface Ingress {
  readonly rule: Firewall;
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
      lowered: lowered(networks, network, rule, keepsIdentity),
    })),
  );
}

/** The ingress rules of a network that are for an interface, in the order in which they decide. */
export function classicRules(networks: Networks, rules: readonly Firewall[], at: Identity, packet: Packet): Rule[] {
  return ingressOf(networks, rules, at.network, packet.approach === 'network').flatMap(({ rule, lowered }) => {
    const is = [aimsAt(networks, at, rule), meetsDestination(networks, rule, packet)];
    if (is.includes(false)) return [];
    const gap = is.find((one): one is Gap => typeof one === 'object');
    return gap ? lowered.map((one) => doubted(one, gap)) : lowered;
  });
}

/** Why a rule that looks as if it let somebody in does not. */
interface Hint {
  readonly code: string;
  readonly peers: AddressSet;
}

function hintOf(
  networks: Networks,
  { rule, terms: { ranges } }: Opening,
  at: Standpoint,
  packet: Packet,
): Hint | undefined {
  const family = packet.destination.family;
  if (meetsDestination(networks, rule, packet) === false)
    return addressSet(rule.destinationRanges ?? []).overlaps(at.external)
      ? { code: 'gcp/fw-external-destination', peers: ranges }
      : undefined;
  if (aimsAt(networks, at, rule) === false) return { code: 'gcp/fw-target-mismatch', peers: ranges };
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
    const hint = hintOf(networks, opening, at, packet);
    if (!hint || hint.peers.isEmpty) return [];
    const miss = opening.misses.get(hint.code) ?? missOf(opening, hint, at.network);
    opening.misses.set(hint.code, miss);
    return [miss];
  });
  return misses.sort((a, b) => (a.width < b.width ? -1 : Number(a.width > b.width))).map(({ rule }) => rule);
}
