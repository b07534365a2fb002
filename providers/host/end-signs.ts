import type { Sign } from '../../src/model/index.js';
import { type Address, AddressSet, formatAddress } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { jsonObjects, textField, textsField } from './json.js';
import { deviceOf, type Machine } from './machine.js';
import { droppedSolicitations } from './netfilter/neighbour-discovery.js';
import { partOf } from './reading.js';
import { writtenAddress } from './source.js';

/** Linux asks for a neighbour, or did so without an answer (ip-neighbour(8)). */
const unanswered = ['FAILED', 'INCOMPLETE'];

/** That nobody answers for the address to which the machine passes connections on. It suggests: a route may lead there by a gateway. */
export function deadTargetSigns(bundle: Bundle, address: string): Sign[] {
  const wanted = writtenAddress(address);
  const at = 'neighbours';
  return (jsonObjects(partOf(bundle, at)) ?? []).flatMap((neighbour): Sign[] => {
    const own = writtenAddress(textField(neighbour, 'dst') ?? '');
    const state = textsField(neighbour, 'state').find((word) => unanswered.includes(word));
    if (!own || !wanted || state === undefined || !AddressSet.single(wanted).has(own)) return [];
    const line = `${formatAddress(own)} dev ${textField(neighbour, 'dev') ?? ''} ${state}`;
    return [{ code: 'host/redirect-target-dead', says: 'suggests', at, line, data: { address } }];
  });
}

/** That the packet filters drop what the neighbours ask. It suggests: whoever has asked before knows the way for a while. */
export function neighbourSigns(machine: Machine, near: Address | undefined): Sign[] {
  if (near?.family !== 6) return [];
  const dropped = droppedSolicitations(machine.filters.tables, near.value, deviceOf(machine, near, 6));
  if (!dropped) return [];
  const { chain, rule } = dropped;
  return [{ code: 'host/neighbour-discovery-dropped', says: 'suggests', at: chain, line: rule, data: { rule, chain } }];
}
