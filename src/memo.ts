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

/**
 * A list of parts, and the lists that are longer by one. Most have only one of these, which stands apart: a map for each would be
 * most of what such a memory costs.
 */
class Parts<T> {
  value: T | undefined;
  private part: unknown;
  private first: Parts<T> | undefined;
  private others: Map<unknown, Parts<T>> | undefined;

  with(part: unknown): Parts<T> | undefined {
    return this.first && this.part === part ? this.first : this.others?.get(part);
  }

  longerBy(part: unknown): Parts<T> {
    const longer = new Parts<T>();
    if (this.first) {
      this.others ??= new Map();
      this.others.set(part, longer);
    } else {
      this.part = part;
      this.first = longer;
    }
    return longer;
  }
}

/** What was built for a list of parts, found again for the same parts in the same order. Parts are the same as keys of a map are. */
export class ListMemo<T> {
  private readonly root = new Parts<T>();
  private count = 0;

  /** How many lists it remembers. */
  get size(): number {
    return this.count;
  }

  /** Builds a value once for a list, or as often as it is asked for where it may not be `kept`. */
  once(parts: Iterable<unknown>, build: () => T, kept = true): T {
    let list = this.root;
    for (const part of parts) {
      const longer = list.with(part);
      if (!longer && !kept) return build();
      list = longer ?? list.longerBy(part);
    }
    if (list.value !== undefined) return list.value;
    const built = build();
    if (kept) {
      list.value = built;
      this.count += 1;
    }
    return built;
  }
}

/** Most things that are kept because others may share them: in an account in which nothing is alike, keeping does not help. */
const mostShared = 1 << 15;

/** Remembers what many machines may share, as long as there is room. */
export class SharedMemo {
  private readonly memo = new ListMemo<unknown>();

  /** `build` is told whether others will get the same. */
  once<T>(parts: readonly unknown[], build: (shared: boolean) => T): T {
    const hasRoom = this.memo.size < mostShared;
    return this.memo.once(parts, () => build(hasRoom), hasRoom) as T;
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
