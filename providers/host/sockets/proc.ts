import type { Address } from '../../../src/set/index.js';
import { linesOf } from '../lines.js';
import { unmapped } from '../source.js';
import type { Bound, Listener, SocketOwner } from './listener.js';
import type { SocketRows } from './ss.js';

/** The state of a socket that listens (proc(5)). */
const listening = '0A';

/** The owners of sockets by inode, of the lines `inode pid comm`. */
export function socketOwners(text: string): ReadonlyMap<string, readonly SocketOwner[]> {
  const owners = new Map<string, SocketOwner[]>();
  for (const line of linesOf(text)) {
    const [, inode = '', pid, program = ''] =
      /^\s*(\d{1,20})\s+(\d{1,10})\s+(\S.*?)\s*$/.exec(line.slice(0, 200)) ?? [];
    if (pid === undefined) continue;
    const known = owners.get(inode);
    const owner = { process: program, pid: Number(pid) };
    if (known === undefined) owners.set(inode, [owner]);
    else if (!known.some((other) => other.pid === owner.pid)) known.push(owner);
  }
  return owners;
}

/**
 * The listeners of /proc/net/tcp or tcp6 (proc(5)). Addresses are words of 32 bits in the byte order of the machine. The files do
 * not tell whether a socket of IPv6 takes IPv4 as well: that of sshd does not, for sshd never lets it (measured); one that
 * systemd opened may, whoever holds it now.
 */
export function parseProcTcp(
  text: string,
  at: string,
  owners: ReadonlyMap<string, readonly SocketOwner[]>,
  bigEndian: boolean,
): SocketRows {
  const listeners: Listener[] = [];
  let unreadable: string | undefined;
  for (const line of linesOf(text)) {
    if (line.trim() === '' || /^\s*sl\s/.test(line)) continue;
    const words = line.trim().split(/\s+/, 11);
    const [, local = '', , state, queues = ''] = words;
    if (state !== undefined && state !== listening && /^[0-9A-F]{2}$/.test(state)) continue;
    const [, host = '', port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    const waiting = /^[0-9A-F]{8}:([0-9A-F]{8})$/.exec(queues)?.[1];
    if (port === undefined || waiting === undefined || state !== listening) {
      unreadable ??= line;
      continue;
    }
    const held = owners.get(words[9] ?? '') ?? [];
    listeners.push({
      ...boundTo(addressOf(host, bigEndian), held),
      port: Number.parseInt(port, 16),
      owners: held,
      queue: { waiting: Number.parseInt(waiting, 16) },
      via: 'proc',
      at,
      line,
    });
  }
  return { listeners, ...(unreadable !== undefined && { unreadable }) };
}

function boundTo(address: Address, owners: readonly SocketOwner[]): { address: Bound; v6only?: boolean } {
  if (address.family === 4) return { address: address.value === 0 ? 'any4' : address };
  if (address.value !== 0n) return { address: unmapped(address) };
  const ownSocket = owners.length > 0 && owners.every((owner) => owner.process === 'sshd');
  return { address: 'any6', ...(ownSocket && { v6only: true }) };
}

function addressOf(hex: string, bigEndian: boolean): Address {
  const words = hex.match(/.{8}/g) ?? [];
  const ordered = words.map((word) => (bigEndian ? word : (word.match(/../g) ?? []).reverse().join(''))).join('');
  return ordered.length === 8
    ? { family: 4, value: Number.parseInt(ordered, 16) }
    : { family: 6, value: BigInt(`0x${ordered}`) };
}
