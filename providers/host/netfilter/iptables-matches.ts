import { AddressSet, PortSet, parseAddress } from '../../../src/set/index.js';
import { addressType } from './address-type.js';
import {
  allOf,
  always,
  anyOf,
  directionOf,
  doubtful,
  hopLimit,
  inverse,
  never,
  notOfTcp,
  tracked,
} from './conditions.js';
import { icmpType } from './icmp-types.js';
import { matchSet, type SetDirection } from './ipset-match.js';
import { connectionMark, markTest } from './iptables-marks.js';
import type { Match, Option, Surroundings } from './iptables-option.js';
import { isBang, type Word } from './iptables-words.js';
import { highestPort, protocolCondition, protocolNumber } from './protocols.js';
import type { Condition, ConnectionState } from './ruleset.js';

function option(values: number, read: Option['read']): Option {
  return { values, read };
}

function options(of: Readonly<Record<string, Option>>): Match {
  return { options: new Map(Object.entries(of)) };
}

/** The first and last port of `22`, `2222:2230`, `:1024`, `1024:`; undefined for anything else. */
function portRange(text: string): readonly [first: number, last: number] | undefined {
  const [, first, colon, last] = /^([0-9]{0,5})(:?)([0-9]{0,5})$/.exec(text) ?? [];
  if (first === undefined || (colon === '' && first === '')) return undefined;
  const from = Number(first);
  const to = colon === '' ? from : last === '' ? highestPort : Number(last);
  return from <= to && to <= highestPort ? [from, to] : undefined;
}

function portList(text: string): PortSet | undefined {
  const ranges = text.split(',').map(portRange);
  const read = ranges.filter((range) => range !== undefined);
  return read.length === ranges.length ? PortSet.ofRanges(read) : undefined;
}

type PortKind = 'source-port' | 'destination-port';

function ports(...kinds: readonly PortKind[]): Option {
  return option(1, ([text = '']) => {
    const read = portList(text);
    return read && [anyOf(kinds.map((kind) => [{ kind, ports: read }]))];
  });
}

const flagBits: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ALL: 63,
  NONE: 0,
};

