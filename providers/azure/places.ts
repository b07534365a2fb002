import { ListMemo } from '../../src/memo.js';
import { Places } from '../../src/record/index.js';
import { type Address, type AddressSet, addressSet, parsePrefix } from '../../src/set/index.js';
import { firewallSets } from './azure-firewall.js';
import type { Networks } from './network.js';
import { routesOf } from './route.js';
import { attachedPrefixes, groupMembers, prefixesNamed } from './security-rule.js';
import { membersOf } from './tags.js';

/** Every prefix and tag that a rule of a security group or of a network manager names. */
function textsNamed(networks: Networks): ReadonlySet<string> {
  return networks.once('prefixes and tags', () => {
    const texts = new Set<string>();
    for (const { securityRules = [], defaultSecurityRules = [] } of networks.inventory.all('securityGroups').values())
      for (const rule of [...securityRules, ...defaultSecurityRules])
        for (const text of prefixesNamed(rule)) texts.add(text);
    for (const { value = [] } of networks.inventory.all('adminRules').values())
      for (const { sources = [], destinations = [] } of value)
        for (const { addressPrefix } of [...sources, ...destinations])
          if (addressPrefix !== undefined) texts.add(addressPrefix);
    return texts.add('VirtualNetwork').add('Internet');
  });
}

/** The members of application groups: those attached by their prefixes, and, where a rule on the way out names them, all that a network sees. */
function* setsOfApplicationGroups(networks: Networks, near: ReadonlySet<string>): Iterable<AddressSet> {
  for (const { securityRules = [] } of networks.inventory.all('securityGroups').values()) {
    for (const { direction, sourceApplicationSecurityGroups, destinationApplicationSecurityGroups } of securityRules) {
      for (const { id } of [
        ...(sourceApplicationSecurityGroups ?? []),
        ...(destinationApplicationSecurityGroups ?? []),
      ])
        if (id !== undefined) yield attachedPrefixes(networks, id).sure;
      if (direction?.toLowerCase() === 'inbound') continue;
      for (const { id } of destinationApplicationSecurityGroups ?? [])
        if (id !== undefined) for (const network of near) yield groupMembers(networks, id, network).sure;
    }
  }
}

/** Every set of addresses in terms of which anything on a way into a network may speak of where a packet is going. */
function* setsAbout(networks: Networks, network: string): Iterable<AddressSet> {
  const peers = networks.peersOf(network);
  // What is behind a peer comes through appliances, and its routes and groups speak of the packet first.
  const near = new Set([network, ...peers, ...peers.flatMap((peer) => networks.peersOf(peer))]);
  const subnets = [...near].flatMap((one) => [...networks.subnetsOf(one).keys()]);
  yield* setsOfApplicationGroups(networks, near);
  yield* firewallSets(networks);
  for (const text of textsNamed(networks)) {
    if (parsePrefix(text)) yield addressSet([text]);
    else for (const subnet of subnets) yield* setsOfTag(networks, text, subnet);
  }
  for (const subnet of subnets)
    for (const { prefix } of routesOf(networks, subnet, undefined).routes) yield addressSet([prefix]);
}

function* setsOfTag(networks: Networks, tag: string, subnetKey: string): Iterable<AddressSet> {
  const { sure, within } = membersOf(networks, tag, subnetKey);
  yield sure;
  yield within;
}

/** An address that stands for every address in a network that no rule and no route tells from this one. */
export function likeIn(networks: Networks, network: string, address: Address): Address {
  const known = networks.once('places', () => new ListMemo<Places>());
  return known.once([network], () => new Places(setsAbout(networks, network))).like(address);
}
