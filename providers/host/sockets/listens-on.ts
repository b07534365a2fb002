import type { CauseCode, Sign } from '../../../src/model/index.js';
import { type Address, AddressSet, type Family, formatAddress } from '../../../src/set/index.js';
import { unmapped } from '../source.js';
import type { Listener, SocketGap, Sockets } from './listener.js';

/** Why nobody can tell whether something listens. */
export type ListenDoubt =
  /** Whether a socket of IPv6 takes IPv4 as well, or which family a wildcard is of, is not told. */
  | { readonly kind: 'family'; readonly listener: Listener }
  /** It is bound to a device, and by which the client comes is not told. */
  | { readonly kind: 'device'; readonly listener: Listener }
  | { readonly kind: 'gap'; readonly gap: SocketGap };

export type Listens =
  | { readonly kind: 'yes'; readonly listener: Listener }
  /** `nearest`: those on the port, else those of SSH on other ports. */
  | { readonly kind: 'no'; readonly nearest: readonly Listener[] }
  | { readonly kind: 'unknown'; readonly why: ListenDoubt };

const loopback = AddressSet.of('127.0.0.0/8', '::1/128');

/** Names of programs that speak SSH. */
const sshPrograms = /^(?:sshd|sshd-session|dropbear|tinysshd|teleport)$/;

/**
 * Whether a connection to one of the machine's own addresses meets a listener, once it is past every filter. `device` is where it
 * comes in, where that is known.
 */
export function listensOn(sockets: Sockets, address: Address, port: number, device?: string): Listens {
  const dialled = unmapped(address);
  let listener: Listener | undefined;
  let doubt: ListenDoubt | undefined;
  for (const candidate of sockets.listeners) {
    if (candidate.port !== port) continue;
    const takes = takesAddress(candidate, dialled);
    if (takes === 'no') continue;
    const arrives = arrivesAt(candidate, dialled, device);
    if (arrives === 'no') continue;
    if (takes === 'unknown') doubt ??= { kind: 'family', listener: candidate };
    else if (arrives === 'unknown') doubt ??= { kind: 'device', listener: candidate };
    else if (listener === undefined || rank(candidate) > rank(listener)) listener = candidate;
  }
  if (listener) return { kind: 'yes', listener };
  if (doubt) return { kind: 'unknown', why: doubt };
  if (sockets.gap) return { kind: 'unknown', why: { kind: 'gap', gap: sockets.gap } };
  const onPort = sockets.listeners.filter((candidate) => candidate.port === port);
  return { kind: 'no', nearest: onPort.length > 0 ? onPort : sockets.listeners.filter(isForSsh) };
}

/** Whether a listener is that of a program of SSH, by its name. */
export function speaksSsh({ owners }: Listener): boolean {
  return owners.some((owner) => sshPrograms.test(owner.process));
}

/** Names of programs that speak HTTP before anything else. */
const webServers = /^(?:nginx|apache2?|httpd|caddy|lighttpd|php-fpm)/;
/** The same, but for what others run in them or behind them. */
const relays = /^(?:traefik|envoy|haproxy|node|java|python3?)/;

/**
 * What a listener speaks by the name of the program that holds it: `ssh` where it is one of SSH, systemd for whatever it starts, or not
 * told; `http` of a web server, `relay` of one that mostly is and may be anything, `other` of any other: both may pass connections on to an sshd.
 */
export function speaks(listener: Listener): 'ssh' | 'http' | 'relay' | 'other' {
  const owner = ownerOf(listener);
  if (owner === undefined || owner.startsWith('systemd') || speaksSsh(listener)) return 'ssh';
  if (webServers.test(owner)) return 'http';
  return relays.test(owner) ? 'relay' : 'other';
}

/** The same, or a socket that systemd holds for sshd: ss names the unit that made it (iproute2 5.9 and later). */
function isForSsh(listener: Listener): boolean {
  const isHeld = listener.owners.some((owner) => owner.process === 'systemd');
  return speaksSsh(listener) || (isHeld && /\scgroup:\S{0,512}\/sshd?\.socket(?:\s|$)/.test(listener.line));
}

/** The words of a listener: the first of its owners, or nothing. */
export function ownerOf({ owners }: Listener): string | undefined {
  return (owners.find((owner) => owner.process !== 'systemd') ?? owners[0])?.process;
}

/** The kernel prefers what is bound closer (__inet_lookup_listener). */
function rank({ address, device }: Listener): number {
  return (device === undefined ? 0 : 2) + (typeof address === 'string' ? 0 : 1);
}

