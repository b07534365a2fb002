import type { Gap, Rule } from '../../../src/model/index.js';
import { AddressPartition, AddressSet, addressSet, type Family, parseAddress } from '../../../src/set/index.js';
import { type Arrival, arrivalAt } from '../arrival.js';
import { publicAccessLayer } from '../block-public-access.js';
import type { Placed } from '../inventory.js';
import { type Interface, type InterfaceAddress, type Network, resource } from '../network.js';
import { aclRules } from '../network-acl.js';
import { rangesOfRecord } from '../ranges.js';
import type { LoadBalancer } from '../records/records.js';
import { referencesBehindAppliance } from '../references.js';
import { orderedRoutes } from '../route-table.js';
import { groupRules } from '../security-group.js';
import { attributeOf, type Forwarding, groupAttribute, type Registration } from './registration.js';

type Zone = NonNullable<LoadBalancer['AvailabilityZones']>[number];

/** The interfaces of network load balancers, by the description that names their balancer. */
function balancerInterfaces(network: Network, balancer: LoadBalancer): readonly Interface[] {
  const byDescription = network.once('interfaces of balancers', () => {
    const enis = new Map<string, Interface[]>();
    for (const eni of network.interfaces().values()) {
      if (eni.description?.startsWith('ELB net/')) {
        enis.set(eni.description, [...(enis.get(eni.description) ?? []), eni]);
      }
    }
    return enis;
  });
  const [, name] = balancer.LoadBalancerArn.split(':loadbalancer/');
  return byDescription.get(`ELB ${name}`) ?? [];
}

/** A node of a balancer: what it has in one zone, as an interface with the balancer's groups. */
export interface BalancerNode {
  readonly zone: string | undefined;
  readonly face: Interface;
}

function nodeOf(network: Network, balancer: Placed<LoadBalancer>, zone: Zone): BalancerNode {
  const own = balancerInterfaces(network, balancer).filter((eni) => eni.subnetId === zone.SubnetId);
  const told = zone.LoadBalancerAddresses ?? [];
  const addresses = own.flatMap((eni) => eni.addresses);
  const listed = told.flatMap(({ PrivateIPv4Address: privateIp, IpAddress: publicIp }): InterfaceAddress[] =>
    privateIp === undefined ? [] : [{ privateIp, primary: true, ...(publicIp !== undefined && { publicIp }) }],
  );
  const ipv6 = own.flatMap((eni) => eni.ipv6);
  const id = own[0]?.id ?? balancer.LoadBalancerName ?? balancer.LoadBalancerArn;
  const face: Interface = {
    id,
    ref: resource('network-interface', id),
    scope: balancer,
    instanceId: undefined,
    attached: 'yes',
    deviceIndex: 0,
    subnetId: zone.SubnetId,
    vpcId: balancer.VpcId,
    type: 'network_load_balancer',
    description: undefined,
    groups: balancer.SecurityGroups ?? [],
    addresses: addresses.length > 0 ? addresses : listed,
    ipv6: ipv6.length > 0 ? ipv6 : told.map((item) => item.IPv6Address).filter((text) => text !== undefined),
    prefixes: [],
    whole: true,
    deniesGateway: false,
    broken: balancer.broken,
  };
  return { zone: zone.ZoneName, face };
}

/** The nodes of a balancer: one in each zone that is enabled. */
export function nodesOf(network: Network, balancer: Placed<LoadBalancer>): readonly BalancerNode[] {
  return network.once(`nodes ${balancer.LoadBalancerArn}`, () =>
    (balancer.AvailabilityZones ?? []).map((zone) => nodeOf(network, balancer, zone)),
  );
}

/** From which addresses nodes send: their own, or any of their subnets' where these were not recorded. */
export function addressesOf(
  network: Network,
  nodes: readonly BalancerNode[],
  balancer: Placed<LoadBalancer>,
  family: Family,
): { readonly addresses: AddressSet; readonly gap: Gap | undefined } {
  const own = nodes.map(({ face }) => network.ownAddresses([face]).only(family));
  if (own.every((addresses) => !addresses.isEmpty)) return { addresses: AddressSet.unionOf(own), gap: undefined };
  const subnets = nodes.map(({ face }) => network.inventory.get('subnets', face.subnetId));
  const ranges = addressSet(subnets.flatMap((subnet) => (subnet ? rangesOfRecord(subnet) : [])));
  const gap = network.inventory.dangling('interfaces', balancer, `an interface of ${balancer.LoadBalancerArn}`);
  return { addresses: AddressSet.unionOf([...own, ranges.only(family)]), gap };
}

/** A node as clients inside the cloud dial it; its first possible address stands in where it is not recorded. */
export function nodeArrival(network: Network, node: BalancerNode, family: Family): Arrival | undefined {
  const text = family === 4 ? node.face.addresses[0]?.privateIp : node.face.ipv6[0];
  const own = text === undefined ? undefined : parseAddress(text);
  const subnet = network.inventory.get('subnets', node.face.subnetId);
  const address = own ?? (subnet && addressSet(rangesOfRecord(subnet)).only(family).first);
  return address && arrivalAt(node.face, address);
}

