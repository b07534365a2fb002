import {
  type Gap,
  known,
  passFilter,
  type Rule,
  type RuleFilter,
  stopFilter,
  unknown,
  unknownFilter,
} from '../../src/model/index.js';
import { AddressSet, PortSet, parsePrefix } from '../../src/set/index.js';
import type { Placed, Scope } from './inventory.js';
import { type Network, resource } from './network.js';
import { namedBy } from './on-premises.js';
import type { VpnConnection } from './records/records.js';

const idleStates: ReadonlySet<string> = new Set(['pending', 'deleting', 'deleted']);

/** Whether a connection carries packets: it is available and a tunnel is up. Undefined where the record does not tell. */
function isUp({ State, VgwTelemetry, broken }: VpnConnection): boolean | undefined {
  if (State !== undefined && idleStates.has(State)) return false;
  if (State !== 'available' || VgwTelemetry === undefined || broken !== undefined) return undefined;
  if (VgwTelemetry.some(({ Status }) => Status === 'UP')) return true;
  return VgwTelemetry.every(({ Status }) => Status === 'DOWN') ? false : undefined;
}

function connectionRef({ VpnConnectionId }: VpnConnection) {
  return resource('vpn-connection', VpnConnectionId);
}

function tunnelDown({ VpnConnectionId, State }: VpnConnection) {
  return {
    code: 'aws/vgw-tunnel-down',
    data: { connection: VpnConnectionId, ...(State !== undefined && { state: State }) },
  };
}

function recordGap(network: Network, scope: Scope, id: string): Gap {
  return network.inventory.dangling('vpnConnections', scope, `a readable record of ${id}`);
}

/** Whether a VPN that is attached to a transit gateway carries packets; what it carries is for the gateway's tables to say. */
export function connectionFilter(network: Network, id: string | undefined, scope: Scope): RuleFilter {
  const connection = network.inventory.get('vpnConnections', id);
  const up = connection && isUp(connection);
  if (!connection || up === undefined) return unknownFilter(recordGap(network, scope, id ?? 'the VPN connection'));
  return up ? passFilter : stopFilter(tunnelDown(connection), connectionRef(connection));
}

/** The networks for which a connection has static routes. */
function staticRoutes(connection: VpnConnection): AddressSet {
  const prefixes = (connection.Routes ?? [])
    .filter(({ State }) => State === undefined || State === 'available')
    .flatMap(({ DestinationCidrBlock }) => parsePrefix(DestinationCidrBlock ?? '') ?? []);
  return AddressSet.fromPrefixes(prefixes);
}

/** The networks that the static routes of connections name as those of their sites. */
export function sitesOf(connections: Iterable<VpnConnection>): AddressSet {
  const routes = [...connections].flatMap(({ Routes }) => Routes ?? []);
  return AddressSet.unionOf(
    routes.flatMap(({ DestinationCidrBlock }) => {
      const prefix = parsePrefix(DestinationCidrBlock ?? '');
      return prefix ? [namedBy({ peers: AddressSet.fromPrefixes([prefix]), length: prefix.length })] : [];
    }),
  );
}

function isStatic({ Options }: VpnConnection): boolean {
  return Options?.StaticRoutesOnly === true;
}

const settled: ReadonlySet<string | undefined> = new Set([undefined, 'available', 'deleted']);

/** Whether the sites may have announced more over BGP than the VPC's route tables show; they need not propagate. */
function mayKnowMore(connection: VpnConnection): boolean {
  if (isStatic(connection)) return (connection.Routes ?? []).some(({ State }) => !settled.has(State));
  const counts = (connection.VgwTelemetry ?? []).map(({ AcceptedRouteCount }) => AcceptedRouteCount);
  return counts.some((count) => count !== 0) || counts.length === 0;
}

/** What one connection adds: networks that it surely serves, and whether it may serve others. */
function rulesOf(network: Network, connection: Placed<VpnConnection>, announced: AddressSet): Rule[] {
  const up = isUp(connection);
  const of = connectionRef(connection);
  const id = connection.VpnConnectionId;
  const serves = isStatic(connection) ? staticRoutes(connection) : staticRoutes(connection).union(announced);
  const base = { id: null, of, ports: known(PortSet.all), action: 'allow' as const };
  if (up === undefined) {
    const gap = recordGap(network, connection, id);
    return [{ ...base, peers: unknown(AddressSet.all, gap), text: gap.detail }];
  }
  if (!up)
    return [
      { ...base, action: 'drop', peers: known(serves), text: 'has no tunnel up', reason: tunnelDown(connection) },
    ];
  const sure: Rule = {
    ...base,
    peers: known(serves),
    text: isStatic(connection) ? 'has a static route' : 'announces it',
  };
  if (!mayKnowMore(connection)) return [sure];
  const detail = `what the sites announce over ${id} shows only in route tables that propagate it`;
  const gap: Gap = { code: 'aws/ev-route', kind: 'not-collected', what: id, detail };
  return [sure, { ...base, peers: unknown(AddressSet.all, gap), text: detail }];
}

const order = ({ action, peers }: Rule) => (action === 'allow' ? (peers.known ? 0 : 1) : 2);

/**
 * Which clients a virtual private gateway serves over its connections: it forwards only for prefixes that it learned
 * (Site-to-Site VPN guide, route priority). `propagated` is what the VPC's tables show of that.
 */
export function learnedFilter(
  network: Network,
  gatewayId: string,
  connections: readonly Placed<VpnConnection>[],
  propagated: AddressSet,
): RuleFilter {
  const [first] = connections;
  if (first && connections.every((connection) => isUp(connection) === false))
    return stopFilter(tunnelDown(first), connectionRef(first));
  const fixed = AddressSet.unionOf(connections.filter(isStatic).map(staticRoutes));
  const announced = propagated.subtract(fixed);
  const rules = connections.flatMap((connection) => rulesOf(network, connection, announced));
  const of = resource('vpn-gateway', gatewayId);
  const reason = { code: 'aws/vgw-prefix-unknown', data: { gateway: gatewayId } };
  return { kind: 'rules', rules: rules.sort((a, b) => order(a) - order(b)), otherwise: 'drop', reason, of };
}
