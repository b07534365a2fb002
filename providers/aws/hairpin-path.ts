import { type Layer, layersOf, unknownFilter, type Way } from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { type Address, AddressSet, addressSet, formatAddress, parseAddress } from '../../src/set/index.js';
import { type Arrival, seenBehind } from './arrival.js';
import { gatewayOf } from './internet-gateway.js';
import type { Interface, Network } from './network.js';
import type { Hop } from './route-table.js';
import { natAddresses } from './source-host.js';
import { type Destination, departures, type Sources, sourcesOf } from './source-side.js';

/** The machines of one VPC as the internet sees them: behind their public addresses. */
function publicSources(network: Network, vpcId: string): Sources {
  return network.once(`public sources of ${vpcId}`, () => {
    const scope = network.inventory.get('vpcs', vpcId) ?? {};
    const inside = sourcesOf(network, vpcId, scope, network.rangesOf(vpcId));
    const addressesOf = (enis: Iterable<Interface>) =>
      addressSet([...enis].flatMap((eni) => [...eni.addresses.map(({ publicIp }) => publicIp), ...eni.ipv6]));
    const enis = network.interfacesIn(vpcId);
    const subnets = inside.subnets.map((subnet) => ({
      ...subnet,
      ranges: addressesOf(enis.filter(({ subnetId }) => subnetId === subnet.id)),
    }));
    return { ...inside, name: `public ${vpcId}`, ranges: addressesOf(enis), subnets, addressesOf };
  });
}

/** How the machines of a VPC leave it for a public address: through its internet gateway, or through a NAT gateway. */
function departuresTo(
  network: Network,
  sources: Sources,
  arrival: Arrival,
  dialled: Address,
  port: number,
  nat: boolean,
) {
  const gateway = gatewayOf(network, sources.vpcId, sources.scope).id;
  const leads = (hop: Hop) => (nat ? hop.kind === 'nat-gateway' : hop.id === gateway);
  const text = formatAddress(dialled);
  const { family } = arrival;
  const transport = nat ? 'nat' : 'internet';
  const destination: Destination = {
    address: dialled,
    family,
    place: text,
    text,
    port,
    groups: null,
    transport,
    leads,
    detailed: true,
  };
  return departures(network, sources, destination, AddressSet.empty);
}

function hairpin(outside: Way, origin: AddressSet, layers: readonly Layer[]): Way {
  return { ...outside, kind: 'hairpin', origin, rows: [layers, ...outside.rows] };
}

/** The ways of machines with public addresses of their own. */
function fromPublic(network: Network, arrival: Arrival, dialled: Address, outside: Way, request: PathRequest): Way[] {
  const clients = request.clients?.intersect(outside.origin) ?? AddressSet.empty;
  if (clients.isEmpty) return [];
  return [...network.inventory.all('vpcs').keys()].flatMap((vpcId) => {
    const sources = publicSources(network, vpcId);
    if (!sources.ranges.overlaps(clients)) return [];
    return departuresTo(network, sources, arrival, dialled, request.port, false)
      .map(({ origin, layers }) => hairpin(outside, origin.intersect(clients), layers))
      .filter(({ origin }) => !origin.isEmpty);
  });
}

/** The way of the internet for a machine behind a NAT gateway that was not recorded: nobody knows with which address it arrives. */
function behindUnseenNat(network: Network, eni: Interface, outside: Way): readonly Layer[] {
  const gap = network.inventory.dangling('nats', eni.scope, `the NAT gateway of ${eni.id}`);
  const nat: Layer = { kind: 'nat-gateway', subject: eni.ref, inbound: unknownFilter(gap) };
  const met = layersOf(outside).filter(({ kind }) => kind !== 'source');
  return [nat, ...met.map((layer) => ({ ...layer, seen: seenBehind(4, gap) }))];
}

/**
 * The way of one machine without a public address, behind the NAT gateways of its VPC: who else is behind them does not
 * matter. One that is behind none is told so where it asks for a public address.
 */
function fromPrivate(network: Network, arrival: Arrival, dialled: Address, outside: Way, request: PathRequest): Way[] {
  if (arrival.family !== 4) return [];
  return (request.fromInterfaces ?? []).flatMap((id): Way[] => {
    const eni = network.interfaces().get(id);
    if (eni?.vpcId === undefined || eni.addresses.some(({ publicIp }) => publicIp !== undefined)) return [];
    const addresses = network.ownAddresses([eni]).only(4);
    const translated = natAddresses(network, eni).only(4);
    const origin = translated.isEmpty ? addresses : translated;
    if ((translated.isEmpty && request.address === undefined) || !request.from?.overlaps(origin)) return [];
    const scope = network.inventory.get('vpcs', eni.vpcId) ?? eni.scope;
    const sources = sourcesOf(network, eni.vpcId, scope, network.rangesOf(eni.vpcId));
    const departure = departuresTo(network, sources, arrival, dialled, request.port, true).find((one) =>
      one.origin.overlaps(addresses),
    );
    const seen = { addresses, choice: 'each' as const };
    const guards = (departure?.layers ?? []).map((layer) => ({ ...layer, seen }));
    if (!translated.isEmpty) return [hairpin(outside, origin, guards)];
    const layers = [...guards, ...behindUnseenNat(network, eni, outside)];
    return [{ ...outside, kind: 'hairpin', origin, rows: [layers] }];
  });
}

/**
 * The ways from inside the cloud to a public address: out through the client's own guards, then in like any other client of
 * the internet, with a public source address that no group reference matches. Only for clients that are asked about by their
 * addresses: whoever asks about the internet asks about addresses, and who holds them is no matter.
 */
export function hairpinWays(
  network: Network,
  arrival: Arrival,
  dialled: string,
  outside: Way,
  request: PathRequest,
): Way[] {
  const address = parseAddress(dialled);
  if (!address) return [];
  return [
    ...fromPublic(network, arrival, address, outside, request),
    ...fromPrivate(network, arrival, address, outside, request),
  ];
}
