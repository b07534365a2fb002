import { type Gap, type Layer, type ResourceRef, unknownFilter } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { type Arrival, subnetLayers } from './arrival.js';
import { anyClient } from './client-ports.js';
import { joinedNetworks } from './joined-networks.js';
import { type Interface, type Network, resource } from './network.js';
import { privateSpace } from './on-premises.js';
import { peeringsOf } from './peering-path.js';
import { rangesOfRecord } from './ranges.js';
import type { Subnet } from './records/records.js';
import { peeredRanges, referencesUnseen } from './references.js';
import { neighboursOf } from './transit-gateway/attachment.js';
import { attachedRanges } from './transit-gateway/table.js';
import type { SubnetWay } from './way.js';

/** What would have told who is near. */
interface Unread {
  readonly subject: ResourceRef;
  readonly gap: Gap;
  /** Whose way is known all the same. */
  readonly except: AddressSet;
  /** Whether they meet what guards the subnet for certain. */
  readonly isOutside: boolean;
}

/** Subnets of which a range cannot be read are among the sources of their VPC; one that gives none may be anywhere. */
const hasNoRange = (subnet: Subnet): boolean => subnet.broken === undefined && rangesOfRecord(subnet).length === 0;

/** A subnet of a VPC of which no range is known: its clients may have any address, and its machines. */
function withoutRange(network: Network, { subnetId }: Interface, vpcId: string): Unread | undefined {
  const subnets = network.subnetsOf(vpcId).filter(hasNoRange);
  const subnet = subnets.find((one) => one.SubnetId === subnetId) ?? subnets[0];
  if (!subnet) return undefined;
  const { SubnetId: id } = subnet;
  return {
    subject: resource('subnet', id),
    gap: network.inventory.dangling('subnets', subnet, `the range of ${id}`),
    except: id === subnetId ? AddressSet.empty : joinedNetworks(network, vpcId),
    isOutside: false,
  };
}

/** A VPC that is joined to this one, and of which a range is not known: its clients may have any address that no other network has. */
function joinedWithoutRange(network: Network, vpcId: string): Unread | undefined {
  const peers = peeringsOf(network, vpcId).map((peer) => ({
    id: peer.vpcId,
    ranges: peeredRanges(network, peer.peering, peer.vpcId),
  }));
  const neighbours = neighboursOf(network, vpcId).map((attachment) => ({
    id: attachment.resourceId ?? attachment.id,
    ranges: attachedRanges(network, attachment),
  }));
  const unread = [...peers, ...neighbours].find(
    ({ id, ranges }) => ranges.isEmpty || network.subnetsOf(id).some(hasNoRange),
  );
  if (!unread) return undefined;
  const { id, ranges } = unread;
  const gap = network.inventory.dangling(ranges.isEmpty ? 'vpcs' : 'subnets', {}, `the ranges of ${id}`);
  return {
    subject: resource('vpc', id),
    gap,
    except: joinedNetworks(network, vpcId).subtract(ranges),
    isOutside: true,
  };
}

/** Why it is not known who may come from private addresses: where the interface stands, or what is joined to that, cannot be read. */
function unreadAround(network: Network, eni: Interface): Unread | undefined {
  const { vpcId, subnetId, scope } = eni;
  const { inventory } = network;
  const nobody = { except: AddressSet.empty, isOutside: false };
  if (vpcId === undefined) {
    const gap = inventory.dangling('interfaces', scope, `the subnet and vpc of ${eni.id}`);
    return { subject: resource('network-interface', eni.id), gap, ...nobody };
  }
  if (!inventory.get('vpcs', vpcId))
    return { subject: resource('vpc', vpcId), gap: inventory.dangling('vpcs', scope, vpcId), ...nobody };
  const own = withoutRange(network, eni, vpcId);
  if (own) return own;
  const table = network.tableOf(subnetId, vpcId, scope);
  if ('found' in table) return joinedWithoutRange(network, vpcId);
  const subject = resource('subnet', subnetId ?? eni.id);
  return { subject, gap: table.gap, except: joinedNetworks(network, vpcId), isOutside: true };
}

/**
 * The way of those of whom nobody knows whether they are near: where a VPC, a range or a route table cannot be read, any private
 * address may be that of a client.
 */
export function unreadWays(network: Network, { eni, family }: Arrival): SubnetWay[] {
  const unread = unreadAround(network, eni);
  if (!unread) return [];
  const { subject, gap, except, isOutside } = unread;
  const guard = { references: referencesUnseen(subject.id, gap), key: `unread ${subject.id}` };
  const layer: Layer = { kind: subject.kind, subject, inbound: unknownFilter(gap) };
  const guards = isOutside ? subnetLayers(network, eni, { ...guard, judge: () => ({ unsure: gap }) }) : [];
  const origin = privateSpace.only(family).subtract(except);
  return [{ kind: 'unknown', origin, family, clientPorts: anyClient, layers: [layer, ...guards], guard }];
}
