import { type Fact, type Layer, type RuleFilter, unknownFilter } from '../../../src/model/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { type Approach, type Arrival, judgePrivateReply, subnetLayers } from '../arrival.js';
import { bypassed } from '../by-chance.js';
import { anyClient, clientPortsIn } from '../client-ports.js';
import { directConnectFilter } from '../direct-connect.js';
import { joinedNetworks } from '../joined-networks.js';
import { type Network, resource } from '../network.js';
import { namedBehind } from '../on-premises.js';
import { noReferences, referencesOverTransit, referencesUnseen } from '../references.js';
import { orderedRoutes } from '../route-table.js';
import { type Departure, departures, sourcesOf } from '../source-side.js';
import { destinationOf, type PrivateRequest } from '../vpc-path.js';
import { connectionFilter, sitesOf } from '../vpn-connection.js';
import type { SubnetWay } from '../way.js';
import {
  attachmentFilter,
  attachmentRef,
  attachmentsOfVpc,
  attachmentsOn,
  referencingBetween,
  type TransitAttachment,
  transitGap,
} from './attachment.js';
import { type Crossing, type Lane, lanesOf, leadsTo, wayOver } from './crossing.js';
import { onwardLayer } from './routing.js';
import { entryToSources, exitOfSources } from './subnet.js';
import { attachedRanges, namedBehindAttachment } from './table.js';

/** The clients' own ACL is not asked for replies from a gateway's interface in their own subnet. */
function sparing(layers: readonly Layer[], spared: Fact<AddressSet>): readonly Layer[] {
  return layers.map((layer) =>
    layer.kind === 'source-network-acl' && layer.returning?.kind === 'rules'
      ? { ...layer, returning: bypassed(layer.returning, spared) }
      : layer,
  );
}

/** The ways from another VPC on the same transit gateway. */
function fromVpc(crossing: Crossing, from: TransitAttachment, vpcId: string): SubnetWay[] {
  const { network, arrival, request, own } = crossing;
  const scope = network.inventory.get('vpcs', vpcId) ?? from.scope;
  const sources = sourcesOf(network, vpcId, scope, network.rangesOf(vpcId));
  const destination = destinationOf(network, arrival, request, own.gatewayId, leadsTo(own.gatewayId), false);
  const home = entryToSources(network, from, network.inventory.get('subnets', arrival.eni.subnetId));
  const transport: Layer = {
    kind: 'transit-gateway-attachment',
    subject: attachmentRef(from),
    inbound: network.once(`transit from ${from.id} ${arrival.family}`, () => ({
      kind: 'all',
      of: [attachmentFilter(network, from, arrival.family), exitOfSources(network, from, sources)],
    })),
    returning: home.filter,
  };
  const onward = onwardLayer(network, from, own, arrival);
  const references = referencesOverTransit(
    network,
    `${own.id} ${from.id}`,
    vpcId,
    referencingBetween(network, own, from),
  );
  const lanes = lanesOf(crossing, sources);
  const wayOf = ({ origin, layers, appliance }: Departure, lane: Lane): SubnetWay =>
    wayOver(crossing, {
      origin: lanes.length === 1 ? origin : origin.intersect(lane.from),
      network: vpcId,
      layers: [...sparing(layers, home.spared), transport, onward.layer],
      from,
      lane,
      references,
      inspected: appliance?.gap ?? onward.inspected ?? lane.entry.appliance?.gap,
      clientPorts: clientPortsIn(network, vpcId),
    });
  return departures(network, sources, destination, AddressSet.empty)
    .flatMap((departure) => lanes.map((lane) => wayOf(departure, lane)))
    .filter((way) => !way.origin.isEmpty);
}

/** What is known of the far side of an attachment that is no readable VPC. */
function farFilter(network: Network, from: TransitAttachment): RuleFilter {
  const { id, type, resourceId, scope } = from;
  if (type === 'vpn') return connectionFilter(network, resourceId, scope);
  if (type === 'direct-connect-gateway') {
    return network.once(`direct connect ${id}`, () =>
      directConnectFilter(network, resourceId ?? id, scope, AddressSet.all),
    );
  }
  if (type !== 'vpc')
    return unknownFilter(transitGap(id, `what is behind ${id}, an attachment of type ${type}, is not in the evidence`));
  return unknownFilter({ ...network.inventory.dangling('vpcs', scope, resourceId ?? id), code: 'aws/ev-tgw' });
}

/** Who may be behind an attachment that is no readable VPC: whom the routes of the transit gateway name there. */
function originBehind(network: Network, from: TransitAttachment, vpcId: string): AddressSet {
  const named = namedBehindAttachment(network, from);
  if (from.type === 'vpc') return named.union(attachedRanges(network, from)).subtract(network.rangesOf(vpcId));
  const connection = from.type === 'vpn' ? network.inventory.get('vpnConnections', from.resourceId) : undefined;
  return named.union(sitesOf(connection ? [connection] : [])).subtract(joinedNetworks(network, vpcId));
}

