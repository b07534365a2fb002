import { type Fact, known, type Rule, unknown } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { inForce, priorityOf, ruleRef } from './firewall-rule.js';
import { given, termsOf } from './firewall-terms.js';
import { addressesOf, type Networks, type Nic } from './network.js';
import type { Firewall } from './records/records.js';

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

/** The machines that a rule may be for as well, since their tags or their accounts cannot be read. */
function perhapsSenders(networks: Networks, network: string, rule: Firewall): Fact<AddressSet> {
  const { targetTags = [], targetServiceAccounts = [] } = rule;
  if (targetTags.length === 0 && targetServiceAccounts.length === 0) return known(AddressSet.empty);
  return networks.onceFor(rule, `perhaps senders ${network}`, () => {
    const gapOfNic = ({ identity: { unread } }: Nic) => (targetTags.length > 0 ? unread?.tags : unread?.account);
    const nics = networks.nicsIn(network).filter((nic) => gapOfNic(nic) !== undefined);
    const gap = nics.map(gapOfNic)[0];
    return gap ? unknown(AddressSet.unionOf(nics.map(addressesOf)), gap) : known(AddressSet.empty);
  });
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
    const { unread, actions } = termsOf(networks, rule);
    const [anyone, everyPort] = [AddressSet.all, known(PortSet.all)];
    if (unread)
      return actions.map((action) => ({ ...named, action, peers: unknown(anyone, unread), ports: everyPort }));
    const base = { ...named, action: allows ? ('allow' as const) : ('drop' as const) };
    if (ports.isEmpty || !addressSet(given(rule.destinationRanges) ?? ['0.0.0.0/0']).has(destination)) return [];
    const sources = given(rule.sourceRanges);
    const all = sendersOf(networks, network, rule);
    const meant = (senders: AddressSet) => (sources ? senders.intersect(addressSet(sources)) : senders);
    const perhaps = perhapsSenders(networks, network, rule);
    const peers: readonly Fact<AddressSet>[] = [
      known(meant(all)),
      ...(perhaps.known ? [] : [unknown(meant(perhaps.within), perhaps.gap)]),
    ];
    return peers
      .filter((fact) => !(fact.known ? fact.value : fact.within).isEmpty)
      .map((fact) => ({ ...base, peers: fact, ports: known(ports) }));
  });
}
