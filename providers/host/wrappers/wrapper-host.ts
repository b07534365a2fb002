import { type Address, AddressSet, formatAddress, parseAddress, parsePrefix } from '../../../src/set/index.js';
import { ipv4Glob } from './address-glob.js';
import { splitAt } from './split-at.js';
import {
  anyOf,
  either,
  matchesEverybody,
  matchesExactly,
  matchesNobody,
  mayMatch,
  type WrapperMatch,
} from './wrapper-match.js';

/** The text of a file of patterns, or undefined where the evidence does not hold it. */
export type PatternFile = (path: string) => string | undefined;

const ofName = 'depends on the name of the client';

/** Whether a doubt is one that only the name of the client decides: libwrap asks a name server for it, and waits. */
export function asksForName(doubt: string): boolean {
  return doubt.endsWith(ofName);
}

/** A file of patterns may name files of patterns. */
const deepest = 4;

/**
 * Which addresses a pattern of a host matches, as libwrap decides by the text of the address and by its name. The rules are
 * those of hosts_access(5); where Debian's library differs from the page, they were measured with tcpdmatch.
 * Everything that only a name can decide is a doubt: nobody knows what the machine's resolver would have said.
 */
export function matchHost(word: string, fileText: PatternFile, depth = 0): WrapperMatch {
  const upper = word.toUpperCase();
  if (word === '') return matchesNobody;
  if (word.startsWith('@')) return mayMatch(`${word} is a group of NIS`);
  if (word.startsWith('/')) return matchFile(word, fileText, depth);
  if (upper === 'ALL') return matchesEverybody;
  if (upper === 'KNOWN' || upper === 'LOCAL') return mayMatch(`${word} ${ofName}`);
  const [net, mask] = splitAt(word, '/');
  if (mask !== undefined) return masked(net, mask);
  return either(byAddress(word), byName(word));
}

function matchFile(path: string, fileText: PatternFile, depth: number): WrapperMatch {
  const text = depth < deepest ? fileText(path) : undefined;
  if (text === undefined) return mayMatch(`the patterns of ${path} are not in the evidence`);
  const words = new Set(text.split(/[ \t\r\n\v\f]+/).filter((word) => word !== ''));
  return anyOf(Array.from(words, (word) => matchHost(word, fileText, depth + 1)));
}

function byAddress(word: string): WrapperMatch {
  if (word.includes('*') || word.includes('?')) return glob(word.toLowerCase());
  if (word.startsWith('.')) return suffix(word);
  if (word.endsWith('.')) return matchesExactly(startingWith(word));
  const bracketed = /^\[(.*)\]$/.exec(word)?.[1];
  const address = parseAddress(bracketed ?? word);
  if (address === undefined || (bracketed !== undefined && address.family === 4)) return matchesNobody;
  // Without brackets it is the text that is compared: other ways to write the same address match nobody.
  if (bracketed === undefined && formatAddress(address) !== word.toLowerCase()) return matchesNobody;
  return matchesExactly(AddressSet.single(address));
}

/** Only a name can end in it, or the last numbers of an IPv4 address can. */
function suffix(word: string): WrapperMatch {
  const isAddressEnd = /^(?:\.(?:0|[1-9]\d{0,2})){1,3}$/.test(word);
  return isAddressEnd ? mayMatch(`${word} is the end of an address`, AddressSet.ipv4) : matchesNobody;
}

/** The IPv4 addresses whose text begins with whole numbers and a dot. */
function startingWith(word: string): AddressSet {
  const parts = word.slice(0, -1).split('.');
  if (parts.length > 3) return AddressSet.empty;
  const prefix = parsePrefix(`${[...parts, '0', '0', '0'].slice(0, 4).join('.')}/${8 * parts.length}`);
  return prefix ? AddressSet.fromPrefixes([prefix]) : AddressSet.empty;
}

