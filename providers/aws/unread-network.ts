import { type Gap, type Layer, type ResourceRef, unknownFilter } from '../../src/model/index.js';
import { addressSet } from '../../src/set/index.js';
import { type Arrival, subnetLayers } from './arrival.js';
import { anyClient } from './client-ports.js';
import { joinedNetworks } from './joined-networks.js';
import { type Network, resource } from './network.js';
import { privateSpace } from './on-premises.js';
import { peeringsOf } from './peering-path.js';
import { rangesOfRecord } from './ranges.js';
import { peeredRanges, referencesUnseen } from './references.js';
import { neighboursOf } from './transit-gateway/attachment.js';
import { attachedRanges } from './transit-gateway/table.js';
import type { SubnetWay } from './way.js';

/** What would have told who is near, and whether its clients meet what guards the subnet for certain. */
interface Unread {
  readonly subject: ResourceRef;
  readonly gap: Gap;
  readonly isOutside: boolean;
}

/** A subnet of a VPC of which no range is known: its clients may have any address. */
function withoutRange(network: Network, vpcId: string): Unread | undefined {
  const subnet = network.subnetsOf(vpcId).find((one) => rangesOfRecord(one).length === 0);
  if (!subnet) return undefined;
  const gap = network.inventory.dangling('subnets', subnet, `the range of ${subnet.SubnetId}`);
  return { subject: resource('subnet', subnet.SubnetId), gap, isOutside: false };
}

/** A VPC that is joined to this one, and of which no range is known. */
function joinedWithoutRange(network: Network, vpcId: string): Unread | undefined {
  const peers = peeringsOf(network, vpcId).map((peer) => ({
    subject: resource('vpc', peer.vpcId),
    ranges: peeredRanges(network, peer.peering, peer.vpcId),
  }));
  const neighbours = neighboursOf(network, vpcId).map((attachment) => ({
    subject: resource('vpc', attachment.resourceId ?? attachment.id),
    ranges: attachedRanges(network, attachment),
  }));
  const unread = [...peers, ...neighbours].find(({ ranges }) => ranges.isEmpty);
  if (!unread) return undefined;
  const { subject } = unread;
  return { subject, gap: network.inventory.dangling('vpcs', {}, `the range of ${subject.id}`), isOutside: true };
}

/** Why it is not known who may come from private addresses: where the interface stands, or what is joined to that, cannot be read. */
function unreadAround(network: Network, { eni }: Arrival): Unread | undefined {
  const { vpcId, subnetId, scope } = eni;
  const { inventory } = network;
  if (vpcId === undefined)
    return {
      subject: resource('network-interface', eni.id),
      gap: inventory.dangling('interfaces', scope, `the subnet and vpc of ${eni.id}`),
      isOutside: false,
    };
  if (!inventory.get('vpcs', vpcId))
    return { subject: resource('vpc', vpcId), gap: inventory.dangling('vpcs', scope, vpcId), isOutside: false };
  const own = withoutRange(network, vpcId);
  if (own) return own;
  const table = network.tableOf(subnetId, vpcId, scope);
  if ('gap' in table) return { subject: resource('subnet', subnetId ?? eni.id), gap: table.gap, isOutside: true };
  return joinedWithoutRange(network, vpcId);
}

/**
 * The way of those of whom nobody knows whether they are near: where a VPC, a range or a route table cannot be read, any private
 * address may be that of a client.
 */
export function unreadWays(network: Network, arrival: Arrival): SubnetWay[] {
  const { eni, family } = arrival;
  const unread = unreadAround(network, arrival);
  if (!unread) return [];
  const { subject, gap, isOutside } = unread;
  const known = eni.vpcId === undefined ? addressSet([]) : joinedNetworks(network, eni.vpcId);
  const guard = { references: referencesUnseen(subject.id, gap), key: `unread ${subject.id}` };
  const layer: Layer = { kind: subject.kind, subject, inbound: unknownFilter(gap) };
  const guards = isOutside ? subnetLayers(network, eni, { ...guard, judge: () => ({ unsure: gap }) }) : [];
  return [
    {
      kind: 'unknown',
      origin: privateSpace.only(family).subtract(known),
      family,
      clientPorts: anyClient,
      layers: [layer, ...guards],
      guard,
    },
  ];
}
