import {
  type Gap,
  type Layer,
  type Path,
  passFilter,
  type RuleFilter,
  stopFilter,
  unknownFilter,
  type Way,
} from '../../../src/model/index.js';
import type { Family } from '../../../src/set/index.js';
import { groupLayer, seenBehind } from '../arrival.js';
import { anyClient } from '../client-ports.js';
import { alwaysTracked } from '../connection-tracking.js';
import { deliveryLayers, keepsClient, type Sender, type View } from '../delivery.js';
import { instanceFront } from '../instance-state.js';
import type { Placed } from '../inventory.js';
import { type Interface, type Network, resource } from '../network.js';
import type { LoadBalancer, TargetHealth } from '../records/records.js';
import { referencesBehindAppliance } from '../references.js';
import type { AwsTarget } from '../target-index.js';
import type { PrivateRequest } from '../vpc-path.js';
import { pathOn } from '../way.js';
import { type ClientSide, clientFamilies, clientSides } from './client.js';
import { addressesOf, type NodeGroup, nodeGroups, nodesOf } from './node.js';
import {
  arrivalOf,
  balancerRef,
  balancingOf,
  type Forwarding,
  groupAttribute,
  isAbout,
  listenersOf,
  type Registration,
  registrationsOf,
  targetGroupRef,
  targetsGap,
} from './registration.js';
import { unreadBalancerPaths } from './unread.js';

function notATarget(forwarding: Forwarding, data: Readonly<Record<string, string>>): RuleFilter {
  return stopFilter({ code: 'aws/nlb-target', data }, targetGroupRef(forwarding));
}

/**
 * The layers as they meet packets to `port`, where a balancer takes connections on one port and hands them on to another. What
 * tracks connections tracks all of a balancer's.
 */
function layersAt(layers: readonly Layer[], port: number, asked: number): readonly Layer[] {
  return layers.map((layer) => {
    const { tracked } = layer;
    if (port === asked && !tracked) return layer;
    return { ...layer, ...(tracked && { tracked: alwaysTracked }), ...(port !== asked && { port }) };
  });
}

/**
 * Whether the balancer sends to the target. It leaves out what is unhealthy, draining or unused; when nothing is healthy it
 * sends to everything, so people say.
 */
function healthFilter(network: Network, { forwarding, health, arrival }: Registration): RuleFilter {
  const state = health?.TargetHealth?.State;
  const { id: what } = targetGroupRef(forwarding);
  if (forwarding.group?.broken !== undefined) {
    return unknownFilter(network.inventory.dangling('targetGroups', forwarding.group, `a readable record of ${what}`));
  }
  if (state === 'healthy') return passFilter;
  const target = health?.Target?.Id ?? arrival.eni.instanceId ?? arrival.eni.id;
  const others = network.inventory.ofSubject('targetHealth', forwarding.groupArn) ?? [];
  const isHealthy = (other: TargetHealth) => other.TargetHealth?.State === 'healthy';
  const left = state === 'unused' || state?.endsWith('draining') || (state === 'unhealthy' && others.some(isHealthy));
  if (left) return notATarget(forwarding, { target, state: `${state}, so not a working target` });
  const detail =
    state === 'unhealthy'
      ? `no target of ${what} is healthy, and what the balancer does then is not documented`
      : `the health of ${target} in ${what} is ${state ?? 'not recorded'}`;
  return unknownFilter({ code: 'aws/nlb-target', kind: 'not-modelled', what, detail });
}

/** Whose address the target sees: the client's where its address is kept and fits the target's family. */
function viewOf(network: Network, forwarding: Forwarding, from: Family, to: Family): View {
  const code = 'aws/nlb-client-ip';
  if (from !== to) return { whose: 'sender', code };
  const kept = groupAttribute(network, forwarding, 'preserve_client_ip.enabled');
  if (typeof kept !== 'string') return kept;
  return { whose: kept === 'true' ? 'client' : 'sender', code };
}

function zoneLayer(balancer: LoadBalancer, { serves, zone }: NodeGroup): Layer {
  const subject = balancerRef(balancer);
  const stop = () => stopFilter({ code: 'aws/nlb-az', data: zone === undefined ? {} : { zone } });
  const inbound = serves === 'yes' ? passFilter : serves === 'no' ? stop() : unknownFilter(serves);
  return { kind: 'load-balancer-zone', subject, inbound };
}

