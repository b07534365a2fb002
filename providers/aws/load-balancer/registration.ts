import type { Gap } from '../../../src/model/index.js';
import { canonical, parseAddress } from '../../../src/set/index.js';
import { type Arrival, arrivalAt, primaryArrival } from '../arrival.js';
import type { Placed } from '../inventory.js';
import { type Network, resource } from '../network.js';
import { peeringsOf } from '../peering-path.js';
import type { Listener, LoadBalancer, TargetGroup, TargetHealth } from '../records/records.js';
import type { AwsTarget } from '../target-index.js';
import { tcpListener } from '../words.js';

/** A listener of a network load balancer, and a target group to which it forwards. */
export interface Forwarding {
  readonly balancer: Placed<LoadBalancer>;
  readonly listener: Placed<Listener>;
  readonly groupArn: string;
  /** Undefined when the group itself is not recorded. */
  readonly group: Placed<TargetGroup> | undefined;
}

/** The instance as a target group knows it. */
export interface Registration {
  readonly forwarding: Forwarding;
  /** The port and the address to which the balancer delivers. */
  readonly port: number;
  readonly arrival: Arrival;
  /** What is known of the target's health; undefined where nothing of it is recorded. */
  readonly health: TargetHealth | undefined;
}

/** The network load balancers of one VPC, and what they lead to. */
export interface Balancing {
  readonly balancers: readonly Placed<LoadBalancer>[];
  readonly forwardings: readonly Forwarding[];
  /** By instance id, and by address as `canonical` spells it. */
  readonly byTarget: ReadonlyMap<string, readonly { readonly forwarding: Forwarding; readonly health: TargetHealth }[]>;
}

export function balancerRef(balancer: LoadBalancer) {
  return resource('load-balancer', balancer.LoadBalancerArn, balancer.LoadBalancerName);
}

export function targetGroupRef({ groupArn, group }: Forwarding) {
  return resource('target-group', groupArn, group?.TargetGroupName);
}

/** The listeners of a balancer that surely hand on TCP connections. */
export function listenersOf(network: Network, balancer: LoadBalancer): readonly Placed<Listener>[] {
  const byBalancer = network.once('listeners by balancer', () => {
    const listeners = new Map<string, Placed<Listener>[]>();
    for (const listener of network.inventory.all('listeners').values()) {
      const arn = listener.LoadBalancerArn ?? '';
      listeners.set(arn, [...(listeners.get(arn) ?? []), listener]);
    }
    return listeners;
  });
  const own = byBalancer.get(balancer.LoadBalancerArn) ?? [];
  return own.filter((listener) => listener.broken === undefined && tcpListener.yes.includes(listener.Protocol ?? ''));
}

function groupsOf(listener: Listener): readonly string[] {
  const arns = (listener.DefaultActions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) => [
    TargetGroupArn,
    ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn),
  ]);
  return [...new Set(arns.filter((arn) => arn !== undefined))];
}

export function balancingOf(network: Network, vpcId: string): Balancing {
  return network.once(`balancing ${vpcId}`, () => {
    const { inventory } = network;
    const balancers = [...inventory.all('balancers').values()].filter(
      (balancer) => balancer.Type === 'network' && balancer.VpcId === vpcId,
    );
    const forwardings = balancers.flatMap((balancer) =>
      listenersOf(network, balancer).flatMap((listener) =>
        groupsOf(listener).map((groupArn) => ({
          balancer,
          listener,
          groupArn,
          group: inventory.get('targetGroups', groupArn),
        })),
      ),
    );
    const byTarget = new Map<string, { forwarding: Forwarding; health: TargetHealth }[]>();
    for (const forwarding of forwardings) {
      for (const health of inventory.ofSubject('targetHealth', forwarding.groupArn) ?? []) {
        const id = health.Target?.Id ?? '';
        const key = canonical(id) ?? id;
        byTarget.set(key, [...(byTarget.get(key) ?? []), { forwarding, health }]);
      }
    }
    return { balancers, forwardings, byTarget };
  });
}

/** Why it is not known which targets a group has; undefined when it is known. */
export function targetsGap(network: Network, { balancer, groupArn }: Forwarding): Gap | undefined {
  const { inventory } = network;
  const records = inventory.ofSubject('targetHealth', groupArn);
  if (records?.some((health) => health.broken !== undefined || health.Target?.broken !== undefined)) {
    return inventory.dangling('targetHealth', balancer, `a readable list of the targets of ${groupArn}`);
  }
  const gap = inventory.gap('targetHealth', balancer, groupArn);
  return records === undefined
    ? (gap ?? inventory.dangling('targetHealth', balancer, `the targets of ${groupArn}`))
    : gap;
}

/** Where a target group delivers when it knows the instance by its id. */
export function arrivalOf(network: Network, target: AwsTarget, { group }: Forwarding): Arrival | undefined {
  return primaryArrival(network, target.instance, group?.IpAddressType === 'ipv6' ? 6 : 4);
}

function arrivalsByAddress(network: Network, target: AwsTarget): ReadonlyMap<string, Arrival> {
  const arrivals = new Map<string, Arrival>();
  for (const eni of network.interfacesOf(target.instance)) {
    for (const text of [...eni.addresses.map(({ privateIp }) => privateIp), ...eni.ipv6]) {
      const address = parseAddress(text);
      const key = canonical(text);
      if (address && key) arrivals.set(key, arrivalAt(eni, address));
    }
  }
  return arrivals;
}

/**
 * Every forwarding by which balancers of the target's VPC, and of those that are peered with it, reach the target. The
 * ranges of peered VPCs never overlap, so an address tells which machine is meant.
 */
export function registrationsOf(network: Network, target: AwsTarget): Registration[] {
  if (network.inventory.all('balancers').size === 0) return [];
  const byAddress = arrivalsByAddress(network, target);
  const own = new Set([...byAddress.values()].map(({ eni }) => eni.vpcId).filter((id) => id !== undefined));
  const vpcs = new Set([...own, ...[...own].flatMap((id) => peeringsOf(network, id).map((peered) => peered.vpcId))]);
  return [...vpcs].flatMap((vpcId) => {
    const { byTarget } = balancingOf(network, vpcId);
    if (byTarget.size === 0) return [];
    return [target.instance.InstanceId, ...byAddress.keys()].flatMap((key) =>
      (byTarget.get(key) ?? []).flatMap(({ forwarding, health }): Registration[] => {
        const arrival = byAddress.get(key) ?? arrivalOf(network, target, forwarding);
        const port = health.Target?.Port ?? forwarding.group?.Port;
        return arrival && port !== undefined ? [{ forwarding, port, arrival, health }] : [];
      }),
    );
  });
}

/** Whether the registration is about the asked port: it delivers to that port, or the client dials it. */
export function isAbout({ port, forwarding }: Registration, asked: number): boolean {
  return port === asked || forwarding.listener.Port === asked;
}

/** The value of an attribute of a target group or a balancer, or why it is not known. */
export function attributeOf(
  network: Network,
  name: 'targetGroupAttributes' | 'balancerAttributes',
  arn: string,
  key: string,
  balancer: Placed<LoadBalancer>,
): string | Gap {
  const value = network.inventory.ofSubject(name, arn)?.find((attribute) => attribute.Key === key)?.Value;
  return value ?? network.inventory.dangling(name, balancer, `${key} of ${arn}`);
}

export function groupAttribute(network: Network, { balancer, groupArn }: Forwarding, key: string): string | Gap {
  return attributeOf(network, 'targetGroupAttributes', groupArn, key, balancer);
}
