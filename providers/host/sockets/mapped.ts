import type { Address } from '../../../src/set/index.js';

/** The IPv4 address within ::ffff:0:0/96: an IPv6 socket bound to one of these takes IPv4 connections (RFC 4291, section 2.5.5.2). */
export function unmapped(address: Address): Address {
  if (address.family === 4 || address.value >> 32n !== 0xffffn) return address;
  return { family: 4, value: Number(address.value & 0xffffffffn) };
}
