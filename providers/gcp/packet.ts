import { type Address, AddressSet, addressSet } from '../../src/set/index.js';

/**
 * How packets come to an interface, as its firewall sees them.
 * - `external`: to an external address, from wherever; nothing tells who the sender is;
 * - `network`: from an interface of the same network, with its identity;
 * - `peer`: from a peered network, with secure tags only;
 * - `private`: from on-premises, IAP or a proxy, without identity and not from the internet.
 */
export type Approach = 'external' | 'network' | 'peer' | 'private';

/** What is the same of all packets of one way when they reach the firewall. */
export interface Packet {
  readonly approach: Approach;
  /** The destination as the firewall sees it: the internal address, behind the translation. */
  readonly destination: Address;
}

/** What is behind NAT never has these as a source address: region codes and threat lists hold public addresses only. */
export const publicOnly = AddressSet.all.subtract(
  addressSet(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
);
