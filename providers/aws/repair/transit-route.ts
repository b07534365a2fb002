import type { Change, Stop } from '../../../src/provider.js';
import { type AddressSet, addressSet } from '../../../src/set/index.js';
import { Network } from '../network.js';
import type { TransitGatewayRoute } from '../records/records.js';
import { associationOf, attachmentsOn, type TransitAttachment } from '../transit-gateway/attachment.js';
import { attachedRanges, transitRoutes } from '../transit-gateway/table.js';
import { awsCommand, prefixesToAllow, quoted } from './command.js';
import { awaitsAcceptance, destinationPrefixes, endsOf } from './place.js';
import type { Recipe, Repair } from './recipe.js';
import { propagatedBy, transitRouteTo, withPropagation } from './records.js';

/** Whom a table of a transit gateway has to lead to, and behind which attachment they are. */
export interface Aim {
  readonly to: TransitAttachment;
  /** Few enough to name; undefined where only the whole VPC can be named. */
  readonly prefixes: readonly string[] | undefined;
  readonly addresses: AddressSet;
}

/** The table of the clients' attachment leads to the target, that of the target's attachment back to the clients. */
export function aimOf(repair: Repair, stop: Stop): Aim | undefined {
  const { clients, target } = endsOf(repair);
  if (stop.layer.inbound) {
    const prefixes = destinationPrefixes(repair, stop);
    return target && prefixes && { to: target, prefixes, addresses: addressSet(prefixes) };
  }
  return clients && { to: clients, prefixes: prefixesToAllow(repair.from), addresses: repair.from };
}

/** Whether a table surely leads all of them there. */
export function leadsThere(network: Network, tableId: string, { to, addresses }: Aim): boolean {
  const routes = transitRoutes(network, tableId);
  if ('gap' in routes) return false;
  let left = addresses;
  for (const { peers, state, attachments, gap } of routes.found) {
    if (!peers.overlaps(left)) continue;
    if (gap || state !== 'active' || !attachments.includes(to.id)) return false;
    left = left.subtract(peers);
  }
  return left.isEmpty;
}

/** A transit gateway is often shared: its tables are changed by the account that owns it. */
export function ownerNote(network: Network, gatewayId: string, account: string | undefined): string[] {
  const owner = network.inventory.get('transitGateways', gatewayId)?.OwnerId;
  const foreign = owner !== undefined && account !== undefined && owner !== account;
  return foreign ? [`${gatewayId} belongs to account ${owner}: run it there`] : [];
}

function notesOn(repair: Repair, tableId: string, { to }: Aim, other: string | undefined): string[] {
  const { network } = repair;
  const routed = attachmentsOn(network, to.gatewayId).filter((attachment) => {
    const association = associationOf(network, attachment);
    return (
      'found' in association && association.found === tableId && attachment.id !== other && attachment.id !== to.id
    );
  }).length;
  const owner = ownerNote(network, to.gatewayId, repair.target.instance.account);
  const others = `${tableId} also routes ${routed} other ${routed === 1 ? 'attachment' : 'attachments'}`;
  return routed > 0 ? [...owner, others] : owner;
}

/** A change of one table, with its routes as they would be. */
interface Edit {
  readonly command: string;
  readonly pulumi: string;
  readonly routes: readonly TransitGatewayRoute[];
  readonly notes: readonly string[];
}