function glob(pattern: string): WrapperMatch {
  if (/^\*+$/.test(pattern)) return matchesEverybody;
  const ipv4 = ipv4Glob(pattern);
  const some = ipv4 ? matchesExactly(ipv4) : mayMatch(`${pattern} fits too many addresses to be told`, AddressSet.ipv4);
  return either(some, ipv6Glob(pattern));
}

/** A pattern has no colon outside of brackets: what may fit the text of an IPv6 address is told by its other characters. */
function ipv6Glob(pattern: string): WrapperMatch {
  if (!/^[0-9a-f*?.]*$/.test(pattern)) return matchesNobody;
  const doubt = `${pattern} may fit the text of an IPv6 address`;
  if (!pattern.includes('.')) return mayMatch(doubt, AddressSet.ipv6);
  return /^[*?]/.test(pattern) ? mayMatch(doubt, AddressSet.of('::/96')) : matchesNobody;
}

/**
 * What the name of a client may decide. The name is not asked for words of digits, dots and slashes. A pattern that begins with
 * a number and a dot is taken for one of addresses, though a name may begin so.
 */
function byName(word: string): WrapperMatch {
  const isAddress = /^[0-9./]*$/.test(word) || /^[0-9]+\.[0-9.*?]*$/.test(word) || /^\*+$/.test(word);
  const canBeName = /^[A-Za-z0-9_.*?-]+$/.test(word);
  return isAddress || !canBeName ? matchesNobody : mayMatch(`${word} ${ofName}`);
}

/** `net/mask`: the address with the mask laid over it must be the net as it is written, so host bits in the net match nobody. */
function masked(net: string, mask: string): WrapperMatch {
  if (net.startsWith('[')) return maskedIpv6(net, mask);
  const network = dottedQuad(net);
  const bits = maskBits(mask);
  if (network === undefined || bits === undefined) return matchesNobody;
  const length = Math.clz32(~bits);
  const contiguous = length === 32 || bits << length === 0;
  if (!contiguous) return mayMatch(`${net}/${mask} has a mask with holes`, AddressSet.ipv4);
  if ((network & bits) >>> 0 !== network) return matchesNobody;
  return matchesExactly(AddressSet.fromPrefixes([{ network: { family: 4, value: network }, length, hostBits: false }]));
}

/** A mask as a signed 32-bit number: of dotted numbers, or a length from 1. 255.255.255.255 is taken for an error. */
function maskBits(mask: string): number | undefined {
  const quad = dottedQuad(mask);
  if (quad !== undefined) return quad | 0;
  const length = leadingNumber(mask);
  return length !== undefined && length >= 1 && length <= 32 ? ~0 << (32 - length) : undefined;
}

/** As atoi(3) reads: the number at the start, whatever follows. */
function leadingNumber(text: string): number | undefined {
  const digits = /^[ \t]*([+-]?\d{1,15})/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Four numbers as inet_addr(3) reads them: `010` is eight. 255.255.255.255 is its word for an error. */
function dottedQuad(text: string): number | undefined {
  const parts = text.split('.', 5);
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    const number = inetNumber(part);
    if (number === undefined || number > 255) return undefined;
    value = value * 256 + number;
  }
  return value === 0xffffffff ? undefined : value;
}

function inetNumber(text: string): number | undefined {
  if (text.length > 12) return undefined;
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

/** IPv6 is more lenient than IPv4: host bits are masked away, and a length that is no number is 0. */
function maskedIpv6(net: string, mask: string): WrapperMatch {
  const address: Address | undefined = net.endsWith(']') ? parseAddress(net.slice(1, -1)) : undefined;
  const length = leadingNumber(mask) ?? 0;
  if (address?.family !== 6 || length < 0 || length > 128) return matchesNobody;
  const shift = BigInt(128 - length);
  const network: Address = { family: 6, value: (address.value >> shift) << shift };
  return matchesExactly(AddressSet.fromPrefixes([{ network, length, hostBits: false }]));
}
