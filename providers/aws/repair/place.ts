import { layersOf, type Path, subjectOf } from '../../../src/model/index.js';
import type { Stop } from '../../../src/provider.js';
import { AddressSet, addressSet, parseAddress } from '../../../src/set/index.js';
import { addressesOf, nodesOf } from '../load-balancer/node.js';

import { attachmentById, type TransitAttachment } from '../transit-gateway/attachment.js';
import type { Repair } from './recipe.js';

/** The ids of what the layers of one kind are about, in packet order. */
export function idsOf(path: Path, kind: string): string[] {
  return layersOf(path.way)
    .filter((layer) => layer.kind === kind)
    .map(({ subject }) => subjectOf(path, subject).id);
}

/** The attachments at both ends of a way over a transit gateway; the clients' one only where it is known. */
export function endsOf({ network, path }: Repair): {
  readonly clients: TransitAttachment | undefined;
  readonly target: TransitAttachment | undefined;
} {
  const ends = idsOf(path, 'transit-gateway-attachment').flatMap((id) => attachmentById(network, id) ?? []);
  return { clients: ends.length > 1 ? ends[0] : undefined, target: ends.at(-1) };
}

/** Whether an attachment waits to be accepted: what else it lacks, the gateway may give it then. */
export function awaitsAcceptance(repair: Repair): boolean {
  const { clients, target } = endsOf(repair);
  return [clients, target].some((end) => end?.type === 'vpc' && end.state === 'pendingAcceptance');
}

/** The balancer of a way, and whether the stop is behind it: there its nodes send to the target, in one VPC. */
function balancing({ network, path }: Repair, stop: Stop) {
  const layers = layersOf(path.way);
  const at = layers.findIndex(({ kind }) => kind === 'load-balancer');
  const balancer = network.inventory.get('balancers', idsOf(path, 'load-balancer')[0]);
  return { balancer, behind: at >= 0 && layers.indexOf(stop.layer) > at };
}

/** Whether packets ought not to leave the VPC where the stop is: a local route is there for them. */
export function staysInside(repair: Repair, stop: Stop): boolean {
  if (stop.layer.kind === 'transit-gateway-subnet' || stop.layer.kind === 'transit-gateway-attachment') return true;
  return repair.path.way.kind === 'same-vpc' || balancing(repair, stop).behind;
}

/** The target's address in a target group: the registered one, or the primary one where the instance is registered. */
function deliveredTo({ network, path }: Repair): AddressSet {
  const eni = network.interfaces().get(path.interface?.id ?? '');
  const group = idsOf(path, 'target-group')[0] ?? '';
  const registered = network.inventory.ofSubject('targetHealth', group)?.flatMap(({ Target }) => Target?.Id ?? []);
  const own = eni ? network.privateAddresses([eni]) : AddressSet.empty;
  const named = addressSet((registered ?? []).filter((id) => parseAddress(id))).intersect(own);
  if (!named.isEmpty) return named;
  const ipv6 = network.inventory.get('targetGroups', group)?.IpAddressType === 'ipv6';
  const primary = eni?.addresses.find((address) => address.primary) ?? eni?.addresses[0];
  return addressSet([ipv6 ? eni?.ipv6[0] : primary?.privateIp]);
}

/** Where the packets are bound that meet a guard of their sender: the target, or the balancer before it. */
export function destinationPrefixes(repair: Repair, stop: Stop): readonly string[] | undefined {
  const { network, path } = repair;
  const { balancer, behind } = balancing(repair, stop);
  const dialled = path.address === null ? undefined : parseAddress(path.address);
  let bound = AddressSet.empty;
  if (behind) bound = deliveredTo(repair);
  else if (balancer) bound = addressesOf(network, nodesOf(network, balancer), balancer, path.way.family).addresses;
  else if (dialled) bound = AddressSet.single(dialled);
  return bound.isEmpty ? undefined : bound.prefixes();
}
