/** What may stand in one place: the ids of what it refers to. None where it refers to nothing that this deployment holds. */
export type Held = readonly string[];

/** Why it is not sure what stands in a place. */
export type Doubt =
  /** Several resources may be meant, and nothing tells which. */
  | 'ambiguous'
  /** A part that does not say of what: it may be a part of any. */
  | 'orphan'
  /** Two parts of one thing exclude each other. */
  | 'conflict'
  /** It was there at the last look, and nobody says whether it stays. */
  | 'observed';

/** Places of which it is not sure what they hold, and the ways in which they may be filled together. */
export interface Choice {
  readonly key: string;
  readonly urn: string;
  readonly doubt: Doubt;
  /** Property paths of the resource: `networkInterfaces[0].networkInterfaceId`. */
  readonly places: readonly string[];
  /** Each tells for every place what it holds. */
  readonly options: readonly (readonly Held[])[];
  /** The options that take no more than what the program declares. */
  readonly isDeclared: (option: number) => boolean;
  /** There are more ways than anybody can try. */
  readonly isOver?: true;
}

/** More options of one choice than this are not written down. */
const MOST_OPTIONS = 4096;

/** Every way to give each place one of the candidates, so that `isWanted` of the whole; up to one more than the limit. */
function assignments(
  places: number,
  candidates: readonly string[],
  isWanted: (used: ReadonlySet<string>) => boolean,
): readonly (readonly Held[])[] {
  const found: (readonly Held[])[] = [];
  const chosen: string[] = [];
  const visit = (): void => {
    if (found.length > MOST_OPTIONS) return;
    if (chosen.length === places) {
      if (isWanted(new Set(chosen))) found.push(chosen.map((one) => [one]));
      return;
    }
    for (const candidate of candidates) {
      chosen.push(candidate);
      visit();
      chosen.pop();
    }
  };
  visit();
  return found;
}

/** Every set of one to `most` candidates, in the first place; the others hold nothing. */
function subsets(places: number, candidates: readonly string[], most: number): readonly (readonly Held[])[] {
  let sets: readonly Held[] = [[]];
  for (const candidate of candidates) {
    sets = [...sets, ...sets.filter((set) => set.length < most).map((set) => [...set, candidate])];
    if (sets.length > MOST_OPTIONS + 1) break;
  }
  const rest: readonly Held[] = Array.from({ length: places - 1 }, () => []);
  return sets.filter((set) => set.length > 0).map((set) => [set, ...rest]);
}

/** How the unknown places of one property are filled from the candidates of their kind. */
export type Filling =
  /** Each place by itself; `rest` counts the last places, of which nobody knows what they hold. */
  | { readonly is: 'sure'; readonly held: readonly Held[]; readonly byCount: boolean; readonly rest: number }
  | { readonly is: 'open' }
  | { readonly is: 'choice'; readonly options: readonly (readonly Held[])[]; readonly isOver: boolean };

/**
 * Fills places of one kind within one property. A dependency set is a set: it does not say which place it is about, nor how often
 * (pulumi.md, 4.4). Where order means nothing, as many candidates as places are taken as counted; where each place means
 * something of its own, every way counts that uses all candidates.
 */
export function fill(
  places: number,
  candidates: readonly string[],
  { isFree, isStrict }: { readonly isFree: boolean; readonly isStrict: boolean },
): Filling {
  const count = candidates.length;
  if (count === 0) return { is: 'open' };
  const choice = (options: readonly (readonly Held[])[]): Filling => ({
    is: 'choice',
    options: options.slice(0, MOST_OPTIONS),
    isOver: options.length > MOST_OPTIONS,
  });
  if (isFree) {
    if (places < count || (isStrict && places > 1 && count > 1)) return choice(subsets(places, candidates, places));
    const held = Array.from({ length: places }, (_, index) => candidates.slice(index, index + 1));
    return { is: 'sure', held, byCount: count > 1, rest: places - count };
  }
  if (count === 1) {
    const held = Array.from({ length: places }, () => candidates);
    return { is: 'sure', held, byCount: places > 1, rest: 0 };
  }
  return choice(assignments(places, candidates, (used) => places < count || used.size === count));
}
