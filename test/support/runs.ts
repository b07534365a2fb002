/** Every run tries the same inputs, so that what passed once passes again; a long search looks for others. */
const SEED = 22;

const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;

interface Runs {
  readonly numRuns: number;
  readonly seed?: number;
}

/**
 * How often a property is tried, and from which seed: `often`, from the same one each time. With PROPERTY_RUNS it is a long search:
 * that many times as often, from a seed that differs with each run and is printed where a property fails, or from PROPERTY_SEED.
 */
export function runs(often: number): Runs {
  const numRuns = Math.ceil(often * Number(PROPERTY_RUNS ?? 1));
  if (PROPERTY_SEED !== undefined) return { numRuns, seed: Number(PROPERTY_SEED) };
  return PROPERTY_RUNS === undefined ? { numRuns, seed: SEED } : { numRuns };
}
