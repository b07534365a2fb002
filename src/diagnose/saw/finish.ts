import type { Observation, Stage, Symptom } from '../../model/index.js';
import type { Attempt } from './attempt.js';
import type { Run } from './attempts.js';
import { greetingSymptoms } from './greetings.js';
import { either, type Told } from './wording.js';

/** What a run showed: one observation for each attempt. */
export function observationsOf(run: Run): readonly Observation[] {
  const attempts = withoutAbandoned(run.attempts);
  const timers = attempts.slice(0, -1).map(({ told }) => told.timer);
  return attempts.map((attempt, index) => {
    const isOnly = attempts.length === 1;
    // Node gives every address but the last of a name 250 ms; a list of errors without their stacks shows it by its order.
    const raced = run.told.raced === true && index < timers.length && attempt.told.symptoms?.[0] === 'times-out';
    return observationOf(attempt, run, { isOnly, ...(raced && { timer: run.told.timer ?? racedTimer }) });
  });
}

const racedTimer = 250;

/** Clients that try two addresses at once give the slower one up when the other connects. */
function withoutAbandoned(attempts: readonly Attempt[]): readonly Attempt[] {
  const connected = attempts.some(({ reached, told }) => reached !== undefined || told.stage === 'connected');
  return connected ? attempts.filter(({ isSettled, reached }) => isSettled || reached !== undefined) : attempts;
}

interface Place {
  readonly isOnly: boolean;
  readonly timer?: number;
}

function observationOf(attempt: Attempt, run: Run, { isOnly, timer }: Place): Observation {
  const told: Told = { ...ofRun(run.told, attempt), ...attempt.told, ...(timer !== undefined && { timer }) };
  const { stage, symptoms } = outcome(attempt, told, run, isOnly);
  const ofWhole = run.times.length > 0 ? run.times : run.lead;
  const times = attempt.times.length > 0 ? attempt.times : isOnly && told.elapsed === undefined ? ofWhole : [];
  const elapsed = times[0] ?? told.elapsed;
  const limit = told.timer ?? told.usualTimer;
  return {
    symptoms,
    stage,
    tool: told.tool ?? 'unknown',
    ...(told.os && { os: told.os }),
    ...(told.host !== undefined && { host: told.host }),
    ...(told.address !== undefined && { address: told.address }),
    ...(told.family !== undefined && { family: told.family }),
    ...(told.port !== undefined && { port: told.port }),
    ...(elapsed !== undefined && { elapsed }),
    ...(limit !== undefined && { timer: limit }),
    showsGreeting: told.showsGreeting ?? false,
    ...(told.greeting !== undefined && { greeting: told.greeting }),
    line: attempt.line,
    ...(told.through && { through: told.through }),
    ...(times.length > 1 && { repeats: times }),
    ...(told.answer && { answer: told.answer }),
  };
}

/** What the command line and the head of a client's output say of every attempt of the run. */
function ofRun(told: Told, { told: own }: Attempt): Told {
  const { through, host, address, family, port, timer, showsGreeting, os, tool, only } = told;
  const isEarly = own.stage === 'connecting' || own.stage === 'resolving';
  // A hop is another host than that of the command.
  const isSame =
    own.address !== undefined && address !== undefined
      ? own.address === address
      : own.host === undefined || host === undefined || own.host === host;
  return {
    ...(tool && { tool }),
    ...(os && { os }),
    ...(only && { only }),
    ...(timer !== undefined && { timer }),
    ...(showsGreeting !== undefined && { showsGreeting }),
    ...(isSame && host !== undefined && { host }),
    ...(isSame && port !== undefined && { port }),
    ...(isSame && own.address === undefined && address !== undefined && { address, ...(family && { family }) }),
    ...(through && isEarly && own.dialled === undefined && { through }),
  };
}

interface Outcome {
  readonly stage: Stage;
  readonly symptoms: readonly Symptom[];
}

