import type { Sign } from '../../src/model/index.js';
import type { Bundle } from './bundle.js';
import { linesOf } from './lines.js';
import { listenersOn } from './sockets/sockets.js';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The letter of ps(1) first: `S` sleeps, `T` is stopped, `D` cannot be interrupted. */
  readonly state: string;
  /** Seconds since its start. */
  readonly age?: number;
  /** The command line, or the title that the process gave itself. Untrusted text. */
  readonly title: string;
  /** The row. Untrusted text. */
  readonly line: string;
}

/** A listening sshd. Its counts are of connections that have not logged in (sshd.c, from OpenSSH 8.2 on). */
export interface SshdListener {
  readonly daemon: Process;
  readonly startups?: { readonly now: number; readonly begin: number; readonly full: number };
}

const psRow = /^\s*(\d{1,10})\s+(\d{1,10})\s+([A-Za-z][A-Za-z<+-]{0,7})\s+([0-9:-]{1,20})\s+(\S.*)$/;
const startups = /\[listener\] (\d{1,9}) of (\d{1,9})-(\d{1,9}) startups/;
/** Before 8.2, and where titles cannot be set: the command line. */
const daemonTitle = /^(?:sshd: )?\S*\/sshd(?:-listener)?(?: |$)/;
const longestRow = 65_536;

/** The rows of `ps -eo pid,ppid,stat,etimes,args`; undefined where they were not collected. */
export function processes(bundle: Bundle): readonly Process[] | undefined {
  const record = bundle.records.get('processes');
  if (!record || (record.outcome !== 'ran' && record.outcome !== 'cut')) return undefined;
  return linesOf(record.stdout).flatMap((line) => {
    const [, pid, parent, state = '', elapsed = '', title = ''] =
      line.length > longestRow ? [] : (psRow.exec(line) ?? []);
    if (pid === undefined) return [];
    const age = seconds(elapsed);
    return [{ pid: Number(pid), parent: Number(parent), state, title, line, ...(age === undefined ? {} : { age }) }];
  });
}

/** `90`, `01:30`, `02:00:00` or `3-02:00:00` in seconds. */
function seconds(elapsed: string): number | undefined {
  const dash = elapsed.indexOf('-');
  const clock = elapsed
    .slice(dash + 1)
    .split(':')
    .map(Number);
  const days = dash < 0 ? 0 : Number(elapsed.slice(0, dash));
  const sum = clock.reduce((total, part) => total * 60 + part, 0) + days * 86_400;
  return Number.isFinite(sum) ? sum : undefined;
}

/**
 * The sshd that listens on a port: the ones that hold its sockets, or where nobody tells who does, every sshd that listens.
 * A child of another sshd is a connection, not a listener.
 */
export function sshdListeners(bundle: Bundle, port: number): readonly SshdListener[] {
  const all = processes(bundle) ?? [];
  const holders = new Set(listenersOn(bundle, port).flatMap(({ owners }) => owners.map(({ pid }) => pid)));
  const daemons = new Set(
    all.filter(({ title }) => daemonTitle.test(title) || startups.test(title)).map(({ pid }) => pid),
  );
  return all
    .filter(({ pid, parent }) => daemons.has(pid) && !daemons.has(parent) && (holders.size === 0 || holders.has(pid)))
    .map((row) => {
      const [, now, begin, full] = startups.exec(row.title) ?? [];
      const counts = { now: Number(now), begin: Number(begin), full: Number(full) };
      return now === undefined ? { daemon: row } : { daemon: row, startups: counts };
    });
}

/** What the processes say: connections that have not logged in fill sshd, or sshd does not run although it is there. */
export function processSigns(bundle: Bundle, port: number): Sign[] {
  const at = 'processes';
  const listeners = listenersOn(bundle, port);
  const isIdle = listeners.length > 0 && listeners.every(({ queue }) => queue.waiting === 0);
  return sshdListeners(bundle, port).flatMap(({ daemon: { state, line }, startups: count }): Sign[] => {
    const data = count && { now: `${count.now}`, begin: `${count.begin}`, full: `${count.full}` };
    const isFull = count !== undefined && count.now >= count.full;
    const full: Sign[] =
      // From `begin` on connections are dropped by chance, from `full` on all of them are (sshd_config(5), MaxStartups).
      count && data && (isFull || count.now >= count.begin)
        ? [{ code: 'host/max-startups', says: isFull ? 'proves' : 'suggests', at, line, data }]
        : [];
    // A stopped process stays so until somebody continues it; waiting for a disk may be over in a moment.
    const isStopped = state.startsWith('T') || state.startsWith('t');
    const hung: Sign[] =
      isStopped || state.startsWith('D')
        ? [{ code: 'host/sshd-hung', says: isStopped ? 'proves' : 'suggests', at, line, data: { state } }]
        : isIdle && /^[SR]/.test(state)
          ? [{ code: 'host/sshd-hung', says: 'doubts', at, line }]
          : [];
    return [...full, ...hung];
  });
}
