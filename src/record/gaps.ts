import type { Gap, GapReport } from '../model/index.js';
import type { Answered, Scope } from './store.js';

/** The store of a cloud whose machines are its instances. */
interface Inventory {
  gap(name: 'instances', scope: Scope): Gap | undefined;
  refusals(): Iterable<{ readonly name: string; readonly action: string; readonly answer: Answered }>;
}

/** Whether the list of instances was answered in full, wherever it was asked for. */
export function listsEveryInstance(inventory: Inventory): boolean {
  const refused = [...inventory.refusals()].filter(({ name }) => name === 'instances');
  const scopes = [{}, ...refused.map(({ answer }) => answer.scope)];
  return scopes.every((scope) => inventory.gap('instances', scope) === undefined);
}

/** What is missing of the list of instances leaves machines unjudged, which no other gap does. */
const unjudged = 'what is not listed is not judged';

/** Every call that was refused and every answer that is incomplete, whether or not a verdict hangs on it. */
export function recordedGaps(inventory: Inventory): GapReport[] {
  const gaps = new Map<string, GapReport>();
  const put = (code: GapReport['code'], subject: string, told: string, isList: boolean) => {
    const detail = isList ? `${told}; ${unjudged}` : told;
    gaps.set(`${subject} ${detail}`, { code, subject, detail });
  };
  let listed = false;
  for (const { name, action, answer } of inventory.refusals()) {
    const where = [answer.scope.account, answer.scope.region, answer.subject].filter(Boolean).join(' ');
    const detail = answer.error ? `${answer.error.code}: ${answer.error.message}` : (answer.incomplete ?? '');
    const code = answer.error ? 'not-permitted' : 'not-collected';
    listed ||= name === 'instances';
    put(code, where === '' ? action : `${action} (${where})`, detail, name === 'instances');
  }
  const never = listed ? undefined : inventory.gap('instances', {});
  if (never) put('not-collected', never.what, never.detail, true);
  return [...gaps.values()].sort((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0));
}
