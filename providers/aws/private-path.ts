import type { Path } from '../../src/model/index.js';
import type { Arrival } from './arrival.js';
import type { Network } from './network.js';
import { peeringPaths } from './peering-path.js';
import { transitPaths } from './transit-gateway-path.js';
import { type PrivateRequest, vpcPaths } from './vpc-path.js';
import { vpnPaths } from './vpn-path.js';

/** The ways over private transports to one address; `publicIp` is the public one that is mapped to it. */
export function privatePaths(
  network: Network,
  arrival: Arrival,
  publicIp: string | undefined,
  request: PrivateRequest,
): Path[] {
  return [
    ...vpcPaths(network, arrival, request),
    ...peeringPaths(network, arrival, request),
    ...transitPaths(network, arrival, request),
    ...vpnPaths(network, arrival, request, publicIp),
  ];
}
