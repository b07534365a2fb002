import type { Finding, Report, TargetReport } from '../model/index.js';

/** A report whose targets come one at a time, so that a large audit is never held as a whole. */
export type ReportStream = Omit<Report, 'targets'> & { readonly targets: Iterable<TargetReport> };

const texts = new WeakMap<object, string>();

/** The JSON of a value. Lists that many targets share are written once. */
function json(value: unknown): string {
  if (!Array.isArray(value) || value.length < 4) return JSON.stringify(value);
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known;
}

function members(object: object, write: (key: string, value: unknown) => string): string {
  const written = Object.entries(object).filter(([, value]) => value !== undefined);
  return `{${written.map(([key, value]) => `"${key}":${write(key, value)}`).join(',')}}`;
}

const findingJson = (finding: Finding) => members(finding, (_key, value) => json(value));

function targetJson(target: TargetReport): string {
  return members(target, (key, value) =>
    key === 'findings' ? `[${target.findings.map(findingJson).join(',')}]` : json(value),
  );
}

function member(key: string, value: unknown): string {
  return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
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
