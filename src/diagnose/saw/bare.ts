import { type Observation, type Stage, type Symptom, symptoms } from '../../model/index.js';
import { findError } from './errors.js';
import { timesIn } from './times.js';
import { either } from './wording.js';

/** What people write of a connection without the words of a client. Each is the whole of a line, but for who says it and how long it took. */
const phrases: readonly (readonly [RegExp, Stage, readonly Symptom[]])[] = [
  [/^(?:connection |ssh |it )?(?:times? out|timed out|time-?out|timeout)$/, 'connecting', ['times-out']],
  [
    /^connection (?:closed|closed by remote host|closed by foreign host|closed by peer|reset|reset by peer)$/,
    'connected',
    either.closed,
  ],
  [/^permission denied$/, 'connecting', ['permission-denied', 'auth-failed']],
  [/^permission denied \([\w,@.-]{1,200}\)$/, 'login', ['auth-failed']],
  // It does not tell whether the connection was there before it stood still.
  [
    /^(?:just )?(?:hangs?|hung|hanging|is stuck|stuck|freezes|never (?:returns|connects|answers)|no (?:answer|response))$/,
    'connecting',
    ['times-out', 'silent', 'kex-hang'],
  ],
  [/^(?:unreachable|host unreachable)$/, 'connecting', ['no-route', 'net-unreachable']],
];

const stageOf: Partial<Record<Symptom, Stage>> = {
  reset: 'connected',
  closed: 'connected',
  silent: 'connected',
  connects: 'connected',
  'banner-text': 'greeted',
  'not-ssh': 'greeted',
  'kex-hang': 'key-exchange',
  'negotiation-failed': 'key-exchange',
  'auth-failed': 'login',
  'dns-failed': 'resolving',
};

const byName: ReadonlyMap<string, Symptom> = new Map(symptoms.map((symptom) => [symptom, symptom]));

/** Who says it, and what stands around it. */
const lead =
  /^(?:(?:(?:probe|attempt|try|run|test|no|#) ?#?\d{1,4}[:.)]?\s+)?)(?:(?:(?:i|we) (?:get|got|see|only see)|(?:it|ssh|sftp|scp|git|putty|the client|connection|error|ssh error|result|output|symptom|says|said|shows|reports|just|only|with|of|a|an|the|and|then)\b)[:,]?\s+){0,6}/;
const timePart =
  /\(?\s*\b(?:(?:after|for|in|within|about|around|at)\s+)*\d{1,9}(?:[.,]\d{1,9})?\s?(?:milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|min|m|hours?|h)\b(?:\s?[x×*]\s?\d{1,4})?\s*\)?|\b(?:immediately|instantly|at once|right away|straight away|then)\b|[,;:]+(?=\s|$)/g;
const longest = 300;

/** The attempt that a line in a person's own words tells of, or undefined: a symptom of port22, an error, or a short sentence. */
export function readBare(line: string): Observation | undefined {
  if (line.length > longest) return undefined;
  const lower = line.toLowerCase().replace(/["'`“”„«»]/g, '');
  const untimed = lower.replace(timePart, ' ').replace(/\s+/g, ' ').trim();
  const core = trimmed(untimed);
  const short = trimmed(core.replace(lead, ''));
  const meaning = meaningOf(core) ?? (short === core ? undefined : meaningOf(short));
  if (meaning === undefined) return undefined;
  const times = timesIn(line);
  const [elapsed] = times;
  return {
    ...meaning,
    tool: 'unknown',
    ...(elapsed !== undefined && { elapsed }),
    showsGreeting: false,
    line,
    ...(times.length > 1 && { repeats: times }),
  };
}

function trimmed(text: string): string {
  return text.replace(/^[\s.,:;!?()[\]<>*-]{1,40}/, '').replace(/[\s.,:;!?()[\]<>*-]{1,40}$/, '');
}

function meaningOf(text: string): Pick<Observation, 'symptoms' | 'stage' | 'os'> | undefined {
  for (const [phrase, stage, meant] of phrases) if (phrase.test(text)) return { symptoms: hidden(meant), stage };
  const symptom = byName.get(text.replace(/\s/g, '-'));
  if (symptom !== undefined) return { symptoms: [symptom], stage: stageOf[symptom] ?? 'connecting' };
  const error = findError(text);
  if (error === undefined || error.length < text.length || error.meaning.symptoms === undefined) return undefined;
  const { symptoms: meant, stage = 'connecting', os } = error.meaning;
  return { symptoms: hidden(meant.includes('reset') ? either.closed : meant), stage, ...(os && { os }) };
}

/** Nobody says whether the client would have shown what the server sent. */
function hidden(meant: readonly Symptom[]): readonly Symptom[] {
  return meant.includes('closed') ? [...meant, 'banner-text', 'not-ssh'] : meant;
}
