import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys } from '../../../src/plan/stand-in.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { formatPrefix } from '../../../src/set/index.js';
import { nameOf, parentOf } from '../records/ids.js';
import { azureName, partId, partName } from './identity.js';
import { type ApiRecord, elements, member, type Projection, prefixesIn, texts } from './project.js';

const SECURITY_GROUPS = 'Microsoft.Network/networkSecurityGroups';
const NETWORKS = 'Microsoft.Network/virtualNetworks';
const ROUTE_TABLES = 'Microsoft.Network/routeTables';

/** What guards a subnet, by association or by the subnet itself. */
type Guard = 'nsg' | 'rt';

const associationsOf = {
  nsg: ['SubnetNetworkSecurityGroupAssociation', 'networkSecurityGroupId', SECURITY_GROUPS],
  rt: ['SubnetRouteTableAssociation', 'routeTableId', ROUTE_TABLES],
} as const;

/** The associations of a subnet that exclude each other, where it has several. */
export function rivals(projection: Projection, subnetId: string, kind: Guard): readonly PlanRecord[] {
  return projection.partsOf(subnetId, [associationsOf[kind][0], 'subnetId']);
}

/** The choice among several parts of one thing that exclude each other. */
export function conflictKey(kind: string, id: string): string {
  return `conflict ${kind} ${id}`;
}

/** The one of several parts that counts in the tried way. */
export function counting(
  projection: Projection,
  all: readonly PlanRecord[],
  kind: string,
  id: string,
): PlanRecord | undefined {
  return all[all.length > 1 ? projection.view.option({ key: conflictKey(kind, id) }) : 0];
}

function guardOf(projection: Projection, subnetId: string, kind: Guard): ApiRecord | undefined {
  const [, slot, arm] = associationsOf[kind];
  const part = counting(projection, rivals(projection, subnetId, kind), kind, subnetId);
  return part && projection.reference(arm, part, slot);
}

/** A subnet, inline at `at` or by a resource of its own. */
function subnetOf(
  projection: Projection,
  record: PlanRecord,
  at: string,
  id: string,
  tree: Tree | undefined,
): ApiRecord {
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const field = (name: string) => (at === '' ? projection.value(record, name) : below(tree, name));
  const { known, isOpen } = texts(field('addressPrefix'), field('addressPrefixes'));
  const prefixes = prefixesIn(known);
  const isKnown = prefixes.length > 0 && !isOpen;
  projection.places.set(id, { id, prefixes: isKnown ? prefixes : [...prefixes, nobodys], isKnown });
  const group =
    guardOf(projection, id, 'nsg') ??
    projection.reference(SECURITY_GROUPS, record, path('networkSecurityGroup.id'), path('securityGroup'));
  const table =
    guardOf(projection, id, 'rt') ??
    projection.reference(ROUTE_TABLES, record, path('routeTable.id'), path('routeTableId'));
  return {
    id,
    name: nameOf(id),
    // Which prefix it is decides nothing that is asked of a plan, only that it is of the network.
    addressPrefixes: isKnown ? known : [...known, formatPrefix(nobodys)],
    ...(group && { networkSecurityGroup: group }),
    ...(table && { routeTable: table }),
  };
}

/** The subnets of all networks by the ids of these: those listed inline, and those that are resources of their own. */
export function subnetsByNetwork(projection: Projection): Map<string, ApiRecord[]> {
  return projection.once('subnets by network', () => {
    const found = new Map<string, Map<string, ApiRecord>>();
    const add = (network: string, id: string, subnet: ApiRecord) =>
      found.set(network, (found.get(network) ?? new Map<string, ApiRecord>()).set(id, subnet));
    for (const network of projection.all('VirtualNetwork')) {
      const whole = projection.id(network, 'vnet');
      for (const [index, { at, item }] of elements(projection, network, 'subnets').entries()) {
        if (item === untold) continue;
        const id = partId(whole, 'subnets', partName(item, index));
        add(whole, id, subnetOf(projection, network, at, id, item));
      }
    }
    for (const record of projection.all('Subnet')) {
      const id = projection.id(record, 'subnet');
      add(parentOf(id), id, subnetOf(projection, record, '', id, undefined));
    }
    return new Map([...found].map(([network, subnets]) => [network, [...subnets.values()]]));
  });
}

