import { answerEffect, closestRule } from '../engine/index.js';
import { type Asking, componentText, describeCause, layerWords } from '../message/index.js';
import {
  type Cause,
  type Decision,
  type Finding,
  type Fix,
  type Layer,
  layersOf,
  type Missing,
  type Outcome,
  type Path,
  type Piece,
  type Reason,
  type ResourceRef,
  type Rule,
  type Step,
  type Subject,
  type Symptom,
  subjectOf,
  type Way,
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

function subjectFor(way: Way, decision: Decision, outcome: Outcome | undefined): Subject {
  const own = layersOf(way)[decision.layer]?.subject ?? { kind: 'unknown', id: 'unknown' };
  return (outcome?.rule ? outcome.rule.of : outcome?.filter.of) ?? own;
}

function componentOf(path: Path, decision: Decision, outcome: Outcome | undefined): ResourceRef {
  return subjectOf(path, subjectFor(path.way, decision, outcome));
}

/** The symptom of what stops a piece: a drop is silence, a reject answers. */
function symptomOf(outcome: Outcome | undefined): Symptom {
  const reason = outcome && reasonOf(outcome);
  return reason?.symptom ?? (outcome?.action === 'reject' ? 'refused' : 'times-out');
}

/** What stops a piece, before it is known whose way it is. */
interface Blocker {
  readonly reason: Reason;
  readonly subject: Subject;
  readonly rule: string | null;
  readonly layer: Layer;
  readonly decision: Decision;
  readonly outcome: Outcome;
}

/** The decisions of a piece as time goes: both packets of the handshake first, then what happens after it. */
function asTimeGoes(way: Way, { decisions }: Piece): readonly Decision[] {
  const layers = layersOf(way);
  const isLater = ({ layer }: Decision) => layers[layer]?.after === 'handshake';
  return decisions.some(isLater)
    ? [...decisions.filter((decision) => !isLater(decision)), ...decisions.filter(isLater)]
    : decisions;
}

/** Everything that surely stops the piece of a way, or a part of its client ports, in packet order. */
export function blockersOf(way: Way, piece: Piece): Blocker[] {
  const blockers = asTimeGoes(way, piece).flatMap((decision): Blocker[] => {
    if (decision.effect !== 'stops' && decision.effect !== 'partly') return [];
    const outcome = signature(decision);
    const reason = outcome && reasonOf(outcome);
    const layer = layersOf(way)[decision.layer];
    if (!outcome || !reason || !layer) return [];
    const subject = reason.component ?? subjectFor(way, decision, outcome);
    return [{ reason, subject, rule: outcome.rule?.id ?? null, layer, decision, outcome }];
  });
  const isEarly = blockers.some(({ layer, decision }) => layer.after !== 'handshake' && decision.effect === 'stops');
  return isEarly ? blockers.filter(({ layer }) => !isSecondLook(layer)) : blockers;
}

/** A packet filter asked again about later packets: of a connection that it does not let begin there are none. */
const isSecondLook = ({ kind, after }: Layer) => after === 'handshake' && kind === 'host-firewall';

/** The same, with the objects of one path. */
export function stopsOf(path: Path, piece: Piece): (Stop & Blocker)[] {
  return blockersOf(path.way, piece).map((blocker) => ({ ...blocker, component: subjectOf(path, blocker.subject) }));
}

/** The port that a layer sees: a balancer may map the one that the client dials. */
function askingAt({ port }: Layer, asking: Asking): Asking {
  return port === undefined ? asking : { ...asking, port };
}

function closestTo({ layer, outcome }: Blocker, asking: Asking, from: AddressSet): Rule | undefined {
  if (outcome.rule !== null || layer.kind !== 'security-group' || !layer.inbound) return undefined;
  return closestRule(layer.inbound, askingAt(layer, asking).port, from);
}

/** The causes of a piece, in the words of a path: the same list for all paths where they name nothing that belongs to one. */
export function causesOn(way: Way, piece: Piece, asking: Asking): (path: Path) => readonly Cause[] {
  const blockers = blockersOf(way, piece);
  const near = blockers.map((blocker) => closestTo(blocker, asking, piece.from));
  const causesFor = (path: Path) =>
    blockers.map(({ reason, subject, rule, layer, decision }, index): Cause => {
      const isPartly = decision.effect === 'partly';
      const cause = describeCause(reason, subjectOf(path, subject), rule, askingAt(layer, asking), isPartly);
      const rival = near[index];
      return rival ? { ...cause, closest: `${rival.id ?? rival.of?.id ?? 'a rule'} ${rival.text}` } : cause;
    });
  if (blockers.some(({ subject }) => typeof subject === 'string')) return causesFor;
  let shared: readonly Cause[] | undefined;
  return (path) => {
    shared ??= causesFor(path);
    return shared;
  };
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

/** What a stop says where no rule says it better, without the component that stands before it anyway. */
function stopText(path: Path, decision: Decision, outcome: Outcome, asking: Asking): string {
  const reason = reasonOf(outcome);
  if (outcome.rule && !outcome.rule.text.startsWith('allows')) return outcome.rule.text;
  if (!reason) return `nothing allows tcp/${asking.port} from ${asking.from}`;
  if (reason.code.endsWith('sg-no-inbound')) return `no rule allows tcp/${asking.port} from ${asking.from}`;
  const component = reason.component ?? componentOf(path, decision, outcome);
  const { message } = describeCause(reason, component, outcome.rule?.id ?? null, asking, decision.effect === 'partly');
  const before = `${componentText(component)} `;
  return message.startsWith(before) ? message.slice(before.length) : message;
}

function doubtOf(decision: Decision): Outcome | undefined {
  if (decision.effect !== 'depends') return undefined;
  return decision.shares.flatMap((share) => share.outcomes).find(({ gap }) => gap);
}

/** What every layer says about a piece, in packet order. */
function stepsOf(path: Path, piece: Piece, asking: Asking): Step[] {
  return piece.decisions.map((decision) => {
    const outcome = signature(decision);
    const layer = layersOf(path.way)[decision.layer];
    const doubt = doubtOf(decision);
    const stopped = decision.effect === 'stops' || decision.effect === 'partly';
    const text = () => {
      if (doubt) return doubt.gap?.detail ?? 'is not known';
      if (stopped && outcome) return stopText(path, decision, outcome, layer ? askingAt(layer, asking) : asking);
      return outcome?.rule?.text ?? layerWords(layer?.kind ?? 'unknown').passes;
    };
    return {
      layer: layer?.kind ?? 'unknown',
      direction: decision.direction,
      component: doubt?.rule?.of ?? componentOf(path, decision, outcome),
      effect: decision.effect,
      rule: (doubt ?? outcome)?.rule?.id ?? null,
      text: text(),
    };
  });
}

/** What the client sees of a layer that stops it: its answer, if that comes back. */
function heard(way: Way, piece: Piece, { layer }: Decision, outcome: Outcome | undefined): Symptom {
  const symptom = symptomOf(outcome);
  const answer = outcome && reasonOf(outcome)?.answer;
  if (answer === undefined) return symptom;
  const effect = answerEffect(way, layer, answer, piece.from);
  return effect === 'passes' ? symptom : effect === 'stops' ? 'times-out' : 'cannot-tell';
}

/** What the client sees for a piece: what surely stops it first tells, where nothing before it may say otherwise. */
export function pieceSymptom(way: Way, piece: Piece): Symptom {
  if (piece.verdict === 'reachable') {
    return piece.decisions.map((decision) => signature(decision)?.rule?.sees).find((sees) => sees) ?? 'connects';
  }
  if (piece.verdict === 'unknown') return 'cannot-tell';
  const layers = layersOf(way);
  const seen = new Set<Symptom>();
  let stopped: string | undefined | false = false;
  for (const decision of asTimeGoes(way, piece)) {
    if (decision.effect === 'passes') continue;
    const { unordered } = layers[decision.layer] ?? {};
    // Behind what surely stops there is nothing, but what may as well stand before it.
    if (stopped !== false && (unordered === undefined || unordered !== stopped)) break;
    if (decision.effect === 'partly') seen.add(heard(way, piece, decision, signature(decision)));
    if (decision.effect !== 'depends') stopped = unordered;
    if (decision.effect === 'partly') continue;
    // Of several rules that may be the one that stops it, each may answer in its own way.
    for (const outcome of decision.shares.flatMap((share) => share.outcomes)) {
      if (stops(outcome)) seen.add(heard(way, piece, decision, outcome));
    }
  }
  const [only] = seen;
  return seen.size > 1 ? 'cannot-tell' : (only ?? 'times-out');
}

/** One answered piece, with its words. */
export function findingOf(path: Path, piece: Piece, asking: Asking, fixes: readonly Fix[] = []): Finding {
  return {
    from: piece.from.prefixes(),
    address: path.address,
    family: path.way.family,
    interface: path.interface?.id ?? null,
    path: path.way.kind,
    ...(path.way.port !== undefined && { port: path.way.port }),
    verdict: piece.verdict,
    symptom: pieceSymptom(path.way, piece),
    clientPortFraction: piece.clientPortFraction,
    causes: causesOn(path.way, piece, asking)(path),
    missing: missingOf(piece),
    steps: stepsOf(path, piece, asking),
    fixes,
  };
}
