import type { Action, Decision, Outcome } from '../model/index.js';

/** The action of the first outcome that surely or most likely holds; undefined where a doubt does not say which way it leans. */
function likelyAction(outcomes: readonly Outcome[]): Action | undefined {
  for (const { action, gap } of outcomes) {
    if (!gap || gap.likely === true) return action;
    if (gap.likely === undefined) return undefined;
  }
  return undefined;
}

/** What most likely becomes of a piece that is in doubt: a stop that is likely anywhere stops it. */
export function guessOf(decisions: readonly Decision[]): 'reachable' | 'unreachable' | undefined {
  const actions = decisions.flatMap(({ shares }) => shares.map(({ outcomes }) => likelyAction(outcomes)));
  if (actions.includes(undefined)) return undefined;
  return actions.every((action) => action === 'allow') ? 'reachable' : 'unreachable';
}
