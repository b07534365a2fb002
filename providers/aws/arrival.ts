import { type Layer, type Reason, type Seen, unknownFilter } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, type Family, formatAddress, parseAddress } from '../../src/set/index.js';
import { trackedBy } from './connection-tracking.js';
import { applianceGap } from './internet-gateway.js';
import { type Interface, type Network, nameTag, resource } from './network.js';
import { aclFilter } from './network-acl.js';
import { placeGap, rangesOfRecord } from './ranges.js';
import type { Instance } from './records/records.js';
import { type Hop, type Judgement, type RouteChoice, returnFilter } from './route-table.js';
import { groupRef, inboundFilter, type References } from './security-group.js';

/** One address of one interface that packets arrive at. */
export interface Arrival {
  readonly eni: Interface;
  readonly address: Address;
  readonly family: Family;
  /** Names the address among those of its VPC: addresses that nothing tells apart may have one name. */
  readonly place: string;
  /** The address in sentences. */
  readonly text: string;
}

/** An arrival that is about this address and no other. */
export function arrivalAt(eni: Interface, address: Address): Arrival {
  const text = formatAddress(address);
  return { eni, address, family: address.family, place: text, text };
}

/** The primary address of an instance in one family: what is meant when only the instance is named. */
export function primaryArrival(network: Network, instance: Instance, family: Family): Arrival | undefined {
  const [eni] = network.interfacesOf(instance);
  const primary = eni?.addresses.find((address) => address.primary) ?? eni?.addresses[0];
  const text = family === 4 ? primary?.privateIp : eni?.ipv6[0];
  const address = text === undefined ? undefined : parseAddress(text);
  return eni && address && arrivalAt(eni, address);
}

/** How packets come to the subnet, as far as its own guards see it. */
export interface Approach {
  readonly references: References;
  /** Names the transport for replies; equal keys judge alike. */
  readonly key: string;
  readonly judge: (choice: RouteChoice) => Judgement;
  readonly seen?: Seen;
  /** Why the groups refuse, where that is more than that no rule allows it. */
  readonly refusal?: Reason | undefined;
  /** The ACL is not asked where the transport bypasses it. */
  readonly aclInbound?: false;
}

/** The interface's groups: the last layer before the machine. */
export function groupLayer(
  network: Network,
  eni: Interface,
  references: References,
  seen?: Seen,
  refusal?: Reason,
): Layer {
  const bearer = { vpcId: eni.vpcId, scope: eni.scope };
  const [first] = eni.groups ?? [];
  if (eni.groups === undefined || first === undefined) {
    const gap = network.inventory.dangling('groups', eni.scope, `the security groups of ${eni.id}`);
    return { kind: 'security-group', subject: resource('network-interface', eni.id), inbound: unknownFilter(gap) };
  }
  const subject = groupRef(network, first);
  const inbound = inboundFilter(network, eni.groups, references, bearer, refusal);
  const tracked = trackedBy(network, eni.groups, references, bearer);
  return { kind: 'security-group', subject, inbound, tracked, ...(seen && { seen }) };
}

/** Without the records of the subnet and the VPC nobody knows which ranges are local and which guards belong to them. */
function evidenceLayers(network: Network, eni: Interface): Layer[] {
  const layers: Layer[] = [];
  const missing = (name: 'subnets' | 'vpcs', id: string | undefined) => {
    const gap = placeGap(network.inventory, name, id, eni.scope);
    if (!gap) return;
    const kind = name === 'subnets' ? 'subnet' : 'vpc';
    layers.push({ kind, subject: resource(kind, id ?? eni.id), inbound: unknownFilter(gap) });
  };
  missing('subnets', eni.subnetId);
  missing('vpcs', eni.vpcId);
  return layers;
}

function aclLayer(network: Network, eni: Interface, approach: Approach): Layer {
  const acl = network.aclOf(eni.subnetId, eni.scope);
  const seen = approach.seen && { seen: approach.seen };
  if ('gap' in acl) {
    const filter = unknownFilter(acl.gap);
    return {
      kind: 'network-acl',
      subject: resource('subnet', eni.subnetId ?? eni.id),
      inbound: filter,
      returning: filter,
    };
  }
  const subject = resource('network-acl', acl.found.NetworkAclId, nameTag(acl.found));
  const inbound = approach.aclInbound === false ? {} : { inbound: aclFilter(network, acl.found, 'in') };
  return { kind: 'network-acl', subject, ...inbound, returning: aclFilter(network, acl.found, 'out'), ...seen };
}

function returnLayer(network: Network, eni: Interface, approach: Approach): Layer {
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  if ('gap' in table) {
    return {
      kind: 'route-table',
      subject: resource('subnet', eni.subnetId ?? eni.id),
      returning: unknownFilter(table.gap),
    };
  }
  const { found } = table;
  const subject = resource('route-table', found.RouteTableId, nameTag(found));
  return { kind: 'route-table', subject, returning: returnFilter(network, found, approach.key, approach.judge) };
}

/** What guards the target's subnet, for packets that come from outside of it. */
export function subnetLayers(network: Network, eni: Interface, approach: Approach): Layer[] {
  return [...evidenceLayers(network, eni), returnLayer(network, eni, approach), aclLayer(network, eni, approach)];
}

/** The subnet of an interface, where its ranges are known. */
export function subnetOf(
  network: Network,
  eni: Interface,
): { readonly id: string; readonly ranges: AddressSet } | undefined {
  const subnet = network.inventory.get('subnets', eni.subnetId);
  if (!subnet || subnet.broken !== undefined) return undefined;
  return {
    id: subnet.SubnetId,
    ranges: network.once(`subnet ranges ${subnet.SubnetId}`, () => addressSet(rangesOfRecord(subnet))),
  };
}

export function everyAddress(family: Family): AddressSet {
  return family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
}

/** Behind an appliance the far end may be anybody. */
export function seenBehind(family: Family, gap: Seen['gap']): Seen {
  const addresses = everyAddress(family);
  return { addresses, choice: 'any', ...(gap && { gap }) };
}

const elsewhere: ReadonlySet<Hop['kind']> = new Set([
  'transit-gateway',
  'vpn-gateway',
  'core-network',
  'local-gateway',
  'unknown',
]);

/** A default route to the internet is no way back to a private network: the gateways drop what they cannot translate. */
const towardsInternet: ReadonlySet<Hop['kind']> = new Set([
  'internet-gateway',
  'nat-gateway',
  'egress-only-internet-gateway',
]);

/** What a route means for replies to clients behind a private transport; `leads` tells the way that they came. */
export function judgePrivateReply(
  choice: RouteChoice,
  tableId: string,
  leads: (hop: Hop) => boolean,
  appliance: Hop | undefined,
): Judgement {
  const { hop, destination } = choice;
  if (leads(hop)) return 'ok';
  const data = { table: tableId, destination, hop: hop.id };
  if (hop.kind === 'local') return { stop: { code: 'aws/rt-local-overlap', data } };
  if (hop.kind === 'network-interface' || hop.kind === 'endpoint') {
    const code = appliance?.id === hop.id ? 'mbx-inspected' : 'mbx-asymmetric';
    return { unsure: applianceGap(code, hop, `replies pass through ${hop.id}, whose rules are not in the evidence`) };
  }
  if (elsewhere.has(hop.kind))
    return {
      unsure: applianceGap('rt-asymmetric', hop, `replies leave through ${hop.id}, not the way the request came`),
    };
  if (towardsInternet.has(hop.kind)) return { stop: { code: 'aws/rt-missing', data } };
  return { stop: { code: 'aws/rt-asymmetric', data, component: resource(hop.kind, hop.id) } };
}
