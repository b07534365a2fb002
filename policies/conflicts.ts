import { escapeText } from '../src/message/index.js';
import type { GateView, PolicyViolation } from './violation.js';

export const description = 'No two resources undo each other, or compete where only one can count.';

export function conflicts({ report }: GateView): PolicyViolation[] {
  return report.conflicts.map(({ urn, message }) => ({ urn, message: escapeText(message) }));
}
