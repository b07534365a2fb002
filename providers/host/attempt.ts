import type { AttemptEvidence, Filter, Layer, Motion, Reason, Rule, Sign, Stillness } from '../../src/model/index.js';
import { AddressSet, type Family } from '../../src/set/index.js';
import { type Attempt, familyAsked, lanesAsked } from './attempt-lanes.js';
import { attemptSigns } from './attempt-signs.js';
import { type CountersDelta, countersDelta, recordOfCounter } from './counters-delta.js';
import type { HostLane } from './host-layers.js';
import type { Machine } from './machine.js';
import { type RuleCount, type RuleCounts, ruleCounts } from './netfilter/rule-counts.js';
import { isCauseCode } from './repair/host-changes.js';

/** What of a machine's counters moved, and what did not, between an earlier bundle of it and its own, around one attempt to connect. */
export function attemptEvidence(machine: Machine, before: Machine, asked: Attempt): AttemptEvidence {
  const delta = machine.memo.once('delta', () => countersDelta(before.bundle, machine.bundle));
  if (typeof delta === 'string') return { moved: [], still: [] };
  const family = familyAsked(machine, asked);
  const counts = machine.memo.once('counts', () => ruleCounts(before.filters.tables, machine.filters.tables));
  const lanes = lanesAsked(machine, asked);
  const rules = lanes.flatMap((lane) => countedOf(lane, counts));
  const still = stillnessOf(machine, delta, { family, lanes });
  return {
    moved: [...attemptSigns(delta, family), ...rules.flatMap(({ moved }) => moved)],
    still: lanes.every(endsHere) ? [...still, ...rules.flatMap((one) => one.still)] : still,
  };
}

const endsHere = ({ served }: HostLane) => served !== undefined;

/** What it means that counters stood still. */
interface Watched {
  readonly motion: Motion;
  readonly counters: readonly string[];
  readonly means: string;
}

const received: Watched = {
  motion: 'packets',
  counters: ['Ip.InReceives'],
  means: 'no IPv4 packet came in between the two bundles',
};
const refusals: Watched = {
  motion: 'messages',
  counters: ['Icmp.OutDestUnreachs'],
  means: 'no ICMP message that refuses went out',
};

/**
 * Of the stack behind the packet filters, for both families. Measured: a SYN whose answer is lost moves TCPSynRetrans after a second,
 * one that cannot be answered ListenDrops, a handshake that ends PassiveOpens. A RST that a packet filter sends is not counted.
 */
const ofStack: readonly Watched[] = [
  { motion: 'segments', counters: ['Tcp.InSegs'], means: 'no TCP segment came through the packet filters' },
  {
    motion: 'answers',
    counters: ['Tcp.PassiveOpens', 'TcpExt.TCPSynRetrans', 'TcpExt.SyncookiesSent', 'TcpExt.ListenDrops'],
    means: 'no listener of the machine had a SYN that it took, dropped or answered in vain',
  },
  { motion: 'connections', counters: ['Tcp.PassiveOpens'], means: 'nobody opened a connection to the machine' },
  { motion: 'resets', counters: ['Tcp.OutRsts'], means: 'the kernel refused nobody' },
  { motion: 'overflows', counters: ['TcpExt.ListenOverflows'], means: 'no listener had more waiting than it may' },
  { motion: 'drops', counters: ['TcpExt.ListenDrops'], means: 'no listener dropped a SYN' },
];
const reversePath: Watched = {
  motion: 'reverse-path',
  counters: ['TcpExt.IPReversePathFilter'],
  means: 'the check of the reverse path dropped nothing',
};

interface Surroundings {
  readonly family: Family | undefined;
  readonly lanes: readonly HostLane[];
}

/**
 * What stood still, as far as the attempt would have moved it. What is counted of IP is of IPv4. A filter of a device takes packets
 * before they are counted, and what it refuses goes out uncounted; what is sent on elsewhere never comes to the machine's own TCP.
 */
function stillnessOf({ filters }: Machine, delta: CountersDelta, { family, lanes }: Surroundings): Stillness[] {
  const hasEarly = filters.tables.some(({ chains }) => chains.some(({ base }) => base?.hook === 'ingress'));
  const early = { ...received, motion: 'segments' as const };
  const ofIpv4 = family !== 4 ? [] : hasEarly ? [early] : [received, refusals];
  const watched = [...ofIpv4, reversePath, ...(lanes.every(endsHere) ? ofStack : [])];
  return watched
    .filter(({ counters }) => delta.isStill(...counters))
    .map(({ motion, counters, means }) => ({
      motion,
      at: recordOfCounter(counters[0] ?? ''),
      line: `${counters.map((name) => delta.line(name)).join(', ')}: ${means}`,
    }));
}

interface Counted {
  readonly moved: readonly Sign[];
  readonly still: readonly Stillness[];
}

/** What the rules counted that the first packet of a client meets, and its answer. */
function countedOf({ from, layers }: HostLane, counts: RuleCounts): Counted[] {
  return layers
    .filter(({ after }) => after === undefined)
    .flatMap((layer) => [
      ...countedBy(layer, layer.inbound, from, counts),
      ...countedBy(layer, layer.returning, from, counts).map(({ moved }) => ({ moved, still: [] })),
    ]);
}

const grownBy = ({ before, after }: RuleCount) => after - before;

function countedBy({ subject }: Layer, filter: Filter | undefined, from: AddressSet, counts: RuleCounts): Counted[] {
  if (filter?.kind !== 'rules' || typeof subject === 'string') return [];
  const found: Counted[] = [];
  let left = from;
  /** Whether a rule before may let it through that nobody can tell of. */
  let isDoubtful = false;
  const at = subject.id;
  for (const rule of filter.rules) {
    const met = left.intersect(rule.peers.known ? rule.peers.value : rule.peers.within);
    if (met.isEmpty) continue;
    const count = counts.of(at, rule);
    const isSure = rule.peers.known && rule.ports.known && rule.ports.value.size === 65_536;
    if (count && rule.action !== 'allow') found.push(...stopped(at, rule.text, rule.reason, count));
    if (count && rule.action === 'allow' && isSure && !isDoubtful && isForAll(rule) && grownBy(count) === 0) {
      const line = `${rule.text} (${count.after} packets before and after): nothing of the attempt came as far as this rule`;
      found.push({ moved: [], still: [{ motion: 'segments', at, line }] });
    }
    if (rule.action === 'allow' && !isSure) isDoubtful = true;
    if (isSure) left = left.subtract(met);
  }
  const policy = left.isEmpty ? undefined : counts.of(at, null);
  if (policy && filter.otherwise !== 'allow') found.push(...stopped(at, 'policy', filter.reason, policy));
  return found;
}

/** A rule for some addresses counts nothing of a client that comes by another address than the one that was told. */
function isForAll({ peers }: Rule): boolean {
  return peers.known && (peers.value.covers(AddressSet.ipv4) || peers.value.covers(AddressSet.ipv6));
}

function stopped(at: string, text: string, reason: Reason | undefined, count: RuleCount): Counted[] {
  const grown = grownBy(count);
  if (grown === 0 || !reason || !isCauseCode(reason.code)) return [];
  const line = `${reason.data.rule ?? text} (+${grown} ${grown === 1 ? 'packet' : 'packets'})`;
  return [{ moved: [{ code: reason.code, says: 'suggests', at, line, data: reason.data }], still: [] }];
}
