import { type GateView, type PolicyViolation, told } from './violation.js';

export const description =
  'No machine may be opened to a forbidden source by what the program declares, whatever its references turn out to be.';

/** Machines that the program opens, where only the wiring is unsure. */
export function likely(view: GateView): PolicyViolation[] {
  return told(
    view,
    view.report.findings.filter(({ verdict, guess }) => verdict === 'unknown' && guess === 'reachable'),
  );
}
