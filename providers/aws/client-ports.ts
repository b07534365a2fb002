import { AddressSet, PortSet, TrafficSet } from '../../src/set/index.js';
import type { Interface, Network } from './network.js';

/** From which ports a client sends (VPC guide, ephemeral ports); a home router may pick any, so that is what is assumed. */
const anyClientPort = PortSet.range(1024, 65535);
const linuxClientPorts = PortSet.range(32768, 61000);
const windowsClientPorts = PortSet.range(49152, 65535);

export const anyClient = TrafficSet.of(AddressSet.all, anyClientPort);

function platformOf(network: Network, eni: Interface): 'linux' | 'windows' | undefined {
  const platform = network.inventory.get('instances', eni.instanceId)?.PlatformDetails?.toLowerCase();
  if (platform === undefined) return undefined;
  return platform.includes('windows') ? 'windows' : 'linux';
}

/** The client ports of the machines of one VPC, as far as their system is recorded. */
export function clientPortsIn(network: Network, vpcId: string): TrafficSet {
  return network.once(`client ports ${vpcId}`, () => {
    const machines: Record<'linux' | 'windows', Interface[]> = { linux: [], windows: [] };
    for (const eni of network.interfacesIn(vpcId)) {
      const platform = platformOf(network, eni);
      if (platform) machines[platform].push(eni);
    }
    const linux = network.privateAddresses(machines.linux);
    const windows = network.privateAddresses(machines.windows).subtract(linux);
    return TrafficSet.unionOf([
      TrafficSet.of(linux, linuxClientPorts),
      TrafficSet.of(windows, windowsClientPorts),
      TrafficSet.of(AddressSet.all.subtract(linux).subtract(windows), anyClientPort),
    ]);
  });
}
