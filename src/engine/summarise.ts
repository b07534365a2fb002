import { type Filter, type Layer, layersOf, type Outcome, type Verdict, type Way } from '../model/index.js';
import { AddressSet, type PortSet, TrafficSet } from '../set/index.js';
import { assess } from './assess.js';
import { compile } from './compiled.js';
import { effectOf } from './effect.js';
import { mayOf } from './may.js';

/** Who gets through, without the signatures: three disjoint sets; whoever else is asked is stopped. */
export interface Summary {
  readonly reachable: AddressSet;
  readonly partial: AddressSet;
  readonly unknown: AddressSet;
}

/** What a layer lets through for sure and at best, and for whom only a closer look tells. */
interface Bounds {
  readonly sure: AddressSet;
  readonly possible: AddressSet;
  readonly mixed: AddressSet;
}

const { all, empty } = AddressSet;
const open: Bounds = { sure: all, possible: all, mixed: empty };
const everybody: Summary = { reachable: all, partial: empty, unknown: empty };

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

function returningWith(filter: Filter, wanted: (outcomes: readonly Outcome[]) => boolean): TrafficSet {
  const shares = compile(filter, 'returning').filter((share) => wanted(share.outcomes));
  return TrafficSet.unionOf(shares.map((share) => share.traffic));
}

function inboundBounds(filter: Filter, port: number): Bounds {
  if (
    filter.kind === 'any' &&
    filter.otherwise.rules.every((rule) => rule.action === 'drop') &&
    filter.otherwise.otherwise === 'drop'
  ) {
    const members = filter.of.map((member) => once(member, port, () => inboundBounds(member, port)));
    const sure = AddressSet.unionOf(members.map((member) => member.sure));
    const doubtful = members.filter((member) => member.possible !== member.sure);
    const possible = AddressSet.unionOf([sure, ...doubtful.map((member) => member.possible)]);
    return { sure, possible, mixed: empty };
  }
  const { allow, drop, reject, next } = mayOf(filter, port);
  const sure = allow.subtract(drop).subtract(reject).subtract(next);
  return { sure, possible: allow.equals(sure) ? sure : allow, mixed: empty };
}

/** For clients that send from these ports: all of them pass, none does, all are in doubt, or it differs from port to port. */
function returningBounds(filter: Filter, clients: AddressSet, ports: PortSet): Bounds {
  const asked = TrafficSet.of(clients, ports);
  const passing = returningWith(filter, (outcomes) => effectOf(outcomes) === 'passes').intersect(asked);
  const stopped = returningWith(filter, (outcomes) => effectOf(outcomes) === 'stops').intersect(asked);
  const sure = passing.addressesWithAll(ports).intersect(clients);
  const none = stopped.addressesWithAll(ports).intersect(clients);
  const mixed = passing.addresses().union(stopped.addresses()).subtract(sure).subtract(none);
  return { sure, possible: clients.subtract(none), mixed };
}

function replyBounds(filter: Filter, clientPorts: TrafficSet): Bounds {
  const parts = clientPorts.blocks.map((block) => returningBounds(filter, block.addresses, block.ports));
  const sets = (key: keyof Bounds) => AddressSet.unionOf(parts.map((part) => part[key]));
  return { sure: sets('sure'), possible: sets('possible'), mixed: sets('mixed') };
}

/** A layer that sees other addresses than the clients' is looked at closely. */
function layerBounds(layer: Layer, port: number, clientPorts: TrafficSet): Bounds {
  if (layer.seen) return { ...open, mixed: all };
  const { inbound, returning } = layer;
  const at = layer.port ?? port;
  const there = inbound ? once(inbound, at, () => inboundBounds(inbound, at)) : open;
  const back = returning ? once(returning, clientPorts, () => replyBounds(returning, clientPorts)) : open;
  if (back === open) return there;
  return {
    sure: there.sure.intersect(back.sure),
    possible: there.possible.intersect(back.possible),
    mixed: there.mixed.union(back.mixed),
  };
}

function withVerdict(
  pieces: readonly { readonly verdict: Verdict; readonly from: AddressSet }[],
  verdict: Verdict,
): AddressSet[] {
  return pieces.filter((piece) => piece.verdict === verdict).map((piece) => piece.from);
}

