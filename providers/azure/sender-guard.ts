import { ListMemo } from '../../src/memo.js';
import {
  type Gap,
  known,
  type Layer,
  type Reason,
  type ResourceRef,
  type Rule,
  type RuleFilter,
  unknown,
  unknownFilter,
} from '../../src/model/index.js';
import { type Address, addressSet, PortSet, parseAddress } from '../../src/set/index.js';
import { adminFilter } from './admin-rule.js';
import { subnetGroup } from './filter.js';
import { groupsOf, type Networks, type Port, resource } from './network.js';
import { likeIn } from './places.js';
import { nameOf } from './records/ids.js';
import { groupFilter } from './security-group.js';
import { type Guarded, groupRef } from './security-rule.js';

const everyPort = known(PortSet.all);

/** Senders have groups of their own each, and which of their connections these track is not worked out. */
const unfollowed = unknownFilter({
  code: 'azure/ev-untracked',
  kind: 'not-modelled',
  what: "the tracking of the senders' own security groups",
  detail: "which connections the senders' own security groups track is not worked out",
});

/** Where packets go. */
export interface Asked {
  readonly destination: Address;
  readonly port: number;
}

/** What guards make of what a sender sends to a destination, whoever the sender is: a rule that lacks its peers. */
interface Kept {
  readonly rule: Omit<Rule, 'peers'>;
  readonly gap: Gap | undefined;
}

interface End {
  readonly action: Rule['action'];
  readonly rule: Rule | undefined;
  readonly gap: Gap | undefined;
}

/** All that a list may do with packets to a destination: every rule that may match, up to the first that surely does. */
function endsOf({ rules, otherwise }: RuleFilter, { destination, port }: Asked): readonly End[] {
  const ends: End[] = [];
  for (const rule of rules) {
    const { peers, ports, action } = rule;
    const isMet = (peers.known ? peers.value : peers.within).has(destination);
    if (!isMet || !(ports.known ? ports.value : ports.within).has(port)) continue;
    const gap = peers.known ? (ports.known ? undefined : ports.gap) : peers.gap;
    ends.push({ action, rule, gap });
    if (!gap) return ends;
  }
  return [...ends, { action: otherwise, rule: undefined, gap: undefined }];
}

/** What is kept where some of the ends are denials; surely where all are. */
function keptBy(ends: readonly End[], of: ResourceRef, code: string): Kept | undefined {
  const denial = ends.find(({ action }) => action === 'drop');
  if (!denial) return undefined;
  const data = { rule: denial.rule?.id ?? '', group: of.id };
  const { id, text } = denial.rule ?? { id: null, text: 'no rule lets it out' };
  const rule = {
    id,
    of: denial.rule?.of ?? of,
    action: 'drop' as const,
    ports: everyPort,
    text,
    reason: { code, data },
  };
  const isSure = ends.every(({ action }) => action === 'drop');
  return { rule, gap: isSure ? undefined : ends.find(({ gap }) => gap)?.gap };
}

function unreadGroup(gap: Gap): Kept {
  const reason: Reason = { code: gap.code, data: {} };
  return { rule: { id: null, action: 'drop', ports: everyPort, text: gap.detail, reason }, gap };
}

/** What the guards of a sender do with packets to a destination. */
interface Guards {
  readonly admin: Kept | undefined;
  readonly nic: Kept | undefined;
  readonly subnet: Kept | undefined;
}

/** The security groups are not asked where an admin rule always allows; where it only may, what they keep in is unsure. */
function guardsFor(networks: Networks, sender: Port, guarded: Guarded, asked: Asked): Guards {
  const network = sender.networkKey ?? '';
  const admin = adminFilter(networks, network, guarded, 'outbound', 'azure/src-avnm-admin-rule');
  const ends = endsOf(admin, asked);
  const isExempt = ends.every(({ action }) => action === 'allow');
  const doubt = ends.some(({ action }) => action === 'allow') ? ends.find(({ gap }) => gap)?.gap : undefined;
  const byGroup = (found: ReturnType<Networks['securityGroup']>, code: string): Kept | undefined => {
    if (isExempt || found === 'none') return undefined;
    if ('gap' in found) return unreadGroup(found.gap);
    const filter = groupFilter(networks, found.found, 'outbound', guarded, code);
    const kept = keptBy(endsOf(filter, asked), groupRef(found.found), code);
    return kept && { ...kept, gap: kept.gap ?? doubt };
  };
  return {
    admin: keptBy(ends, resource('virtual-network', nameOf(network)), 'azure/src-avnm-admin-rule'),
    nic: byGroup(networks.securityGroup(sender.nic.networkSecurityGroup), 'azure/src-nsg-nic'),
    subnet: byGroup(subnetGroup(networks, networks.subnet(sender.subnetKey)), 'azure/src-nsg-subnet'),
  };
}

/** The senders of a network by their guards, as far as these can tell them apart. */
function bySameGuards(networks: Networks, network: string): readonly (readonly [Guarded, readonly Port[]])[] {
  return networks.once(`guards ${network}`, () => {
    const groups: [Guarded, Port[]][] = [];
    const known = new ListMemo<[Guarded, Port[]]>();
    for (const sender of networks.portsIn(network)) {
      const own = parseAddress(sender.config.privateIPAddress ?? '');
      const { subnetKey } = sender;
      if (!own || subnetKey === undefined) continue;
      const address = likeIn(networks, network, own);
      const applicationGroups = groupsOf(sender);
      const parts = [subnetKey, sender.nic.networkSecurityGroup?.id, address, ...applicationGroups];
      const group = known.once(parts, () => {
        const fresh: [Guarded, Port[]] = [
          { address, subnetKey, groups: applicationGroups, isFacingInternet: false },
          [],
        ];
        groups.push(fresh);
        return fresh;
      });
      group[1].push(sender);
    }
    return groups;
  });
}

/**
 * What the senders' own guards keep in: admin rules come first, then the interface's group, then the subnet's (NSG docs, outbound
 * traffic).
 */
export function guardLayers(networks: Networks, network: string, asked: Asked): Layer[] {
  const judged = bySameGuards(networks, network).flatMap(([guarded, senders]) => {
    const [sender] = senders;
    const addresses = () => addressSet(senders.map(({ config }) => config.privateIPAddress));
    return sender ? [{ guards: guardsFor(networks, sender, guarded, asked), addresses }] : [];
  });
  const layer = (kind: string, which: keyof Guards): Layer[] => {
    const rules = judged.flatMap(({ guards, addresses }): Rule[] => {
      const kept = guards[which];
      if (!kept) return [];
      return [{ ...kept.rule, peers: kept.gap ? unknown(addresses(), kept.gap) : known(addresses()) }];
    });
    if (rules.length === 0) return [];
    const subject = resource('virtual-network', nameOf(network));
    return [{ kind, subject, inbound: { kind: 'rules', rules, otherwise: 'allow' }, tracked: unfollowed }];
  };
  return [
    ...layer('source-admin-rule', 'admin'),
    ...layer('source-security-group', 'nic'),
    ...layer('source-subnet-group', 'subnet'),
  ];
}
