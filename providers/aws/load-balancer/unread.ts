import { type Gap, type Path, type ResourceRef, unknownFilter } from '../../../src/model/index.js';
import { everyAddress } from '../arrival.js';
import { anyClient } from '../client-ports.js';
import { instanceFront } from '../instance-state.js';
import type { Inventory, Placed, Scope } from '../inventory.js';
import { type Network, resource } from '../network.js';
import { peeringsOf } from '../peering-path.js';
import type { Listener, LoadBalancer } from '../records/records.js';
import type { AwsTarget } from '../target-index.js';
import { pathOn } from '../way.js';
import { balancerScheme, balancerType, held, tcpListener } from '../words.js';
import { balancerRef } from './registration.js';

/** Why a balancer cannot be judged as a whole: its record cannot be read, or says words that nobody documents. */
export function balancerGap(network: Network, balancer: Placed<LoadBalancer>): Gap | undefined {
  const { LoadBalancerArn: id, Type: type, Scheme: scheme, broken } = balancer;
  const kind = held(balancerType, type, 'aws/ev-route', `the type of ${id}`, id);
  if (kind === 'no') return undefined;
  if (broken !== undefined) {
    return network.inventory.dangling('balancers', balancer, `a readable record of ${id} (${broken})`);
  }
  const facing = held(balancerScheme, scheme, 'aws/ev-route', `the scheme of ${id}`, id);
  return [kind, facing].find((answer) => typeof answer === 'object');
}

function listenerGap(network: Network, listener: Placed<Listener>): Gap | undefined {
  const { ListenerArn: id, Protocol: protocol, broken } = listener;
  const takes = held(tcpListener, protocol, 'aws/ev-route', `the protocol of ${id}`, id);
  if (takes === 'no') return undefined;
  if (broken !== undefined) return network.inventory.dangling('listeners', listener, `a readable record of ${id}`);
  return takes === 'yes' ? undefined : takes;
}

interface Unread {
  readonly gap: Gap;
  readonly subject: ResourceRef;
}

/** The first thing of the balancers of a VPC that cannot be read: it may lead to any machine in it. */
function unreadIn(network: Network, vpcId: string, scope: Scope): Unread | undefined {
  return network.once(`unread balancers ${vpcId}`, () => {
    const { inventory } = network;
    const subject = resource('vpc', vpcId);
    const hole = inventory.hole('balancers', scope);
    if (hole) return { gap: hole, subject };
    const near = [...inventory.all('balancers').values()].filter(
      ({ VpcId, Type }) => (VpcId === undefined || VpcId === vpcId) && !balancerType.no.includes(Type ?? ''),
    );
    if (near.length === 0) return undefined;
    for (const balancer of near) {
      const gap = balancerGap(network, balancer);
      if (gap) return { gap, subject: balancerRef(balancer) };
    }
    const unlisted = inventory.hole('listeners', scope);
    if (unlisted) return { gap: unlisted, subject };
    const own = new Set<string | undefined>([undefined, ...near.map((balancer) => balancer.LoadBalancerArn)]);
    for (const listener of inventory.all('listeners').values()) {
      const gap = own.has(listener.LoadBalancerArn) ? listenerGap(network, listener) : undefined;
      if (gap) return { gap, subject: resource('listener', listener.ListenerArn) };
    }
    return undefined;
  });
}

/** Whether there surely is no record of a balancer, read or unread. */
function isWithout(inventory: Inventory): boolean {
  return inventory.all('balancers').size === 0 && !inventory.hole('balancers', {});
}

/** Whoever may come through a balancer of which not all could be read: on whatever port, to whatever target. */
export function unreadBalancerPaths(network: Network, target: AwsTarget): Path[] {
  if (network.once('no balancers', () => isWithout(network.inventory))) return [];
  const own = network.interfacesOf(target.instance).flatMap(({ vpcId }) => vpcId ?? []);
  const vpcs = new Set([...own, ...own.flatMap((id) => peeringsOf(network, id).map((peered) => peered.vpcId))]);
  const unread = [...vpcs].map((id) => unreadIn(network, id, target.instance)).find((found) => found !== undefined);
  if (!unread) return [];
  const { subject, gap } = unread;
  const front = instanceFront(network, target.instance);
  const rows = [front.layers, [{ kind: 'load-balancer', subject, inbound: unknownFilter(gap) }]];
  return ([4, 6] as const).map((family) =>
    pathOn(
      { kind: 'load-balancer', origin: everyAddress(family), family, clientPorts: anyClient, rows },
      target,
      undefined,
      subject.name ?? subject.id,
    ),
  );
}
