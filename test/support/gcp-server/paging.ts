type Body = Readonly<Record<string, unknown>>;

/** How a list is cut: records a page, and how many pages without a record stand behind the first one. */
export interface Cut {
  readonly pageSize: number;
  readonly emptyPages?: number;
}

/** The page of a list, or of an aggregated one, that a token names; tokens are the numbers of pages. */
export function pageOf(body: Body, token: string | undefined, { pageSize, emptyPages = 0 }: Cut): Body {
  const { items, unreachables, ...head } = body;
  const all = flat(items);
  const page = Number(token?.slice('page-'.length) ?? 0);
  const isEmpty = page > 0 && page <= emptyPages;
  const from = isEmpty ? all.length : (page > emptyPages ? page - emptyPages : page) * pageSize;
  const last = Math.max(Math.ceil(all.length / pageSize) - 1, 0) + emptyPages;
  const own = all.slice(from, from + pageSize);
  return {
    ...head,
    ...(own.length > 0 && { items: Array.isArray(items) ? own.map(({ record }) => record) : scoped(own) }),
    ...(page === 0 && unreachables !== undefined && { unreachables }),
    ...(page < last && { nextPageToken: `page-${page + 1}` }),
  };
}

interface Entry {
  readonly scope: string;
  readonly name: string;
  readonly record: unknown;
}

function flat(items: unknown): Entry[] {
  if (Array.isArray(items)) return items.map((record) => ({ scope: '', name: '', record }));
  return Object.entries((items ?? {}) as Record<string, Body>).flatMap(([scope, lists]) =>
    Object.entries(lists).flatMap(([name, list]) =>
      (Array.isArray(list) ? list : [list]).map((record) => ({ scope, name, record })),
    ),
  );
}

function scoped(entries: readonly Entry[]): Body {
  const items: Record<string, Record<string, unknown>> = {};
  for (const { scope, name, record } of entries) {
    const lists = items[scope] ?? {};
    items[scope] = lists;
    if (name === 'warning') lists[name] = record;
    else lists[name] = [...((lists[name] as unknown[] | undefined) ?? []), record];
  }
  return items;
}
