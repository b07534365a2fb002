import { escapeText, gateText } from '../src/message/index.js';
import type { GateFinding, GateReport, PlannedResource } from '../src/model/index.js';
import type { Exemption, Settings } from './settings.js';

/** What a policy reports, on which resource; on none for the deployment as a whole. */
export interface PolicyViolation {
  readonly urn?: string;
  readonly message: string;
}

/** What is known of a deployment when its policies are asked. */
export interface GateView {
  readonly settings: Settings;
  readonly report: GateReport;
  /** What `required` of the settings asks for. */
  readonly required: () => Pick<GateReport, 'findings' | 'failures'>;
  /** The day of the run, as `2026-11-28`. */
  readonly today: string;
}

/** More of one policy than these are counted, not told. */
const MOST = 100;

const isOver = ({ until }: Exemption, today: string): boolean => until !== undefined && until < today;

const concerns = ({ match }: Pick<Exemption, 'match'>, { urn, type, name }: PlannedResource): boolean =>
  [urn, type, name].some((text) => match.test(text));

/** Whether nothing is to be reported about a resource. */
function isExempt(resource: PlannedResource, { settings, today }: GateView): boolean {
  return settings.exempt.some((one) => !isOver(one, today) && concerns(one, resource));
}

/** Exemptions of which the last day is over: they have no effect. */
export function expired({ settings, today }: GateView): readonly Exemption[] {
  return settings.exempt.filter((one) => isOver(one, today));
}

/** The findings of one kind, in words. */
export function told(view: GateView, findings: readonly GateFinding[]): PolicyViolation[] {
  return findings
    .filter(({ machine }) => !isExempt(machine, view))
    .map((finding) => ({ urn: finding.machine.urn, message: gateText(finding, view.settings.port) }));
}

/** What went wrong in port22 itself: the machine counts as one that nobody judged. */
export function failed(view: GateView, failures: GateReport['failures']): PolicyViolation[] {
  return failures
    .filter(({ machine }) => !isExempt(machine, view))
    .map(({ machine, message }) => ({
      message: `internal error of port22 about ${JSON.stringify(machine.name)} (${escapeText(machine.urn)}), which is not judged: ${escapeText(message)}`,
    }));
}

/** At most a hundred, and how many more there are. */
export function limited(violations: readonly PolicyViolation[]): readonly PolicyViolation[] {
  if (violations.length <= MOST) return violations;
  return [...violations.slice(0, MOST), { message: `${violations.length - MOST} more of this kind are not shown` }];
}
