import { parseAddress } from '../../../src/set/index.js';
import { linesOf } from '../lines.js';
import { unmapped } from '../source.js';
import type { Bound, Listener, SocketOwner } from './listener.js';

/** The rows of `ss -tlnpe`, and the first that cannot be read. */
export interface SocketRows {
  readonly listeners: readonly Listener[];
  readonly unreadable?: string;
}

/**
 * How the wildcards are written. iproute2 4.15 and later print `0.0.0.0` for IPv4, `[::]` for IPv6 alone and `*` for both; what is
 * older prints `*` for IPv4 and `:::22` for IPv6 (ss(8); the source of iproute2).
 */
type Style = 'new' | 'old' | 'unknown';

interface Row {
  readonly line: string;
  readonly waiting: number;
  readonly limit: number;
  readonly local: string;
  readonly peer: string;
  readonly rest: string;
}

/** The listeners of `ss -tlnpe`, with or without `-H`, in the notation of any version. */
export function parseSs(text: string, at: string): SocketRows {
  const rows: Row[] = [];
  let unreadable: string | undefined;
  for (const line of linesOf(text)) {
    if (line.trim() === '' || /^\s*(?:Netid\s+)?(?:State\s+)?Recv-Q\s/.test(line)) continue;
    const row = rowOf(line);
    if (row === undefined) unreadable ??= line;
    else if (row !== 'other') rows.push(row);
  }
  const style = styleOf(rows);
  const listeners: Listener[] = [];
  for (const row of rows) {
    const listener = listenerOf(row, style, at);
    if (listener) listeners.push(listener);
    else unreadable ??= row.line;
  }
  return { listeners, ...(unreadable !== undefined && { unreadable }) };
}

/** `other` for a socket that does not listen, or is not of TCP. */
function rowOf(line: string): Row | 'other' | undefined {
  const words = line.trim().split(/\s+/, 7);
  if (words[0] === 'udp' || words[0] === 'u_str' || words[0] === 'nl') return 'other';
  if (words[0] === 'tcp') words.shift();
  if (/^[A-Z][A-Z0-9-]+$/.test(words[0] ?? '')) {
    const state = words.shift();
    if (state !== 'LISTEN') return 'other';
  }
  const [waiting = '', limit = '', local, peer] = words;
  if (!/^\d{1,10}$/.test(waiting) || !/^\d{1,10}$/.test(limit) || !local || !peer) return undefined;
  const rest = line.slice(line.indexOf(peer, line.indexOf(local) + local.length) + peer.length);
  return { line, waiting: Number(waiting), limit: Number(limit), local, peer, rest };
}

function styleOf(rows: readonly Row[]): Style {
  let style: Style = 'unknown';
  for (const { local, peer } of rows) {
    if (local.startsWith(':::') || peer === ':::*') return 'old';
    if (local.startsWith('[') || peer === '0.0.0.0:*' || peer === '[::]:*') style = 'new';
  }
  return style;
}

function listenerOf(row: Row, style: Style, at: string): Listener | undefined {
  const colon = row.local.lastIndexOf(':');
  const portText = row.local.slice(colon + 1);
  const port = Number(portText);
  if (colon < 0 || !/^\d{1,5}$/.test(portText) || port > 65_535) return undefined;
  const [host = '', zone] = row.local.slice(0, colon).split('%', 2);
  // The device stands outside of the brackets, or within them: `[fe80::1]%eth0`, `[fe80::1%eth0]`.
  const device = zone?.replace(/\]$/, '');
  const told = /\sv6only:([01])(?=\s|$)/.exec(row.rest)?.[1];
  const bound = boundTo(host.replace(/^\[/, '').replace(/\]$/, ''), told, style);
  if (bound === undefined || device === '') return undefined;
  return {
    ...bound,
    port,
    ...(device !== undefined && { device }),
    owners: ownersOf(row.rest),
    queue: { waiting: row.waiting, limit: row.limit },
    via: 'ss',
    at,
    line: row.line,
  };
}

function boundTo(
  host: string,
  told: string | undefined,
  style: Style,
): { readonly address: Bound; readonly v6only?: boolean } | undefined {
  const v6only = told === undefined ? undefined : told === '1';
  if (host === '*') return starBound(v6only, style);
  if (host === '0.0.0.0') return { address: 'any4' };
  if (host === '::' && v6only === false) return { address: 'dual', v6only };
  if (host === '::') {
    // What is new prints brackets for IPv6 alone only; where the kernel does not tell (before 4.2) it prints `*`.
    return style === 'new' ? { address: 'any6', v6only: true } : { address: 'any6', ...(v6only && { v6only }) };
  }
  const address = parseAddress(host);
  return address && { address: unmapped(address) };
}

/** Without a word of v6only it is IPv4, as what is old writes it, or IPv6 on a kernel before 4.2, which does not tell. */
function starBound(v6only: boolean | undefined, style: Style) {
  if (v6only !== undefined) return v6only ? { address: 'any6' as const, v6only } : { address: 'dual' as const, v6only };
  if (style === 'old') return { address: 'any4' as const };
  if (style === 'new') return { address: 'any6' as const };
  return { address: 'any' as const };
}

/** `users:(("sshd",pid=812,fd=3),("systemd",pid=1,fd=41))`; of old, `users:(("sshd",812,3))`. */
function ownersOf(rest: string): SocketOwner[] {
  const start = rest.indexOf('users:(');
  if (start < 0) return [];
  const owners = new Map<string, SocketOwner>();
  for (const [, program = '', pid] of rest
    .slice(start)
    .matchAll(/\("([^"\n]{0,64})",(?:pid=)?(\d{1,10}),(?:fd=)?\d+\)/g)) {
    if (pid !== undefined && !owners.has(pid)) owners.set(pid, { process: program, pid: Number(pid) });
  }
  return [...owners.values()];
}
