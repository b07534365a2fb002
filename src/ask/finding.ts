import { closestRule } from '../engine/index.js';
import { type Asking, describeCause, layerWords } from '../message/index.js';
import type {
  Cause,
  Decision,
  Finding,
  Fix,
  Missing,
  Outcome,
  Path,
  Piece,
  Reason,
  ResourceRef,
  Rule,
  Step,
  Symptom,
} from '../model/index.js';
import type { Stop } from '../provider.js';
import type { AddressSet } from '../set/index.js';

const stops = (outcome: Outcome) => outcome.action !== 'allow';

/** The outcome that speaks for a decision: what stops it where something does, else what lets it through. */
function signature(decision: Decision): Outcome | undefined {
  const outcomes = decision.shares.flatMap((share) => share.outcomes);
  const wanted = decision.effect === 'passes' ? outcomes : outcomes.filter(stops);
  if (decision.effect === 'partly') {
    const whole = decision.shares
      .filter((share) => share.outcomes.every(stops))
      .sort((a, b) => (b.ports?.size ?? 0) - (a.ports?.size ?? 0));
    return whole[0]?.outcomes.at(-1) ?? wanted.at(-1);
  }
  return wanted.at(-1);
}

function reasonOf(outcome: Outcome): Reason | undefined {
  return outcome.rule ? outcome.rule.reason : outcome.filter.reason;
}

function componentOf(path: Path, decision: Decision, outcome: Outcome | undefined): ResourceRef {
  const subject = path.layers[decision.layer]?.subject ?? { kind: 'unknown', id: 'unknown' };
  return (outcome?.rule ? outcome.rule.of : outcome?.filter.of) ?? subject;
}

/** The symptom of what stops a piece: a drop is silence, a reject answers. */
function symptomOf(outcome: Outcome | undefined): Symptom {
  const reason = outcome && reasonOf(outcome);
  return reason?.symptom ?? (outcome?.action === 'reject' ? 'refused' : 'times-out');
}

interface Stopped extends Stop {
  readonly decision: Decision;
  readonly outcome: Outcome;
}

/** Everything that surely stops the piece, or a part of its client ports, in packet order. */
export function stopsOf(path: Path, piece: Piece): Stopped[] {
  return piece.decisions.flatMap((decision): Stopped[] => {
    if (decision.effect !== 'stops' && decision.effect !== 'partly') return [];
    const outcome = signature(decision);
    const reason = outcome && reasonOf(outcome);
    if (!outcome || !reason) return [];
    const component = reason.component ?? componentOf(path, decision, outcome);
    return [{ reason, component, rule: outcome.rule?.id ?? null, decision, outcome }];
  });
}

/** The port that a layer sees: a balancer may map the one that the client dials. */
function askingAt(path: Path, decision: Decision, asking: Asking): Asking {
  const port = path.layers[decision.layer]?.port;
  return port === undefined ? asking : { ...asking, port };
}

function closestTo(path: Path, decision: Decision, asking: Asking, from: AddressSet): Rule | undefined {
  const filter = path.layers[decision.layer]?.inbound;
  return filter && closestRule(filter, askingAt(path, decision, asking).port, from);
}

/** The causes of a piece, in words. */
export function causesOf(path: Path, piece: Piece, asking: Asking): Cause[] {
  return stopsOf(path, piece).map(({ reason, component, rule, decision, outcome }) => {
    const cause = describeCause(
      reason,
      component,
      rule,
      askingAt(path, decision, asking),
      decision.effect === 'partly',
    );
    const near =
      outcome.rule === null && decision.direction === 'inbound'
        ? closestTo(path, decision, asking, piece.from)
        : undefined;
    return near ? { ...cause, closest: `${near.id ?? near.of?.id ?? 'a rule'} ${near.text}` } : cause;
  });
}

/** What would have to be known to be sure, each once. */
export function missingOf(piece: Piece): Missing[] {
  const missing = new Map<string, Missing>();
  for (const decision of piece.decisions) {
    if (decision.effect !== 'depends') continue;
    for (const { gap } of decision.shares.flatMap((share) => share.outcomes)) {
      if (!gap) continue;
      const key = `${gap.code} ${gap.what}`;
      if (!missing.has(key)) {
        missing.set(key, {
          code: gap.code,
          what: gap.what,
          couldChange: piece.verdict !== 'unreachable',
          message: gap.detail,
        });
      }
    }
  }
  return [...missing.values()];
}

function stepText(decision: Decision, outcome: Outcome | undefined, layer: string, asking: Asking): string {
  if (decision.effect === 'depends')
    return decision.shares.flatMap((share) => share.outcomes).find(({ gap }) => gap)?.gap?.detail ?? 'is not known';
  if (outcome?.rule) return outcome.rule.text;
  if (decision.effect === 'passes') return layerWords(layer).passes;
  const service =
    decision.direction === 'inbound' ? `tcp/${asking.port} from ${asking.from}` : `the reply to ${asking.from}`;
  return layer.endsWith('route-table') ? `has no route for ${service}` : `nothing allows ${service}`;
}

export function stepsOf(path: Path, piece: Piece, asking: Asking): Step[] {
  return piece.decisions.map((decision) => {
    const outcome = signature(decision);
    const layer = path.layers[decision.layer]?.kind ?? 'unknown';
    const component = componentOf(path, decision, outcome);
    const doubt =
      decision.effect === 'depends'
        ? decision.shares.flatMap((share) => share.outcomes).find(({ gap }) => gap)
        : undefined;
    return {
      layer,
      direction: decision.direction,
      component: doubt?.rule?.of ?? component,
      effect: decision.effect,
      rule: (doubt ?? outcome)?.rule?.id ?? null,
      text: stepText(decision, outcome, layer, askingAt(path, decision, asking)),
    };
  });
}

/** What the client sees for a piece. */
export function pieceSymptom(piece: Piece): Symptom {
  if (piece.verdict === 'reachable') return 'connects';
  if (piece.verdict === 'unknown') return 'cannot-tell';
  const stop = piece.decisions.find((decision) => decision.effect === 'stops' || decision.effect === 'partly');
  return symptomOf(stop && signature(stop));
}

/** One answered piece, with its words. */
export function findingOf(path: Path, piece: Piece, asking: Asking, fixes: readonly Fix[] = []): Finding {
  return {
    from: piece.from.prefixes(),
    address: path.address,
    family: path.family,
    interface: path.interface?.id ?? null,
    path: path.kind,
    ...(path.port !== undefined && { port: path.port }),
    verdict: piece.verdict,
    symptom: pieceSymptom(piece),
    clientPortFraction: piece.clientPortFraction,
    causes: causesOf(path, piece, asking),
    missing: missingOf(piece),
    steps: stepsOf(path, piece, asking),
    fixes,
  };
}
