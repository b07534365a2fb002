import type { Bundle } from './bundle.js';
import { linesOf } from './lines.js';

/** A value that a record tells, or in one line why it tells none. The line holds untrusted text. */
export type Reading<T> = { readonly value: T } | { readonly unknown: string };

/**
 * What a command printed, where it ended by itself and says that it did well. Everything else is unknown, with the reason: there
 * is no such record, no such tool, no permission, the time was over, the record is cut, the command failed.
 */
export function outputOf(bundle: Bundle, key: string): Reading<string> {
  const record = bundle.records.get(key);
  if (!record) return { unknown: `${key} was not collected` };
  if (record.outcome !== 'ran') return { unknown: `${key}: ${record.outcome}` };
  if (record.status === 0) return { value: record.stdout };
  const [said] = linesOf(record.stderr).filter((line) => line !== '');
  return { unknown: `${key}: ${said ?? `exit status ${record.status ?? 'unknown'}`}` };
}

/** What a record holds, however it ended: good for what is there, never for what is not. Empty where there is no record. */
export function partOf(bundle: Bundle, key: string): string {
  return bundle.records.get(key)?.stdout ?? '';
}

/** The keys that begin with a word and a blank, with what follows: the `log PATH` of a bundle. */
export function namedRecords(bundle: Bundle, word: string): readonly { readonly key: string; readonly name: string }[] {
  return [...bundle.records.keys()]
    .filter((key) => key.startsWith(`${word} `))
    .map((key) => ({ key, name: key.slice(word.length + 1) }));
}
