import { describe } from '@jest/globals';

/** A first run builds the engine. */
export const BUILD_AND_START_MS = 25 * 60_000;

/** Like `describe`, for tests that need the engine; they fail where it is not, unless the user wants to do without. */
export function describeEngine(name: string, tests: () => void): void {
  if (process.env.PORT22_WITHOUT_ENGINE === '1') {
    process.stderr.write(`\nTHE ENGINE SUITE DID NOT RUN (${name}): PORT22_WITHOUT_ENGINE=1\n\n`);
    describe.skip(name, tests);
  } else {
    describe(name, tests);
  }
}
