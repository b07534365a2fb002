import type { Token } from './nft-tokens.js';

/** A place in a list of words. */
export interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

/** The next word unless it stood in quotes; empty at the end and before one that did. */
export function keyword({ tokens, at }: Cursor, ahead = 0): string {
  const token = tokens[at + ahead];
  return token && !token.quoted ? token.text : '';
}

/** Takes the next word, whatever it is. */
export function take(cursor: Cursor): Token | undefined {
  return cursor.tokens[cursor.at++];
}

/** Takes the next word if it is one of these, without quotes. */
export function takeIf(cursor: Cursor, ...words: readonly string[]): boolean {
  const isOne = words.includes(keyword(cursor));
  if (isOne) cursor.at++;
  return isOne;
}

export function isAtEnd({ tokens, at }: Cursor): boolean {
  return at >= tokens.length;
}

/** Takes a block `{ ... }` with all that is in it, if one begins here: its words without the outer braces. */
export function takeBlock(cursor: Cursor): readonly Token[] | undefined {
  if (keyword(cursor) !== '{') return undefined;
  const start = cursor.at;
  let depth = 0;
  for (; cursor.at < cursor.tokens.length; cursor.at++) {
    const word = keyword(cursor);
    if (word === '{') depth++;
    if (word === '}' && --depth === 0) break;
  }
  return cursor.tokens.slice(start + 1, cursor.at++);
}
