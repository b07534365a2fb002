import { escapeJson } from '../message/index.js';
import type { DiagnosisReport } from '../model/index.js';

/** A diagnosis as JSON (`port22/diagnosis/v1`): the same input gives the same bytes. */
export function diagnoseJson(report: DiagnosisReport): string {
  const lines = JSON.stringify(report, null, 2).split('\n');
  return `${lines.map((line) => escapeJson(line)).join('\n')}\n`;
}
