import { failed, type GateView, type PolicyViolation, told } from './violation.js';

export const description = 'Who must be able to get in does.';

/** Machines that a required source cannot surely reach, with what keeps it out. */
export function required(view: GateView): PolicyViolation[] {
  const { findings, failures } = view.required();
  return [...told(view, findings), ...failed(view, failures)];
}
