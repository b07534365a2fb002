import type { RecordedDocument } from '../../../src/index.js';

export type Documents = readonly RecordedDocument[];

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fails whoever writes into what was read. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** The lists of a document, edited: itself, under a key of it, or under a key of one of its scopes. */
function withLists(value: unknown, edit: (list: readonly unknown[]) => readonly unknown[]): unknown {
  if (Array.isArray(value)) return edit(value);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'port22' ? inner : withLists(inner, edit)]),
  );
}

/** The documents in another order, and the records of each list too. */
export function reversed(documents: Documents): Documents {
  const turned = ({ path, value }: RecordedDocument) => ({
    path,
    value: withLists(value, (list) => list.toReversed()),
  });
  return documents.map(turned).toReversed();
}

/** Everything twice: the files, under another name, and the records in each list. */
export function doubled(documents: Documents): Documents {
  const twice = documents.map(({ path, value }) => ({ path, value: withLists(value, (list) => [...list, ...list]) }));
  return [...twice, ...renamed(documents)];
}

/** Each file as two, one with every other record of its lists, the other with the rest; what comes as a whole stays one. */
export function spread(documents: Documents, isWhole: (value: unknown) => boolean): Documents {
  return documents.flatMap(({ path, value }) => {
    if (isWhole(value)) return [{ path, value }];
    const half = (parity: number) => withLists(value, (list) => list.filter((_, at) => at % 2 === parity));
    const [even, odd] = [half(0), half(1)];
    if (JSON.stringify(even) === JSON.stringify(odd)) return [{ path, value }];
    return [{ path, value: odd }, ...renamed([{ path, value: even }])];
  });
}

function renamed(documents: Documents): Documents {
  return documents.map(({ path, value }) => ({ path: path.replace(/(\.json)?$/, '-more.json'), value }));
}

/** Every object inside a list with fields that nobody has heard of yet. */
export function withNewFields(documents: Documents): Documents {
  const novel = { futureField: { futureInner: ['?', 7, null] }, FutureFlag: true, future_text: 'x' };
  const grown = (value: unknown, inList: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => grown(item, true));
    if (!isFields(value)) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, grown(inner, inList)]);
    return { ...Object.fromEntries(entries), ...(inList && novel) };
  };
  return documents.map(({ path, value }) => ({ path, value: grown(value, false) }));
}

/** The numbers under these keys as texts. */
export function withTexts(documents: Documents, keys: readonly string[]): Documents {
  const written = (key: string, value: unknown) =>
    typeof value === 'number' && keys.includes(key) ? String(value) : value;
  return documents.map(({ path, value }) => ({ path, value: JSON.parse(JSON.stringify(value, written)) }));
}

/** The documents with another text in place of each of these names, wherever one stands as a value or at the end of a path. */
export function written(documents: Documents, names: readonly string[], as: (name: string) => string): Documents {
  return documents.map(({ path, value }) => {
    let text = JSON.stringify(value);
    for (const name of names) {
      const inside = JSON.stringify(as(name)).slice(1, -1);
      text = text.replaceAll(new RegExp(`(?<=["/])${name}(?=["/])`, 'g'), () => inside);
    }
    return { path, value: JSON.parse(text) };
  });
}
