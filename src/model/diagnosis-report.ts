import type { Cause, GapReport, Missing } from './cause.js';
import type { CauseCode } from './cause-code.js';
import type { Observation } from './observation.js';
import type { Symptom } from './symptom.js';
import type { Verdict } from './verdict.js';

/** What remains of all causes of a failed connection: `port22 schema diagnosis` describes the same shape. */
export interface DiagnosisReport {
  readonly schema: 'port22/diagnosis/v1';
  readonly tool: { readonly name: 'port22'; readonly version: string };
  readonly question: {
    readonly command: 'diagnose';
    readonly target: string | null;
    readonly from: readonly string[];
    readonly port: number;
  };
  readonly attempts: readonly DiagnosedAttempt[];
  readonly gaps: readonly GapReport[];
}

/** One attempt at one address: two families are two of them. */
export interface DiagnosedAttempt {
  readonly observation: Observation;
  /** What records and bundle say must happen; null where none were given, or nobody told who connects. */
  readonly expected: {
    readonly verdict: Verdict;
    readonly symptom: Symptom;
    readonly causes: readonly Cause[];
    readonly missing: readonly Missing[];
  } | null;
  /** What it may have been, the first to be looked at first. */
  readonly causes: readonly RankedCause[];
  readonly excluded: readonly ExcludedCause[];
  readonly contradictions: readonly NamedContradiction[];
}

export interface RankedCause {
  readonly code: CauseCode;
  readonly place: 'client' | 'path' | 'firewall' | 'listener' | 'daemon' | 'login';
  /** The evidence shows it, the evidence hints at it, or nothing speaks against it. */
  readonly standing: 'proved' | 'likely' | 'possible';
  readonly message: string;
  readonly why: string;
  /** The lines that say so, and where they stand. Untrusted text. */
  readonly evidence: readonly { readonly at: string; readonly line: string }[];
  /** The one look that settles it. */
  readonly check: { readonly on: 'client' | 'server' | 'cloud'; readonly command: string; readonly shows: string };
  /** What removes it, should it hold: commands for a root shell, none where there is nothing to change; null where no command does. */
  readonly fix: { readonly commands: readonly string[]; readonly note?: string } | null;
}

export interface ExcludedCause {
  readonly code: CauseCode;
  readonly message: string;
  /** What rules it out: that it would have looked otherwise, or evidence of the machine, the records or an attempt. */
  readonly by: 'look' | 'evidence';
  readonly because: string;
}

/** What the evidence says and what was seen cannot both be so. */
export interface NamedContradiction {
  readonly kind: 'answered' | 'open' | 'proved' | 'address';
  readonly message: string;
  /** What it may mean, each to be looked at. */
  readonly means: readonly string[];
}
