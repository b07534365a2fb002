import type { Effect, Outcome } from '../model/index.js';

/** What a set of possible outcomes means for the client. */
export function effectOf(outcomes: readonly Outcome[]): Effect {
  const allows = outcomes.some((outcome) => outcome.action === 'allow');
  const stops = outcomes.some((outcome) => outcome.action !== 'allow');
  return allows && stops ? 'depends' : allows ? 'passes' : 'stops';
}
