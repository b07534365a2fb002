import type { Address } from './address.js';
import { AddressSet } from './address-set.js';
import { countUpTo } from './bounds.js';

/** Some addresses in a row, and the places of those of many sets that have one of them. */
export interface Stretch {
  readonly addresses: AddressSet;
  readonly places: readonly number[];
}

/** Up to so many sets are looked at one by one, and about so many ends of intervals make a stretch. */
const few = 48;

type Ends<T> = readonly (readonly [first: T, last: T])[];

function cut<T extends number | bigint>(
  sets: readonly Ends<T>[],
  lowest: T,
  highest: T,
  between: (first: T, after: T | undefined) => AddressSet,
): Stretch[] {
  const firsts = sets.flatMap((ends) => ends.map(([first]) => first));
  const ordered = [...new Set(firsts)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const starts = [lowest, ...ordered.filter((_, k) => k > 0 && k % few === 0)];
  const places = starts.map((): number[] => []);
  sets.forEach((ends, place) => {
    for (const [first, last] of ends) {
      const to = last === highest ? starts.length : countUpTo(starts, last);
      for (let k = countUpTo(starts, first) - 1; k < to; k++) {
        const here = places[k];
        if (here && here.at(-1) !== place) here.push(place);
      }
    }
  });
  return starts.map((start, k) => ({ addresses: between(start, starts[k + 1]), places: places[k] ?? [] }));
}

const highest4 = 2 ** 32 - 1;
const highest6 = 2n ** 128n - 1n;

function ofIpv4(first: number, after = highest4 + 1): AddressSet {
  return AddressSet.range({ family: 4, value: first }, { family: 4, value: after - 1 });
}

function ofIpv6(first: bigint, after = highest6 + 1n): AddressSet {
  return AddressSet.range({ family: 6, value: first }, { family: 6, value: after - 1n });
}

const asNumber = ({ value }: Address) => Number(value);
const asBigInt = ({ value }: Address) => BigInt(value);

/**
 * All addresses in stretches, each with those sets that have an address in it. Of many sets each stretch meets few, unless they are
 * wide: what is done with one set after another, stretch by stretch, takes time in proportion to them rather than to their square.
 * The stretches are disjoint; where there are few sets there is one only.
 */
export function stretchesOf(sets: readonly AddressSet[]): readonly Stretch[] {
  if (sets.length <= few) return [{ addresses: AddressSet.all, places: [...sets.keys()] }];
  const endsOf = <T>(family: 4 | 6, as: (address: Address) => T): Ends<T>[] =>
    sets.map((set) => set.intervals(family).map(([first, last]) => [as(first), as(last)]));
  return [...cut(endsOf(4, asNumber), 0, highest4, ofIpv4), ...cut(endsOf(6, asBigInt), 0n, highest6, ofIpv6)];
}

/** For each of the sets on the left the places of those on the right that may share an address with it, ascending. */
export function candidatesOf(
  left: readonly AddressSet[],
  right: readonly AddressSet[],
): readonly (readonly number[])[] {
  const all = [...right.keys()];
  const stretches = left.length > 1 ? stretchesOf([...left, ...right]) : [];
  if (stretches.length < 2) return left.map(() => all);
  const found = left.map(() => new Set<number>());
  for (const { places } of stretches) {
    const firstRight = places.findIndex((place) => place >= left.length);
    if (firstRight < 0) continue;
    const others = places.slice(firstRight).map((place) => place - left.length);
    for (const place of places.slice(0, firstRight)) for (const other of others) found[place]?.add(other);
  }
  return found.map((places) => [...places].sort((a, b) => a - b));
}
