import type { Path } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import type { Arrival } from './arrival.js';
import type { Network } from './network.js';
import type { PrivateRequest } from './vpc-path.js';

export function vpnPaths(
  _network: Network,
  _arrival: Arrival,
  _request: PrivateRequest,
  _publicIp: string | undefined,
): Path[] {
  return [];
}
export function onPremisesBehind(_network: Network, _vpcId: string): AddressSet {
  return AddressSet.empty;
}
