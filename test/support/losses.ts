import { diff, type Evidence } from '../../src/index.js';

/** What becomes of one client who could connect before and cannot after: `fate of open connections, symptom of new ones, codes`. */
export function lossOf(before: Evidence, after: Evidence, target: string, prefix: string): string | undefined {
  const { report } = diff(before, after);
  const changed = report?.targets.find((one) => one.target.name === target);
  const loss = changed?.losses.find(({ from }) => from.includes(prefix));
  return loss && [loss.openConnections, loss.symptom, ...loss.causes.map(({ code }) => code)].join(', ');
}
