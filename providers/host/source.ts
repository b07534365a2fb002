import { type Address, AddressSet, formatAddress, parseAddress, parsePrefix } from '../../src/set/index.js';

/** The upper 96 bits of ::ffff:0:0/96. */
const ipv4Mapped = 0xffffn;

/**
 * An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address: an IPv6 socket bound to it takes IPv4 connections
 * (RFC 4291, section 2.5.5.2).
 */
export function unmapped(address: Address): Address {
  if (address.family === 4 || address.value >> 32n !== ipv4Mapped) return address;
  return { family: 4, value: Number(address.value & 0xffffffffn) };
}

/** The address that a log or a table writes, without brackets and without a zone; undefined where it is a name. */
export function writtenAddress(text: string): Address | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const zone = bare.indexOf('%');
  const address = parseAddress(zone < 0 ? bare : bare.slice(0, zone));
  return address && unmapped(address);
}

/** The addresses that `192.0.2.1`, `192.0.2.1/24` or `[2001:db8::1]` mean; undefined where it is none of these. */
export function writtenAddresses(text: string): AddressSet | undefined {
  const address = writtenAddress(text);
  if (address) return AddressSet.single(address);
  const prefix = parsePrefix(text);
  return prefix && AddressSet.fromPrefixes([prefix]);
}

/** The block of an address of so many common bits; the address alone where there is no such block. */
export function blockOf(address: Address, bits: number): AddressSet {
  const prefix = parsePrefix(`${formatAddress(address)}/${bits}`);
  return prefix ? AddressSet.fromPrefixes([prefix]) : AddressSet.single(address);
}
