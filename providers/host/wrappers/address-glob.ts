import { type Address, AddressSet } from '../../../src/set/index.js';

/** A pattern that falls into more runs of addresses than this is not spelled out. */
const mostRuns = 4096;

type Runs = readonly (readonly [first: number, last: number])[];

/** Which positions of the pattern can be reached from `positions` by reading `text`. `*` is any text, `?` any character. */
function read(pattern: string, positions: readonly number[], text: string): readonly number[] {
  let now = stars(pattern, positions);
  for (const character of text) {
    const next = new Set<number>();
    for (const at of now) {
      const wanted = pattern[at];
      if (wanted === '*') next.add(at);
      else if (wanted === '?' || wanted === character) next.add(at + 1);
    }
    now = stars(pattern, [...next]);
  }
  return now;
}

/** The positions, and those behind the stars that they stand at: a star may be nothing. */
function stars(pattern: string, positions: readonly number[]): readonly number[] {
  const reached = new Set<number>();
  for (const position of positions) {
    reached.add(position);
    for (let at = position; pattern[at] === '*'; at++) reached.add(at + 1);
  }
  return [...reached].sort((a, b) => a - b);
}

/** The runs of addresses whose remaining `octets` fit, relative to the first; undefined where they are too many. */
function runsFrom(
  pattern: string,
  positions: readonly number[],
  octets: number,
  seen: Map<string, Runs | undefined>,
): Runs | undefined {
  if (octets === 0) return positions.includes(pattern.length) ? [[0, 0]] : [];
  if (positions.length === 0) return [];
  const key = `${octets} ${positions.join(' ')}`;
  if (seen.has(key)) return seen.get(key);
  const size = 256 ** (octets - 1);
  const runs: [number, number][] = [];
  for (let octet = 0; octet < 256; octet++) {
    const rest = runsFrom(pattern, read(pattern, positions, octets === 1 ? `${octet}` : `${octet}.`), octets - 1, seen);
    if (rest === undefined || runs.length + rest.length > mostRuns) {
      seen.set(key, undefined);
      return undefined;
    }
    for (const [first, last] of rest) append(runs, octet * size + first, octet * size + last);
  }
  seen.set(key, runs);
  return runs;
}

function append(runs: [number, number][], first: number, last: number): void {
  const end = runs.at(-1);
  if (end && end[1] + 1 === first) end[1] = last;
  else runs.push([first, last]);
}

/**
 * The IPv4 addresses whose text, four decimal numbers, fits a pattern of `*` (any text, dots too) and `?` (one character);
 * undefined where they fall into too many runs to be told, or the pattern is longer than any that makes sense.
 */
export function ipv4Glob(pattern: string): AddressSet | undefined {
  const shortened = pattern.replace(/\*+/g, '*');
  if (/[^0-9.*?]/.test(shortened)) return AddressSet.empty;
  if (shortened.length > 64) return undefined;
  const runs = runsFrom(shortened, [0], 4, new Map());
  const at = (value: number): Address => ({ family: 4, value });
  return runs && AddressSet.unionOf(runs.map(([first, last]) => AddressSet.range(at(first), at(last))));
}
