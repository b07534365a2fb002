import { AddressSet, type Family, PortSet, type Prefix, parseAddress, parsePrefix } from '../../../src/set/index.js';
import { maskedAddresses } from './masked-addresses.js';
import { asObject, asText, isList, memberOf } from './nft-value.js';
import { highestPort, protocolNumber } from './protocols.js';

function prefixOf(value: unknown, family: Family): Prefix | undefined {
  const text = typeof value === 'string' ? value : prefixText(value);
  const prefix = text === undefined ? undefined : parsePrefix(text);
  return prefix?.network.family === family ? prefix : undefined;
}

function prefixText(value: unknown): string | undefined {
  const [name, body] = memberOf(value) ?? [];
  const { addr, len } = asObject(body);
  return name === 'prefix' && typeof addr === 'string' && typeof len === 'number' ? `${addr}/${len}` : undefined;
}

/** The ends of `{"range": [first, last]}`. */
function endsOf(value: unknown): readonly [unknown, unknown] | undefined {
  const [name, body] = memberOf(value) ?? [];
  return name === 'range' && isList(body) && body.length === 2 ? [body[0], body[1]] : undefined;
}

/** The addresses of values that are addresses, prefixes and ranges of one family, or under a mask; undefined when one is none. */
export function addressesOf(values: readonly unknown[], family: Family, mask?: unknown): AddressSet | undefined {
  if (mask !== undefined) {
    if (typeof mask !== 'string' && typeof mask !== 'number') return undefined;
    const address = parseAddress(asText(values[0]) ?? '');
    return address?.family === family ? maskedAddresses(address, `${mask}`) : undefined;
  }
  const prefixes: Prefix[] = [];
  const ranges: AddressSet[] = [];
  for (const value of values) {
    const prefix = prefixOf(value, family);
    const range = prefix ? undefined : rangeOf(value, family);
    if (prefix) prefixes.push(prefix);
    else if (range) ranges.push(range);
    else return undefined;
  }
  return AddressSet.unionOf([AddressSet.fromPrefixes(prefixes), ...ranges]);
}

function rangeOf(value: unknown, family: Family): AddressSet | undefined {
  const [first, last] = (endsOf(value) ?? []).map((end) => parseAddress(asText(end) ?? ''));
  if (first?.family !== family || last?.family !== family || first.value > last.value) return undefined;
  return AddressSet.range(first, last);
}

/** Names of ports that older versions of nft print (/etc/services). */
const services: ReadonlyMap<unknown, number> = new Map([
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['bootps', 67],
  ['bootpc', 68],
  ['http', 80],
  ['ntp', 123],
  ['imap2', 143],
  ['https', 443],
  ['dhcpv6-client', 546],
  ['dhcpv6-server', 547],
  ['mdns', 5353],
]);

function portOf(value: unknown): number | undefined {
  const port = typeof value === 'string' && /^[0-9]{1,5}$/.test(value) ? Number(value) : (services.get(value) ?? value);
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= highestPort ? port : undefined;
}

/** The addresses of a family that are less, greater, and so on than one; undefined for another operator or no address. */
export function addressesBeside(op: string, value: unknown, family: Family): AddressSet | undefined {
  const address = parseAddress(asText(value) ?? '');
  if (address?.family !== family) return undefined;
  const everybody = family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
  const [first, last] = everybody.intervals(family)[0] ?? [];
  if (!first || !last) return undefined;
  const upTo = AddressSet.range(first, address);
  const from = AddressSet.range(address, last);
  switch (op) {
    case '<':
      return everybody.subtract(from);
    case '<=':
      return upTo;
    case '>':
      return everybody.subtract(upTo);
    case '>=':
      return from;
    default:
      return undefined;
  }
}

/** The ports of values that are ports and ranges; undefined when one is neither. */
export function portsOf(values: readonly unknown[]): PortSet | undefined {
  const ranges: (readonly [number, number])[] = [];
  for (const value of values) {
    const [from, to] = endsOf(value) ?? [value, value];
    const [first, last] = [portOf(from), portOf(to)];
    if (first === undefined || last === undefined || first > last) return undefined;
    ranges.push([first, last]);
  }
  return PortSet.ofRanges(ranges);
}

/** The ports that are less, greater, and so on than a port; undefined for another operator or no port. */
export function portsBeside(op: string, value: unknown): PortSet | undefined {
  const port = portOf(value);
  if (port === undefined) return undefined;
  const from = op === '>' ? port + 1 : op === '>=' ? port : 0;
  const to = op === '<' ? port - 1 : op === '<=' ? port : highestPort;
  if (op !== '<' && op !== '<=' && op !== '>' && op !== '>=') return undefined;
  return from <= to ? PortSet.range(from, to) : PortSet.empty;
}

/** The numbers of protocols; undefined when one is none, a range among them. */
export function protocolsOf(values: readonly unknown[]): readonly number[] | undefined {
  const numbers = values.map((value) =>
    typeof value === 'string' || typeof value === 'number' ? protocolNumber(`${value}`) : undefined,
  );
  const read = numbers.filter((number) => number !== undefined);
  return read.length === numbers.length ? read : undefined;
}

const flagBits: ReadonlyMap<unknown, number> = new Map([
  ['fin', 1],
  ['syn', 2],
  ['rst', 4],
  ['psh', 8],
  ['ack', 16],
  ['urg', 32],
  ['ecn', 64],
  ['cwr', 128],
]);

/** Nothing that nft prints is nested deeper than there are flags. */
const deepest = 10;

/** The bits of `"syn"`, `["syn", "ack"]`, `{"|": ["syn", "ack"]}` and numbers; undefined for anything else. */
export function tcpFlagsOf(value: unknown, depth = 0): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 255 ? value : undefined;
  const [name, body] = memberOf(value) ?? [];
  const parts = name === '|' ? body : value;
  if (!isList(parts)) return flagBits.get(value);
  if (depth > deepest) return undefined;
  let bits = 0;
  for (const part of parts) {
    const bit = tcpFlagsOf(part, depth + 1);
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}
