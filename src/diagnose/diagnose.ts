import type { CauseCode, Mismatch, Observation, Sign, Symptom, Verdict } from '../model/index.js';
import { type AddressSet, parseAddress } from '../set/index.js';
import { knownCauses } from './causes/index.js';
import type { KnownCause } from './known-cause.js';
import { mismatchOf, nearest } from './mismatch.js';

/** What records and a bundle say must happen to the client, as the walk through them found it. */
export interface Expectation {
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  /** The causes that the walk signs for: those of this catalogue, a cloud's own as `path/cloud-filter`. */
  readonly signs: readonly Sign[];
}

export interface DiagnosisEvidence {
  /** Who tried; undefined where that is not told. */
  readonly client?: AddressSet;
  readonly signs: readonly Sign[];
  readonly expectation?: Expectation;
}

/** How sure a cause is: the evidence shows it, the evidence hints at it, or nothing speaks against it. */
export type Standing = 'proved' | 'likely' | 'possible';

export interface Candidate {
  readonly cause: KnownCause;
  readonly standing: Standing;
  readonly signs: readonly Sign[];
}

export interface Excluded {
  readonly cause: KnownCause;
  readonly because:
    | { readonly kind: 'look'; readonly mismatch: Mismatch }
    | { readonly kind: 'sign'; readonly sign: Sign };
}

/**
 * What the evidence says and what was seen cannot both be so.
 * - `answered`: the records let nothing through, and yet something answered, or answered otherwise;
 * - `open`: the records let it through, and yet it did not open;
 * - `proved`: a cause is proved that would have looked otherwise.
 */
export interface Contradiction {
  readonly kind: 'answered' | 'open' | 'proved';
  readonly expected: Symptom;
  readonly signs: readonly Sign[];
}

/** What remains of all causes for one observation. */
export interface Diagnosis {
  readonly observation: Observation;
  /** Ranked: the first is to be looked at first. */
  readonly candidates: readonly Candidate[];
  readonly excluded: readonly Excluded[];
  readonly contradictions: readonly Contradiction[];
}

/** A sign that is about the client, or about everybody. */
function concerns({ from }: Sign, client: AddressSet | undefined): 'yes' | 'no' | 'perhaps' {
  if (!from) return 'yes';
  if (!client) return 'perhaps';
  if (from.covers(client)) return 'yes';
  return from.overlaps(client) ? 'perhaps' : 'no';
}

function standingOf(signs: readonly Sign[], client: AddressSet | undefined): Standing {
  if (signs.some((sign) => sign.says === 'proves' && concerns(sign, client) === 'yes')) return 'proved';
  return signs.length > 0 ? 'likely' : 'possible';
}

/** Whose answer it was, where the client could tell: the machine's own, or that of something on the way. */
function answeredBy({ place, code }: KnownCause, { answer, address }: Observation): Mismatch | undefined {
  if (!answer?.from || !address) return undefined;
  const [from, dialled] = [parseAddress(answer.from), parseAddress(address)];
  if (!from || !dialled) return undefined;
  const isMachine = from.family === dialled.family && from.value === dialled.value;
  const isOnMachine = place === 'firewall' || place === 'listener' || place === 'daemon';
  const isElsewhere = code === 'path/router-rejects' || code === 'path/router-route';
  return (isMachine && isElsewhere) || (!isMachine && isOnMachine)
    ? { kind: 'answered-by', address: answer.from }
    : undefined;
}

function whyNot(cause: KnownCause, observation: Observation): Mismatch | undefined {
  if (observation.through && cause.place === 'client') return { kind: 'hop' };
  const greeting = observation.greeting ?? '';
  const isSpecific = knownCauses.some(({ looks }) => looks.some((look) => look.greeting?.test(greeting)));
  const mismatches: Mismatch[] = [];
  for (const look of cause.looks) {
    const mismatch = mismatchOf(look, observation, isSpecific);
    if (!mismatch) return answeredBy(cause, observation);
    mismatches.push(mismatch);
  }
  return nearest(mismatches);
}

const order: readonly Standing[] = ['proved', 'likely', 'possible'];

