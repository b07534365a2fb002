import { type Address, AddressPartition, type AddressSet, addressSet } from '../../src/set/index.js';
import { publicOnly } from './firewall-policy.js';
import type { Networks } from './network.js';
import { pathOf } from './records/names.js';
import type { EffectivePolicy, Firewall } from './records/records.js';
import { siteRoutes } from './route-learned.js';

function* setsOfClassic(rules: Iterable<Firewall>, near: ReadonlySet<string>): Iterable<AddressSet> {
  for (const { network, destinationRanges } of rules) {
    const path = pathOf(network);
    if (destinationRanges?.length && (path === undefined || near.has(path))) yield addressSet(destinationRanges);
  }
}

function* setsOfPolicy(networks: Networks, { rules = [] }: EffectivePolicy): Iterable<AddressSet> {
  for (const { match } of rules) {
    yield addressSet(match?.destIpRanges ?? []);
    for (const group of match?.destAddressGroups ?? []) {
      const members = networks.addressGroup(group);
      if ('peers' in members) yield members.peers;
    }
  }
}

/** Every set of addresses in terms of which anything on a way into a network may speak of where a packet is going. */
function* setsAbout(networks: Networks, network: string): Iterable<AddressSet> {
  const { inventory } = networks;
  const peers = (networks.record(network)?.peerings ?? []).flatMap(({ network: peer }) => pathOf(peer) ?? []);
  const near = new Set([network, ...peers]);
  yield publicOnly;
  yield* setsOfClassic(inventory.all('firewalls').values(), near);
  for (const { firewalls = [], firewallPolicys = [] } of inventory.all('effectiveFirewalls').values()) {
    yield* setsOfClassic(firewalls, near);
    for (const policy of firewallPolicys) yield* setsOfPolicy(networks, policy);
  }
  for (const { filter } of inventory.all('policyBasedRoutes').values()) yield addressSet([filter?.srcRange]);
  for (const one of near) for (const { announced } of siteRoutes(networks, one)) yield addressSet(announced ?? []);
}

/** An address that stands for every address in a network that no rule, route or announcement tells from this one. */
export function likeIn(networks: Networks, network: string, address: Address): Address {
  const { partition, firsts } = networks.once(`places of ${network}`, () => ({
    partition: AddressPartition.by(setsAbout(networks, network)),
    firsts: new Map<string, Address>(),
  }));
  const key = `${address.family}/${partition.cellOf(address)}`;
  const first = firsts.get(key) ?? address;
  firsts.set(key, first);
  return first;
}
