import { AddressSet, parseAddress, parsePrefix } from '../../../src/set/index.js';
import { allOf, always, doubtful, never, notOfTcp, tracked } from './conditions.js';
import { matches } from './iptables-matches.js';
import type { Match, Option, Surroundings } from './iptables-option.js';
import { targetStatement } from './iptables-targets.js';
import { isBang, type Word, wordsOf } from './iptables-words.js';
import { maskedAddresses } from './masked-addresses.js';
import { protocolCondition, protocolNumber } from './protocols.js';
import type { Condition, FilterRule, Statement } from './ruleset.js';

/** The options of iptables itself, by the forms in which they may stand (iptables(8)). */
const own: ReadonlyMap<string, string> = new Map(
  [
    ['-s', '--source', '--src'],
    ['-d', '--destination', '--dst'],
    ['-i', '--in-interface'],
    ['-o', '--out-interface'],
    ['-p', '--protocol', '--proto'],
    ['-m', '--match'],
    ['-j', '--jump'],
    ['-g', '--goto'],
    ['-f', '--fragment'],
    ['-c', '--set-counters'],
    ['-4', '--ipv4'],
    ['-6', '--ipv6'],
  ].flatMap(([short = '', ...long]) => [short, ...long].map((form) => [form, short])),
);

interface Reading {
  readonly line: string;
  readonly words: readonly Word[];
  readonly surroundings: Surroundings;
  at: number;
  readonly conditions: Condition[];
  does: Statement;
  comment: string | undefined;
  packets: number | undefined;
  /** The matches that are in force, the last one last. */
  readonly loaded: Set<Match>;
}

/** What a rule asks and does, from its words after `-A CHAIN`. */
export type ReadRule = Pick<FilterRule, 'conditions' | 'does' | 'comment' | 'packets'>;

/** Reads `-A CHAIN ...`. What is not understood is an unknown condition or statement of this rule. */
export function readRule(line: string, surroundings: Surroundings): ReadRule {
  const words = wordsOf(line);
  if (!words) {
    const why = { kind: 'unparsed', text: line } as const;
    return { conditions: [{ kind: 'unknown', why }], does: { kind: 'unknown', why } };
  }
  const reading: Reading = {
    line,
    words,
    surroundings,
    at: 2,
    conditions: [],
    does: { kind: 'continue' },
    comment: undefined,
    packets: undefined,
    loaded: new Set(),
  };
  while (reading.at < words.length) readOption(reading);
  const { conditions, does, comment, packets } = reading;
  return { conditions, does, ...(comment !== undefined && { comment }), ...(packets !== undefined && { packets }) };
}

function isOption(word: Word | undefined): word is Word {
  return word !== undefined && !word.quoted && /^-[^0-9]|^-[46]$/.test(word.text);
}

function written({ line, words }: Reading, from: number, to: number): string {
  return line.slice(words[from]?.start ?? line.length, words[to - 1]?.end ?? line.length);
}

function readOption(reading: Reading): void {
  const { words, conditions } = reading;
  const start = reading.at;
  const negated = isBang(words[reading.at]);
  if (negated) reading.at++;
  const word = words[reading.at++];
  const name = word && !word.quoted ? own.get(word.text) : undefined;
  if (name !== undefined) {
    readOwn(reading, name, negated, start);
    return;
  }
  const option = isOption(word) ? optionOf(reading, word.text) : undefined;
  if (!word || !option) {
    skipValues(reading);
    conditions.push(doubtful('unparsed', written(reading, start, reading.at)));
    return;
  }
  // Older versions write the negation after the option.
  const late = !negated && option.values > 0 && isBang(words[reading.at]);
  if (late) reading.at++;
  const values = words.slice(reading.at, reading.at + option.values).map(({ text }) => text);
  reading.at += values.length;
  const text = written(reading, start, reading.at);
  const found = values.length < option.values ? undefined : option.read(values, text, reading.surroundings);
  if (word.text === '--comment') reading.comment = values[0];
  if (!found) conditions.push(doubtful('unparsed', text));
  // Options that ask nothing are written with `!` to switch something off.
  else if (found.length > 0) conditions.push(...allOf(found, negated || late));
}

/** The option of that name of the last match that has one. */
function optionOf({ loaded }: Reading, name: string): Option | undefined {
  let found: Option | undefined;
  for (const match of loaded) found = ('options' in match ? match.options.get(name) : undefined) ?? found;
  return found;
}

