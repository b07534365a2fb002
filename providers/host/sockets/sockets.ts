import type { Bundle, BundleRecord } from '../bundle.js';
import type { Listener, SocketGap, Sockets } from './listener.js';
import { parseProcTcp, socketOwners } from './proc.js';
import { parseSs, type SocketRows } from './ss.js';

const bigEndianMachines = /\s(?:s390x?|ppc|ppc64|sparc64|sparc|mips|mips64|m68k|aarch64_be|armv\w*b|parisc64|hppa)\s/;

const known = new WeakMap<Bundle, Sockets>();

/** What listens, as `ss` tells it, or where it does not tell all, as /proc/net/tcp and tcp6 do. What is not known is a gap. Read once. */
export function parseSockets(bundle: Bundle): Sockets {
  const read = known.get(bundle) ?? readSockets(bundle);
  known.set(bundle, read);
  return read;
}

function readSockets(bundle: Bundle): Sockets {
  const ss = bySs(bundle);
  if (ss.gap === undefined) return ss;
  const proc = byProc(bundle);
  if (proc.gap === undefined || proc.listeners.length > ss.listeners.length) return proc;
  return ss;
}

/** The sockets that listen on a port, at any address. */
export function listenersOn(bundle: Bundle, port: number): readonly Listener[] {
  return parseSockets(bundle).listeners.filter((listener) => listener.port === port);
}

function bySs(bundle: Bundle): Sockets {
  const record = bundle.records.get('sockets');
  if (record === undefined) return { at: 'sockets', listeners: [], gap: { kind: 'not-collected', at: 'sockets' } };
  return withGap(record, parseSs(record.stdout, record.key));
}

function byProc(bundle: Bundle): Sockets {
  const owners = socketOwners(bundle.records.get('socket-owners')?.stdout ?? '');
  const bigEndian = bigEndianMachines.test(bundle.records.get('uname')?.stdout.slice(0, 1000) ?? '');
  const told: (readonly Listener[])[] = [];
  let gap: SocketGap | undefined;
  for (const at of ['proc-tcp', 'proc-tcp6']) {
    const record = bundle.records.get(at);
    if (record === undefined) gap ??= { kind: 'not-collected', at };
    // A kernel without IPv6 has no tcp6.
    else if (record.outcome !== 'absent' || at === 'proc-tcp') {
      const read = withGap(record, parseProcTcp(record.stdout, at, owners, bigEndian));
      told.push(read.listeners);
      gap ??= read.gap ?? (record.stdout.trim() === '' ? { kind: 'failed', at } : undefined);
    }
  }
  return { at: 'proc-tcp', listeners: told.flat(), ...(gap && { gap }) };
}

function withGap(record: BundleRecord, { listeners, unreadable }: SocketRows): Sockets {
  const gap = gapOf(record) ?? (unreadable === undefined ? undefined : gapAt(record, 'unreadable', unreadable));
  return { at: record.key, listeners, ...(gap && { gap }) };
}

/** A tool that printed a complaint and no row has not said that nothing listens. */
function gapOf(record: BundleRecord): SocketGap | undefined {
  const complaint = record.stderr.trim().split('\n', 1)[0];
  if (record.outcome !== 'ran') return gapAt(record, record.outcome, complaint);
  if (record.status !== 0) return gapAt(record, 'failed', complaint);
  return complaint && record.stdout.trim() === '' ? gapAt(record, 'failed', complaint) : undefined;
}

function gapAt({ key }: BundleRecord, kind: SocketGap['kind'], line: string | undefined): SocketGap {
  return { kind, at: key, ...(line && { line }) };
}
