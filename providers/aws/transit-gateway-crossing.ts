import { type Fact, type Gap, type Layer, type Path, unknown, unknownFilter } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { type Approach, type Arrival, arrivalLayers, judgePrivateReply, seenBehind } from './arrival.js';
import { bypassed } from './by-chance.js';
import type { Network } from './network.js';
import { referencesBehindAppliance } from './references.js';
import type { Hop } from './route-table.js';
import type { References } from './security-group.js';
import type { Sources } from './source-side.js';
import { attachmentFilter, attachmentRef, type TransitAttachment, transitGap } from './transit-gateway.js';
import { replyLayer } from './transit-gateway-routing.js';
import {
  attachmentSubnets,
  distinctEntries,
  type Entry,
  entriesFrom,
  entryTo,
  exitOfTarget,
} from './transit-gateway-subnet.js';
import { type PrivateRequest, pathTo } from './vpc-path.js';

/** The target's side of one transit gateway. */
export interface Crossing {
  readonly network: Network;
  readonly arrival: Arrival;
  readonly request: PrivateRequest;
  readonly vpcId: string;
  /** The attachment of the target's VPC. */
  readonly own: TransitAttachment;
}

/** Whether a route of a VPC leads into a transit gateway. */
export const leadsTo = (gatewayId: string) => (hop: Hop) => hop.kind === 'transit-gateway' && hop.id === gatewayId;

/** Clients whose packets enter the target's VPC alike. */
export interface Lane {
  readonly from: AddressSet;
  readonly entry: Entry;
}

/** Where the packets of clients enter the target's VPC: that depends on the clients' zone. */
export function lanesOf({ network, arrival, own }: Crossing, sources: Sources | undefined): Lane[] {
  const subnets = attachmentSubnets(network, own);
  if ('gap' in subnets) {
    const inbound = unknownFilter(subnets.gap);
    const layer: Layer = { kind: 'transit-gateway-subnet', subject: attachmentRef(own), inbound };
    return [{ from: AddressSet.all, entry: { layers: [layer], appliance: undefined, meetsAcl: 'perhaps' } }];
  }
  const clients = sources && !sources.gap ? sources.subnets : [{ id: undefined, ranges: AddressSet.all }];
  const lanes = new Map<string, { ranges: AddressSet[]; entry: Entry }>();
  for (const { id, ranges } of clients) {
    const zone = network.inventory.get('subnets', id);
    const entries = distinctEntries(entriesFrom(own, subnets.found, zone), arrival.eni.subnetId);
    const key = entries.map((entry) => entry.id).join(' ');
    const lane = lanes.get(key) ?? { ranges: [], entry: entryTo(network, own, entries, arrival) };
    lane.ranges.push(ranges);
    lanes.set(key, lane);
  }
  return [...lanes.values()].map(({ ranges, entry }) => ({ from: AddressSet.unionOf(ranges), entry }));
}

/** What differs between the ways over one transit gateway to one target. */
interface Approaching {
  readonly origin: AddressSet;
  /** From the clients to their side of the transit gateway. */
  readonly layers: readonly Layer[];
  readonly from: TransitAttachment | undefined;
  readonly lane: Lane;
  readonly references: References;
  /** Set where the packets may have passed an appliance that rewrites them. */
  readonly inspected: Gap | undefined;
  readonly clientPorts: Path['clientPorts'];
}

/** The guards of the target's subnet and interface. An ACL that the packets only may meet stops nothing for certain. */
function guardsOf({ network, arrival, own }: Crossing, { lane, references, inspected }: Approaching): Layer[] {
  const { eni, family } = arrival;
  const { appliance, meetsAcl } = lane.entry;
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : '';
  const approach: Approach = {
    references: inspected ? referencesBehindAppliance(network) : references,
    key: `${own.gatewayId} ${appliance?.hop.id}`,
    judge: (choice) => judgePrivateReply(choice, tableId, leadsTo(own.gatewayId), appliance?.hop),
    ...(inspected && { seen: seenBehind(family, inspected) }),
    ...(meetsAcl === 'never' && { aclInbound: false }),
  };
  const layers = arrivalLayers(network, eni, approach);
  if (meetsAcl !== 'perhaps') return layers;
  const perhaps = network.once(`perhaps ${own.id}`, (): Fact<AddressSet> => {
    const detail = `the transit gateway picks a subnet of ${own.id} by itself, and one of them is the target's own`;
    return unknown(AddressSet.all, transitGap(own.id, detail));
  });
  return layers.map((layer) =>
    layer.kind === 'network-acl' && layer.inbound?.kind === 'rules'
      ? { ...layer, inbound: bypassed(layer.inbound, perhaps) }
      : layer,
  );
}

/** The target's side of the transit gateway: in by its attachment, back by the table of the same attachment. */
export function wayOver(crossing: Crossing, approaching: Approaching): Path {
  const { network, arrival, request, own } = crossing;
  const ownLayer: Layer = {
    kind: 'transit-gateway-attachment',
    subject: attachmentRef(own),
    inbound: attachmentFilter(network, own, arrival.family),
    returning: exitOfTarget(network, own, arrival),
  };
  const layers = [
    ...request.head,
    ...approaching.layers,
    replyLayer(network, own, approaching.from),
    ownLayer,
    ...approaching.lane.entry.layers,
    ...guardsOf(crossing, approaching),
  ];
  return pathTo(arrival, 'transit-gateway', approaching.origin, layers, approaching.clientPorts);
}
