import type { RecordedDocument } from './collection.js';
import { type Edit, type MutableRecord, type Options, record, recordsOf, reviveRoutes } from './recorded-edit.js';
import { recordsIn } from './records.js';

type Documents = readonly RecordedDocument[];

/** What the printed commands do to the records of a virtual private gateway. */
export const vpnEdits: Readonly<Record<string, Edit>> = {
  'attach-vpn-gateway': attach,
  'create-vpn-connection-route': addRoute,
  'enable-vgw-route-propagation': enablePropagation,
};

function attach(documents: Documents, options: Options): void {
  const id = options.get('vpn-gateway-id') ?? '';
  const gateway = record(documents, 'VpnGateways', id, 'VpnGatewayId');
  gateway.VpcAttachments = [{ VpcId: options.get('vpc-id'), State: 'attached' }];
  reviveRoutes(documents, id);
}

function tablesLearning(documents: Documents, gateway: string): MutableRecord[] {
  const tables = documents.flatMap(({ value }) => recordsOf(value, 'RouteTables'));
  return tables.filter((table) => recordsIn(table.PropagatingVgws).some(({ GatewayId }) => GatewayId === gateway));
}

function learn(table: MutableRecord, gateway: string, prefix: string): void {
  const learned = { GatewayId: gateway, Origin: 'EnableVgwRoutePropagation', State: 'active' };
  table.Routes = [...recordsIn(table.Routes), { DestinationCidrBlock: prefix, ...learned }];
}

function addRoute(documents: Documents, options: Options): void {
  const id = options.get('vpn-connection-id') ?? '';
  const connection = record(documents, 'VpnConnections', id, 'VpnConnectionId');
  const prefix = options.get('destination-cidr-block') ?? '';
  const added = { DestinationCidrBlock: prefix, Source: 'Static', State: 'available' };
  connection.Routes = [...recordsIn(connection.Routes), added];
  const gateway = String(connection.VpnGatewayId);
  for (const table of tablesLearning(documents, gateway)) learn(table, gateway, prefix);
}

/** The table learns what another one has learned, and the static routes of the gateway's connections. */
function enablePropagation(documents: Documents, options: Options): void {
  const gateway = options.get('gateway-id') ?? '';
  const table = record(documents, 'RouteTables', options.get('route-table-id') ?? '', 'RouteTableId');
  const shown = tablesLearning(documents, gateway)
    .flatMap(({ Routes }) => recordsIn(Routes))
    .filter(({ GatewayId, Origin }) => GatewayId === gateway && Origin === 'EnableVgwRoutePropagation');
  const fixed = documents
    .flatMap(({ value }) => recordsOf(value, 'VpnConnections'))
    .filter(({ VpnGatewayId }) => VpnGatewayId === gateway)
    .flatMap(({ Routes }) => recordsIn(Routes));
  for (const prefix of new Set([...shown, ...fixed].map((route) => String(route.DestinationCidrBlock))))
    learn(table, gateway, prefix);
  table.PropagatingVgws = [...recordsIn(table.PropagatingVgws), { GatewayId: gateway }];
}
