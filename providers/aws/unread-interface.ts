import { type Gap, type Layer, type Path, unknownFilter } from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { AddressSet } from '../../src/set/index.js';
import { anyClient } from './client-ports.js';
import type { Scope } from './inventory.js';
import { type Interface, type Network, resource } from './network.js';
import type { Instance } from './records.js';
import type { AwsTarget } from './target-index.js';

/** What stands before an interface of which it is not known whether it is on its instance. */
export function attachmentLayers({ id, attached }: Interface): Layer[] {
  if (typeof attached === 'string') return [];
  return [{ kind: 'network-interface', subject: resource('network-interface', id), inbound: unknownFilter(attached) }];
}

/** Why not every way to an interface is known. */
function unreadGap(network: Network, { id, scope, whole, vpcId, subnetId }: Interface): Gap | undefined {
  if (!whole) return network.inventory.dangling('interfaces', scope, `readable addresses of ${id}`);
  if (vpcId !== undefined && subnetId !== undefined) return undefined;
  return network.inventory.dangling('interfaces', scope, `the subnet and vpc of ${id}`);
}

/** Why not every interface of an instance is known: it does not show them, and neither does a list of all. */
function unlistedGap(network: Network, { NetworkInterfaces, InstanceId }: Instance, scope: Scope): Gap | undefined {
  if (NetworkInterfaces !== undefined || !network.gap('interfaces', scope)) return undefined;
  return network.inventory.dangling('instances', scope, `readable interfaces of ${InstanceId}`);
}

/** Whoever may reach an interface that could not be read, or whose addresses or place could not. */
export function unreadPaths(network: Network, target: AwsTarget, request: PathRequest, head: readonly Layer[]): Path[] {
  if (request.address !== undefined) return [];
  const { instance } = target;
  const unread = network.interfacesOf(instance).map((eni) => ({ id: eni.id, gap: unreadGap(network, eni) }));
  const unlisted = { id: instance.InstanceId, gap: unlistedGap(network, instance, instance) };
  return [...unread, unlisted].flatMap(({ id, gap }): Path[] => {
    if (!gap) return [];
    const subject = resource('network-interface', id);
    const layers = [...head, { kind: 'network-interface', subject, inbound: unknownFilter(gap) }];
    const base = { kind: 'unread', address: id, interface: subject, clientPorts: anyClient, layers };
    return ([4, 6] as const).map((family) => ({
      ...base,
      family,
      origin: family === 4 ? AddressSet.ipv4 : AddressSet.ipv6,
    }));
  });
}
