import { AddressSet, PortSet, TrafficSet } from '../set/index.js';

/** The systems whose choice of client ports is known. */
export const clientSystems = ['linux', 'macos', 'windows'] as const;
export type ClientSystem = (typeof clientSystems)[number];

/** From which ports a client of this system sends when nothing translates its address. Linux by its kernel's default. */
export function clientPortsOf(system: ClientSystem): TrafficSet {
  return TrafficSet.of(AddressSet.all, system === 'linux' ? PortSet.range(32768, 61000) : PortSet.range(49152, 65535));
}
