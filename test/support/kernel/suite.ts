import { describe } from '@jest/globals';

/** A first run gathers a Debian tree of several hundred megabytes. */
export const GATHER_AND_START_MS = 20 * 60_000;

/** Like `describe`, for tests that need a kernel of their own; they fail where there is none, unless the user wants to do without. */
export function describeKernel(name: string, tests: () => void): void {
  if (process.env.PORT22_WITHOUT_KERNEL === '1') {
    process.stderr.write(`\nTHE KERNEL SUITE DID NOT RUN (${name}): PORT22_WITHOUT_KERNEL=1\n\n`);
    describe.skip(name, tests);
  } else {
    describe(name, tests);
  }
}
