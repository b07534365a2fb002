import type { Layer, Path } from '../../src/model/index.js';
import { AddressSet, formatAddress } from '../../src/set/index.js';
import { type Arrival, arrivalLayers, groupLayer, judgePrivateReply, seenBehind, subnetOf } from './arrival.js';
import { clientPortsIn } from './client-ports.js';
import { type Network, resource } from './network.js';
import { referencesBehindAppliance, referencesInVpc } from './references.js';
import { type Destination, departures, sourceGroupLayer, sourcesOf } from './source-side.js';

/** What the paths inside the cloud have in common: the head of the packet's way and how detailed to be. */
export interface PrivateRequest {
  readonly head: readonly Layer[];
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
  return {
    address: arrival.address,
    family: arrival.family,
    port: request.port,
    subnet: subnetOf(network, arrival.eni),
    groups: references ? (arrival.eni.groups ?? []) : null,
    transport,
    leads,
    detailed: request.detailed,
  };
}

/** The addresses of the target itself, from which nobody else comes. */
function pathTo(
  arrival: Arrival,
  kind: string,
  origin: AddressSet,
  layers: readonly Layer[],
  clientPorts: Path['clientPorts'],
): Path {
  return {
    kind,
    origin: origin.only(arrival.family),
    address: formatAddress(arrival.address),
    family: arrival.family,
    interface: resource('network-interface', arrival.eni.id),
    clientPorts,
    layers,
  };
}

/** Between interfaces of one subnet only the security groups stand: no access list, no route table (VPC guide). */
function sameSubnetPath(network: Network, arrival: Arrival, vpcId: string, request: PrivateRequest): Path | undefined {
  const { eni, family } = arrival;
  const neighbours = [...network.interfacesIn(vpcId)].filter((other) => other.subnetId === eni.subnetId);
  const ranges = subnetOf(network, eni)?.ranges ?? network.privateAddresses(neighbours);
  const origin = ranges.only(family);
  if (origin.isEmpty) return undefined;
  const sources = sourcesOf(network, vpcId, eni.scope, network.rangesOf(vpcId));
  const destination = destinationOf(network, arrival, request, 'local', (hop) => hop.kind === 'local', true);
  const layers = [
    ...request.head,
    sourceGroupLayer(network, sources, destination),
    groupLayer(network, eni, referencesInVpc(network, vpcId)),
  ];
  return pathTo(arrival, 'same-subnet', origin, layers, clientPortsIn(network, vpcId));
}

/** From the other subnets of the VPC: four crossings of access lists, two route tables, and the groups of both sides. */
function sameVpcPaths(network: Network, arrival: Arrival, vpcId: string, request: PrivateRequest): Path[] {
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
    return pathTo(
      arrival,
      'same-vpc',
      origin,
      [...request.head, ...layers, ...arrivalLayers(network, eni, approach)],
      clientPortsIn(network, vpcId),
    );
  });
}

/** The ways from the target's own VPC to one of its private or IPv6 addresses. */
export function vpcPaths(network: Network, arrival: Arrival, request: PrivateRequest): Path[] {
  const { vpcId } = arrival.eni;
  if (vpcId === undefined) return [];
  const neighbours = sameSubnetPath(network, arrival, vpcId, request);
  return [...(neighbours ? [neighbours] : []), ...sameVpcPaths(network, arrival, vpcId, request)];
}

export { pathTo };
