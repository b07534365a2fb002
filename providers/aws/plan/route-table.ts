import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { isUnread, untold } from '../../../src/record/index.js';
import type { Placed } from '../inventory.js';
import type { RouteTable } from '../records/records.js';
import { isDeclared, isKept, subnetsBy, unshown, vpcAnswered } from './association.js';
import { learnedRoutes, unlearnedGateways } from './connection.js';
import { type ApiRecord, observedKey, type Projection, reused, tagsOf } from './project.js';
import { answerWayOut, unseenGateway } from './way-out.js';

const associated = { State: 'associated' };
const routeSlots: readonly PartSlot[] = [
  ['Route', 'routeTableId'],
  ['native Route', 'routeTableId'],
];

/** The fields of a route's target in the API: by what stands in the property, what its id begins with. */
const targetFields: readonly (readonly [property: string, field: string])[] = [
  ['gatewayId', 'GatewayId'],
  ['natGatewayId', 'NatGatewayId'],
  ['egressOnlyGatewayId', 'EgressOnlyInternetGatewayId'],
  ['egressOnlyInternetGatewayId', 'EgressOnlyInternetGatewayId'],
  ['transitGatewayId', 'TransitGatewayId'],
  ['vpcPeeringConnectionId', 'VpcPeeringConnectionId'],
  ['networkInterfaceId', 'NetworkInterfaceId'],
  ['instanceId', 'InstanceId'],
  ['vpcEndpointId', 'GatewayId'],
  ['carrierGatewayId', 'CarrierGatewayId'],
  ['localGatewayId', 'LocalGatewayId'],
];

/** Where a route is written: by a resource of its own, inline, or by nobody, who only saw it. */
interface WrittenRoute {
  readonly field: (name: string) => Tree | undefined;
  readonly target: (name: string) => string | typeof untold | undefined;
}

function routeOfItsOwn(projection: Projection, record: PlanRecord): WrittenRoute {
  return { field: (name) => projection.view.value(record, name), target: (name) => projection.ref(record, name) };
}

function inlineRoute(projection: Projection, table: PlanRecord, index: number): WrittenRoute {
  const item = below(projection.view.value(table, 'routes'), index);
  return {
    field: (name) => below(item, name),
    target: (name) => projection.ref(table, `routes[${index}].${name}`),
  };
}

function observedRoute({ leaves }: Projection, route: Tree): WrittenRoute {
  return { field: (name) => below(route, name), target: (name) => leaves.text(below(route, name)) };
}

