import {
  type Gap,
  known,
  type Layer,
  type Reason,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet, parsePrefix } from '../../src/set/index.js';
import { type Networks, resource, scopeOf } from './network.js';
import { keyOf, nameOf, parentOf } from './records/ids.js';
import type { Standpoint } from './standpoint.js';
import { membersOf, remotePrefixes, sitesOf } from './tags.js';

export type HopType = 'local' | 'peering' | 'internet' | 'gateway' | 'appliance' | 'none' | 'unknown';

/** One effective route of a subnet. */
export interface Route {
  readonly prefix: string;
  readonly hop: HopType;
  readonly address: string | undefined;
  /** The route's own name, and its table where a user wrote it. */
  readonly name: string;
  readonly table: string | undefined;
}

export type Judgement = 'ok' | { readonly stop: Reason } | { readonly unsure: Gap };

/** Of one prefix a user's route wins, then one that a gateway learned, then the system's (VNet docs, how Azure selects a route). */
type Rank = 0 | 1 | 2;

interface Ranked extends Route {
  readonly rank: Rank;
}

const hops: ReadonlyMap<string | undefined, HopType> = new Map([
  ['vnetlocal', 'local'],
  ['vnetpeering', 'peering'],
  ['virtualnetworkpeering', 'peering'],
  ['internet', 'internet'],
  ['virtualnetworkgateway', 'gateway'],
  ['virtualappliance', 'appliance'],
  ['virtualapplianceecmp', 'appliance'],
  ['none', 'none'],
]);

function hopOf(type: string | undefined): HopType {
  return hops.get(type?.toLowerCase()) ?? 'unknown';
}

const reserved = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** Why not all routes of a subnet are known, and those that are. */
export interface SubnetRoutes {
  readonly routes: readonly Route[];
  readonly gap?: Gap;
}

function systemRoutes(networks: Networks, network: string, hidesPeers: boolean, hidesSites: boolean): Ranked[] {
  const system = (prefix: string, hop: HopType, name: string, rank: Rank = 2): Ranked => ({
    prefix,
    hop,
    address: undefined,
    name,
    table: undefined,
    rank,
  });
  const peerings = hidesPeers ? [] : (networks.network(network)?.virtualNetworkPeerings ?? []);
  return [
    ...(networks.network(network)?.addressSpace?.addressPrefixes ?? []).map((prefix) =>
      system(prefix, 'local', 'the network itself'),
    ),
    ...peerings
      .filter(({ peeringState, broken }) => broken !== undefined || peeringState?.toLowerCase() === 'connected')
      .flatMap((peering) =>
        remotePrefixes(networks, peering).map((prefix) => system(prefix, 'peering', peering.name ?? 'a peering')),
      ),
    ...(hidesSites
      ? []
      : sitesOf(networks, network)
          .prefixes()
          .map((prefix) => system(prefix, 'gateway', 'the gateway', 1))),
    system('0.0.0.0/0', 'internet', 'the default route'),
    system('::/0', 'internet', 'the default route'),
    ...reserved.map((prefix) => system(prefix, 'none', 'a reserved range')),
  ];
}

/** What Azure says is in effect on an interface: learned routes are told nowhere else. */
function effectiveOn(networks: Networks, nicKey: string | undefined): Ranked[] | undefined {
  const answer = nicKey === undefined ? undefined : networks.inventory.get('effectiveRoutes', nicKey);
  if (!answer?.value) return undefined;
  return answer.value
    .filter(({ state }) => state === undefined || state.toLowerCase() === 'active')
    .flatMap(({ addressPrefix = [], nextHopType, nextHopIpAddress, source }) =>
      addressPrefix.map(
        (prefix): Ranked => ({
          prefix,
          hop: hopOf(nextHopType),
          address: nextHopIpAddress?.[0],
          name: source ?? 'an effective route',
          table: undefined,
          rank: 0,
        }),
      ),
    );
}

/** The gap that an answer about an interface leaves which tells no routes: it may have learned others than the subnet shows. */
function unreadEffective(networks: Networks, nicKey: string | undefined): Gap | undefined {
  const answer = nicKey === undefined ? undefined : networks.inventory.get('effectiveRoutes', nicKey);
  if (nicKey === undefined || answer?.broken === undefined || answer.value) return undefined;
  const what = `a readable answer about the routes of ${nameOf(nicKey)}`;
  return (
    networks.inventory.gap('effectiveRoutes', scopeOf(nicKey), nicKey) ??
    networks.inventory.dangling('effectiveRoutes', scopeOf(nicKey), what)
  );
}

