import { internet } from '../model/index.js';
import { AddressSet, type Family, formatPrefix, type Prefix } from '../set/index.js';

/** Who must not get in, or must. */
export interface Sources {
  /** As they are written, for words. */
  readonly prefixes: readonly Prefix[];
  /** Who is let off. */
  readonly except: AddressSet;
}

const family = (one: Family) => internet.only(one);

/** The clients that a prefix means: everybody is the internet, and not the machine's own networks. */
function meant(prefix: Prefix, own: AddressSet): AddressSet {
  if (prefix.length > 0) return AddressSet.fromPrefixes([prefix]);
  return family(prefix.network.family).subtract(own);
}

/** All clients that are asked about. */
export function clientsOf({ prefixes, except }: Sources, own: AddressSet): AddressSet {
  return AddressSet.unionOf(prefixes.map((prefix) => meant(prefix, own))).subtract(except);
}

/** These clients in the words of the question: a prefix as it was written where all of it is meant, else the parts of it. */
export function wordsFor(clients: AddressSet, { prefixes, except }: Sources, own: AddressSet): string[] {
  let rest = clients;
  const words: string[] = [];
  for (const prefix of prefixes) {
    const all = meant(prefix, own).subtract(except);
    if (all.isEmpty || !clients.covers(all)) continue;
    words.push(formatPrefix(prefix));
    rest = rest.subtract(all);
  }
  return [...words, ...rest.prefixes()];
}

/** Whether all clients of one of the prefixes are among these. */
export function namesWhole(clients: AddressSet, { prefixes, except }: Sources, own: AddressSet): boolean {
  return prefixes.some((prefix) => {
    const all = meant(prefix, own).subtract(except);
    return !all.isEmpty && clients.covers(all);
  });
}
