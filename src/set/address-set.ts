import { type Address, type Family, formatAddress } from './address.js';
import * as bounds from './bounds.js';
import { ipv4Line, ipv6Line, prefixesOf } from './line.js';
import { formatPrefix, type Prefix, parsePrefix } from './prefix.js';

/** Up to so many sets, one sweep after another is faster than sorting all their bounds. */
const few = 4;

/** The prefixes of bounds that were asked for before: sets that share a family's bounds share its texts. */
const texts = new WeakMap<object, readonly string[]>();

/** The texts of single addresses, IPv4 as a small integer: the members of a group stand in many sets. */
const singles4 = new Map<number, string>();
const singles6 = new Map<bigint, string>();
const mostSingles = 1 << 17;

function remembered<K>(texts: Map<K, string>, key: K, format: () => string): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  if (texts.size >= mostSingles) texts.clear();
  const text = format();
  texts.set(key, text);
  return text;
}

function prefixText(network: Address, length: number): string {
  const format = () => formatPrefix({ network, length });
  if (network.family === 4)
    return length === ipv4Line.bits ? remembered(singles4, network.value | 0, format) : format();
  return length === ipv6Line.bits ? remembered(singles6, network.value, format) : format();
}

function ipv4Prefixes(ends: bounds.Bounds<number>): readonly string[] {
  const known = texts.get(ends);
  if (known) return known;
  const formatted = prefixesOf(ipv4Line, ends).map(([value, length]) => prefixText({ family: 4, value }, length));
  texts.set(ends, formatted);
  return formatted;
}

function ipv6Prefixes(ends: bounds.Bounds<bigint>): readonly string[] {
  const known = texts.get(ends);
  if (known) return known;
  const formatted = prefixesOf(ipv6Line, ends).map(([value, length]) => prefixText({ family: 6, value }, length));
  texts.set(ends, formatted);
  return formatted;
}

/**
 * An immutable set of IPv4 and IPv6 addresses. Equal sets are built alike.
 * An operation whose result equals one of its operands returns that operand: `a.union(b) === a` when `b` adds nothing.
 */
export class AddressSet {
  static readonly empty = new AddressSet(bounds.nothing, bounds.nothing);
  static readonly ipv4 = new AddressSet([0, 2 ** ipv4Line.bits], bounds.nothing);
  static readonly ipv6 = new AddressSet(bounds.nothing, [0n, 2n ** BigInt(ipv6Line.bits)]);
  static readonly all = new AddressSet(AddressSet.ipv4.v4, AddressSet.ipv6.v6);

  private readonly v4: bounds.Bounds<number>;
  private readonly v6: bounds.Bounds<bigint>;

  private constructor(v4: bounds.Bounds<number>, v6: bounds.Bounds<bigint>) {
    this.v4 = v4;
    this.v6 = v6;
  }

  /** For constants and tests. Throws an Error that names the first text that is no prefix. */
  static of(...prefixes: string[]): AddressSet {
    return AddressSet.fromPrefixes(
      prefixes.map((text) => {
        const prefix = parsePrefix(text);
        if (prefix !== undefined) return prefix;
        throw new Error(`${JSON.stringify(text)} is no prefix: write 192.0.2.0/24 or 2001:db8::/32`);
      }),
    );
  }

  static fromPrefixes(prefixes: readonly Prefix[]): AddressSet {
    const [only] = prefixes;
    if (only && prefixes.length === 1) return AddressSet.ofPrefix(only);
    const starts4: number[] = [];
    const ends4: number[] = [];
    const starts6: bigint[] = [];
    const ends6: bigint[] = [];
    for (const { network, length } of prefixes) {
      if (network.family === 4) {
        starts4.push(network.value);
        ends4.push(ipv4Line.after(network.value, length));
      } else {
        starts6.push(network.value);
        ends6.push(ipv6Line.after(network.value, length));
      }
    }
    return AddressSet.ofBounds(bounds.unionOfIntervals(starts4, ends4), bounds.unionOfIntervals(starts6, ends6));
  }

  static ofAddresses(addresses: Iterable<Address>): AddressSet {
    const starts4: number[] = [];
    const starts6: bigint[] = [];
    for (const address of addresses) {
      if (address.family === 4) starts4.push(address.value);
      else starts6.push(address.value);
    }
    return AddressSet.ofBounds(
      bounds.unionOfIntervals(
        starts4,
        starts4.map((value) => value + 1),
      ),
      bounds.unionOfIntervals(
        starts6,
        starts6.map((value) => value + 1n),
      ),
    );
  }

  private static ofPrefix({ network, length }: Prefix): AddressSet {
    return network.family === 4
      ? new AddressSet([network.value, ipv4Line.after(network.value, length)], bounds.nothing)
      : new AddressSet(bounds.nothing, [network.value, ipv6Line.after(network.value, length)]);
  }

  static single(address: Address): AddressSet {
    return AddressSet.range(address, address);
  }

