import { type Cursor, isAtEnd, keyword, take, takeBlock, takeIf } from './nft-cursor.js';
import { takeKey } from './nft-text-key.js';
import { takeNat } from './nft-text-nat.js';
import { takeOne, takeRight, takeSet, takeValue, takeVerdict } from './nft-text-value.js';
import type { Token } from './nft-tokens.js';
import { asObject, isObject } from './nft-value.js';

/** A rule of the text form, its statements as the JSON form has them. */
export interface TextRule {
  readonly expr: readonly unknown[];
  readonly comment?: string;
}

/** Reads the words of a rule. From the first statement that is not understood on, all of it is one that is not. */
export function readTextRule(text: string, tokens: readonly Token[]): TextRule {
  const cursor: Cursor = { tokens, at: 0 };
  const expr: unknown[] = [];
  let comment: string | undefined;
  while (!isAtEnd(cursor)) {
    const start = cursor.at;
    if (takeIf(cursor, 'comment')) {
      comment = take(cursor)?.text;
      continue;
    }
    const statement = takeStatement(cursor);
    if (statement === undefined || cursor.at > tokens.length) {
      expr.push({ unparsed: text.slice(tokens[start]?.start, tokens.at(-1)?.end) });
      break;
    }
    expr.push(statement);
  }
  return { expr, ...(comment !== undefined && { comment }) };
}

type Take = (cursor: Cursor) => object | undefined;

function takeStatement(cursor: Cursor): object | undefined {
  const verdict = takeVerdict(cursor);
  if (verdict) return verdict;
  const word = keyword(cursor);
  const read = statements.get(word);
  if (read) {
    cursor.at++;
    return read(cursor);
  }
  if (word === 'ct' && keyword(cursor, 1) === 'count') {
    cursor.at += 2;
    return { 'ct count': wordsWhile(cursor, (next) => next === 'over' || /^[0-9]+$/.test(next)) };
  }
  return takeComparison(cursor);
}

/** Takes words as long as they are wanted. */
function wordsWhile(cursor: Cursor, isWanted: (word: string) => boolean): string {
  const words: string[] = [];
  while (!isAtEnd(cursor) && isWanted(keyword(cursor))) words.push(take(cursor)?.text ?? '');
  return words.join(' ');
}

/** Takes `name VALUE` pairs, and flags that stand alone. */
function takeOptions(cursor: Cursor, named: readonly string[], alone: readonly string[]): string {
  const words: string[] = [];
  while (!isAtEnd(cursor)) {
    const word = keyword(cursor);
    if (named.includes(word)) words.push(take(cursor)?.text ?? '', take(cursor)?.text ?? '');
    else if (alone.includes(word)) words.push(take(cursor)?.text ?? '');
    else break;
  }
  return words.join(' ');
}

const logFlags = ['all', 'tcp', 'ip', 'skuid', 'ether', 'sequence', 'options', 'sequence,options'];

function takeChange(op: string): Take {
  return (cursor) => {
    const set = keyword(cursor);
    cursor.at++;
    const block = takeBlock(cursor);
    return set.startsWith('@') && block
      ? { set: { op, set, elem: block.map((token) => token.text).join(' ') } }
      : undefined;
  };
}

function takeCounter(cursor: Cursor): object {
  if (takeIf(cursor, 'name')) return { counter: take(cursor)?.text };
  if (!takeIf(cursor, 'packets')) return { counter: null };
  const packets = Number(take(cursor)?.text);
  if (takeIf(cursor, 'bytes')) cursor.at++;
  return { counter: Number.isSafeInteger(packets) ? { packets } : null };
}

const rateWord = /^(?:rate|over|burst|packets|[kmg]?bytes|[0-9]+|[0-9]+\/[a-z]+|[kmg]?bytes\/[a-z]+)$/;

function takeLimit(cursor: Cursor): object {
  if (takeIf(cursor, 'name')) return { limit: take(cursor)?.text };
  return { limit: { words: wordsWhile(cursor, (word) => rateWord.test(word)) } };
}

function takeQuota(cursor: Cursor): object {
  if (takeIf(cursor, 'name')) return { quota: take(cursor)?.text };
  return { quota: wordsWhile(cursor, (word) => /^(?:over|until|used|[kmg]?bytes|[0-9]+)$/.test(word)) };
}

function takeReject(cursor: Cursor): object | undefined {
  if (!takeIf(cursor, 'with')) return { reject: null };
  const type = take(cursor)?.text ?? '';
  if (type === 'tcp') return takeIf(cursor, 'reset') ? { reject: { type: 'tcp reset' } } : undefined;
  takeIf(cursor, 'type');
  const expr = take(cursor)?.text ?? '';
  return { reject: { type, expr: /^[0-9]{1,3}$/.test(expr) ? Number(expr) : expr } };
}

