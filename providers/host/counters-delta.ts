import type { Bundle } from './bundle.js';
import { counters } from './counters.js';

/** What a kernel counted between two bundles of one machine. */
export interface CountersDelta {
  /** How much a counter grew; undefined where not both bundles tell it. */
  grown(name: string): bigint | undefined;
  /** Whether all of them are told, and stood still. */
  isStill(...names: readonly string[]): boolean;
  /** A counter with its two values. */
  line(name: string): string;
}

/** What these tell is a state, not a sum. */
const gauges: ReadonlySet<string> = new Set([
  'Tcp.CurrEstab',
  'MPTcpExt.MPCurrEstab',
  'Ip.Forwarding',
  'Ip.DefaultTTL',
  'Tcp.MaxConn',
]);

/** The record of a bundle that holds a counter. */
export function recordOfCounter(name: string): string {
  return /^(?:Tcp|Ip|MPTcp)Ext\./.test(name) ? 'netstat' : 'snmp';
}

/**
 * Compares the counters of two bundles. Only sums grow: where one went back, the second does not follow the first, as after a boot, in
 * another network namespace, or where they were exchanged.
 */
export function countersDelta(before: Bundle, after: Bundle): CountersDelta | 'not-collected' | 'went-back' {
  const [first, second] = [counters(before), counters(after)];
  const steps = new Map<string, bigint>();
  for (const [name, value] of second) {
    const known = first.get(name);
    if (known !== undefined) steps.set(name, value - known);
  }
  if (steps.size === 0) return 'not-collected';
  for (const [name, step] of steps) if (step < 0n && !gauges.has(name)) return 'went-back';
  const grown = (name: string) => steps.get(name);
  return {
    grown,
    isStill: (...names) => names.every((name) => grown(name) === 0n),
    line: (name) => `${name} ${first.get(name) ?? '?'} -> ${second.get(name) ?? '?'}`,
  };
}
