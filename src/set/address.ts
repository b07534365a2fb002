export type Family = 4 | 6;

/** An IPv4 address as a whole number from 0 to 2^32-1, or an IPv6 address as a bigint from 0 to 2^128-1. */
export type Address = { readonly family: 4; readonly value: number } | { readonly family: 6; readonly value: bigint };

const decimalPart = /^(?:0|[1-9][0-9]{0,2})$/;
const hexGroup = /^[0-9a-f]{1,4}$/i;
/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`; nothing longer is looked at. */
const longestAddress = 45;
const groupsInIpv6 = 8;
const groupBits = 16n;
/** The upper 96 bits of ::ffff:0:0/96, whose addresses are written with an IPv4 tail (RFC 5952, section 5). */
const ipv4Mapped = 0xffffn;

/**
 * The address that `text` writes, or undefined. IPv4: four decimal parts without leading zeros. IPv6: any form of
 * RFC 4291, among them `::` and an IPv4 tail. No zone, no prefix length, no blanks.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > longestAddress) return undefined;
  if (text.includes(':')) {
    const value = parseIpv6(text);
    return value === undefined ? undefined : { family: 6, value };
  }
  const value = parseIpv4(text);
  return value === undefined ? undefined : { family: 4, value };
}

/** The address as RFC 5952 writes it: lower case, no leading zeros, `::` for the first of the longest runs of zeros. */
export function formatAddress(address: Address): string {
  return address.family === 4 ? formatIpv4(address.value) : formatIpv6(address.value);
}

/** Negative, zero or positive as `a` is before, at or after `b`: IPv4 before IPv6, then by value. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!decimalPart.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

function parseIpv6(text: string): bigint | undefined {
  const sides = text.split('::');
  const [head = '', tail] = sides;
  if (sides.length > 2) return undefined;
  if (tail === undefined) {
    const groups = parseGroups(head, true);
    return groups?.length === groupsInIpv6 ? joinGroups(groups) : undefined;
  }
  const before = head === '' ? [] : parseGroups(head, false);
  const after = tail === '' ? [] : parseGroups(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const zeros = groupsInIpv6 - before.length - after.length;
  return zeros < 1 ? undefined : joinGroups([...before, ...Array.from({ length: zeros }, () => 0), ...after]);
}

/** The 16-bit groups of `a:b:c`, or undefined; only the end of an address may be written as IPv4. */
function parseGroups(text: string, endsAddress: boolean): number[] | undefined {
  const parts = text.split(':');
  const last = parts.at(-1);
  const ipv4 = endsAddress && last?.includes('.') ? parseIpv4(last) : undefined;
  const hexParts = ipv4 === undefined ? parts : parts.slice(0, -1);
  if (!hexParts.every((part) => hexGroup.test(part))) return undefined;
  const groups = hexParts.map((part) => Number.parseInt(part, 16));
  if (ipv4 !== undefined) groups.push(ipv4 >>> 16, ipv4 & 0xffff);
  return groups;
}

function joinGroups(groups: readonly number[]): bigint {
  return groups.reduce((value, group) => (value << groupBits) | BigInt(group), 0n);
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
}

function formatIpv6(value: bigint): string {
  if (value >> 32n === ipv4Mapped) return `::ffff:${formatIpv4(Number(value & 0xffffffffn))}`;
  const digits = value.toString(16).padStart(groupsInIpv6 * 4, '0');
  const groups = Array.from({ length: groupsInIpv6 }, (_, i) => Number.parseInt(digits.slice(4 * i, 4 * i + 4), 16));
  const zeros = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (zeros.length < 2) return hex.join(':');
  return `${hex.slice(0, zeros.start).join(':')}::${hex.slice(zeros.start + zeros.length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > longest.length) longest = { start, length: i + 1 - start };
  });
  return longest;
}
