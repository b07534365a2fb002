import type { Layer, Way } from '../../src/model/index.js';
import { type Address, AddressSet, type Family } from '../../src/set/index.js';
import { firewallLayer } from './firewall.js';
import type { Networks, Nic } from './network.js';
import { anyClient } from './way.js';

/** From where the relays of IAP TCP forwarding send (gcloud; IAP docs, TCP forwarding). */
export const iapRanges = AddressSet.of('35.235.240.0/20', '2600:2d00:1:7::/64');

/** The way of IAP TCP forwarding: no external address is needed, and replies need no route. */
export function iapWay(networks: Networks, nic: Nic, front: readonly Layer[], destination: Address): Way {
  const family: Family = destination.family;
  const guards = [firewallLayer(networks, nic, { approach: 'private', destination })];
  return { kind: 'iap', origin: iapRanges.only(family), family, clientPorts: anyClient, rows: [front, guards] };
}
