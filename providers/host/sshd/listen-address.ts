import { type Address, parseAddress } from '../../../src/set/index.js';
import type { Bound } from '../sockets/listener.js';

/** Something that sshd would listen on. */
export interface Bind {
  /** `any6` is IPv6 alone: sshd always sets IPV6_V6ONLY (measured). */
  readonly address: Exclude<Bound, 'dual' | 'any'>;
  readonly port: number;
  /** A routing domain, or the link of the address. */
  readonly device?: string;
}

export type AddressFamily = 'inet' | 'inet6' | 'any';

/** The argument of a ListenAddress. */
export type ListenAddress =
  | { readonly kind: 'host'; readonly host: string; readonly port?: number; readonly rdomain?: string }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** What a text says for a port: a number, undefined for no port, or a name of /etc/services that the evidence does not hold. */
export type PortText = number | undefined | 'name';

/** strtonum(3), else getservbyname(3). Port 0 is none that sshd takes. */
export function portOf(text: string): PortText {
  if (/^\s*[+-]?\d{1,15}$/.test(text)) {
    const port = Number(text);
    return port >= 1 && port <= 65_535 ? port : undefined;
  }
  const wellKnown = new Map([
    ['ssh', 22],
    ['http', 80],
    ['https', 443],
  ]).get(text);
  return wellKnown ?? (/^[A-Za-z][A-Za-z0-9_.+-]*$/.test(text) && text === text.toLowerCase() ? 'name' : undefined);
}

/** `a`, `a:p`, `[v6]`, `[v6]:p`, a bare IPv6 address, and `rdomain X` behind it (sshd_config(5); measured). */
export function listenAddress(args: readonly string[]): ListenAddress {
  const [text = '', ...rest] = args;
  if (text === '') return { kind: 'error', message: 'missing address' };
  const split = hostAndPort(text);
  if (split === undefined) return { kind: 'error', message: 'bad address:port usage' };
  const port = split.port === undefined ? undefined : portOf(split.port);
  if (split.port !== undefined && port === undefined) return { kind: 'error', message: 'bad port number' };
  const [word, rdomain] = rest;
  if (word !== undefined && (word !== 'rdomain' || rdomain === undefined)) {
    return { kind: 'error', message: 'bad ListenAddress syntax' };
  }
  if (port === 'name') return { kind: 'unknown', why: `the port ${split.port} is a name` };
  return {
    kind: 'host',
    host: split.host,
    ...(port !== undefined && { port }),
    ...(rdomain !== undefined && { rdomain }),
  };
}

function hostAndPort(text: string): { readonly host: string; readonly port?: string } | undefined {
  const isBareIpv6 = !text.includes('[') && text.indexOf(':') !== text.lastIndexOf(':');
  if (isBareIpv6) return { host: text };
  let end = text.search(/[:/]/);
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    if (close < 0) return undefined;
    end = close + 1 === text.length ? -1 : close + 1;
  }
  const host = (end < 0 ? text : text.slice(0, end)).replace(/^\[(.*)\]$/, '$1');
  if (end < 0) return { host };
  return text[end] === ':' ? { host, port: text.slice(end + 1) } : undefined;
}

/**
 * The addresses that getaddrinfo(3) of the GNU library makes of a host: `*` is loopback, `127.1` is 127.0.0.1, a name is what the
 * machine's resolver says at the start. With an address of the other family sshd does not start.
 */
export function resolved(
  host: string,
  family: AddressFamily,
):
  | {
      readonly kind: 'addresses';
      readonly addresses: readonly { readonly address: Bind['address']; readonly device?: string }[];
    }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'unknown'; readonly why: string } {
  if (host === '') return { kind: 'error', message: 'bad addr or host:  (Name or service not known)' };
  const loopback = ['127.0.0.1', '::1'].flatMap((text) => parseAddress(text) ?? []);
  if (host === '*')
    return { kind: 'addresses', addresses: loopback.filter(isOf(family)).map((address) => ({ address })) };
  const [text = '', device] = host.split('%', 2);
  const address = device === undefined ? (inetAton(host) ?? parseAddress(host)) : parseAddress(text);
  if (address === undefined) return { kind: 'unknown', why: `the addresses of ${host} are what its name resolves to` };
  if (address.family === 6 && address.value >> 32n === 0xffffn) {
    return { kind: 'unknown', why: `${host} is an IPv4 address in IPv6` };
  }
  if (!isOf(family)(address)) {
    return { kind: 'error', message: `bad addr or host: ${host} (Address family for hostname not supported)` };
  }
  if (device !== undefined && (device === '' || address.family === 4))
    return { kind: 'unknown', why: `${host} names a link` };
  const bound =
    address.family === 4 ? (address.value === 0 ? 'any4' : address) : address.value === 0n ? 'any6' : address;
  return { kind: 'addresses', addresses: [{ address: bound, ...(device !== undefined && { device }) }] };
}

function isOf(family: AddressFamily): (address: Address) => boolean {
  return (address) => family === 'any' || (family === 'inet') === (address.family === 4);
}

/** inet_aton(3): one to four numbers, the last of which fills what is left. Octal and hexadecimal numbers too. */
function inetAton(text: string): Address | undefined {
  if (!/^[0-9a-fA-FxX.]{1,60}$/.test(text)) return undefined;
  const numbers = text.split('.').map(inetNumber);
  const last = numbers.pop();
  if (last === undefined || numbers.length > 3) return undefined;
  let value = 0;
  for (const number of numbers) {
    if (number === undefined || number > 255) return undefined;
    value = value * 256 + number;
  }
  const room = 256 ** (4 - numbers.length);
  return last < room ? { family: 4, value: value * room + last } : undefined;
}

function inetNumber(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]{1,12}$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]{0,15}$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d{0,11}$/.test(text) ? Number(text) : undefined;
}