function takeMeter(cursor: Cursor): object | undefined {
  const name = take(cursor)?.text ?? '';
  if (takeIf(cursor, 'size')) cursor.at++;
  return takeBlock(cursor) && { meter: name };
}

const statements: ReadonlyMap<string, Take> = new Map<string, Take>([
  ['counter', takeCounter],
  ['limit', takeLimit],
  ['quota', takeQuota],
  ['reject', takeReject],
  ['meter', takeMeter],
  ['notrack', () => ({ notrack: null })],
  ['update', takeChange('update')],
  ['add', takeChange('add')],
  ['delete', takeChange('delete')],
  ...['redirect', 'dnat', 'snat', 'masquerade'].map((kind): [string, Take] => [
    kind,
    (cursor) => takeNat(cursor, kind),
  ]),
  [
    'log',
    (cursor) => ({
      log: takeOptions(cursor, ['prefix', 'level', 'group', 'snaplen', 'queue-threshold'], ['flags', ...logFlags]),
    }),
  ],
  ['synproxy', (cursor) => ({ synproxy: takeOptions(cursor, ['name', 'mss', 'wscale'], ['timestamp', 'sack-perm']) })],
  ['tproxy', (cursor) => ({ tproxy: takeOptions(cursor, ['to'], ['ip', 'ip6']) })],
  // Nothing after it is reached.
  ['queue', (cursor) => ({ queue: wordsWhile(cursor, (word) => word !== 'comment') })],
  ['flow', (cursor) => ({ flow: takeOptions(cursor, ['add', 'offload'], []) })],
  ['dup', (cursor) => ({ dup: takeOptions(cursor, ['to', 'device'], []) })],
  ['fwd', (cursor) => ({ fwd: takeOptions(cursor, ['to', 'device'], ['ip', 'ip6']) })],
  ['last', (cursor) => ({ last: takeOptions(cursor, ['used'], []) })],
  ['xt', (cursor) => ({ xt: { type: take(cursor)?.text, name: take(cursor)?.text } })],
]);

/** Keys that are sets of bits: without an operator, one of the bits must be set. */
function isBits(key: unknown): boolean {
  const { ct, payload } = asObject(key);
  const { protocol, field } = asObject(payload);
  const { key: of } = asObject(ct);
  return of === 'state' || of === 'status' || of === 'label' || (protocol === 'tcp' && field === 'flags');
}

const operators = ['==', '!=', '<', '<=', '>', '>=', '!'];

function takeComparison(cursor: Cursor): object | undefined {
  const key = takeKey(cursor);
  if (key === undefined || isAtEnd(cursor)) return undefined;
  if (takeIf(cursor, 'vmap')) {
    const data = takeSet(cursor);
    return data === undefined ? undefined : { vmap: { key, data } };
  }
  if (takeIf(cursor, 'set')) {
    const value = takeWritten(cursor);
    return value === undefined ? undefined : { mangle: { key, value } };
  }
  const mask = takeIf(cursor, '&') ? takeValue(cursor) : undefined;
  const sign = operators.includes(keyword(cursor)) ? take(cursor)?.text : undefined;
  const right = takeRight(cursor);
  if (right === undefined) return undefined;
  if (mask !== undefined)
    return sign === undefined ? undefined : { match: { op: sign, left: { '&': [key, mask] }, right } };
  // `syn / fin,syn,rst,ack`: of the second, exactly the first are set.
  if (takeIf(cursor, '/')) return { match: { op: sign ?? '==', left: { '&': [key, takeValue(cursor)] }, right } };
  const isSet = isObject(right) && 'set' in right;
  return { match: { op: sign ?? (isBits(key) && !isSet ? 'in' : '=='), left: key, right } };
}

/** How tightly operators bind: nft prints no parentheses. */
const binding: ReadonlyMap<string, number> = new Map([
  ['&', 3],
  ['^', 2],
  ['|', 1],
]);

/** What is written into a packet or beside it: a value, something of the packet, or some of them joined; or what a map makes of it. */
function takeWritten(cursor: Cursor): unknown {
  let sum = takeKey(cursor) ?? takeOne(cursor);
  if (sum !== undefined && takeIf(cursor, 'map')) {
    const data = takeSet(cursor);
    return data === undefined ? undefined : { map: { key: sum, data } };
  }
  let last = Number.POSITIVE_INFINITY;
  for (let bound = binding.get(keyword(cursor)); bound !== undefined; bound = binding.get(keyword(cursor))) {
    // What binds tighter than what stands before it would be taken apart otherwise.
    if (bound > last) return undefined;
    last = bound;
    const sign = take(cursor)?.text ?? '';
    const next = takeKey(cursor) ?? takeOne(cursor);
    if (sum === undefined || next === undefined) return undefined;
    sum = { [sign]: [sum, next] };
  }
  return sum;
}
