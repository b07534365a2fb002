import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys } from '../../../src/plan/stand-in.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { formatPrefix } from '../../../src/set/index.js';
import { nameOf, parentOf } from '../records/ids.js';
import { azureName, partId, partName } from './identity.js';
import { type ApiRecord, elements, member, type Projection, prefixesIn, texts, valueAt } from './project.js';
import { keyIn, textIn } from './recorded.js';

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
  const there = projection.subnetThere(id);
  const group =
    guardOf(projection, id, 'nsg') ??
    projection.reference(SECURITY_GROUPS, record, path('networkSecurityGroup.id'), path('securityGroup')) ??
    projection.stillReferring(record, path('networkSecurityGroup'), SECURITY_GROUPS, there?.networkSecurityGroup);
  const table =
    guardOf(projection, id, 'rt') ??
    projection.reference(ROUTE_TABLES, record, path('routeTable.id'), path('routeTableId')) ??
    projection.stillReferring(record, path('routeTable'), ROUTE_TABLES, there?.routeTable);
  return {
    ...there,
    id,
    name: nameOf(id),
    addressPrefix: undefined,
    // Which prefix it is decides nothing that is asked of a plan, only that it is of the network.
    addressPrefixes: isKnown ? known : [...known, formatPrefix(nobodys)],
    networkSecurityGroup: group,
    routeTable: table,
  };
}

/** A recorded subnet that the program leaves alone, with the guards that it puts before it. */
function guardedThere(projection: Projection, subnet: ApiRecord): ApiRecord {
  const id = keyIn(subnet);
  const [group, table] = [guardOf(projection, id, 'nsg'), guardOf(projection, id, 'rt')];
  return { ...subnet, ...(group && { networkSecurityGroup: group }), ...(table && { routeTable: table }) };
}

type Subnets = Map<string, ApiRecord | typeof untold>;

/** The recorded subnets that stay in a network; `untold` among them where nobody can read them. */
function subnetsLeft(projection: Projection, network: string, record: PlanRecord | undefined): Subnets {
  const list = record && projection.value(record, 'subnets');
  const left = projection.untouched(projection.there('networks', network), 'subnets', list, []);
  return new Map(
    left.map((one): readonly [string, ApiRecord | typeof untold] =>
      one === untold ? ['?', one] : [keyIn(one), guardedThere(projection, one)],
    ),
  );
}

/** The recorded networks to which the program adds something: a subnet, what guards one, a peering, or the other end of one. */
function addedTo(projection: Projection): ReadonlySet<string> {
  const ends = projection
    .all('VirtualNetworkPeering')
    .map((one) => projection.ref(one, 'remoteVirtualNetwork.id', 'remoteVirtualNetworkId'));
  const all = [
    ...projection.joinedThere('subnet').map(parentOf),
    ...projection.joinedThere('vnet'),
    ...projection.all('Subnet').map((subnet) => parentOf(projection.id(subnet, 'subnet'))),
    ...ends.filter((end) => typeof end === 'string'),
  ];
  return new Set(all.filter((id) => projection.describers(id).length === 0 && projection.account?.holds(id)));
}

/**
 * The subnets of the networks that the program declares or adds to, by the ids of these: those listed inline, those that are resources
 * of their own, and those that are there and stay.
 */
