import { type Layer, passFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { type Arrival, judgePrivateReply, seenBehind, subnetLayers } from './arrival.js';
import { clientPortsIn } from './client-ports.js';
import type { Placed } from './inventory.js';
import { type Network, resource } from './network.js';
import type { Peering } from './records/records.js';
import {
  isActive,
  peeredRanges,
  referencesBehindAppliance,
  referencesOverPeering,
  referencesUnseen,
} from './references.js';
import { type Hop, orderedRoutes, type RouteChoice } from './route-table.js';
import { departures, sourcesOf } from './source-side.js';
import { destinationOf, type PrivateRequest } from './vpc-path.js';
import type { SubnetWay } from './way.js';

/** A peering of a VPC, and the VPC on its other side. */
export interface PeeredVpc {
  readonly peering: Placed<Peering>;
  readonly vpcId: string;
  readonly owner: string | undefined;
  readonly region: string | undefined;
}

export function peeringsOf(network: Network, vpcId: string): readonly PeeredVpc[] {
  return network.once(`peerings ${vpcId}`, () => {
    const peered: PeeredVpc[] = [];
    for (const peering of network.inventory.all('peerings').values()) {
      const { RequesterVpcInfo: one, AccepterVpcInfo: other } = peering;
      const far = one?.VpcId === vpcId ? other : other?.VpcId === vpcId ? one : undefined;
      if (far?.VpcId === undefined) continue;
      peered.push({ peering, vpcId: far.VpcId, owner: far.OwnerId, region: far.Region });
    }
    return peered;
  });
}

/** A connection that is not active carries nothing (VPC peering guide). */
function connectionLayer(network: Network, peering: Placed<Peering>): Layer {
  const { VpcPeeringConnectionId: id, Status: status } = peering;
  const active = isActive(network, peering);
  const stop = () => stopFilter({ code: 'aws/pcx-not-active', data: { peering: id, state: status?.Code ?? '' } });
  const inbound = active === 'yes' ? passFilter : active === 'no' ? stop() : unknownFilter(active);
  return { kind: 'vpc-peering-connection', subject: resource('vpc-peering-connection', id), inbound };
}

function overPeering(network: Network, arrival: Arrival, peered: PeeredVpc, request: PrivateRequest): SubnetWay[] {
  const { eni, family } = arrival;
  const { peering, vpcId } = peered;
  const id = peering.VpcPeeringConnectionId;
  const leads = (hop: Hop) => hop.id === id;
  const ranges = peeredRanges(network, peering, vpcId);
  const scope = network.inventory.get('vpcs', vpcId) ?? { account: peered.owner, region: peered.region };
  const sources = sourcesOf(network, vpcId, scope, ranges);
  const destination = destinationOf(network, arrival, request, id, leads, true);
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : '';
  return departures(network, sources, destination, AddressSet.empty).map(({ origin, layers, appliance }) => {
    const approach = {
      references: appliance ? referencesBehindAppliance(network) : referencesOverPeering(network, peering, vpcId),
      key: `${id} ${appliance?.hop.id}`,
      judge: (choice: RouteChoice) => judgePrivateReply(choice, tableId, leads, appliance?.hop),
      ...(appliance && { seen: seenBehind(family, appliance.gap) }),
    };
    const transport = connectionLayer(network, peering);
    const guarded = [...layers, transport, ...subnetLayers(network, eni, approach)];
    return {
      kind: 'peering',
      network: vpcId,
      origin,
      family,
      layers: guarded,
      guard: approach,
      clientPorts: clientPortsIn(network, vpcId),
    };
  });
}

/** Peerings that the target's routes name, but that are in no answer: whether they work is not known. */
function unseenPeerings(network: Network, arrival: Arrival, known: readonly PeeredVpc[]): SubnetWay[] {
  const { eni, family } = arrival;
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  if ('gap' in table) return [];
  const seen = new Set(known.map(({ peering }) => peering.VpcPeeringConnectionId));
  const byId = new Map<string, AddressSet>();
  for (const { hop, peers } of orderedRoutes(network, table.found)) {
    if (hop.kind !== 'vpc-peering-connection' || seen.has(hop.id)) continue;
    byId.set(hop.id, (byId.get(hop.id) ?? AddressSet.empty).union(peers.only(family)));
  }
  return [...byId].map(([id, origin]) => {
    const gap = network.inventory.dangling('peerings', eni.scope, id);
    const layer: Layer = {
      kind: 'vpc-peering-connection',
      subject: resource('vpc-peering-connection', id),
      inbound: unknownFilter(gap),
    };
    const approach = {
      references: referencesUnseen(id, gap),
      key: id,
      judge: (choice: RouteChoice) =>
        judgePrivateReply(choice, table.found.RouteTableId, (hop) => hop.id === id, undefined),
    };
    const layers = [layer, ...subnetLayers(network, eni, approach)];
    return {
      kind: 'peering',
      origin,
      family,
      layers,
      guard: approach,
      clientPorts: clientPortsIn(network, eni.vpcId ?? ''),
    };
  });
}

/** The ways from peered VPCs. Peering is not transitive: only the VPC on the other side comes this way. */
export function peeringWays(network: Network, arrival: Arrival, request: PrivateRequest): SubnetWay[] {
  const { vpcId } = arrival.eni;
  if (vpcId === undefined) return [];
  const peered = peeringsOf(network, vpcId);
  return [
    ...peered.flatMap((one) => overPeering(network, arrival, one, request)),
    ...unseenPeerings(network, arrival, peered),
  ];
}
