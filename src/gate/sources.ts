import { internet } from '../model/index.js';
import { AddressSet, formatPrefix, type Prefix } from '../set/index.js';

/** What was found out for an object, once. */
class Once<K extends object, V> {
  private readonly found = new WeakMap<K, V>();

  for(key: K, find: () => V): V {
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const value = find();
    this.found.set(key, value);
    return value;
  }
}

/** Who must not get in, or must. Machines that are alike share their sets, so what is found out for one holds for all. */
export class Sources {
  private readonly prefixes: readonly Prefix[];
  private readonly except: AddressSet;
  private readonly byOwn = new Once<AddressSet, readonly AddressSet[]>();
  private readonly allByOwn = new Once<AddressSet, AddressSet>();
  private readonly met = new Once<AddressSet, Once<AddressSet, AddressSet>>();
  private readonly words = new Once<AddressSet, Once<AddressSet, readonly string[]>>();

  /** @param except who of them is let off */
  constructor(prefixes: readonly Prefix[], except: AddressSet) {
    this.prefixes = prefixes;
    this.except = except;
  }

  /** The clients that each prefix means: everybody is the internet, and not the machine's own networks. */
  private meant(own: AddressSet): readonly AddressSet[] {
    return this.byOwn.for(own, () =>
      this.prefixes.map((prefix) => {
        if (prefix.length > 0) return AddressSet.fromPrefixes([prefix]).subtract(this.except);
        return internet.only(prefix.network.family).subtract(own).subtract(this.except);
      }),
    );
  }

  /** All clients that are asked about. `own`: what is not the internet to the machine. */
  clients(own: AddressSet): AddressSet {
    return this.allByOwn.for(own, () => AddressSet.unionOf(this.meant(own)));
  }

  /** Those of some clients that are asked about. */
  among(clients: AddressSet, own: AddressSet): AddressSet {
    return this.met.for(own, () => new Once()).for(clients, () => clients.intersect(this.clients(own)));
  }

  /** Whether all clients that one of the prefixes means are among these. */
  isWhole(clients: AddressSet, own: AddressSet): boolean {
    return this.meant(own).some((all) => !all.isEmpty && clients.covers(all));
  }

  /** These clients in the words of the question: a prefix as it was written where all of it is meant, else the parts of it. */
  wordsFor(clients: AddressSet, own: AddressSet): readonly string[] {
    return this.words.for(own, () => new Once()).for(clients, () => this.findWords(clients, own));
  }

  private findWords(clients: AddressSet, own: AddressSet): readonly string[] {
    let rest = clients;
    const words = this.meant(own).flatMap((all, index) => {
      const prefix = this.prefixes[index];
      if (!prefix || all.isEmpty || !clients.covers(all)) return [];
      rest = rest.subtract(all);
      return [formatPrefix(prefix)];
    });
    return [...words, ...rest.prefixes()];
  }
}
