/** How often a property is tried: `often`, or PROPERTY_RUNS times as often for a long search. */
export function runs(often: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(often * Number(process.env.PROPERTY_RUNS ?? 1)) };
}
