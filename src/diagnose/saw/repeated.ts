import type { Observation } from '../../model/index.js';

/** Attempts in a row that ended alike are one: with the times of each, where they are told. */
export function repeated(observations: readonly Observation[]): readonly Observation[] {
  const groups: { readonly first: Observation; readonly key: string; readonly times: number[] }[] = [];
  for (const observation of observations) {
    const key = keyOf(observation);
    const last = groups.at(-1);
    const times = observation.repeats ?? (observation.elapsed === undefined ? [] : [observation.elapsed]);
    if (last?.key === key) last.times.push(...times);
    else groups.push({ first: observation, key, times: [...times] });
  }
  return groups.map(({ first, times }) => {
    const [elapsed] = times;
    if (elapsed === undefined) return first;
    return { ...first, elapsed, ...(times.length > 1 && { repeats: times }) };
  });
}

/** All but the text and the times. */
function keyOf({ line: _line, elapsed: _elapsed, repeats: _repeats, ...rest }: Observation): string {
  return JSON.stringify(rest);
}
