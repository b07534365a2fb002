import type { Gap } from '../../../src/model/index.js';
import { AddressSet, type Prefix, parsePrefix } from '../../../src/set/index.js';
import type { Scope } from '../inventory.js';
import type { Lookup, Network } from '../network.js';
import { namedBy } from '../on-premises.js';
import { prefixListEntries } from '../prefix-list.js';
import type { TransitGatewayRoute } from '../records/records.js';
import { neighboursOf, type TransitAttachment, transitGap } from './attachment.js';

/** A route of a transit gateway's table, and the addresses for which it counts unless an earlier one of the list does. */
export interface TransitRoute {
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
    return 'gap' in entries
      ? { prefixes: nowhere, unread: entries }
      : { prefixes: entries.prefixes, unread: undefined };
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
    for (const prefix of prefixes)
      read.push({ ...base, peers: AddressSet.fromPrefixes([prefix]), length: prefix.length });
    if (unread) unsure.push({ ...base, peers: unread.within, length: 128, gap: unread.gap });
  }
  return { read, unsure };
}

function byAddress(a: TransitRoute, b: TransitRoute): number {
  const [x, y] = [a.peers.first?.value ?? 0, b.peers.first?.value ?? 0];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Routes of one rank to one destination over different attachments: which one counts is not defined. */
function rivalled(tableId: string, route: TransitRoute, next: TransitRoute | undefined): TransitRoute {
  if (!next || next.rank !== route.rank || !next.peers.equals(route.peers)) return route;
  if (next.attachments.join() === route.attachments.join()) return route;
  const detail = `two routes of ${tableId} to ${route.destination} compete, and which one wins is not defined`;
  return { ...route, gap: transitGap(tableId, detail) };
}

/** The routes of a table in the order in which they count. */
export function transitRoutes(network: Network, tableId: string): Lookup<readonly TransitRoute[]> {
  return network.once(`transit routes ${tableId}`, () => {
    const { inventory } = network;
    const scope = inventory.get('transitTables', tableId) ?? {};
    const records = inventory.ofSubject('transitRoutes', tableId);
    const gap = inventory.gap('transitRoutes', scope, tableId);
    if (gap || !records) return { gap: gap ?? inventory.dangling('transitRoutes', scope, `the routes of ${tableId}`) };
    const { read, unsure } = readRoutes(network, tableId, records, scope);
    read.sort((a, b) => b.length - a.length || a.rank - b.rank || byAddress(a, b));
    return { found: [...unsure, ...read.map((route, index) => rivalled(tableId, route, read[index + 1]))] };
  });
}

/** The networks that the tables of a transit gateway name behind one of its attachments. */
export function namedBehindAttachment(network: Network, attachment: TransitAttachment): AddressSet {
  return network.once(`behind ${attachment.id}`, () => {
    const tables = [...network.inventory.all('transitTables').values()];
    const routes = tables
      .filter((table) => table.TransitGatewayId === attachment.gatewayId)
      .flatMap(({ TransitGatewayRouteTableId: id }) => {
        const known = transitRoutes(network, id);
        return 'found' in known ? known.found : [];
      });
    return AddressSet.unionOf(routes.filter(({ attachments }) => attachments.includes(attachment.id)).map(namedBy));
  });
}

/** The ranges of an attached VPC: its own record's, or what it propagates where that was not read. */
export function attachedRanges(network: Network, attachment: TransitAttachment): AddressSet {
  const ranges = attachment.resourceId === undefined ? AddressSet.empty : network.rangesOf(attachment.resourceId);
  return ranges.isEmpty ? namedBehindAttachment(network, attachment) : ranges;
}

/** The ranges of the other VPCs on the transit gateways of a VPC. */
export function transitRanges(network: Network, vpcId: string): AddressSet {
  return network.once(`transit ranges ${vpcId}`, () =>
    AddressSet.unionOf(neighboursOf(network, vpcId).map((attachment) => attachedRanges(network, attachment))),
  );
}
