import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';

/** What a test hands to port22 as the answer of a cloud, before anything in it is damaged on purpose. */
export interface CollectedAnswer {
  readonly cloud: 'gcp' | 'azure';
  /** The call, as a recording names it. */
  readonly operation: string;
  /**
   * How it is written: `gcloud`, `az`, `rest`, `graph`, `fetched`. What a server on loopback sent is `wire`, and `single`
   * where one record was asked for.
   */
  readonly form: string;
  readonly body: unknown;
}

/** One line of what is collected. */
export interface CollectedLine extends CollectedAnswer {
  /** The file and the name of the test. */
  readonly test: string;
  /** The fields and words of the answer that the test makes up. */
  readonly invented: readonly string[];
}

/** The variable that names the folder; nothing is collected without it. */
export const COLLECT_INTO = 'PORT22_COLLECT_ANSWERS';

const known = new Set<string>();
const made = new Map<string, Set<string>>();

/** The field or the word itself: no cloud has it, and the running test is about what port22 makes of that. */
export function invented<T extends string>(word: T): T {
  const test = runningTest();
  made.set(test, (made.get(test) ?? new Set()).add(word));
  return word;
}

/** Writes the answer down for `npm run test:schema`, once, in a file of the process. */
export function collectAnswer(answer: CollectedAnswer): void {
  const folder = process.env[COLLECT_INTO];
  if (folder === undefined) return;
  const text = JSON.stringify(answer);
  const test = runningTest();
  const words = [...(made.get(test) ?? [])].filter((word) => text.includes(JSON.stringify(word)));
  const digest = createHash('sha1').update(text).update(words.join()).digest('base64');
  if (known.has(digest)) return;
  known.add(digest);
  const line: CollectedLine = { ...answer, test, invented: words };
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`);
}

function runningTest(): string {
  const { testPath = '', currentTestName } = expect.getState();
  return [testPath.replace(/^.*\/test\//, 'test/'), currentTestName].filter(Boolean).join(' ');
}
