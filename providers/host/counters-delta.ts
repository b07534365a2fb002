import type { CauseCode, Sign } from '../../src/model/index.js';
import type { Bundle } from './bundle.js';
import { type CountedRule, countedRules } from './counted-rules.js';
import { counters } from './counters.js';

/** What moved between two bundles of one machine, around one attempt to connect. */
export interface CountersDelta {
  /** Whether the second follows the first: no counter went back, as after a boot, and both were collected. */
  readonly comparable: boolean;
  /** How much the kernel's counters grew, only those that did. */
  readonly grown: ReadonlyMap<string, bigint>;
  /** The rules of packet filters that matched packets in between, as the dumps write them, with how many. */
  readonly rules: readonly CountedRule[];
  /** No IPv4 packet at all reached the machine's network stack: what stopped it stands before it, or at its device. */
  readonly nothingArrived: boolean;
  readonly signs: readonly Sign[];
}

/** An attempt is one SYN and its repetitions: while so few packets came in, what was counted is the attempt. */
const packetsOfOneAttempt = 8n;

interface Mark {
  readonly counter: string;
  readonly code: CauseCode;
  /** On a quiet machine it leaves no other reading. */
  readonly isProof: boolean;
  /** Counters that must have grown too. */
  readonly with?: readonly string[];
  /** Counters that must have stood still. */
  readonly without?: readonly string[];
}

const overflows = 'TcpExt.ListenOverflows';
const drops = 'TcpExt.ListenDrops';
const noRoutes = 'Ip.OutNoRoutes';

/**
 * Measured: an unreachable route back moves OutNoRoutes and ListenDrops, a full SYN queue ListenDrops alone,
 * a full accept queue both of its own. A refusal by TCP or ICMP is counted for every port and every reason: these suggest.
 */
const marks: readonly Mark[] = [
  { counter: overflows, code: 'host/accept-queue-full', isProof: true },
  { counter: noRoutes, code: 'host/no-return-route', isProof: true, with: [drops], without: [overflows] },
  {
    counter: drops,
    code: 'host/syn-queue-full',
    isProof: false,
    without: [overflows, noRoutes, 'TcpExt.TCPReqQFullDrop'],
  },
  { counter: 'TcpExt.IPReversePathFilter', code: 'host/reverse-path-filter', isProof: true },
  { counter: 'Tcp.OutRsts', code: 'host/no-listener', isProof: false },
  { counter: 'Icmp.OutDestUnreachs', code: 'host/firewall-rejects', isProof: false },
  { counter: 'Icmp.OutDestUnreachs', code: 'host/firewall-prohibits', isProof: false },
];

/**
 * What grew between a bundle and a later one, when one IPv4 attempt to connect was made in between. A growth proves its cause on a
 * machine that heard nothing else: it received no more packets than an attempt has. On a busy one it suggests, because any
 * other connection may have moved it. The kernel does not count received IPv6 packets where a bundle looks: pass `family: 6`
 * for an attempt over IPv6, and nothing is proven.
 */
export function countersDelta(
  before: Bundle,
  after: Bundle,
  { family = 4 }: { readonly family?: 4 | 6 } = {},
): CountersDelta {
  const [first, second] = [counters(before), counters(after)];
  const steps = [...second].map(([name, value]) => [name, value - (first.get(name) ?? value)] as const);
  const isReset = steps.some(([name, step]) => step < 0n && !gauges.has(name));
  const rules = countedRules(before, after);
  const comparable = first.size > 0 && second.size > 0 && !isReset;
  const grown = new Map(comparable ? steps.filter(([, step]) => step > 0n) : []);
  const received = comparable && first.has(inbound) && second.has(inbound) ? (grown.get(inbound) ?? 0n) : undefined;
  const isQuiet = family === 4 && received !== undefined && received <= packetsOfOneAttempt;
  const line = (name: string) => `${name} ${first.get(name) ?? 0n} -> ${second.get(name) ?? 0n}`;
  const signs = marks.flatMap((mark): Sign[] => {
    const { counter, code, isProof } = mark;
    if (!fits(mark, grown)) return [];
    const at = counter.startsWith('TcpExt.') ? 'netstat' : 'snmp';
    return [{ code, says: isProof && isQuiet ? 'proves' : 'suggests', at, line: line(counter), data: { counter } }];
  });
  const nothingArrived = family === 4 && received === 0n;
  const elsewhere: Sign[] = nothingArrived
    ? [{ code: 'path/cloud-filter', says: 'suggests', at: 'snmp', line: line(inbound), data: { counter: inbound } }]
    : [];
  return { comparable, grown, rules: isReset ? [] : rules, nothingArrived, signs: [...signs, ...elsewhere] };
}

function fits({ counter, with: also = [], without = [] }: Mark, grown: ReadonlyMap<string, bigint>): boolean {
  return [counter, ...also].every((name) => grown.has(name)) && !without.some((name) => grown.has(name));
}

const inbound = 'Ip.InReceives';
/** What these tell is a state, not a sum. */
const gauges: ReadonlySet<string> = new Set(['Tcp.CurrEstab', 'Ip.Forwarding', 'Ip.DefaultTTL', 'Tcp.MaxConn']);
