import { type Fact, type Gap, type Layer, unknown, unknownFilter } from '../../../src/model/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { type Approach, type Arrival, judgePrivateReply, seenBehind, subnetLayers } from '../arrival.js';
import { bypassed } from '../by-chance.js';
import type { Network } from '../network.js';
import { referencesBehindAppliance } from '../references.js';
import type { Hop } from '../route-table.js';
import type { References } from '../security-group.js';
import type { Sources } from '../source-side.js';
import type { PrivateRequest } from '../vpc-path.js';
import type { SubnetWay } from '../way.js';
import { attachmentFilter, attachmentRef, type TransitAttachment, transitGap } from './attachment.js';
import { replyLayer } from './routing.js';
import { attachmentSubnets, distinctEntries, type Entry, entriesFrom, entryTo, exitOfTarget } from './subnet.js';

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
  /** The VPC of the clients, where it is known. */
  readonly network?: string;
  /** From the clients to their side of the transit gateway. */
  readonly layers: readonly Layer[];
  readonly from: TransitAttachment | undefined;
  readonly lane: Lane;
  readonly references: References;
  /** Set where the packets may have passed an appliance that rewrites them. */
  readonly inspected: Gap | undefined;
  readonly clientPorts: SubnetWay['clientPorts'];
}

/** The guards of the target's subnet, and how its interface sees the clients. */
interface Guards {
  readonly layers: readonly Layer[];
  readonly guard: Approach;
}

/** An ACL that the packets only may meet stops nothing for certain. */
function guardsOf({ network, arrival, own }: Crossing, { lane, references, inspected }: Approaching): Guards {
  const { eni, family } = arrival;
  const { appliance, meetsAcl } = lane.entry;
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : '';
  const guard: Approach = {
    references: inspected ? referencesBehindAppliance(network) : references,
    key: `${own.gatewayId} ${appliance?.hop.id}`,
    judge: (choice) => judgePrivateReply(choice, tableId, leadsTo(own.gatewayId), appliance?.hop),
    ...(inspected && { seen: seenBehind(family, inspected) }),
    ...(meetsAcl === 'never' && { aclInbound: false }),
  };
  const layers = subnetLayers(network, eni, guard);
  if (meetsAcl !== 'perhaps') return { layers, guard };
  const perhaps = network.once(`perhaps ${own.id}`, (): Fact<AddressSet> => {
    const detail = `the transit gateway picks a subnet of ${own.id} by itself, and one of them is the target's own`;
    return unknown(AddressSet.all, transitGap(own.id, detail));
  });
  const spared = layers.map((layer) =>
    layer.kind === 'network-acl' && layer.inbound?.kind === 'rules'
      ? { ...layer, inbound: bypassed(layer.inbound, perhaps) }
      : layer,
  );
  return { layers: spared, guard };
}

/** The target's side of the transit gateway: in by its attachment, back by the table of the same attachment. */
export function wayOver(crossing: Crossing, approaching: Approaching): SubnetWay {
  const { network, arrival, own } = crossing;
  const ownLayer: Layer = {
    kind: 'transit-gateway-attachment',
    subject: attachmentRef(own),
    inbound: attachmentFilter(network, own, arrival.family),
    returning: exitOfTarget(network, own, arrival),
  };
  const { layers, guard } = guardsOf(crossing, approaching);
  return {
    kind: 'transit-gateway',
    origin: approaching.origin,
    ...(approaching.network !== undefined && { network: approaching.network }),
    family: arrival.family,
    clientPorts: approaching.clientPorts,
    layers: [
      ...approaching.layers,
      replyLayer(network, own, approaching.from),
      ownLayer,
      ...approaching.lane.entry.layers,
      ...layers,
    ],
    guard,
  };
}
