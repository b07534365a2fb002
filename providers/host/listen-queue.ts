import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import { partOf } from './reading.js';

/** One listening socket of a port, as `ss -H -tlnpe` prints it. */
export interface ListenQueue {
  /** Connections that nobody has accepted yet: Recv-Q. */
  readonly waiting: number;
  /** How many may wait: Send-Q. Full is one more (the kernel's sk_acceptq_is_full). */
  readonly limit: number;
  /** As it is written: `*`, `0.0.0.0`, `[::]`. Untrusted text. */
  readonly address: string;
  readonly pids: readonly number[];
  /** The row. Untrusted text. */
  readonly line: string;
}

const longestRow = 65_536;

/** The sockets that listen on a port; none where `ss` was not there. */
export function listenQueues(bundle: Bundle, port: number): readonly ListenQueue[] {
  return linesOf(partOf(bundle, 'sockets')).flatMap((line) => {
    if (line.length > longestRow) return [];
    const words = wordsOf(line);
    const [state, waiting, limit, local = ''] = words;
    const colon = local.lastIndexOf(':');
    if (state !== 'LISTEN' || local.slice(colon + 1) !== String(port)) return [];
    const pids = Array.from(line.matchAll(/,pid=(\d{1,10}),/g), (found) => Number(found[1]));
    return [{ waiting: Number(waiting), limit: Number(limit), address: local.slice(0, colon), pids, line }];
  });
}
