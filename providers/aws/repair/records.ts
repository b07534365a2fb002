import { addressSet } from '../../../src/set/index.js';
import type { Inventory } from '../inventory.js';
import { Network } from '../network.js';
import type { Route, TransitGatewayRoute } from '../records/records.js';
import type { TransitAttachment } from '../transit-gateway/attachment.js';

/** The records as AWS has them after a change, where it changes more of them than the one that the command names. */

export const destinationOf = (route: Route) => route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock;

/** A route is a blackhole while its gateway is not attached (`State` of a route, API reference), and no longer. */
export function withRoutesRevived(inventory: Inventory, vpcId: string, gatewayId: string): Inventory {
  let changed = inventory;
  for (const [id, table] of inventory.all('tables')) {
    const isGone = (route: Route) => route.GatewayId === gatewayId && route.State === 'blackhole';
    if (table.VpcId !== vpcId || !table.Routes?.some(isGone)) continue;
    const Routes = table.Routes.map((route) => (isGone(route) ? { ...route, State: 'active' } : route));
    changed = changed.with('tables', id, { ...table, Routes });
  }
  return changed;
}

/** A table that takes over what a virtual private gateway learned. */
export function withLearned(
  inventory: Inventory,
  tableId: string,
  gatewayId: string,
  prefixes: readonly string[],
): Inventory {
  const table = inventory.get('tables', tableId);
  if (!table) return inventory;
  const { Routes = [], PropagatingVgws = [] } = table;
  const known = Routes.filter(({ GatewayId }) => GatewayId === gatewayId).map(destinationOf);
  const learned = prefixes
    .filter((prefix) => !known.includes(prefix))
    .map(
      (DestinationCidrBlock): Route => ({
        DestinationCidrBlock,
        GatewayId: gatewayId,
        Origin: 'EnableVgwRoutePropagation',
        State: 'active',
      }),
    );
  const already = PropagatingVgws.some(({ GatewayId }) => GatewayId === gatewayId);
  return inventory.with('tables', tableId, {
    ...table,
    PropagatingVgws: already ? PropagatingVgws : [...PropagatingVgws, { GatewayId: gatewayId }],
    Routes: [...Routes, ...learned],
  });
}

/** A route of a transit gateway's table to an attachment. */
export function transitRouteTo(
  DestinationCidrBlock: string,
  { id, resourceId, type }: TransitAttachment,
  Type: 'static' | 'propagated',
): TransitGatewayRoute {
  const attachment = { TransitGatewayAttachmentId: id, ResourceId: resourceId, ResourceType: type };
  return { DestinationCidrBlock, Type, State: 'active', TransitGatewayAttachments: [attachment] };
}

/** The prefixes that an attached VPC propagates; IPv6 only where its attachment carries it. */
export function propagatedBy(inventory: Inventory, { resourceId, options }: TransitAttachment): readonly string[] {
  const ranges = new Network(inventory).rangesOf(resourceId ?? '');
  return [...ranges.only(4).prefixes(), ...(options.Ipv6Support === 'enable' ? ranges.only(6).prefixes() : [])];
}

/** A table into which an attached VPC propagates, except what overlaps with another VPC there (transit gateway guide). */
export function withPropagation(inventory: Inventory, tableId: string, attachment: TransitAttachment): Inventory {
  const routes = inventory.ofSubject('transitRoutes', tableId);
  if (!routes) return inventory;
  const taken = addressSet(
    routes.filter(({ Type }) => Type === 'propagated').map(({ DestinationCidrBlock }) => DestinationCidrBlock),
  );
  const free = propagatedBy(inventory, attachment).filter((prefix) => !taken.overlaps(addressSet([prefix])));
  const added = free.map((prefix) => transitRouteTo(prefix, attachment, 'propagated'));
  return inventory.withSubject('transitRoutes', tableId, [...routes, ...added]);
}

/** A table that routes an attachment's packets, as the attachment's record and the table's both tell. */
export function withAssociation(
  inventory: Inventory,
  tableId: string,
  { id, resourceId }: TransitAttachment,
): Inventory {
  const State = 'associated';
  const general = inventory.get('transitAttachments', id);
  const associations = inventory.ofSubject('transitAssociations', tableId);
  const others = (associations ?? []).filter((one) => one.TransitGatewayAttachmentId !== id);
  const own = { TransitGatewayAttachmentId: id, ResourceId: resourceId, State };
  const changed = associations ? inventory.withSubject('transitAssociations', tableId, [...others, own]) : inventory;
  if (!general) return changed;
  const Association = { TransitGatewayRouteTableId: tableId, State };
  return changed.with('transitAttachments', id, { ...general, Association });
}

/** An attachment that works, as both calls tell about it. */
export function withState(inventory: Inventory, { id }: TransitAttachment, State: string): Inventory {
  const general = inventory.get('transitAttachments', id);
  const vpc = inventory.get('transitVpcAttachments', id);
  const changed = general ? inventory.with('transitAttachments', id, { ...general, State }) : inventory;
  return vpc ? changed.with('transitVpcAttachments', id, { ...vpc, State }) : changed;
}
