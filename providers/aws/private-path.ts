import type { Path } from '../../src/model/index.js';
import { AddressSet, formatAddress } from '../../src/set/index.js';
import { type Arrival, subnetOf } from './arrival.js';
import { forwardedWays } from './forwarded-path.js';
import type { Network } from './network.js';
import { peeringsOf, peeringWays } from './peering-path.js';
import { tellsApart } from './source-side.js';
import { transitPaths } from './transit-gateway-path.js';
import { type PrivateRequest, vpcWays } from './vpc-path.js';
import { vpnPaths } from './vpn-path.js';
import { pathOver, type Way } from './way.js';

function buildWays(network: Network, arrival: Arrival, request: PrivateRequest): Way[] {
  const { family } = arrival;
  const ways = [
    ...vpcWays(network, arrival, request),
    ...peeringWays(network, arrival, request),
    ...forwardedWays(network, arrival),
  ];
  return ways.map((way) => ({ ...way, origin: way.origin.only(family) }));
}

/**
 * The ways from the VPC and its peers. Where nothing of the sources' own guards tells the interfaces of a subnet apart, they
 * all have the same ways, built once.
 */
function privateWays(network: Network, arrival: Arrival, request: PrivateRequest): readonly Way[] {
  const { eni, family, address } = arrival;
  const subnet = subnetOf(network, eni);
  const { vpcId } = eni;
  if (request.detailed || !subnet || vpcId === undefined) return buildWays(network, arrival, request);
  const sources = [vpcId, ...peeringsOf(network, vpcId).map((peered) => peered.vpcId)];
  const alone = tellsApart(network, sources, subnet, family)
    ? `${formatAddress(address)} ${eni.groups?.join(' ')}`
    : '';
  return network.once(`ways ${vpcId} ${subnet.id} ${family} ${request.port} ${alone}`, () =>
    buildWays(network, arrival, request),
  );
}

/** The ways over private transports to one address; `publicIp` is the public one that is mapped to it. */
export function privatePaths(
  network: Network,
  arrival: Arrival,
  publicIp: string | undefined,
  request: PrivateRequest,
): Path[] {
  const { eni, family } = arrival;
  const dialled = formatAddress(arrival.address);
  return [
    ...privateWays(network, arrival, request).map((way) => pathOver(network, way, eni, family, request.head, dialled)),
    ...transitPaths(network, arrival, request),
    ...vpnPaths(network, arrival, request, publicIp),
  ];
}

/** Everybody who comes over these paths; formed once for the same paths. */
export function originOf(network: Network, paths: readonly Path[]): AddressSet {
  const origins = [...new Set(paths.map((path) => path.origin))];
  return network.once(`origins ${origins.map((origin) => network.nameOf(origin)).join(' ')}`, () =>
    AddressSet.unionOf(origins),
  );
}
