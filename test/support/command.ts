import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import type { Shell } from '../../src/cli/shell.js';
import type { RecordedDocument } from './aws/collection.js';

/** What a command line did. */
export interface Ran {
  readonly exitCode: number;
  /** Stdout, stderr. */
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** The streams that are a terminal; none unless said. */
  readonly terminals?: readonly ('out' | 'err')[];
  readonly stdin?: string;
  readonly resolve?: NonNullable<Shell['resolve']>;
}

const STACK_TRACE = /\n\s+at .*:\d+:\d+/;

/** Runs `port22 ARGS` inside this process. Whatever the arguments, the exit code is one of the four and no stack trace shows. */
export async function port22(
  args: readonly string[],
  { env = {}, stdin = '', terminals = [], resolve }: Surroundings = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  let writing = false;
  const exitCode = await run({
    args,
    env,
    out: async (text) => {
      // Whoever does not wait for a slow reader has the whole report in memory.
      expect(writing).toBe(false);
      writing = true;
      await new Promise(setImmediate);
      writing = false;
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ...(resolve && { resolve }),
    input: async () => stdin,
    outIsTerminal: terminals.includes('out'),
    errIsTerminal: terminals.includes('err'),
  });
  expect([0, 1, 2, 3]).toContain(exitCode);
  expect(out).not.toMatch(STACK_TRACE);
  expect(err).not.toMatch(STACK_TRACE);
  return { exitCode, out, err };
}

/** A problem of stderr in its four parts, after the word that says how bad it is. */
export interface PrintedProblem {
  readonly severity: string;
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly fix: string;
}

const PROBLEM = /^(cannot|warning) {2}(.+)\n {2}where {2}(.+)\n {2}why {4}(.+)\n {2}fix {4}(.+)\n\n/;

/** Everything on stderr as problems; fails where something else stands between them. */
export function problemsOf(err: string): PrintedProblem[] {
  const problems: PrintedProblem[] = [];
  let rest = err;
  while (rest !== '') {
    const [text, severity = '', what = '', where = '', why = '', fix = ''] = PROBLEM.exec(rest) ?? [];
    if (text === undefined) throw new Error(`this is no problem in four parts: ${rest}`);
    problems.push({ severity, what, where, why, fix });
    rest = rest.slice(text.length);
  }
  return problems;
}

/** Writes documents into a folder of the test's own, each under its path below `under`. Answers the folder. */
export function recorded(documents: readonly RecordedDocument[], folder: string, under = ''): string {
  for (const { path, value } of documents) {
    const file = join(folder, under, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(value, null, 4)}\n`);
  }
  return join(folder, under);
}
