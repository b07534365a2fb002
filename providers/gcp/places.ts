import { ListMemo } from '../../src/memo.js';
import { Places } from '../../src/record/index.js';
import { type Address, type AddressSet, addressSet, parseAddress } from '../../src/set/index.js';
import type { Networks } from './network.js';
import { publicOnly } from './packet.js';
import { pathOf } from './records/names.js';
import type { EffectivePolicy } from './records/records.js';
import { siteRoutes } from './route-learned.js';

/** The destinations that classic rules of these networks name. */
function* setsOfClassic(networks: Networks, near: ReadonlySet<string>): Iterable<AddressSet> {
  const { inventory } = networks;
  const answers = [...inventory.all('effectiveFirewalls').values()];
  for (const rules of [inventory.all('firewalls').values(), ...answers.map(({ firewalls = [] }) => firewalls)]) {
    for (const { network, destinationRanges } of rules) {
      const path = pathOf(network);
      if (destinationRanges?.length && (path === undefined || near.has(path))) yield addressSet(destinationRanges);
    }
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
  yield* setsOfClassic(networks, near);
  for (const { firewallPolicys = [] } of inventory.all('effectiveFirewalls').values())
    for (const policy of firewallPolicys) yield* setsOfPolicy(networks, policy);
  for (const { filter } of inventory.all('policyBasedRoutes').values()) yield addressSet([filter?.srcRange]);
  for (const one of near) for (const { announced } of siteRoutes(networks, one)) yield addressSet(announced ?? []);
}

function placesOnce(
  networks: Networks,
  kind: string,
  network: string,
  build: () => readonly Places[],
): readonly Places[] {
  return networks.once('places', () => new ListMemo<readonly Places[]>()).once([kind, network], build);
}

/** An address that stands for every address in a network that no rule, route or announcement tells from this one. */
export function likeIn(networks: Networks, network: string, address: Address): Address {
  const [places] = placesOnce(networks, 'internal', network, () => [new Places(setsAbout(networks, network))]);
  return places?.like(address) ?? address;
}

/** What of an external address the classic rules of a network can tell: an address like it, or nothing where no rule names destinations. */
export function externalLike(networks: Networks, network: string, address: string | undefined): Address | undefined {
  if (address === undefined) return undefined;
  const [places] = placesOnce(networks, 'external', network, () => {
    const sets = [...setsOfClassic(networks, new Set([network]))];
    return sets.length === 0 ? [] : [new Places(sets)];
  });
  const parsed = places && parseAddress(address);
  return parsed && places.like(parsed);
}
