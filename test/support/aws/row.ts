import { expect, test } from '@jest/globals';
import { type Answer, explain } from '../../../src/index.js';
import { schemaErrors } from '../report-schema.js';
import { type Fixture, f0 } from './fixture.js';

type Report = NonNullable<Answer['report']>;
type Target = Report['targets'][number];

export type Verdict = Target['verdict'];

/** What a row says of one way in besides the direct one. */
export interface AlternativeRow {
  readonly works: 'yes' | 'no' | 'unknown';
  readonly causes?: readonly string[];
  readonly symptom?: string;
}

/**
 * One row of the specification, section 7: F0 changed by `given`, then the question (Q0 unless said), then the answer.
 * A cause is written `code`, `code component` or `code component rule`; a missing fact `code` or `code what`.
 */
export interface Row {
  readonly tag: string;
  readonly name?: string;
  readonly given?: (f: Fixture) => unknown;
  readonly target?: string;
  readonly from?: string;
  readonly port?: number;
  readonly via?: string;
  readonly clientOs?: 'linux' | 'macos' | 'windows';
  readonly complete?: boolean;
  /** Absent when there is no answer: then `problems` and the exit code say why. */
  readonly verdict?: Verdict;
  /** Needed for `partial` and `unreachable`; `connects` and `cannot-tell` follow from the other verdicts. */
  readonly symptom?: string;
  /** Exactly these, in packet order. Needed for `partial` and `unreachable` unless `among` stands. */
  readonly causes?: readonly string[];
  /** At least these: for rows that name one of several blockers. */
  readonly among?: readonly string[];
  /** Exactly these facts are missing. */
  readonly missing?: readonly string[];
  /** At least these facts are missing. */
  readonly missingAmong?: readonly string[];
  readonly reachableFrom?: readonly string[];
  readonly partialFrom?: readonly string[];
  readonly unknownFrom?: readonly string[];
  /** Open ports over asked ports. */
  readonly clientPortFraction?: number;
  readonly flags?: readonly string[];
  /** The path of the findings that have the target's verdict. */
  readonly path?: string;
  readonly host?: { readonly verdict: string; readonly causes?: readonly string[]; readonly symptom?: string };
  readonly alternatives?: Readonly<Record<string, AlternativeRow>>;
  /** Each must stand in the words of a cause, whatever its case. */
  readonly says?: readonly string[];
  /** Each must stand in the four parts of a problem; without it there must be no problem at all. */
  readonly problems?: readonly string[];
  readonly exitCode?: 0 | 1 | 2 | 3;
}

/** The IPv6 question of the specification: spread it into a row. */
export const Q6 = { target: '2001:db8:1:1::10', from: '2001:db8:f::5/128' } as const;

const EXIT_CODES: Readonly<Record<Verdict, 0 | 1 | 3>> = { reachable: 0, unreachable: 1, partial: 3, unknown: 3 };

/** Runs each row twice: on files as the CLI prints them, and on a recording of `port22 fetch`. */
export function rows(table: readonly Row[]): void {
  for (const row of table) test([row.tag, row.name].filter(Boolean).join(' '), () => check(row));
}

/** Fails with the row's tag and with everything that was answered. */
export function check(row: Row): void {
  for (const form of ['cli', 'fetched'] as const) {
    const fixture = f0();
    row.given?.(fixture);
    const evidence = { documents: fixture.documents(form), ...optional({ complete: row.complete }) };
    const answer = explain(evidence, {
      target: row.target ?? '198.51.100.10',
      from: row.from ?? '203.0.113.5/32',
      ...optional({ port: row.port, via: row.via, clientOs: row.clientOs }),
    });
    expect({ row: `${row.tag} (${form})`, ...seen(answer) }).toEqual({
      row: `${row.tag} (${form})`,
      ...wanted(row, seen(answer)),
    });
  }
}

type Seen = Readonly<Record<string, unknown>>;

