import {
  type Gap,
  known,
  type Reason,
  type ResourceRef,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { type Address, AddressSet, PortSet, type Prefix, parsePrefix } from '../../src/set/index.js';
import { type Network, resource } from './network.js';
import { prefixListEntries } from './prefix-list.js';
import type { Route, RouteTable } from './records/records.js';

/** Where a route sends its packets. */
export interface Hop {
  readonly kind:
    | 'local'
    | 'internet-gateway'
    | 'vpn-gateway'
    | 'endpoint'
    | 'gateway-endpoint'
    | 'nat-gateway'
    | 'egress-only-internet-gateway'
    | 'transit-gateway'
    | 'vpc-peering-connection'
    | 'network-interface'
    | 'local-gateway'
    | 'carrier-gateway'
    | 'core-network'
    | 'unknown';
  readonly id: string;
}

/** A route and the addresses for which it is the one to judge, unless an earlier one of the list covers them. */
export interface RouteChoice {
  readonly route: Route;
  readonly hop: Hop;
  readonly peers: AddressSet;
  readonly length: number;
  /** The destination as the cloud prints it. */
  readonly destination: string;
  /** Set when it is not known whether this route is the chosen one. */
  readonly gap?: Gap;
}

/** `GatewayId` carries gateways of four kinds; the prefix of the id tells which. */
function gatewayHop(network: Network, id: string, viaPrefixList: boolean): Hop {
  if (id === 'local') return { kind: 'local', id };
  if (id.startsWith('igw-')) return { kind: 'internet-gateway', id };
  if (id.startsWith('vgw-')) return { kind: 'vpn-gateway', id };
  if (!id.startsWith('vpce-')) return { kind: 'unknown', id };
  const type = network.inventory.get('endpoints', id)?.VpcEndpointType;
  const isGateway = type === undefined ? viaPrefixList : type === 'Gateway';
  return { kind: isGateway ? 'gateway-endpoint' : 'endpoint', id };
}

function hopOf(network: Network, route: Route): Hop {
  const { GatewayId, DestinationPrefixListId } = route;
  if (GatewayId !== undefined) return gatewayHop(network, GatewayId, DestinationPrefixListId !== undefined);
  const targets: readonly [string | undefined, Hop['kind']][] = [
    [route.NatGatewayId, 'nat-gateway'],
    [route.EgressOnlyInternetGatewayId, 'egress-only-internet-gateway'],
    [route.TransitGatewayId, 'transit-gateway'],
    [route.VpcPeeringConnectionId, 'vpc-peering-connection'],
    [route.NetworkInterfaceId ?? route.InstanceId, 'network-interface'],
    [route.LocalGatewayId, 'local-gateway'],
    [route.CarrierGatewayId, 'carrier-gateway'],
    [route.CoreNetworkArn ?? route.OdbNetworkArn, 'core-network'],
  ];
  for (const [id, kind] of targets) if (id !== undefined) return { kind, id };
  return { kind: 'unknown', id: route.IpAddress ?? 'no target' };
}

/** At equal length a static route beats a prefix list's, and that a propagated one (VPC guide, route priority). */
function rank(route: Route): number {
  if (route.Origin === 'EnableVgwRoutePropagation') return 2;
  return route.DestinationPrefixListId === undefined ? 0 : 1;
}

interface Candidate {
  readonly route: Route;
  readonly hop: Hop;
  readonly prefix: Prefix;
  readonly destination: string;
}

function routeGap(table: RouteTable, code: string, detail: string): Gap {
  return { code: `aws/${code}`, kind: 'not-modelled', what: table.RouteTableId, detail };
}

/** The routes of a table by destination prefix, and those whose destination cannot be read. */
function candidatesOf(network: Network, table: RouteTable) {
  const candidates: Candidate[] = [];
  const unread: { route: Route; hop: Hop; gap: Gap; within: AddressSet }[] = [];
  const missing = (detail: string) => ({
    ...network.inventory.dangling('tables', {}, detail),
    what: 'ec2:DescribeRouteTables',
  });
  for (const route of table.Routes ?? []) {
    const hop = hopOf(network, route);
    const cidr = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock;
    if (route.DestinationPrefixListId !== undefined && cidr === undefined) {
      const entries = prefixListEntries(network, route.DestinationPrefixListId, {});
      if ('gap' in entries) unread.push({ route, hop, gap: entries.gap, within: entries.within });
      else
        for (const prefix of entries.prefixes)
          candidates.push({ route, hop, prefix, destination: route.DestinationPrefixListId });
      continue;
    }
    const prefix = cidr === undefined ? undefined : parsePrefix(cidr);
    if (prefix && cidr !== undefined) candidates.push({ route, hop, prefix, destination: cidr });
    else unread.push({ route, hop, gap: missing(`a readable route of ${table.RouteTableId}`), within: AddressSet.all });
  }
  return { candidates, unread };
}

/** Routes of equal length and rank with different targets: which one counts is not documented or left to chance. */
function tieGap(table: RouteTable, a: Candidate, b: Candidate | undefined): Gap | undefined {
  if (!b || a.prefix.length !== b.prefix.length || a.hop.id === b.hop.id) return undefined;
  if (a.prefix.network.value !== b.prefix.network.value || a.prefix.network.family !== b.prefix.network.family)
    return undefined;
  const advertised = a.route.Origin === 'Advertisement' || b.route.Origin === 'Advertisement';
  if (rank(a.route) !== rank(b.route) || (rank(a.route) === 0 && !advertised)) return undefined;
  return routeGap(
    table,
    'rt-ambiguous',
    `${a.hop.id} and ${b.hop.id} compete for ${a.destination}, and which one wins is not defined`,
  );
}

/**
 * The routes of a table in the order in which they count: longest prefix first, then by rank. A propagated route never
 * takes addresses from a local one, however specific it is (Site-to-Site VPN guide, route priority).
 */
export function orderedRoutes(network: Network, table: RouteTable): readonly RouteChoice[] {
  return network.once(`routes ${table.RouteTableId}`, () => {
    const { candidates, unread } = candidatesOf(network, table);
    const local = AddressSet.fromPrefixes(
      candidates.filter(({ hop }) => hop.kind === 'local').map(({ prefix }) => prefix),
    );
    candidates.sort((a, b) => b.prefix.length - a.prefix.length || rank(a.route) - rank(b.route) || compare(a, b));
    const choices = candidates.map((candidate, index): RouteChoice => {
      const whole = AddressSet.fromPrefixes([candidate.prefix]);
      const gap = tieGap(table, candidate, candidates[index + 1]);
      return {
        route: candidate.route,
        hop: candidate.hop,
        peers: rank(candidate.route) === 2 ? whole.subtract(local) : whole,
        length: candidate.prefix.length,
        destination: candidate.destination,
        ...(gap && { gap }),
      };
    });
    const first = unread.map(({ route, hop, gap, within }): RouteChoice => {
      const destination = route.DestinationPrefixListId ?? 'an unreadable destination';
      return { route, hop, peers: within, length: 128, destination, gap };
    });
    return [...first, ...choices];
  });
}

function compare(a: Candidate, b: Candidate): number {
  const [x, y] = [a.prefix.network.value, b.prefix.network.value];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The routes that may decide for one address: the sure winner last, after those that only may win. */
export function routesFor(network: Network, table: RouteTable, address: Address): readonly RouteChoice[] {
  const met: RouteChoice[] = [];
  for (const choice of orderedRoutes(network, table)) {
    if (!choice.peers.has(address)) continue;
    met.push(choice);
    if (!choice.gap) break;
  }
  return met;
}

/** What to make of a route for packets that ought to leave in a certain way. */
export type Judgement = 'ok' | { readonly stop: Reason } | { readonly unsure: Gap };

/** A route as the rules that it becomes name it. */
interface NamedRoute {
  readonly destination: string;
  readonly of: ResourceRef;
  readonly text: string;
  /** Set when it is not known whether this route is the chosen one. */
  readonly gap?: Gap | undefined;
}

/** The rules of a route whose judgement is given: a sure stop, a sure pass, or both with the reason for the doubt. */
export function judgedRules(
  { destination, of, text, gap }: NamedRoute,
  judgement: Judgement,
  peers: AddressSet,
): Rule[] {
  const base = {
    id: destination,
    of,
    peers: gap ? unknown(peers, gap) : known(peers),
    ports: known(PortSet.all),
    text,
  };
  if (judgement === 'ok') return [{ ...base, action: 'allow' }];
  if ('stop' in judgement) return [{ ...base, action: 'drop', reason: judgement.stop }];
  const reason = { code: judgement.unsure.code, data: {} };
  return [
    { ...base, action: 'allow', peers: unknown(peers, judgement.unsure) },
    { ...base, action: 'drop', reason },
  ];
}

/** The rules of a VPC's route whose judgement is given. */
export function rulesOfRoute(table: RouteTable, choice: RouteChoice, judgement: Judgement, peers: AddressSet): Rule[] {
  const { hop, destination, gap, route } = choice;
  const of = resource('route-table', table.RouteTableId);
  const text = `sends ${destination} to ${hop.id}${route.State === 'blackhole' ? ', which is gone (blackhole)' : ''}`;
  return judgedRules({ destination, of, text, gap }, judgement, peers);
}

/** Judges a route by its state first: what is gone drops, what cannot be read or has a state nobody documents is unknown. */
export function judgeState(table: RouteTable, choice: RouteChoice, code = 'aws/rt-blackhole'): Judgement | undefined {
  const { route, hop, destination } = choice;
  const data = { table: table.RouteTableId, destination, hop: hop.id };
  if (route.State === 'blackhole') return { stop: { code, data } };
  if (route.broken !== undefined) {
    const detail = `the ${route.broken} of the route to ${destination} is not recorded`;
    return { unsure: { ...routeGap(table, 'ev-route', detail), kind: 'not-collected' } };
  }
  if (route.State === 'active') return undefined;
  return {
    unsure: routeGap(
      table,
      'rt-filtered',
      `the route to ${destination} is in the state ${route.State}, which is not documented`,
    ),
  };
}

/**
 * The filter that a route table is on the way back: replies pass where the winning route leads to where the request came
 * from. `judge` says so for one route; `key` names the transport, so that equal questions share one filter.
 */
export function returnFilter(
  network: Network,
  table: RouteTable,
  key: string,
  judge: (choice: RouteChoice) => Judgement,
): RuleFilter {
  return network.once(`return ${table.RouteTableId} ${key}`, () => {
    const rules = orderedRoutes(network, table).flatMap((choice) =>
      rulesOfRoute(table, choice, judgeState(table, choice) ?? judge(choice), choice.peers),
    );
    return {
      kind: 'rules',
      rules,
      otherwise: 'drop',
      reason: { code: 'aws/rt-missing', data: { table: table.RouteTableId } },
      of: resource('route-table', table.RouteTableId),
    };
  });
}
