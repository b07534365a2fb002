import { AddressSet } from '../../../src/set/index.js';
import { anyOf, doubtful } from './conditions.js';
import type { Condition } from './ruleset.js';

const multicast = AddressSet.of('224.0.0.0/4', 'ff00::/8');
const others = new Set([
  'unspec',
  'unicast',
  'broadcast',
  'anycast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
]);

/**
 * That the routing table gives an address one of these types. It gives each exactly one, so that an address of the machine is
 * none but `local` (ip-route(8), nft(8): fib). Undefined for a word that is no type.
 */
export function addressType(
  of: 'source' | 'destination',
  types: readonly string[],
  text: string,
): Condition | undefined {
  const lists: Condition[][] = [];
  for (const type of types.map((word) => word.toLowerCase())) {
    if (type === 'local') lists.push([{ kind: 'local', of }]);
    else if (type === 'multicast') lists.push([{ kind: of, addresses: multicast }]);
    else if (others.has(type)) lists.push([{ kind: 'local', not: true, of }, doubtful('opaque', text)]);
    else return undefined;
  }
  return anyOf(lists);
}
