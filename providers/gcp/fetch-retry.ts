import { setTimeout as sleep } from 'node:timers/promises';
import { asFailure, type CallFailure } from './fetch-error.js';

/** How often and how long. Times in milliseconds. */
export interface RetryLimits {
  /** For one page: how often it is asked for in all. */
  readonly attempts: number;
  /** Before the second attempt, on the average; twice as long before each further one. */
  readonly backoff: number;
  /** How often a page is asked for that finds a quota used up. */
  readonly quotaAttempts: number;
  /** Quotas refill when a multiple of this comes. */
  readonly quotaPeriod: number;
}

const LONGEST_BACKOFF = 20_000;
const LONGEST_WAIT_ASKED_FOR = 60_000;

/** Repeats what fails only for the moment. A quota that is used up halts every call of the run, for they share it. */
export class Patience {
  private readonly limits: RetryLimits;
  private readonly signal: AbortSignal;
  private haltedUntil = 0;

  constructor(limits: RetryLimits, signal: AbortSignal) {
    this.limits = limits;
    this.signal = signal;
  }

  /** @throws CallFailure of the last attempt, or the signal's reason */
  async persist<T>(attempt: () => Promise<T>): Promise<T> {
    let failures = 0;
    let refusals = 0;
    for (;;) {
      await this.waitUntil(this.haltedUntil);
      try {
        return await attempt();
      } catch (error) {
        this.signal.throwIfAborted();
        const failure = asFailure(error);
        if (failure.retry === 'never') throw failure;
        if (failure.retry === 'soon') {
          failures += 1;
          if (failures >= this.limits.attempts) throw failure;
          await this.waitUntil(Date.now() + this.pauseAfter(failures, failure));
        } else {
          refusals += 1;
          if (refusals >= this.limits.quotaAttempts) throw failure;
          this.haltedUntil = Math.max(this.haltedUntil, this.nextQuota());
        }
      }
    }
  }

  private pauseAfter(failures: number, { wait }: CallFailure): number {
    const backoff = Math.min(this.limits.backoff * 2 ** (failures - 1), LONGEST_BACKOFF);
    return Math.max(backoff * (0.5 + Math.random()), Math.min(wait, LONGEST_WAIT_ASKED_FOR));
  }

  /** Not all programs that share a quota should start in the same moment. */
  private nextQuota(): number {
    const { quotaPeriod } = this.limits;
    return (Math.floor(Date.now() / quotaPeriod) + 1 + Math.random() / 10) * quotaPeriod;
  }

  private async waitUntil(moment: number): Promise<void> {
    const left = moment - Date.now();
    if (left <= 0) return;
    try {
      // Many calls wait at a time, and Node warns of more than ten listeners on one signal.
      await sleep(left, undefined, { signal: AbortSignal.any([this.signal]) });
    } catch (error) {
      this.signal.throwIfAborted();
      throw error;
    }
  }
}
