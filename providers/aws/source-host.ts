import { internet } from '../../src/model/index.js';
import type { FoundSource, SourceHost } from '../../src/provider.js';
import { AddressSet, addressSet, parseAddress } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import type { Interface, Network } from './network.js';
import type { Instance } from './records/records.js';
import { findTarget } from './target-index.js';

/** The NAT gateways into which the subnet of an interface could send packets for the internet. */
export function natAddresses(network: Network, eni: Interface): AddressSet {
  const texts = [];
  for (const nat of network.inventory.all('nats').values()) {
    if (nat.VpcId !== eni.vpcId || nat.ConnectivityType === 'private') continue;
    for (const { PublicIp } of nat.NatGatewayAddresses ?? []) texts.push(PublicIp);
  }
  return addressSet(texts);
}

/** The addresses with which an interface appears on the internet. */
function publicAddresses(network: Network, eni: Interface): AddressSet {
  const own = addressSet(eni.addresses.map((address) => address.publicIp));
  return own.isEmpty ? natAddresses(network, eni) : own;
}

function hostOf(network: Network, instance: Placed<Instance>): SourceHost {
  const enis = network.interfacesOf(instance);
  const addresses = AddressSet.unionOf([
    network.ownAddresses(enis),
    ...enis.map((eni) => publicAddresses(network, eni)),
  ]);
  return { label: instance.InstanceId, addresses, interfaces: enis.map((eni) => eni.id) };
}

/**
 * Who sends from an address. One of the internet is held by one machine; a private one may be held in several VPCs, so that
 * it stays an address and no machine is meant by it.
 */
function holderOfSource(network: Network, text: string, addresses: AddressSet): FoundSource {
  const holders = network.holderOf(text);
  const none: FoundSource = { kind: 'none', code: 'aws/addr-not-ours' };
  if (holders.length === 0) return none;
  if (internet.covers(addresses))
    return { kind: 'host', host: { label: text, addresses, interfaces: holders.map((eni) => eni.id) } };
  if (holders.length === 1) return none;
  return { kind: 'many', candidates: holders.map((eni) => `${eni.instanceId ?? eni.id} in ${eni.vpcId}`) };
}

/** A client inside the cloud: an instance as a target is named, or a known interface by its address. */
export function findSource(network: Network, text: string): FoundSource {
  if (parseAddress(text)) return holderOfSource(network, text, addressSet([text]));
  const found = findTarget(network, text);
  return found.kind === 'target' ? { kind: 'host', host: hostOf(network, found.target.instance) } : found;
}
