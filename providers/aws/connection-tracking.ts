import {
  type Filter,
  type Gap,
  known,
  passFilter,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { AddressSet, PortSet } from '../../src/set/index.js';
import type { Network } from './network.js';
import { type Bearer, groupRules, type References } from './security-group.js';
import { egressReferences } from './source-side.js';

/** Flows through a network load balancer are tracked whatever the rules say (EC2 guide, security group connection tracking). */
export const alwaysTracked: Filter = passFilter;

/** Whether replies may go anywhere from any port by one rule, or why that is not known. */
function lettingAllOut(outbound: readonly Rule[], everything: AddressSet): boolean | Gap {
  let doubt: Gap | undefined;
  for (const { peers, ports } of outbound) {
    const [open, far] = [ports.known ? ports.value : ports.within, peers.known ? peers.value : peers.within];
    if (!open.equals(PortSet.all) || !far.covers(everything)) continue;
    if (peers.known && ports.known) return true;
    doubt ??= peers.known ? (ports.known ? undefined : ports.gap) : peers.gap;
  }
  return doubt ?? false;
}

/**
 * Which connections the groups of an interface track: tracked ones go on when their rule is removed. Those that a rule for
 * 0.0.0.0/0 or ::/0 admits are not tracked where another one lets everything out again: they are cut with the rule (EC2 guide,
 * security group connection tracking, untracked connections).
 */
export function trackedBy(
  network: Network,
  groups: readonly string[],
  references: References,
  bearer: Bearer,
): RuleFilter {
  return network.once(`tracked ${references.key} ${bearer.vpcId} ${groups.join(' ')}`, (): RuleFilter => {
    const rulesOf = (egress: boolean, by: References) =>
      groups.flatMap((id) => groupRules(network, id, egress, by, bearer)).filter(({ action }) => action === 'allow');
    const outbound = rulesOf(true, egressReferences([]));
    const inbound = rulesOf(false, references);
    const untracked = [AddressSet.ipv4, AddressSet.ipv6].flatMap((everything) => {
      const out = lettingAllOut(outbound, everything);
      if (out === false) return [];
      return inbound.flatMap((rule): Rule[] => {
        const { peers, ports, text } = rule;
        if (!(peers.known ? peers.value : peers.within).covers(everything)) return [];
        const gap = typeof out === 'object' ? out : peers.known ? undefined : peers.gap;
        return [
          { id: rule.id, action: 'drop', peers: gap ? unknown(everything, gap) : known(everything), ports, text },
        ];
      });
    });
    return { kind: 'rules', rules: untracked, otherwise: 'allow' };
  });
}