/** The way from what else is attached: the sites behind a VPN or Direct Connect, another transit gateway, a VPC that was not read. */
function fromElsewhere(crossing: Crossing, from: TransitAttachment): SubnetWay[] {
  const { network, arrival, own, vpcId } = crossing;
  const origin = originBehind(network, from, vpcId);
  const onward = onwardLayer(network, from, own, arrival);
  const transport: Layer = {
    kind: 'transit-gateway-attachment',
    subject: attachmentRef(from),
    inbound: network.once(`transit from ${from.id} ${arrival.family}`, () => ({
      kind: 'all',
      of: [attachmentFilter(network, from, arrival.family), farFilter(network, from)],
    })),
  };
  const home = from.type === 'vpc' ? from.resourceId : undefined;
  const support = referencingBetween(network, own, from);
  const references = home ? referencesOverTransit(network, `${own.id} ${from.id}`, home, support) : noReferences;
  return lanesOf(crossing, undefined).map((lane) =>
    wayOver(crossing, {
      origin,
      layers: [transport, onward.layer],
      from,
      lane,
      references,
      inspected: onward.inspected ?? lane.entry.appliance?.gap,
      clientPorts: anyClient,
    }),
  );
}

/** The networks that the target's routes name behind a transit gateway. */
function routedOver({ network, arrival }: Pick<Crossing, 'network' | 'arrival'>, gatewayId: string): AddressSet {
  const table = network.tableOf(arrival.eni.subnetId, arrival.eni.vpcId, arrival.eni.scope);
  return 'found' in table ? namedBehind(network, table.found, leadsTo(gatewayId)) : AddressSet.empty;
}

/** Clients to whom the target's replies go into the transit gateway, although nobody is known to be behind it with their addresses. */
function fromNowhere(crossing: Crossing, taken: AddressSet): SubnetWay[] {
  const { network, own, vpcId } = crossing;
  const left = routedOver(crossing, own.gatewayId).subtract(taken).subtract(joinedNetworks(network, vpcId));
  const gap = transitGap(own.gatewayId, `who is behind ${own.gatewayId} with such an address is not in the evidence`);
  return lanesOf(crossing, undefined).map((lane) =>
    wayOver(crossing, {
      origin: left,
      layers: [],
      from: undefined,
      lane,
      references: referencesUnseen(own.gatewayId, gap),
      inspected: lane.entry.appliance?.gap,
      clientPorts: anyClient,
    }),
  );
}

function overGateway(crossing: Crossing): SubnetWay[] {
  const { network, own, vpcId } = crossing;
  const others = attachmentsOn(network, own.gatewayId).filter(
    ({ id, resourceId }) => id !== own.id && resourceId !== vpcId,
  );
  const paths = others.flatMap((from) => {
    const readable = from.type === 'vpc' && network.inventory.get('vpcs', from.resourceId);
    return readable ? fromVpc(crossing, from, readable.VpcId) : fromElsewhere(crossing, from);
  });
  return [...paths, ...fromNowhere(crossing, AddressSet.unionOf(paths.map(({ origin }) => origin)))];
}

/** Transit gateways that the target's routes name, but on which its VPC is not known to be: whether they carry anything is open. */
function unseenGateways(network: Network, arrival: Arrival, vpcId: string): SubnetWay[] {
  const { eni } = arrival;
  const table = network.tableOf(eni.subnetId, vpcId, eni.scope);
  if ('gap' in table) return [];
  const known = new Set(attachmentsOfVpc(network, vpcId).map(({ gatewayId }) => gatewayId));
  const hops = orderedRoutes(network, table.found).map(({ hop }) => hop);
  const unseen = new Set(
    hops.filter(({ kind, id }) => kind === 'transit-gateway' && !known.has(id)).map(({ id }) => id),
  );
  return [...unseen].map((gatewayId) => {
    const gap = network.inventory.dangling(
      'transitVpcAttachments',
      eni.scope,
      `the attachment of ${vpcId} to ${gatewayId}`,
    );
    const layer: Layer = {
      kind: 'transit-gateway',
      subject: resource('transit-gateway', gatewayId),
      inbound: unknownFilter(gap),
    };
    const guard: Approach = {
      references: referencesUnseen(gatewayId, gap),
      key: gatewayId,
      judge: (choice) => judgePrivateReply(choice, table.found.RouteTableId, leadsTo(gatewayId), undefined),
    };
    const origin = routedOver({ network, arrival }, gatewayId).subtract(joinedNetworks(network, vpcId));
    const layers = [layer, ...subnetLayers(network, eni, guard)];
    return { kind: 'transit-gateway', origin, family: arrival.family, clientPorts: anyClient, layers, guard };
  });
}

/**
 * The ways over transit gateways: from the other VPCs on them, from the sites behind them, and for the clients that the
 * target's routes expect there. Everything is decided twice, on the way in and, with the sides swapped, on the way back.
 */
export function transitWays(network: Network, arrival: Arrival, request: PrivateRequest): SubnetWay[] {
  const { vpcId } = arrival.eni;
  if (vpcId === undefined) return [];
  const seen = attachmentsOfVpc(network, vpcId).flatMap((own) =>
    overGateway({ network, arrival, request, vpcId, own }),
  );
  return [...seen, ...unseenGateways(network, arrival, vpcId)];
}
