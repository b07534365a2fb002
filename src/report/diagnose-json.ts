import { escapeJson } from '../message/index.js';
import type { DiagnosisReport } from '../model/index.js';

/** A diagnosis as JSON (`port22/diagnosis/v1`), an attempt a line: the same input gives the same bytes. */
export function diagnoseJson({ schema, tool, question, attempts, gaps }: DiagnosisReport): string {
  const written = (value: unknown) => escapeJson(JSON.stringify(value));
  const member = ([key, value]: readonly [string, unknown]) => `  ${written(key)}: ${written(value)}`;
  const head = Object.entries({ schema, tool, question }).map(member);
  const lines = attempts.map((attempt) => `\n    ${written(attempt)}`);
  const end = lines.length === 0 ? ']' : '\n  ]';
  return `{\n${head.join(',\n')},\n  "attempts": [${lines.join(',')}${end},\n${member(['gaps', gaps])}\n}\n`;
}
