import type { Address } from '../../src/set/index.js';

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
