import { type Stage, stages } from '../../model/index.js';
import { between, type Stamp } from './stamp.js';
import type { Told, Wording } from './wording.js';

/** One attempt at one address, as far as the lines up to now tell of it. */
export interface Attempt {
  told: Told;
  /** The line that told its end; the last that told of it while there is none. */
  line: string;
  lineNumber: number;
  /** How far lines of progress showed it; undefined where there was none. */
  reached?: Stage;
  isSettled: boolean;
  /** The client may say its end again. */
  isPart: boolean;
  isProvisional: boolean;
  by?: Wording;
  start?: Stamp;
  times: readonly number[];
}

/** A line that was read. */
export interface Source {
  readonly text: string;
  readonly number: number;
  readonly stamp: Stamp | undefined;
}

/** Whether a line may be about the attempt: no address, family or name in it is another one. */
export function fits({ told }: Attempt, line: Told): boolean {
  if (line.address !== undefined && told.address !== undefined) return line.address === told.address;
  if (line.family !== undefined && told.family !== undefined && line.address === undefined)
    return line.family === told.family;
  if (line.host !== undefined && told.host !== undefined && line.address === undefined)
    return line.host === told.host || line.host === told.address;
  return true;
}

/** The line tells the end of the attempt. */
export function settle(attempt: Attempt, wording: Wording, told: Told, source: Source): void {
  const { reached } = attempt;
  const stage = told.stage ?? 'connecting';
  // What progress showed is known; a line of an end names the earliest stage at which it is said.
  const isCut =
    told.symptoms?.every((symptom) => symptom === 'closed' || symptom === 'reset' || symptom === 'silent') === true;
  const known =
    reached !== undefined && !isBefore(reached, 'connected') && (isCut || isBefore(stage, reached)) ? reached : stage;
  const elapsed = attempt.lineNumber < source.number ? between(attempt.start, source.stamp) : undefined;
  attempt.told = {
    ...attempt.told,
    ...told,
    ...kept(attempt.told),
    stage: known,
    ...(elapsed !== undefined && { elapsed }),
  };
  attempt.isSettled = true;
  attempt.by = wording;
  attempt.line = source.text;
  attempt.lineNumber = source.number;
}

/** What a later line does not know better. */
function kept({ host, greeting, showsGreeting }: Told): Told {
  return {
    ...(host !== undefined && { host }),
    ...(greeting !== undefined && { greeting }),
    ...(showsGreeting && { showsGreeting }),
  };
}

/** The attempt whose end was told last. */
export function latest(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.reduce<Attempt | undefined>(
    (a, b) => (a === undefined || b.lineNumber >= a.lineNumber ? b : a),
    undefined,
  );
}

/** Whether it ended otherwise than in a login. */
export function isFailed({ isSettled, told }: Attempt): boolean {
  return isSettled && told.symptoms?.includes('connects') !== true;
}

/** Whether stage `a` comes before `b`. */
export function isBefore(a: Stage, b: Stage): boolean {
  return stages.indexOf(a) < stages.indexOf(b);
}
