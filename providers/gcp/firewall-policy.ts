import { type Fact, type Gap, known, type Rule, type RuleFilter, unknown } from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import { AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { isAbout, perhapsPorts, tcpPorts, undecidable } from './firewall-terms.js';
import { type Identity, type Networks, resource } from './network.js';
import { type Packet, publicOnly } from './packet.js';
import { pathOf } from './records/names.js';
import type { EffectivePolicy, Layer4, PolicyRule } from './records/records.js';

type Match = NonNullable<PolicyRule['match']>;

/** From this number on the rules are Google's own: they go on to the next policy. */
export const firstDefault = 2147483644;

const denials: ReadonlyMap<string | undefined, string> = new Map([
  ['HIERARCHY', 'gcp/fw-hier-deny'],
  ['SYSTEM_GLOBAL', 'gcp/fw-sys-deny'],
  ['SYSTEM_REGIONAL', 'gcp/fw-sys-deny'],
  ['NETWORK', 'gcp/fw-net-deny'],
  ['NETWORK_REGIONAL', 'gcp/fw-reg-deny'],
]);

/** A policy as people know it. */
export function policyName({ shortName, displayName, name }: EffectivePolicy): string {
  return shortName ?? displayName ?? name ?? 'a policy';
}

/** Whether a rule is for an interface; a gap where its secure tags or its service account cannot be told. */
export function aimsAt({ network, account, unread, boundTo }: Identity, rule: PolicyRule, name: string): boolean | Gap {
  const { targetResources = [], targetServiceAccounts = [], targetSecureTags = [] } = rule;
  if (targetResources.length > 0 && !targetResources.some((url) => pathOf(url) === network)) return false;
  // A rule asks for accounts or for secure tags, never for both.
  if (targetServiceAccounts.length > 0 && (account === undefined || !targetServiceAccounts.includes(account)))
    return unread?.account ?? false;
  if (targetSecureTags.length === 0) return true;
  const effective = targetSecureTags.filter(({ state }) => state !== 'INEFFECTIVE');
  if (effective.length === 0) return false;
  return boundTo(
    effective.flatMap(({ name: tag }) => tag ?? []),
    name,
  );
}

/** The context of a packet: it came over Google's edge where its destination is an external address (firewall docs, network contexts). */
function contextOf({ approach }: Packet): 'INTERNET' | 'NON_INTERNET' {
  return approach === 'external' ? 'INTERNET' : 'NON_INTERNET';
}

/** Whether the network context of a rule holds, or why nobody knows. */
function isInContext(match: Match, packet: Packet, name: string): boolean | Gap {
  const wanted = match.srcNetworkContext ?? match.srcNetworkType;
  if (wanted === undefined || wanted === 'UNSPECIFIED') return true;
  if (wanted === 'INTERNET' || wanted === 'NON_INTERNET') return contextOf(packet) === wanted;
  if (wanted === 'INTRA_VPC') return packet.approach === 'network';
  if (wanted === 'VPC_NETWORKS' && contextOf(packet) === 'INTERNET') return false;
  return undecidable(name, `${name} is about the network context ${wanted}, which is not modelled`);
}

export interface Sources {
  readonly sure: AddressSet;
  /** Who may be meant as well, and why that is not known. */
  readonly perhaps: readonly { readonly peers: AddressSet; readonly gap: Gap }[];
}

/** Whom the sources of a rule mean: any of its ranges, groups, tags, names, regions and lists. */
function sourcesOf(
  networks: Networks,
  network: string,
  rule: PolicyRule,
  packet: Packet,
  name: string,
): Sources | 'nobody' {
  const match: Match = rule.match ?? {};
  const { srcIpRanges = [], srcAddressGroups = [], srcSecureTags = [], strange = [] } = match;
  const { srcFqdns = [], srcRegionCodes = [], srcThreatIntelligences = [] } = match;
  const perhaps: { peers: AddressSet; gap: Gap }[] = [];
  let sure = addressSet(srcIpRanges);
  for (const group of srcAddressGroups) {
    const members = networks.addressGroup(group);
    if ('peers' in members) sure = sure.union(members.peers);
    else perhaps.push({ peers: AddressSet.all, gap: members.gap });
  }
  const tags = srcSecureTags.filter(({ state }) => state !== 'INEFFECTIVE');
  if (srcSecureTags.length > 0 && tags.length === 0 && srcIpRanges.length === 0) return 'nobody';
  if (tags.length > 0 && (packet.approach === 'network' || packet.approach === 'peer')) {
    const senders = networks.taggedSenders(
      network,
      tags.flatMap(({ name: tag }) => tag ?? []),
      packet.approach,
      name,
    );
    if (senders.known) sure = sure.union(senders.value);
    else perhaps.push({ peers: senders.within, gap: senders.gap });
  }
  const unseen = [
    ...(srcFqdns.length > 0 ? [{ what: 'names', peers: AddressSet.all }] : []),
    ...(srcRegionCodes.length > 0 ? [{ what: 'regions of the world', peers: publicOnly }] : []),
    ...(srcThreatIntelligences.length > 0 ? [{ what: 'threat lists', peers: publicOnly }] : []),
    ...(strange.length > 0 ? [{ what: strange.join(', '), peers: AddressSet.all }] : []),
  ];
  for (const { what, peers } of unseen)
    perhaps.push({ peers, gap: undecidable(name, `${name} matches by ${what}, which only Google can tell`) });
  const isBare = [srcIpRanges, srcAddressGroups, srcSecureTags, srcFqdns, srcRegionCodes, srcThreatIntelligences].every(
    (list) => list.length === 0,
  );
  // Of sources that cannot be read nobody knows whom they mean: they are not none.
  if (!isBare || strange.length > 0 || unreadOf(rule).sources) return { sure, perhaps };
  const isNarrowed = match.srcNetworkContext ?? match.srcNetworkType ?? match.destIpRanges;
  if (isNarrowed !== undefined || (rule.priority ?? 0) >= firstDefault) return { sure: AddressSet.all, perhaps };
  // A rule without any condition is one whose condition this version of the API does not tell.
  const gap = undecidable(name, `${name} has no condition that is known: it may have one that is not`);
  return { sure: AddressSet.empty, perhaps: [{ peers: AddressSet.all, gap }] };
}

/** What a rule does with what it matches; inspection may let it through or not. */
function actionsOf(rule: PolicyRule, name: string): readonly (Rule['action'] | { readonly gap: Gap })[] {
  switch (rule.action) {
    case 'allow':
      return ['allow'];
    case 'deny':
      return ['drop'];
    case 'goto_next':
      return ['next'];
    case 'apply_security_profile_group': {
      const detail = `${name} hands the connection to an inspection, whose decision is not in the evidence`;
      return [{ gap: { code: 'gcp/fw-inspect', kind: 'not-modelled', what: name, detail, likely: true } }];
    }
    default:
      return [{ gap: undecidable(name, `${name} has the action ${rule.action ?? '(none)'}, which is not documented`) }];
  }
}

function textOf(rule: PolicyRule, name: string): string {
  const words = new Map([
    ['allow', 'allows'],
    ['deny', 'denies'],
    ['goto_next', 'passes on'],
  ]);
  const ranges = rule.match?.srcIpRanges?.join(', ') ?? 'what it matches';
  return `${name} ${words.get(rule.action ?? '') ?? rule.action} ${ranges}`;
}

/** What a rule does with those whom it matches, as rules of the engine. */
export function acted(
  base: Omit<Rule, 'action' | 'peers'>,
  rule: PolicyRule,
  name: string,
  peers: Fact<AddressSet>,
): Rule[] {
  return actionsOf(rule, name).flatMap((action): Rule[] => {
    if (typeof action === 'string') return [{ ...base, action, peers }];
    const within = peers.known ? peers.value : peers.within;
    return [
      { ...base, action: 'allow', peers: unknown(within, peers.known ? action.gap : peers.gap) },
      { ...base, action: 'drop', peers },
    ];
  });
}

/** What of a rule cannot be read, by what is unknown then. */
interface Unread {
  readonly sources: boolean;
  readonly ports: boolean;
  /** Whether it decides at all. */
  readonly rest: boolean;
}

/** What a rule is about that has no conditions. */
const anything: readonly Layer4[] = [{ ipProtocol: 'all' }];

const sourceField = /^match\.src(?:IpRanges|AddressGroups|SecureTags|Fqdns|RegionCodes|ThreatIntelligences)(?:\.|$)/;
const portField = /^match\.layer4Configs(?:\.|$)/;

function unreadOf({ broken, match }: PolicyRule): Unread {
  const own = broken?.split(', ') ?? [];
  // Of what the conditions hold, the first alone stands among the fields of the rule.
  const inside = match?.broken?.split(', ').map((field) => `match.${field}`) ?? [];
  const fields = [...own.filter((field) => !field.startsWith('match.')), ...inside];
  const [sources, ports] = [sourceField, portField].map((pattern) => fields.some((field) => pattern.test(field)));
  const rest = fields.some((field) => !sourceField.test(field) && !portField.test(field));
  return { sources: sources || rest, ports: ports || rest, rest };
}

/** The rules that one rule of a policy becomes: what it surely matches, and what it may match. */
function lowered(networks: Networks, policy: EffectivePolicy, rule: PolicyRule, at: Identity, packet: Packet): Rule[] {
  const name = `${policyName(policy)} rule ${rule.priority ?? '(no number)'}`;
  const target = aimsAt(at, rule, name);
  if (target === false && !rule.broken?.includes('targetSecureTags')) return [];
  const context = isInContext(rule.match ?? {}, packet, name);
  if (context === false) return [];
  const { destIpRanges = [], layer4Configs } = rule.match ?? {};
  if (destIpRanges.length > 0 && !addressSet(destIpRanges).has(packet.destination)) return [];
  const unread = unreadOf(rule);
  const ports = tcpPorts(layer4Configs ?? (unread.ports ? [] : anything));
  const perhaps = unread.ports ? perhapsIn(layer4Configs, rule) : PortSet.empty;
  if (ports.union(perhaps).isEmpty) return [];
  const sources = sourcesOf(networks, at.network, rule, packet, name);
  if (sources === 'nobody') return [];
  const broken =
    rule.broken === undefined
      ? undefined
      : networks.inventory.dangling('effectiveFirewalls', {}, `a readable record of ${name} (${rule.broken})`);
  const whether = unread.rest ? broken : undefined;
  const doubt = whether ?? [target, context].find((one): one is Gap => typeof one === 'object');
  const code = denials.get(policy.type) ?? 'gcp/fw-policy-deny';
  const base = {
    id: String(rule.priority ?? ''),
    of: resource('firewall-policy', policyName(policy)),
    text: textOf(rule, name),
    reason: { code, data: { policy: policyName(policy), rule: String(rule.priority ?? '') } },
  };
  const rulesFor = (peers: Fact<AddressSet>, of: PortSet): Rule[] =>
    acted({ ...base, ports: known(of) }, rule, name, peers);
  const sure = doubt ? unknown(sources.sure, doubt) : known(sources.sure);
  const within = unread.sources ? AddressSet.all : sources.sure;
  return [
    ...sources.perhaps.flatMap(({ peers, gap }) => rulesFor(unknown(peers, gap), ports.union(perhaps))),
    ...(sources.sure.isEmpty || ports.isEmpty || whether ? [] : rulesFor(sure, ports)),
    ...(broken ? rulesFor(unknown(within, broken), ports.union(perhaps)) : []),
  ];
}

/** The ports that a rule may be about of which something cannot be read. */
function perhapsIn(configs: Match['layer4Configs'], { match }: PolicyRule): PortSet {
  const isWhole = configs === undefined || match === undefined || isUnread(match, 'layer4Configs');
  return isWhole ? PortSet.all : perhapsPorts(configs);
}

/** The rules of a policy that are about a direction, or may be, the lowest number first. */
export function inForce({ rules = [] }: EffectivePolicy, wanted: 'INGRESS' | 'EGRESS'): readonly PolicyRule[] {
  return rules
    .filter((rule) => !rule.disabled && isAbout(rule, wanted))
    .filter(({ targetType }) => targetType === undefined || targetType === 'INSTANCES')
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
}

/**
 * A policy as a filter: the first rule that matches decides, `goto_next` leaves the policy, and so does what no rule matches
 * (firewall docs, rule evaluation order).
 */
export function policyFilter(networks: Networks, policy: EffectivePolicy, at: Identity, packet: Packet): RuleFilter {
  return {
    kind: 'rules',
    rules: inForce(policy, 'INGRESS').flatMap((rule) => lowered(networks, policy, rule, at, packet)),
    otherwise: 'next',
    of: resource('firewall-policy', policyName(policy)),
  };
}
