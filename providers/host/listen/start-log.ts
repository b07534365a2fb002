import type { Bundle } from '../bundle.js';
import { linesOf } from '../lines.js';
import { type SshdFailure, sshdFailure } from '../sshd/sshd-failure.js';

/** What a log tells of sshd starting and ending. */
export type StartEvent = { readonly at: string; readonly line: string; readonly pid?: string } & (
  | { readonly kind: 'failure'; readonly failure: SshdFailure }
  | { readonly kind: 'listening'; readonly address: string; readonly port: number }
  /** It had bound nothing, and ended. */
  | { readonly kind: 'no-bind' }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'stopped' }
  /** systemd starts it no more. */
  | { readonly kind: 'start-limit' }
);

/** The events of one log, in its order. `current` tells whether it is of this boot alone. */
export interface StartLog {
  readonly at: string;
  readonly current: boolean;
  readonly events: readonly StartEvent[];
}

/** What the journal of this boot, and the files of a syslog, tell of sshd starting. The rest of their lines is left out. */
export function startLogs(bundle: Bundle): readonly StartLog[] {
  const logs: StartLog[] = [];
  for (const { key, stdout } of bundle.records.values()) {
    if (key !== 'journal' && !key.startsWith('log ')) continue;
    const events = linesOf(stdout).flatMap((line) => eventOf(line, key) ?? []);
    logs.push({ at: key, current: key === 'journal', events });
  }
  return logs;
}

/** `2025-11-22T05:58:58+0000 host sshd[812]: text`, `Nov 22 05:58:58 host sshd[812]: text`. */
const header = /^.{0,120}?\s(sshd|systemd)(?:\[(\d{1,10})\])?: /;

function eventOf(line: string, at: string): StartEvent | undefined {
  const start = line.slice(0, 2048);
  const head = header.exec(start);
  if (head === null) return undefined;
  const [whole, program, pid] = head;
  const text = start.slice(whole.length).replace(/^(?:error|fatal): /, '');
  const event = { at, line, ...(program === 'sshd' && pid !== undefined && { pid }) };
  return program === 'systemd' ? systemdEvent(text, event) : sshdEvent(text, event);
}

type Told = Pick<StartEvent, 'at' | 'line' | 'pid'>;

/** sshd writes the level before what is worse than a notice, to syslog; to stderr it does not (log.c, do_log). */
const level = /^(?:error|fatal): /;

function sshdEvent(written: string, told: Told): StartEvent | undefined {
  const text = written.replace(level, '');
  const [, address, port] = /^Server listening on (\S+) port (\d{1,5})\.?/.exec(text) ?? [];
  if (address !== undefined) return { ...told, kind: 'listening', address, port: Number(port) };
  if (text.startsWith('Cannot bind any address')) return { ...told, kind: 'no-bind' };
  if (text.startsWith('Received SIGHUP; restarting')) return { ...told, kind: 'restarting' };
  if (/^Received signal \d+; terminating/.test(text)) return { ...told, kind: 'stopped' };
  const failure = sshdFailure(text);
  return failure && { ...told, kind: 'failure', failure };
}

function systemdEvent(text: string, told: Told): StartEvent | undefined {
  const isLimit = /Start request repeated too quickly|Trigger limit hit/.test(text);
  return isLimit ? { ...told, kind: 'start-limit' } : undefined;
}
