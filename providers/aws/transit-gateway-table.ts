import { type Gap, type Layer, type RuleFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import { type Address, AddressSet, formatAddress, type Prefix, parsePrefix } from '../../src/set/index.js';
import { applianceGap } from './internet-gateway.js';
import type { Scope } from './inventory.js';
import { type Lookup, type Network, resource } from './network.js';
import { namedBy } from './on-premises.js';
import { prefixListEntries } from './prefix-list.js';
import type { TransitGatewayRoute } from './records.js';
import { type Judgement, judgedRules, orderedRoutes } from './route-table.js';
import {
  associationOf,
  attachmentById,
  attachmentRef,
  attachmentsOfVpc,
  attachmentsOn,
  type TransitAttachment,
  transitGap,
} from './transit-gateway.js';

/** A route of a transit gateway's table, and the addresses for which it counts unless an earlier one of the list does. */
interface TransitRoute {
  /** As the cloud prints it. */
  readonly destination: string;
  readonly peers: AddressSet;
  readonly length: number;
  readonly state: string | undefined;
  /** More than one where the gateway spreads packets over equal routes. */
  readonly attachments: readonly string[];
  readonly rank: number;
  /** Set when it is not known whether this route is the chosen one. */
  readonly gap?: Gap;
}

const propagatedRank: Readonly<Record<string, number>> = { vpc: 2, 'direct-connect-gateway': 3, connect: 4, vpn: 5 };

/** At equal length: static, prefix list, then what VPCs, Direct Connect, Connect and VPNs propagate (transit gateway guide). */
function rankOf(route: TransitGatewayRoute): number {
  if (route.Type !== 'propagated') return route.PrefixListId === undefined ? 0 : 1;
  return propagatedRank[route.TransitGatewayAttachments?.[0]?.ResourceType ?? ''] ?? 6;
}

function destinationsOf(network: Network, tableId: string, route: TransitGatewayRoute, scope: Scope) {
  const missing = () => network.inventory.dangling('transitRoutes', scope, `a readable route of ${tableId}`);
  const nowhere: readonly Prefix[] = [];
  if (route.broken !== undefined) return { prefixes: nowhere, unread: { gap: missing(), within: AddressSet.all } };
  if (route.DestinationCidrBlock === undefined && route.PrefixListId !== undefined) {
    const entries = prefixListEntries(network, route.PrefixListId, scope);
    return 'gap' in entries ? { prefixes: nowhere, unread: entries } : { prefixes: entries.prefixes, unread: undefined };
  }
  const prefix = parsePrefix(route.DestinationCidrBlock ?? '');
  if (prefix) return { prefixes: [prefix], unread: undefined };
  return { prefixes: nowhere, unread: { gap: missing(), within: AddressSet.all } };
}

function readRoutes(network: Network, tableId: string, records: readonly TransitGatewayRoute[], scope: Scope) {
  const read: TransitRoute[] = [];
  const unsure: TransitRoute[] = [];
  for (const record of records) {
    if (record.State === 'deleted') continue;
    const destination = record.DestinationCidrBlock ?? record.PrefixListId ?? 'an unreadable destination';
    const attachments = (record.TransitGatewayAttachments ?? []).flatMap((one) => one.TransitGatewayAttachmentId ?? []);
    const base = { destination, state: record.State, attachments, rank: rankOf(record) };
    const { prefixes, unread } = destinationsOf(network, tableId, record, scope);
    for (const prefix of prefixes) read.push({ ...base, peers: AddressSet.fromPrefixes([prefix]), length: prefix.length });
    if (unread) unsure.push({ ...base, peers: unread.within, length: 128, gap: unread.gap });
  }
  return { read, unsure };
}

/** The routes of a table in the order in which they count. */
function routesOf(network: Network, tableId: string): Lookup<readonly TransitRoute[]> {
  return network.once(`transit routes ${tableId}`, () => {
    const { inventory } = network;
    const scope = inventory.get('transitTables', tableId) ?? {};
    const records = inventory.ofSubject('transitRoutes', tableId);
    const gap = inventory.gap('transitRoutes', scope, tableId);
    if (gap || !records) return { gap: gap ?? inventory.dangling('transitRoutes', scope, `the routes of ${tableId}`) };
    const { read, unsure } = readRoutes(network, tableId, records, scope);
    read.sort((a, b) => b.length - a.length || a.rank - b.rank);
    const ordered = read.map((route, index): TransitRoute => {
      const rival = read.slice(index + 1).find((other) => other.length === route.length && other.peers.equals(route.peers));
      if (rival?.rank !== route.rank || rival.attachments.join() === route.attachments.join()) return route;
      return { ...route, gap: transitGap(tableId, `two routes of ${tableId} to ${route.destination} compete, and which one wins is not defined`) };
    });
    return { found: [...unsure, ...ordered] };
  });
}

/** The networks that the tables of a transit gateway name behind one of its attachments. */
export function namedBehindAttachment(network: Network, attachment: TransitAttachment): AddressSet {
  return network.once(`behind ${attachment.id}`, () => {
    const tables = [...network.inventory.all('transitTables').values()];
    const routes = tables
      .filter((table) => table.TransitGatewayId === attachment.gatewayId)
      .flatMap(({ TransitGatewayRouteTableId: id }) => {
        const known = routesOf(network, id);
        return 'found' in known ? known.found : [];
      });
    return AddressSet.unionOf(routes.filter(({ attachments }) => attachments.includes(attachment.id)).map(namedBy));
  });
}

/** The ranges of an attached VPC: its own record's, or what it propagates where that was not read. */
function rangesOf(network: Network, attachment: TransitAttachment): AddressSet {
  const ranges = attachment.resourceId === undefined ? AddressSet.empty : network.rangesOf(attachment.resourceId);
  return ranges.isEmpty ? namedBehindAttachment(network, attachment) : ranges;
}

/** The ranges of the other VPCs on the transit gateways of a VPC. */
export function transitRanges(network: Network, vpcId: string): AddressSet {
  return network.once(`transit ranges ${vpcId}`, () => {
    const others = attachmentsOfVpc(network, vpcId)
      .flatMap(({ gatewayId }) => attachmentsOn(network, gatewayId))
      .filter(({ type, resourceId }) => type === 'vpc' && resourceId !== vpcId);
    return AddressSet.unionOf(others.map((attachment) => rangesOf(network, attachment)));
  });
}

/** An appliance in a VPC to which the transit gateway sends packets that are for somewhere else. */
function applianceIn(network: Network, attachment: TransitAttachment, toward: AddressSet): Gap | undefined {
  for (const subnetId of attachment.subnetIds) {
    const table = network.tableOf(subnetId, attachment.resourceId, attachment.scope);
    if ('gap' in table) return table.gap;
    for (const { hop, peers } of orderedRoutes(network, table.found)) {
      if (!peers.overlaps(toward) || (hop.kind !== 'endpoint' && hop.kind !== 'network-interface')) continue;
      return applianceGap('mbx-inspected', hop, `the transit gateway sends packets through ${hop.id} in ${attachment.resourceId}, whose rules are not in the evidence`);
    }
  }
  return attachment.gap;
}

/** Whether packets that a route sends to another attachment may come back and go on from there, and why that is not known. */
function detour(network: Network, route: TransitRoute, toward: AddressSet): Gap | undefined {
  for (const id of route.attachments) {
    const attachment = attachmentById(network, id);
    if (!attachment) return network.inventory.dangling('transitAttachments', {}, id);
    const { type, resourceId } = attachment;
    if (type === 'vpn' || type === 'direct-connect-gateway') continue;
    if (type !== 'vpc') return transitGap(id, `what ${id}, an attachment of type ${type}, does with packets is not in the evidence`);
    if (!network.inventory.get('vpcs', resourceId)) {
      return { ...network.inventory.dangling('vpcs', attachment.scope, resourceId ?? id), code: 'aws/ev-tgw' };
    }
    if (rangesOf(network, attachment).covers(toward)) continue;
    const gap = applianceIn(network, attachment, toward);
    if (gap) return gap;
  }
  return undefined;
}

/** What a route means for packets to addresses that stand behind `to`; undefined `to`: behind no attachment that is known. */
function judge(network: Network, tableId: string, route: TransitRoute, to: TransitAttachment | undefined, toward: AddressSet): Judgement {
  const { state, attachments, destination } = route;
  const data = { table: tableId, destination };
  if (state === 'blackhole') return { stop: { code: 'aws/tgw-blackhole', data } };
  if (state !== 'active') return { unsure: transitGap(tableId, `the route to ${destination} is in the state ${state}`) };
  if (attachments.length === 0) return { unsure: transitGap(tableId, `the route to ${destination} does not say where it leads`) };
  if (to && attachments.includes(to.id)) return 'ok';
  const gap = detour(network, route, toward);
  return gap ? { unsure: gap } : { stop: { code: 'aws/tgw-no-route', data: { ...data, hop: attachments.join(', ') } } };
}

function rulesOf(tableId: string, route: TransitRoute, judgement: Judgement, peers: AddressSet) {
  const of = resource('transit-gateway-route-table', tableId);
  const where = route.state === 'blackhole' ? 'drops (blackhole)' : `leads to ${route.attachments.join(', ')}`;
  return judgedRules({ destination: route.destination, of, text: `${route.destination} ${where}`, gap: route.gap }, judgement, peers);
}

function tableFilter(tableId: string, rules: RuleFilter['rules'], destination: string): RuleFilter {
  const reason = { code: 'aws/tgw-no-route', data: { table: tableId, destination } };
  return { kind: 'rules', rules, otherwise: 'drop', reason, of: resource('transit-gateway-route-table', tableId) };
}

/** What a table does with packets to one address behind an attachment; `inspected` when they pass an appliance on the way. */
interface Onward {
  readonly filter: RuleFilter;
  readonly inspected: Gap | undefined;
}

function routeTo(network: Network, tableId: string, to: TransitAttachment, address: Address): Onward {
  const destination = formatAddress(address);
  return network.once(`transit ${tableId} to ${to.id} ${destination}`, () => {
    const routes = routesOf(network, tableId);
    if ('gap' in routes) return { filter: unknownFilter(routes.gap), inspected: undefined };
    const met: TransitRoute[] = [];
    for (const route of routes.found) {
      if (!route.peers.has(address)) continue;
      met.push(route);
      if (!route.gap) break;
    }
    const judged = met.map((route) => ({ route, judgement: judge(network, tableId, route, to, AddressSet.single(address)) }));
    const rules = judged.flatMap(({ route, judgement }) => rulesOf(tableId, route, judgement, AddressSet.all));
    const unsure = judged.map(({ judgement }) => judgement).find((judgement) => typeof judgement === 'object' && 'unsure' in judgement);
    return {
      filter: tableFilter(tableId, rules, destination),
      inspected: typeof unsure === 'object' && 'unsure' in unsure ? unsure.unsure : undefined,
    };
  });
}

/** What a table does with replies to clients behind an attachment. */
function routesBack(network: Network, tableId: string, to: TransitAttachment | undefined): RuleFilter {
  return network.once(`transit ${tableId} back to ${to?.id}`, () => {
    const routes = routesOf(network, tableId);
    if ('gap' in routes) return unknownFilter(routes.gap);
    const rules = routes.found.flatMap((route) => {
      const attached = route.attachments.flatMap((id) => attachmentById(network, id) ?? []);
      const inside = AddressSet.unionOf(attached.filter(({ type }) => type === 'vpc').map((one) => rangesOf(network, one)));
      const parts = [route.peers.intersect(inside), route.peers.subtract(inside)].filter((part) => !part.isEmpty);
      return parts.flatMap((part) => rulesOf(tableId, route, judge(network, tableId, route, to, part), part));
    });
    return tableFilter(tableId, rules, 'the client');
  });
}
