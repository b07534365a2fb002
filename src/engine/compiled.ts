import type { Filter } from '../model/index.js';
import { AddressSet, PortSet, TrafficSet } from '../set/index.js';
import { firstMatch, type Share } from './first-match.js';

/** What a filter does with every address there is, for one port inbound or for every port on the way back. */
const compiled = new WeakMap<Filter, Map<number | 'returning', readonly Share[]>>();

/**
 * Decides a filter for every far end at once, and remembers it: a group, a list or a table that many interfaces share is
 * evaluated once. `port` is the asked destination port, or `returning` for the client's ports on the way back.
 */
export function compile(filter: Filter, port: number | 'returning'): readonly Share[] {
  const byPort = compiled.get(filter) ?? new Map<number | 'returning', readonly Share[]>();
  const known = byPort.get(port);
  if (known) return known;
  const shares = firstMatch(filter, trafficOf(AddressSet.all, port));
  compiled.set(filter, byPort.set(port, shares));
  return shares;
}

function trafficOf(addresses: AddressSet, port: number | 'returning'): TrafficSet {
  return TrafficSet.of(addresses, port === 'returning' ? PortSet.all : PortSet.single(port));
}

/** The same for some far ends only: of a single one it is not worth while to decide everything. */
export function compileFor(filter: Filter, port: number | 'returning', far: AddressSet): readonly Share[] {
  const known = compiled.get(filter)?.get(port);
  if (known) return known;
  return far.isSingle ? firstMatch(filter, trafficOf(far, port)) : compile(filter, port);
}
