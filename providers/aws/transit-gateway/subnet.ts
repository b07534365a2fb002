import {
  type Fact,
  type Filter,
  type Gap,
  known,
  type Layer,
  type Rule,
  type RuleFilter,
  stopFilter,
  unknown,
  unknownFilter,
} from '../../../src/model/index.js';
import { type Address, AddressSet, PortSet } from '../../../src/set/index.js';
import type { Arrival } from '../arrival.js';
import { byChance, bypassed } from '../by-chance.js';
import { aclRulesAbout, aclRulesFor, doubt, type GuardedSubnet, guardedSubnet } from '../guarded-subnet.js';
import { type Appliance, applianceGap } from '../internet-gateway.js';
import type { Placed } from '../inventory.js';
import { type Lookup, type Network, resource } from '../network.js';
import { placeGap } from '../ranges.js';
import type { Subnet } from '../records/records.js';
import {
  type Hop,
  type Judgement,
  judgeState,
  type RouteChoice,
  returnFilter,
  routesFor,
  rulesOfRoute,
} from '../route-table.js';
import { isAppliance, type Sources } from '../source-side.js';
import { attachmentRef, type TransitAttachment, transitGap } from './attachment.js';

/** A subnet in which an attachment has an interface. */
export interface AttachmentSubnet extends GuardedSubnet {
  readonly record: Placed<Subnet>;
}

export function attachmentSubnets(
  network: Network,
  attachment: TransitAttachment,
): Lookup<readonly AttachmentSubnet[]> {
  return network.once(`attachment subnets ${attachment.id}`, () => {
    if (attachment.gap) return { gap: attachment.gap };
    const subnets: AttachmentSubnet[] = [];
    for (const id of attachment.subnetIds) {
      const record = network.inventory.get('subnets', id);
      if (!record || record.broken !== undefined) {
        return { gap: network.inventory.dangling('subnets', attachment.scope, `a readable record of ${id}`) };
      }
      subnets.push({ ...guardedSubnet(network, record), record });
    }
    return { found: subnets };
  });
}

/** Whether two subnets are in one zone. Only the ids of zones mean the same in every account. */
function sameZone(a: Placed<Subnet>, b: Placed<Subnet>): boolean | undefined {
  if (a.AvailabilityZoneId !== undefined && b.AvailabilityZoneId !== undefined) {
    return a.AvailabilityZoneId === b.AvailabilityZoneId;
  }
  const comparable = a.VpcId === b.VpcId || (a.account !== undefined && a.account === b.account);
  if (!comparable || a.AvailabilityZone === undefined || b.AvailabilityZone === undefined) return undefined;
  return a.AvailabilityZone === b.AvailabilityZone;
}

/** The subnet by which packets of a subnet get into the transit gateway: the attachment's one in the same zone, if it has one. */
function exitFrom(
  network: Network,
  attachment: TransitAttachment,
  subnetId: string | undefined,
): Lookup<AttachmentSubnet | undefined> {
  const subnets = attachmentSubnets(network, attachment);
  if ('gap' in subnets) return subnets;
  const from = network.inventory.get('subnets', subnetId);
  const same = subnets.found.map((subnet) => ({ subnet, same: from && sameZone(subnet.record, from) }));
  const found = same.find((one) => one.same)?.subnet;
  if (found || same.every((one) => one.same === false)) return { found };
  return { gap: network.inventory.dangling('subnets', attachment.scope, `the zone of ${subnetId ?? 'the subnet'}`) };
}

/**
 * The subnets of which the transit gateway takes one for packets from a zone: the one in that zone, any where there is none.
 * In appliance mode it may be any in any case (transit gateway guide, how transit gateways work; appliance mode).
 */
export function entriesFrom(
  attachment: TransitAttachment,
  subnets: readonly AttachmentSubnet[],
  from: Placed<Subnet> | undefined,
): readonly AttachmentSubnet[] {
  if (!from || attachment.options.ApplianceModeSupport === 'enable') return subnets;
  const same = subnets.filter((subnet) => sameZone(subnet.record, from));
  return same.length > 0 ? same : subnets;
}

/** One of the subnets for each way in which they treat packets: which of equal ones is taken does not matter. */
export function distinctEntries(
  subnets: readonly AttachmentSubnet[],
  targetSubnetId: string | undefined,
): readonly AttachmentSubnet[] {
  const byTreatment = new Map<string, AttachmentSubnet>();
  for (const subnet of subnets) {
    const { acl, table, id } = subnet;
    const known = 'found' in acl && 'found' in table && id !== targetSubnetId;
    const treatment = known ? `${acl.found.NetworkAclId} ${table.found.RouteTableId}` : id;
    if (!byTreatment.has(treatment)) byTreatment.set(treatment, subnet);
  }
  return [...byTreatment.values()];
}

