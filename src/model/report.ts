import type { Cause, GapReport, Missing } from './cause.js';
import type { DiagnosedAttempt } from './diagnosis-report.js';
import type { ProviderName, ResourceRef } from './resource.js';
import type { Symptom } from './symptom.js';
import type { Direction, Effect, Verdict } from './verdict.js';

/** The report as other programs read it: `port22 schema report` describes the same shape. */
export interface Report {
  readonly schema: 'port22/report/v1';
  readonly tool: { readonly name: 'port22'; readonly version: string };
  readonly question: ReportQuestion;
  readonly targets: readonly TargetReport[];
  readonly violations: readonly Violation[];
  readonly gaps: readonly GapReport[];
  /** What remains of all causes of what a client saw; only where that was told. */
  readonly diagnosis?: readonly DiagnosedAttempt[];
}

export interface ReportQuestion {
  readonly command: 'explain' | 'audit';
  readonly target?: string;
  readonly from: readonly string[];
  readonly port: number;
  readonly via?: string;
}

export interface TargetRef {
  readonly provider: ProviderName;
  readonly kind: string;
  readonly id: string;
  readonly name: string | null;
  readonly urn: string | null;
  readonly account: string | null;
  readonly region: string | null;
}

export interface TargetReport {
  readonly target: TargetRef;
  readonly verdict: Verdict;
  /** What an unknown verdict most likely is, where the evidence leans to one side. No policy is satisfied by it. */
  readonly bestGuess?: 'reachable' | 'unreachable' | undefined;
  readonly symptom: Symptom;
  readonly reachableFrom: readonly string[];
  readonly partialFrom: readonly string[];
  readonly unknownFrom: readonly string[];
  readonly flags: readonly string[];
  readonly findings: readonly Finding[];
  readonly host: HostReport;
  readonly alternatives: readonly Alternative[];
}

/** One answered piece: these sources, this way, this is what happens and who signed for it. */
export interface Finding {
  readonly from: readonly string[];
  readonly address: string | null;
  readonly family: 4 | 6;
  readonly interface: string | null;
  readonly path: string;
  /** The port that the client dials, where a balancer maps another one to the asked port. */
  readonly port?: number | undefined;
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  /** The share of client ports that get through, 0 to 1; left out in an audit, where clients differ. */
  readonly clientPortFraction?: number;
  readonly causes: readonly Cause[];
  readonly missing: readonly Missing[];
  readonly steps: readonly Step[];
  readonly fixes: readonly Fix[];
}

export interface Step {
  readonly layer: string;
  readonly direction: Direction;
  readonly component: ResourceRef;
  readonly effect: Effect;
  readonly rule: string | null;
  /** The rule in its owner's notation. */
  readonly text: string;
}

export interface Fix {
  /** The cause that it removes. */
  readonly for: string;
  readonly command: string;
  readonly pulumi: string;
  /** True when the engine has seen the asked source get through with this change (and the earlier ones in the list). */
  readonly checked: boolean;
  readonly gains: readonly string[];
  readonly loses: readonly string[];
  readonly note?: string;
}

export interface HostReport {
  readonly verdict: 'ok' | 'risk' | 'broken' | 'unknown';
  readonly symptom: Symptom;
  readonly causes: readonly Cause[];
  /** Other ports, on which sshd listens by user data where it does not listen on the asked one, and what becomes of the client there. */
  readonly otherPorts?: readonly OtherPort[];
}

export interface OtherPort {
  readonly port: number;
  readonly verdict: Verdict;
  readonly symptom: Symptom;
}

export interface Alternative {
  readonly kind: string;
  readonly works: 'yes' | 'no' | 'unknown';
  readonly command: string;
  readonly symptom: Symptom;
  readonly causes: readonly Cause[];
}

export interface Violation {
  readonly policy: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  readonly target: TargetRef;
  /** What lets in who must not get in, or keeps out who must get in; null where nothing can be named. */
  readonly blame: ResourceRef | null;
  /** The rule of that object that decides, where one does and has a name. */
  readonly rule: string | null;
  readonly from: readonly string[];
  readonly message: string;
}
