import { type Address, formatAddress, parseAddress } from './address.js';
import { ipv4Line, ipv6Line } from './line.js';

/** A block of addresses with a common start, as CIDR text writes it. */
export interface Prefix {
  /** The first address, with every bit below the mask clear. */
  readonly network: Address;
  /** How many leading bits are common: 0 to 32, or 0 to 128. */
  readonly length: number;
  /** Whether the text had bits below the mask, as `10.0.0.1/8` has. */
  readonly hostBits: boolean;
}

const lengthText = /^(?:0|[1-9][0-9]{0,2})$/;

/** The prefix that `text` writes as `address/length`, or undefined. A bare address is a prefix of full length. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = address.family === 4 ? ipv4Line.bits : ipv6Line.bits;
  if (slash < 0) return { network: address, length: bits, hostBits: false };
  const written = text.slice(slash + 1);
  const length = Number(written);
  if (!lengthText.test(written) || length > bits) return undefined;
  const network = networkOf(address, length);
  return { network, length, hostBits: network.value !== address.value };
}

/** CIDR text, always with the length: `10.0.0.0/8`, `2001:db8::1/128`. */
export function formatPrefix(prefix: Pick<Prefix, 'network' | 'length'>): string {
  return `${formatAddress(prefix.network)}/${prefix.length}`;
}

function networkOf(address: Address, length: number): Address {
  return address.family === 4
    ? { family: 4, value: ipv4Line.network(address.value, length) }
    : { family: 6, value: ipv6Line.network(address.value, length) };
}
