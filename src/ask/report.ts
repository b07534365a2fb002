import type { GapReport, Report, ReportQuestion, TargetReport } from '../model/index.js';
import { version } from '../version.js';

/** Puts the parts of an answer into the shape of the contract. */
export function reportOf(
  question: ReportQuestion,
  targets: readonly TargetReport[],
  gaps: readonly GapReport[],
): Report {
  return { schema: 'port22/report/v1', tool: { name: 'port22', version }, question, targets, violations: [], gaps };
}
