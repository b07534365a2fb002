import { internet, type Layer, layersOf, passFilter, unknownFilter, type Way } from '../../../src/model/index.js';
import { AddressSet, type Family } from '../../../src/set/index.js';
import { groupLayer } from '../arrival.js';
import { anyClient } from '../client-ports.js';
import { internetWay } from '../internet-path.js';
import type { Placed } from '../inventory.js';
import type { Network } from '../network.js';
import type { LoadBalancer } from '../records/records.js';
import { subnetWays } from '../subnet-ways.js';
import type { PrivateRequest } from '../vpc-path.js';
import { wayInto } from '../way.js';
import { type BalancerNode, nodeArrival } from './node.js';
import { balancerRef } from './registration.js';
import { balancerGap } from './unread.js';

/** Clients that reach a node of a balancer, and what they meet before it. */
export interface ClientSide {
  readonly network?: string;
  readonly origin: AddressSet;
  readonly layers: readonly Layer[];
  readonly clientPorts: Way['clientPorts'];
}

const working: ReadonlySet<string | undefined> = new Set([undefined, 'active', 'active_impaired']);

/** The balancer itself: whether it is there, and that without groups it takes every client. */
function balancerLayer(network: Network, balancer: Placed<LoadBalancer>): Layer {
  const subject = balancerRef(balancer);
  const state = balancer.State?.Code;
  let gap = balancerGap(network, balancer);
  if (!gap && !working.has(state)) {
    gap = { code: 'aws/ev-route', kind: 'not-modelled', what: subject.id, detail: `${subject.id} is ${state}` };
  }
  return { kind: 'load-balancer', subject, inbound: gap ? unknownFilter(gap) : passFilter };
}

/** The groups of a node stop in the name of the balancer. A balancer without groups has nothing that stops. */
function asBalancers(layer: Layer, balancer: LoadBalancer): Layer[] {
  if (layer.kind !== 'security-group') return [layer];
  if ((balancer.SecurityGroups ?? []).length === 0) return [];
  if (layer.inbound?.kind !== 'any') return [layer];
  const { otherwise } = layer.inbound;
  if (otherwise.reason?.code !== 'aws/sg-no-inbound') return [layer];
  const refused = { ...otherwise, reason: { ...otherwise.reason, code: 'aws/nlb-sg-deny' } };
  return [{ ...layer, inbound: { ...layer.inbound, otherwise: refused } }];
}

function unseenNode(network: Network, balancer: Placed<LoadBalancer>, family: Family): ClientSide {
  const gap = network.inventory.dangling('subnets', balancer, `the subnet of a node of ${balancer.LoadBalancerArn}`);
  const layer: Layer = { kind: 'subnet', subject: balancerRef(balancer), inbound: unknownFilter(gap) };
  return { origin: internet.only(family), layers: [layer], clientPorts: anyClient };
}

function fromInternet(
  network: Network,
  balancer: Placed<LoadBalancer>,
  node: BalancerNode,
  family: Family,
): ClientSide {
  const arrival = nodeArrival(network, node, family);
  if (!arrival) return unseenNode(network, balancer, family);
  const { layers, guard } = internetWay(network, arrival, AddressSet.empty);
  const groups = groupLayer(network, node.face, guard.references, guard.seen);
  return { origin: internet.only(family), layers: [...layers, groups], clientPorts: anyClient };
}

function fromInside(network: Network, node: BalancerNode, family: Family, request: PrivateRequest): ClientSide[] {
  const arrival = nodeArrival(network, node, family);
  if (!arrival) return [];
  return subnetWays(network, arrival, request).inside.map((subnetWay) => {
    const way = wayInto(network, subnetWay, node.face, []);
    return { ...way, layers: layersOf(way) };
  });
}

/**
 * The ways of clients to a node of a balancer on one of its ports: from the internet where it faces the internet, else from
 * its VPC and what is joined to it. Shared by everything that the balancer leads to.
 */
export function clientSides(
  network: Network,
  balancer: Placed<LoadBalancer>,
  node: BalancerNode,
  family: Family,
  { port, detailed }: PrivateRequest,
): readonly ClientSide[] {
  const { LoadBalancerArn: arn, Scheme: scheme } = balancer;
  return network.once(`clients ${arn} ${node.face.subnetId} ${family} ${port} ${detailed}`, () => {
    const sides =
      scheme === 'internet-facing'
        ? [fromInternet(network, balancer, node, family)]
        : fromInside(network, node, family, { port, detailed });
    return sides.map(({ origin, clientPorts, layers, ...side }) => ({
      origin,
      clientPorts,
      ...(side.network !== undefined && { network: side.network }),
      layers: [...layers.flatMap((layer) => asBalancers(layer, balancer)), balancerLayer(network, balancer)],
    }));
  });
}

/** The families in which a balancer takes connections. */
export function clientFamilies(balancer: LoadBalancer): readonly Family[] {
  return balancer.IpAddressType === 'dualstack' ? [4, 6] : [4];
}