/** The layers in a row as if they were a way of their own, for those who need a closer look. */
function closely(layers: readonly Layer[], port: number, clientPorts: TrafficSet, from: AddressSet): Summary {
  const pieces = assess({ kind: '', origin: from, family: 4, clientPorts, rows: [layers] }, port, from);
  return {
    reachable: AddressSet.unionOf(withVerdict(pieces, 'reachable')),
    partial: AddressSet.unionOf(withVerdict(pieces, 'partial')),
    unknown: AddressSet.unionOf(withVerdict(pieces, 'unknown')),
  };
}

function sumOf(layers: readonly Layer[], port: number, clientPorts: TrafficSet): Summary {
  let sure = all;
  let possible = all;
  let mixed = empty;
  for (const layer of layers) {
    const bounds = layerBounds(layer, port, clientPorts);
    sure = sure.intersect(bounds.sure);
    possible = possible.intersect(bounds.possible);
    mixed = mixed.union(bounds.mixed);
  }
  const reachable = sure.subtract(mixed);
  const look = possible.intersect(mixed);
  const unknown = possible.subtract(reachable).subtract(look);
  if (look.isEmpty) return { reachable, partial: empty, unknown };
  const looked = closely(layers, port, clientPorts, look);
  return {
    reachable: reachable.union(looked.reachable),
    partial: looked.partial,
    unknown: unknown.union(looked.unknown),
  };
}

const sums = new WeakMap<readonly Layer[], WeakMap<TrafficSet, Map<number, Summary>>>();

/** The sum of a row of layers. Many ways share such rows, so each is summed once for a port. */
function rowSum(row: readonly Layer[], port: number, clientPorts: TrafficSet): Summary {
  if (row.length < 2) return sumOf(row, port, clientPorts);
  const byClients = sums.get(row) ?? new WeakMap<TrafficSet, Map<number, Summary>>();
  sums.set(row, byClients);
  const byPort = byClients.get(clientPorts) ?? new Map<number, Summary>();
  byClients.set(clientPorts, byPort);
  const found = byPort.get(port) ?? sumOf(row, port, clientPorts);
  byPort.set(port, found);
  return found;
}

/** Two rows after one another. Undefined where both are open in part, or perhaps: what is open in the one may be shut in the other. */
function inRow(a: Summary, b: Summary): Summary | undefined {
  if (a === everybody) return b;
  if (a.partial.isEmpty && a.unknown.isEmpty && b.partial.isEmpty && b.unknown.isEmpty) {
    return { reachable: a.reachable.intersect(b.reachable), partial: empty, unknown: empty };
  }
  const inDoubt = (one: Summary) => one.partial.union(one.unknown);
  if (inDoubt(a).overlaps(inDoubt(b))) return undefined;
  return {
    reachable: a.reachable.intersect(b.reachable),
    partial: a.partial.intersect(b.reachable).union(a.reachable.intersect(b.partial)),
    unknown: a.unknown.intersect(b.reachable).union(a.reachable.intersect(b.unknown)),
  };
}

function sumOfWay(way: Way, port: number): Summary | undefined {
  let sum: Summary | undefined = everybody;
  for (const row of way.rows) sum &&= inRow(sum, rowSum(row, port, way.clientPorts));
  return sum;
}

/**
 * Who gets through a way: the same answer as from `assess`, out of the same compiled filters, in a few operations on sets
 * that many ways share.
 */
export function summarise(way: Way, port: number, from: AddressSet): Summary {
  const asked = way.origin.intersect(from);
  const { reachable, partial, unknown } = sumOfWay(way, port) ?? closely(layersOf(way), port, way.clientPorts, asked);
  return {
    reachable: asked.intersect(reachable),
    partial: asked.intersect(partial),
    unknown: asked.intersect(unknown),
  };
}

/** A row of layers of a way by itself, as a way that only these layers guard, and who gets through it. */
export interface Row {
  readonly way: Way;
  readonly layers: readonly Layer[];
  readonly sum: Summary;
}

/** The rows of a way's layers, each with its sum. */
export function rowSums(way: Way, port: number): Row[] {
  const { kind, origin, family, clientPorts, rows } = way;
  return rows.map((layers) => ({
    layers,
    way: { kind, origin, family, clientPorts, rows: [layers] },
    sum: rowSum(layers, port, clientPorts),
  }));
}

/** The layers of a way that let nobody of these sources through, each by itself; by their place in the way. */
export function stopsEveryone(way: Way, port: number, from: AddressSet): ReadonlySet<number> {
  const places = layersOf(way).flatMap((layer, place) => {
    const { possible } = layerBounds(layer, port, way.clientPorts);
    return possible.overlaps(from) ? [] : [place];
  });
  return new Set(places);
}
