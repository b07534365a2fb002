import type { Filter, Layer, Outcome, Path } from '../model/index.js';
import { AddressSet, type PortSet, TrafficSet } from '../set/index.js';
import { assess } from './assess.js';
import { compile } from './compiled.js';
import { effectOf } from './effect.js';

/** Who gets through a path, without the signatures: three disjoint sets; whoever else uses the path is stopped. */
export interface Summary {
  readonly reachable: AddressSet;
  readonly partial: AddressSet;
  readonly unknown: AddressSet;
}

/** What a layer, or a row of layers, lets through for sure and at best, and for whom only a closer look tells. */
interface Bounds {
  readonly sure: AddressSet;
  readonly possible: AddressSet;
  readonly mixed: AddressSet;
}

const open: Bounds = { sure: AddressSet.all, possible: AddressSet.all, mixed: AddressSet.empty };

function both(a: Bounds, b: Bounds): Bounds {
  if (a === open) return b;
  if (b === open) return a;
  return { sure: a.sure.intersect(b.sure), possible: a.possible.intersect(b.possible), mixed: a.mixed.union(b.mixed) };
}

function trafficWith(
  filter: Filter,
  port: number | 'returning',
  wanted: (outcomes: readonly Outcome[]) => boolean,
): TrafficSet {
  return TrafficSet.unionOf(
    compile(filter, port)
      .filter((share) => wanted(share.outcomes))
      .map((share) => share.traffic),
  );
}

/** The bounds of a filter by port, or by the client ports that replies go to: groups, lists and tables are shared. */
const known = new WeakMap<Filter, Map<number | TrafficSet, Bounds>>();

function once(filter: Filter, key: number | TrafficSet, build: () => Bounds): Bounds {
  const byKey = known.get(filter) ?? new Map<number | TrafficSet, Bounds>();
  const found = byKey.get(key);
  if (found) return found;
  const bounds = build();
  known.set(filter, byKey.set(key, bounds));
  return bounds;
}

/**
 * A list whose allow rules come first and that drops the rest, as a security group is: whoever one of them surely matches
 * gets in, and nobody else than whom one of them may match. Undefined for any other list.
 */
function unionBounds(filter: Filter, port: number): Bounds | undefined {
  if (filter.kind !== 'rules' || filter.otherwise === 'allow' || filter.otherwise === 'next') return undefined;
  const firstStop = filter.rules.findIndex((rule) => rule.action !== 'allow');
  const allows = firstStop < 0 ? filter.rules : filter.rules.slice(0, firstStop);
  if (filter.rules.slice(allows.length).some((rule) => rule.action === 'allow' || rule.action === 'next'))
    return undefined;
  const sure: AddressSet[] = [];
  const unsure: AddressSet[] = [];
  for (const { peers, ports } of allows) {
    if (!(ports.known ? ports.value : ports.within).has(port)) continue;
    if (peers.known && ports.known) sure.push(peers.value);
    else unsure.push(peers.known ? peers.value : peers.within);
  }
  const surely = AddressSet.unionOf(sure);
  const possible = unsure.length === 0 ? surely : AddressSet.unionOf([surely, ...unsure]);
  return { sure: surely, possible, mixed: AddressSet.empty };
}

function inboundBounds(filter: Filter, port: number): Bounds {
  const union = unionBounds(filter, port);
  if (union) return union;
  const sure = trafficWith(filter, port, (outcomes) => effectOf(outcomes) === 'passes').addresses();
  const possible = trafficWith(filter, port, (outcomes) => effectOf(outcomes) !== 'stops').addresses();
  return sure.equals(AddressSet.all)
    ? open
    : { sure, possible: possible.equals(sure) ? sure : possible, mixed: AddressSet.empty };
}

/** For clients that send from these ports: all of them pass, none does, all are in doubt, or it differs from port to port. */
function returningBounds(filter: Filter, clients: AddressSet, ports: PortSet): Bounds {
  const asked = TrafficSet.of(clients, ports);
  const passing = trafficWith(filter, 'returning', (outcomes) => effectOf(outcomes) === 'passes').intersect(asked);
  const stopped = trafficWith(filter, 'returning', (outcomes) => effectOf(outcomes) === 'stops').intersect(asked);
  const sure = passing.addressesWithAll(ports).intersect(clients);
  const none = stopped.addressesWithAll(ports).intersect(clients);
  const possible = clients.subtract(none);
  const mixed = passing.addresses().union(stopped.addresses()).subtract(sure).subtract(none);
  return { sure, possible, mixed };
}

