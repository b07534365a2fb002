import { AddressSet, PortSet, TrafficSet } from '../../../src/set/index.js';
import { gapOf } from './gap.js';
import { everything, exactly, type Match, never, oneOf, perhaps } from './match.js';
import type { MarkChange, MarkTest } from './ruleset.js';

/** A number of 32 bits, of which those in `known` are told. */
interface Bits {
  readonly value: number;
  readonly known: number;
}

const allBits = 0xffff_ffff;
const zero: Bits = { value: 0, known: allBits };
const lost: Bits = { value: 0, known: 0 };

/** Packets that have one mark, in a connection that has one. */
interface MarkPart {
  readonly traffic: TrafficSet;
  readonly packet: Bits;
  readonly connection: Bits;
}

/**
 * The marks of packets and of their connections, by far end: the parts are disjoint and cover all traffic. `gone` are those of which
 * nothing changes any more, because they were dropped; it is left out where nobody asks.
 */
export interface Marks {
  readonly parts: readonly MarkPart[];
  readonly gone?: TrafficSet;
}

/** Of the first packet of a connection that comes from the network, where no program of tc or XDP has marked it. */
export const unmarked: Marks = { parts: [{ traffic: everything, packet: zero, connection: zero }] };

/** Nothing is known of any mark. */
export function forgotten(marks: Marks): Marks {
  return { ...marks, parts: [{ traffic: everything, packet: lost, connection: lost }] };
}

const unsigned = (number: number) => number >>> 0;

/** Whether a number is as it is wanted; undefined where a bit that decides is not told. */
function isAsked({ value, known }: Bits, { mask, ranges }: MarkTest): boolean | undefined {
  const told = unsigned(value & mask);
  if (unsigned(mask & ~known) === 0) return ranges.some(([first, last]) => first <= told && told <= last);
  const possible = ranges.some(([first, last]) => first !== last || unsigned((first ^ told) & mask & known) === 0);
  return possible ? undefined : false;
}

/** Which packets have a mark that is asked for. */
export function markMatch({ parts }: Marks, test: MarkTest): Match {
  const name = test.of === 'packet' ? 'the mark of the packet' : 'the mark of the connection';
  const gap = gapOf({ kind: 'opaque', text: name });
  const matches = parts.flatMap((part): Match[] => {
    const asked = isAsked(part[test.of], test);
    if (asked === false) return [];
    return asked ? [exactly(part.traffic)] : [{ surely: TrafficSet.empty, may: part.traffic, gap }];
  });
  const [only] = matches;
  if (parts.length > 1) return oneOf(matches);
  return !only ? never : only.gap ? perhaps(only.gap) : exactly(everything);
}

/** The exclusive or of what is left of both marks, and of a constant. */
function becomes({ packet, connection }: MarkPart, { to }: MarkChange): Bits {
  if (!to) return lost;
  const known = unsigned(~((to.packet & ~packet.known) | (to.connection & ~connection.known)));
  const value = (to.packet & packet.value) ^ (to.connection & connection.value) ^ to.flip;
  return { value: unsigned(value & known), known };
}

/** What is known of a number that is one of two. */
function either(a: Bits, b: Bits): Bits {
  const known = unsigned(a.known & b.known & ~(a.value ^ b.value));
  return { value: unsigned(a.value & known), known };
}

/** More different marks than this are not told apart. */
const mostParts = 64;

function merged(parts: readonly MarkPart[]): readonly MarkPart[] {
  const alike = new Map<string, MarkPart>();
  for (const part of parts) {
    if (part.traffic.isEmpty) continue;
    const { packet, connection } = part;
    const key = [packet.value, packet.known, connection.value, connection.known].join(' ');
    const same = alike.get(key);
    alike.set(key, same ? { ...part, traffic: same.traffic.union(part.traffic) } : part);
  }
  const found = [...alike.values()];
  if (found.length <= mostParts) return found;
  const rest = TrafficSet.unionOf(found.slice(mostParts - 1).map(({ traffic }) => traffic));
  return [...found.slice(0, mostParts - 1), { traffic: rest, packet: lost, connection: lost }];
}

/** The marks after the packets of a match have changed theirs; of those that only may match it is not known whether they have. */
export function changed(marks: Marks, change: MarkChange, { surely, may }: Match): Marks {
  if (may.isEmpty) return marks;
  const parts = marks.parts.flatMap((part): MarkPart[] => {
    const sure = part.traffic.intersect(surely);
    const inDoubt = part.traffic.intersect(may).subtract(surely);
    const next = becomes(part, change);
    return [
      { ...part, traffic: sure, [change.of]: next },
      { ...part, traffic: inDoubt, [change.of]: either(part[change.of], next) },
      { ...part, traffic: part.traffic.subtract(may) },
    ];
  });
  return { ...marks, parts: merged(parts) };
}

const whole = (ports: PortSet) => ports.size === PortSet.all.size;

/**
 * The marks with which the next packet of the connections starts: it has none, the connections keep theirs. What differs by the client's
 * port is not known of a packet that comes in, because its port is not.
 */
export function onNextPacket(marks: Marks, direction: 'in' | 'out'): Marks {
  const blurred =
    direction === 'out'
      ? AddressSet.empty
      : AddressSet.unionOf(
          marks.parts.flatMap(({ traffic }) =>
            traffic.blocks.filter(({ ports }) => !whole(ports)).map(({ addresses }) => addresses),
          ),
        );
  if (blurred.isEmpty && marks.parts.every(({ packet }) => packet.value === 0 && packet.known === allBits))
    return marks;
  const unclear = TrafficSet.of(blurred, PortSet.all);
  const parts = marks.parts.map((part) => ({ ...part, packet: zero, traffic: part.traffic.subtract(unclear) }));
  return { ...marks, parts: merged([...parts, { traffic: unclear, packet: zero, connection: lost }]) };
}
