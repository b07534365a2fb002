export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value with each of its parts replaced in turn, and itself. */
export function* replaced(value: Json, by: Json): Generator<Json> {
  yield by;
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    for (const [index, item] of list.entries())
      for (const other of replaced(item, by)) yield list.map((one, at) => (at === index ? other : one));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      for (const other of replaced(item, by)) yield { ...value, [key]: other };
  }
}
