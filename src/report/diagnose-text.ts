import { escapeText } from '../message/index.js';
import type {
  DiagnosedAttempt,
  DiagnosisReport,
  ExcludedCause,
  NamedContradiction,
  Observation,
  RankedCause,
} from '../model/index.js';
import type { Paint } from './paint.js';
import { symptomWords, verdictWords } from './words.js';

const margin = 10;
/** Causes beyond so many are named by their codes; the JSON report tells all of each. */
const mostTold = 6;
const longestLine = 300;

function marked(mark: string, text: string): string {
  return `  ${mark.padEnd(margin)}${text}`;
}

/** Text of a stranger in one line: what is left out is counted. */
function quoted(text: string): string {
  const more = text.length - longestLine;
  const shown = escapeText(text.slice(0, longestLine).replace(/ *\t */g, ' '));
  return more > 0 ? `${shown}... (${more} more characters)` : shown;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function headline({ host, address, port, symptoms, elapsed, repeats }: Observation): string {
  const place = [...new Set([host, address].filter((one) => one !== undefined))].join(' ') || 'the target';
  const time = repeats ? ` (${repeats.length} tries)` : elapsed === undefined ? '' : ` after ${duration(elapsed)}`;
  const service = port === undefined ? '' : `  tcp/${port}`;
  return `${quoted(place)}${service}  ${symptoms.map((symptom) => symptomWords[symptom]).join(', or ')}${time}`;
}

function contradictionLines({ message, means }: NamedContradiction, paint: Paint): string[] {
  return [
    paint.bad(marked('AGAINST', quoted(message))),
    ...means.map((one, index) => marked(index === 0 ? 'may be' : '', one)),
  ];
}

const checkPlaces = { client: 'on the client', server: 'on the server', cloud: 'in the cloud' } as const;

/** Commands are told whole: cut ones are of no use. */
function fixLines({ fix }: RankedCause, paint: Paint): string[] {
  if (!fix) return [];
  const [first, ...others] = fix.commands;
  const note = fix.note === undefined ? [] : [fix.note];
  if (first === undefined) return note.map((text) => marked('  fix', escapeText(text)));
  return [
    paint.strong(marked('  fix', escapeText(first))),
    ...others.map((command) => paint.strong(marked('', escapeText(command)))),
    ...note.map((text) => paint.faint(marked('', `note: ${escapeText(text)}`))),
  ];
}

function causeLines(cause: RankedCause, isFixed: boolean, paint: Paint): string[] {
  const { on, command, shows } = cause.check;
  const tint =
    cause.standing === 'proved' ? paint.bad : cause.standing === 'likely' ? paint.doubt : (text: string) => text;
  return [
    tint(marked(cause.standing, `${cause.code}  ${quoted(cause.message)}`)),
    ...cause.evidence.slice(0, 3).map(({ at, line }) => marked('  seen', quoted(`${at}: ${line}`))),
    marked('  why', cause.why),
    marked('  check', `${checkPlaces[on]}: ${quoted(command)}`),
    marked('', paint.faint(`it holds if that shows ${shows}`)),
    ...(isFixed ? fixLines(cause, paint) : []),
  ];
}

/** The excluded causes, those with one reason together. Where one is proved, those that do not look like it are only counted. */
function excludedLines(excluded: readonly ExcludedCause[], isProved: boolean, paint: Paint): string[] {
  const told = excluded.filter(({ by }) => !isProved || by === 'evidence');
  const byReason = new Map<string, string[]>();
  for (const { because, code } of told) byReason.set(because, [...(byReason.get(because) ?? []), code]);
  const groups = [...byReason].flatMap(([because, codes], index) => [
    marked(index === 0 ? 'not' : '', quoted(because)),
    ...wrapped(codes).map((line) => paint.faint(marked('', `  ${line}`))),
  ]);
  const others = excluded.length - told.length;
  if (others === 0) return groups;
  const words = `${others} others: they would look otherwise (--format json names them)`;
  return [...groups, marked(groups.length === 0 ? 'not' : '', words)];
}

/** Words in lines of a readable length. */
function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 96) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function expectedLines({ expected }: DiagnosedAttempt): string[] {
  if (!expected) return [];
  const causes = expected.causes.map(({ message }) => message);
  const missing = expected.missing.map(({ message }) => `not known: ${message}`);
  return [
    marked('records', verdictWords(expected.verdict, expected.symptom)),
    ...[...causes, ...missing].map((text) => marked('', quoted(text))),
  ];
}

function attemptText(attempt: DiagnosedAttempt, paint: Paint): string {
  const { observation, causes, excluded, contradictions } = attempt;
  const isProved = causes[0]?.standing === 'proved';
  const told = causes.filter(({ standing }, index) => standing !== 'possible' || (!isProved && index < mostTold));
  const others = causes.filter((cause) => !told.includes(cause)).map(({ code }) => code);
  const more = wrapped(others).map((line, index) => marked(index === 0 ? 'or else' : '', line));
  const blocks = [
    [marked('saw', quoted(observation.line)), ...expectedLines(attempt)],
    contradictions.flatMap((one) => contradictionLines(one, paint)),
    // The fix of what is merely possible is told of the first only: whoever looks for it begins there.
    ...told.map((cause, index) => causeLines(cause, index === 0 || cause.standing !== 'possible', paint)),
    more,
    excludedLines(excluded, isProved, paint),
  ];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return [paint.strong(headline(observation)), ...shown].join('\n\n');
}

/** A diagnosis for people: what was seen, what remains and how to settle it, what is excluded and why. */
export function diagnoseText(report: DiagnosisReport, paint: Paint): string {
  return `${report.attempts.map((attempt) => attemptText(attempt, paint)).join('\n\n')}\n`;
}