  /** The addresses `first` to `last`, both included. Throws a RangeError unless they are of one family and in order. */
  static range(first: Address, last: Address): AddressSet {
    if (first.family === 4 && last.family === 4 && first.value <= last.value) {
      return new AddressSet([first.value, last.value + 1], bounds.nothing);
    }
    if (first.family === 6 && last.family === 6 && first.value <= last.value) {
      return new AddressSet(bounds.nothing, [first.value, last.value + 1n]);
    }
    const range = `${formatAddress(first)}-${formatAddress(last)}`;
    throw new RangeError(`${range} is no range of addresses: give two addresses of one family, the lower one first`);
  }

  static unionOf(sets: Iterable<AddressSet>): AddressSet {
    const distinct = [...new Set(sets)];
    const [first] = distinct;
    if (first !== undefined && distinct.length <= few) return distinct.reduce((sum, set) => sum.union(set), first);
    return AddressSet.ofBounds(
      bounds.unionOfMany(distinct.map((set) => set.v4)),
      bounds.unionOfMany(distinct.map((set) => set.v6)),
    );
  }

  get isEmpty(): boolean {
    return this.v4.length === 0 && this.v6.length === 0;
  }

  /** Whether it holds exactly one address. */
  get isSingle(): boolean {
    const [v4, v4End = 0] = this.v4;
    const [v6, v6End = 0n] = this.v6;
    if (v4 === undefined) return v6 !== undefined && this.v6.length === 2 && v6End - v6 === 1n;
    return v6 === undefined && this.v4.length === 2 && v4End - v4 === 1;
  }

  /** The lowest address, IPv4 before IPv6; undefined when the set is empty. */
  get first(): Address | undefined {
    const [v4] = this.v4;
    if (v4 !== undefined) return { family: 4, value: v4 };
    const [v6] = this.v6;
    return v6 === undefined ? undefined : { family: 6, value: v6 };
  }

  has(address: Address): boolean {
    return address.family === 4 ? bounds.has(this.v4, address.value) : bounds.has(this.v6, address.value);
  }

  union(other: AddressSet): AddressSet {
    return this.combine(other, bounds.union);
  }

  intersect(other: AddressSet): AddressSet {
    return this.combine(other, bounds.intersection);
  }

  subtract(other: AddressSet): AddressSet {
    return this.combine(other, bounds.difference);
  }

  /** Whether some address is in both sets. */
  overlaps(other: AddressSet): boolean {
    return bounds.overlaps(this.v4, other.v4) || bounds.overlaps(this.v6, other.v6);
  }

  /** Whether every address of `other` is in this set; true when `other` is empty. */
  covers(other: AddressSet): boolean {
    return bounds.covers(this.v4, other.v4) && bounds.covers(this.v6, other.v6);
  }

  equals(other: AddressSet): boolean {
    return bounds.same(this.v4, other.v4) && bounds.same(this.v6, other.v6);
  }

  only(family: Family): AddressSet {
    return this.intersect(family === 4 ? AddressSet.ipv4 : AddressSet.ipv6);
  }

  /** The families that occur, IPv4 first. */
  families(): Family[] {
    const families: Family[] = [];
    if (this.v4.length > 0) families.push(4);
    if (this.v6.length > 0) families.push(6);
    return families;
  }

  /** The number of addresses of one family. */
  count(family: Family): bigint {
    return family === 4
      ? bounds.intervalsOf(this.v4).reduce((sum, [start, end]) => sum + BigInt(end - start), 0n)
      : bounds.intervalsOf(this.v6).reduce((sum, [start, end]) => sum + (end - start), 0n);
  }

  /** The least list of prefixes that holds exactly this set: IPv4 first, ascending, always with the length. */
  prefixes(): string[] {
    return [...ipv4Prefixes(this.v4), ...ipv6Prefixes(this.v6)];
  }

  /** The first and last address of each unbroken run, ascending. */
  intervals(family: Family): readonly [first: Address, last: Address][] {
    return family === 4
      ? bounds.intervalsOf(this.v4).map(([start, end]) => [
          { family, value: start },
          { family, value: end - 1 },
        ])
      : bounds.intervalsOf(this.v6).map(([start, end]) => [
          { family, value: start },
          { family, value: end - 1n },
        ]);
  }

  /** The prefixes, joined by `, `; `nothing` when the set is empty. */
  toString(): string {
    return this.isEmpty ? 'nothing' : this.prefixes().join(', ');
  }

  private combine(other: AddressSet, keep: bounds.Keep): AddressSet {
    const v4 = bounds.combine(this.v4, other.v4, keep);
    const v6 = bounds.combine(this.v6, other.v6, keep);
    if (bounds.same(v4, this.v4) && bounds.same(v6, this.v6)) return this;
    return bounds.same(v4, other.v4) && bounds.same(v6, other.v6) ? other : AddressSet.ofBounds(v4, v6);
  }

  private static ofBounds(v4: bounds.Bounds<number>, v6: bounds.Bounds<bigint>): AddressSet {
    return v4.length === 0 && v6.length === 0 ? AddressSet.empty : new AddressSet(v4, v6);
  }
}
