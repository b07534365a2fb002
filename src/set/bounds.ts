/**
 * A set of points on an ordered line, as the points at which membership flips: a point at an even place begins an
 * interval, the next one is the first point after it. So `[3, 5, 9, 10]` is {3, 4, 9}.
 *
 * The one invariant: strictly ascending, of even length. Touching intervals would repeat a point, hence equal sets have
 * equal bounds; and the parity of a place tells whether the points before it are inside.
 */
export type Bounds<T extends Point> = readonly T[];

export type Point = number | bigint;

/** Which points an operation keeps: those in the left set only, in the right set only, in both. */
export interface Keep {
  readonly left: boolean;
  readonly right: boolean;
  readonly both: boolean;
}

export const union: Keep = { left: true, right: true, both: true };
export const intersection: Keep = { left: false, right: false, both: true };
export const difference: Keep = { left: true, right: false, both: false };

export const nothing: Bounds<never> = [];

/**
 * The points that `keep` keeps, in one sweep over both sets. What lies before the other set begins or after it ends is
 * copied or dropped whole. The sweep may stop at `enough` bounds: then the answer tells only whether there are any.
 */
export function combine<T extends Point>(left: Bounds<T>, right: Bounds<T>, keep: Keep, enough = Infinity): Bounds<T> {
  const leftStart = left[0];
  const rightStart = right[0];
  if (leftStart === undefined) return keep.right ? right : nothing;
  if (rightStart === undefined) return keep.left ? left : nothing;
  if (left === right) return keep.both ? left : nothing;
  if (keep === intersection) {
    if (isWithin(left, right)) return left;
    if (isWithin(right, left)) return right;
  }

  let l = countBelow(left, rightStart);
  let r = l > 0 ? 0 : countBelow(right, leftStart);
  const found = l > 0 ? copyIf(keep.left, left, 0, l) : copyIf(keep.right, right, 0, r);
  let x = left[l];
  let y = right[r];
  let inside = found.length % 2 === 1;
  while (x !== undefined && y !== undefined && found.length < enough) {
    const at: T = x < y ? x : y;
    if (x === at) x = left[++l];
    if (y === at) y = right[++r];
    const inRight = r % 2 === 1;
    const kept = l % 2 === 1 ? (inRight ? keep.both : keep.left) : inRight && keep.right;
    if (kept !== inside) {
      found.push(at);
      inside = kept;
    }
  }
  if (found.length >= enough) return found;
  if (keep.left) for (; l < left.length; l++) found.push(left[l] as T);
  if (keep.right) for (; r < right.length; r++) found.push(right[r] as T);
  return found;
}

/** Whether `one` is unbroken and holds everything of `other`: a cheap test for the most frequent kind of superset. */
function isWithin<T extends Point>(other: Bounds<T>, one: Bounds<T>): boolean {
  return one.length === 2 && (one[0] as T) <= (other[0] as T) && (other[other.length - 1] as T) <= (one[1] as T);
}

function copyIf<T extends Point>(wanted: boolean, bounds: Bounds<T>, from: number, to: number): T[] {
  return wanted ? bounds.slice(from, to) : [];
}

export function overlaps<T extends Point>(left: Bounds<T>, right: Bounds<T>): boolean {
  return combine(left, right, intersection, 1).length > 0;
}

export function covers<T extends Point>(left: Bounds<T>, right: Bounds<T>): boolean {
  return combine(right, left, difference, 1).length === 0;
}

export function has<T extends Point>(bounds: Bounds<T>, point: T): boolean {
  const below = countBelow(bounds, point);
  return (bounds[below] === point ? below + 1 : below) % 2 === 1;
}

export function same<T extends Point>(left: Bounds<T>, right: Bounds<T>): boolean {
  return left === right || (left.length === right.length && left.every((point, i) => point === right[i]));
}

/** The intervals in ascending order, each as its first point and the first point after it. */
export function intervalsOf<T extends Point>(bounds: Bounds<T>): [start: T, end: T][] {
  const intervals: [T, T][] = [];
  for (let i = 0; i < bounds.length; i += 2) intervals.push([bounds[i] as T, bounds[i + 1] as T]);
  return intervals;
}

/** How many bounds are less than `point`, by binary search. */
function countBelow<T extends Point>(bounds: Bounds<T>, point: T): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as T) < point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending `cuts` are at `point` or before it. */
export function countUpTo<T extends Point>(cuts: readonly T[], point: T): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] as T) <= point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The union of intervals, given where they start and the first points after them, each list in any order; sorts both.
 * No interval may be empty. There is a gap after the k-th end when the next start is later: k have begun, k have ended.
 */
export function unionOfIntervals<T extends Point>(starts: T[], ends: T[]): Bounds<T> {
  starts.sort(ascending);
  ends.sort(ascending);
  const found: T[] = [];
  let end: T | undefined;
  starts.forEach((start, k) => {
    if (end === undefined) found.push(start);
    else if (end < start) found.push(end, start);
    end = ends[k];
  });
  if (end !== undefined) found.push(end);
  return found;
}

export function unionOfMany<T extends Point>(sets: readonly Bounds<T>[]): Bounds<T> {
  const starts: T[] = [];
  const ends: T[] = [];
  for (const bounds of sets) {
    for (const [i, point] of bounds.entries()) (i % 2 === 0 ? starts : ends).push(point);
  }
  return unionOfIntervals(starts, ends);
}

function ascending(a: Point, b: Point): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
