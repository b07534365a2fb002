import { failed, type GateView, type PolicyViolation, told } from './violation.js';

export const description = 'No machine may be reachable from a forbidden source.';

/** Machines that a forbidden source surely reaches; and those at which port22 failed, since a gate that cannot judge is closed. */
export function exposed(view: GateView): PolicyViolation[] {
  const open = view.report.findings.filter(({ verdict }) => verdict === 'reachable' || verdict === 'partial');
  return [...told(view, open), ...failed(view, view.report.failures)];
}
