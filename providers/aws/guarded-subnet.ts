import { type Gap, known, type ResourceRef, type Rule, unknown } from '../../src/model/index.js';
import { type Address, type AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { type Lookup, type Network, resource } from './network.js';
import { type AclSide, aclRules } from './network-acl.js';
import { placeGap, rangesOfRecord } from './ranges.js';
import type { NetworkAcl, RouteTable, Subnet } from './records/records.js';

/** A subnet with what guards and routes it. */
export interface GuardedSubnet {
  readonly id: string;
  readonly ranges: AddressSet;
  readonly acl: Lookup<Placed<NetworkAcl>>;
  readonly table: Lookup<Placed<RouteTable>>;
}

export function guardedSubnet(network: Network, subnet: Placed<Subnet>): GuardedSubnet {
  return {
    id: subnet.SubnetId,
    ranges: addressSet(rangesOfRecord(subnet)),
    acl: network.aclOf(subnet.SubnetId, subnet),
    table: network.tableOf(subnet.SubnetId, subnet.VpcId, subnet),
  };
}

/** The subnets of a VPC of which not all can be read: nothing is known of their guards, and they may be all that is `left` of it. */
export function unreadSubnets(network: Network, vpcId: string, left: AddressSet): GuardedSubnet[] {
  return [...network.inventory.all('subnets').values()].flatMap((subnet) => {
    const { SubnetId: id, VpcId: home } = subnet;
    const gap = placeGap(network.inventory, 'subnets', id, subnet);
    if (!gap || (home !== undefined && home !== vpcId)) return [];
    const own = addressSet(rangesOfRecord(subnet));
    if (home === undefined && !own.isEmpty && !own.overlaps(left)) return [];
    const ranges = subnet.broken === undefined ? own : own.union(left);
    return [{ id, ranges, acl: { gap }, table: { gap } }];
  });
}

/** What one half of a subnet's ACL does with packets from or to an address inside the cloud, as rules about the clients `peers`. */
export function aclRulesFor(
  network: Network,
  { id, acl }: GuardedSubnet,
  side: AclSide,
  address: Address,
  peers: AddressSet,
): Rule[] {
  const rules = 'found' in acl ? aclRules(network, acl.found, side) : undefined;
  if (!rules) return doubt(aclGap(network, id, acl), peers, resource('subnet', id));
  return rules
    .filter(({ rule }) => rule.peers.known && rule.peers.value.has(address))
    .map(({ rule }) => ({ ...rule, peers: known(peers) }));
}

/** What one half of a subnet's ACL does with packets from or to these clients. */
export function aclRulesAbout(
  network: Network,
  { id, acl }: GuardedSubnet,
  side: AclSide,
  clients: AddressSet,
): Rule[] {
  const rules = 'found' in acl ? aclRules(network, acl.found, side) : undefined;
  if (!rules) return doubt(aclGap(network, id, acl), clients, resource('subnet', id));
  return rules.flatMap(({ rule }) => {
    const peers = rule.peers.known ? rule.peers.value.intersect(clients) : clients;
    return peers.isEmpty ? [] : [{ ...rule, peers: known(peers) }];
  });
}

/** Why the ACL of a subnet cannot be evaluated. */
function aclGap(network: Network, subnetId: string, acl: GuardedSubnet['acl']): Gap {
  if ('gap' in acl) return acl.gap;
  return network.inventory.dangling('acls', acl.found, `readable entries of the network acl of ${subnetId}`);
}

/** Rules that may let everything from these addresses through, or nothing. */
export function doubt(gap: Gap, addresses: AddressSet, of: ResourceRef): Rule[] {
  const base = { id: null, of, ports: known(PortSet.all), text: gap.detail };
  return [
    { ...base, action: 'allow', peers: unknown(addresses, gap) },
    { ...base, action: 'drop', peers: known(addresses), reason: { code: gap.code, data: {} } },
  ];
}
