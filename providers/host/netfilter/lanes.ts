import { Memo } from '../../../src/memo.js';
import { type Filter, type Layer, unknownFilter } from '../../../src/model/index.js';
import { type Address, type AddressSet, type Family, formatAddress, TrafficSet } from '../../../src/set/index.js';
import { chainFilter, chainRef } from './chain-filter.js';
import { flatten } from './flatten.js';
import { gapOf } from './gap.js';
import { type HungChain, hung } from './hung.js';
import { forgotten, type Marks, onNextPacket, unmarked } from './marks.js';
import { always, inTurn, type Match, oneOf } from './match.js';
import type { Packet } from './packet.js';
import type { ConnectionState, FilterTable, Hook } from './ruleset.js';
import { type Own, type Translated, translate } from './translation.js';

/** How a client's packet comes to the machine. */
export interface Arrival {
  readonly family: Family;
  /** The machine's address that it is sent to; undefined where nothing tells which of them that is. */
  readonly near: Address | undefined;
  readonly port: number;
  /** The interface by which it comes, and by which the answer goes; undefined where nothing tells. */
  readonly device: string | undefined;
  readonly outDevice: string | undefined;
  readonly own: Own;
}

/** The packet filters of the machine for some clients: those whose packets end at the same address and port. */
export interface Lane {
  readonly from: AddressSet;
  readonly to: Translated['to'];
  readonly by?: Translated['by'];
  /** In packet order, the way back included. */
  readonly layers: readonly Layer[];
  /** The same for the packets after the handshake, where they fare otherwise than the first. */
  readonly later: readonly Layer[];
}

/** Priorities of the kernel's own hooks (linux/netfilter_ipv4.h): connection tracking and the translation of destinations. */
const tracking = -200;
const translation = -100;
const sourceTranslation = 100;

const priorityOf = ({ chain }: HungChain) => chain.base?.priority ?? 0;
const isNat = ({ chain }: HungChain) => chain.base?.type === 'nat';
const isEarly = (chain: HungChain) => priorityOf(chain) <= tracking;
const inward: readonly Hook[] = ['ingress', 'prerouting', 'input'];
const outward: readonly Hook[] = ['output', 'postrouting', 'egress'];
const isIdle = ({ chain }: HungChain) => chain.rules.length === 0 && chain.base?.policy === 'accept';

/** Whose packets the chains before connection tracking exempt from it. */
function untracked(chains: readonly HungChain[], packet: Packet): Match {
  let { marks } = packet;
  const exempt = chains.flatMap(({ table, chain }) => {
    const { verdicts, marks: after } = flatten(table, chain, { ...packet, marks });
    marks = after;
    if (!verdicts.some(({ does }) => does.kind === 'notrack')) return [];
    const steps = verdicts.map(({ match, does }) => ({ match, takes: does.kind !== 'notrack' }));
    return inTurn(always, steps).filter((_, k) => verdicts[k]?.does.kind === 'notrack');
  });
  return oneOf(exempt);
}

/** What connection tracking makes of the packets of some clients: `tracked`, `untracked`, or nobody knows. */
type Tracking = 'tracked' | 'untracked' | undefined;

function trackingOf(exempt: Match, from: AddressSet): Tracking {
  if (!exempt.may.addresses().overlaps(from)) return 'tracked';
  return exempt.surely.addresses().covers(from) && exempt.surely.blocks.every(({ ports }) => ports.size === 65_536)
    ? 'untracked'
    : undefined;
}

/** Divides clients into those who are alike for connection tracking. */
function alike(from: AddressSet, exempts: readonly Match[]): AddressSet[] {
  let parts = [from];
  for (const exempt of exempts) {
    for (const set of [exempt.surely.addresses(), exempt.may.addresses()]) {
      parts = parts.flatMap((part) => [part.intersect(set), part.subtract(set)]).filter((part) => !part.isEmpty);
    }
  }
  return parts;
}

/** The state that a chain sees: before tracking there is none, which matches as `invalid` (nf_conntrack in Linux). */
function stateAt(chain: HungChain, after: ConnectionState | undefined): ConnectionState | undefined {
  const { hook } = chain.chain.base ?? {};
  if (hook === 'ingress' || hook === 'egress') return hook === 'ingress' ? 'invalid' : after;
  if (hook !== 'prerouting' && hook !== 'output') return after;
  const priority = priorityOf(chain);
  if (priority === tracking) return undefined;
  return priority < tracking ? 'invalid' : after;
}

