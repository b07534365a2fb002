import type { Address } from './address.js';
import type { AddressSet } from './address-set.js';
import { countUpTo } from './bounds.js';

/**
 * The addresses of both families, cut wherever one of some sets begins or ends. Two addresses in one cell are in exactly the
 * same of these sets, so that nothing that is said in terms of them can tell the two apart.
 */
export class AddressPartition {
  private readonly cuts4: readonly number[];
  private readonly cuts6: readonly bigint[];

  private constructor(cuts4: readonly number[], cuts6: readonly bigint[]) {
    this.cuts4 = cuts4;
    this.cuts6 = cuts6;
  }

  static by(sets: Iterable<AddressSet>): AddressPartition {
    const cuts4 = new Set<number>();
    const cuts6 = new Set<bigint>();
    for (const set of new Set(sets)) {
      for (const [first, last] of set.intervals(4)) {
        if (first.family === 4 && last.family === 4) cuts4.add(first.value).add(last.value + 1);
      }
      for (const [first, last] of set.intervals(6)) {
        if (first.family === 6 && last.family === 6) cuts6.add(first.value).add(last.value + 1n);
      }
    }
    return new AddressPartition(
      [...cuts4].sort((a, b) => a - b),
      [...cuts6].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    );
  }

  /** The number of the cell in which an address is, counted from 0 in each family. */
  cellOf(address: Address): number {
    return address.family === 4 ? countUpTo(this.cuts4, address.value) : countUpTo(this.cuts6, address.value);
  }
}
