import type { Layer, Path } from '../../src/model/index.js';
import { AddressSet, formatAddress } from '../../src/set/index.js';
import { type Arrival, judgePrivateReply, seenBehind, subnetLayers, subnetOf } from './arrival.js';
import { clientPortsIn } from './client-ports.js';
import { groupsOf, type Network, resource } from './network.js';
import { referencesBehindAppliance, referencesInVpc } from './references.js';
import { type Destination, departures, sourceGroupLayer, sourcesOf } from './source-side.js';
import type { Way } from './way.js';

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
    groups: references ? groupsOf(network, arrival.eni) : null,
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
function sameSubnetWay(network: Network, arrival: Arrival, vpcId: string, request: PrivateRequest): Way | undefined {
  const { eni, family } = arrival;
  const neighbours = () => network.interfacesIn(vpcId).filter((other) => other.subnetId === eni.subnetId);
  const ranges = subnetOf(network, eni)?.ranges ?? network.privateAddresses(neighbours());
  const origin = ranges.only(family);
  if (origin.isEmpty) return undefined;
  const sources = sourcesOf(network, vpcId, eni.scope, network.rangesOf(vpcId));
  const destination = destinationOf(network, arrival, request, 'local', (hop) => hop.kind === 'local', true);
  const layers = [sourceGroupLayer(network, sources, destination)];
  const guard = { references: referencesInVpc(network, vpcId) };
  return { kind: 'same-subnet', origin, layers, guard, clientPorts: clientPortsIn(network, vpcId) };
}

/** From the other subnets of the VPC: four crossings of access lists, two route tables, and the groups of both sides. */
function sameVpcWays(network: Network, arrival: Arrival, vpcId: string, request: PrivateRequest): Way[] {
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
    return { kind: 'same-vpc', origin, layers: guarded, guard: approach, clientPorts: clientPortsIn(network, vpcId) };
  });
}

/** The ways from the target's own VPC to one of its private or IPv6 addresses. */
export function vpcWays(network: Network, arrival: Arrival, request: PrivateRequest): Way[] {
  const { vpcId } = arrival.eni;
  if (vpcId === undefined) return [];
  const neighbours = sameSubnetWay(network, arrival, vpcId, request);
  return [...(neighbours ? [neighbours] : []), ...sameVpcWays(network, arrival, vpcId, request)];
}

export { pathTo };
