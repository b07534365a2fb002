import { escapeJson } from '../message/index.js';
import type { DiffReport, Finding, Report, TargetReport } from '../model/index.js';

/** A report whose targets come one at a time, so that a large audit is never held as a whole. */
export type ReportStream = Omit<Report, 'targets'> & { readonly targets: Iterable<TargetReport> };

const texts = new WeakMap<object, string>();

const written = (value: unknown) => escapeJson(JSON.stringify(value));

/** The JSON of a value. Lists that many targets share, as the same objects, are put into words once. */
function json(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return written(value);
  if (value.length === 0) return '[]';
  const known = texts.get(value) ?? written(value);
  texts.set(value, known);
  return known;
}

/** Writes objects of one kind, their members in a fixed order: in a large report there are millions of them. */
function writerOf<T extends object>(keys: Readonly<Record<keyof T, true>>): (object: T) => string {
  const labels = (Object.keys(keys) as (keyof T & string)[]).map((key) => ({ key, label: `"${key}":` }));
  return (object) => {
    let text = '{';
    for (const { key, label } of labels) {
      const value = object[key];
      if (value === undefined) continue;
      text += text === '{' ? label : `,${label}`;
      text += key === 'findings' ? findingsJson(value as readonly Finding[]) : json(value);
    }
    return `${text}}`;
  };
}

const findingJson = writerOf<Finding>({
  from: true,
  address: true,
  family: true,
  interface: true,
  path: true,
  port: true,
  verdict: true,
  symptom: true,
  clientPortFraction: true,
  causes: true,
  missing: true,
  steps: true,
  fixes: true,
});

function findingsJson(findings: readonly Finding[]): string {
  return `[${findings.map((finding) => findingJson(finding)).join(',')}]`;
}

const targetJson = writerOf<TargetReport>({
  target: true,
  verdict: true,
  bestGuess: true,
  symptom: true,
  reachableFrom: true,
  partialFrom: true,
  unknownFrom: true,
  flags: true,
  findings: true,
  host: true,
  alternatives: true,
});

function member(key: string, value: unknown): string {
  return `  ${JSON.stringify(key)}: ${written(value)}`;
}

/** The report as JSON, a target a line, in pieces that follow one another. */
export function* reportJson(report: ReportStream): Iterable<string> {
  const { schema, tool, question } = report;
  const head = [member('schema', schema), member('tool', tool), member('question', question)];
  yield `{\n${head.join(',\n')},\n  "targets": [`;
  const more = report.diagnosis ? [member('diagnosis', report.diagnosis)] : [];
  let first = true;
  for (const target of report.targets) {
    yield `${first ? '' : ','}\n    ${targetJson(target)}`;
    first = false;
  }
  yield `${first ? '' : '\n  '}],\n${[member('violations', report.violations), member('gaps', report.gaps), ...more].join(',\n')}\n}\n`;
}

/** The answer to `diff` as JSON, a target a line. */
export function diffJson(report: DiffReport): string {
  const { schema, tool, question, targets, unchanged, gaps } = report;
  const head = [member('schema', schema), member('tool', tool), member('question', question)];
  const lines = targets.map((target) => `\n    ${written(target)}`);
  const end = lines.length === 0 ? ']' : '\n  ]';
  const tail = [member('unchanged', unchanged), member('gaps', gaps)];
  return `{\n${head.join(',\n')},\n  "targets": [${lines.join(',')}${end},\n${tail.join(',\n')}\n}\n`;
}
