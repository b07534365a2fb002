import { AddressSet, addressSet } from '../../src/set/index.js';
import { externalIpv4, type Identity, type Networks, type Nic } from './network.js';
import { likeIn } from './places.js';
import type { EffectiveFirewalls } from './records/records.js';

/**
 * All that rules and routes can tell of an interface. What is found out from here holds for every interface that has the same
 * standpoint, so nothing that names one of them belongs to it.
 */
export interface Standpoint extends Identity {
  /** Its name among standpoints. */
  readonly key: string;
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

function answerNumber(networks: Networks, answer: EffectiveFirewalls | undefined): number {
  const numbers = networks.once('numbers of answers', () => new Map<EffectiveFirewalls | undefined, number>());
  const number = numbers.get(answer) ?? numbers.size;
  numbers.set(answer, number);
  return number;
}

/** The standpoint of an interface: one object for all that nothing tells apart where they are judged together, or of its own. */
export function standpointOf(networks: Networks, nic: Nic, isShared: boolean): Standpoint {
  const identity = networks.identityOf(nic);
  const firewalls = networks.firewallsOf(nic);
  const external = addressSet([externalIpv4(nic.record)]);
  const own = { ...identity, region: nic.region, firewalls };
  if (!isShared) return { ...own, key: `${nic.path} ${nic.name}`, external };
  const { first } = external;
  const like = first ? AddressSet.single(likeIn(networks, nic.network, first)) : external;
  const secure = asksForSecureTags(networks) ? (networks.secureTagsOf(nic) ?? nic.path) : null;
  const number = answerNumber(networks, firewalls);
  const parts = [nic.network, nic.region, identity.tags, identity.account, number, like.prefixes(), secure];
  const key = JSON.stringify(parts);
  const known = networks.once('standpoints', () => new Map<string, Standpoint>());
  const found = known.get(key) ?? { ...own, key: `#${known.size}`, external: like };
  known.set(key, found);
  return found;
}
