import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Symptom } from '../../../src/model/symptom.js';
import type { Container } from './container.js';

const PROGRAM = join(__dirname, 'programs/prober.mjs');

export interface ProbeJob {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** The address from which it is asked. */
  readonly local?: string;
  readonly localPort?: number;
  /** Milliseconds that the handshake may take. */
  readonly timer: number;
  /** Milliseconds to wait for a first line once connected; not waited for where it is left out. */
  readonly banner?: number;
}

export interface ProbeAnswer {
  readonly id: number;
  /** An errno (`ECONNREFUSED`), `TIMEOUT` before the handshake, or what came after it: `CONNECTED`, `SILENT`, `GREETED`, `END`. */
  readonly what: string;
  readonly stage: 'connecting' | 'connected' | 'greeted';
  /** Milliseconds. */
  readonly ms: number;
  /** The first line that was received. */
  readonly line?: string;
}

/** A process in the client's network that asks the kernel. One batch at a time. */
export interface Prober {
  ask(jobs: readonly ProbeJob[]): Promise<readonly ProbeAnswer[]>;
  /** @throws when it died before */
  end(): void;
}

/**
 * Starts it on the first processor: with the packets of its peer handled on another one, an ICMP error does not arrive inside
 * connect(), where Linux keeps it as a soft error until the SYN is sent again.
 */
export function startProber(client: Container): Prober {
  const child = client.spawnOutside(['taskset', '-c', '0', process.execPath, PROGRAM]);
  const lines = linesOf(child);
  let turn: Promise<unknown> = Promise.resolve();
  return {
    ask(jobs) {
      const answer = turn.then(async () => {
        child.stdin?.write(`${JSON.stringify(jobs)}\n`);
        const { value, done } = await lines.next();
        if (done) throw new Error('the prober ended');
        return JSON.parse(value) as readonly ProbeAnswer[];
      });
      turn = answer.catch(() => {});
      return answer;
    },
    end: () => child.stdin?.end(),
  };
}

function linesOf({ stdout }: ChildProcess): AsyncIterator<string> {
  if (stdout === null) throw new Error('a process without output');
  return createInterface({ input: stdout })[Symbol.asyncIterator]();
}

const errors: ReadonlyMap<string, Symptom> = new Map([
  ['TIMEOUT', 'times-out'],
  ['ETIMEDOUT', 'times-out'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'no-route'],
  ['ENETUNREACH', 'net-unreachable'],
  ['EACCES', 'permission-denied'],
  ['ENOPROTOOPT', 'no-protocol'],
  ['EINVAL', 'invalid-argument'],
  ['EADDRNOTAVAIL', 'no-client-port'],
  ['SILENT', 'silent'],
  ['END', 'closed'],
  ['CONNECTED', 'connects'],
]);

/** What the person at a client would see: its words, by what Node saw. */
export function symptomOf({ what, stage, line }: ProbeAnswer): Symptom {
  if (line !== undefined) {
    if (/^SSH-(2\.0|1\.99)-/.test(line)) return 'connects';
    return /^(Exceeded MaxStartups|Not allowed at this time)/.test(line) ? 'banner-text' : 'not-ssh';
  }
  if (what === 'ECONNRESET' || what === 'EPIPE') return stage === 'connecting' ? 'reset' : 'closed';
  return errors.get(what) ?? 'cannot-tell';
}
