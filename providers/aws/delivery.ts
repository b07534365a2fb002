import {
  type Gap,
  type Layer,
  passFilter,
  type Reason,
  type Seen,
  stopFilter,
  unknownFilter,
} from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { type Approach, type Arrival, groupLayer, judgePrivateReply, seenBehind, subnetLayers } from './arrival.js';
import type { Scope } from './inventory.js';
import { groupsOf, type Network } from './network.js';
import { referencesBehindAppliance, referencesOfSender } from './references.js';
import { egressTo, groupRef, groupRules, type References } from './security-group.js';
import { departures, egressReferences, sourcesOf } from './source-side.js';
import { destinationOf } from './vpc-path.js';

/** What opens the connection to the target on the client's behalf: the node of a balancer, an endpoint. */
export interface Sender {
  readonly vpcId: string;
  readonly scope: Scope;
  readonly subnetId: string | undefined;
  /** From where it sends, in the target's family. */
  readonly addresses: AddressSet;
  /** Set where it sends from one of these, and which one was not recorded. */
  readonly gap: Gap | undefined;
  readonly groups: readonly string[];
  /** The code for groups of its own that do not let it out. */
  readonly keptIn: string;
}

/**
 * Whose address the target sees: the sender's own, or the client's. `code` is for groups of the target that allow only the
 * other one. A gap where that is not known.
 */
export type View = { readonly whose: 'sender' | 'client'; readonly code: string } | Gap;

export function keepsClient(view: View): boolean {
  return 'whose' in view && view.whose === 'client';
}

/** A sender that keeps the client's address is still known by its groups; the client's own groups count no more. */
function references(network: Network, sender: Sender, view: View): References {
  const own = referencesOfSender(sender.groups);
  if ('whose' in view && view.whose === 'sender') return own;
  const others = referencesBehindAppliance(network);
  return {
    key: `${own.key} for ${others.key}`,
    resolve: (pair, group) => (sender.groups.includes(pair.GroupId) ? own : others).resolve(pair, group),
  };
}

/** Why the target's groups refuse: they may allow the one whose address does not arrive. */
function refusalOf(
  network: Network,
  sender: Sender,
  { eni }: Arrival,
  port: number,
  view: View,
  known: References,
): Reason | undefined {
  if (!('whose' in view)) return undefined;
  const rules = (eni.groups ?? []).flatMap((id) => groupRules(network, id, false, known, eni));
  const client = keepsClient(view);
  const misled = rules.some(({ action, peers, ports }) => {
    if (action !== 'allow' || !peers.known || !ports.known || !ports.value.has(port)) return false;
    return client ? peers.value.overlaps(sender.addresses) : !peers.value.isEmpty;
  });
  if (!misled) return undefined;
  const seen = client ? "the client's own address" : sender.addresses.prefixes().join(', ').replaceAll('/32', '');
  return { code: view.code, data: { seen } };
}

function egressLayer(network: Network, sender: Sender, { eni, address, text }: Arrival, port: number): Layer[] {
  const { groups, vpcId, scope } = sender;
  const [first] = groups;
  if (first === undefined) return [];
  const known = egressReferences(groupsOf(network, eni));
  const rules = groups.flatMap((id) => groupRules(network, id, true, known, { vpcId, scope }));
  const decision = egressTo(rules, address, port);
  const subject = groupRef(network, first);
  const data = { groups: groups.join(', '), destination: text, port: String(port) };
  const stop = () => stopFilter({ code: sender.keptIn, data }, subject);
  const inbound =
    decision === 'allows' ? passFilter : decision === 'denies' ? stop() : unknownFilter(decision, subject);
  return [{ kind: 'source-security-group', subject, inbound }];
}

/** The sender's way out of its own subnet. */
function departureOf(network: Network, sender: Sender, arrival: Arrival, port: number) {
  const { vpcId, scope, addresses } = sender;
  const sources = sourcesOf(network, vpcId, scope, network.rangesOf(vpcId));
  const request = { port, detailed: false };
  const destination = destinationOf(network, arrival, request, 'local', (hop) => hop.kind === 'local', true);
  const all = departures(network, sources, destination, AddressSet.empty);
  return all.find(({ origin }) => origin.overlaps(addresses));
}

/**
 * What stands between a sender and the target in one VPC: the sender's groups, what guards and routes both subnets, the
 * target's groups. Replies to an address that the sender keeps for its client go back through the sender, whatever the
 * target's routes say.
 */
export function deliveryLayers(network: Network, sender: Sender, arrival: Arrival, port: number, view: View): Layer[] {
  const { eni, family } = arrival;
  const { addresses, gap } = sender;
  const here: Seen = gap ? { addresses, choice: 'any', gap } : { addresses, choice: 'each' };
  const known = references(network, sender, view);
  const refusal = refusalOf(network, sender, arrival, port, view, known);
  const arriving = keepsClient(view) ? undefined : 'whose' in view ? here : seenBehind(family, view);
  const egress = egressLayer(network, sender, arrival, port);
  if (eni.subnetId !== undefined && eni.subnetId === sender.subnetId) {
    return [...egress, groupLayer(network, eni, known, arriving, refusal)];
  }
  const departure = departureOf(network, sender, arrival, port);
  const appliance = departure?.appliance;
  const seen = appliance ? seenBehind(family, appliance.gap) : arriving;
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : '';
  const approach: Approach = {
    references: known,
    key: `local ${appliance?.hop.id}`,
    judge: (choice) => judgePrivateReply(choice, tableId, (hop) => hop.kind === 'local', appliance?.hop),
    ...(seen && { seen }),
    refusal,
  };
  const arrived = [...subnetLayers(network, eni, approach), groupLayer(network, eni, known, seen, refusal)];
  return [
    ...egress,
    ...(departure?.layers ?? [])
      .filter((layer) => layer.kind !== 'source-security-group')
      .map((layer) => ({ ...layer, seen: here })),
    ...(keepsClient(view)
      ? arrived.filter((layer) => layer.kind !== 'route-table')
      : arrived.map((layer) => (layer.kind === 'route-table' ? { ...layer, seen: here } : layer))),
  ];
}
