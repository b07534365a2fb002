import { expect } from '@jest/globals';
import { type Answer, type Evidence, explain } from '../../src/index.js';
import { schemaErrors } from './report-schema.js';

type Report = NonNullable<Answer['report']>;
type Target = Report['targets'][number];
type Cause = Target['findings'][number]['causes'][number];

export type Verdict = Target['verdict'];

/**
 * The question and the answer of one row of a cloud's specification.
 * A cause is written `code`, `code component` or `code component rule`.
 */
export interface CloudRow {
  readonly tag: string;
  readonly name?: string;
  readonly target?: string;
  readonly from?: string;
  readonly port?: number;
  readonly via?: string;
  /** Whether the caller vouches that nothing else exists. */
  readonly complete?: boolean;
  /** Absent when there is no answer: then `problems` and the exit code say why. */
  readonly verdict?: Verdict;
  /** Needed for `partial` and `unreachable`; `connects` and `cannot-tell` follow from the other verdicts. */
  readonly symptom?: string;
  /** Exactly these, in packet order. Needed for `partial` and `unreachable` unless `among` stands. */
  readonly causes?: readonly string[];
  /** At least these: for rows that name one of several blockers. */
  readonly among?: readonly string[];
  /** The codes of exactly these hints, on whichever cause. */
  readonly hints?: readonly string[];
  /** At least these facts are missing: by code, by code and permission, or by the permission that it takes. */
  readonly missing?: readonly string[];
  /** Only an unknown verdict has one. */
  readonly bestGuess?: 'reachable' | 'unreachable';
  readonly reachableFrom?: readonly string[];
  readonly unknownFrom?: readonly string[];
  readonly host?: { readonly verdict: string; readonly causes?: readonly string[] };
  readonly flags?: readonly string[];
  /** The port that the client dials, where it is not the asked one. */
  readonly dials?: number;
  /** Each must stand in the words of a cause or a hint, whatever its case. */
  readonly says?: readonly string[];
  /** Each must stand in a command that mends it or leads in another way. */
  readonly proposes?: readonly string[];
  /** Each must stand in a problem; without it there must be no problem at all. */
  readonly problems?: readonly string[];
  /** That of the verdict unless said. */
  readonly exitCode?: 0 | 1 | 2 | 3;
}

/** What a cloud's rows ask where they say nothing. */
export interface Usual {
  readonly target: string;
  readonly from: string;
}

const EXIT_CODES: Readonly<Record<Verdict, 0 | 1 | 3>> = { reachable: 0, unreachable: 1, partial: 3, unknown: 3 };

/** Asks, and compares all of the answer that the row speaks of. */
export function checkRow(row: CloudRow, documents: Evidence['documents'], form: string, usual: Usual): void {
  const answer = explain(
    { documents, ...optional({ complete: row.complete }) },
    {
      target: row.target ?? usual.target,
      from: row.from ?? usual.from,
      ...optional({ port: row.port, via: row.via }),
    },
  );
  const actual = { row: `${row.tag} (${form})`, ...seen(answer) };
  expect(actual).toEqual(wanted(row, actual));
}

type Seen = Readonly<Record<string, unknown>>;

