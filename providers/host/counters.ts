import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import { outputOf } from './reading.js';

/** The counters of /proc/net/snmp and /proc/net/netstat by the name of nstat(8) with a dot: `TcpExt.ListenOverflows`. */
export type Counters = ReadonlyMap<string, bigint>;

const number = /^-?\d{1,20}$/;

/**
 * What the kernel has counted since the boot of the machine or the birth of the network namespace; empty where nobody looked, and
 * without a file that was not read to its end: the last number of it may have lost digits.
 */
export function counters(bundle: Bundle): Counters {
  return new Map(
    ['snmp', 'netstat'].flatMap((key) => {
      const file = outputOf(bundle, key);
      return 'value' in file ? [...readCounters(file.value)] : [];
    }),
  );
}

/** Each group is two lines: `TcpExt: NAME NAME`, `TcpExt: VALUE VALUE`. What does not fit together is left out. */
function readCounters(text: string): Map<string, bigint> {
  const found = new Map<string, bigint>();
  const lines = linesOf(text).map(wordsOf);
  lines.forEach(([group = '', ...names], i) => {
    const [same, ...values] = lines[i + 1] ?? [];
    if (same !== group || !group.endsWith(':') || values.length !== names.length) return;
    if (!values.every((value) => number.test(value))) return;
    for (const [at, name] of names.entries()) found.set(`${group.slice(0, -1)}.${name}`, BigInt(values[at] ?? 0));
  });
  return found;
}
