import { layersOf, subjectOf } from '../../../src/model/index.js';
import type { Change, Stop } from '../../../src/provider.js';
import { parsePrefix } from '../../../src/set/index.js';
import { gatewayOf } from '../internet-gateway.js';
import type { Placed } from '../inventory.js';
import { peeringsOf } from '../peering-path.js';
import type { Route, RouteTable } from '../records/records.js';
import { peeredRanges } from '../references.js';
import { awsCommand, isIpv6, prefixesToAllow, quoted } from './command.js';
import { endsOf, staysInside } from './place.js';
import type { Recipe, Repair } from './recipe.js';
import { destinationOf } from './records.js';
import { propagationChange, propagationFor } from './vpn.js';

/** The default quota of routes of one table (VPC guide, quotas). */
const mostRoutes = 500;

/** The option, the field of a route and the argument of Pulumi's resource for each kind of gateway. */
const kindsOfHop = [
  { prefix: 'igw-', option: 'gateway-id', field: 'GatewayId', argument: 'gatewayId' },
  { prefix: 'vgw-', option: 'gateway-id', field: 'GatewayId', argument: 'gatewayId' },
  {
    prefix: 'pcx-',
    option: 'vpc-peering-connection-id',
    field: 'VpcPeeringConnectionId',
    argument: 'vpcPeeringConnectionId',
  },
  { prefix: 'tgw-', option: 'transit-gateway-id', field: 'TransitGatewayId', argument: 'transitGatewayId' },
] as const;

/** The gateway through which a path's packets go, as a route names it. */
function hopOfPath(repair: Repair): string | undefined {
  const { network, target, path } = repair;
  if (path.way.kind === 'internet' || path.way.kind === 'hairpin') {
    const eni = network.interfacesOf(target.instance).find(({ id }) => id === path.interface?.id);
    if (eni?.vpcId === undefined) return undefined;
    return gatewayOf(network, eni.vpcId, eni.scope).id;
  }
  const subjects = layersOf(path.way).map(({ subject }) => subjectOf(path, subject));
  const named = subjects.find(
    ({ kind, id }) => !kind.startsWith('transit-gateway-') && kindsOfHop.some(({ prefix }) => id.startsWith(prefix)),
  );
  return endsOf(repair).target?.gatewayId ?? named?.id;
}

function routeTo(prefix: string, hop: string): Route | undefined {
  const kind = kindsOfHop.find((one) => hop.startsWith(one.prefix));
  if (!kind) return undefined;
  const destination = isIpv6(prefix) ? { DestinationIpv6CidrBlock: prefix } : { DestinationCidrBlock: prefix };
  return { ...destination, [kind.field]: hop, Origin: 'CreateRoute', State: 'active' };
}

