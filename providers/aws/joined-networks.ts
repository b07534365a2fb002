import { AddressSet } from '../../src/set/index.js';
import type { Network } from './network.js';
import { peeringsOf } from './peering-path.js';
import { peeredRanges } from './references.js';
import { sourcesOf } from './source-side.js';
import { transitRanges } from './transit-gateway/table.js';

/** The addresses that are at no site, whatever routes say: those in the subnets of a VPC, and in the VPCs joined to it. */
export function joinedNetworks(network: Network, vpcId: string): AddressSet {
  return network.once(`joined networks ${vpcId}`, () => {
    const scope = network.inventory.get('vpcs', vpcId) ?? {};
    const own = sourcesOf(network, vpcId, scope, network.rangesOf(vpcId)).ranges;
    const peered = peeringsOf(network, vpcId).map((peer) => peeredRanges(network, peer.peering, peer.vpcId));
    return AddressSet.unionOf([own, ...peered, transitRanges(network, vpcId)]);
  });
}
