import { setTimeout as pause } from 'node:timers/promises';

/**
 * Connections that were opened are not free: OpenSSH 9.8 and newer charges a client that leaves without logging in, and fail2ban
 * in its aggressive mode counts it. So a run opens at most three, a second apart.
 */
const mostConnections = 3;
const apart = 1000;

/** What one run may still do to a target. */
export interface Budget {
  /** Waits until another connection may be opened; answers false when none may. */
  readonly turn: () => Promise<boolean>;
  /** Counts a connection that was opened. `at` is when, by `performance.now()`. */
  readonly spend: (at: number) => void;
}

export function connectionBudget(): Budget {
  let spent = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    turn: async () => {
      if (spent >= mostConnections) return false;
      // A timer may come a millisecond early.
      for (let left = last + apart - performance.now(); left > 0; left = last + apart - performance.now())
        await pause(Math.ceil(left));
      return true;
    },
    spend: (at) => {
      spent++;
      last = Math.max(last, at);
    },
  };
}
