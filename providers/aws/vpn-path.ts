import { type Layer, passFilter, type RuleFilter, stopFilter, unknownFilter, type Way } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { type Approach, type Arrival, judgePrivateReply, seenBehind, subnetLayers } from './arrival.js';
import { anyClient } from './client-ports.js';
import { directConnectFilter, directConnectGap, virtualInterfacesAt } from './direct-connect.js';
import { edgeOf } from './internet-gateway.js';
import type { Scope } from './inventory.js';
import { joinedNetworks } from './joined-networks.js';
import { type Network, resource } from './network.js';
import { namedBehind, privateSpace } from './on-premises.js';
import type { RouteTable, VpnConnection } from './records/records.js';
import { noReferences } from './references.js';
import { type Hop, orderedRoutes } from './route-table.js';
import { learnedFilter, sitesOf } from './vpn-connection.js';
import type { SubnetWay } from './way.js';

/** A virtual private gateway as far as one VPC sees it. */
interface Gateway {
  readonly id: string;
  readonly scope: Scope;
  /** Whether it is attached to the VPC. */
  readonly filter: RuleFilter;
}

const isVpnGateway = (hop: Hop) => hop.kind === 'vpn-gateway';
const idleStates: ReadonlySet<string> = new Set(['attaching', 'detaching', 'detached']);

function tablesOf(network: Network, vpcId: string): readonly RouteTable[] {
  return network.once(`tables of ${vpcId}`, () =>
    [...network.inventory.all('tables').values()].filter((table) => table.VpcId === vpcId),
  );
}

function connectionsOf(network: Network, gatewayId: string): readonly VpnConnection[] {
  return [...network.inventory.all('vpnConnections').values()].filter(
    ({ VpnGatewayId, TransitGatewayId, State, broken }) =>
      State !== 'deleted' &&
      (VpnGatewayId === gatewayId || (broken !== undefined && VpnGatewayId === undefined && !TransitGatewayId)),
  );
}

function gatewayFilter(network: Network, gatewayId: string, vpcId: string): RuleFilter {
  const record = network.inventory.get('vpnGateways', gatewayId);
  if (!record || record.broken !== undefined || record.VpcAttachments?.some(({ broken }) => broken !== undefined)) {
    return unknownFilter(network.inventory.dangling('vpnGateways', record ?? {}, `a readable record of ${gatewayId}`));
  }
  const states = (record.VpcAttachments ?? []).filter(({ VpcId }) => VpcId === vpcId).map(({ State }) => State ?? '');
  if (states.includes('attached')) return passFilter;
  const [state = 'detached'] = states;
  if (idleStates.has(state)) return stopFilter({ code: 'aws/vgw-detached', data: { gateway: gatewayId, state } });
  const detail = `the attachment of ${gatewayId} to ${vpcId} is in the state ${state}, which is not documented`;
  return unknownFilter({ code: 'aws/ev-route', kind: 'not-modelled', what: gatewayId, detail });
}

/** The gateways that are attached to a VPC, on their way to or from it, or still named by the target's routes. */
function gatewaysOf(network: Network, { eni }: Arrival, vpcId: string): Gateway[] {
  const table = network.tableOf(eni.subnetId, vpcId, eni.scope);
  const routes = 'found' in table ? orderedRoutes(network, table.found) : [];
  const ids = new Set(routes.filter(({ hop }) => isVpnGateway(hop)).map(({ hop }) => hop.id));
  for (const { VpnGatewayId: id, VpcAttachments } of network.inventory.all('vpnGateways').values()) {
    if (VpcAttachments?.some(({ VpcId, State }) => VpcId === vpcId && State !== 'detached')) ids.add(id);
  }
  return [...ids].map((id) => ({
    id,
    scope: network.inventory.get('vpnGateways', id) ?? eni.scope,
    filter: network.once(`vpn gateway ${id} ${vpcId}`, () => gatewayFilter(network, id, vpcId)),
  }));
}

/** The networks that are known to be behind the virtual private gateway of a VPC: its static routes, and what its VPNs serve. */
export function onPremisesBehind(network: Network, vpcId: string): AddressSet {
  return network.once(`on premises behind ${vpcId}`, () => {
    const routed = tablesOf(network, vpcId).map((table) => namedBehind(network, table, isVpnGateway));
    const attached = [...network.inventory.all('vpnGateways').values()].filter(({ VpcAttachments }) =>
      VpcAttachments?.some(({ VpcId, State }) => VpcId === vpcId && State === 'attached'),
    );
    const connections = attached.flatMap(({ VpnGatewayId }) => connectionsOf(network, VpnGatewayId));
    return AddressSet.unionOf([...routed, sitesOf(connections)]);
  });
}

/**
 * Who may come from the sites behind a VPC's gateway: the networks that are known there, and all private space that is not
 * some VPC's. A range of the VPC itself counts where it is in no subnet: sites do overlap.
 */
function originOf(network: Network, vpcId: string): AddressSet {
  return network.once(`on premises of ${vpcId}`, () => {
    const others = [...network.inventory.all('vpcs').keys()].filter((id) => id !== vpcId);
    const elsewhere = AddressSet.unionOf(others.map((id) => network.rangesOf(id))).subtract(network.rangesOf(vpcId));
    return privateSpace
      .subtract(elsewhere)
      .union(onPremisesBehind(network, vpcId))
      .subtract(joinedNetworks(network, vpcId));
  });
}

