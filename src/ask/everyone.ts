import { internet, type Way } from '../model/index.js';
import type { AddressSet } from '../set/index.js';

/**
 * Everybody who can come a way: on the way of the internet only those who are on the internet, which the target's own
 * networks are not, whatever their prefixes are.
 */
export function clientsOf({ kind, origin }: Way, ownNetworks: AddressSet): AddressSet {
  return kind === 'internet' ? origin.intersect(internet).subtract(ownNetworks) : origin;
}
