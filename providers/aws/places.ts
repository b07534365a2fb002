import { type Address, AddressPartition, type AddressSet } from '../../src/set/index.js';
import { type Arrival, arrivalAt } from './arrival.js';
import type { Interface, Network } from './network.js';
import { aclRules } from './network-acl.js';
import { peeringsOf } from './peering-path.js';
import { orderedRoutes } from './route-table.js';
import { groupRules } from './security-group.js';
import { egressReferences, restricted, sourcesOf } from './source-side.js';
import { attachmentsOfVpc, neighboursOf } from './transit-gateway/attachment.js';
import { transitRoutes } from './transit-gateway/table.js';

function* setsOfGuards(network: Network, vpcId: string): Iterable<AddressSet> {
  for (const subnet of network.subnetsOf(vpcId)) {
    const acl = network.aclOf(subnet.SubnetId, subnet);
    if (!('found' in acl)) continue;
    for (const side of ['source-in', 'source-out'] as const) {
      for (const { rule } of aclRules(network, acl.found, side) ?? []) if (rule.peers.known) yield rule.peers.value;
    }
  }
  for (const table of network.inventory.all('tables').values()) {
    if (table.VpcId !== undefined && table.VpcId !== vpcId) continue;
    for (const { peers } of orderedRoutes(network, table)) yield peers;
  }
}

function* setsOfEgress(network: Network, vpcId: string): Iterable<AddressSet> {
  const scope = network.inventory.get('vpcs', vpcId) ?? {};
  const sources = sourcesOf(network, vpcId, scope, network.rangesOf(vpcId));
  const enis = [...restricted(network, sources, 4), ...restricted(network, sources, 6)];
  for (const id of new Set(enis.flatMap((eni) => eni.groups ?? []))) {
    for (const { peers } of groupRules(network, id, true, egressReferences([]), { vpcId, scope })) {
      yield peers.known ? peers.value : peers.within;
    }
  }
}

function* setsOfTransit(network: Network, vpcId: string): Iterable<AddressSet> {
  const gateways = new Set(attachmentsOfVpc(network, vpcId).map(({ gatewayId }) => gatewayId));
  for (const table of network.inventory.all('transitTables').values()) {
    if (table.TransitGatewayId === undefined || !gateways.has(table.TransitGatewayId)) continue;
    const routes = transitRoutes(network, table.TransitGatewayRouteTableId);
    if ('found' in routes) for (const { peers } of routes.found) yield peers;
  }
}

/** Every set of addresses in terms of which anything on a way into a VPC may speak of where a packet is going. */
function* setsAbout(network: Network, vpcId: string): Iterable<AddressSet> {
  const peers = peeringsOf(network, vpcId).map((peered) => peered.vpcId);
  const neighbours = neighboursOf(network, vpcId).flatMap(({ resourceId }) => resourceId ?? []);
  for (const source of new Set([vpcId, ...peers, ...neighbours])) {
    yield network.rangesOf(source);
    yield* setsOfGuards(network, source);
    yield* setsOfEgress(network, source);
  }
  yield* setsOfTransit(network, vpcId);
}

/**
 * An arrival that stands for every address of its subnet that no access list, route, egress rule or gateway tells from this
 * one. What is found out about ways to it holds for all of them.
 */
export function arrivalLike(network: Network, eni: Interface, address: Address): Arrival {
  const { vpcId } = eni;
  if (vpcId === undefined) return arrivalAt(eni, address);
  const partition = network.once(`places of ${vpcId}`, () => AddressPartition.by(setsAbout(network, vpcId)));
  const { family } = address;
  return { eni, address, family, place: `#${family}/${partition.cellOf(address)}`, text: 'the instance' };
}
