import { addressSet, parsePrefix } from '../../../src/set/index.js';
import type { Inventory } from '../inventory.js';
import type { Network } from '../network.js';
import type { RouteTable, VpnConnection } from '../records/records.js';
import { awsCommand, prefixesToAllow, quoted } from './command.js';
import type { Recipe, Repair } from './recipe.js';
import { destinationOf, withLearned, withRoutesRevived } from './records.js';

const isStatic = ({ Options }: VpnConnection) => Options?.StaticRoutesOnly === true;
const isUsable = ({ State, VgwTelemetry }: VpnConnection) =>
  State === 'available' && VgwTelemetry?.some(({ Status }) => Status === 'UP');

function connectionsOf(inventory: Inventory, gatewayId: string): readonly VpnConnection[] {
  return [...inventory.all('vpnConnections').values()].filter(
    ({ VpnGatewayId, State }) => VpnGatewayId === gatewayId && State !== 'deleted',
  );
}

const learns = (table: RouteTable, gatewayId: string) =>
  table.PropagatingVgws?.some(({ GatewayId }) => GatewayId === gatewayId) ?? false;

/** What a gateway learned; undefined where its sites announce it and no table shows it. */
function learnedBy(inventory: Inventory, gatewayId: string, vpcId: string | undefined): readonly string[] | undefined {
  const connections = connectionsOf(inventory, gatewayId);
  const tables = [...inventory.all('tables').values()].filter(
    (table) => table.VpcId === vpcId && learns(table, gatewayId),
  );
  if (tables.length === 0 && !connections.every(isStatic)) return undefined;
  const shown = tables
    .flatMap(({ Routes }) => Routes ?? [])
    .filter(({ GatewayId, Origin }) => GatewayId === gatewayId && Origin === 'EnableVgwRoutePropagation');
  const fixed = connections.filter(isStatic).flatMap(({ Routes }) => Routes ?? []);
  const prefixes = [...shown.map(destinationOf), ...fixed.map((route) => route.DestinationCidrBlock)];
  const readable = prefixes.flatMap((prefix) => (prefix !== undefined && parsePrefix(prefix) ? [prefix] : []));
  return [...new Set(readable)];
}

/** What a table would learn by propagation, where that is known and is nothing that was not asked for. */
export function propagationFor(
  { network, from }: Repair,
  table: RouteTable,
  gatewayId: string,
): readonly string[] | undefined {
  if (learns(table, gatewayId)) return undefined;
  const learned = learnedBy(network.inventory, gatewayId, table.VpcId);
  const fits = learned && learned.length > 0 && from.covers(addressSet(learned));
  return fits ? learned : undefined;
}

/** Lets a table take over what the gateway learned. */
export const propagationChange = (
  repair: Repair,
  tableId: string,
  gatewayId: string,
  learned: readonly string[],
  removes: string,
) => ({
  removes,
  command: awsCommand(repair.target.instance.region, 'ec2 enable-vgw-route-propagation', {
    'route-table-id': tableId,
    'gateway-id': gatewayId,
  }),
  pulumi: `new aws.ec2.VpnGatewayRoutePropagation("ssh", { routeTableId: ${quoted(tableId)}, vpnGatewayId: ${quoted(gatewayId)} });`,
  after: repair.lower(withLearned(repair.network.inventory, tableId, gatewayId, learned)),
});

function vpcOf({ network, target, path }: Repair): string | undefined {
  const enis = network.interfacesOf(target.instance);
  return (enis.find(({ id }) => id === path.interface?.id) ?? enis[0])?.vpcId;
}

/** Attaches a gateway that is attached to nothing, or is to be taken off another VPC first. */
export const attachVpnGatewayChange: Recipe = (repair, stop) => {
  const { inventory } = repair.network;
  const { gateway: id, state } = stop.reason.data;
  const record = inventory.get('vpnGateways', id);
  const vpcId = vpcOf(repair);
  if (!record || id === undefined || vpcId === undefined || state !== 'detached') return undefined;
  const attached = { ...record, VpcAttachments: [{ VpcId: vpcId, State: 'attached' }] };
  const elsewhere = record.VpcAttachments?.some(({ VpcId, State }) => VpcId !== vpcId && State !== 'detached');
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'ec2 attach-vpn-gateway', {
      'vpn-gateway-id': id,
      'vpc-id': vpcId,
    }),
    pulumi: `new aws.ec2.VpnGatewayAttachment("vgw", { vpcId: ${quoted(vpcId)}, vpnGatewayId: ${quoted(id)} });`,
    after: repair.lower(withRoutesRevived(inventory.with('vpnGateways', id, attached), vpcId, id)),
    ...(elsewhere && { note: `${id} is attached to another VPC and must be detached there first` }),
  };
};

/** The tables that take over from a gateway what a connection is told. */
function withConnectionRoutes(network: Network, connection: VpnConnection, prefixes: readonly string[]): Inventory {
  const { VpnConnectionId: id, VpnGatewayId: gatewayId = '' } = connection;
  const added = prefixes.map((DestinationCidrBlock) => ({ DestinationCidrBlock, State: 'available' }));
  const Routes = [...(connection.Routes ?? []), ...added];
  let changed = network.inventory.with('vpnConnections', id, { ...connection, Routes });
  for (const [tableId, table] of network.inventory.all('tables')) {
    if (learns(table, gatewayId)) changed = withLearned(changed, tableId, gatewayId, prefixes);
  }
  return changed;
}

/** Tells a connection with static routes whom it serves. What sites announce themselves is mended at their device. */
export const vpnRouteChange: Recipe = (repair, stop) => {
  const { network } = repair;
  const { gateway } = stop.reason.data;
  const usable = connectionsOf(network.inventory, gateway ?? '').filter(isUsable);
  const connection = usable.find(isStatic);
  const prefixes = prefixesToAllow(repair.from);
  if (!connection || !prefixes) return undefined;
  const { VpnConnectionId: id } = connection;
  const commands = prefixes.map((prefix) =>
    awsCommand(repair.target.instance.region, 'ec2 create-vpn-connection-route', {
      'vpn-connection-id': id,
      'destination-cidr-block': prefix,
    }),
  );
  const pulumi = prefixes.map(
    (prefix, index) =>
      `new aws.ec2.VpnConnectionRoute(${quoted(`ssh-${index + 1}`)}, { destinationCidrBlock: ${quoted(prefix)}, vpnConnectionId: ${quoted(id)} });`,
  );
  const others = usable.length > 1 ? `; ${gateway} has ${usable.length} connections: take the one to that site` : '';
  return {
    removes: stop.reason.code,
    command: commands.join(' && '),
    pulumi: pulumi.join('\n'),
    after: repair.lower(withConnectionRoutes(network, connection, prefixes)),
    note: `the customer's device has to send it into ${id} as well${others}`,
  };
};
