import type { ResourceRef } from './resource.js';

/** What surely stops a piece of the traffic, or a part of its client ports. */
export interface Cause {
  readonly code: string;
  readonly component: ResourceRef;
  readonly rule: string | null;
  /** False where the cloud's behaviour is widely believed, but not documented. */
  readonly certain: boolean;
  readonly message: string;
  readonly why: string;
  /** The rule that comes closest to letting the source in, if there is one. */
  readonly closest?: string;
  /** What nearly lets it through, and why it does not. */
  readonly hints?: readonly { readonly code: string; readonly message: string }[];
}

/** What would have to be known. */
export interface Missing {
  readonly code: string;
  readonly what: string;
  readonly couldChange: boolean;
  readonly message: string;
}

/** A hole in the evidence of an account. */
export interface GapReport {
  readonly code: 'not-permitted' | 'not-collected' | 'not-modelled' | 'not-known-before-deployment';
  readonly subject: string;
  readonly detail: string;
}
