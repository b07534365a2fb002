import { Memo } from '../../../src/memo.js';
import { type Filter, type Layer, unknownFilter } from '../../../src/model/index.js';
import { type Address, type AddressSet, type Family, formatAddress } from '../../../src/set/index.js';
import { chainFilter, chainRef } from './chain-filter.js';
import { flatten } from './flatten.js';
import { type HungChain, hung } from './hung.js';
import { always, inTurn, type Match, oneOf } from './match.js';
import { gapOf, type Packet } from './packet.js';
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
const isIdle = ({ chain }: HungChain) => chain.rules.length === 0 && chain.base?.policy === 'accept';

/** Whose packets the chains before connection tracking exempt from it. */
function untracked(chains: readonly HungChain[], packet: Packet): Match {
  const exempt = chains.flatMap(({ table, chain }) => {
    const verdicts = flatten(table, chain, packet);
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

function filterFor(chain: HungChain, going: Going, packet: Omit<Packet, 'near' | 'nearPort' | 'isTranslated'>): Filter {
  const at = nearAt(chain, going);
  if (!at) return unknownFilter(orderUnknown);
  const { near, port, isTranslated } = at;
  const { direction, carries, device, state } = packet;
  const to = near && formatAddress(near);
  const key = JSON.stringify([direction, carries, device, state, to, port, isTranslated]);
  return going.memo.onceFor(chain.chain, key, () =>
    chainFilter(chain.table, chain.chain, { ...packet, near, nearPort: port, isTranslated }),
  );
}

function inboundLayers(hook: Hook, going: Going): Layer[] {
  const { arrival, tables, part, tracked } = going;
  const chains = hung(tables, hook, arrival).filter((chain) => !isIdle(chain));
  const translator = part.by && chains.findIndex(({ chain }) => chain === part.by?.chain.chain);
  const after: ConnectionState | undefined =
    tracked === 'tracked' ? 'new' : tracked === 'untracked' ? 'untracked' : undefined;
  return chains
    .filter((chain, index) => !isNat(chain) || translator === undefined || translator < 0 || index <= translator)
    .map((chain) => {
      const packet = {
        direction: 'in' as const,
        carries: 'syn' as const,
        family: arrival.family,
        device: arrival.device,
        own: arrival.own.addresses,
        state: stateAt(chain, after),
        ...(arrival.own.returnable && { returnable: arrival.own.returnable }),
      };
      return layerOf(chain, chains, { inbound: filterFor(chain, going, packet) });
    });
}

/** What tracking makes of an answer: the second packet of a tracked connection is of an established one. */
function answerState(going: Going, tracked: ConnectionState): ConnectionState | undefined {
  if (going.answerTracked === undefined || going.tracked === undefined) return undefined;
  if (going.answerTracked === 'untracked') return 'untracked';
  // The first packet of a connection that tracking sees is an answer: that is none that it knows.
  return going.tracked === 'untracked' ? 'invalid' : tracked;
}

function outboundLayers(hook: Hook, going: Going): Layer[] {
  const { arrival, tables } = going;
  const chains = hung(tables, hook, { ...arrival, device: arrival.outDevice });
  return chains
    .filter((chain) => !isIdle(chain) && !isNat(chain))
    .reverse()
    .map((chain) => {
      const as = (carries: Packet['carries'], state: ConnectionState, isBound: boolean) => {
        const after = answerState(going, state);
        return filterFor(chain, going, {
          direction: 'out',
          carries,
          family: arrival.family,
          device: arrival.outDevice,
          own: arrival.own.addresses,
          // What a rule answers belongs to the connection from its birth; what the stack answers, from tracking on.
          state: isBound ? after : stateAt(chain, after),
        });
      };
      return layerOf(chain, chains, {
        returning: as('syn-ack', 'established', false),
        answers: {
          reset: as('reset', 'established', false),
          'firewall-reset': as('reset', 'related', true),
          error: as('icmp-error', 'related', true),
        },
      });
    });
}

/** What becomes of the client's second packet, and of the first data of the server: both belong to a connection that is there. */
function laterLayers(going: Going, from: AddressSet): Layer[] {
  const { arrival, tables, tracked, answerTracked } = going;
  const early = (chain: HungChain) => priorityOf(chain) <= tracking;
  const trackedAs = (hook: Hook, carries: 'ack' | 'data', place: Arrival): Tracking =>
    trackingOf(untracked(hung(tables, hook, place).filter(early), packetFor(arrival, carries, 'invalid')), from);
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
  const layersFor = (hook: Hook, carries: 'ack' | 'data'): Layer[] => {
    const isIn = carries === 'ack';
    const device = isIn ? arrival.device : arrival.outDevice;
    const chains = hung(tables, hook, { ...arrival, device }).filter((chain) => !isIdle(chain) && !isNat(chain));
    return chains.flatMap((chain): Layer[] => {
      const filter = filterFor(chain, going, {
        direction: isIn ? 'in' : 'out',
        carries,
        family: arrival.family,
        device,
        own: arrival.own.addresses,
        state: stateAt(chain, stateOf(exempt[carries], after)),
        ...(arrival.own.returnable && { returnable: arrival.own.returnable }),
      });
      if (passesAll(filter)) return [];
      const one = isIn ? { inbound: filter } : { returning: filter };
      return [layerOf(chain, chains, { ...one, after: 'handshake' })];
    });
  };
  return [
    ...(['egress', 'postrouting', 'output'] as const).flatMap((hook) => layersFor(hook, 'data').reverse()),
    ...(['ingress', 'prerouting', 'input'] as const).flatMap((hook) => layersFor(hook, 'ack')),
  ];
}

/** What a later packet is, where it may be exempt from tracking although the first ones were not. */
function stateOf(own: Tracking, ofConnection: ConnectionState | undefined): ConnectionState | undefined {
  if (own === 'tracked') return ofConnection === 'untracked' ? undefined : ofConnection;
  return own;
}

function packetFor(arrival: Arrival, carries: 'syn' | 'syn-ack' | 'ack' | 'data', state: ConnectionState): Packet {
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
    ...(own.returnable && { returnable: own.returnable }),
  };
}

/**
 * Everything that the packet filters of a machine do with the packets that open a connection, client by client: the lanes
 * are disjoint and cover every client of the family.
 */
export function lanesOf(tables: readonly FilterTable[], arrival: Arrival): Lane[] {
  const early = (chain: HungChain) => priorityOf(chain) <= tracking;
  const exemptIn = untracked(hung(tables, 'prerouting', arrival).filter(early), packetFor(arrival, 'syn', 'invalid'));
  const answering = hung(tables, 'output', { ...arrival, device: arrival.outDevice }).filter(early);
  const natChains = hung(tables, 'prerouting', arrival).filter(isNat);
  const parts = translate(natChains, packetFor(arrival, 'syn', 'new'), arrival.own);
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
      return {
        from,
        to: unsure ? { kind: 'unknown', gap: orderUnknown } : own.to,
        ...(own.by && { by: own.by }),
        layers: [
          ...outboundLayers('egress', going),
          ...outboundLayers('postrouting', going),
          ...outboundLayers('output', going),
          ...inboundLayers('ingress', going),
          ...inboundLayers('prerouting', going),
          ...inboundLayers('input', going),
        ],
        later: laterLayers(going, from),
      };
    });
  });
}