function inspection(hop: Hop): Gap {
  const detail = `packets of the transit gateway pass through ${hop.id}, whose rules are not in the evidence`;
  return applianceGap('mbx-inspected', hop, detail);
}

/** What a route of an attachment's subnet means for packets that have arrived in their VPC. */
function judgeEntry(choice: RouteChoice, tableId: string): Judgement {
  const { hop, destination } = choice;
  if (hop.kind === 'local') return 'ok';
  if (isAppliance(hop)) return { unsure: inspection(hop) };
  return { stop: { code: 'aws/rt-missing', data: { table: tableId, destination, hop: hop.id } } };
}

function entryRouteRules(
  network: Network,
  subnet: AttachmentSubnet,
  { address, text: destination }: Pick<Arrival, 'address' | 'text'>,
  peers: AddressSet,
): Rule[] {
  if ('gap' in subnet.table) return doubt(subnet.table.gap, peers, resource('subnet', subnet.id));
  const table = subnet.table.found;
  const rules = routesFor(network, table, address).flatMap((choice) =>
    rulesOfRoute(table, choice, judgeState(table, choice) ?? judgeEntry(choice, table.RouteTableId), peers),
  );
  const data = { table: table.RouteTableId, destination };
  const reason = { code: 'aws/rt-missing', data };
  const of = resource('route-table', table.RouteTableId);
  return [
    ...rules,
    {
      id: null,
      of,
      action: 'drop',
      peers: known(peers),
      ports: known(PortSet.all),
      text: `has no route to ${data.destination}`,
      reason,
    },
  ];
}

/** The outbound half of an ACL, asked about a request: no client ports are at stake, so there is no part of them to name. */
function ofRequest({ reason, ...rule }: Rule): Rule {
  return reason ? { ...rule, reason: { code: reason.code, data: reason.data } } : rule;
}

function applianceOf(network: Network, subnet: AttachmentSubnet, address: Address): Appliance | undefined {
  if ('gap' in subnet.table) return undefined;
  const choice = routesFor(network, subnet.table.found, address).at(-1);
  if (choice?.route.State !== 'active' || !isAppliance(choice.hop)) return undefined;
  return { hop: choice.hop, gap: inspection(choice.hop) };
}

/** How packets get from an attachment's subnets to the target. */
export interface Entry {
  readonly layers: readonly Layer[];
  /** The appliance that all or some of them pass. */
  readonly appliance: Appliance | undefined;
  /** Whether they meet the ACL of the target's subnet on the way in: not where the gateway's interface is in that subnet. */
  readonly meetsAcl: 'always' | 'never' | 'perhaps';
}

/**
 * The way from the attachment's subnets to the target: their routes, and the outbound half of their ACLs. Inside one subnet
 * neither is asked (transit gateway guide, network ACLs). Where the gateway picks among several, each is a possibility.
 */
export function entryTo(
  network: Network,
  attachment: TransitAttachment,
  entries: readonly AttachmentSubnet[],
  { eni, address, place, text }: Arrival,
): Entry {
  const [only] = entries;
  const several = entries.length > 1;
  const others = entries.filter((entry) => entry.id !== eni.subnetId);
  const meetsAcl = others.length === 0 && only ? 'never' : others.length === entries.length ? 'always' : 'perhaps';
  const key = `entry ${attachment.id} ${entries.map(({ id }) => id).join(' ')} ${eni.subnetId} ${place}`;
  const inbound = network.once(key, (): Filter => {
    const rulesOf = (rules: (entry: AttachmentSubnet, peers: AddressSet) => Rule[]): RuleFilter => ({
      kind: 'rules',
      rules: others.flatMap((entry) => rules(entry, several ? entry.ranges : AddressSet.all)),
      otherwise: 'allow',
    });
    const routes = rulesOf((entry, peers) => entryRouteRules(network, entry, { address, text }, peers));
    const acls = rulesOf((entry, peers) => aclRulesFor(network, entry, 'out', address, peers).map(ofRequest));
    return { kind: 'all', of: [routes, acls] };
  });
  const addresses = AddressSet.unionOf(entries.map(({ ranges }) => ranges));
  const layer: Layer = {
    kind: 'transit-gateway-subnet',
    subject: only && !several ? resource('subnet', only.id) : attachmentRef(attachment),
    inbound,
    ...(several && { seen: { addresses, choice: 'each' } }),
  };
  const appliance = others.map((entry) => applianceOf(network, entry, address)).find((found) => found !== undefined);
  return { layers: [layer], appliance, meetsAcl };
}

