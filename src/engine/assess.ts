import {
  type Decision,
  type Effect,
  type Layer,
  layersOf,
  type Outcome,
  type Piece,
  type Seen,
  type Verdict,
  type Way,
} from '../model/index.js';
import { type AddressSet, candidatesOf, type PortSet } from '../set/index.js';
import { compileFor } from './compiled.js';
import { effectOf } from './effect.js';
import type { Share } from './first-match.js';
import { guessOf } from './guess.js';

type PartOfPorts = { readonly ports: PortSet | null; readonly outcomes: readonly Outcome[] };

function combine(effects: readonly Effect[]): Effect {
  if (effects.every((effect) => effect === effects[0])) return effects[0] ?? 'passes';
  return effects.includes('depends') ? 'depends' : 'partly';
}

/** A part of the sources on its way through the layers. */
interface Walker {
  readonly from: AddressSet;
  readonly clientPorts: PortSet;
  readonly decisions: readonly Decision[];
}

function sign(walker: Walker, from: AddressSet, decision: Decision): Walker {
  return { ...walker, from, decisions: [...walker.decisions, decision] };
}

/** A layer that sees the clients themselves: each share takes its part of the walker. */
function splitByClient(walker: Walker, shares: readonly Share[], layer: number): Walker[] {
  const parts: Walker[] = [];
  for (const { traffic, outcomes } of shares) {
    for (const block of traffic.blocks) {
      const from = walker.from.intersect(block.addresses);
      if (from.isEmpty) continue;
      const effect = effectOf(outcomes);
      parts.push(sign(walker, from, { layer, direction: 'inbound', effect, shares: [{ ports: null, outcomes }] }));
      if (from === walker.from) return parts;
    }
  }
  return parts;
}

/** Sends each walker to those shares that may take a part of it. */
function splitEach(
  walkers: readonly Walker[],
  shares: readonly Share[],
  split: (walker: Walker, shares: readonly Share[]) => Walker[],
): Walker[] {
  const candidates = candidatesOf(
    walkers.map(({ from }) => from),
    shares.map(({ traffic }) => traffic.addresses()),
  );
  return walkers.flatMap((walker, at) => {
    const places = candidates[at] ?? [];
    return split(walker, places.length === shares.length ? shares : places.flatMap((place) => shares[place] ?? []));
  });
}

/** What may happen where nobody knows whom a layer sees: what would settle that is missing, too. */
function inDoubt(outcomes: readonly Outcome[], { gap }: Seen): readonly Outcome[] {
  return gap ? outcomes.map((outcome) => ({ gap, ...outcome })) : outcomes;
}

/**
 * A layer behind a translation decides over the addresses that it sees, for all clients alike. Behind an appliance that may
 * or may not rewrite the source, only a decision that is the same for every address is sure.
 */
function splitBySeen(walker: Walker, shares: readonly Share[], layer: number, seen: Seen): Walker[] {
  const met = shares.filter((share) => share.traffic.addresses().overlaps(seen.addresses));
  const effect = combine(met.map((share) => effectOf(share.outcomes)));
  if (seen.choice === 'any') {
    if (effect === 'passes' || effect === 'stops') {
      const inside = { ...walker, from: walker.from.intersect(seen.addresses) };
      const outside = walker.from.subtract(seen.addresses);
      const alike = met.map((share) => ({ ports: null, outcomes: share.outcomes }));
      const others = { layer, direction: 'inbound' as const, effect, shares: alike };
      return [...splitByClient(inside, shares, layer), ...(outside.isEmpty ? [] : [sign(walker, outside, others)])];
    }
    const outcomes = inDoubt(
      met.flatMap((share) => share.outcomes),
      seen,
    );
    return [
      sign(walker, walker.from, {
        layer,
        direction: 'inbound',
        effect: 'depends',
        shares: [{ ports: null, outcomes }],
      }),
    ];
  }
  const parts = met.map((share) => ({ ports: null, outcomes: share.outcomes }));
  return [sign(walker, walker.from, { layer, direction: 'inbound', effect, shares: parts })];
}

interface Cell {
  readonly from: AddressSet;
  readonly parts: readonly PartOfPorts[];
}

/** Divides far ends into cells in which every address meets the same rules on the way back, port by port. */
function cellsOf(far: AddressSet, clientPorts: PortSet, shares: readonly Share[]): Cell[] {
  let cells: Cell[] = [{ from: far, parts: [] }];
  for (const { traffic, outcomes } of shares) {
    for (const block of traffic.blocks) {
      const ports = block.ports.intersect(clientPorts);
      if (ports.isEmpty) continue;
      cells = cells.flatMap((cell) => {
        const inside = cell.from.intersect(block.addresses);
        if (inside.isEmpty) return [cell];
        const taken = { from: inside, parts: [...cell.parts, { ports, outcomes }] };
        const rest = cell.from.subtract(block.addresses);
        return rest.isEmpty ? [taken] : [taken, { from: rest, parts: cell.parts }];
      });
    }
  }
  return cells;
}

