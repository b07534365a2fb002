import { escapeText } from '../src/message/index.js';
import { expired, type GateView, type PolicyViolation, told } from './violation.js';

export const description = 'What could not be judged, and why.';

/** Machines that nothing declared opens, but something unseen might; resources that nobody can judge; what the run did not show. */
export function undecided(view: GateView): PolicyViolation[] {
  const open = view.report.findings.filter(({ verdict, guess }) => verdict === 'unknown' && guess !== 'reachable');
  return [
    ...told(view, open),
    ...view.report.remarks.map(({ urn, message }) => ({ ...(urn && { urn }), message: escapeText(message) })),
    ...expired(view).map(({ text, until = '', reason }) => ({
      message: `the exemption of ${escapeText(text)} ended on ${until} and has no effect any more (${escapeText(reason)})`,
    })),
  ];
}
