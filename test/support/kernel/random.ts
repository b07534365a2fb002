/** Numbers from a seed: the same for the same one. */
export interface Random {
  /** A whole number below `n`. */
  below(n: number): number;
  chance(probability: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** `least` to `most` different ones, in the order of the list. */
  some<T>(list: readonly T[], least: number, most: number): T[];
}

/** Mulberry32: a small generator whose whole state is one 32-bit number. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  function unit(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (n: number) => Math.floor(unit() * n);
  return {
    below,
    chance: (probability) => unit() < probability,
    pick(list) {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
    some(list, least, most) {
      const rest = list.map((_, index) => index);
      const taken: number[] = [];
      const count = Math.min(list.length, least + below(most - least + 1));
      while (taken.length < count) taken.push(...rest.splice(below(rest.length), 1));
      return list.filter((_, index) => taken.includes(index));
    },
  };
}
