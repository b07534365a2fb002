import {
  type Gap,
  type Layer,
  type ResourceRef,
  type RuleFilter,
  stopFilter,
  unknownFilter,
} from '../../../src/model/index.js';
import { AddressSet } from '../../../src/set/index.js';
import type { Arrival } from '../arrival.js';
import { applianceGap } from '../internet-gateway.js';
import { type Network, resource } from '../network.js';
import { type Judgement, judgedRules, orderedRoutes } from '../route-table.js';
import { associationOf, attachmentById, attachmentRef, type TransitAttachment, transitGap } from './attachment.js';
import { attachedRanges, type TransitRoute, transitRoutes } from './table.js';

const tableKind = 'transit-gateway-route-table';

function tableRef(tableId: string): ResourceRef {
  return resource(tableKind, tableId);
}

/** An appliance in a VPC to which the transit gateway sends packets that are for somewhere else. */
function applianceIn(network: Network, attachment: TransitAttachment, toward: AddressSet): Gap | undefined {
  for (const subnetId of attachment.subnetIds) {
    const table = network.tableOf(subnetId, attachment.resourceId, attachment.scope);
    if ('gap' in table) return table.gap;
    for (const { hop, peers } of orderedRoutes(network, table.found)) {
      if (!peers.overlaps(toward) || (hop.kind !== 'endpoint' && hop.kind !== 'network-interface')) continue;
      return applianceGap(
        'mbx-inspected',
        hop,
        `the transit gateway sends packets through ${hop.id} in ${attachment.resourceId}, whose rules are not in the evidence`,
      );
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
    if (type !== 'vpc')
      return transitGap(id, `what ${id}, an attachment of type ${type}, does with packets is not in the evidence`);
    if (!network.inventory.get('vpcs', resourceId)) {
      return { ...network.inventory.dangling('vpcs', attachment.scope, resourceId ?? id), code: 'aws/ev-tgw' };
    }
    if (attachedRanges(network, attachment).covers(toward)) continue;
    const gap = applianceIn(network, attachment, toward);
    if (gap) return gap;
  }
  return undefined;
}

/** What a route means for packets to addresses that stand behind `to`; undefined `to`: behind no attachment that is known. */
function judge(
  network: Network,
  tableId: string,
  route: TransitRoute,
  to: TransitAttachment | undefined,
  toward: AddressSet,
): Judgement {
  const { state, attachments, destination } = route;
  const data = { table: tableId, destination };
  if (state === 'blackhole') return { stop: { code: 'aws/tgw-blackhole', data } };
  if (state !== 'active')
    return { unsure: transitGap(tableId, `the route to ${destination} is in the state ${state}`) };
  if (attachments.length === 0)
    return { unsure: transitGap(tableId, `the route to ${destination} does not say where it leads`) };
  if (to && attachments.includes(to.id)) return 'ok';
  const gap = detour(network, route, toward);
  return gap ? { unsure: gap } : { stop: { code: 'aws/tgw-no-route', data: { ...data, hop: attachments.join(', ') } } };
}

function rulesOf(tableId: string, route: TransitRoute, judgement: Judgement, peers: AddressSet) {
  const { destination, attachments, state, gap } = route;
  const text =
    state === 'blackhole' ? `drops ${destination} (blackhole)` : `sends ${destination} to ${attachments.join(', ')}`;
  return judgedRules({ destination, of: tableRef(tableId), text, gap }, judgement, peers);
}

function tableFilter(tableId: string, rules: RuleFilter['rules'], destination: string): RuleFilter {
  const reason = { code: 'aws/tgw-no-route', data: { table: tableId, destination } };
  return { kind: 'rules', rules, otherwise: 'drop', reason, of: tableRef(tableId) };
}

/** What a table does with packets to one address behind an attachment; `inspected` when they pass an appliance on the way. */
interface Onward {
  readonly filter: RuleFilter;
  readonly inspected?: Gap | undefined;
}

function routeTo(network: Network, tableId: string, to: TransitAttachment, arrival: Arrival): Onward {
  const { address, place, text } = arrival;
  return network.once(`transit ${tableId} to ${to.id} ${place}`, () => {
    const routes = transitRoutes(network, tableId);
    if ('gap' in routes) return { filter: unknownFilter(routes.gap) };
    const met: TransitRoute[] = [];
    for (const route of routes.found) {
      if (!route.peers.has(address)) continue;
      met.push(route);
      if (!route.gap) break;
    }
    const judged = met.map((route) => ({
      route,
      judgement: judge(network, tableId, route, to, AddressSet.single(address)),
    }));
    const rules = judged.flatMap(({ route, judgement }) => rulesOf(tableId, route, judgement, AddressSet.all));
    const doubts = judged.flatMap(({ route, judgement }) =>
      route.state === 'active' && !route.gap && judgement !== 'ok' && 'unsure' in judgement ? [judgement.unsure] : [],
    );
    return { filter: tableFilter(tableId, rules, text), inspected: doubts[0] };
  });
}

/** What a table does with replies to clients behind an attachment. */
function routesBack(network: Network, tableId: string, to: TransitAttachment | undefined): RuleFilter {
  return network.once(`transit ${tableId} back to ${to?.id}`, () => {
    const routes = transitRoutes(network, tableId);
    if ('gap' in routes) return unknownFilter(routes.gap);
    const rules = routes.found.flatMap((route) => {
      const attached = route.attachments.flatMap((id) => attachmentById(network, id) ?? []);
      const inside = AddressSet.unionOf(
        attached.filter(({ type }) => type === 'vpc').map((one) => attachedRanges(network, one)),
      );
      const parts = [route.peers.intersect(inside), route.peers.subtract(inside)].filter((part) => !part.isEmpty);
      return parts.flatMap((part) => rulesOf(tableId, route, judge(network, tableId, route, to, part), part));
    });
    return tableFilter(tableId, rules, 'the client');
  });
}

/** The table that routes an attachment's packets, or the filter that stands for it where there is none. */
function tableOf(network: Network, attachment: TransitAttachment): { tableId: string } | { filter: RuleFilter } {
  const association = associationOf(network, attachment);
  if ('found' in association) return { tableId: association.found };
  if ('gap' in association) return { filter: unknownFilter(association.gap) };
  const data = { attachment: attachment.id, state: association.none };
  return { filter: stopFilter({ code: 'aws/tgw-no-association', data }) };
}

function subjectOf(attachment: TransitAttachment, table: { tableId: string } | { filter: RuleFilter }): ResourceRef {
  return 'tableId' in table ? tableRef(table.tableId) : attachmentRef(attachment);
}

/** The table that routes what comes in from an attachment: it must lead to the target's attachment. */
export function onwardLayer(network: Network, from: TransitAttachment, to: TransitAttachment, arrival: Arrival) {
  const table = tableOf(network, from);
  const onward: Onward = 'tableId' in table ? routeTo(network, table.tableId, to, arrival) : table;
  const layer: Layer = { kind: tableKind, subject: subjectOf(from, table), inbound: onward.filter };
  return { layer, inspected: onward.inspected };
}

/** The table that routes the replies of the target's attachment: it must lead to the clients', where that is known. */
export function replyLayer(network: Network, from: TransitAttachment, to: TransitAttachment | undefined): Layer {
  const table = tableOf(network, from);
  const returning = 'tableId' in table ? routesBack(network, table.tableId, to) : table.filter;
  return { kind: tableKind, subject: subjectOf(from, table), returning };
}