/** All of the answer that a row may speak of, flat, so that a failure shows the whole of it. */
function seen(answer: Answer): Seen {
  const problems = answer.problems.map((p) => [p.severity, p.code, p.what, p.where, p.why, p.fix].join(' | '));
  const target = answer.report?.targets[0];
  const base = { exitCode: answer.exitCode, targets: answer.report?.targets.length ?? 0, problems };
  if (target === undefined) return base;
  const { findings, host, alternatives } = target;
  const causes = findings.flatMap((f) => f.causes);
  const hints = causes.flatMap((c) => c.hints ?? []);
  return {
    ...base,
    schemaErrors: schemaErrors(answer.report),
    verdict: target.verdict,
    symptom: target.symptom,
    bestGuess: target.bestGuess,
    causes: unique(causes.map(causeText)),
    causesOfReachable: findings.filter((f) => f.verdict === 'reachable').flatMap((f) => f.causes.map(causeText)),
    hints: unique(hints.map((h) => h.code)),
    missing: unique(findings.flatMap((f) => f.missing.map((m) => `${m.code} ${m.what}`))),
    reachableFrom: target.reachableFrom,
    unknownFrom: target.unknownFrom,
    host: { verdict: host.verdict, causes: host.causes.map((c) => c.code) },
    flags: target.flags,
    dialled: unique(findings.flatMap((f) => (f.port === undefined ? [] : [f.port]))),
    commands: [...findings.flatMap((f) => f.fixes), ...alternatives].map((c) => c.command).join('\n'),
    words: [...causes, ...hints, ...host.causes].map((c) => c.message.toLowerCase()).join('\n'),
  };
}

/** What was seen, with every field that the row speaks of replaced by what the row says. */
function wanted(row: CloudRow, actual: Seen): Seen {
  const base = {
    ...actual,
    exitCode: row.exitCode ?? (row.verdict === undefined ? 2 : EXIT_CODES[row.verdict]),
    problems: row.problems === undefined ? [] : expect.arrayContaining(row.problems.map(containing)),
  };
  if (row.verdict === undefined) return { ...base, targets: 0 };
  return {
    ...base,
    targets: 1,
    schemaErrors: [],
    verdict: row.verdict,
    symptom: symptomOf(row),
    causesOfReachable: [],
    bestGuess: row.bestGuess ?? (row.verdict === 'unknown' ? actual.bestGuess : undefined),
    ...optional({
      causes: causesOf(row),
      hints: row.hints,
      missing: row.missing && expect.arrayContaining(row.missing.map(missingLike)),
      reachableFrom: row.reachableFrom,
      unknownFrom: row.unknownFrom,
      host: row.host && { verdict: row.host.verdict, causes: expect.arrayContaining([...(row.host.causes ?? [])]) },
      flags: row.flags && expect.arrayContaining([...row.flags]),
      dialled: row.dials === undefined ? undefined : expect.arrayContaining([row.dials]),
      commands: row.proposes && expect.stringMatching(allOf(row.proposes)),
      words: row.says && expect.stringMatching(allOf(row.says)),
    }),
  };
}

function symptomOf(row: CloudRow): string {
  if (row.symptom !== undefined) return row.symptom;
  if (row.verdict === 'reachable') return 'connects';
  if (row.verdict === 'unknown') return 'cannot-tell';
  throw new Error(`${row.tag}: say the symptom`);
}

function causesOf(row: CloudRow): unknown {
  if (row.among !== undefined) return expect.arrayContaining(row.among.map(startsLike));
  if (row.causes !== undefined) return row.causes.map(startsLike);
  if (row.verdict === 'reachable' || row.verdict === 'unknown') return undefined;
  throw new Error(`${row.tag}: say the causes`);
}

function causeText({ code, component, rule }: Cause): string {
  return [code, component.id, ...(rule === null ? [] : [rule])].join(' ');
}

/** Codes begin with the name of a cloud; what does not is a permission. */
function missingLike(text: string): unknown {
  return /^(?:aws|gcp|azure)\//.test(text)
    ? startsLike(text)
    : expect.stringMatching(new RegExp(`^\\S+ ${escaped(text)}$`));
}

/** A row that names no component or no rule matches any. */
function startsLike(text: string): unknown {
  return expect.stringMatching(new RegExp(`^${escaped(text)}(?: |$)`));
}

function containing(text: string): unknown {
  return expect.stringContaining(text);
}

function allOf(words: readonly string[]): RegExp {
  return new RegExp(words.map((word) => `(?=[^]*${escaped(word)})`).join(''));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** The fields that are there: `exactOptionalPropertyTypes` tells an absent one from `undefined`. */
function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