function edited(repair: Repair, stop: Stop, tableId: string, aim: Aim, edit: Edit): Change {
  const { clients, target } = endsOf(repair);
  const notes = [...edit.notes, ...notesOn(repair, tableId, aim, (stop.layer.inbound ? clients : target)?.id)];
  return {
    removes: stop.reason.code,
    command: edit.command,
    pulumi: edit.pulumi,
    after: repair.lower(repair.network.inventory.withSubject('transitRoutes', tableId, edit.routes)),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

const isStatic = ({ Type }: TransitGatewayRoute) => Type === 'static';

/** Static routes to an attachment; one that has the destination already is replaced. */
function staticRoutes(
  repair: Repair,
  tableId: string,
  { to }: Aim,
  routes: readonly TransitGatewayRoute[],
  prefixes: readonly string[],
): Omit<Edit, 'notes'> {
  const taken = (route: TransitGatewayRoute, prefix: string) =>
    isStatic(route) && route.DestinationCidrBlock === prefix;
  const commands = prefixes.map((prefix) => {
    const verb = routes.some((route) => taken(route, prefix)) ? 'replace' : 'create';
    return awsCommand(repair.target.instance.region, `ec2 ${verb}-transit-gateway-route`, {
      'transit-gateway-route-table-id': tableId,
      'destination-cidr-block': prefix,
      'transit-gateway-attachment-id': to.id,
    });
  });
  const pulumi = prefixes.map(
    (prefix, index) =>
      `new aws.ec2transitgateway.Route(${quoted(`ssh-${index + 1}`)}, { destinationCidrBlock: ${quoted(prefix)}, transitGatewayAttachmentId: ${quoted(to.id)}, transitGatewayRouteTableId: ${quoted(tableId)} });`,
  );
  const kept = routes.filter((route) => !prefixes.some((prefix) => taken(route, prefix)));
  const added = prefixes.map((prefix) => transitRouteTo(prefix, to, 'static'));
  return { command: commands.join(' && '), pulumi: pulumi.join('\n'), routes: [...kept, ...added] };
}

/** Whether propagation would lead to the attached VPC: a route that is as specific as what is propagated wins over it. */
function canPropagate(network: Network, tableId: string, to: TransitAttachment): boolean {
  const routes = transitRoutes(network, tableId);
  const propagated = to.type === 'vpc' ? propagatedBy(network.inventory, to) : [];
  const wins = (prefix: string) =>
    'found' in routes &&
    !routes.found.some(
      ({ peers, length }) => peers.overlaps(addressSet([prefix])) && length >= Number(prefix.split('/')[1]),
    );
  return propagated.length > 0 && propagated.every(wins);
}

/** Whether a whole VPC is asked about, or more of it than can be named: to propagate it is the smaller change then. */
function asksForAll({ network, path }: Repair, { to, prefixes, addresses }: Aim): boolean {
  if (!prefixes) return true;
  const subnets = network.subnetsOf(to.resourceId ?? '').map(({ CidrBlock }) => CidrBlock);
  return path.way.family === 4 && addresses.covers(addressSet(subnets));
}

function propagation(repair: Repair, tableId: string, { to }: Aim): Omit<Edit, 'notes'> {
  const { inventory } = repair.network;
  const changed = withPropagation(inventory, tableId, to);
  return {
    command: awsCommand(repair.target.instance.region, 'ec2 enable-transit-gateway-route-table-propagation', {
      'transit-gateway-route-table-id': tableId,
      'transit-gateway-attachment-id': to.id,
    }),
    pulumi: `new aws.ec2transitgateway.RouteTablePropagation("ssh", { transitGatewayAttachmentId: ${quoted(to.id)}, transitGatewayRouteTableId: ${quoted(tableId)} });`,
    routes: changed.ofSubject('transitRoutes', tableId) ?? [],
  };
}

/** Leads a table of the transit gateway to those who are asked about, and to nobody else where that can be said. */
export const transitRouteChange: Recipe = (repair, stop) => {
  const { table } = stop.reason.data;
  const aim = aimOf(repair, stop);
  const routes = table === undefined ? undefined : repair.network.inventory.ofSubject('transitRoutes', table);
  if (table === undefined || !aim || !routes || awaitsAcceptance(repair)) return undefined;
  const propagates = canPropagate(repair.network, table, aim.to);
  if (propagates && asksForAll(repair, aim))
    return edited(repair, stop, table, aim, { ...propagation(repair, table, aim), notes: [] });
  if (!aim.prefixes) return undefined;
  const { id, resourceId } = aim.to;
  const wider = `enable-transit-gateway-route-table-propagation for ${id} would route all of ${resourceId}`;
  const notes = propagates ? [wider] : [];
  return edited(repair, stop, table, aim, { ...staticRoutes(repair, table, aim, routes, aim.prefixes), notes });
};

/**
 * Takes a static blackhole away where another route then leads there, else turns it. One that is not static, or that holds
 * more than the network behind the attachment, stays: a more specific route outdoes it.
 */
export const transitBlackholeChange: Recipe = (repair, stop) => {
  const { table, destination } = stop.reason.data;
  const { inventory } = repair.network;
  const aim = aimOf(repair, stop);
  const routes = table === undefined ? undefined : inventory.ofSubject('transitRoutes', table);
  if (table === undefined || !aim || !routes) return undefined;
  const hole = routes.find(
    (route) => route.DestinationCidrBlock === destination && route.State === 'blackhole' && isStatic(route),
  );
  if (!hole || destination === undefined) return transitRouteChange(repair, stop);
  const holdsMore = !attachedRanges(repair.network, aim.to).covers(addressSet([destination]));
  const meant = hole.TransitGatewayAttachments?.length ? [] : ['a blackhole is often meant: ask before it goes'];
  const left = routes.filter((route) => route !== hole);
  if (!leadsThere(new Network(inventory.withSubject('transitRoutes', table, left)), table, aim)) {
    if (holdsMore) return transitRouteChange(repair, stop);
    const turned = staticRoutes(repair, table, aim, routes, [destination]);
    return edited(repair, stop, table, aim, { ...turned, notes: meant });
  }
  return edited(repair, stop, table, aim, {
    command: awsCommand(repair.target.instance.region, 'ec2 delete-transit-gateway-route', {
      'transit-gateway-route-table-id': table,
      'destination-cidr-block': destination,
    }),
    pulumi: `// remove the aws.ec2transitgateway.Route for ${quoted(destination)} in ${quoted(table)}`,
    routes: left,
    notes: meant,
  });
};