/** All of the answer that a row may speak of, flat, so that a failure shows the whole of it. */
function seen(answer: Answer): Seen {
  const problems = answer.problems.map((p) => [p.severity, p.what, p.where, p.why, p.fix].join(' | '));
  const target = answer.report?.targets[0];
  const base = { exitCode: answer.exitCode, targets: answer.report?.targets.length ?? 0, problems };
  if (target === undefined) return base;
  const findings = target.findings;
  return {
    ...base,
    schemaErrors: schemaErrors(answer.report),
    verdict: target.verdict,
    symptom: target.symptom,
    causes: unique(findings.flatMap((f) => f.causes.map(causeText))),
    causesOfReachable: findings.filter((f) => f.verdict === 'reachable').flatMap((f) => f.causes.map(causeText)),
    missing: unique(findings.flatMap((f) => f.missing.map((m) => `${m.code} ${m.what}`))),
    reachableFrom: target.reachableFrom,
    partialFrom: target.partialFrom,
    unknownFrom: target.unknownFrom,
    clientPortFraction: findings.map((f) => f.clientPortFraction).find((fraction) => typeof fraction === 'number'),
    flags: target.flags ?? [],
    paths: unique(findings.filter((f) => f.verdict === target.verdict).map((f) => f.path)),
    host: target.host,
    alternatives: target.alternatives,
    words: [...findings.flatMap((f) => f.causes), ...target.host.causes].map((c) => c.message.toLowerCase()).join('\n'),
  };
}

/** What was seen, with every field that the row speaks of replaced by what the row says. */
function wanted(row: Row, actual: Seen): Seen {
  const problems = row.problems?.map((text) => expect.stringContaining(text));
  const base = {
    ...actual,
    exitCode: row.exitCode ?? (row.verdict === undefined ? 2 : EXIT_CODES[row.verdict]),
    problems: problems === undefined ? [] : expect.arrayContaining(problems),
  };
  if (row.verdict === undefined) return { ...base, targets: 0 };
  return {
    ...base,
    targets: 1,
    schemaErrors: [],
    verdict: row.verdict,
    symptom: symptomOf(row),
    causesOfReachable: [],
    ...optional({
      causes: causesOf(row),
      missing: missingOf(row),
      reachableFrom: row.reachableFrom,
      partialFrom: row.partialFrom,
      unknownFrom: row.unknownFrom,
      clientPortFraction: row.clientPortFraction === undefined ? undefined : expect.closeTo(row.clientPortFraction, 9),
      words: row.says === undefined ? undefined : expect.stringMatching(allOf(row.says)),
      flags: row.flags === undefined ? undefined : expect.arrayContaining([...row.flags]),
      paths: row.path === undefined ? undefined : [row.path],
      host: row.host === undefined ? undefined : expect.objectContaining(hostOf(row.host)),
      alternatives:
        row.alternatives === undefined ? undefined : expect.arrayContaining(alternativesOf(row.alternatives)),
    }),
  };
}

function symptomOf(row: Row): string {
  if (row.symptom !== undefined) return row.symptom;
  if (row.verdict === 'reachable') return 'connects';
  if (row.verdict === 'unknown') return 'cannot-tell';
  throw new Error(`${row.tag}: say the symptom`);
}

function causesOf(row: Row): unknown {
  if (row.among !== undefined) return expect.arrayContaining(row.among.map(startsLike));
  if (row.causes !== undefined) return row.causes.map(startsLike);
  if (row.verdict === 'reachable' || row.verdict === 'unknown') return undefined;
  throw new Error(`${row.tag}: say the causes`);
}

function missingOf(row: Row): unknown {
  if (row.missingAmong !== undefined) return expect.arrayContaining(row.missingAmong.map(startsLike));
  return row.missing?.map(startsLike);
}

function hostOf(host: NonNullable<Row['host']>): Seen {
  const causes = host.causes?.map((code) => expect.objectContaining({ code }));
  return {
    verdict: host.verdict,
    ...optional({ symptom: host.symptom, causes: causes && expect.arrayContaining(causes) }),
  };
}

function alternativesOf(alternatives: NonNullable<Row['alternatives']>): unknown[] {
  return Object.entries(alternatives).map(([kind, { works, causes, symptom }]) => {
    const codes = causes?.map((code) => expect.objectContaining({ code }));
    return expect.objectContaining({ kind, works, ...optional({ symptom, causes: codes }) });
  });
}

function causeText(cause: Target['findings'][number]['causes'][number]): string {
  return [cause.code, cause.component?.id, cause.rule].filter((part) => typeof part === 'string').join(' ');
}

/** A row that names no component or no rule matches any. */
function startsLike(text: string): unknown {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return expect.stringMatching(new RegExp(`^${escaped}(?: |$)`));
}

function allOf(words: readonly string[]): RegExp {
  return new RegExp(words.map((word) => `(?=[^]*${word})`).join(''));
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** The fields that are there: `exactOptionalPropertyTypes` tells an absent one from `undefined`. */
function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
