import type { Fact } from '../../../src/model/index.js';
import { type Gap, known, unknown as unknownFact } from '../../../src/model/index.js';
import { AddressSet, PortSet, stretchesOf, type TrafficBlock, TrafficSet } from '../../../src/set/index.js';

/**
 * The packets that a rule matches, by far end and far end's port: those that it surely matches, and those that it may match.
 * `surely` is a part of `may`; where they differ, `gap` says what is not known.
 */
export interface Match {
  readonly surely: TrafficSet;
  readonly may: TrafficSet;
  readonly gap?: Gap;
}

export const everything = TrafficSet.of(AddressSet.all, PortSet.all);

export const always: Match = { surely: everything, may: everything };
export const never: Match = { surely: TrafficSet.empty, may: TrafficSet.empty };

export function exactly(traffic: TrafficSet): Match {
  return { surely: traffic, may: traffic };
}

export function perhaps(gap: Gap): Match {
  return { surely: TrafficSet.empty, may: everything, gap };
}

/** What matches both. Nothing is in doubt where one of them surely does not match. */
export function both(a: Match, b: Match): Match {
  if (a === always) return b;
  if (b === always || a === never) return a;
  const gap = a.gap ?? b.gap;
  return { surely: a.surely.intersect(b.surely), may: a.may.intersect(b.may), ...(gap && { gap }) };
}

/** What matches one of them. */
export function oneOf(matches: readonly Match[]): Match {
  const gap = matches.find((match) => match.gap)?.gap;
  return {
    surely: TrafficSet.unionOf(matches.map((match) => match.surely)),
    may: TrafficSet.unionOf(matches.map((match) => match.may)),
    ...(gap && { gap }),
  };
}

/** What does not match. */
export function opposite(match: Match): Match {
  if (match === always) return never;
  if (match === never) return always;
  return { ...match, surely: everything.subtract(match.may), may: everything.subtract(match.surely) };
}

/** What matches `a` and not `b`. */
export function without(a: Match, b: Match): Match {
  if (b.may.isEmpty) return a;
  const gap = a.gap ?? b.gap;
  return { surely: a.surely.subtract(b.may), may: a.may.subtract(b.surely), ...(gap && { gap }) };
}

/** One of many matches in a row; `takes` where what it matches is not left to those after it. */
export interface Step {
  readonly match: Match;
  readonly takes: boolean;
}

/** What each of some steps gets of `open`. */
function oneByOne(open: Match, steps: readonly Step[]): Match[] {
  let left = open;
  return steps.map(({ match, takes }) => {
    const hit = both(left, match);
    if (takes) left = without(left, match);
    return hit;
  });
}

/** What each step gets of `open` after those before it took theirs. */
export function inTurn(open: Match, steps: readonly Step[]): readonly Match[] {
  const addressesOf = (some: readonly Step[]) => some.map(({ match }) => match.may.addresses());
  if (stretchesOf(addressesOf(steps.filter(({ takes }) => takes))).length === 1) return oneByOne(open, steps);
  const parts = steps.map((): Match[] => []);
  for (const { addresses, places } of stretchesOf(addressesOf(steps))) {
    const here: Match = { ...open, surely: open.surely.where(addresses), may: open.may.where(addresses) };
    if (here.may.isEmpty) continue;
    const some = places.flatMap((place) => steps[place] ?? []);
    oneByOne(here, some).forEach((hit, k) => {
      if (!hit.may.isEmpty) parts[places[k] ?? 0]?.push(hit);
    });
  }
  return parts.map((hits): Match => {
    const gap = hits.find((hit) => hit.gap)?.gap;
    return {
      surely: TrafficSet.ofApart(hits.map((hit) => hit.surely)),
      may: TrafficSet.ofApart(hits.map((hit) => hit.may)),
      ...(gap && { gap }),
    };
  });
}

/** A part of a match as a rule of the model has it: every one of these far ends with every one of these ports. */
export interface Box {
  readonly peers: Fact<AddressSet>;
  readonly ports: Fact<PortSet>;
}

/** A match as rules of the model in a row: what is sure, and what only may be. */
export function boxesOf({ surely, may, gap }: Match): Box[] {
  const boxes: Box[] = surely.blocks.map(({ addresses, ports }) => ({ peers: known(addresses), ports: known(ports) }));
  if (!gap || surely === may) return boxes;
  const doubtful = (block: TrafficBlock): Box => ({
    peers: unknownFact(block.addresses, gap),
    ports: known(block.ports),
  });
  return [...boxes, ...may.subtract(surely).blocks.map(doubtful)];
}
