import type { Stage } from './observation.js';
import type { Symptom } from './symptom.js';

/** Why something did not look as a cause would have looked. */
export type Mismatch =
  | { readonly kind: 'symptom'; readonly would: Symptom }
  | { readonly kind: 'stage'; readonly would: Symptom; readonly stage: Stage }
  | { readonly kind: 'family'; readonly only: 4 | 6 }
  | { readonly kind: 'greeting' }
  /** Milliseconds, both included. */
  | { readonly kind: 'too-soon' | 'too-late'; readonly least: number; readonly most: number }
  | { readonly kind: 'answer'; readonly would: 'rst' | 'icmp' }
  | { readonly kind: 'answered-by'; readonly address: string }
  /** Another machine dialled: a hop on the way to the target, whose own client does not count. */
  | { readonly kind: 'hop' };
