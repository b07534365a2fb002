import { type Layer, type Path, type Reason, stopFilter, type Way } from '../../src/model/index.js';
import { AddressSet, type Family, PortSet, TrafficSet } from '../../src/set/index.js';
import type { Port } from './network.js';
import type { AzureTarget } from './target-index.js';

/** Any port that a client may send from: security groups are stateful, so that it does not matter which. */
export const anyClient = TrafficSet.of(AddressSet.all, PortSet.range(1024, 65535));

export function everyAddress(family: Family): AddressSet {
  return family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
}

export function pathOn(way: Way, target: AzureTarget, port: Port | undefined, address: string | null): Path {
  return { way, target: target.resource, interface: port ? port.ref : null, address };
}

/** A layer that stops everybody for one reason, about the interface. */
export function addressStop(reason: Reason): Layer {
  return { kind: 'address', subject: 'interface', inbound: stopFilter(reason) };
}
