/** Runs work when a slot is free, in the order in which it was given. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `count` pieces of work at a time. */
export function atMost(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