/**
 * The way of the target's replies into the transit gateway: the attachment must stand in the target's zone, and the ACL of
 * its subnet there is asked inbound, even where that is the target's own subnet.
 */
export function exitOfTarget(
  network: Network,
  attachment: TransitAttachment,
  { eni, address, place }: Arrival,
): RuleFilter {
  const exit = exitFrom(network, attachment, eni.subnetId);
  if ('gap' in exit) return unknownFilter(exit.gap);
  const { found } = exit;
  if (!found) return stopFilter(outsideZones(network, attachment, eni.subnetId));
  return network.once(`exit ${attachment.id} ${found.id} ${place}`, () => ({
    kind: 'rules',
    rules: aclRulesFor(network, found, 'in', address, AddressSet.all),
    otherwise: 'allow',
  }));
}

function outsideZones(network: Network, attachment: TransitAttachment, subnetId: string | undefined) {
  const zone = network.inventory.get('subnets', subnetId)?.AvailabilityZone;
  return { code: 'aws/tgw-az', data: { attachment: attachment.id, ...(zone !== undefined && { zone }) } };
}

/** The way of the clients' packets into the transit gateway, from each of their subnets; the ACL there is asked inbound. */
export function exitOfSources(network: Network, attachment: TransitAttachment, sources: Sources): RuleFilter {
  return network.once(`exit ${attachment.id} of ${sources.vpcId}`, () => {
    const rules = sources.subnets.flatMap(({ id, ranges }): Rule[] => {
      // Subnets that cannot be read share what is left of the VPC: none may answer for all of it.
      const unread = placeGap(network.inventory, 'subnets', id, sources.scope);
      const exit = unread ? { gap: unread } : exitFrom(network, attachment, id);
      if ('gap' in exit) return doubt(exit.gap, ranges, attachmentRef(attachment));
      if (exit.found) return aclRulesAbout(network, exit.found, 'source-in', ranges);
      const reason = outsideZones(network, attachment, id);
      const text = `has no subnet in ${reason.data.zone ?? 'the zone'}`;
      return [{ id: null, action: 'drop', peers: known(ranges), ports: known(PortSet.all), text, reason }];
    });
    return { kind: 'rules', rules, otherwise: 'allow' };
  });
}

const nobody = known(AddressSet.empty);

/** How replies get from the attachment to the clients, and the clients whose own ACL they surely or perhaps do not meet. */
export interface Homecoming {
  readonly filter: Filter;
  readonly spared: Fact<AddressSet>;
}

function guardsOf(network: Network, entry: AttachmentSubnet, spared: Fact<AddressSet>): RuleFilter[] {
  const { table } = entry;
  const routes =
    'gap' in table
      ? unknownFilter(table.gap)
      : returnFilter(network, table.found, 'transit entry', (choice) => judgeEntry(choice, table.found.RouteTableId));
  const acl: RuleFilter = {
    kind: 'rules',
    rules: aclRulesAbout(network, entry, 'source-out', AddressSet.all),
    otherwise: 'allow',
  };
  return [bypassed(routes, spared), bypassed(acl, spared)];
}

/** The way of the replies from the target's zone to the clients: routes and outbound ACL of the attachment's subnets. */
export function entryToSources(
  network: Network,
  attachment: TransitAttachment,
  target: Placed<Subnet> | undefined,
): Homecoming {
  const subnets = attachmentSubnets(network, attachment);
  if ('gap' in subnets) return { filter: unknownFilter(subnets.gap), spared: nobody };
  const entries = entriesFrom(attachment, subnets.found, target);
  return network.once(`home ${attachment.id} ${entries.map(({ id }) => id).join(' ')}`, () => {
    const own = AddressSet.unionOf(entries.map(({ ranges }) => ranges));
    const gap = transitGap(
      attachment.id,
      `the transit gateway picks a subnet of ${attachment.id} for replies by itself, and they differ`,
    );
    const spared = entries.length === 1 ? known(own) : unknown(own, gap);
    const ways = distinctEntries(entries, undefined).map((entry) => guardsOf(network, entry, spared));
    return { filter: byChance(ways, gap), spared };
  });
}
