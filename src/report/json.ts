import { escapeJson } from '../message/index.js';
import type { Finding, Report, TargetReport } from '../model/index.js';

/** A report whose targets come one at a time, so that a large audit is never held as a whole. */
export type ReportStream = Omit<Report, 'targets'> & { readonly targets: Iterable<TargetReport> };

const texts = new WeakMap<object, string>();

const written = (value: unknown) => escapeJson(JSON.stringify(value));

/** The JSON of a value. Lists that many targets share, as the same objects, are put into words once. */
function json(value: unknown): string {
  if (!Array.isArray(value)) return written(value);
  if (value.length === 0) return '[]';
  const known = texts.get(value) ?? written(value);
  texts.set(value, known);
  return known;
}

/** An object, its members written one by one: in a large report there are millions of them. */
function members<T extends object>(object: T, write: (value: T[keyof T], key: keyof T) => string): string {
  let text = '';
  for (const key in object) {
    const value = object[key];
    if (value !== undefined) text += `${text === '' ? '' : ','}"${key}":${write(value, key)}`;
  }
  return `{${text}}`;
}

const findingJson = (finding: Finding) => members(finding, json);

function targetJson(target: TargetReport): string {
  return members(target, (value, key) =>
    key === 'findings' ? `[${target.findings.map(findingJson).join(',')}]` : json(value),
  );
}

function member(key: string, value: unknown): string {
  return `  ${JSON.stringify(key)}: ${written(value)}`;
}

/** The report as JSON, a target a line, in pieces that follow one another. */
export function* reportJson(report: ReportStream): Iterable<string> {
  const { schema, tool, question } = report;
  const head = [member('schema', schema), member('tool', tool), member('question', question)];
  yield `{\n${head.join(',\n')},\n  "targets": [`;
  let first = true;
  for (const target of report.targets) {
    yield `${first ? '' : ','}\n    ${targetJson(target)}`;
    first = false;
  }
  yield `${first ? '' : '\n  '}],\n${[member('violations', report.violations), member('gaps', report.gaps)].join(',\n')}\n}\n`;
}
