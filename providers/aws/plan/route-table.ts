import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { subnetsBy, unshown, vpcAnswered } from './association.js';
import { learnedRoutes } from './connection.js';
import { type ApiRecord, extended, type Projection, reused, tagsOf } from './project.js';
import { answerWayOut, unseenGateway } from './way-out.js';

const associated = { State: 'associated' };

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

/** A route, written inline at `at` or by a resource of its own. */
function routeOf(projection: Projection, record: PlanRecord, at: string): ApiRecord {
  const { leaves, view } = projection;
  const [, index] = /^routes\[(\d+)\]$/.exec(at) ?? [];
  const item = index === undefined ? undefined : below(view.value(record, 'routes'), Number(index));
  const field = (...names: readonly string[]) => {
    for (const name of names) {
      const text = leaves.text(at === '' ? view.value(record, name) : below(item, name));
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const ipv4 = field('cidrBlock', 'destinationCidrBlock');
  const ipv6 = field('ipv6CidrBlock', 'destinationIpv6CidrBlock');
  const list = field('destinationPrefixListId');
  const core = field('coreNetworkArn');
  const target = targetFields
    .map(([name, key]) => [key, projection.ref(record, path(name))] as const)
    .find(([, id]) => id !== undefined);
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

/** The routes that a table has: to the network itself, those listed inline, and those that are resources of their own. */
function routesOf(projection: Projection, id: string, table: PlanRecord | undefined, vpcId: unknown): unknown {
  const vpc = typeof vpcId === 'string' ? projection.view.links.describers(vpcId)[0] : undefined;
  const cidr = vpc && projection.value(vpc, 'cidrBlock');
  const routes: ApiRecord[] = [];
  if (typeof cidr === 'string')
    routes.push({ DestinationCidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' });
  if (!table && vpc?.token?.name === 'DefaultVpc') {
    const more = routesOfDefaultVpc(projection, vpcId);
    return more.includes(untold) ? untold : [...routes, ...more];
  }
  const inline = table && projection.leaves.list(projection.value(table, 'routes'));
  if (inline === untold) return untold;
  for (const [index, item] of (inline ?? []).entries()) {
    if (item instanceof Unknown) return projection.leaves.unknown ?? routes;
    if (table) routes.push(routeOf(projection, table, `routes[${index}]`));
  }
  for (const route of projection.partsOf(id, ['Route', 'routeTableId'], ['native Route', 'routeTableId']))
    routes.push(routeOf(projection, route, ''));
  routes.push(...learnedRoutes(projection, id, table));
  return table && hasOtherRoutes(projection, id, table, routes) ? (projection.leaves.unknown ?? routes) : routes;
}

const destinationOf = (route: ApiRecord): unknown =>
  route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;

/** The destination of a route that goes; none of one that nobody can tell. */
function leavingDestination({ inputs }: PlanRecord): readonly Tree[] {
  const { destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId } = inputs ?? {};
  return [destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId].filter(
    (text) => typeof text === 'string' && text !== '',
  ) as readonly Tree[];
}

/** Whether a table that lists no routes had some at the last look that no resource declares or takes along: they may stay. */
function hasOtherRoutes(
  projection: Projection,
  id: string,
  table: PlanRecord,
  declared: readonly ApiRecord[],
): boolean {
  const seen = projection.view.observed(table, 'routes');
  if (!Array.isArray(seen) || projection.value(table, 'routes') !== undefined) return false;
  if (table.token?.name === 'DefaultRouteTable') return false;
  const leaving = projection.leaving.filter(({ inputs }) => inputs?.routeTableId === id);
  const known = new Set([...declared.map(destinationOf), ...leaving.flatMap(leavingDestination)]);
  return (seen as readonly Tree[]).some((route) => {
    const to = ['cidrBlock', 'ipv6CidrBlock', 'destinationPrefixListId'].map((name) => below(route, name));
    const destination = to.find((text) => typeof text === 'string' && text !== '');
    return destination !== undefined && !known.has(destination);
  });
}

/** The main table of the account's own VPC leads to the internet as AWS makes it; nobody shows whether it still does. */
function routesOfDefaultVpc(projection: Projection, vpcId: unknown): readonly (ApiRecord | typeof untold)[] {
  if (projection.takesDefaultNetwork && typeof vpcId === 'string') return answerWayOut(projection, vpcId);
  if (projection.view.reading === 'as declared') return [];
  projection.answer('InternetGateways', { InternetGatewayId: unseenGateway(String(vpcId)), Attachments: untold });
  return [untold];
}

function projectTable(projection: Projection, id: string, vpcId: unknown, table: PlanRecord | undefined): void {
  const subnets = subnetsBy(projection, 'rtb').get(id) ?? [];
  const gateways = gatewaysByTable(projection).get(id) ?? [];
  const isMain = typeof vpcId === 'string' && mainTableOf(projection, vpcId) === id;
  projection.answer('RouteTables', {
    RouteTableId: id,
    VpcId: vpcId,
    Associations: [
      ...subnets.map((SubnetId) => ({ SubnetId, AssociationState: associated })),
      ...gateways.map((GatewayId) => ({ GatewayId, AssociationState: associated })),
      ...(isMain ? [{ Main: true, AssociationState: associated }] : []),
    ],
    Routes: routesOf(projection, id, table, vpcId),
    ...(table && { Tags: tagsOf(table) }),
  });
}

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

/** The main table of a VPC: the one that it comes with, unless another one has been put in its place. */
function mainTableOf(projection: Projection, vpcId: string): string | typeof untold | undefined {
  const [replaced] = projection.partsOf(vpcId, ['MainRouteTableAssociation', 'vpcId']);
  if (replaced) return projection.ref(replaced, 'routeTableId');
  const vpc = projection.view.links.describers(vpcId)[0];
  return vpc && projection.view.links.idOf(vpc, 'rtb');
}

/** Routes and associations of the program on a table that was recorded and that no resource declares. */
function addToRecorded(projection: Projection): void {
  for (const id of projection.partsOfOthers('rtb')) {
    const recorded = projection.base?.get('tables', id);
    if (!recorded) continue;
    const own = projection.leaving.filter(({ inputs }) => inputs?.routeTableId === id);
    const leaving: ReadonlySet<unknown> = new Set(
      own.filter(({ token }) => token?.name === 'Route').flatMap(leavingDestination),
    );
    const left = new Set(own.flatMap(({ inputs }) => inputs?.subnetId ?? []));
    const routes = projection
      .partsOf(id, ['Route', 'routeTableId'], ['native Route', 'routeTableId'])
      .map((route) => routeOf(projection, route, ''));
    const subnets = subnetsBy(projection, 'rtb').get(id) ?? [];
    projection.answer('RouteTables', {
      ...reused(recorded),
      Routes: extended(
        recorded,
        'Routes',
        recorded.Routes?.filter((route) => !leaving.has(destinationOf(route))),
        routes,
      ),
      Associations: extended(
        recorded,
        'Associations',
        recorded.Associations?.filter(
          ({ SubnetId }) => SubnetId === undefined || !(subnets.includes(SubnetId) || left.has(SubnetId)),
        ),
        subnets.map((SubnetId) => ({ SubnetId, AssociationState: associated })),
      ),
    });
  }
}

export function projectTables(projection: Projection): void {
  addToRecorded(projection);
  const { links } = projection.view;
  for (const table of projection.all('RouteTable', 'native RouteTable'))
    projectTable(projection, projection.id(table, 'rtb'), projection.ref(table, 'vpcId'), table);
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) {
    const id = projection.id(vpc, 'rtb');
    const taken = links.describers(id).find((record) => record !== vpc);
    projectTable(projection, id, projection.id(vpc, 'vpc'), taken);
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