function skipValues(reading: Reading): void {
  while (reading.at < reading.words.length) {
    const word = reading.words[reading.at];
    if (isOption(word) || (isBang(word) && isOption(reading.words[reading.at + 1]))) return;
    reading.at++;
  }
}

/** Goes to the next option that is not one of the extension before it: one of iptables, or of a match that is in force. */
function skipExtension(reading: Reading, isKnown: boolean): void {
  while (reading.at < reading.words.length) {
    const word = reading.words[isBang(reading.words[reading.at]) ? reading.at + 1 : reading.at];
    if (isOption(word) && (own.has(word.text) || (isKnown && optionOf(reading, word.text)))) return;
    reading.at++;
  }
}

function readOwn(reading: Reading, name: string, before: boolean, start: number): void {
  const { words, conditions, surroundings } = reading;
  if (name === '-f') {
    conditions.push(...(before ? [always] : [notOfTcp('-f')]));
    return;
  }
  if (name === '-4' || name === '-6') {
    if (name !== `-${surroundings.family}`) conditions.push(never);
    return;
  }
  const late = isBang(words[reading.at]);
  if (late) reading.at++;
  const value = words[reading.at++]?.text;
  const text = written(reading, start, Math.min(reading.at, words.length));
  if (value === undefined) conditions.push(doubtful('unparsed', text));
  else if (name === '-m') readMatch(reading, value, start);
  else if (name === '-j') readTarget(reading, value, start);
  else if (name === '-g') {
    reading.does = surroundings.chains.has(value)
      ? { kind: 'goto', chain: value }
      : { kind: 'unknown', why: { kind: 'unparsed', text } };
  } else if (name === '-c') {
    reading.packets = /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
    reading.at++;
  } else {
    if (name === '-p') load(reading, protocolMatch(value));
    conditions.push(...allOf(readPacket(name, value, text, surroundings), before || late));
  }
}

function load({ loaded }: Reading, match: Match | undefined): void {
  if (!match) return;
  loaded.delete(match);
  loaded.add(match);
}

/** The match that `-p` brings with it. */
function protocolMatch(value: string): Match | undefined {
  const word = /^(?:ipv6-icmp|icmpv6|58)$/.test(value) ? 'icmp6' : value;
  return matches.get(word === '6' ? 'tcp' : word === '17' ? 'udp' : word === '1' ? 'icmp' : word);
}

function readMatch(reading: Reading, name: string, start: number): void {
  const match = matches.get(name);
  if (match && 'options' in match) {
    load(reading, match);
    return;
  }
  const from = reading.at;
  skipExtension(reading, match !== undefined);
  const text = written(reading, start, reading.at);
  const found = match?.whole(reading.words.slice(from, reading.at), text, reading.surroundings);
  reading.conditions.push(...(found ?? [doubtful('unparsed', text)]));
}

function readTarget(reading: Reading, target: string, start: number): void {
  const from = reading.at;
  skipExtension(reading, false);
  const text = written(reading, start, reading.at);
  const does = targetStatement(target, reading.words.slice(from, reading.at), text, reading.surroundings);
  reading.does = does;
  // Without a connection it has no mark to read or write.
  if (does.kind === 'mark' && (does.of === 'connection' || target === 'CONNMARK')) reading.conditions.push(tracked);
}

function readPacket(name: string, value: string, text: string, { family }: Surroundings): readonly Condition[] {
  if (name === '-i' || name === '-o') {
    return [value === '+' ? always : { kind: name === '-i' ? 'in-interface' : 'out-interface', name: value }];
  }
  if (name === '-p') {
    const number = value === 'all' ? 0 : protocolNumber(value);
    if (number === undefined) return [doubtful('unparsed', text)];
    return [number === 0 ? always : protocolCondition([number], family)];
  }
  const sets = value.split(',').map(addressesOf);
  const read = sets.filter((addresses) => addresses !== undefined);
  if (read.length < sets.length) return [doubtful(value.includes('/') ? 'opaque' : 'unparsed', text)];
  const [only] = read;
  const addresses = only && read.length === 1 ? only : AddressSet.unionOf(read);
  return [{ kind: name === '-s' ? 'source' : 'destination', addresses }];
}

/** The addresses of `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1`. */
function addressesOf(text: string): AddressSet | undefined {
  const prefix = parsePrefix(text);
  if (prefix) return AddressSet.fromPrefixes([prefix]);
  const [host = '', mask = ''] = text.split('/');
  const address = parseAddress(host);
  return address && maskedAddresses(address, mask);
}
