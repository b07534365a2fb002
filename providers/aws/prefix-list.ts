import type { Gap } from '../../src/model/index.js';
import { AddressSet, type Prefix, parsePrefix } from '../../src/set/index.js';
import type { Scope } from './inventory.js';
import type { Network } from './network.js';

export type PrefixListEntries =
  | { readonly prefixes: readonly Prefix[]; readonly addresses: AddressSet }
  | { readonly gap: Gap /** Whatever the entries are, they are of this family. */; readonly within: AddressSet };

/** The entries of a prefix list, from its own call or from `describe-prefix-lists`. */
export function prefixListEntries(network: Network, id: string, scope: Scope): PrefixListEntries {
  return network.once(`prefix list ${id}`, () => {
    const { inventory } = network;
    const list = inventory.get('prefixLists', id);
    const within =
      list?.AddressFamily === 'IPv4'
        ? AddressSet.ipv4
        : list?.AddressFamily === 'IPv6'
          ? AddressSet.ipv6
          : AddressSet.all;
    const records = inventory.ofSubject('prefixListEntries', id);
    const refused = inventory.gap('prefixListEntries', scope, id);
    const texts = records ? records.map((entry) => entry.Cidr) : list?.Cidrs;
    if (texts === undefined || (records && refused)) {
      const gap = refused ?? inventory.dangling('prefixListEntries', scope, `the entries of ${id}`);
      return { gap: { ...gap, detail: `${gap.detail} (${id})` }, within };
    }
    const prefixes = texts.map((text) => (text === undefined ? undefined : parsePrefix(text)));
    if (prefixes.includes(undefined))
      return { gap: inventory.dangling('prefixListEntries', scope, `a readable entry of ${id}`), within };
    const read = prefixes.filter((prefix) => prefix !== undefined);
    return { prefixes: read, addresses: AddressSet.fromPrefixes(read) };
  });
}