/** What is proved stands in the order of its evidence: what a packet meets first stops it first. */
function ranking(signs: readonly Sign[]): (a: Candidate, b: Candidate) => number {
  const proof = (code: CauseCode) => signs.findIndex((sign) => sign.code === code && sign.says === 'proves');
  // What leads to a proved cause is told right before it, where anything speaks for it, and what leads to that before both.
  const ends = ({ code, leadsTo }: KnownCause): { readonly at: number; readonly steps: number } | undefined => {
    const further = knownCauses.filter((cause) => leadsTo?.includes(cause.code)).flatMap((next) => ends(next) ?? []);
    const [first] = further.sort((a, b) => a.at - b.at || b.steps - a.steps);
    if (first) return { at: first.at, steps: first.steps + 1 };
    return proof(code) < 0 ? undefined : { at: proof(code), steps: 0 };
  };
  const place = ({ cause, standing, signs: own }: Candidate): number => {
    const end = own.length > 0 ? ends(cause) : undefined;
    const isTold = end !== undefined && (end.steps > 0 || standing === 'proved');
    return isTold ? end.at - end.steps / 10 : signs.length + order.indexOf(standing);
  };
  const depth = ({ standing }: Candidate) => order.indexOf(standing);
  return (a, b) => place(a) - place(b) || depth(a) - depth(b) || b.cause.common - a.cause.common;
}

function openContradiction(
  { expectation }: DiagnosisEvidence,
  { symptoms, stage }: Observation,
  remains: (code: CauseCode) => boolean,
): Contradiction[] {
  if (!expectation || expectation.verdict === 'unknown' || expectation.verdict === 'partial') return [];
  const { verdict, symptom, signs } = expectation;
  const reached = stage !== 'connecting' && stage !== 'resolving';
  // What never left the client meets nothing of the records.
  if (symptoms.every((one) => ['dns-failed', 'invalid-argument', 'no-client-port'].includes(one))) return [];
  if (verdict === 'reachable') return reached ? [] : [{ kind: 'open', expected: symptom, signs: [] }];
  if (symptom === 'cannot-tell' || symptoms.includes(symptom)) return [];
  // A client that gives up early, or prints less, sees another thing of the same cause.
  if (signs.some(({ says, code }) => says === 'proves' && code !== 'path/cloud-filter' && remains(code))) return [];
  return [{ kind: 'answered', expected: symptom, signs }];
}

/**
 * Works back from what a client saw to its causes: every known cause either may have looked like that and is not ruled out by
 * evidence, or is excluded with the reason.
 */
export function diagnose(observation: Observation, evidence: DiagnosisEvidence): Diagnosis {
  const signs = [...(evidence.expectation?.signs ?? []), ...evidence.signs].filter(
    (sign) => concerns(sign, evidence.client) !== 'no',
  );
  const byCode = new Map<CauseCode, Sign[]>();
  for (const sign of signs) byCode.set(sign.code, [...(byCode.get(sign.code) ?? []), sign]);
  const candidates: Candidate[] = [];
  const excluded: Excluded[] = [];
  const unseen: Sign[] = [];
  for (const cause of knownCauses) {
    const own = byCode.get(cause.code) ?? [];
    const speaking = own.filter(({ says }) => says !== 'excludes');
    const against = own.find(({ says }) => says === 'excludes');
    const mismatch = whyNot(cause, observation);
    if (mismatch) {
      excluded.push({ cause, because: { kind: 'look', mismatch } });
      if (standingOf(speaking, evidence.client) === 'proved') unseen.push(...speaking);
    } else if (against && speaking.length === 0) excluded.push({ cause, because: { kind: 'sign', sign: against } });
    else candidates.push({ cause, standing: standingOf(speaking, evidence.client), signs: speaking });
  }
  candidates.sort(ranking(signs));
  const remains = (code: CauseCode) => candidates.some(({ cause }) => cause.code === code);
  const contradictions = openContradiction(evidence, observation, remains);
  // What stops a packet later is hidden by what stops it before; only if nothing proved explains it there is something wrong.
  if (contradictions.length === 0 && unseen.length > 0 && candidates[0]?.standing !== 'proved') {
    const would = knownCauses.find(({ code }) => code === unseen[0]?.code)?.looks[0]?.symptom ?? 'cannot-tell';
    contradictions.push({ kind: 'proved', expected: would, signs: unseen });
  }
  return { observation, candidates, excluded, contradictions };
}
