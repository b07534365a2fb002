import { setTimeout as sleep } from 'node:timers/promises';
import { asFailure, type CallFailure } from './fetch-error.js';

/** How often and how long. Times in milliseconds. */
export interface RetryLimits {
  /** For one page: how often it is asked for in all. */
  readonly attempts: number;
  /** Before the second attempt, on the average; twice as long before each further one. */
  readonly backoff: number;
}

const LONGEST_BACKOFF = 20_000;
/** A quota of Azure Resource Manager is that of five minutes. */
const LONGEST_WAIT_ASKED_FOR = 300_000;

/** Repeats what fails only for the moment. @throws CallFailure of the last attempt, or the signal's reason */
export async function persist<T>(limits: RetryLimits, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const failure = asFailure(error);
      if (!failure.passing || failures >= limits.attempts) throw failure;
      await pause(pauseAfter(failures, failure, limits), signal);
    }
  }
}

function pauseAfter(failures: number, { wait }: CallFailure, limits: RetryLimits): number {
  const backoff = Math.min(limits.backoff * 2 ** (failures - 1), LONGEST_BACKOFF);
  return Math.max(backoff * (0.5 + Math.random()), Math.min(wait, LONGEST_WAIT_ASKED_FOR));
}

async function pause(time: number, signal: AbortSignal): Promise<void> {
  try {
    // Many calls wait at a time, and Node warns of more than ten listeners on one signal.
    await sleep(time, undefined, { signal: AbortSignal.any([signal]) });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
