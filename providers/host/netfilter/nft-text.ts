import { type Cursor, isAtEnd, keyword, take, takeBlock } from './nft-cursor.js';
import { rulesetOf } from './nft-ruleset.js';
import { readTextRule } from './nft-text-rule.js';
import { elementsOf } from './nft-text-value.js';
import { newline, type Token, tokensOf } from './nft-tokens.js';
import type { Dump } from './ruleset.js';

interface Reading {
  readonly text: string;
  readonly objects: object[];
  unread: string | undefined;
}

/**
 * The tables of `nft -a list ruleset` or `nft list ruleset` (nft(8)), for an nft without JSON. A rule with a syntax that is not
 * understood is unknown; what belongs to no rule, and a block that is not closed, is `unread`. An empty text has no tables.
 */
export function parseNftText(text: string): Dump {
  const reading: Reading = { text, objects: [], unread: undefined };
  const cursor: Cursor = { tokens: tokensOf(text), at: 0 };
  while (!isAtEnd(cursor)) {
    const line = takeLine(cursor, false);
    if (line.tokens.length === 0) continue;
    if (line.tokens[0]?.text !== 'table' || !line.block) reading.unread ??= lineText(reading, line.tokens);
    else readTable(reading, line);
  }
  const dump = rulesetOf(reading.objects);
  const unread = reading.unread ?? dump.unread;
  return { tables: dump.tables, ...(unread !== undefined && { unread }) };
}

/** The words up to the end of a line, with those of blocks in it where they are kept; the last block, and the handle. */
interface Line {
  readonly tokens: readonly Token[];
  readonly block: readonly Token[] | undefined;
  readonly handle: number | undefined;
  readonly isClosed: boolean;
}

const handleText = /^# handle ([0-9]{1,15})$/;

function takeLine(cursor: Cursor, keepsBlocks: boolean): Line {
  const tokens: Token[] = [];
  let block: readonly Token[] | undefined;
  let handle: number | undefined;
  let isClosed = true;
  while (!isAtEnd(cursor) && keyword(cursor) !== newline) {
    const start = cursor.at;
    const inside = takeBlock(cursor);
    if (inside) {
      block = inside;
      isClosed &&= cursor.at <= cursor.tokens.length;
      const kept = keepsBlocks ? cursor.tokens.slice(start, cursor.at) : cursor.tokens.slice(start, start + 1);
      for (const token of kept) if (token.text !== newline) tokens.push(token);
      continue;
    }
    const token = take(cursor);
    const [, number] = token && !token.quoted ? (handleText.exec(token.text) ?? []) : [];
    if (number !== undefined) handle = Number(number);
    else if (token) tokens.push(token);
  }
  cursor.at++;
  return { tokens, block, handle, isClosed };
}

function lineText({ text }: Reading, tokens: readonly Token[]): string {
  return text.slice(tokens[0]?.start, tokens.at(-1)?.end).split(newline)[0] ?? '';
}

/** The words of a line before its first block. */
function headOf({ tokens }: Line): readonly string[] {
  const brace = tokens.findIndex((token) => token.text === '{' && !token.quoted);
  return tokens.slice(0, brace < 0 ? undefined : brace).map((token) => token.text);
}

/** Blocks that filter nothing by themselves: rules name them. */
const named = new Set(['flowtable', 'counter', 'quota', 'limit', 'ct', 'secmark', 'synproxy']);

function readTable(reading: Reading, line: Line): void {
  const head = headOf(line).slice(1);
  const [family, name] = head.length === 1 ? ['ip', head[0]] : head;
  if (!line.isClosed) reading.unread ??= `${head.join(' ')} is not closed`;
  const lines = linesOf(line.block ?? []);
  const flags = lines.filter(({ tokens }) => tokens[0]?.text === 'flags').flatMap(listAfterFirst);
  reading.objects.push({ table: { family, name, ...(flags.length > 0 && { flags }) } });
  for (const part of lines) {
    const [kind = '', of = ''] = headOf(part);
    if (kind === 'chain' && part.block) readChain(reading, part.block, { family, table: name, name: of });
    else if ((kind === 'set' || kind === 'map') && part.block) {
      reading.objects.push({ [kind]: { family, table: name, name: of, ...setOf(part.block) } });
    } else if (!(named.has(kind) && part.block) && kind !== 'flags' && kind !== 'comment') {
      reading.unread ??= lineText(reading, part.tokens);
    }
  }
}