/** From the nodes to the target. Over a peering the way is not followed. */
function targetSide(
  network: Network,
  { forwarding, arrival, port }: Registration,
  { nodes }: NodeGroup,
  view: View,
): Layer[] {
  const { balancer } = forwarding;
  const { VpcId: vpcId } = balancer;
  const { eni, family } = arrival;
  const subject = balancerRef(balancer);
  if (vpcId === undefined || vpcId !== eni.vpcId) {
    const detail = `${subject.id} reaches ${eni.id} in another VPC, and how is not judged`;
    const gap: Gap = { code: 'aws/ev-route', kind: 'not-modelled', what: subject.id, detail };
    const seen = seenBehind(family, gap);
    return [
      { kind: 'transport', subject, inbound: unknownFilter(gap) },
      groupLayer(network, eni, referencesBehindAppliance(network), seen),
    ];
  }
  const sender: Sender = {
    vpcId,
    scope: balancer,
    subnetId: nodes[0].face.subnetId,
    ...addressesOf(network, nodes, balancer, family),
    groups: balancer.SecurityGroups ?? [],
    keptIn: 'aws/src-sg-egress',
  };
  return deliveryLayers(network, sender, arrival, port, view);
}

/** What all ways of one question through one balancer have in common. */
interface Asked {
  readonly target: AwsTarget;
  /** The machine's own layers. */
  readonly front: readonly Layer[];
  readonly balancer: LoadBalancer;
  /** The interface that the balancer leads to. */
  readonly eni: Interface;
  /** The port that the client dials. */
  readonly dialled: number;
  readonly request: PrivateRequest;
}

function pathThrough(
  { target, front, balancer, eni, dialled, request }: Asked,
  family: Family,
  side: ClientSide,
  behind: readonly Layer[],
): Path {
  const { origin, clientPorts, network } = side;
  const before = layersAt(side.layers, dialled, request.port);
  const way: Way = {
    kind: 'load-balancer',
    ...(network !== undefined && { network }),
    origin,
    family,
    ...(dialled !== request.port && { port: dialled }),
    clientPorts,
    rows: [front, before, behind],
  };
  return pathOn(way, target, eni, balancer.DNSName ?? balancer.LoadBalancerArn);
}

/**
 * The ways through one listener to the target: for each family of clients, and for nodes that are guarded differently. A
 * balancer that does not keep the client's address sends from ports of its own.
 */
function pathsThrough(
  network: Network,
  target: AwsTarget,
  registration: Registration,
  member: RuleFilter,
  request: PrivateRequest,
): Path[] {
  const { forwarding, arrival, port } = registration;
  const { balancer, listener } = forwarding;
  const dialled = listener.Port;
  if (dialled === undefined) return [];
  const front = instanceFront(network, target.instance).layers;
  const asked: Asked = { target, front, balancer, eni: arrival.eni, dialled, request };
  const listening: Layer = {
    kind: 'listener',
    subject: resource('listener', listener.ListenerArn, `${listener.Protocol}:${dialled}`),
    inbound: passFilter,
  };
  const membership: Layer = { kind: 'target-group', subject: targetGroupRef(forwarding), inbound: member };
  return clientFamilies(balancer).flatMap((family) => {
    const view = viewOf(network, forwarding, family, arrival.family);
    return nodeGroups(network, registration).flatMap((group) => {
      const delivery = layersAt(targetSide(network, registration, group, view), port, request.port);
      const behind = [listening, zoneLayer(balancer, group), membership, ...delivery];
      const sides = clientSides(network, balancer, group.nodes[0], family, { ...request, port: dialled });
      return sides.map((side) =>
        pathThrough(asked, family, keepsClient(view) ? side : { ...side, clientPorts: anyClient }, behind),
      );
    });
  });
}

/** The ways to a target that a group may or may not have: what it has was not recorded, or it has others. */
function strangerPaths(
  network: Network,
  target: AwsTarget,
  forwarding: Forwarding,
  member: RuleFilter,
  request: PrivateRequest,
): Path[] {
  const arrival = arrivalOf(network, target, forwarding);
  if (!arrival) return [];
  const registration = { forwarding, arrival, port: forwarding.group?.Port ?? request.port, health: undefined };
  return pathsThrough(network, target, registration, member, request);
}

