import { type Fact, type Gap, known, type Rule, type RuleFilter, unknown } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { acted, aimsAt, firstDefault, inForce, policyName, type Sources } from './firewall-policy.js';
import { tcpPorts, undecidable } from './firewall-terms.js';
import { addressesOf, type Networks, type Nic, resource } from './network.js';
import { publicOnly } from './packet.js';
import type { EffectivePolicy, PolicyRule } from './records/records.js';

type Match = NonNullable<PolicyRule['match']>;

/** Whether an egress rule is about a destination, or why nobody knows. */
function meetsDestination(networks: Networks, rule: PolicyRule, destination: Address, name: string): boolean | Gap {
  const match: Match = rule.match ?? {};
  const { destIpRanges = [], destAddressGroups = [], destFqdns = [], strange = [] } = match;
  const { destRegionCodes = [], destThreatIntelligences = [] } = match;
  if (addressSet(destIpRanges).has(destination)) return true;
  const groups = destAddressGroups.map((group) => networks.addressGroup(group));
  if (groups.some((members) => 'peers' in members && members.peers.has(destination))) return true;
  const unread = groups.flatMap((members) => ('gap' in members ? members.gap : []))[0];
  if (unread) return unread;
  const lists = [destIpRanges, destAddressGroups, destFqdns, destRegionCodes, destThreatIntelligences, strange];
  const isBare = lists.every((list) => list.length === 0);
  const isNarrowed = match.destNetworkContext ?? match.destNetworkType;
  if (isBare && isNarrowed === undefined && (rule.priority ?? 0) >= firstDefault) return true;
  const isVague =
    isBare ||
    destFqdns.length + strange.length > 0 ||
    (destRegionCodes.length + destThreatIntelligences.length > 0 && publicOnly.has(destination));
  return isVague ? undecidable(name, `${name} matches destinations by what only Google can tell`) : false;
}

/** The senders that one egress rule is for: those that are surely meant, and those that may be. */
function sendersOf(networks: Networks, rule: PolicyRule, nics: readonly Nic[], name: string): Sources {
  const known = networks.onceFor(nics, 'senders', () => new Map<PolicyRule, Sources>());
  const found = known.get(rule) ?? findSenders(rule, nics, name);
  known.set(rule, found);
  return found;
}

function findSenders(rule: PolicyRule, nics: readonly Nic[], name: string): Sources {
  const { srcIpRanges = [], strange = [] } = rule.match ?? {};
  const asked = srcIpRanges.length === 0 ? AddressSet.all : addressSet(srcIpRanges);
  const aimed = nics.map((nic) => ({ nic, is: aimsAt(nic.identity, rule, name) }));
  const addresses = (wanted: (is: boolean | Gap) => boolean) =>
    AddressSet.unionOf(aimed.filter(({ is }) => wanted(is)).map(({ nic }) => addressesOf(nic))).intersect(asked);
  const gap =
    strange.length > 0
      ? undecidable(name, `${name} matches by ${strange.join(', ')}, which only Google can tell`)
      : aimed.map(({ is }) => is).find((is): is is Gap => typeof is === 'object');
  const may = addresses((is) => is !== false);
  if (!gap) return { sure: may, perhaps: [] };
  return {
    sure: strange.length > 0 ? AddressSet.empty : addresses((is) => is === true),
    perhaps: [{ peers: may, gap }],
  };
}

function loweredEgress(
  networks: Networks,
  policy: EffectivePolicy,
  rule: PolicyRule,
  nics: readonly Nic[],
  destination: Address,
): Rule[] {
  const name = `${policyName(policy)} rule ${rule.priority ?? '(no number)'}`;
  const base = {
    id: String(rule.priority ?? ''),
    of: resource('firewall-policy', policyName(policy)),
    text: `${name} is about what leaves`,
    reason: { code: 'gcp/src-egress-deny', data: {} },
  };
  const rulesFor = (peers: Fact<AddressSet>, ports: PortSet): Rule[] =>
    acted({ ...base, ports: known(ports) }, rule, name, peers);
  if (rule.broken !== undefined) {
    const gap = networks.inventory.dangling('effectiveFirewalls', {}, `a readable record of ${name} (${rule.broken})`);
    return rulesFor(unknown(AddressSet.all, gap), PortSet.all);
  }
  const ports = rule.match?.layer4Configs === undefined ? PortSet.all : tcpPorts(rule.match.layer4Configs);
  const isMet = meetsDestination(networks, rule, destination, name);
  if (ports.isEmpty || isMet === false) return [];
  const { sure, perhaps } = sendersOf(networks, rule, nics, name);
  return [
    ...perhaps.flatMap(({ peers, gap }) => rulesFor(unknown(peers, gap), ports)),
    ...(sure.isEmpty ? [] : rulesFor(isMet === true ? known(sure) : unknown(sure, isMet), ports)),
  ];
}

/** The egress rules of a policy as they meet these machines when they send to an address. */
export function policyEgress(
  networks: Networks,
  policy: EffectivePolicy,
  nics: readonly Nic[],
  destination: Address,
): RuleFilter {
  return {
    kind: 'rules',
    rules: inForce(policy, 'EGRESS').flatMap((rule) => loweredEgress(networks, policy, rule, nics, destination)),
    otherwise: 'next',
    of: resource('firewall-policy', policyName(policy)),
  };
}