/**
 * Of two chains with one priority the kernel runs the younger first (nf_hook_entries_grow); nft lists the older first. Which of two
 * tools came first is not told.
 */
function orderMark({ table, chain }: HungChain, others: readonly HungChain[]): string | undefined {
  const { hook = '', priority = 0 } = chain.base ?? {};
  const isTied = others.some((other) => priorityOf(other) === priority && other.table.by !== table.by);
  return isTied ? `${hook} ${priority}` : undefined;
}

function layerOf(chain: HungChain, others: readonly HungChain[], filters: Omit<Layer, 'kind' | 'subject'>): Layer {
  const unordered = orderMark(chain, others);
  return {
    kind: 'host-firewall',
    subject: chainRef(chain.table, chain.chain),
    ...(unordered !== undefined && { unordered }),
    ...filters,
  };
}

/** Whether a filter lets everything through without a word. */
function passesAll(filter: Filter): boolean {
  return (
    filter.kind === 'rules' && filter.otherwise === 'allow' && filter.rules.every(({ action }) => action === 'allow')
  );
}

interface Going {
  readonly arrival: Arrival;
  readonly tables: readonly FilterTable[];
  readonly part: Translated;
  readonly tracked: Tracking;
  /** Of the machine's answer. */
  readonly answerTracked: Tracking;
  /** The filters that lanes share: what a chain does with a packet. */
  readonly memo: Memo;
}

/** The machine's side of a packet as a chain sees it. */
interface Near {
  readonly near: Address | undefined;
  readonly port: number;
  readonly isTranslated: boolean;
}

/** Undefined where nothing tells whether the chain stands before or behind the translation. */
function nearAt(chain: HungChain, { arrival, part }: Going): Near | undefined {
  const before = { near: arrival.near, port: arrival.port, isTranslated: false };
  if (part.to.kind !== 'here') return before;
  const { hook } = chain.chain.base ?? {};
  const after = { near: part.to.near, port: part.to.port, isTranslated: true };
  if (hook === 'ingress' || hook === 'egress') return before;
  if (hook === 'prerouting' || hook === 'postrouting') {
    const turn = hook === 'prerouting' ? translation : sourceTranslation;
    const priority = priorityOf(chain);
    if (priority === turn && !isNat(chain)) return undefined;
    const isBefore = priority < turn || isNat(chain);
    return (hook === 'prerouting') === isBefore ? before : after;
  }
  return after;
}

const orderUnknown = gapOf({ kind: 'opaque', text: 'whether a chain stands before or behind the address translation' });

/** A filter, and the marks of what it lets through. */
interface Passed {
  readonly filter: Filter;
  readonly marks: Marks;
}

function filterFor(chain: HungChain, going: Going, packet: Omit<Packet, 'near' | 'nearPort' | 'isTranslated'>): Passed {
  const at = nearAt(chain, going);
  if (!at) return { filter: unknownFilter(orderUnknown), marks: forgotten(packet.marks) };
  const { near, port, isTranslated } = at;
  const { direction, carries, device, state, marks } = packet;
  const { table, chain: base } = chain;
  const to = near && formatAddress(near);
  const of = [table.by, table.family, table.name, base.name];
  const key = JSON.stringify([of, direction, carries, device, state, to, port, isTranslated]);
  return going.memo.onceFor(marks, key, () =>
    chainFilter(table, base, { ...packet, near, nearPort: port, isTranslated }),
  );
}

/** Layers in the order of the packet, and the marks with which it leaves the last one. */
interface Passage {
  readonly layers: readonly Layer[];
  readonly marks: Marks;
}

/** What is sent on, or may be, does not meet the chains for what the machine takes itself, nor do its answers those for what it sends. */
function staysHere({ to }: Translated): boolean {
  return to.kind === 'here' || to.kind === 'as-asked';
}

function inboundLayers(going: Going, start: Marks): Passage {
  const { arrival, tables, part, tracked } = going;
  const after: ConnectionState | undefined =
    tracked === 'tracked' ? 'new' : tracked === 'untracked' ? 'untracked' : undefined;
  let marks = start;
  const hooks = staysHere(part) ? inward : inward.filter((hook) => hook !== 'input');
  const layers = hooks.flatMap((hook) => {
    const chains = hung(tables, hook, arrival).filter((chain) => !isIdle(chain));
    const translator = part.by ? chains.findIndex(({ chain }) => chain === part.by?.chain.chain) : -1;
    const met = chains.filter((chain, index) => !isNat(chain) || translator < 0 || index <= translator);
    return met.map((chain) => {
      const passed = filterFor(chain, going, { ...packetFor(arrival, 'syn', stateAt(chain, after)), marks });
      marks = passed.marks;
      return layerOf(chain, chains, { inbound: passed.filter });
    });
  });
  return { layers, marks };
}

