import type { Gap } from '../model/index.js';

/** What the words of one field say. A word that stands in neither list is undocumented, and says nothing for certain. */
export interface Words {
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

/** It is so, it is not so, or why nobody can tell. */
export type Held = 'yes' | 'no' | Gap;

/** The word of a field, with what its absence means: nothing where the record is not whole, since it may have stood there. */
export function wordIn(
  record: { readonly broken?: string | undefined },
  word: string | undefined,
  absent: string,
): string | undefined {
  return word ?? (record.broken === undefined ? absent : undefined);
}

/** What a word says of `what`; `code` is for the gap that an unreadable or an undocumented one leaves. */
export function held(words: Words, word: string | undefined, code: string, what: string, object = what): Held {
  if (word === undefined) {
    return { code, kind: 'not-collected', what: object, detail: `the state of ${what} cannot be read` };
  }
  if (words.yes.includes(word)) return 'yes';
  if (words.no.includes(word)) return 'no';
  return { code, kind: 'not-modelled', what: object, detail: `${what} is ${word}, which is not documented` };
}
