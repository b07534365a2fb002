import { parseAddress } from './address.js';
import { AddressSet } from './address-set.js';
import { parsePrefix } from './prefix.js';

/** The set of the texts that are addresses or prefixes; what is neither is left out. */
export function addressSet(texts: Iterable<string | undefined>): AddressSet {
  const prefixes = [];
  for (const text of texts) {
    const prefix = text === undefined ? undefined : parsePrefix(text);
    if (prefix) prefixes.push(prefix);
  }
  return AddressSet.fromPrefixes(prefixes);
}

/** One spelling for an address, whatever the notation: `2001:DB8::0:1` is `2001:db8::1`. Undefined for what is none. */
export function canonical(text: string): string | undefined {
  const address = parseAddress(text);
  return address && `${address.family}/${address.value}`;
}