function replyBounds(filter: Filter, clientPorts: TrafficSet): Bounds {
  const parts = clientPorts.blocks.map((block) => returningBounds(filter, block.addresses, block.ports));
  const sure = AddressSet.unionOf(parts.map((part) => part.sure));
  if (sure.equals(AddressSet.all)) return open;
  const possible = AddressSet.unionOf(parts.map((part) => part.possible));
  return { sure, possible, mixed: AddressSet.unionOf(parts.map((part) => part.mixed)) };
}

/** A layer that sees other addresses than the clients' is looked at closely. */
function layerBounds(layer: Layer, port: number, clientPorts: TrafficSet): Bounds {
  if (layer.seen) return { ...open, mixed: AddressSet.all };
  const { inbound, returning } = layer;
  const there = inbound ? once(inbound, port, () => inboundBounds(inbound, port)) : open;
  const back = returning ? once(returning, clientPorts, () => replyBounds(returning, clientPorts)) : open;
  return both(there, back);
}

const remembered = new WeakMap<readonly Layer[], WeakMap<TrafficSet, Map<number, Bounds>>>();

/** The sum of a row of layers. Many paths share such rows, so each is summed once for a port. */
function segmentBounds(segment: readonly Layer[], port: number, clientPorts: TrafficSet): Bounds {
  if (segment.length < 2) return sumOf(segment, port, clientPorts);
  const byClients = remembered.get(segment) ?? new WeakMap<TrafficSet, Map<number, Bounds>>();
  remembered.set(segment, byClients);
  const byPort = byClients.get(clientPorts) ?? new Map<number, Bounds>();
  byClients.set(clientPorts, byPort);
  const found = byPort.get(port);
  if (found) return found;
  const bounds = sumOf(segment, port, clientPorts);
  byPort.set(port, bounds);
  return bounds;
}

function sumOf(layers: readonly Layer[], port: number, clientPorts: TrafficSet): Bounds {
  return layers.reduce((sum, layer) => both(sum, layerBounds(layer, port, clientPorts)), open);
}

/** The layers of a path that let nobody of these sources through, each by itself; by their place in the path. */
export function stopsEveryone(path: Path, port: number, from: AddressSet): ReadonlySet<number> {
  const places = path.layers.flatMap((layer, place) => {
    const { possible } = layerBounds(layer, port, path.clientPorts);
    return possible.overlaps(from) ? [] : [place];
  });
  return new Set(places);
}

/**
 * Who gets through a path: the same answer as from `assess`, out of the same compiled filters, in a few operations on sets.
 * Where client ports or translations make a difference, `assess` itself is asked about those sources.
 */
export function summarise(path: Path, port: number, from: AddressSet): Summary {
  const asked = path.origin.intersect(from);
  let bounds = open;
  for (const segment of path.segments ?? [path.layers])
    bounds = both(bounds, segmentBounds(segment, port, path.clientPorts));
  const reachable = asked.intersect(bounds.sure).subtract(bounds.mixed);
  const possible = asked.intersect(bounds.possible);
  const rest = possible === reachable ? AddressSet.empty : possible.subtract(reachable);
  if (rest.isEmpty) return { reachable, partial: AddressSet.empty, unknown: AddressSet.empty };
  const closely = rest.intersect(bounds.mixed);
  const pieces = closely.isEmpty ? [] : assess(path, port, closely);
  const withVerdict = (verdict: string) =>
    pieces.filter((piece) => piece.verdict === verdict).map((piece) => piece.from);
  return {
    reachable: AddressSet.unionOf([reachable, ...withVerdict('reachable')]),
    partial: AddressSet.unionOf(withVerdict('partial')),
    unknown: AddressSet.unionOf([rest.subtract(closely), ...withVerdict('unknown')]),
  };
}
