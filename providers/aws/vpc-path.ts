import { unknownFilter } from '../../src/model/index.js';
import { AddressSet, addressSet } from '../../src/set/index.js';
import { type Arrival, judgePrivateReply, seenBehind, subnetLayers, subnetOf } from './arrival.js';
import { clientPortsIn } from './client-ports.js';
import { groupsOf, type Network } from './network.js';
import { rangesOfRecord } from './ranges.js';
import { referencesBehindAppliance, referencesInVpc } from './references.js';
import { type Destination, departures, sourceGroupLayer, sourcesOf } from './source-side.js';
import type { SubnetWay } from './way.js';

/** What the ways inside the cloud have in common: the asked port and how detailed to be. */
export interface PrivateRequest {
  readonly port: number;
  readonly detailed: boolean;
}

export function destinationOf(
  network: Network,
  arrival: Arrival,
  request: PrivateRequest,
  transport: string,
  leads: Destination['leads'],
  references: boolean,
): Destination {
  const { address, family, place, text, eni } = arrival;
  return {
    address,
    family,
    place: `${eni.vpcId} ${place}`,
    text,
    port: request.port,
    groups: references ? groupsOf(network, eni) : null,
    transport,
    leads,
    detailed: request.detailed,
  };
}

/** Between interfaces of one subnet only the security groups stand: no access list, no route table (VPC guide). */
function sameSubnetWay(
  network: Network,
  arrival: Arrival,
  vpcId: string,
  request: PrivateRequest,
): SubnetWay | undefined {
  const { eni, family } = arrival;
  const neighbours = () => network.interfacesIn(vpcId).filter((other) => other.subnetId === eni.subnetId);
  const ranges = subnetOf(network, eni)?.ranges ?? network.privateAddresses(neighbours());
  const origin = ranges.only(family);
  if (origin.isEmpty) return undefined;
  const sources = sourcesOf(network, vpcId, eni.scope, network.rangesOf(vpcId));
  const destination = destinationOf(network, arrival, request, 'local', (hop) => hop.kind === 'local', true);
  const layers = [sourceGroupLayer(network, sources, destination)];
  const guard = { references: referencesInVpc(network, vpcId) };
  return {
    kind: 'same-subnet',
    network: vpcId,
    origin,
    family,
    layers,
    guard,
    clientPorts: clientPortsIn(network, vpcId),
  };
}

/** From the other subnets of the VPC: four crossings of access lists, two route tables, and the groups of both sides. */
function sameVpcWays(network: Network, arrival: Arrival, vpcId: string, request: PrivateRequest): SubnetWay[] {
  const { eni, family } = arrival;
  const sources = sourcesOf(network, vpcId, eni.scope, network.rangesOf(vpcId));
  const destination = destinationOf(network, arrival, request, 'local', (hop) => hop.kind === 'local', true);
  const own = subnetOf(network, eni)?.ranges ?? AddressSet.empty;
  const table = network.tableOf(eni.subnetId, vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : '';
  return departures(network, sources, destination, own).map(({ origin, layers, appliance }) => {
    const approach = {
      references: appliance ? referencesBehindAppliance(network) : referencesInVpc(network, vpcId),
      key: `local ${appliance?.hop.id}`,
      judge: (choice: Parameters<typeof judgePrivateReply>[0]) =>
        judgePrivateReply(choice, tableId, (hop) => hop.kind === 'local', appliance?.hop),
      ...(appliance && { seen: seenBehind(family, appliance.gap) }),
    };
    // Without the subnet's record the client may be in the same one, where no access list and no route table is met.
    const met = subnetLayers(network, eni, approach);
    const guards = subnetOf(network, eni) ? met : met.filter(({ kind }) => kind === 'subnet' || kind === 'vpc');
    const guarded = [...layers, ...guards];
    return {
      kind: 'same-vpc',
      network: vpcId,
      origin,
      family,
      layers: guarded,
      guard: approach,
      clientPorts: clientPortsIn(network, vpcId),
    };
  });
}

/** The ways from the target's own VPC to one of its private or IPv6 addresses. */
/** Where the subnet is in no list, any address of the VPC that no known subnet has may be in it. */
function unreadSubnetWay(network: Network, arrival: Arrival, vpcId: string): SubnetWay[] {
  const { eni, family } = arrival;
  if (eni.subnetId === undefined || subnetOf(network, eni)) return [];
  const subnets = addressSet(network.subnetsOf(vpcId).flatMap(rangesOfRecord));
  const held = network.privateAddresses(network.interfacesIn(vpcId));
  const others = network.rangesOf(vpcId).only(family).subtract(subnets).subtract(held);
  if (others.isEmpty) return [];
  const gap = network.inventory.dangling('subnets', eni.scope, eni.subnetId);
  const layers = [{ kind: 'subnet', subject: { kind: 'subnet', id: eni.subnetId }, inbound: unknownFilter(gap) }];
  const guard = { references: referencesInVpc(network, vpcId) };
  return [
    {
      kind: 'same-subnet',
      network: vpcId,
      origin: others,
      family,
      layers,
      guard,
      clientPorts: clientPortsIn(network, vpcId),
    },
  ];
}

export function vpcWays(network: Network, arrival: Arrival, request: PrivateRequest): SubnetWay[] {
  const { vpcId } = arrival.eni;
  if (vpcId === undefined) return [];
  const neighbours = sameSubnetWay(network, arrival, vpcId, request);
  const unread = unreadSubnetWay(network, arrival, vpcId);
  return [...(neighbours ? [neighbours] : []), ...sameVpcWays(network, arrival, vpcId, request), ...unread];
}
