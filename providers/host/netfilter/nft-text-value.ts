import { parsePrefix } from '../../../src/set/index.js';
import { type Cursor, isAtEnd, keyword, take, takeBlock, takeIf } from './nft-cursor.js';
import type { Token } from './nft-tokens.js';
import { verdictOf } from './nft-verdict.js';

const end = '(?:0x[0-9a-f]+|[0-9]+|[0-9.]+|[0-9a-f]*:[0-9a-f:.]*)';
const rangeText = new RegExp(`^(${end})-(${end})$`, 'i');

/** A word as the JSON form has it: a number, a prefix, a range, or the word. */
function literalOf(word: string): unknown {
  if (/^(?:[0-9]+|0x[0-9a-f]+)$/i.test(word)) return Number(word);
  const [, first, last] = rangeText.exec(word) ?? [];
  if (first !== undefined && last !== undefined) return { range: [literalOf(first), literalOf(last)] };
  const [addr = '', len] = word.split('/');
  return len !== undefined && parsePrefix(word) ? { prefix: { addr, len: Number(len) } } : word;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['exists', true],
  ['missing', false],
]);

/** Takes one value: a word or a text, a range, bits joined by `|`, a list joined by commas, or a group in parentheses. */
export function takeValue(cursor: Cursor): unknown {
  if (takeIf(cursor, '(')) {
    const group = takeBits(cursor);
    return takeIf(cursor, ')') ? group : undefined;
  }
  return takeBits(cursor);
}

function takeBits(cursor: Cursor): unknown {
  const first = takeOne(cursor);
  if (keyword(cursor) !== '|') return first;
  const bits = [first];
  while (takeIf(cursor, '|')) bits.push(takeOne(cursor));
  return { '|': bits };
}

/** Takes a word, a text, a range, or a list joined by commas. */
export function takeOne(cursor: Cursor): unknown {
  const token = take(cursor);
  if (!token) return undefined;
  // A range of texts: "08:00"-"18:00".
  if (keyword(cursor) === '-' && cursor.tokens[cursor.at]?.start === token.end) {
    cursor.at++;
    return { range: [token.text, take(cursor)?.text] };
  }
  if (token.quoted) return token.text;
  const truth = booleans.get(token.text);
  if (truth !== undefined) return truth;
  return token.text.includes(',') ? token.text.split(',').map(literalOf) : literalOf(token.text);
}

/** Takes values that are concatenated by ` . `. */
function takeConcat(cursor: Cursor): unknown {
  const parts = [takeValue(cursor)];
  while (takeIf(cursor, '.')) parts.push(takeValue(cursor));
  return parts.length === 1 ? parts[0] : { concat: parts };
}

/** Takes a verdict: `drop`, `jump web`. */
export function takeVerdict(cursor: Cursor): object | undefined {
  const word = keyword(cursor);
  if (word === 'jump' || word === 'goto') {
    const target = cursor.tokens[cursor.at + 1]?.text;
    cursor.at += 2;
    return target === undefined ? undefined : { [word]: { target } };
  }
  const verdict = { [word]: null };
  if (!verdictOf(verdict)) return undefined;
  cursor.at++;
  return verdict;
}

/** The elements between braces: values, or pairs of a value and what it is mapped to. What stands beside them is left out. */
export function elementsOf(tokens: readonly Token[]): readonly unknown[] {
  const cursor: Cursor = { tokens: tokens.filter((token) => token.text !== '\n'), at: 0 };
  const elements: unknown[] = [];
  while (!isAtEnd(cursor)) {
    const value = takeConcat(cursor);
    skipTo(cursor, ',', ':');
    if (takeIf(cursor, ':')) {
      elements.push([value, takeVerdict(cursor) ?? takeConcat(cursor)]);
      skipTo(cursor, ',');
    } else elements.push(value);
    cursor.at++;
  }
  return elements;
}

function skipTo(cursor: Cursor, ...words: readonly string[]): void {
  while (!isAtEnd(cursor) && !words.includes(keyword(cursor))) cursor.at++;
}

/** Takes `{ ... }` or `@name`, the elements of a set or a map. */
export function takeSet(cursor: Cursor): unknown {
  const block = takeBlock(cursor);
  if (block) return { set: elementsOf(block) };
  return keyword(cursor).startsWith('@') ? take(cursor)?.text : undefined;
}

/** Takes the right side of a comparison; concatenated where the left one is. */
export function takeRight(cursor: Cursor): unknown {
  return takeSet(cursor) ?? takeConcat(cursor);
}