/** What tracking makes of an answer: the second packet of a tracked connection is of an established one. */
function answerState(going: Going, tracked: ConnectionState): ConnectionState | undefined {
  if (going.answerTracked === undefined || going.tracked === undefined) return undefined;
  if (going.answerTracked === 'untracked') return 'untracked';
  // The first packet of a connection that tracking sees is an answer: that is none that it knows.
  return going.tracked === 'untracked' ? 'invalid' : tracked;
}

/** The machine's answers, last chain first as the engine wants it; the marks are those after the second packet of the handshake. */
function outboundLayers(going: Going, start: Marks): Passage {
  const { arrival, tables } = going;
  const ways = {
    returning: { carries: 'syn-ack', state: 'established', isBound: false, marks: start },
    reset: { carries: 'reset', state: 'established', isBound: false, marks: start },
    'firewall-reset': { carries: 'reset', state: 'related', isBound: true, marks: start },
    error: { carries: 'icmp-error', state: 'related', isBound: true, marks: start },
  } satisfies Record<string, Answering>;
  const layers = outward.flatMap((hook) => {
    const all = hung(tables, hook, { ...arrival, device: arrival.outDevice });
    const chains = all.filter((chain) => !isIdle(chain) && !isNat(chain));
    return chains.map((chain) => {
      const through = (way: Answering) => {
        const after = answerState(going, way.state);
        // What a rule answers belongs to the connection from its birth; what the stack answers, from tracking on.
        const state = way.isBound ? after : stateAt(chain, after);
        const passed = filterFor(chain, going, { ...packetFor(arrival, way.carries, state), marks: way.marks });
        way.marks = passed.marks;
        return passed.filter;
      };
      const { returning, ...answers } = ways;
      return layerOf(chain, all, {
        ...(staysHere(going.part) && { returning: through(returning) }),
        answers: {
          reset: through(answers.reset),
          'firewall-reset': through(answers['firewall-reset']),
          error: through(answers.error),
        },
      });
    });
  });
  return { layers: layers.reverse(), marks: ways.returning.marks };
}

/** One kind of answer on its way out, with the marks that it has by now. */
interface Answering {
  readonly carries: Packet['carries'];
  readonly state: ConnectionState;
  readonly isBound: boolean;
  marks: Marks;
}

/** What becomes of the client's second packet, and of the first data of the server: both belong to a connection that is there. */
function laterLayers(going: Going, from: AddressSet, start: Marks): readonly Layer[] {
  const { arrival, tables, tracked, answerTracked } = going;
  const trackedAs = (hook: Hook, carries: 'ack' | 'data', place: Arrival): Tracking =>
    trackingOf(untracked(hung(tables, hook, place).filter(isEarly), packetFor(arrival, carries, 'invalid')), from);
  const exempt = {
    ack: trackedAs('prerouting', 'ack', arrival),
    data: trackedAs('output', 'data', { ...arrival, device: arrival.outDevice }),
  };
  const after: ConnectionState | undefined =
    tracked === undefined || tracked !== answerTracked
      ? undefined
      : tracked === 'tracked'
        ? 'established'
        : 'untracked';
  const through = (hooks: readonly Hook[], carries: 'ack' | 'data', first: Marks): Passage => {
    const isIn = carries === 'ack';
    let marks = first;
    const layers = hooks.flatMap((hook) => {
      const device = isIn ? arrival.device : arrival.outDevice;
      const chains = hung(tables, hook, { ...arrival, device }).filter((chain) => !isIdle(chain) && !isNat(chain));
      return chains.flatMap((chain): Layer[] => {
        const state = stateAt(chain, stateOf(exempt[carries], after));
        const { filter, marks: next } = filterFor(chain, going, { ...packetFor(arrival, carries, state), marks });
        marks = next;
        if (passesAll(filter)) return [];
        return [
          layerOf(chain, chains, { ...(isIn ? { inbound: filter } : { returning: filter }), after: 'handshake' }),
        ];
      });
    });
    return { layers, marks };
  };
  const second = through(inward, 'ack', nextOf(going, start, 'in'));
  const data = through(outward, 'data', nextOf(going, second.marks, 'out'));
  return [...data.layers.toReversed(), ...second.layers];
}

