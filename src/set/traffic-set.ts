import { type Address, compareAddresses } from './address.js';
import { AddressSet } from './address-set.js';
import { PortSet } from './port-set.js';

/** Every one of these addresses with every one of these ports. */
export interface TrafficBlock {
  readonly addresses: AddressSet;
  readonly ports: PortSet;
}

/**
 * An immutable set of pairs of an address and a port. Equal sets are built alike: the blocks share no address, no two
 * have the same ports, none is empty, and they stand in the order of their lowest addresses.
 * An operation whose result equals one of its operands returns that operand.
 */
export class TrafficSet {
  static readonly empty = new TrafficSet([]);

  readonly blocks: readonly TrafficBlock[];

  private constructor(blocks: readonly TrafficBlock[]) {
    this.blocks = blocks;
  }

  static of(addresses: AddressSet, ports: PortSet): TrafficSet {
    return addresses.isEmpty || ports.isEmpty ? TrafficSet.empty : new TrafficSet([{ addresses, ports }]);
  }

  static unionOf(sets: Iterable<TrafficSet>): TrafficSet {
    const distinct = [...new Set(sets)];
    const [only] = distinct;
    if (only !== undefined && distinct.length === 1) return only;
    const blocks = mergeEqualPorts(distinct.flatMap((set) => set.blocks));
    return blocks.reduce((union, block) => union.union(new TrafficSet([block])), TrafficSet.empty);
  }

  /** The union of sets that have no address in common. */
  static ofApart(sets: readonly TrafficSet[]): TrafficSet {
    const [only] = sets;
    if (only && sets.length === 1) return only;
    const blocks = mergeEqualPorts(sets.flatMap((set) => set.blocks)).sort(compareBlocks);
    return blocks.length === 0 ? TrafficSet.empty : new TrafficSet(blocks);
  }

  get isEmpty(): boolean {
    return this.blocks.length === 0;
  }

  has(address: Address, port: number): boolean {
    return this.blocks.some((block) => block.ports.has(port) && block.addresses.has(address));
  }

  union(other: TrafficSet): TrafficSet {
    const blocks = cross(this.everywhere(), other.everywhere(), (mine, theirs) => mine.union(theirs));
    return this.reuse(other, blocks);
  }

  intersect(other: TrafficSet): TrafficSet {
    const blocks = cross(this.blocks, other.blocks, (mine, theirs) => mine.intersect(theirs));
    return this.reuse(other, blocks);
  }

  subtract(other: TrafficSet): TrafficSet {
    const blocks = cross(this.blocks, other.everywhere(), (mine, theirs) => mine.subtract(theirs));
    return this.reuse(other, blocks);
  }

  /** The pairs whose address is one of `addresses`. */
  where(addresses: AddressSet): TrafficSet {
    const blocks = cross(this.blocks, [{ addresses, ports: PortSet.all }], (mine) => mine);
    return this.reuse(this, blocks);
  }

  /** Whether some pair is in both sets. */
  overlaps(other: TrafficSet): boolean {
    return this.blocks.some((mine) =>
      other.blocks.some((theirs) => mine.ports.overlaps(theirs.ports) && mine.addresses.overlaps(theirs.addresses)),
    );
  }

  /** Whether every pair of `other` is in this set; true when `other` is empty. */
  covers(other: TrafficSet): boolean {
    return other.blocks.every((theirs) => this.addressesWithAll(theirs.ports).covers(theirs.addresses));
  }

  equals(other: TrafficSet): boolean {
    return this === other || sameBlocks(this.blocks, other.blocks);
  }

  /** Every address that occurs. */
  addresses(): AddressSet {
    return AddressSet.unionOf(this.blocks.map((block) => block.addresses));
  }

  /** The addresses that occur with every one of `ports`; with no port to ask for, all addresses. */
  addressesWithAll(ports: PortSet): AddressSet {
    if (ports.isEmpty) return AddressSet.all;
    return AddressSet.unionOf(this.blocks.filter((block) => block.ports.covers(ports)).map((block) => block.addresses));
  }

  /** The blocks, and one without ports for all other addresses. */
  private everywhere(): readonly TrafficBlock[] {
    return [...this.blocks, { addresses: AddressSet.all.subtract(this.addresses()), ports: PortSet.empty }];
  }

  /** The set of these disjoint blocks: this set or `other` when it equals one of them. */
  private reuse(other: TrafficSet, disjoint: readonly TrafficBlock[]): TrafficSet {
    const blocks = mergeEqualPorts(disjoint).sort(compareBlocks);
    if (blocks.length === 0) return TrafficSet.empty;
    if (sameBlocks(blocks, this.blocks)) return this;
    return sameBlocks(blocks, other.blocks) ? other : new TrafficSet(blocks);
  }
}

/** What `portsOf` says for each pair of blocks, on the addresses that both have; empty blocks are left out. */
function cross(
  left: readonly TrafficBlock[],
  right: readonly TrafficBlock[],
  portsOf: (left: PortSet, right: PortSet) => PortSet,
): TrafficBlock[] {
  const blocks: TrafficBlock[] = [];
  for (const mine of left) {
    for (const theirs of right) {
      const ports = portsOf(mine.ports, theirs.ports);
      if (ports.isEmpty) continue;
      const addresses = mine.addresses.intersect(theirs.addresses);
      if (!addresses.isEmpty) blocks.push({ addresses, ports });
    }
  }
  return blocks;
}

/** The same pairs with one block for each distinct set of ports. */
function mergeEqualPorts(blocks: readonly TrafficBlock[]): TrafficBlock[] {
  if (blocks.length < 2) return [...blocks];
  const byPorts = new Map<string, { ports: PortSet; addresses: AddressSet[] }>();
  for (const { addresses, ports } of blocks) {
    const key = ports.toString();
    const merged = byPorts.get(key);
    if (merged === undefined) byPorts.set(key, { ports, addresses: [addresses] });
    else merged.addresses.push(addresses);
  }
  return Array.from(byPorts.values(), ({ ports, addresses }) => ({ ports, addresses: AddressSet.unionOf(addresses) }));
}

function sameBlocks(left: readonly TrafficBlock[], right: readonly TrafficBlock[]): boolean {
  return (
    left.length === right.length &&
    left.every((mine, i) => {
      const theirs = right[i];
      return theirs !== undefined && mine.ports.equals(theirs.ports) && mine.addresses.equals(theirs.addresses);
    })
  );
}

function compareBlocks(left: TrafficBlock, right: TrafficBlock): number {
  const mine = left.addresses.first;
  const theirs = right.addresses.first;
  return mine === undefined || theirs === undefined ? 0 : compareAddresses(mine, theirs);
}
