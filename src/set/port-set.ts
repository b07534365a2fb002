import * as bounds from './bounds.js';

const highestPort = 65_535;
const rangeText = /^(0|[1-9][0-9]{0,4})(?:-(0|[1-9][0-9]{0,4}))?$/;

/**
 * An immutable set of ports from 0 to 65535. Equal sets are built alike.
 * An operation whose result equals one of its operands returns that operand.
 */
export class PortSet {
  static readonly empty = new PortSet(bounds.nothing);
  static readonly all = new PortSet([0, highestPort + 1]);

  private readonly flips: bounds.Bounds<number>;

  private constructor(flips: bounds.Bounds<number>) {
    this.flips = flips;
  }

  /** For constants and tests: `of('22', '1024-65535')`. Throws an Error that names the first text that is neither. */
  static of(...texts: string[]): PortSet {
    const ranges = texts.map((text) => {
      const [, first, last = first] = rangeText.exec(text) ?? [];
      if (isRange(Number(first), Number(last))) return [Number(first), Number(last) + 1];
      throw new Error(`${JSON.stringify(text)} is no port: write 22 or 1024-65535`);
    });
    return PortSet.ofFlips(bounds.unionOfMany(ranges));
  }

  /** The ports of many ranges in any order, each from its first to its last port. Throws a RangeError as `range` does. */
  static ofRanges(ranges: readonly (readonly [first: number, last: number])[]): PortSet {
    const [only] = ranges;
    if (only && ranges.length === 1) return PortSet.range(...only);
    return PortSet.ofFlips(bounds.unionOfMany(ranges.map(([first, last]) => PortSet.range(first, last).flips)));
  }

  /** Throws a RangeError unless `port` is a whole number from 0 to 65535. */
  static single(port: number): PortSet {
    return PortSet.range(port, port);
  }

  /** The ports `first` to `last`, both included. Throws a RangeError unless they are whole, in order and 0 to 65535. */
  static range(first: number, last: number): PortSet {
    if (isRange(first, last)) return new PortSet([first, last + 1]);
    throw new RangeError(`${first}-${last} is no range of ports: give whole numbers, 0 to 65535, the lower one first`);
  }

  get isEmpty(): boolean {
    return this.flips.length === 0;
  }

  /** The number of ports, 0 to 65536. */
  get size(): number {
    return bounds.intervalsOf(this.flips).reduce((sum, [start, end]) => sum + end - start, 0);
  }

  has(port: number): boolean {
    return bounds.has(this.flips, port);
  }

  union(other: PortSet): PortSet {
    return this.combine(other, bounds.union);
  }

  intersect(other: PortSet): PortSet {
    return this.combine(other, bounds.intersection);
  }

  subtract(other: PortSet): PortSet {
    return this.combine(other, bounds.difference);
  }

  /** Whether some port is in both sets. */
  overlaps(other: PortSet): boolean {
    return bounds.overlaps(this.flips, other.flips);
  }

  /** Whether every port of `other` is in this set; true when `other` is empty. */
  covers(other: PortSet): boolean {
    return bounds.covers(this.flips, other.flips);
  }

  equals(other: PortSet): boolean {
    return bounds.same(this.flips, other.flips);
  }

  /** The first and last port of each unbroken run, ascending. */
  ranges(): readonly [first: number, last: number][] {
    return bounds.intervalsOf(this.flips).map(([start, end]) => [start, end - 1]);
  }

  /** `22, 1024-65535`; `nothing` when the set is empty. */
  toString(): string {
    if (this.isEmpty) return 'nothing';
    return this.ranges()
      .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
      .join(', ');
  }

  private combine(other: PortSet, keep: bounds.Keep): PortSet {
    const flips = bounds.combine(this.flips, other.flips, keep);
    if (bounds.same(flips, this.flips)) return this;
    if (bounds.same(flips, other.flips)) return other;
    return PortSet.ofFlips(flips);
  }

  private static ofFlips(flips: bounds.Bounds<number>): PortSet {
    return flips.length === 0 ? PortSet.empty : new PortSet(flips);
  }
}

function isRange(first: number, last: number): boolean {
  return Number.isInteger(first) && Number.isInteger(last) && 0 <= first && first <= last && last <= highestPort;
}
