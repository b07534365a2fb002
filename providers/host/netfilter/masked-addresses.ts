import { type Address, AddressSet, type Family, type Prefix, parseAddress } from '../../../src/set/index.js';

/** Beyond so many free bits above the common ones, the addresses are too many prefixes to write down. */
const mostHoles = 12;

/** The mask that `text` writes as a length or as an address, as a whole number of the family's width. */
function maskOf(text: string, family: Family): bigint | undefined {
  const bits = family === 4 ? 32 : 128;
  if (/^[0-9]{1,3}$/.test(text)) {
    const length = Number(text);
    return length > bits ? undefined : ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
  }
  const mask = parseAddress(text);
  return mask?.family === family ? BigInt(mask.value) : undefined;
}

function addressOf(value: bigint, family: Family): Address {
  return family === 4 ? { family, value: Number(value) } : { family, value };
}

/**
 * The addresses that agree with `address` in every bit of `mask`, a length or a mask of any form: `10.0.0.1/255.0.0.255`.
 * Undefined when a text is neither, or when the mask leaves more than twelve bits free above bits that it sets.
 */
export function maskedAddresses(address: Address, mask: string): AddressSet | undefined {
  const { family } = address;
  const wanted = maskOf(mask, family);
  if (wanted === undefined) return undefined;
  const bits = family === 4 ? 32 : 128;
  const value = BigInt(address.value) & wanted;
  if (wanted === 0n) return family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
  let tail = 0;
  while (((wanted >> BigInt(tail)) & 1n) === 0n) tail++;
  const holes: bigint[] = [];
  for (let bit = tail; bit < bits; bit++) if (((wanted >> BigInt(bit)) & 1n) === 0n) holes.push(1n << BigInt(bit));
  if (holes.length > mostHoles) return undefined;
  const prefixes: Prefix[] = [];
  for (let choice = 0; choice < 2 ** holes.length; choice++) {
    const network = holes.reduce((sum, hole, i) => (choice & (1 << i) ? sum | hole : sum), value);
    prefixes.push({ network: addressOf(network, family), length: bits - tail, hostBits: false });
  }
  return AddressSet.fromPrefixes(prefixes);
}
