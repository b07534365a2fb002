import { type Look, type Mismatch, type Observation, type Symptom, stages } from '../model/index.js';

/** How near a mismatch is to a fit: the nearest one of several looks is the one to tell. */
const nearness: readonly Mismatch['kind'][] = [
  'symptom',
  'stage',
  'family',
  'greeting',
  'too-soon',
  'too-late',
  'answer',
  'answered-by',
  'hop',
];

export function nearest(mismatches: readonly Mismatch[]): Mismatch | undefined {
  return [...mismatches].sort((a, b) => nearness.indexOf(b.kind) - nearness.indexOf(a.kind))[0];
}

const isLater = (stage: Observation['stage'], than: Observation['stage']) =>
  stages.indexOf(stage) >= stages.indexOf(than);

/**
 * Linux answers six times at once and then holds its ICMP messages back for a second (net.ipv4.icmp_ratelimit, measured); resets are
 * never held back.
 */
const heldBack = 900;
const burst = 7;

/** What a refusal was answered with, where the client could tell, or its attempts do. */
function answerOf({ answer, repeats }: Observation): 'rst' | 'icmp' | undefined {
  if (answer) return answer.kind;
  if (!repeats || repeats.length < burst) return undefined;
  const isSlow = (time: number) => time >= heldBack;
  if (repeats.slice(0, burst - 1).every((time) => !isSlow(time)) && repeats.slice(burst - 1).some(isSlow))
    return 'icmp';
  return repeats.length > burst && !repeats.some(isSlow) ? 'rst' : undefined;
}

/** Milliseconds that an attempt took; of several the shortest, which nothing has held back. */
function elapsedOf({ elapsed, repeats }: Observation): number | undefined {
  return repeats && repeats.length > 0 ? Math.min(...repeats) : elapsed;
}

/** FIN or RST after the handshake is a race of the two ends, not two causes (measured: 22 and 18 of 40). */
const alike = (symptom: Symptom): Symptom => (symptom === 'reset' ? 'closed' : symptom);

/** How long the client watched: its own timer, or all that it tells. */
function watched(observation: Observation): number | undefined {
  return observation.timer ?? (observation.symptoms.includes('silent') ? observation.elapsed : undefined);
}

/** What a client of this kind makes of a look: it may not print greetings, or give up before anything happens. */
function shownBy(look: Look, observation: Observation): Look[] {
  const isGreeting = look.symptom === 'banner-text' || look.symptom === 'not-ssh';
  const { after } = look;
  const shown: Look[] = [];
  if (isGreeting && !observation.showsGreeting) {
    const wordless = { stage: 'connected' as const, ...(after && { after }) };
    shown.push({ ...wordless, symptom: look.waits ? 'silent' : 'closed' });
  } else shown.push(look);
  const limit = watched(observation);
  // Who gave up before it could happen, or does not tell when, saw only that nothing happened.
  if (after && after[0] > 0 && (limit === undefined || limit < after[1])) {
    if (look.stage === 'connected') shown.push({ symptom: 'silent', stage: 'connected' });
    else if (look.stage === 'connecting' && limit !== undefined)
      shown.push({ symptom: 'times-out', stage: 'connecting' });
  }
  // Not measured there: macOS and the BSDs take some of these messages for passing trouble, others for refusals.
  if (look.answer === 'icmp' && (observation.os === 'macos' || observation.os === 'windows')) {
    const { answer: _, after: __, ...rest } = look;
    shown.push({ ...rest, symptom: 'times-out' }, { ...rest, symptom: 'refused' });
  }
  return shown;
}

function symptomMismatch(look: Look, observation: Observation): Mismatch | undefined {
  const { symptoms, stage } = observation;
  // Whoever only opens a connection sees it open, whatever comes after; and by luck even where it is reset at once.
  if (symptoms.includes('connects') && stage === 'connected' && !observation.greeting) {
    const isOpen = isLater(look.stage, 'connected') || look.symptom === 'reset';
    return isOpen ? undefined : { kind: 'symptom', would: look.symptom };
  }
  const isOpen = isLater(look.stage, 'connected') && isLater(stage, 'connected');
  const wanted = isOpen ? alike(look.symptom) : look.symptom;
  if (!symptoms.some((symptom) => (isOpen ? alike(symptom) : symptom) === wanted)) {
    return { kind: 'symptom', would: look.symptom };
  }
  // Whose key was refused during the key exchange is the machine's; no user was asked for one yet.
  const isHostKey = stage === 'key-exchange' && look.stage === 'login';
  if (look.stage === stage || (look.symptom === 'auth-failed' && !isHostKey)) return undefined;
  return { kind: 'stage', would: look.symptom, stage: look.stage };
}

function timeMismatch({ after, answer }: Look, observation: Observation): Mismatch | undefined {
  const elapsed = elapsedOf(observation);
  if (!after || elapsed === undefined) return undefined;
  const [least, most] = after;
  if (elapsed < least) return { kind: 'too-soon', least, most };
  // A message that was held back comes late.
  const isHeldBack = answer === 'icmp' && answerOf(observation) === 'icmp';
  return elapsed > most && !isHeldBack ? { kind: 'too-late', least, most } : undefined;
}

function mismatchOfShown(look: Look, observation: Observation, isSpecific: boolean): Mismatch | undefined {
  const wrong = symptomMismatch(look, observation);
  if (wrong) return wrong;
  if (look.family && observation.family && look.family !== observation.family)
    return { kind: 'family', only: look.family };
  const { greeting } = observation;
  if (greeting !== undefined && (look.symptom === 'banner-text' || look.symptom === 'not-ssh')) {
    if (look.greeting ? !look.greeting.test(greeting) : isSpecific) return { kind: 'greeting' };
  }
  const late = timeMismatch(look, observation);
  if (late) return late;
  const answer = answerOf(observation);
  return look.answer && answer && look.answer !== answer ? { kind: 'answer', would: look.answer } : undefined;
}

/**
 * Whether what was observed may have been this look: undefined where it may, else why not. `isSpecific` tells that the greeting
 * is one that only its own causes have.
 */
export function mismatchOf(look: Look, observation: Observation, isSpecific: boolean): Mismatch | undefined {
  const mismatches: Mismatch[] = [];
  for (const shown of shownBy(look, observation)) {
    const mismatch = mismatchOfShown(shown, observation, isSpecific);
    if (!mismatch) return undefined;
    mismatches.push(mismatch);
  }
  return nearest(mismatches);
}