/** What the VPC's tables show of the prefixes that a gateway learned. */
function propagatedFrom(network: Network, gatewayId: string, vpcId: string): AddressSet {
  const routes = tablesOf(network, vpcId).flatMap((table) => orderedRoutes(network, table));
  return AddressSet.unionOf(
    routes
      .filter(({ hop, route }) => hop.id === gatewayId && route.Origin === 'EnableVgwRoutePropagation')
      .map(({ peers }) => peers),
  );
}

/** What carries packets between the sites and a gateway. */
interface Transport {
  readonly kind: 'vpn' | 'direct-connect';
  readonly layer: Layer;
}

function vpnTransport(
  network: Network,
  { id, scope }: Gateway,
  vpcId: string,
  { family }: Arrival,
): Transport | undefined {
  const connections = connectionsOf(network, id);
  const gap = network.gap('vpnConnections', scope);
  if (connections.length === 0 && !gap) return undefined;
  const inbound = network.once(`vpn ${id} ${vpcId} ${family}`, () => {
    if (family === 6) return stopFilter({ code: 'aws/vgw-no-ipv6', data: { gateway: id } });
    if (gap) return unknownFilter(gap);
    return learnedFilter(network, id, connections, propagatedFrom(network, id, vpcId));
  });
  return { kind: 'vpn', layer: { kind: 'vpn-connection', subject: resource('vpn-gateway', id), inbound } };
}

/** Guides disagree on IPv6 over Direct Connect to a virtual private gateway, so nobody is surely served there. */
function directTransport(network: Network, { id, scope }: Gateway, vpcId: string, { family }: Arrival): Transport {
  const inbound = network.once(`direct connect ${id} ${vpcId} ${family}`, () => {
    if (family === 6) return unknownFilter(directConnectGap(network, id, scope));
    return directConnectFilter(network, id, scope, propagatedFrom(network, id, vpcId));
  });
  return { kind: 'direct-connect', layer: { kind: 'direct-connect', subject: resource('vpn-gateway', id), inbound } };
}

function transportsOf(network: Network, gateway: Gateway, vpcId: string, arrival: Arrival): Transport[] {
  const vpn = vpnTransport(network, gateway, vpcId, arrival);
  if (!vpn) return [directTransport(network, gateway, vpcId, arrival)];
  const direct = virtualInterfacesAt(network, gateway.id).length > 0;
  return direct ? [vpn, directTransport(network, gateway, vpcId, arrival)] : [vpn];
}

function overGateway(
  network: Network,
  arrival: Arrival,
  gateway: Gateway,
  transport: Transport,
  origin: AddressSet,
): SubnetWay {
  const { eni, family } = arrival;
  const { layer: edge, appliance } = edgeOf(network, gateway.id, eni.vpcId ?? '', gateway.scope, arrival.address);
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : '';
  const guard: Approach = {
    references: noReferences,
    key: `${gateway.id} ${appliance?.hop.id}`,
    judge: (choice) => judgePrivateReply(choice, tableId, (hop) => hop.id === gateway.id, appliance?.hop),
    ...(appliance && { seen: seenBehind(family, appliance.gap) }),
  };
  const layers: Layer[] = [
    { kind: 'vpn-gateway', subject: resource('vpn-gateway', gateway.id), inbound: gateway.filter },
    transport.layer,
    ...(edge ? [edge] : []),
    ...subnetLayers(network, eni, guard),
  ];
  return { kind: transport.kind, origin, family, clientPorts: anyClient, layers, guard };
}

/**
 * The ways from sites through the virtual private gateway of the target's VPC, over VPN or Direct Connect, as far as the
 * edge of AWS: what the customer's own devices do is not in the evidence.
 */
export function vpnWays(network: Network, arrival: Arrival): SubnetWay[] {
  const { vpcId } = arrival.eni;
  if (vpcId === undefined) return [];
  return gatewaysOf(network, arrival, vpcId).flatMap((gateway) =>
    transportsOf(network, gateway, vpcId, arrival).map((transport) =>
      overGateway(network, arrival, gateway, transport, originOf(network, vpcId)),
    ),
  );
}

/** Ways that nobody can take: packets from a virtual private gateway are delivered to private addresses only (VPC guide; Reachability Analyzer). */
export function vpnWaysToPublic(network: Network, arrival: Arrival, publicIp: string, front: readonly Layer[]): Way[] {
  const { vpcId } = arrival.eni;
  if (vpcId === undefined || arrival.family !== 4) return [];
  return gatewaysOf(network, arrival, vpcId).flatMap((gateway) => {
    const [first] = transportsOf(network, gateway, vpcId, arrival);
    if (!first) return [];
    const inbound = stopFilter({ code: 'aws/vgw-dst-not-private', data: { address: publicIp } });
    const layer: Layer = { kind: 'vpn-gateway', subject: resource('vpn-gateway', gateway.id), inbound };
    const origin = originOf(network, vpcId).only(4);
    return origin.isEmpty
      ? []
      : [{ kind: first.kind, origin, family: 4, clientPorts: anyClient, rows: [front, [layer]] }];
  });
}
