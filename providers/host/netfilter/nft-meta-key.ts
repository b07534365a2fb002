import type { Family } from '../../../src/set/index.js';
import { addressType } from './address-type.js';
import { anyOf, directionOf, doubtful, inverse, notOfTcp, tracked } from './conditions.js';
import { doubtKey, familyKey, type Key, protocolKey } from './nft-key.js';
import { markKey } from './nft-marks.js';
import { asText, isList, memberOf, wordsIn } from './nft-value.js';
import { nftText } from './nft-words.js';
import type { Condition, ConnectionState } from './ruleset.js';

const statefulMeta = new Set(['time', 'day', 'hour', 'random']);

/** What the kernel knows of a packet beside its headers: `{"meta": {"key": "iifname"}}`. */
export function metaKey(key: string, family: Family | undefined, text: string): Key {
  switch (key) {
    case 'iifname':
    case 'iif':
      return interfaceKey('in-interface', text);
    case 'oifname':
    case 'oif':
      return interfaceKey('out-interface', text);
    case 'l4proto':
      return protocolKey(family);
    case 'nfproto':
    case 'protocol':
      return familyKey();
    case 'pkttype':
      return packetTypeKey(text);
    case 'mark':
      return markKey('packet');
    default:
      return doubtKey(statefulMeta.has(key) ? 'stateful' : 'opaque', text);
  }
}

/** Interfaces by name. One by number has no name in the dump, but for the first, which is always `lo`. */
function interfaceKey(kind: 'in-interface' | 'out-interface', text: string): Key {
  return {
    requires: [],
    isOne: (values) => {
      const lists = values.map((value): Condition => {
        const name = value === 1 ? 'lo' : asText(value);
        return name === undefined ? doubtful('opaque', `${text} ${nftText(value)}`) : { kind, name };
      });
      return anyOf(lists.map((condition) => [condition]));
    },
  };
}

function packetTypeKey(text: string): Key {
  const types: ReadonlyMap<unknown, Condition> = new Map<unknown, Condition>([
    ['host', inverse(notOfTcp(text))],
    ['unicast', inverse(notOfTcp(text))],
    ['broadcast', notOfTcp(text)],
    ['multicast', notOfTcp(text)],
    ['other', notOfTcp(text)],
  ]);
  return {
    requires: [],
    isOne: (values) => {
      const read = values.map((value) => types.get(value)).filter((condition) => condition !== undefined);
      return read.length === values.length ? anyOf(read.map((condition) => [condition])) : undefined;
    },
  };
}

const states: ReadonlySet<unknown> = new Set<ConnectionState>([
  'new',
  'established',
  'related',
  'invalid',
  'untracked',
]);

function isState(value: unknown): value is ConnectionState {
  return states.has(value);
}

/** What connection tracking knows: `{"ct": {"key": "state"}}`. All but the state is known of connections only (nft_ct_get_eval of Linux). */
export function ctKey(body: Readonly<Record<string, unknown>>, family: Family | undefined, text: string): Key {
  if (body.key === 'state') return stateKey();
  const key = connectionKey(body, family, text);
  return { ...key, requires: [tracked, ...key.requires] };
}

function stateKey(): Key {
  const isOne = (values: readonly unknown[]): Condition | undefined =>
    values.every(isState) ? { kind: 'state', states: values } : undefined;
  // A packet has exactly one state, so that one of the bits is one of the states.
  const hasBit = (value: unknown) => isOne(bitsOf(value));
  return { requires: [], isOne, hasBit, isMasked: (mask, value) => noBit(value === 0 ? hasBit(mask) : undefined) };
}

function connectionKey(body: Readonly<Record<string, unknown>>, family: Family | undefined, text: string): Key {
  switch (body.key) {
    case 'status':
      return { ...doubtKey('opaque', text), hasBit: (value) => statusBit(value, text) };
    case 'direction':
      return {
        requires: [],
        isOne: ([value, ...more]) =>
          more.length === 0 && (value === 'original' || value === 'reply') ? directionOf(value, text) : undefined,
      };
    case 'protocol':
      return protocolKey(family);
    case 'l3proto':
      return familyKey();
    case 'mark':
      return markKey('connection');
    case 'expiration':
    case 'bytes':
    case 'packets':
    case 'avgpkt':
      return doubtKey('stateful', text);
    default:
      return doubtKey('opaque', text);
  }
}

/** The bits of `"new"`, `["new", "related"]` and `{"|": ["new", "related"]}`. */
function bitsOf(value: unknown): readonly unknown[] {
  const [name, body] = memberOf(value) ?? [];
  const bits = name === '|' ? body : value;
  return isList(bits) ? bits : [bits];
}

function noBit(condition: Condition | undefined): Condition | undefined {
  return condition && inverse(condition);
}

function statusBit(value: unknown, text: string): Condition {
  const lists = wordsIn(value).map((word): Condition => {
    if (word === 'dnat') return { kind: 'translated', of: 'destination' };
    return word === 'snat' ? { kind: 'translated', of: 'source' } : doubtful('opaque', `${text} ${word}`);
  });
  return lists.length === 0 ? doubtful('opaque', text) : anyOf(lists.map((condition) => [condition]));
}

/** What the routing table says: `{"fib": {"result": "type", "flags": ["daddr"]}}`. */
export function fibKey(body: Readonly<Record<string, unknown>>, text: string): Key {
  const flags = wordsIn(body.flags);
  const of = flags.includes('saddr') ? 'source' : 'destination';
  const oneInterface = flags.includes('iif') || flags.includes('oif');
  if (body.result === 'type') {
    return {
      requires: [],
      isOne: (values) => {
        const type = addressType(of, values.map(String), text);
        return type && anyOf([oneInterface ? [type, doubtful('opaque', text)] : [type]]);
      },
    };
  }
  if (of === 'destination' || (body.result !== 'oif' && body.result !== 'oifname')) return doubtKey('opaque', text);
  const path: Condition = { kind: 'reverse-path', ...(!oneInterface && { loose: true as const }) };
  const missing: readonly unknown[] = [false, 0, '0', ''];
  return {
    requires: [],
    isOne: ([value]) => (value === true ? path : missing.includes(value) ? inverse(path) : doubtful('opaque', text)),
  };
}