/** The lines of a block that say something. */
function linesOf(tokens: readonly Token[], keepsBlocks = false): readonly Line[] {
  const cursor: Cursor = { tokens, at: 0 };
  const lines: Line[] = [];
  while (!isAtEnd(cursor)) {
    const line = takeLine(cursor, keepsBlocks);
    if (line.tokens.length > 0) lines.push(line);
  }
  return lines;
}

/** `flags interval,timeout` as its words. */
function listAfterFirst({ tokens }: Line): readonly string[] {
  return tokens.slice(1).flatMap((token) => token.text.split(',').filter((word) => word !== '' && word !== ';'));
}

function setOf(block: readonly Token[]): object {
  const lines = linesOf(block);
  const find = (word: string) => lines.find(({ tokens }) => tokens[0]?.text === word && !tokens[0].quoted);
  const flags = find('flags');
  const elements = find('elements');
  return {
    ...(flags && { flags: listAfterFirst(flags) }),
    ...(elements && { elem: elementsOf(elements.block ?? []) }),
  };
}

interface Place {
  readonly family: string | undefined;
  readonly table: string | undefined;
  readonly name: string;
}

function readChain(reading: Reading, block: readonly Token[], { family, table, name }: Place): void {
  const rules: object[] = [];
  let base: object = {};
  for (const { tokens, handle } of linesOf(block, true)) {
    const [first] = tokens;
    if (first?.text === 'type' && !first.quoted) base = baseOf(tokens, family);
    else if (first?.text !== 'comment' || tokens.length !== 2) {
      const text = reading.text.slice(first?.start, tokens.at(-1)?.end);
      rules.push({ rule: { family, table, chain: name, handle, text, ...readTextRule(reading.text, tokens) } });
    }
  }
  reading.objects.push({ chain: { family, table, name, ...base } });
  for (const rule of rules) reading.objects.push(rule);
}

/** Priorities by name; in tables of the family bridge they are others (nft(8): chains). */
const priorities: ReadonlyMap<string, readonly [number, number?]> = new Map([
  ['raw', [-300]],
  ['mangle', [-150]],
  ['dstnat', [-100, -300]],
  ['filter', [0, -200]],
  ['security', [50]],
  ['srcnat', [100, 300]],
  ['out', [100, 100]],
]);

/** `type filter hook input device "lo" priority filter + 10; policy drop;`. */
function baseOf(tokens: readonly Token[], family: string | undefined): object {
  const after = (word: string, by = 1) => tokens[tokens.findIndex((token) => token.text === word) + by]?.text;
  const has = (word: string) => tokens.some((token) => token.text === word && !token.quoted);
  const [name = '', sign, offset] = [after('priority'), after('priority', 2), after('priority', 3)];
  const [usual, inBridge = usual] = priorities.get(name) ?? [];
  const start = family === 'bridge' ? inBridge : usual;
  const shift = sign === '+' ? Number(offset) : sign === '-' ? -Number(offset) : 0;
  const open = tokens.findIndex((token) => token.text === '{');
  const close = tokens.findIndex((token) => token.text === '}');
  const devices = has('devices') ? tokens.slice(open + 1, close).filter((token) => token.text !== ',') : [];
  return {
    type: after('type'),
    hook: has('hook') ? after('hook') : 'none',
    prio: /^-?[0-9]+$/.test(name) ? Number(name) : start === undefined ? name : start + shift,
    policy: has('policy') ? after('policy') : 'accept',
    ...(has('device') && { dev: after('device') }),
    ...(devices.length > 0 && { dev: devices.map((token) => token.text) }),
  };
}
