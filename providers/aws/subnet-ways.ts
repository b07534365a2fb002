import { AddressSet } from '../../src/set/index.js';
import type { Arrival } from './arrival.js';
import { forwardedWays } from './forwarded-path.js';
import { internetWay } from './internet-path.js';
import { groupsOf, type Network } from './network.js';
import { peeringWays } from './peering-path.js';
import { namedByEgress } from './source-side.js';
import { transitWays } from './transit-gateway/path.js';
import { unreadWays } from './unread-network.js';
import { type PrivateRequest, vpcWays } from './vpc-path.js';
import { vpnWays } from './vpn-path.js';
import type { SubnetWay } from './way.js';

/** All ways to one place of a subnet. */
export interface SubnetWays {
  /** Over private transports, from the VPC itself to the sites behind its gateways. */
  readonly inside: readonly SubnetWay[];
  readonly outside: SubnetWay;
}

function buildWays(network: Network, arrival: Arrival, request: PrivateRequest): SubnetWays {
  const ways = [
    ...vpcWays(network, arrival, request),
    ...peeringWays(network, arrival, request),
    ...forwardedWays(network, arrival),
    ...transitWays(network, arrival, request),
    ...vpnWays(network, arrival),
    ...unreadWays(network, arrival),
  ];
  const inside = ways
    .map((way) => ({ ...way, origin: way.origin.only(arrival.family) }))
    .filter(({ origin }) => !origin.isEmpty);
  const reserved = AddressSet.unionOf(inside.map(({ origin }) => origin));
  return { inside, outside: internetWay(network, arrival, reserved) };
}

/** Whether a place of a subnet has the same ways, whichever of its interfaces is meant: the subnet and its VPC are known. */
export function isShareable(network: Network, { eni }: Arrival): boolean {
  return network.inventory.get('subnets', eni.subnetId) !== undefined && eni.vpcId !== undefined;
}

/** What of an interface matters to the ways to its place: with equal keys they are the same ways. */
function placeKey(network: Network, { eni, family, place }: Arrival, { port }: PrivateRequest): string {
  return `${eni.vpcId} ${eni.subnetId} ${family} ${place} ${port} ${namedByEgress(network, groupsOf(network, eni))}`;
}

/** The ways to where packets arrive; built once for all arrivals at one place, unless the details of one client are asked for. */
export function subnetWays(network: Network, arrival: Arrival, request: PrivateRequest): SubnetWays {
  const build = () => buildWays(network, arrival, request);
  if (request.detailed || !isShareable(network, arrival)) return build();
  return network.once(`ways to ${placeKey(network, arrival, request)}`, build);
}
