import type { Sign } from '../../src/model/index.js';
import { type Address, AddressSet } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import { partOf } from './reading.js';
import { listenersOn } from './sockets/sockets.js';
import { writtenAddress } from './source.js';
import { sysctls } from './sysctl.js';

/** What stands in the way of a handshake inside the kernel: full queues, a full table, handshakes that do not end. */
export function queueSigns(bundle: Bundle, asked: { readonly client?: Address; readonly port: number }): Sign[] {
  const rows = connections(bundle, asked.port);
  return [
    ...acceptQueue(bundle, asked.port),
    ...halfOpen(bundle, rows, asked),
    ...leftAlone(rows, listenersOn(bundle, asked.port)),
    ...conntrack(bundle),
  ];
}

/**
 * A queue is full when more wait than its limit (the kernel's sk_acceptq_is_full): every further SYN is dropped, whatever
 * tcp_abort_on_overflow says (measured). Connections that wait at all are not being accepted, or were not at that moment.
 */
function acceptQueue(bundle: Bundle, port: number): Sign[] {
  return listenersOn(bundle, port).flatMap(({ queue: { waiting, limit }, at, line }): Sign[] => {
    if (waiting === 0) return [];
    const data = { waiting: `${waiting}`, ...(limit !== undefined && { limit: `${limit}` }) };
    const hung: Sign = { code: 'host/sshd-hung', says: 'suggests', at, line, data };
    return limit !== undefined && waiting > limit
      ? [{ code: 'host/accept-queue-full', says: 'proves', at, line, data }, hung]
      : [hung];
  });
}

interface Connection {
  readonly state: string;
  readonly unread: number;
  readonly peer: Address;
  readonly line: string;
}

/** The rows of `ss -H -tan` for a port of the machine. */
function connections(bundle: Bundle, port: number): readonly Connection[] {
  return linesOf(partOf(bundle, 'connections')).flatMap((line) => {
    if (line.length > 1024) return [];
    const [state = '', unread, , local = '', far = ''] = wordsOf(line);
    const peer = writtenAddress(far.slice(0, Math.max(far.lastIndexOf(':'), 0)));
    return peer && local.endsWith(`:${port}`) ? [{ state, unread: Number(unread), peer, line }] : [];
  });
}

/** Unfinished handshakes without SYN cookies fill their queue at three quarters of its length (the kernel's tcp_conn_request). */
function halfOpen(
  bundle: Bundle,
  rows: readonly Connection[],
  { client, port }: { readonly client?: Address; readonly port: number },
): Sign[] {
  const at = 'connections';
  const half = rows.filter(({ state }) => state === 'SYN-RECV');
  const settings = sysctls(bundle);
  const [newest] = half;
  const queue = settings.number('net.ipv4.tcp_max_syn_backlog') ?? Number.POSITIVE_INFINITY;
  const limits = listenersOn(bundle, port).flatMap((listener) => listener.queue.limit ?? []);
  const limit = limits.reduce((least, one) => Math.min(least, one), (queue * 3) / 4);
  const isFull = settings.number('net.ipv4.tcp_syncookies') === 0 && half.length >= limit;
  const full: Sign[] =
    newest && isFull
      ? [{ code: 'host/syn-queue-full', says: 'suggests', at, line: newest.line, data: { count: `${half.length}` } }]
      : [];
  // The SYN came, and the answer to the machine's answer did not: the reply is lost, or the client's second packet.
  const own = half.find(({ peer }) => client && AddressSet.single(client).has(peer));
  const from = client && AddressSet.single(client);
  const lost: Sign[] =
    own && from
      ? [
          { code: 'host/firewall-drops-replies', says: 'suggests', from, at, line: own.line },
          { code: 'path/only-first-packet', says: 'suggests', from, at, line: own.line },
        ]
      : [];
  return [...full, ...lost];
}

/**
 * The client has gone, and what it said was never read: nobody accepted the connection. Where none waits to be accepted, somebody did, and
 * is busy with other things: libwrap asks a name server before sshd reads.
 */
function leftAlone(rows: readonly Connection[], listeners: ReturnType<typeof listenersOn>): Sign[] {
  if (listeners.length > 0 && listeners.every(({ queue }) => queue.waiting === 0)) return [];
  const left = rows.filter(({ state, unread }) => state === 'CLOSE-WAIT' && unread > 0);
  const [first] = left;
  return first
    ? [
        {
          code: 'host/sshd-hung',
          says: 'suggests',
          at: 'connections',
          line: first.line,
          data: { count: `${left.length}` },
        },
      ]
    : [];
}

/**
 * A table that holds as many connections as it may. The kernel then drops a new one unless it finds one to give up (nf_conntrack's
 * early_drop), so it proves only together with the kernel's own word that it dropped.
 */
function conntrack(bundle: Bundle): Sign[] {
  const [count, most] = ['conntrack-count', 'conntrack-max'].map((key) => {
    const [line = ''] = linesOf(partOf(bundle, key));
    return /^\d{1,12}$/.test(line.trim()) ? Number(line) : undefined;
  });
  if (count === undefined || most === undefined || most === 0 || count < most) return [];
  const isSaid = linesOf(partOf(bundle, 'kernel-log')).some((line) => line.includes('nf_conntrack: table full'));
  return [
    {
      code: 'host/conntrack-full',
      says: isSaid ? 'proves' : 'suggests',
      at: 'conntrack-count',
      line: `${count}`,
      data: { count: `${count}`, max: `${most}` },
    },
  ];
}
