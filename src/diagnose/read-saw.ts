import type { Observation } from '../model/index.js';
import { Attempts } from './saw/attempts.js';
import { readBare } from './saw/bare.js';
import { readCommand } from './saw/command.js';
import { observationsOf } from './saw/finish.js';
import { type Line, linesOf } from './saw/lines.js';
import { repeated } from './saw/repeated.js';
import { measuredTime, spokenTimes, timesIn } from './saw/times.js';
import { type Reading, readLine } from './saw/words.js';

/** What a pasted text of a client shows. */
export interface Saw {
  /** One for each attempt at an address, in the order of the text. Attempts in a row that ended alike are one, with `repeats`. */
  readonly observations: readonly Observation[];
  /** Where nothing was found: what was looked for, and in how many lines that are not empty. */
  readonly unread?: { readonly lines: number; readonly lookedFor: readonly string[] };
}

const lookedFor: readonly string[] = [
  'ssh, scp, sftp, git or rsync over ssh, mosh, Ansible',
  'PuTTY, plink, WinSCP, FileZilla',
  'nc, ncat, telnet, nmap',
  'curl, wget',
  'bash /dev/tcp, Test-NetConnection',
  'Node, ssh2, paramiko, Go, Java, .NET',
  'the first line of a server',
  'an error or a symptom by its name: Connection refused, ECONNREFUSED, times-out',
];

/**
 * Reads what a person pastes from a client that failed to log in: its output with or without the command, the time that it took, or the
 * bare words. A line counts only where it has the form in which a client tells its own end; words in a banner or in a log of the server do
 * not. Never throws; takes time in proportion to the text.
 */
export function readSaw(text: string): Saw {
  const lines = linesOf(text);
  const attempts = attemptsOf(lines);
  const observations = attempts.isEmpty ? bareObservations(lines) : attempts.runs.flatMap(observationsOf);
  if (observations.length > 0) return { observations: repeated(observations) };
  return { observations, unread: { lines: lines.filter((line) => line.text !== '').length, lookedFor } };
}

function attemptsOf(lines: readonly Line[]): Attempts {
  const attempts = new Attempts();
  let spoken: readonly number[] = [];
  for (let index = 0; index < lines.length; index++) {
    const { text = '', stamp } = lines[index] ?? {};
    if (text === '') continue;
    // zsh repeats the command before its time.
    const command = measuredTime(text) === undefined ? readCommand(text) : undefined;
    if (command !== undefined) {
      attempts.begin(command, true);
      continue;
    }
    const { reading, isJoined } = readWrapped(lines, index);
    if (reading === undefined) {
      spoken = readTime(attempts, text) ?? spoken;
      continue;
    }
    const number = isJoined ? index + 1 : index;
    const whole = isJoined ? joined(text, lines[index + 1]?.text ?? '', reading.glue) : text;
    for (const telling of reading.reading.tellings) {
      attempts.read(reading.reading.wording, telling, { text: whole, number, stamp }, timesIn(telling.rest));
    }
    // A sentence before the text of a client is about it.
    if (spoken.length > 0 && attempts.announced(spoken)) spoken = [];
    if (isJoined) index++;
  }
  return attempts;
}

/** The time that a line of no client tells. Undefined: none, or it was taken by the attempt before it. */
function readTime(attempts: Attempts, text: string): readonly number[] | undefined {
  const measured = measuredTime(text);
  const times = measured === undefined ? spokenTimes(text) : [measured];
  return times.length === 0 || attempts.took(times, measured !== undefined) ? undefined : times;
}

interface Wrapped {
  readonly reading: { readonly reading: Reading; readonly glue: string } | undefined;
  readonly isJoined: boolean;
}

/** Terminals and frames break lines: where a line alone tells nothing sure, it may go on in the next. */
function readWrapped(lines: readonly Line[], index: number): Wrapped {
  const text = lines[index]?.text ?? '';
  const alone = readLine(text);
  const own = alone && { reading: alone, glue: '' };
  if (alone !== undefined && !alone.tellings.some(({ isUnsure }) => isUnsure)) return { reading: own, isJoined: false };
  const next = lines[index + 1]?.text ?? '';
  if (next === '' || text.length < shortestWrapped || readLine(next) !== undefined || readCommand(next) !== undefined) {
    return { reading: own, isJoined: false };
  }
  for (const glue of ['', ' ']) {
    const both = readLine(joined(text, next, glue));
    if (both !== undefined && !both.tellings.some(({ isUnsure }) => isUnsure)) {
      return { reading: { reading: both, glue }, isJoined: true };
    }
  }
  return { reading: own, isJoined: false };
}

/** "Unable to open connection" of PuTTY is the shortest line that goes on in the next. */
const shortestWrapped = 25;

function joined(text: string, next: string, glue: string): string {
  return `${text}${glue}${next}`;
}

function bareObservations(lines: readonly Line[]): readonly Observation[] {
  return lines.flatMap(({ text }) => (text === '' ? [] : (readBare(text) ?? [])));
}