function flagsOf(text: string): number | undefined {
  let bits = 0;
  for (const word of text.split(',')) {
    const bit = Object.hasOwn(flagBits, word) ? flagBits[word] : undefined;
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

const tcpFlags = option(2, ([mask = '', value = '']) => {
  const [among, set] = [flagsOf(mask), flagsOf(value)];
  return among === undefined || set === undefined ? undefined : [{ kind: 'tcp-flags', mask: among, value: set }];
});

const opaque = option(1, (_, text) => [doubtful('opaque', text)]);
const stateful = option(1, (_, text) => [doubtful('stateful', text)]);

const portOptions = {
  '--sport': ports('source-port'),
  '--sports': ports('source-port'),
  '--source-port': ports('source-port'),
  '--source-ports': ports('source-port'),
  '--dport': ports('destination-port'),
  '--dports': ports('destination-port'),
  '--destination-port': ports('destination-port'),
  '--destination-ports': ports('destination-port'),
};

const stateWords: ReadonlyMap<string, ConnectionState> = new Map([
  ['NEW', 'new'],
  ['ESTABLISHED', 'established'],
  ['RELATED', 'related'],
  ['INVALID', 'invalid'],
  ['UNTRACKED', 'untracked'],
]);

const stateOption = option(1, ([text = '']) => {
  const found: ConnectionState[] = [];
  const lists: Condition[][] = [];
  for (const word of text.split(',')) {
    const state = stateWords.get(word);
    if (state) found.push(state);
    else if (word === 'DNAT') lists.push([{ kind: 'translated', of: 'destination' }]);
    else if (word === 'SNAT') lists.push([{ kind: 'translated', of: 'source' }]);
    else return undefined;
  }
  return [anyOf(found.length > 0 ? [[{ kind: 'state', states: found }], ...lists] : lists)];
});

const connection: Readonly<Record<string, Option>> = {
  '--ctproto': option(1, ([text = ''], _, { family }) => {
    const number = protocolNumber(text);
    return number === undefined ? undefined : [protocolCondition([number], family)];
  }),
  '--ctdir': option(1, ([word], text) => {
    if (word !== 'ORIGINAL' && word !== 'REPLY') return undefined;
    return [directionOf(word === 'REPLY' ? 'reply' : 'original', text)];
  }),
  '--ctstatus': opaque,
  '--ctexpire': stateful,
  ...Object.fromEntries(
    ['orig', 'repl'].flatMap((way) =>
      ['src', 'dst', 'srcport', 'dstport'].map((end) => [`--ct${way}${end}`, opaque] as const),
    ),
  ),
};

/**
 * The options of `-m conntrack`, all but the state being about a connection. A packet without one meets them where the state is asked
 * too, and then whatever they ask; otherwise it meets none, nor its negation (conntrack_mt of Linux).
 */
function conntrack(words: readonly Word[], _: string, surroundings: Surroundings): readonly Condition[] {
  const states: Condition[] = [];
  const others: Condition[] = [];
  for (let at = 0; at < words.length; at++) {
    const start = at;
    const before = isBang(words[at]);
    if (before) at++;
    const name = words[at++]?.text ?? '';
    const after = isBang(words[at]);
    if (after) at++;
    const text = words
      .slice(start, at + 1)
      .map((word) => word.text)
      .join(' ');
    const option = name === '--ctstate' ? stateOption : Object.hasOwn(connection, name) ? connection[name] : undefined;
    const found = option?.read([words[at]?.text ?? ''], text, surroundings) ?? [doubtful('unparsed', text)];
    (option === stateOption ? states : others).push(...allOf(found, before || after));
  }
  if (states.length === 0) return [tracked, ...others];
  return others.length === 0 ? states : [...states, anyOf([[inverse(tracked)], others])];
}

function addressRange(kind: 'source' | 'destination'): Option {
  return option(1, ([text = '']) => {
    const [first, last = first, more] = text.split('-').map(parseAddress);
    if (!first || !last || more || first.family !== last.family || first.value > last.value) return undefined;
    return [{ kind, addresses: AddressSet.range(first, last) }];
  });
}

function directionsOf(text: string): readonly SetDirection[] | undefined {
  const words = text.split(',');
  return words.every((word) => word === 'src' || word === 'dst') ? words : undefined;
}

const setOptions: Readonly<Record<string, Option>> = {
  '--match-set': option(2, ([name = '', ways = ''], _, { ipsets, family }) => {
    const directions = directionsOf(ways);
    return directions && [matchSet(ipsets, name, directions, family)];
  }),
  '--return-nomatch': option(0, (_, text) => [doubtful('opaque', `-m set ${text}`)]),
  '--update-counters': option(0, () => []),
  '--update-subcounters': option(0, () => []),
  ...Object.fromEntries(
    ['packets', 'bytes'].flatMap((what) => ['eq', 'lt', 'gt'].map((how) => [`--${what}-${how}`, stateful] as const)),
  ),
};

function icmp(family: 4 | 6): Option {
  return option(1, ([text = ''], written) => {
    const [word = '', code] = text.split('/');
    if (word === 'any') return [always];
    const type = icmpType(word, family);
    if (type === undefined) return undefined;
    return [{ kind: 'icmp-type', types: [type] }, ...(code === undefined ? [] : [doubtful('opaque', written)])];
  });
}

/** A TCP packet that the machine takes was sent to it alone (tcp_v4_rcv of Linux). */
const packetType = option(1, ([word], text) => {
  if (word === 'broadcast' || word === 'multicast') return [notOfTcp(text)];
  return word === 'unicast' ? [inverse(notOfTcp(text))] : undefined;
});

/** The types of `-m addrtype`; where only addresses of one interface count, whose they are is not known (iptables-extensions(8)). */
function addrtype(words: readonly Word[], text: string, { family }: Surroundings): readonly Condition[] | undefined {
  const limited = words.some((word) => word.text.startsWith('--limit-iface'));
  const found: Condition[] = [];
  for (let at = 0; at < words.length; at++) {
    const negated = words[at]?.text === '!';
    if (negated) at++;
    const name = words[at]?.text;
    if (name === '--limit-iface-in' || name === '--limit-iface-out') continue;
    if (name !== '--src-type' && name !== '--dst-type') return undefined;
    const of = name === '--src-type' ? 'source' : 'destination';
    const types = words[++at]?.text.split(',') ?? [];
    const type = family === 6 && types.includes('UNICAST') ? doubtful('opaque', text) : addressType(of, types, text);
    if (!type) return undefined;
    found.push(...allOf(limited ? [type, doubtful('opaque', text)] : [type], negated));
  }
  return found;
}

function isPlain(words: readonly Word[], name: string): boolean {
  return words.some(({ text }, i) => text === name && words[i - 1]?.text !== '!');
}

function reversePath(words: readonly Word[]): readonly Condition[] {
  const loose = words.some((word) => word.text === '--loose') ? { loose: true as const } : {};
  return allOf(
    [{ kind: 'reverse-path', ...loose }],
    words.some((word) => word.text === '--invert'),
  );
}

function hop(words: readonly Word[], text: string): readonly Condition[] {
  const at = words.findIndex((word) => word.text === '--hl-eq');
  return [
    at < 0 || words[at - 1]?.text === '!' ? doubtful('opaque', text) : hopLimit(Number(words[at + 1]?.text), text),
  ];
}

/** Matches on what no SYN of a client and no neighbour discovery carries: extension headers (RFC 8200) and fragments. */
const headers = ['rt', 'hbh', 'dst', 'frag', 'mh', 'srh', 'ah', 'esp', 'ipcomp'];

const statefulMatches =
  'limit hashlimit recent connlimit connbytes connrate quota quota2 statistic nth random rateest time condition psd pknock dynset';
const opaqueMatches =
  'connlabel owner geoip string bpf u32 mac physdev policy socket dscp tos length length2 ttl tcpmss helper realm cgroup cluster cpu devgroup ecn ipvs osf nfacct l2tp ipv6header eui64 ipp2p layer7 iface ipv4options gradm lscan fuzzy asn account';

function wholes(names: string, kind: 'stateful' | 'opaque'): [string, Match][] {
  return names.split(' ').map((name) => [name, { whole: (_, text) => [doubtful(kind, text)] }]);
}

/** The match extensions by name (iptables-extensions(8)). */
export const matches: ReadonlyMap<string, Match> = new Map<string, Match>([
  ...wholes(statefulMatches, 'stateful'),
  ...wholes(opaqueMatches, 'opaque'),
  ...headers.map((name): [string, Match] => [name, { whole: () => [never] }]),
  [
    'tcp',
    options({
      ...portOptions,
      '--tcp-flags': tcpFlags,
      '--syn': option(0, () => [{ kind: 'tcp-flags', mask: 23, value: 2 }]),
      '--tcp-option': opaque,
    }),
  ],
  ['udp', options(portOptions)],
  ['udplite', options(portOptions)],
  ['sctp', options({ ...portOptions, '--chunk-types': option(2, (_, text) => [doubtful('opaque', text)]) })],
  ['dccp', options({ ...portOptions, '--dccp-types': opaque, '--dccp-option': opaque })],
  ['icmp', options({ '--icmp-type': icmp(4) })],
  ['icmp6', options({ '--icmpv6-type': icmp(6) })],
  ['multiport', options({ ...portOptions, '--ports': ports('source-port', 'destination-port') })],
  ['iprange', options({ '--src-range': addressRange('source'), '--dst-range': addressRange('destination') })],
  ['set', options(setOptions)],
  ['conntrack', { whole: conntrack }],
  ['state', options({ '--state': stateOption })],
  ['mark', options({ '--mark': option(1, ([text = '']) => markTest('packet', text)) })],
  ['connmark', { whole: connectionMark }],
  ['pkttype', options({ '--pkt-type': packetType })],
  ['comment', options({ '--comment': option(1, () => []) })],
  ['addrtype', { whole: addrtype }],
  ['rpfilter', { whole: reversePath }],
  ['hl', { whole: hop }],
  // Alone it only writes the address down, and always matches.
  ['recent', { whole: (words, text) => [isPlain(words, '--set') ? always : doubtful('stateful', text)] }],
]);
