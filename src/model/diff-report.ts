import type { Cause, GapReport, Missing } from './cause.js';
import type { TargetRef } from './report.js';
import type { ResourceRef } from './resource.js';
import type { Symptom } from './symptom.js';

/** Who gains and who loses access between two states: `port22 schema diff` describes the same shape. */
export interface DiffReport {
  readonly schema: 'port22/diff/v1';
  readonly tool: { readonly name: 'port22'; readonly version: string };
  readonly question: { readonly command: 'diff'; readonly port: number };
  /** The targets of which somebody gains or loses access, or may. */
  readonly targets: readonly TargetDiff[];
  /** How many targets are open to the same clients as before. */
  readonly unchanged: number;
  readonly gaps: { readonly before: readonly GapReport[]; readonly after: readonly GapReport[] };
}

export interface TargetDiff {
  readonly target: TargetRef;
  /** In which state there is such a target. */
  readonly exists: 'before' | 'after' | 'both';
  /** Minimal CIDR covers, disjoint. Who gets through now and then only counts as having access. */
  readonly gains: readonly string[];
  readonly loses: readonly string[];
  /** Of whom it is not known whether they had access, or whether they have it. */
  readonly unknown: readonly string[];
  /** What would have to be known to be sure of them. */
  readonly missing: readonly Missing[];
  /** What is true of the target after and was not before: `world-open`. */
  readonly flags: readonly string[];
  /** What lets in who gains access, and its rule where it has a name. */
  readonly through: { readonly component: ResourceRef; readonly rule: string | null } | null;
  readonly losses: readonly Loss[];
}

/** What becomes of connections that were open when the change came: they go on, they end, or nobody knows. */
export type OpenConnections = 'go-on' | 'end' | 'unknown';

/** Clients who lose access for the same reasons. */
export interface Loss {
  readonly from: readonly string[];
  /** What a new connection sees. */
  readonly symptom: Symptom;
  readonly causes: readonly Cause[];
  readonly openConnections: OpenConnections;
}
