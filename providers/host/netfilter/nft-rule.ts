import { anyOf, doubtful, tracked } from './conditions.js';
import { passingTargets } from './iptables-targets.js';
import { isDoubt, mappedBy } from './nft-map.js';
import { markFormula } from './nft-marks.js';
import { matchConditions, type NftScope } from './nft-match.js';
import { dnatEffects, redirectEffects } from './nft-nat.js';
import { asObject, asText, memberOf } from './nft-value.js';
import { type Effect, rejectEffects, unknownStatement, verdictOf } from './nft-verdict.js';
import { nftText, ruleText } from './nft-words.js';
import type { Condition, FilterRule, Statement } from './ruleset.js';

interface Reading {
  readonly scope: NftScope;
  readonly conditions: Condition[];
  readonly effects: Effect[];
  packets: number | undefined;
  /** So many conditions were there when marks changed for the last time. */
  asked: number | undefined;
  /** Whether nothing after this is reached. */
  ended: boolean;
}

/** A rule as the JSON form writes it. */
export interface WrittenRule {
  readonly id: string;
  readonly statements: readonly unknown[];
  readonly comment: string | undefined;
  /** As the text form writes it, where it was read from that. */
  readonly text: string | undefined;
}

/**
 * The rules that one rule of nft amounts to: one for each thing that it does, all with its id, and each with the conditions that stand
 * before it. A rule that only counts or logs is one that goes on.
 */
export function rulesOf(written: WrittenRule, scope: NftScope): readonly FilterRule[] {
  const reading: Reading = { scope, conditions: [], effects: [], packets: undefined, asked: undefined, ended: false };
  for (const statement of written.statements) {
    const [name, body] = memberOf(statement) ?? ['', statement];
    if (reading.ended) break;
    readStatement(reading, name, body, statement);
  }
  const { effects, conditions, packets } = reading;
  const all = effects.length > 0 ? effects : [{ conditions, does: { kind: 'continue' } as const }];
  const text = written.text ?? ruleText(written.statements, written.comment);
  return all.map((effect) => ({
    id: written.id,
    ...effect,
    text,
    ...(written.comment !== undefined && { comment: written.comment }),
    ...(packets !== undefined && { packets }),
  }));
}

function emit(reading: Reading, does: Statement, conditions: readonly Condition[] = []): void {
  const { asked } = reading;
  const all = [...reading.conditions, ...conditions];
  reading.effects.push({ does, conditions: all, ...(asked !== undefined && { asked }) });
}

function end(reading: Reading, ...effects: readonly Effect[]): void {
  for (const { does, conditions } of effects) emit(reading, does, conditions);
  reading.ended = true;
}

/** Statements that change nothing that decides: nft(8). */
const passing = new Set([
  'log',
  'comment',
  'flow',
  'dup',
  'last',
  'secmark',
  'reset',
  'ct helper',
  'ct timeout',
  'ct expectation',
]);

function readStatement(reading: Reading, name: string, body: unknown, statement: unknown): void {
  const verdict = verdictOf(statement);
  if (verdict) {
    emit(reading, verdict);
    reading.ended = verdict.kind !== 'continue';
    return;
  }
  switch (name) {
    case 'match':
      reading.conditions.push(...matchConditions(body, reading.scope));
      return;
    case 'counter': {
      const { packets } = asObject(body);
      if (typeof packets === 'number') reading.packets = packets;
      return;
    }
    case 'limit':
    case 'quota':
    case 'ct count':
    case 'meter':
      reading.conditions.push(doubtful('stateful', nftText(statement)));
      return;
    case 'set':
    case 'map':
      // Where the set is full nothing after it is reached; to delete always succeeds.
      if (asObject(body).op !== 'delete') reading.conditions.push(doubtful('stateful', nftText(statement)));
      return;
    case 'mangle':
      readChange(reading, asObject(body), nftText(statement));
      return;
    case 'xt':
      readExtension(reading, asObject(body));
      return;
    default:
      if (!passing.has(name)) readAction(reading, name, body, nftText(statement));
  }
}

