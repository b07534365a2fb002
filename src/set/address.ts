export type Family = 4 | 6;

/** An IPv4 address as a whole number from 0 to 2^32-1, or an IPv6 address as a bigint from 0 to 2^128-1. */
export type Address = { readonly family: 4; readonly value: number } | { readonly family: 6; readonly value: bigint };

const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const LETTER_A = 0x61;
/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`; nothing longer is looked at. */
const longestAddress = 45;
const groupsInIpv6 = 8;
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

/** `text` from `start` to its end as four decimal parts without leading zeros. */
function parseIpv4(text: string, start = 0): number | undefined {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return undefined;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return undefined;
    part = part * 10 + digit;
    if (part > 255) return undefined;
    digits++;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : undefined;
}

/** The value of a hexadecimal digit, or -1. */
function hexDigit(code: number): number {
  if (code >= ZERO && code <= ZERO + 9) return code - ZERO;
  const letter = code | 0x20;
  return letter >= LETTER_A && letter <= LETTER_A + 5 ? letter - LETTER_A + 10 : -1;
}

/** The 16-bit groups of an address, and before which of them `::` stands. */
interface Groups {
  readonly groups: readonly number[];
  readonly gap: number | undefined;
}

/** The groups as they are written; undefined when the text is none of the forms of RFC 4291. */
function readGroups(text: string): Groups | undefined {
  const groups: number[] = [];
  let gap: number | undefined;
  let i = 0;
  if (text.startsWith('::')) {
    gap = 0;
    i = 2;
  }
  while (i < text.length) {
    const start = i;
    while (i < text.length && hexDigit(text.charCodeAt(i)) >= 0) i++;
    if (text.charCodeAt(i) === DOT) {
      const ipv4 = parseIpv4(text, start);
      return ipv4 === undefined ? undefined : { groups: [...groups, ipv4 >>> 16, ipv4 & 0xffff], gap };
    }
    if (i === start || i - start > 4) return undefined;
    let group = 0;
    for (let at = start; at < i; at++) group = group * 16 + hexDigit(text.charCodeAt(at));
    groups.push(group);
    if (i === text.length) break;
    if (text.charCodeAt(i) !== COLON) return undefined;
    i++;
    if (i === text.length) return undefined;
    if (text.charCodeAt(i) !== COLON) continue;
    if (gap !== undefined) return undefined;
    gap = groups.length;
    i++;
  }
  return { groups, gap };
}

function parseIpv6(text: string): bigint | undefined {
  const read = readGroups(text);
  if (!read) return undefined;
  const { groups, gap } = read;
  if (gap === undefined) return groups.length === groupsInIpv6 ? joinGroups(groups) : undefined;
  const zeros = groupsInIpv6 - groups.length;
  if (zeros < 1) return undefined;
  return joinGroups([...groups.slice(0, gap), ...Array.from({ length: zeros }, () => 0), ...groups.slice(gap)]);
}

/** Big integers are slow, and a number holds three groups: eight groups are three numbers. */
function joinGroups([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0]: readonly number[]): bigint {
  const upper = (a * 65_536 + b) * 65_536 + c;
  const middle = (d * 65_536 + e) * 65_536 + f;
  return (BigInt(upper) << 80n) | (BigInt(middle) << 32n) | BigInt(g * 65_536 + h);
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
