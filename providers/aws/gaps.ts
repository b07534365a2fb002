import type { GapReport } from '../../src/model/index.js';
import { kinds } from './collections.js';
import type { Inventory } from './inventory.js';

/** Every call that was refused and every answer that is incomplete, whether or not a verdict hangs on it. */
export function recordedGaps(inventory: Inventory): GapReport[] {
  const gaps = new Map<string, GapReport>();
  for (const { name, answer } of inventory.refusals()) {
    const { action } = kinds[name];
    const where = [answer.scope.account, answer.scope.region, answer.subject].filter(Boolean).join(' ');
    const detail = answer.error ? `${answer.error.code}: ${answer.error.message}` : (answer.incomplete ?? '');
    const code = answer.error ? 'not-permitted' : 'not-collected';
    const subject = where === '' ? action : `${action} (${where})`;
    gaps.set(`${subject} ${detail}`, { code, subject, detail });
  }
  return [...gaps.values()].sort((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0));
}