function routeChange(
  repair: Repair,
  table: Placed<RouteTable>,
  prefixes: readonly string[],
  hop: string,
  removes: string,
  wider: readonly string[] = [],
): Change | undefined {
  const kind = kindsOfHop.find((one) => hop.startsWith(one.prefix));
  const added = prefixes.map((prefix) => routeTo(prefix, hop)).filter((route) => route !== undefined);
  if (!kind || !table.Routes || added.length === 0) return undefined;
  const { RouteTableId: id } = table;
  const exists = (prefix: string) => table.Routes?.some((route) => destinationOf(route) === prefix) ?? false;
  const commands = prefixes.map((prefix) =>
    awsCommand(repair.target.instance.region, exists(prefix) ? 'ec2 replace-route' : 'ec2 create-route', {
      'route-table-id': id,
      [isIpv6(prefix) ? 'destination-ipv6-cidr-block' : 'destination-cidr-block']: prefix,
      [kind.option]: hop,
    }),
  );
  const pulumi = prefixes.map((prefix, index) => {
    const destination = `${isIpv6(prefix) ? 'destinationIpv6CidrBlock' : 'destinationCidrBlock'}: ${quoted(prefix)}`;
    return `new aws.ec2.Route(${quoted(`ssh-${index + 1}`)}, { routeTableId: ${quoted(id)}, ${destination}, ${kind.argument}: ${quoted(hop)} });`;
  });
  const kept = table.Routes.filter((route) => !prefixes.includes(destinationOf(route) ?? ''));
  const notes = [...notesOn(table, kept.length + added.length), ...wider];
  return {
    removes,
    command: commands.join(' && '),
    pulumi: pulumi.join('\n'),
    after: repair.lower(repair.network.inventory.with('tables', id, { ...table, Routes: [...kept, ...added] })),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

function notesOn({ RouteTableId: id, Associations }: RouteTable, routes: number): string[] {
  const shared = Associations?.some((association) => association.Main) === true;
  return [
    ...(shared ? [`${id} is the main route table, and routes every subnet that has none of its own`] : []),
    ...(routes > mostRoutes ? [`${id} would have ${routes} routes, and the default quota is ${mostRoutes}`] : []),
  ];
}

/** Takes away the route that leads packets out of the VPC which the local route would deliver. */
function strayRouteChange(repair: Repair, table: Placed<RouteTable>, stop: Stop): Change | undefined {
  const { RouteTableId: id, Routes } = table;
  const stray = Routes?.find((route) => destinationOf(route) === stop.rule);
  if (!Routes || !stray || stop.rule === null || stray.GatewayId === 'local') return undefined;
  const notes = notesOn(table, Routes.length - 1);
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'ec2 delete-route', {
      'route-table-id': id,
      [isIpv6(stop.rule) ? 'destination-ipv6-cidr-block' : 'destination-cidr-block']: stop.rule,
    }),
    pulumi: `// remove the aws.ec2.Route for ${quoted(stop.rule)} in ${quoted(id)}`,
    after: repair.lower(
      repair.network.inventory.with('tables', id, { ...table, Routes: Routes.filter((route) => route !== stray) }),
    ),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

/**
 * Where the new route leads: a route that is gone is replaced as it is; towards another VPC the range of that VPC, as its
 * guide has it; else only the sources.
 */
function destinations(repair: Repair, stop: Stop, hop: string | undefined): readonly string[] | undefined {
  const { destination } = stop.reason.data;
  if (stop.reason.code === 'aws/rt-blackhole' && destination !== undefined && parsePrefix(destination))
    return [destination];
  const { network, target, path, from } = repair;
  const eni = network.interfacesOf(target.instance).find(({ id }) => id === path.interface?.id);
  const peered = peeringsOf(network, eni?.vpcId ?? '').find(({ peering }) => peering.VpcPeeringConnectionId === hop);
  if (!peered) return prefixesToAllow(from);
  const ranges = peeredRanges(network, peered.peering, peered.vpcId).only(path.way.family);
  return ranges.covers(from) ? ranges.prefixes() : prefixesToAllow(from);
}

/** A route back to the sources through the gateway by which they came. */
export const returnRouteChange: Recipe = (repair, stop) => {
  const table = repair.network.inventory.get('tables', stop.reason.data.table);
  if (table && staysInside(repair, stop)) return strayRouteChange(repair, table, stop);
  const hop = hopOfPath(repair);
  const prefixes = destinations(repair, stop, hop);
  if (!table || hop === undefined) return undefined;
  const missing = stop.reason.code === 'aws/rt-missing' && hop.startsWith('vgw-');
  const learned = missing ? propagationFor(repair, table, hop) : undefined;
  if (learned) return propagationChange(repair, table.RouteTableId, hop, learned, stop.reason.code);
  const wider = missing ? [`enable-vgw-route-propagation would route all that ${hop} learns`] : [];
  return prefixes && routeChange(repair, table, prefixes, hop, stop.reason.code, wider);
};

/** A route from the source's subnet to the target. */
export const sourceRouteChange: Recipe = (repair, stop) => {
  const table = repair.network.inventory.get('tables', stop.reason.data.table);
  if (table && staysInside(repair, stop)) return strayRouteChange(repair, table, stop);
  const hop = hopOfPath(repair);
  const prefix = parsePrefix(stop.reason.data.destination ?? '');
  if (!table || hop === undefined || !prefix) return undefined;
  const destination = `${stop.reason.data.destination}/${prefix.network.family === 4 ? 32 : 128}`;
  return routeChange(repair, table, [destination], hop, stop.reason.code);
};