/** One object for all lanes, so that they share what is made of it. */
function nextOf({ memo }: Going, marks: Marks, direction: 'in' | 'out'): Marks {
  return memo.onceFor(marks, `next ${direction}`, () => onNextPacket(marks, direction));
}

/** What a later packet is, where it may be exempt from tracking although the first ones were not. */
function stateOf(own: Tracking, ofConnection: ConnectionState | undefined): ConnectionState | undefined {
  if (own === 'tracked') return ofConnection === 'untracked' ? undefined : ofConnection;
  return own;
}

function packetFor(arrival: Arrival, carries: Packet['carries'], state: ConnectionState | undefined): Packet {
  const { family, near, port, device, outDevice, own } = arrival;
  const isIn = carries === 'syn' || carries === 'ack';
  return {
    direction: isIn ? 'in' : 'out',
    carries,
    family,
    near,
    nearPort: port,
    device: isIn ? device : outDevice,
    state,
    own: own.addresses,
    isTranslated: false,
    marks: unmarked,
    ...(isIn && own.returnable && { returnable: own.returnable }),
  };
}

/** The first packet as the chains of type nat see it: with the marks that the chains before them leave. */
function atTranslation(tables: readonly FilterTable[], arrival: Arrival, exempt: Match): Packet {
  const before = hung(tables, 'prerouting', arrival).filter((chain) => priorityOf(chain) < translation);
  const chains = [...hung(tables, 'ingress', arrival), ...before].filter((chain) => !isIdle(chain) && !isNat(chain));
  let { marks } = packetFor(arrival, 'syn', 'new');
  for (const chain of chains) {
    const state = stateAt(chain, exempt.may.isEmpty ? 'new' : undefined);
    ({ marks } = flatten(chain.table, chain.chain, { ...packetFor(arrival, 'syn', state), marks }));
  }
  return { ...packetFor(arrival, 'syn', 'new'), marks };
}

const changesConnection = ({ chains }: FilterTable) =>
  chains.some(({ rules }) => rules.some(({ does }) => does.kind === 'mark' && does.of === 'connection'));

/**
 * Everything that the packet filters of a machine do with the packets that open a connection, client by client: the lanes
 * are disjoint and cover every client of the family.
 */
export function lanesOf(tables: readonly FilterTable[], arrival: Arrival): Lane[] {
  const exemptIn = untracked(hung(tables, 'prerouting', arrival).filter(isEarly), packetFor(arrival, 'syn', 'invalid'));
  const answering = hung(tables, 'output', { ...arrival, device: arrival.outDevice }).filter(isEarly);
  const natChains = hung(tables, 'prerouting', arrival).filter(isNat);
  const marked = natChains.length > 0 ? atTranslation(tables, arrival, exemptIn) : packetFor(arrival, 'syn', 'new');
  const parts = translate(natChains, marked, arrival.own);
  const start = tables.some(changesConnection) ? { ...unmarked, gone: TrafficSet.empty } : unmarked;
  const memo = new Memo();
  return parts.flatMap((part) => {
    const ends = part.to.kind === 'here' ? { ...arrival, near: part.to.near, port: part.to.port } : arrival;
    const exemptOut = untracked(answering, packetFor(ends, 'syn-ack', 'invalid'));
    return alike(part.from, [exemptIn, exemptOut]).map((from): Lane => {
      const tracked = trackingOf(exemptIn, from);
      // A packet that is not tracked is not translated.
      const own: Translated =
        tracked === 'untracked' && part.to.kind !== 'as-asked' ? { from, to: { kind: 'as-asked' } } : part;
      const going: Going = { arrival, tables, part: own, tracked, answerTracked: trackingOf(exemptOut, from), memo };
      const unsure = tracked === undefined && own.to.kind !== 'as-asked';
      const first = inboundLayers(going, start);
      const answer = outboundLayers(going, nextOf(going, first.marks, 'out'));
      return {
        from,
        to: unsure ? { kind: 'unknown', gap: orderUnknown } : own.to,
        ...(own.by && { by: own.by }),
        layers: [...answer.layers, ...first.layers],
        later: laterLayers(going, from, answer.marks),
      };
    });
  });
}
