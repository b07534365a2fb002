import type { Observation } from '../model/index.js';
import { Attempts } from './saw/attempts.js';
import { readBare } from './saw/bare.js';
import { readCommand } from './saw/command.js';
import { observationsOf } from './saw/finish.js';
import { type Line, linesOf } from './saw/lines.js';
import { repeated } from './saw/repeated.js';
import { measuredTime, spokenTimes, type Times, timesIn } from './saw/times.js';
import { readWrapped } from './saw/wrapped.js';

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
    const text = lines[index]?.text ?? '';
    if (text === '') continue;
    // zsh repeats the command before its time.
    const command = measuredTime(text) === undefined ? readCommand(text) : undefined;
    if (command !== undefined) {
      attempts.begin(command, true);
      continue;
    }
    const { reading, source } = readWrapped(lines, index);
    index = source.number;
    if (reading === undefined) {
      spoken = readTime(attempts, text) ?? spoken;
      continue;
    }
    for (const telling of reading.tellings) attempts.read(reading.wording, telling, source, timesIn(telling.rest));
    // A sentence before the text of a client is about it.
    if (spoken.length > 0 && attempts.announced(spoken)) spoken = [];
  }
  return attempts;
}

/** The time that a line of no client tells. Undefined: none, or it was taken by the attempt before it. */
function readTime(attempts: Attempts, text: string): readonly number[] | undefined {
  const times = timesOf(text);
  return times.length === 0 || attempts.took(times, measuredTime(text) !== undefined) ? undefined : times;
}

/** Lines in a person's own words. A line that tells only a time is about the one before it, or about the next where there is none. */
function bareObservations(lines: readonly Line[]): readonly Observation[] {
  const found: Observation[] = [];
  let spoken: Times = [];
  for (const { text } of lines) {
    const bare = text === '' ? undefined : readBare(text);
    const times = bare === undefined ? timesOf(text) : spoken;
    const about = bare ?? found.at(-1);
    if (bare !== undefined) found.push(bare);
    if (times.length === 0) continue;
    const isTaken = about !== undefined && about.elapsed === undefined;
    if (isTaken) found[found.length - 1] = timed(about, times);
    spoken = isTaken || bare !== undefined ? [] : times;
  }
  return found;
}

function timed(observation: Observation, times: Times): Observation {
  const [elapsed = 0] = times;
  return { ...observation, elapsed, ...(times.length > 1 && { repeats: times }) };
}

function timesOf(text: string): Times {
  const measured = measuredTime(text);
  return measured === undefined ? spokenTimes(text) : [measured];
}