/** Why the balancer has no listener for the asked port: none is there, or its listeners were not recorded. */
function silentFilter(network: Network, balancer: Placed<LoadBalancer>): RuleFilter {
  const listeners = listenersOf(network, balancer);
  const gap = listeners.length === 0 ? network.gap('listeners', balancer) : undefined;
  if (gap) return unknownFilter(gap);
  const ports = listeners.map((listener) => listener.Port).join(', ');
  return stopFilter({ code: 'aws/nlb-no-listener', data: { ports } });
}

/** A balancer that ought to lead to the target, but takes nothing on the asked port. */
function silentPaths(
  network: Network,
  target: AwsTarget,
  balancer: Placed<LoadBalancer>,
  request: PrivateRequest,
): Path[] {
  const [eni] = network.interfacesOf(target.instance);
  const [node] = nodesOf(network, balancer);
  if (!eni || !node) return [];
  const front = instanceFront(network, target.instance).layers;
  const asked: Asked = { target, front, balancer, eni, dialled: request.port, request };
  const inbound = silentFilter(network, balancer);
  const behind: Layer[] = [{ kind: 'listener', subject: balancerRef(balancer), inbound }];
  return clientFamilies(balancer).flatMap((family) =>
    clientSides(network, balancer, node, family, request).map((side) => pathThrough(asked, family, side, behind)),
  );
}

/** Paths that say why no balancer of the target's VPC leads to it. */
function explainingPaths(
  network: Network,
  target: AwsTarget,
  registrations: readonly Registration[],
  request: PrivateRequest,
): Path[] {
  const vpcId = network.interfacesOf(target.instance)[0]?.vpcId;
  if (vpcId === undefined) return [];
  const { balancers, forwardings } = balancingOf(network, vpcId);
  const onPort = forwardings.filter(({ listener }) => listener.Port === request.port);
  const member = { target: target.instance.InstanceId };
  const strangers = onPort.flatMap((forwarding) =>
    strangerPaths(network, target, forwarding, notATarget(forwarding, member), request),
  );
  const silent = balancers.filter(
    (balancer) =>
      !onPort.some((forwarding) => forwarding.balancer === balancer) &&
      (balancers.length === 1 || registrations.some(({ forwarding }) => forwarding.balancer === balancer)),
  );
  return [...strangers, ...silent.flatMap((balancer) => silentPaths(network, target, balancer, request))];
}

/**
 * The ways through network load balancers: those that have the target and deliver to the asked port or are dialled on it,
 * and those of which that is not known. Where there is none, and one source asks, the ways that say why.
 */
export function loadBalancerPaths(network: Network, target: AwsTarget, request: PrivateRequest): Path[] {
  const registrations = registrationsOf(network, target);
  const relevant = registrations.filter((registration) => isAbout(registration, request.port));
  const paths = relevant.flatMap((registration) =>
    pathsThrough(network, target, registration, healthFilter(network, registration), request),
  );
  const vpcId = network.interfacesOf(target.instance)[0]?.vpcId;
  const unread = vpcId === undefined ? [] : unreadForwardings(network, vpcId);
  for (const { forwarding, gap } of unread) {
    const asked = forwarding.listener.Port === request.port || forwarding.group?.Port === request.port;
    if (!asked || registrations.some((one) => one.forwarding === forwarding)) continue;
    paths.push(...strangerPaths(network, target, forwarding, unknownFilter(gap), request));
  }
  paths.push(...unreadBalancerPaths(network, target));
  if (paths.length > 0 || !request.detailed) return paths;
  return explainingPaths(network, target, registrations, request);
}

/** The forwardings of a VPC whose targets are not known, each with the reason. */
function unreadForwardings(network: Network, vpcId: string): readonly { forwarding: Forwarding; gap: Gap }[] {
  return network.once(`unread targets ${vpcId}`, () =>
    balancingOf(network, vpcId).forwardings.flatMap((forwarding) => {
      const gap = targetsGap(network, forwarding);
      return gap ? [{ forwarding, gap }] : [];
    }),
  );
}