function outcome(attempt: Attempt, told: Told, run: Run, isOnly: boolean): Outcome {
  const ssh = told.tool === 'openssh';
  if (told.greeting !== undefined) {
    const text = greetingSymptoms(told.greeting);
    if (text !== undefined) return { stage: 'greeted', symptoms: text };
    // A client that speaks no SSH tells nothing more of a server that does.
    if (told.tool !== 'openssh' && told.tool !== 'putty') return { stage: 'greeted', symptoms: either.onceGreeted };
  }
  if (!attempt.isSettled) return standing(attempt.reached ?? 'connecting', told, ssh);
  if (told.isLastLine && attempt.reached === undefined) return lastLine(run);
  // Which half came tells of who waits; what ends the exchange ends it in either.
  const stage = told.stage === 'key-reply' ? 'key-exchange' : (told.stage ?? 'connecting');
  const all = told.symptoms ?? ['cannot-tell'];
  const left = isOnly && told.only !== undefined ? all.filter((symptom) => told.only?.includes(symptom)) : all;
  return { stage, symptoms: widened(left.length > 0 ? left : all, stage, attempt, told) };
}

/**
 * "Connection closed by ADDRESS port PORT" alone: with the command before it nothing is missing, so the server had sent a greeting. Without,
 * the line that says that it had not may be lost.
 */
function lastLine({ isFromCommand }: Run): Outcome {
  if (isFromCommand) return { stage: 'key-exchange', symptoms: [...either.closed, 'auth-failed'] };
  return { stage: 'connected', symptoms: [...either.closed, 'banner-text', 'not-ssh', 'auth-failed'] };
}

/** The client is at work still, or was stopped: what it waits for is what fails. */
function standing(reached: Stage, told: Told, ssh: boolean): Outcome {
  switch (reached) {
    case 'resolving':
      return { stage: reached, symptoms: ['cannot-tell'] };
    case 'connecting':
      return { stage: reached, symptoms: ['times-out'] };
    case 'connected':
      if (!ssh) return { stage: reached, symptoms: either.onceConnected };
      return { stage: reached, symptoms: told.showsGreeting ? ['silent'] : ['silent', 'not-ssh'] };
    case 'greeted':
    case 'key-exchange':
    case 'key-reply':
      return { stage: reached, symptoms: ssh ? ['kex-hang'] : either.onceGreeted };
    case 'login':
      return { stage: reached, symptoms: ['cannot-tell'] };
  }
}

/**
 * What the client hides. Without -v ssh shows no line that is not SSH, so a server that sends "Exceeded MaxStartups" or HTTP and closes reads
 * as one that closes, and one that sends such a line and waits reads as a silent one (measured). After the greeting, a close may
 * be the server's answer to the user; -v shows how far it was.
 */
function widened(symptoms: readonly Symptom[], stage: Stage, attempt: Attempt, told: Told): readonly Symptom[] {
  // Whoever has the greeting and waits on, waits for the key exchange.
  const isGreeted = stage === 'greeted' || stage === 'key-exchange';
  const more = new Set(symptoms.map((symptom) => (symptom === 'silent' && isGreeted ? 'kex-hang' : symptom)));
  if (stage === 'connected' && !told.showsGreeting) {
    if (more.has('closed') && more.size < either.onceConnected.length) more.add('banner-text').add('not-ssh');
    if (more.has('silent')) more.add('not-ssh');
  }
  // Where lines of progress showed how far it was, one of the two is left.
  if (attempt.reached !== undefined && more.has('silent') && more.has('kex-hang')) {
    more.delete(attempt.reached === 'connected' ? 'kex-hang' : 'silent');
  }
  const isCut = symptoms.every((symptom) => symptom === 'closed' || symptom === 'reset');
  if (isCut && (stage === 'login' || (stage === 'key-exchange' && attempt.reached === undefined)))
    more.add('auth-failed');
  return [...more];
}