/**
 * The way back: the walker splits where groups of client ports meet different rules. Where the layer sees other addresses
 * than the clients' own, and they fare differently, nobody can tell what happens to a client.
 */
function splitReturning(walker: Walker, shares: readonly Share[], layer: number, seen: Seen | undefined): Walker[] {
  const cells = cellsOf(seen?.addresses ?? walker.from, walker.clientPorts, shares);
  const decide = (from: AddressSet, parts: readonly PartOfPorts[]) => {
    const effect = combine(parts.map((part) => effectOf(part.outcomes)));
    return sign(walker, from, { layer, direction: 'returning', effect, shares: parts });
  };
  if (!seen) return cells.map(({ from, parts }) => decide(from, parts));
  const [only, ...others] = cells;
  if (only && others.length === 0) return [decide(walker.from, only.parts)];
  const outcomes = cells.flatMap((cell) => cell.parts).flatMap((part) => part.outcomes);
  return [decide(walker.from, [{ ports: walker.clientPorts, outcomes: inDoubt(outcomes, seen) }])];
}

/** For which client ports every layer on the way back surely, and possibly, lets the reply through. */
function replyPorts(walker: Walker): { sure: PortSet; possible: PortSet } {
  let sure = walker.clientPorts;
  let possible = walker.clientPorts;
  for (const { direction, shares } of walker.decisions) {
    if (direction !== 'returning') continue;
    for (const { ports, outcomes } of shares) {
      const effect = effectOf(outcomes);
      if (!ports || effect === 'passes') continue;
      sure = sure.subtract(ports);
      if (effect === 'stops') possible = possible.subtract(ports);
    }
  }
  return { sure, possible };
}

function conclude(walker: Walker): Piece {
  const inbound = walker.decisions
    .filter((decision) => decision.direction === 'inbound')
    .map((decision) => decision.effect);
  const { sure, possible } = replyPorts(walker);
  const fraction = walker.clientPorts.isEmpty ? 1 : sure.size / walker.clientPorts.size;
  let verdict: Verdict;
  if (inbound.includes('stops') || possible.isEmpty) verdict = 'unreachable';
  else if (inbound.includes('depends') || sure.isEmpty) verdict = 'unknown';
  else verdict = inbound.includes('partly') || fraction < 1 ? 'partial' : 'reachable';
  const guess = verdict === 'unknown' ? guessOf(walker.decisions) : undefined;
  return {
    from: walker.from,
    verdict,
    clientPortFraction: fraction,
    ...(guess && { guess }),
    decisions: walker.decisions,
  };
}

function inboundShares(layer: Layer, port: number, from: AddressSet): readonly Share[] | undefined {
  return layer.inbound && compileFor(layer.inbound, layer.port ?? port, layer.seen?.addresses.union(from) ?? from);
}

/**
 * Sends everybody in `from` who uses this way through its layers, in and back, and returns the parts that are treated
 * alike, with every layer's signature: a part that is stopped early still meets the later layers, because whoever mends the
 * first blocker wants to know the next. The pieces are disjoint and together are `from` within the way's origin.
 */
export function assess(way: Way, port: number, from: AddressSet): Piece[] {
  const asked = from.intersect(way.origin);
  if (asked.isEmpty) return [];
  let walkers: Walker[] = way.clientPorts.blocks
    .map((block) => ({ from: asked.intersect(block.addresses), clientPorts: block.ports, decisions: [] }))
    .filter((walker) => !walker.from.isEmpty);
  const layers = layersOf(way);
  layers.forEach((layer, index) => {
    const shares = inboundShares(layer, port, asked);
    if (!shares) return;
    const { seen } = layer;
    walkers = seen
      ? walkers.flatMap((walker) => splitBySeen(walker, shares, index, seen))
      : splitEach(walkers, shares, (walker, some) => splitByClient(walker, some, index));
  });
  for (let index = layers.length - 1; index >= 0; index--) {
    const { returning, seen } = layers[index] ?? {};
    if (!returning) continue;
    const shares = compileFor(returning, 'returning', seen?.addresses ?? asked);
    walkers = seen
      ? walkers.flatMap((walker) => splitReturning(walker, shares, index, seen))
      : splitEach(walkers, shares, (walker, some) => splitReturning(walker, some, index, undefined));
  }
  return walkers.map(conclude);
}
