/** Remembers what was built. Everything that many objects share goes through here, so that it is one object. */
export class Memo {
  private readonly memo = new Map<string, unknown>();
  private readonly memoOf = new WeakMap<object, Map<string, unknown>>();

  /** Builds a value once for a key. */
  once<T>(key: string, build: () => T): T {
    const found = this.memo.get(key);
    if (found !== undefined || this.memo.has(key)) return found as T;
    const built = build();
    this.memo.set(key, built);
    return built;
  }

  /** Like `once`, under an object: forgotten with it. */
  onceFor<T>(subject: object, key: string, build: () => T): T {
    const memo = this.memoOf.get(subject) ?? new Map<string, unknown>();
    this.memoOf.set(subject, memo);
    if (!memo.has(key)) memo.set(key, build());
    return memo.get(key) as T;
  }
}

/** Most things that are kept because others may share them: in an account in which nothing is alike, keeping does not help. */
const mostShared = 1 << 15;

/** Remembers what many machines may share, as long as there is room. */
export class SharedMemo {
  private readonly memo = new Map<string, unknown>();

  /** `build` is told whether others will get the same. */
  once<T>(key: string, build: (shared: boolean) => T): T {
    const found = this.memo.get(key);
    if (found !== undefined) return found as T;
    const full = this.memo.size >= mostShared;
    const built = build(!full);
    if (!full) this.memo.set(key, built);
    return built;
  }
}

/** The items that have a key, by it. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