/** The address space; `untold` where a part of it is. */
function spaceOf(projection: Projection, network: PlanRecord): ApiRecord {
  const space = projection.value(network, 'addressSpace');
  const { known, isOpen } = texts(member(space, 'addressPrefixes'), projection.value(network, 'addressSpaces'));
  const hasPool = member(space, 'ipamPoolPrefixAllocations') ?? projection.value(network, 'ipAddressPools');
  const isUntold = (isOpen || hasPool !== undefined) && projection.leaves.unknown === untold;
  return { addressPrefixes: isUntold ? untold : known };
}

/** The peerings of a network. Both ends are connected once both are made (VNet docs, peering). */
function peeringsOf(projection: Projection, networkId: string): readonly ApiRecord[] {
  const { leaves } = projection;
  return projection.partsOf(networkId, ['VirtualNetworkPeering', 'virtualNetworkName']).map((record) => {
    const flags = ['allowVirtualNetworkAccess', 'allowForwardedTraffic', 'allowGatewayTransit', 'useRemoteGateways']
      .map((name) => [name, leaves.flag(projection.value(record, name))] as const)
      .filter(([, flag]) => flag !== undefined);
    const remote = projection.reference(NETWORKS, record, 'remoteVirtualNetwork.id', 'remoteVirtualNetworkId');
    return {
      name: azureName(record) ?? record.name,
      remoteVirtualNetwork: remote ?? untold,
      peeringState: 'Connected',
      ...Object.fromEntries(flags),
    };
  });
}

/** Every network. Of one that this deployment does not show the addresses are not known; as declared it has none that matter. */
function projectNetworks(projection: Projection): void {
  const left = new Map(subnetsByNetwork(projection));
  for (const network of projection.all('VirtualNetwork')) {
    const id = projection.id(network, 'vnet');
    projection.answer('networks', {
      id,
      name: network.name,
      addressSpace: spaceOf(projection, network),
      subnets: left.get(id) ?? [],
      virtualNetworkPeerings: peeringsOf(projection, id),
    });
    left.delete(id);
  }
  for (const [id, subnets] of left) {
    const addressSpace = { addressPrefixes: projection.leaves.unknown ?? [] };
    projection.answer('networks', { id, name: nameOf(id), addressSpace, subnets });
  }
}

/** A route, inline or by a resource of its own. */
function routeOf(
  projection: Projection,
  name: string,
  field: (name: string) => Tree | undefined,
): ApiRecord | undefined {
  const { leaves } = projection;
  const prefix = leaves.text(field('addressPrefix'));
  const type = leaves.text(field('nextHopType'));
  const hop = leaves.text(field('nextHopIpAddress') ?? field('nextHopInIpAddress'));
  // As declared, a route of which something is not known leads nobody anywhere.
  if ((prefix === undefined || type === undefined) && leaves.unknown === undefined) return undefined;
  return {
    name,
    addressPrefix: prefix ?? untold,
    nextHopType: type ?? untold,
    ...(hop !== undefined && { nextHopIpAddress: hop }),
  };
}

function projectTables(projection: Projection): void {
  for (const table of projection.all('RouteTable')) {
    const id = projection.id(table, 'rt');
    const inline = elements(projection, table, 'routes').map(({ item }, index) =>
      item === untold ? untold : routeOf(projection, partName(item, index), (name) => below(item, name)),
    );
    const own = projection
      .partsOf(id, ['Route', 'routeTableName'])
      .map((route) => routeOf(projection, azureName(route) ?? route.name, (name) => projection.value(route, name)));
    const propagates = projection.leaves.flag(projection.value(table, 'bgpRoutePropagationEnabled'));
    const stops = projection.leaves.flag(projection.value(table, 'disableBgpRoutePropagation'));
    const disableBgpRoutePropagation = stops ?? (typeof propagates === 'boolean' ? !propagates : propagates);
    projection.answer('routeTables', {
      id,
      name: table.name,
      routes: [...inline, ...own].filter((route) => route !== undefined),
      ...(disableBgpRoutePropagation !== undefined && { disableBgpRoutePropagation }),
    });
  }
}

/** The networks with their subnets, and the route tables; to be called when every interface stands in a subnet. */
export function projectNetwork(projection: Projection): void {
  projectNetworks(projection);
  projectTables(projection);
}
