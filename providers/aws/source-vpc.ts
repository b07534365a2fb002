import { AddressSet } from '../../src/set/index.js';
import type { Network } from './network.js';

/**
 * The private addresses that an asked machine has, but not in this VPC: other VPCs may use the same ranges, and whoever has
 * an address there is no client with that address here.
 */
export function elsewhereThan(network: Network, vpcId: string | undefined, interfaces: readonly string[]): AddressSet {
  if (vpcId === undefined || interfaces.length === 0) return AddressSet.empty;
  const enis = interfaces.flatMap((id) => network.interfaces().get(id) ?? []);
  const isHere = (eni: { readonly vpcId: string | undefined }) => eni.vpcId === undefined || eni.vpcId === vpcId;
  const here = network.privateAddresses(enis.filter(isHere));
  return network.privateAddresses(enis.filter((eni) => !isHere(eni))).subtract(here);
}
