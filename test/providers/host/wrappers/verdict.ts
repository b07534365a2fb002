import type { WrapperRule } from '../../../../providers/host/wrappers/tcp-wrappers.js';
import type { WrapperAction } from '../../../../providers/host/wrappers/wrapper-option.js';
import { type Address, parseAddress } from '../../../../src/set/index.js';

/** Everything that may happen to a client: more than one where a rule only may match. */
export function outcomes(rules: readonly WrapperRule[], client: Address | string): readonly WrapperAction[] {
  const address = typeof client === 'string' ? parseAddress(client) : client;
  if (address === undefined) throw new Error(`${client} is no address`);
  const possible = new Set<WrapperAction>();
  for (const { clients, action } of rules) {
    if (!(clients.known ? clients.value : clients.within).has(address)) continue;
    for (const one of action === 'unknown' ? (['allow', 'deny'] as const) : [action]) possible.add(one);
    if (clients.known) return [...possible].sort();
  }
  return [...possible.add('allow')].sort();
}
