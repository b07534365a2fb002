import type { Problem, Report } from '../model/index.js';

/** The answer to a question: a report where there is one, what was wrong with the input, and the exit code of the contract. */
export interface Answer {
  readonly report: Report | null;
  readonly problems: readonly Problem[];
  /** 0 yes · 1 no · 2 no answer · 3 neither plain yes nor plain no. */
  readonly exitCode: 0 | 1 | 2 | 3;
}

export function problem(
  what: string,
  where: string,
  why: string,
  fix: string,
  severity: Problem['severity'] = 'error',
): Problem {
  return { severity, what, where, why, fix };
}

/** No answer, and why. */
export function refusal(...problems: Problem[]): Answer {
  return { report: null, problems, exitCode: 2 };
}

/** What is wrong with a port, if anything is. */
export function wrongPort(port: number): Problem | undefined {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return undefined;
  const why = 'ports are whole numbers from 1 to 65535';
  return problem(`${port} is not a TCP port`, '--port', why, 'leave it out for 22');
}
