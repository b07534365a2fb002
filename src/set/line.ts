import { type Bounds, intervalsOf, type Point } from './bounds.js';

/** The addresses of one family as an ordered line that prefixes cut into halves, quarters and so on. */
export interface Line<T extends Point> {
  /** The length of the longest prefix, which holds one address. */
  readonly bits: number;
  /** `address` with every bit below a mask of `length` clear. */
  network(address: T, length: number): T;
  /** The first point after the prefix `network/length`; 2^bits when the prefix ends with the line. */
  after(network: T, length: number): T;
  /** The length of the widest prefix that begins at `network` and does not reach past `end`. */
  widest(network: T, end: T): number;
}

export const ipv4Line: Line<number> = {
  bits: 32,
  network: (address, length) => address - (address % 2 ** (32 - length)),
  after: (network, length) => network + 2 ** (32 - length),
  widest: (network, end) => {
    const aligned = network === 0 ? 32 : 31 - Math.clz32(network & -network);
    const room = end - network === 2 ** 32 ? 32 : 31 - Math.clz32(end - network);
    return 32 - Math.min(aligned, room);
  },
};

export const ipv6Line: Line<bigint> = {
  bits: 128,
  network: (address, length) => (address >> BigInt(128 - length)) << BigInt(128 - length),
  after: (network, length) => network + (1n << BigInt(128 - length)),
  widest: (network, end) => {
    const size = end - network;
    const room = size.toString(2).length - 1;
    const aligned = network === 0n ? 128 : (network & -network).toString(2).length - 1;
    return 128 - Math.min(aligned, room);
  },
};

/** The least list of prefixes, as `[network, length]` and ascending, that holds exactly the points within `bounds`. */
export function prefixesOf<T extends Point>(line: Line<T>, bounds: Bounds<T>): [network: T, length: number][] {
  const prefixes: [T, number][] = [];
  for (const [start, end] of intervalsOf(bounds)) {
    for (let network = start; network < end; ) {
      const length = line.widest(network, end);
      prefixes.push([network, length]);
      network = line.after(network, length);
    }
  }
  return prefixes;
}
