import { type Address, AddressPartition, type AddressSet } from '../set/index.js';

/**
 * Addresses as nothing can tell them apart that speaks in terms of some sets: what is found out about one address of a cell holds
 * for all of it.
 */
export class Places {
  private readonly partition: AddressPartition;
  private readonly firsts = new Map<number, Address>();

  constructor(sets: Iterable<AddressSet>) {
    this.partition = AddressPartition.by(sets);
  }

  /** The address that stands for all of the same cell: the first one of it that was asked about, as the same object. */
  like(address: Address): Address {
    const cell = this.partition.cellOf(address) * 2 + (address.family === 4 ? 0 : 1);
    const first = this.firsts.get(cell) ?? address;
    this.firsts.set(cell, first);
    return first;
  }
}