function takesAddress({ address, v6only }: Listener, dialled: Address): 'yes' | 'no' | 'unknown' {
  if (typeof address !== 'string') {
    return address.family === dialled.family && address.value === dialled.value ? 'yes' : 'no';
  }
  if (address === 'dual') return 'yes';
  if (address === 'any') return 'unknown';
  if (address === 'any4') return dialled.family === 4 ? 'yes' : 'no';
  if (dialled.family === 6) return 'yes';
  return v6only === undefined ? 'unknown' : v6only ? 'no' : 'yes';
}

/** A device may be a VRF that the client's one belongs to: another name alone says nothing, but that of loopback. */
function arrivesAt(listener: Listener, dialled: Address, device: string | undefined): 'yes' | 'no' | 'unknown' {
  if (listener.device === undefined || listener.device === device) return 'yes';
  if (listener.device === 'lo') return loopback.has(dialled) ? 'yes' : 'no';
  return 'unknown';
}

function familyOf({ address }: Listener): Family | undefined {
  if (typeof address !== 'string') return address.family;
  return address === 'any4' ? 4 : address === 'any6' ? 6 : undefined;
}

/** Whether no other machine can reach it. */
export function isLoopbackOnly({ address, device }: Listener): boolean {
  return device === 'lo' || (typeof address !== 'string' && loopback.has(address));
}

/** `10.22.2.3:22`, `[fd22::1]:22`, `0.0.0.0:22`, `*:22`. */
export function boundText({ address, port }: Pick<Listener, 'address' | 'port'>): string {
  if (address === 'any4') return `0.0.0.0:${port}`;
  if (address === 'any6') return `[::]:${port}`;
  if (typeof address === 'string') return `*:${port}`;
  return address.family === 4 ? `${formatAddress(address)}:${port}` : `[${formatAddress(address)}]:${port}`;
}

/** Of ever so many listeners that are near, as many are told. */
const mostTold = 20;

/**
 * Why a connection to `address` meets no listener, where `listensOn` says that it does not: what is nearest, as signs that
 * prove it, for the list of the kernel is whole; of many the first. Nothing in any other case.
 */
export function whyNotListening(sockets: Sockets, address: Address, port: number, device?: string): readonly Sign[] {
  const dialled = unmapped(address);
  const listens = listensOn(sockets, dialled, port, device);
  if (listens.kind !== 'no') return [];
  const asked = boundText({ address: dialled, port });
  const onPort = listens.nearest.filter((listener) => listener.port === port);
  if (onPort.length > 0) return onPortSigns(onPort, dialled, asked);
  const ports = portWords(new Set(listens.nearest.map((listener) => listener.port)));
  if (listens.nearest.length === 0) {
    const data = { asked, port: `${port}` };
    return [{ code: 'host/no-listener', says: 'proves', at: sockets.at, line: '', data }];
  }
  const nearest = listens.nearest.slice(0, mostTold);
  return nearest.map((listener) => signOf('host/other-port', listener, { asked, port: `${port}`, ports }));
}

function portWords(ports: ReadonlySet<number>): string {
  const shown = [...ports]
    .sort((a, b) => a - b)
    .slice(0, mostTold)
    .join(', ');
  return ports.size > mostTold ? `${shown} and ${ports.size - mostTold} more` : shown;
}

function onPortSigns(onPort: readonly Listener[], dialled: Address, asked: string): Sign[] {
  const told = (code: CauseCode, listeners: readonly Listener[]) =>
    listeners.slice(0, mostTold).map((listener) => signOf(code, listener, { asked }));
  const outward = loopback.has(dialled) ? onPort : onPort.filter((listener) => !isLoopbackOnly(listener));
  if (outward.length === 0) return told('host/listener-loopback-only', onPort);
  const sameFamily = outward.filter((listener) => familyOf(listener) === dialled.family);
  if (sameFamily.length > 0) return told('host/listener-other-address', sameFamily);
  return told(dialled.family === 4 ? 'host/listener-ipv6-only' : 'host/listener-ipv4-only', outward);
}

function signOf(code: CauseCode, listener: Listener, data: Readonly<Record<string, string>>): Sign {
  const owner = ownerOf(listener);
  const bound = boundText(listener);
  return {
    code,
    says: 'proves',
    at: listener.at,
    line: listener.line,
    data: { ...data, bound, ...(owner !== undefined && { process: owner }) },
  };
}
