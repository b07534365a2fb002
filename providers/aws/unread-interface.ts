import { type Gap, type Layer, type Path, unknownFilter, type Way } from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { everyAddress } from './arrival.js';
import { anyClient } from './client-ports.js';
import type { Scope } from './inventory.js';
import { type Interface, type Network, resource } from './network.js';
import type { Instance } from './records/records.js';
import type { AwsTarget } from './target-index.js';
import type { Front } from './way.js';

/** What stands before an interface of which it is not known whether it is on its instance. */
export function attachmentFront({ attached }: Interface): Front | undefined {
  if (typeof attached === 'string') return undefined;
  const layer: Layer = { kind: 'network-interface', subject: 'interface', inbound: unknownFilter(attached) };
  return { key: undefined, layers: [layer] };
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

interface Unread {
  readonly id: string;
  readonly gap: Gap | undefined;
}

/** What the interfaces of an asked client leave open: it may have other addresses than those that could be read. */
function unreadSources(network: Network, { fromInterfaces = [] }: PathRequest): Unread[] {
  return fromInterfaces.flatMap((id) => {
    const eni = network.interfaces().get(id);
    return eni ? [{ id, gap: unreadGap(network, eni) }] : [];
  });
}

/** What the interfaces of the target leave open, where it is not one of its addresses that is asked about. */
function unreadTargets(network: Network, { instance }: AwsTarget, { address }: PathRequest): Unread[] {
  if (address !== undefined) return [];
  const unlisted = { id: instance.InstanceId, gap: unlistedGap(network, instance, instance) };
  return [...network.interfacesOf(instance).map((eni) => ({ id: eni.id, gap: unreadGap(network, eni) })), unlisted];
}

/** Whoever may come from or to an interface that could not be read, or whose addresses or place could not. */
export function unreadPaths(network: Network, target: AwsTarget, request: PathRequest, front: Front): Path[] {
  const unread = [...unreadTargets(network, target, request), ...unreadSources(network, request)];
  return unread.flatMap(({ id, gap }): Path[] => {
    if (!gap) return [];
    const subject = resource('network-interface', id);
    const layers: Layer[] = [...front.layers, { kind: 'network-interface', subject, inbound: unknownFilter(gap) }];
    return ([4, 6] as const).map((family) => {
      const way: Way = { kind: 'unread', origin: everyAddress(family), family, clientPorts: anyClient, rows: [layers] };
      return { way, target: target.resource, interface: subject, address: id };
    });
  });
}
