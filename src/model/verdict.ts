/** The answer for a path, a piece of it, or a target. */
export type Verdict = 'reachable' | 'partial' | 'unreachable' | 'unknown';

/** What a layer does to a piece: `partly` only on the way back (some client ports) or by luck (some nodes of a balancer). */
export type Effect = 'passes' | 'stops' | 'depends' | 'partly';

export type Direction = 'inbound' | 'returning';
