import { type Address, AddressSet, type Family } from '../../src/set/index.js';

/** A small universe laid into one family: point i stands for `block` addresses, the first of them `start + i * block`. */
export interface Slice {
  readonly name: string;
  readonly family: Family;
  readonly start: bigint;
  readonly block: bigint;
}

/** Places where arithmetic goes wrong: both ends of each family, the sign bit, the 64-bit seam, and the whole line. */
export function slicesOf(points: number): Slice[] {
  const size = BigInt(points);
  const end4 = 1n << 32n;
  const end6 = 1n << 128n;
  return [
    { name: 'the first IPv4 addresses', family: 4, start: 0n, block: 1n },
    { name: 'around 128.0.0.0', family: 4, start: (end4 - size) / 2n, block: 1n },
    { name: 'the last IPv4 addresses', family: 4, start: end4 - size, block: 1n },
    { name: 'all of IPv4', family: 4, start: 0n, block: end4 / size },
    { name: 'the first IPv6 addresses', family: 6, start: 0n, block: 1n },
    { name: 'around ::1:0:0:0:0', family: 6, start: (1n << 64n) - size / 2n, block: 1n },
    { name: 'the last IPv6 addresses', family: 6, start: end6 - size, block: 1n },
    { name: 'all of IPv6', family: 6, start: 0n, block: end6 / size },
  ];
}

export function address(family: Family, value: bigint): Address {
  return family === 4 ? { family, value: Number(value) } : { family, value };
}

/** The set of all points that are members, built point by point. */
export function setOf(slice: Slice, members: readonly boolean[]): AddressSet {
  return AddressSet.unionOf(members.flatMap((member, point) => (member ? [pointSet(slice, point)] : [])));
}

/** Which points the set has; fails when it has a point only in part. */
export function membersOf(slice: Slice, set: AddressSet, points: number): boolean[] {
  return Array.from({ length: points }, (_, point) => {
    const has = set.has(firstOf(slice, point));
    if (set.has(lastOf(slice, point)) !== has) throw new Error(`point ${point} is cut in two`);
    return has;
  });
}

export function firstOf(slice: Slice, point: number): Address {
  return address(slice.family, slice.start + BigInt(point) * slice.block);
}

export function lastOf(slice: Slice, point: number): Address {
  return address(slice.family, slice.start + BigInt(point + 1) * slice.block - 1n);
}

function pointSet(slice: Slice, point: number): AddressSet {
  return AddressSet.range(firstOf(slice, point), lastOf(slice, point));
}

/** The unbroken runs of members, first and last included. */
export function runsOf(members: readonly boolean[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const [i, member] of members.entries()) {
    const run = runs.at(-1);
    if (!member) continue;
    if (run !== undefined && run[1] === i - 1) run[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}

/** All subsets of a universe of `points` points; the set at place `m` has the points whose bits are set in `m`. */
export function allSubsets(points: number): boolean[][] {
  return Array.from({ length: 2 ** points }, (_, mask) =>
    Array.from({ length: points }, (_, point) => ((mask >> point) & 1) === 1),
  );
}