/** Whether a node hands connections to targets of other zones, or why that is not known. */
function crossesZones(network: Network, forwarding: Forwarding): boolean | Gap {
  const key = 'load_balancing.cross_zone.enabled';
  const { balancer } = forwarding;
  const own = groupAttribute(network, forwarding, key);
  if (own === 'true' || own === 'false') return own === 'true';
  const inherited = attributeOf(network, 'balancerAttributes', balancer.LoadBalancerArn, key, balancer);
  const recorded = network.inventory.ofSubject('targetGroupAttributes', forwarding.groupArn) !== undefined;
  if (typeof own !== 'string' && !recorded) return own;
  return typeof inherited === 'string' ? inherited === 'true' : inherited;
}

function targetZone(network: Network, { health, arrival }: Registration): string | undefined {
  const told = health?.Target?.AvailabilityZone;
  return told ?? network.inventory.get('subnets', arrival.eni.subnetId)?.AvailabilityZone;
}

/** Nodes that fare alike, and whether they hand connections to the target. */
export interface NodeGroup {
  readonly nodes: readonly [BalancerNode, ...BalancerNode[]];
  readonly serves: 'yes' | 'no' | Gap;
  /** The zone in which there would have to be a node. */
  readonly zone: string | undefined;
}

/** What guards a node's subnet against the internet; nodes with equal guards are one in the answer. */
function guards(network: Network, { face }: BalancerNode): string {
  const { subnetId, vpcId, scope } = face;
  if (subnetId === undefined || vpcId === undefined) return '';
  const acl = network.aclOf(subnetId, scope);
  const table = network.tableOf(subnetId, vpcId, scope);
  const access = publicAccessLayer(network, subnetId, vpcId, scope).inbound;
  const open = access?.kind === 'rules' && access.otherwise === 'allow';
  if ('gap' in acl || 'gap' in table || !open) return subnetId;
  return `${acl.found.NetworkAclId} ${table.found.RouteTableId}`;
}

/** The sets of clients that the target's own guards tell apart: of nodes, too, where these send from addresses of their own. */
function setsAtTarget(network: Network, eni: Interface): AddressSet[] {
  const acl = network.aclOf(eni.subnetId, eni.scope);
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  const entries =
    'found' in acl ? (['in', 'out'] as const).flatMap((side) => aclRules(network, acl.found, side) ?? []) : [];
  const routes = 'found' in table ? orderedRoutes(network, table.found).map(({ peers }) => peers) : [];
  const rules = [...entries.map(({ rule }) => rule), ...inboundRules(network, eni)];
  return [...routes, ...rules.map(({ peers }) => (peers.known ? peers.value : peers.within))];
}

function inboundRules(network: Network, eni: Interface): readonly Rule[] {
  return (eni.groups ?? []).flatMap((id) => groupRules(network, id, false, referencesBehindAppliance(network), eni));
}

/**
 * The nodes through which clients may reach the target, grouped: those of one group fare alike. A client that is given several nodes tries one after the
 * other, so each group is a way of its own; nodes that serve nothing count only where no other does.
 */
export function nodeGroups(network: Network, registration: Registration): NodeGroup[] {
  const { eni, family } = registration.arrival;
  const places = AddressPartition.by(setsAtTarget(network, eni));
  const { forwarding, arrival } = registration;
  const crossing = crossesZones(network, forwarding);
  const zone = targetZone(network, registration);
  const serves = (node: BalancerNode): NodeGroup['serves'] => {
    if (crossing === true || zone === 'all' || (zone !== undefined && node.zone === zone)) return 'yes';
    if (crossing !== false) return crossing;
    return zone === undefined || node.zone === undefined
      ? network.inventory.dangling(
          'subnets',
          arrival.eni.scope,
          `the zone of ${arrival.eni.subnetId ?? 'the instance'}`,
        )
      : 'no';
  };
  const groups = new Map<string, NodeGroup>();
  for (const node of nodesOf(network, forwarding.balancer)) {
    const served = serves(node);
    const beside = node.face.subnetId === arrival.eni.subnetId;
    const place = forwarding.balancer.Scheme === 'internet-facing' ? guards(network, node) : node.face.subnetId;
    const seen = [...node.face.addresses.map(({ privateIp }) => privateIp), ...node.face.ipv6].map(parseAddress);
    const cells = seen.flatMap((one) => (one?.family === family ? places.cellOf(one) : [])).sort((a, b) => a - b);
    const key = `${typeof served === 'string' ? served : 'unsure'} ${beside} ${place} ${[...new Set(cells)].join(' ')}`;
    const earlier = groups.get(key);
    groups.set(key, { nodes: earlier ? [...earlier.nodes, node] : [node], serves: served, zone });
  }
  const useful = [...groups.values()].filter((group) => group.serves !== 'no');
  return useful.length > 0 ? useful : [...groups.values()];
}
