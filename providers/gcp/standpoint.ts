import { ListMemo } from '../../src/memo.js';
import { AddressSet, addressSet } from '../../src/set/index.js';
import { externalIpv4, type Identity, type Networks, type Nic } from './network.js';
import { externalLike } from './places.js';
import type { EffectiveFirewalls } from './records/records.js';

/**
 * All that rules and routes can tell of an interface. What is found out from here holds for every interface that has the same
 * standpoint, so nothing that names one of them belongs to it.
 */
export interface Standpoint extends Identity {
  readonly region: string | undefined;
  /** The best answer about its firewalls. */
  readonly firewalls: EffectiveFirewalls | undefined;
  /** The external IPv4 address behind which it is. */
  readonly external: AddressSet;
}

/** Whether any policy asks for the secure tags of its targets; few do, and then they tell machines apart. */
function asksForSecureTags(networks: Networks): boolean {
  return networks.once('asks for secure tags', () =>
    [...networks.inventory.all('effectiveFirewalls').values()].some(({ firewallPolicys = [] }) =>
      firewallPolicys.some(({ rules = [] }) => rules.some(({ targetSecureTags = [] }) => targetSecureTags.length > 0)),
    ),
  );
}

/** The standpoint of an interface: one object for all that nothing tells apart where they are judged together, or of its own. */
export function standpointOf(networks: Networks, nic: Nic, isShared: boolean): Standpoint {
  const { identity, region } = nic;
  const firewalls = networks.firewallsOf(nic);
  const address = externalIpv4(nic.record);
  if (!isShared) return { ...identity, region, firewalls, external: addressSet([address]) };
  const like = externalLike(networks, nic.network, address);
  const secure = asksForSecureTags(networks) ? (networks.secureTagsOf(nic) ?? [nic]) : [];
  const { tags } = nic.instance;
  const known = networks.once('standpoints', () => new ListMemo<Standpoint>());
  // What nobody can read of a machine is of that machine alone.
  const own = identity.unread ? [nic] : [];
  const parts = [nic.network, region, identity.account, tags, firewalls, like, ...secure, ...own];
  return known.once(parts, () => ({
    ...identity,
    region,
    firewalls,
    external: like ? AddressSet.single(like) : AddressSet.empty,
  }));
}