export function subnetsByNetwork(projection: Projection): Map<string, (ApiRecord | typeof untold)[]> {
  return projection.once('subnets by network', () => {
    const found = new Map<string, Subnets>();
    for (const id of addedTo(projection)) found.set(id, subnetsLeft(projection, id, undefined));
    for (const network of projection.all('VirtualNetwork')) {
      const whole = projection.id(network, 'vnet');
      const subnets = subnetsLeft(projection, whole, network);
      found.set(whole, subnets);
      for (const [index, { at, item }] of elements(projection, network, 'subnets').entries()) {
        if (item === untold) continue;
        const id = partId(whole, 'subnets', partName(item, index));
        subnets.set(id, subnetOf(projection, network, at, id, item));
      }
    }
    for (const record of projection.all('Subnet')) {
      const id = projection.id(record, 'subnet');
      const subnets = found.get(parentOf(id)) ?? new Map<string, ApiRecord>();
      found.set(parentOf(id), subnets.set(id, subnetOf(projection, record, '', id, undefined)));
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
  const there = projection.there('networks', projection.id(network, 'vnet'))?.addressSpace;
  if (isUntold && there) return there as ApiRecord;
  return { addressPrefixes: isUntold ? untold : known };
}

/** The peerings of the program, each with the networks at both its ends. */
function peeringsMade(projection: Projection): ReadonlySet<string> {
  return projection.once('peerings made', () => {
    const alone = projection
      .all('VirtualNetworkPeering')
      .map((one) => [
        projection.ref(one, 'virtualNetworkName'),
        projection.ref(one, 'remoteVirtualNetwork.id', 'remoteVirtualNetworkId'),
      ]);
    const inline = projection
      .all('VirtualNetwork')
      .flatMap((one) =>
        elements(projection, one, 'virtualNetworkPeerings').map(({ at }) => [
          projection.id(one, 'vnet'),
          projection.ref(one, `${at}.remoteVirtualNetwork.id`),
        ]),
      );
    const ends = [...alone, ...inline];
    return new Set(ends.map(([near, far]) => `${String(near)} ${String(far)}`));
  });
}

/** A recorded peering that stays. It is connected once the other end is made, too (VNet docs, peering). */
function peeringThere(projection: Projection, networkId: string, peering: ApiRecord): ApiRecord {
  const isMade = peeringsMade(projection).has(`${keyIn(peering.remoteVirtualNetwork)} ${networkId}`);
  const isWaiting = textIn(peering, 'peeringState').toLowerCase() === 'initiated';
  return isMade && isWaiting ? { ...peering, peeringState: 'Connected' } : peering;
}

/** One end of a peering, in a list or as a resource of its own. Names of subnets count where it is not about whole networks. */
function peeringOf(projection: Projection, record: PlanRecord, at: string, name: string) {
  const { leaves } = projection;
  const field = (one: string) => valueAt(projection, record, `${at}${one}`);
  const whole = leaves.flag(field('peerCompleteVnets') ?? field('peerCompleteVirtualNetworksEnabled'));
  const flags = ['allowVirtualNetworkAccess', 'allowForwardedTraffic', 'allowGatewayTransit', 'useRemoteGateways'].map(
    (one) => [one, leaves.flag(field(one))] as const,
  );
  const names = ['localSubnetNames', 'remoteSubnetNames'].map((one) => [one, leaves.texts(field(one)).items] as const);
  const told = [...flags, ['peerCompleteVnets', whole] as const, ...names].filter(([, value]) => value !== undefined);
  const remote = projection.reference(NETWORKS, record, `${at}remoteVirtualNetwork.id`, `${at}remoteVirtualNetworkId`);
  return { name, remoteVirtualNetwork: remote ?? untold, peeringState: 'Connected', ...Object.fromEntries(told) };
}

/** The peerings of a network. Both ends are connected once both are made (VNet docs, peering). */
function peeringsOf(projection: Projection, networkId: string, network?: PlanRecord): readonly unknown[] {
  const own = projection
    .partsOf(networkId, ['VirtualNetworkPeering', 'virtualNetworkName'])
    .map((record) => peeringOf(projection, record, '', azureName(record) ?? record.name));
  const inline = network
    ? elements(projection, network, 'virtualNetworkPeerings').map(({ at, item }, index) =>
        item === untold ? item : peeringOf(projection, network, `${at}.`, partName(item, index)),
      )
    : [];
  const list = network && projection.value(network, 'virtualNetworkPeerings');
  const there = projection.there('networks', networkId);
  const left = projection.untouched(
    there,
    'virtualNetworkPeerings',
    list,
    own.map(({ name }) => name),
  );
  return [...left.map((one) => (one === untold ? one : peeringThere(projection, networkId, one))), ...inline, ...own];
}

/**
 * Every network that the program declares or adds to. Of one that nobody shows the addresses are not known; as declared it has none
 * that matter.
 */
export function projectNetworks(projection: Projection): void {
  const left = new Map(subnetsByNetwork(projection));
  for (const network of projection.all('VirtualNetwork')) {
    const id = projection.id(network, 'vnet');
    projection.answer('networks', {
      id,
      name: network.name,
      addressSpace: spaceOf(projection, network),
      subnets: left.get(id) ?? [],
      virtualNetworkPeerings: peeringsOf(projection, id, network),
    });
    left.delete(id);
  }
  for (const [id, subnets] of left) {
    if (projection.there('networks', id)) {
      projection.answer('networks', { id, subnets, virtualNetworkPeerings: peeringsOf(projection, id) });
      continue;
    }
    const addressSpace = { addressPrefixes: projection.leaves.unknown ?? [] };
    projection.answer('networks', { id, name: nameOf(id), addressSpace, subnets });
  }
}

/** The security group of a subnet as it was answered, or as it was recorded. */
export function guardOfSubnet(projection: Projection, subnetId: string): unknown {
  const answered = subnetsByNetwork(projection).get(parentOf(subnetId));
  const own = answered?.find((one) => keyIn(one) === subnetId);
  if (answered) return own === undefined || own === untold ? undefined : own.networkSecurityGroup;
  return projection.subnetThere(subnetId)?.networkSecurityGroup;
}
