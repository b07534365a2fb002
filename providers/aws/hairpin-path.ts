import type { Layer, Path } from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { AddressSet, parseAddress } from '../../src/set/index.js';
import type { Arrival } from './arrival.js';
import { gatewayOf } from './internet-gateway.js';
import type { Interface, Network } from './network.js';
import type { Hop } from './route-table.js';
import { publicAddresses } from './source-host.js';
import { type Destination, departures, sourcesOf } from './source-side.js';

/** Out of its own VPC a client goes through the internet gateway with its own address, or through a NAT gateway. */
function sourceLayers(
  network: Network,
  eni: Interface,
  arrival: Arrival,
  dialled: string,
  port: number,
): readonly Layer[] {
  const address = parseAddress(dialled);
  if (!address || eni.vpcId === undefined) return [];
  const scope = network.inventory.get('vpcs', eni.vpcId) ?? eni.scope;
  const gateway = gatewayOf(network, eni.vpcId, scope).id;
  const hasOwn = eni.addresses.some((one) => one.publicIp !== undefined);
  const leads = (hop: Hop) => (arrival.family === 6 || hasOwn ? hop.id === gateway : hop.kind === 'nat-gateway');
  const destination: Destination = {
    address,
    family: arrival.family,
    port,
    subnet: undefined,
    groups: null,
    transport: `internet ${hasOwn}`,
    leads,
    detailed: true,
  };
  const own = network.privateAddresses([eni]).only(arrival.family);
  const sources = sourcesOf(network, eni.vpcId, scope, network.rangesOf(eni.vpcId));
  const departure = departures(network, sources, destination, AddressSet.empty).find(({ origin }) =>
    origin.overlaps(own),
  );
  return (departure?.layers ?? []).map((layer) => ({ ...layer, seen: { addresses: own, choice: 'each' as const } }));
}

/**
 * The ways from inside the cloud to a public address: out through the client's own guards, then in like any other client of
 * the internet, with a public source address that no group reference matches.
 */
export function hairpinPaths(network: Network, arrival: Arrival, outside: Path, request: PathRequest): Path[] {
  const { address } = outside;
  if (!request.fromInterfaces || address === null) return [];
  return request.fromInterfaces.flatMap((id): Path[] => {
    const eni = network.interfaces().get(id);
    if (!eni) return [];
    const origin = (arrival.family === 6 ? network.privateAddresses([eni]) : publicAddresses(network, eni)).only(
      arrival.family,
    );
    if (origin.isEmpty || request.from?.overlaps(origin) === false) return [];
    const own = sourceLayers(network, eni, arrival, address, request.port);
    const segments = [own, ...(outside.segments ?? [outside.layers])];
    return [{ ...outside, kind: 'hairpin', origin, segments, layers: segments.flat() }];
  });
}