/** The routes of a subnet, and of one interface in it where Azure was asked. */
export function routesOf(networks: Networks, subnetKey: string, nicKey: string | undefined): SubnetRoutes {
  return networks.once(`routes ${subnetKey} ${nicKey}`, () => {
    const network = parentOf(subnetKey);
    const effective = effectiveOn(networks, nicKey);
    if (effective) return { routes: sorted(networks, effective, subnetKey) };
    const unread = unreadEffective(networks, nicKey);
    if (unread) return { routes: routesOf(networks, subnetKey, undefined).routes, gap: { ...unread, likely: true } };
    const subnet = networks.subnet(subnetKey);
    if (subnet === 'none' || !('found' in subnet)) {
      const gap = subnet === 'none' ? undefined : subnet.gap;
      return { routes: [], ...(gap && { gap }) };
    }
    const id = subnet.found.routeTable?.id;
    const table = id === undefined ? undefined : networks.inventory.get('routeTables', keyOf(id));
    const name = id === undefined ? undefined : nameOf(id);
    const own = (table?.routes ?? []).map(
      (route): Ranked => ({
        prefix: route.addressPrefix ?? '',
        hop: hopOf(route.nextHopType),
        address: route.nextHopIpAddress,
        name: route.name ?? 'a route',
        table: name,
        rank: 0,
      }),
    );
    const hidesPeers = table?.disablePeeringRoute?.toLowerCase() === 'all';
    const all = [...own, ...systemRoutes(networks, network, hidesPeers, table?.disableBgpRoutePropagation === true)];
    const routes = sorted(networks, all, subnetKey);
    const broken = networks.network(network)?.broken === undefined ? undefined : networks.unreadable();
    if (broken) return { routes, gap: { ...broken, likely: true } };
    if (id === undefined || (table?.routes && table.broken === undefined)) return { routes };
    return {
      routes,
      gap: { ...networks.inventory.dangling('routeTables', scopeOf(id), `route table ${name}`), likely: true },
    };
  });
}

/** The longest prefix first; of one prefix the rank decides. A service tag stands for its prefixes. */
function sorted(networks: Networks, routes: readonly Ranked[], subnetKey: string): readonly Route[] {
  const expanded = routes.flatMap((route) => {
    if (parsePrefix(route.prefix)) return [route];
    return membersOf(networks, route.prefix, subnetKey)
      .sure.prefixes()
      .map((prefix) => ({ ...route, prefix }));
  });
  const lengthOf = ({ prefix }: Ranked) => parsePrefix(prefix)?.length ?? 0;
  const ordered = [...expanded].sort((a, b) => lengthOf(b) - lengthOf(a) || a.rank - b.rank);
  const seen = new Set<string>();
  return ordered.filter(({ prefix }) => {
    if (seen.has(prefix)) return false;
    seen.add(prefix);
    return true;
  });
}

/** The route that a packet to an address takes. */
export function routeTo({ routes }: SubnetRoutes, address: Address): Route | undefined {
  return routes.find(({ prefix }) => addressSet([prefix]).has(address));
}

function judgedRules(route: Route, judgement: Judgement): Rule[] {
  const peers = addressSet([route.prefix]);
  const of = route.table === undefined ? undefined : resource('route-table', route.table);
  const base = {
    id: route.name,
    ...(of && { of }),
    ports: known(PortSet.all),
    text: `sends ${route.prefix} to ${route.address ?? route.hop}`,
  };
  if (judgement === 'ok') return [{ ...base, action: 'allow', peers: known(peers) }];
  if ('stop' in judgement) return [{ ...base, action: 'drop', peers: known(peers), reason: judgement.stop }];
  return [
    { ...base, action: 'allow', peers: unknown(peers, judgement.unsure) },
    { ...base, action: 'drop', peers: known(peers), reason: { code: judgement.unsure.code, data: {} } },
  ];
}

/** The way back of replies to clients: the route that wins must lead to where they came from. */
export function returnLayer(networks: Networks, at: Standpoint, judge: (route: Route) => Judgement): Layer {
  const subnetKey = at.subnetKey ?? '';
  const of = resource('subnet', nameOf(subnetKey));
  const { routes, gap } = routesOf(networks, subnetKey, at.alone?.key);
  const rules = routes.flatMap((route) => judgedRules(route, judge(route)));
  const reason: Reason = { code: 'azure/route-return', data: { prefix: '', hop: 'no route' } };
  const returning: RuleFilter = gap
    ? { kind: 'rules', rules: withDoubt(rules, gap), otherwise: 'drop', reason, of }
    : { kind: 'rules', rules, otherwise: 'drop', reason, of };
  return { kind: 'route-table', subject: of, returning };
}

/**
 * A table that was not read may send anything anywhere; most likely it leaves the system's routes alone. Of a subnet that was
 * not read no route is known at all.
 */
function withDoubt(rules: readonly Rule[], gap: Gap): Rule[] {
  const base = { id: null, ports: known(PortSet.all), text: gap.detail };
  const perhaps: Rule = { ...base, action: 'allow', peers: unknown(AddressSet.all, { ...gap, likely: true }) };
  const drop: Rule = {
    ...base,
    action: 'drop',
    peers: unknown(AddressSet.all, { ...gap, likely: false }),
    reason: { code: gap.code, data: {} },
  };
  const doubtful = rules.map((rule) =>
    rule.action === 'drop' && rule.peers.known ? { ...rule, peers: unknown(rule.peers.value, gap) } : rule,
  );
  return [drop, ...doubtful, perhaps];
}

export function returnStop(route: Route): Judgement {
  const data = { prefix: route.prefix, hop: route.address ?? route.hop, name: route.name };
  return { stop: { code: 'azure/route-return', data } };
}

/** Replies to the internet must leave for it: through an appliance or a gateway they do not arrive (VNet docs, 0.0.0.0/0). */
export function judgeInternetReply(route: Route): Judgement {
  return route.hop === 'internet' || route.hop === 'local' ? 'ok' : returnStop(route);
}