function readAction(reading: Reading, name: string, body: unknown, text: string): void {
  const { scope } = reading;
  switch (name) {
    case 'reject':
      end(reading, ...rejectEffects(body, scope.family));
      return;
    case 'redirect':
      end(reading, ...redirectEffects(body, scope));
      return;
    case 'dnat':
      end(reading, ...dnatEffects(body, scope));
      return;
    case 'masquerade':
    case 'snat':
      end(reading, { conditions: [], does: { kind: 'accept' } });
      return;
    case 'vmap':
      readVerdictMap(reading, asObject(body), text);
      return;
    case 'notrack':
    case 'synproxy':
      emit(reading, { kind: name });
      return;
    case 'tproxy':
      emit(reading, unknownStatement('opaque', text));
      return;
    case 'queue':
    case 'fwd':
      end(reading, { conditions: [], does: unknownStatement('opaque', text) });
      return;
    default:
      end(reading, { conditions: [], does: unknownStatement('unparsed', text) });
  }
}

function readVerdictMap(reading: Reading, { key, data }: Readonly<Record<string, unknown>>, text: string): void {
  const mapped = mappedBy(key, data, reading.scope);
  if (isDoubt(mapped)) {
    end(reading, { conditions: [], does: { kind: 'unknown', why: { ...mapped, text } } });
    return;
  }
  const goingOn: (readonly Condition[])[] = [];
  for (const { conditions, value } of mapped) {
    const does = verdictOf(value) ?? unknownStatement('unparsed', text);
    if (does.kind === 'continue') goingOn.push(conditions);
    else emit(reading, does, conditions);
  }
  // Packets without an element leave the rule here, those of `continue` see the rest of it.
  reading.conditions.push(anyOf(goingOn));
  reading.ended = goingOn.length === 0;
}

/** Writes a mark. A packet without a connection leaves the rule where the mark of that is read, and passes by where it is written. */
function readMark(reading: Reading, of: 'packet' | 'connection', value: unknown, text: string): void {
  const to = markFormula(value);
  if (to ? to.connection !== 0 : JSON.stringify(value ?? null).includes('"ct"')) reading.conditions.push(tracked);
  // What was asked of marks between two changes of them is not told apart from what was asked before.
  const between = reading.asked === undefined ? [] : reading.conditions.slice(reading.asked);
  if (JSON.stringify(between).includes('"mark"')) reading.conditions.push(doubtful('opaque', text));
  emit(reading, { kind: 'mark', of, ...(to && { to }) }, of === 'connection' ? [tracked] : []);
  reading.asked = reading.conditions.length;
}

const beside = new Set(['priority', 'nftrace', 'rtclassid', 'secmark', 'cgroup']);
const harmless = new Set(['dscp', 'ecn', 'ttl', 'hoplimit', 'flowlabel']);

/** A statement that writes into the packet or beside it: what its address, port or flags are then, no later rule can tell. */
function readChange(reading: Reading, { key, value }: Readonly<Record<string, unknown>>, text: string): void {
  const [name, body] = memberOf(key) ?? ['', undefined];
  const { key: what, field } = asObject(body);
  if (what === 'mark' && (name === 'meta' || name === 'ct')) {
    readMark(reading, name === 'meta' ? 'packet' : 'connection', value, text);
    return;
  }
  const isHarmless =
    name === 'ct' ||
    name === 'tcp option' ||
    (name === 'meta' && beside.has(asText(what) ?? '')) ||
    (name === 'payload' && harmless.has(asText(field) ?? ''));
  if (!isHarmless) emit(reading, unknownStatement('opaque', text));
}

/** Targets that write marks; SET may, from a set. */
const marking = new Set(['MARK', 'CONNMARK', 'HMARK', 'SET']);

/** An extension of iptables in a table of nft: its values are not in the dump. */
function readExtension(reading: Reading, { type, name }: Readonly<Record<string, unknown>>): void {
  const text = nftText({ xt: { type, name } });
  // CT may be `--notrack`, which is a value.
  const isPassing = type === 'target' && name !== 'CT' && passingTargets.has(asText(name) ?? '');
  if (name === 'comment' || isPassing) return;
  if (type === 'target' && marking.has(asText(name) ?? '')) {
    readMark(reading, 'packet', undefined, text);
    if (name === 'CONNMARK') readMark(reading, 'connection', undefined, text);
    return;
  }
  if (type === 'match') reading.conditions.push(doubtful('opaque', text));
  else end(reading, { conditions: [], does: unknownStatement('opaque', text) });
}

/** Whether a statement of a rule changes a named set or map, and which. */
export function changedSet(statement: unknown): string | undefined {
  const [name, body] = memberOf(statement) ?? [];
  if (name !== 'set' && name !== 'map') return undefined;
  const set = asText(asObject(body)[name]);
  return set?.replace(/^@/, '');
}
