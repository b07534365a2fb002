import type { CauseCode, Sign } from '../../src/model/index.js';
import type { Family } from '../../src/set/index.js';
import { type CountersDelta, recordOfCounter } from './counters-delta.js';

/** An attempt is one SYN and its repetitions: while so few packets came in, what was counted is the attempt. */
const packetsOfOneAttempt = 8n;

interface Mark {
  readonly counter: string;
  readonly code: CauseCode;
  /** On a quiet machine it leaves no other reading. */
  readonly isProof: boolean;
  /** The only family that it counts. */
  readonly family?: Family;
  /** Counters that must have grown too. */
  readonly with?: readonly string[];
  /** Counters that must not have grown. */
  readonly without?: readonly string[];
}

const overflows = 'TcpExt.ListenOverflows';
const drops = 'TcpExt.ListenDrops';
const noRoutes = 'Ip.OutNoRoutes';

/**
 * Measured: an unreachable route back moves OutNoRoutes and ListenDrops, over IPv6 ListenDrops alone, a full SYN queue ListenDrops
 * alone, a full accept queue both of its own. A refusal by TCP or ICMP is counted for every port and every reason: these suggest.
 */
const marks: readonly Mark[] = [
  { counter: overflows, code: 'host/accept-queue-full', isProof: true },
  { counter: noRoutes, code: 'host/no-return-route', isProof: true, family: 4, with: [drops], without: [overflows] },
  { counter: drops, code: 'host/no-return-route', isProof: false, family: 6, without: [overflows] },
  {
    counter: drops,
    code: 'host/syn-queue-full',
    isProof: false,
    without: [overflows, noRoutes, 'TcpExt.TCPReqQFullDrop'],
  },
  { counter: 'TcpExt.IPReversePathFilter', code: 'host/reverse-path-filter', isProof: true, family: 4 },
  { counter: 'Tcp.OutRsts', code: 'host/no-listener', isProof: false },
  { counter: 'Icmp.OutDestUnreachs', code: 'host/firewall-rejects', isProof: false, family: 4 },
  { counter: 'Icmp.OutDestUnreachs', code: 'host/firewall-prohibits', isProof: false, family: 4 },
  { counter: 'Icmp.OutDestUnreachs', code: 'host/firewall-net-unreachable', isProof: false, family: 4 },
  { counter: 'Icmp.OutDestUnreachs', code: 'host/firewall-protocol-unreachable', isProof: false, family: 4 },
];

/**
 * What grew between two bundles, when one attempt to connect was made in between. A growth proves its cause on a machine that heard
 * nothing else: it received no more IPv4 packets than an attempt has. On a busy one it suggests, because any other connection may
 * have moved it; and nothing is proved where the family of the attempt is IPv6 or not known.
 */
export function attemptSigns(delta: CountersDelta, family: Family | undefined): Sign[] {
  const has = (name: string) => (delta.grown(name) ?? 0n) > 0n;
  const received = delta.grown('Ip.InReceives');
  const isQuiet = family === 4 && received !== undefined && received <= packetsOfOneAttempt;
  return marks.flatMap((mark): Sign[] => {
    const { counter, code, with: also = [], without = [] } = mark;
    const counts = mark.family === undefined || family === undefined || mark.family === family;
    if (!counts || ![counter, ...also].every(has) || without.some(has)) return [];
    const says = mark.isProof && isQuiet ? 'proves' : 'suggests';
    return [{ code, says, at: recordOfCounter(counter), line: delta.line(counter), data: { counter } }];
  });
}
