import type { Report, TargetReport } from '../model/index.js';

/** A report whose targets come one at a time, so that a large audit is never held as a whole. */
export type ReportStream = Omit<Report, 'targets'> & { readonly targets: Iterable<TargetReport> };

function member(key: string, value: unknown): string {
  return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}

/** The report as JSON, a target a line, in pieces that follow one another. */
export function* reportJson(report: ReportStream): Iterable<string> {
  const { schema, tool, question } = report;
  yield `{\n${[member('schema', schema), member('tool', tool), member('question', question)].join(',\n')},\n  "targets": [`;
  let first = true;
  for (const target of report.targets) {
    yield `${first ? '' : ','}\n    ${JSON.stringify(target)}`;
    first = false;
  }
  yield `${first ? '' : '\n  '}],\n${[member('violations', report.violations), member('gaps', report.gaps)].join(',\n')}\n}\n`;
}
