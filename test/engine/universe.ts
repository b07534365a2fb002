import { type Address, AddressSet, formatAddress, PortSet } from '../../src/set/index.js';

/** Eight addresses of each family: few enough to ask about each one by itself. */
export const addresses: readonly Address[] = [
  ...Array.from({ length: 8 }, (_, i): Address => ({ family: 4, value: 0x0a000000 + i })),
  ...Array.from({ length: 8 }, (_, i): Address => ({ family: 6, value: (0x20010db8n << 96n) + BigInt(i) })),
];

export const ports: readonly number[] = [20, 21, 22, 23, 24, 25];

/** The port that is asked about. */
export const askedPort = 22;

const singles = new Map(addresses.map((address) => [address, AddressSet.single(address)]));

/** The set of exactly these addresses of the universe. */
export function setOf(members: readonly Address[]): AddressSet {
  return AddressSet.unionOf(members.map((member) => singles.get(member) ?? AddressSet.single(member)));
}

export const everyAddress = setOf(addresses);

export function portSetOf(members: readonly number[]): PortSet {
  return members.reduce((set, port) => set.union(PortSet.single(port)), PortSet.empty);
}

/** The addresses of the universe that are in the set, as text. */
export function namesIn(set: AddressSet): string[] {
  return addresses.filter((address) => set.has(address)).map(formatAddress);
}