function routeOf({ leaves }: Projection, { field: read, target: refer }: WrittenRoute): ApiRecord {
  const field = (...names: readonly string[]) => {
    for (const name of names) {
      const text = leaves.text(read(name));
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const ipv4 = field('cidrBlock', 'destinationCidrBlock');
  const ipv6 = field('ipv6CidrBlock', 'destinationIpv6CidrBlock');
  const list = field('destinationPrefixListId');
  const core = field('coreNetworkArn');
  const target = targetFields.map(([name, key]) => [key, refer(name)] as const).find(([, id]) => id !== undefined);
  return {
    ...(ipv4 !== undefined && { DestinationCidrBlock: ipv4 }),
    ...(ipv6 !== undefined && { DestinationIpv6CidrBlock: ipv6 }),
    ...(list !== undefined && { DestinationPrefixListId: list }),
    ...(core !== undefined && { CoreNetworkArn: core }),
    ...(target && targetAs(target)),
    Origin: 'CreateRoute',
    State: 'active',
  };
}

/** Where a gateway's kind is told by its id, the field is that of its kind: some programs put a NAT gateway into `gatewayId`. */
function targetAs([field, id]: readonly [string, string | typeof untold | undefined]): ApiRecord {
  if (field !== 'GatewayId' || typeof id !== 'string') return { [field]: id };
  if (id.startsWith('nat-')) return { NatGatewayId: id };
  if (id.startsWith('eigw-')) return { EgressOnlyInternetGatewayId: id };
  return { GatewayId: id };
}

/** The routes of a table that the program writes: inline, and as resources of their own. `untold` where nobody knows them all. */
function declaredRoutes(
  projection: Projection,
  id: string,
  table: PlanRecord | undefined,
): readonly ApiRecord[] | typeof untold {
  const inline = table && projection.leaves.list(projection.listed(table, 'routes', id));
  if (inline === untold) return untold;
  const routes: ApiRecord[] = [];
  for (const [index, item] of (inline ?? []).entries()) {
    if (item instanceof Unknown) return projection.leaves.unknown ?? routes;
    if (table) routes.push(routeOf(projection, inlineRoute(projection, table, index)));
  }
  const own = projection.partsOf(id, ...routeSlots);
  return [...routes, ...own.map((route) => routeOf(projection, routeOfItsOwn(projection, route)))];
}

const destinationOf = (route: ApiRecord): unknown =>
  route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;

/** The routes that a table had at the last look and that no list of the program's replaces; `untold` where they cannot be read. */
function seenRoutes(
  projection: Projection,
  id: string,
  table: PlanRecord | undefined,
  recorded: RouteTable | undefined,
): readonly ApiRecord[] | typeof untold {
  const isListed = table !== undefined && projection.listed(table, 'routes', id) !== undefined;
  if (recorded) {
    if (recorded.Routes === undefined || isUnread(recorded, 'Routes')) return isListed ? [] : untold;
    // Those to the network itself, and those that a gateway propagates, are in no such list.
    return recorded.Routes.filter(({ Origin }) => !isListed || Origin !== 'CreateRoute');
  }
  const seen = table && !isListed ? projection.view.observed(table, 'routes') : undefined;
  if (!Array.isArray(seen)) return [];
  const all = (seen as readonly Tree[]).map((route) => routeOf(projection, observedRoute(projection, route)));
  return all.filter((route) => typeof destinationOf(route) === 'string');
}

/** The routes that somebody saw in a table, that no resource writes, and that none takes along. */
function undeclaredRoutes(
  projection: Projection,
  id: string,
  table: PlanRecord | undefined,
  declared: readonly ApiRecord[],
): readonly ApiRecord[] | typeof untold {
  const seen = seenRoutes(projection, id, table, projection.base?.get('tables', id));
  if (seen === untold) return untold;
  const former = projection
    .formerPartsOf(id, ...routeSlots)
    .map((route) => routeOf(projection, routeOfItsOwn(projection, route)));
  const known = new Set([...declared, ...former].map(destinationOf));
  const unlearned = unlearnedGateways(projection, id);
  const isUnlearned = ({ Origin, GatewayId }: ApiRecord) =>
    Origin === 'EnableVgwRoutePropagation' && unlearned.some((gateway) => gateway === untold || gateway === GatewayId);
  return seen.filter((route) => !known.has(destinationOf(route)) && !isUnlearned(route));
}

/** Whether a declared table may have routes that no resource writes. */
export function hasUndeclaredRoutes(projection: Projection, table: PlanRecord): boolean {
  const id = projection.id(table, 'rtb');
  const declared = declaredRoutes(projection, id, table);
  const others = declared === untold ? untold : undeclaredRoutes(projection, id, table, declared);
  return others !== untold && others.length > 0;
}

/** The ranges of a VPC, to which each of its tables leads. */
function localRoutes(projection: Projection, vpcId: unknown): readonly ApiRecord[] {
  const answered = projection.answers.get('Vpcs')?.find((vpc) => vpc.VpcId === vpcId);
  const vpc = answered ?? projection.base?.get('vpcs', typeof vpcId === 'string' ? vpcId : undefined);
  const own = { GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
  const of = (list: unknown, field: string) => (Array.isArray(list) ? list.map((one: ApiRecord) => one[field]) : []);
  const texts = [vpc?.CidrBlock, ...of(vpc?.CidrBlockAssociationSet, 'CidrBlock')];
  const texts6 = of(vpc?.Ipv6CidrBlockAssociationSet, 'Ipv6CidrBlock');
  const known = (all: readonly unknown[]) => new Set(all.filter((text) => typeof text === 'string'));
  return [
    ...[...known(texts)].map((DestinationCidrBlock) => ({ DestinationCidrBlock, ...own })),
    ...[...known(texts6)].map((DestinationIpv6CidrBlock) => ({ DestinationIpv6CidrBlock, ...own })),
  ];
}

/** All routes of a table: to the network itself, those that the program writes, and those that it leaves alone. */
function routesOf(projection: Projection, id: string, table: PlanRecord | undefined, vpcId: unknown): unknown {
  const vpc = typeof vpcId === 'string' ? projection.describers(vpcId)[0] : undefined;
  const local = localRoutes(projection, vpcId);
  if (!table && vpc?.token?.name === 'DefaultVpc') {
    const more = routesOfDefaultVpc(projection, vpcId);
    return more.includes(untold) ? untold : [...local, ...more];
  }
  const declared = declaredRoutes(projection, id, table);
  if (declared === untold) return untold;
  const others = undeclaredRoutes(projection, id, table, declared);
  if (others === untold) return untold;
  const { links } = projection.view;
  const stay = !table || links.showsDeletions || projection.view.option({ key: observedKey(table) }) === 1;
  const written = [...declared, ...learnedRoutes(projection, id, table), ...(stay ? others : [])];
  const known = new Set(written.map(destinationOf));
  return [...local.filter((route) => !known.has(destinationOf(route))), ...written];
}

/** The main table of the account's own VPC leads to the internet as AWS makes it; nobody shows whether it still does. */
function routesOfDefaultVpc(projection: Projection, vpcId: unknown): readonly (ApiRecord | typeof untold)[] {
  if (projection.takesDefaultNetwork && typeof vpcId === 'string') return answerWayOut(projection, vpcId);
  if (projection.view.reading === 'as declared') return [];
  projection.answer('InternetGateways', { InternetGatewayId: unseenGateway(String(vpcId)), Attachments: untold });
  return [untold];
}

/** Who has a table: subnets, gateways, and the VPC of which it is the main one. `untold` where nobody can tell. */
function associationsOf(
  projection: Projection,
  id: string,
  vpcId: unknown,
  recorded: RouteTable | undefined,
): readonly unknown[] | typeof untold {
  const main = typeof vpcId === 'string' ? mainTableOf(projection, vpcId) : undefined;
  if (main === untold || (recorded && isUnread(recorded, 'Associations'))) return untold;
  const gateways = gatewaysByTable(projection);
  const given = [...gateways.values()].flat();
  const kept = (recorded?.Associations ?? []).filter(({ Main, SubnetId, GatewayId }) => {
    if (Main === true) return main === undefined;
    if (SubnetId !== undefined) return isKept(projection, 'rtb', SubnetId);
    if (GatewayId === undefined) return true;
    return !given.includes(GatewayId) && projection.formerPartsOf(GatewayId, gatewaySlot).length === 0;
  });
  return [
    ...kept,
    ...(subnetsBy(projection, 'rtb').get(id) ?? []).map((SubnetId) => ({ SubnetId, AssociationState: associated })),
    ...(gateways.get(id) ?? []).map((GatewayId) => ({ GatewayId, AssociationState: associated })),
    ...(main === id ? [{ Main: true, AssociationState: associated }] : []),
  ];
}

function projectTable(projection: Projection, id: string, vpcId: unknown, table: PlanRecord | undefined): void {
  projection.answer('RouteTables', {
    RouteTableId: id,
    VpcId: vpcId,
    Associations: associationsOf(projection, id, vpcId, projection.base?.get('tables', id)),
    Routes: routesOf(projection, id, table, vpcId),
    ...(table && { Tags: tagsOf(table) }),
  });
}

const gatewaySlot: PartSlot = ['RouteTableAssociation', 'gatewayId'];

/** The gateways that have a table of their own, by that. */
function gatewaysByTable(projection: Projection): ReadonlyMap<string, readonly string[]> {
  return projection.once('gateways by table', () => {
    const found = new Map<string, string[]>();
    for (const association of projection.all('RouteTableAssociation', 'native GatewayRouteTableAssociation')) {
      const [gateway, table] = [projection.ref(association, 'gatewayId'), projection.ref(association, 'routeTableId')];
      if (typeof gateway !== 'string' || typeof table !== 'string') continue;
      found.set(table, [...(found.get(table) ?? []), gateway]);
    }
    return found;
  });
}

const mainSlot: PartSlot = ['MainRouteTableAssociation', 'vpcId'];

/**
 * The main table of a VPC: the one that it comes with, unless another one has been put in its place. Whoever takes that away puts the
 * former one back (MainRouteTableAssociation, notes). Undefined where it stays the recorded one.
 */
function mainTableOf(projection: Projection, vpcId: string): string | typeof untold | undefined {
  const [replaced] = projection.partsOf(vpcId, mainSlot);
  if (replaced) return projection.ref(replaced, 'routeTableId');
  const isRecorded = projection.once('recorded main tables', () => {
    const tables = [...(projection.base?.all('tables').values() ?? [])];
    return new Set(tables.flatMap((one) => (one.Associations?.some(({ Main }) => Main) ? [one.VpcId] : [])));
  });
  const [former] = projection.formerPartsOf(vpcId, mainSlot);
  const original = former && projection.view.observed(former, 'originalRouteTableId');
  if (former && isRecorded.has(vpcId)) return typeof original === 'string' ? original : untold;
  const vpc = projection.describers(vpcId)[0];
  return isRecorded.has(vpcId) ? undefined : vpc && projection.view.links.idOf(vpc, 'rtb');
}

/** What the program changes about tables that were recorded and that no resource declares. */
function addToRecorded(projection: Projection): void {
  for (const [id, recorded] of projection.base?.all('tables') ?? []) {
    if (!isDeclared(projection, id) && isTouched(projection, id, recorded))
      projection.answer('RouteTables', {
        ...reused(recorded),
        Associations: associationsOf(projection, id, recorded.VpcId, recorded),
        Routes: routesOf(projection, id, undefined, recorded.VpcId),
      });
  }
}

/** Whether anything of the program is about a table, or about what has it. */
function isTouched(projection: Projection, id: string, { VpcId, Associations = [] }: Placed<RouteTable>): boolean {
  const isAbout = (subject: string | undefined, ...parts: readonly PartSlot[]) =>
    subject !== undefined &&
    (projection.partsOf(subject, ...parts).length > 0 || projection.formerPartsOf(subject, ...parts).length > 0);
  return (
    isAbout(id, ...routeSlots, ['VpnGatewayRoutePropagation', 'routeTableId']) ||
    isAbout(VpcId, mainSlot) ||
    (subnetsBy(projection, 'rtb').get(id) ?? gatewaysByTable(projection).get(id) ?? []).length > 0 ||
    Associations.some(
      ({ SubnetId, GatewayId }) =>
        (SubnetId !== undefined && !isKept(projection, 'rtb', SubnetId)) || isAbout(GatewayId, gatewaySlot),
    )
  );
}

export function projectTables(projection: Projection): void {
  addToRecorded(projection);
  for (const table of projection.all('RouteTable', 'native RouteTable'))
    projectTable(projection, projection.id(table, 'rtb'), projection.ref(table, 'vpcId'), table);
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) {
    const id = projection.id(vpc, 'rtb');
    const taken = projection.describers(id).find((record) => record !== vpc);
    // What a VPC came with, and nobody has taken over, was recorded as it is.
    if (taken || !projection.base?.get('tables', id)) projectTable(projection, id, projection.id(vpc, 'vpc'), taken);
  }
  for (const [id, subnets] of unshown(projection, 'rtb', { key: 'RouteTables', field: 'RouteTableId' })) {
    if (projection.base?.get('tables', id)) continue;
    projection.answer('RouteTables', {
      RouteTableId: id,
      VpcId: vpcAnswered(projection, subnets),
      Associations: subnets.map((SubnetId) => ({ SubnetId, AssociationState: associated })),
      Routes: projection.isAsKnown ? untold : [],
    });
  }
}
