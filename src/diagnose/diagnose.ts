import {
  type AttemptEvidence,
  type CauseCode,
  firstLook,
  type KnownCause,
  knownCauses,
  type Look,
  type Mismatch,
  type Observation,
  type Sign,
  type Stillness,
  type Symptom,
  type Verdict,
} from '../model/index.js';
import { type AddressSet, parseAddress } from '../set/index.js';
import { mismatchOf, nearest } from './mismatch.js';
import { motionsOf } from './motions.js';

/** What records and a bundle say must happen to the client, as the walk through them found it. */
export interface Expectation {
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  /** False where the walk ends before the machine: what that does with the client is not in the evidence. */
  readonly seesMachine: boolean;
  /** The causes that the walk signs for: those of this catalogue, a cloud's own as `path/cloud-filter`. */
  readonly signs: readonly Sign[];
}

export interface DiagnosisEvidence {
  /** Who tried; undefined where that is not told. */
  readonly client?: AddressSet;
  readonly signs: readonly Sign[];
  /** What moved on the machine around the attempt; nothing where nobody counted. */
  readonly attempt?: AttemptEvidence;
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
    | { readonly kind: 'sign'; readonly sign: Sign }
    /** It would have moved what stood still. It may be so all the same, and be met by the next attempt. */
    | { readonly kind: 'still'; readonly still: Stillness };
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

/** The looks of a cause that may be what was seen, or why there are none. */
function fitting(cause: KnownCause, observation: Observation): readonly Look[] | Mismatch {
  if (observation.through && cause.place === 'client') return { kind: 'hop' };
  const greeting = observation.greeting ?? '';
  const isSpecific = knownCauses.some(({ looks }) => looks.some((look) => look.greeting?.test(greeting)));
  const mismatches: Mismatch[] = [];
  const fit = cause.looks.filter((look) => {
    const mismatch = mismatchOf(look, observation, isSpecific);
    if (mismatch) mismatches.push(mismatch);
    return !mismatch;
  });
  return (fit.length > 0 ? answeredBy(cause, observation) : nearest(mismatches)) ?? fit;
}

/** What stood still and would have moved, however the cause showed itself. */
function unmoved(cause: KnownCause, looks: readonly Look[], { attempt }: DiagnosisEvidence): Stillness | undefined {
  const each = looks.map((look) => {
    const wanted = motionsOf(cause, look);
    return attempt?.still.find(({ motion }) => wanted.includes(motion));
  });
  return each.every((one) => one !== undefined) ? each[0] : undefined;
}

/**
 * What speaks for the causes that are not on the machine, all alike: nothing came to it, or nothing to its listener although all that
 * is known of it lets the client through.
 */
function notArrived({ attempt, expectation }: DiagnosisEvidence): Stillness | undefined {
  const isOpen = expectation?.verdict === 'reachable';
  return attempt?.still.find(
    ({ motion }) => motion === 'packets' || (isOpen && (motion === 'segments' || motion === 'answers')),
  );
}

const order: readonly Standing[] = ['proved', 'likely', 'possible'];

const speaks = ({ says }: Sign) => says === 'proves' || says === 'suggests';

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
  const { verdict, symptom, signs, seesMachine } = expectation;
  const reached = stage !== 'connecting' && stage !== 'resolving';
  // What never left the client meets nothing of the records.
  if (symptoms.every((one) => ['dns-failed', 'invalid-argument', 'no-client-port'].includes(one))) return [];
  if (verdict === 'reachable') return reached || !seesMachine ? [] : [{ kind: 'open', expected: symptom, signs: [] }];
  if (symptom === 'cannot-tell' || symptoms.includes(symptom)) return [];
  // A client that gives up early, or prints less, sees another thing of the same cause.
  if (signs.some(({ says, code }) => says === 'proves' && code !== 'path/cloud-filter' && remains(code))) return [];
  return [{ kind: 'answered', expected: symptom, signs }];
}

interface Judged {
  readonly fate: Candidate | Excluded;
  /** What proves it, where it is proved and would have looked otherwise. */
  readonly unseen: readonly Sign[];
  /** It was not so at the moment of the bundle, and nothing speaks for it. */
  readonly isDoubted: boolean;
}

function judged(
  cause: KnownCause,
  own: readonly Sign[],
  observation: Observation,
  evidence: DiagnosisEvidence,
): Judged {
  const moved = evidence.attempt?.moved.filter((sign) => sign.code === cause.code) ?? [];
  const ofState = own.filter(speaks);
  const speaking = [...ofState, ...moved];
  const against = own.find(({ says }) => says === 'excludes');
  const without = (because: Excluded['because'], unseen: readonly Sign[] = []): Judged => ({
    fate: { cause, because },
    unseen,
    isDoubted: false,
  });
  const fit = fitting(cause, observation);
  if ('kind' in fit) {
    const isProved = standingOf(ofState, evidence.client) === 'proved';
    return without({ kind: 'look', mismatch: fit }, isProved ? ofState : []);
  }
  const still = unmoved(cause, fit, evidence);
  if (still) return without({ kind: 'still', still });
  // What moved may be of others; what is known of the machine is not.
  if (against && ofState.length === 0 && moved.every(({ says }) => says !== 'proves'))
    return without({ kind: 'sign', sign: against });
  const absent = cause.place === 'path' || cause.place === 'client' ? notArrived(evidence) : undefined;
  const away: Sign[] = absent ? [{ code: cause.code, says: 'suggests', at: absent.at, line: absent.line }] : [];
  const signs = [...speaking, ...away];
  const isDoubted = signs.length === 0 && own.some(({ says }) => says === 'doubts');
  return { fate: { cause, standing: standingOf(signs, evidence.client), signs }, unseen: [], isDoubted };
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
  const all = knownCauses.map((cause) => judged(cause, byCode.get(cause.code) ?? [], observation, evidence));
  const excluded = all.flatMap(({ fate }) => ('because' in fate ? [fate] : []));
  const rank = ranking([...signs, ...(evidence.attempt?.moved ?? [])]);
  const ranked = (wanted: boolean) =>
    all.flatMap(({ fate, isDoubted }) => ('because' in fate || isDoubted !== wanted ? [] : [fate])).sort(rank);
  const candidates = [...ranked(false), ...ranked(true)];
  return {
    observation,
    candidates,
    excluded,
    contradictions: contradictionsOf(all, candidates, observation, evidence),
  };
}

function contradictionsOf(
  all: readonly Judged[],
  candidates: readonly Candidate[],
  observation: Observation,
  evidence: DiagnosisEvidence,
): readonly Contradiction[] {
  const [first] = candidates;
  const tellsOfWay = evidence.expectation?.signs.some(({ code }) => code === 'path/cloud-filter') === true;
  // What did not come to the machine contradicts nothing that the machine tells of itself.
  if (notArrived(evidence) && !tellsOfWay) return [];
  // What the attempt itself moved settles what is known of the machine otherwise.
  const isMet = evidence.attempt?.moved.some(({ code, says }) => says === 'proves' && code === first?.cause.code);
  if (isMet) return [];
  const remains = (code: CauseCode) => candidates.some(({ cause }) => cause.code === code);
  const open = openContradiction(evidence, observation, remains);
  const unseen = all.flatMap((one) => one.unseen);
  // What stops a packet later is hidden by what stops it before; only if nothing proved explains it there is something wrong.
  if (open.length > 0 || unseen.length === 0 || first?.standing === 'proved') return open;
  const would = unseen[0] && firstLook(unseen[0].code)?.symptom;
  return [{ kind: 'proved', expected: would ?? 'cannot-tell', signs: unseen }];
}
