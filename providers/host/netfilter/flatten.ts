import type { Gap } from '../../../src/model/index.js';
import { TrafficSet } from '../../../src/set/index.js';
import { always, both, inTurn, type Match, type Step } from './match.js';
import { matchOfAll, type Packet } from './packet.js';
import type { FilterChain, FilterRule, FilterTable, Statement } from './ruleset.js';

/** What a base chain does with a part of the packets, signed by the rule that decides. */
export interface Verdict {
  readonly match: Match;
  readonly does: Exclude<Statement, { kind: 'jump' | 'goto' | 'return' | 'continue' }>;
  readonly chain: string;
  /** Null: the chain's policy. */
  readonly rule: FilterRule | null;
}

/** The kernel takes chains that call each other in ever more ways; what is beyond so many rules, or deeper, is in doubt. */
const mostSteps = 2_000_000;
const deepestCalls = 64;

interface Unrolling {
  readonly chains: ReadonlyMap<string, FilterChain>;
  readonly packet: Packet;
  readonly verdicts: Verdict[];
  /** Of the rules that were looked at. */
  readonly matches: Map<FilterRule, Match>;
  /** How many rules were looked at. */
  steps: number;
  /** The packets of which not everything could be unrolled. */
  overflow: TrafficSet;
}

const tooMuch: Gap = {
  code: 'host/ev-unparsed',
  kind: 'not-modelled',
  what: 'the packet filter',
  detail: 'its chains call each other in more ways than are followed',
};

/** Whether a packet that a rule matches never sees the next one of its chain. */
function ends(all: Unrolling, { does }: FilterRule): boolean {
  if (does.kind === 'jump') return false;
  if (does.kind === 'goto') return all.chains.has(does.chain);
  return does.kind !== 'continue' && does.kind !== 'notrack' && does.kind !== 'unknown';
}

function matchOf(all: Unrolling, rule: FilterRule): Match {
  const known = all.matches.get(rule);
  if (known) return known;
  const match = matchOfAll(rule.conditions, all.packet);
  all.matches.set(rule, match);
  return match;
}

interface Met extends Step {
  readonly rule: FilterRule;
}

/** The rules of a chain that packets of `guard` may meet. What leaves the chain is taken out; what a rule decides stands before later verdicts anyway. */
function metBy(all: Unrolling, chain: FilterChain, guard: Match): readonly Met[] {
  const met: Met[] = [];
  for (const rule of chain.rules) {
    all.steps += 1;
    if (all.steps > mostSteps) {
      all.overflow = all.overflow.union(guard.may);
      break;
    }
    const match = both(guard, matchOf(all, rule));
    if (match.may.isEmpty) continue;
    const isEnd = ends(all, rule);
    met.push({ rule, match, takes: isEnd && (rule.does.kind === 'return' || rule.does.kind === 'goto') });
    if (isEnd && match.surely === guard.may) break;
  }
  return met;
}

/** Unrolls a chain for the packets of `guard`. */
function unroll(all: Unrolling, chain: FilterChain, guard: Match, depth: number): void {
  if (depth > deepestCalls) {
    all.overflow = all.overflow.union(guard.may);
    return;
  }
  const met = metBy(all, chain, guard);
  inTurn(guard, met).forEach((match, k) => {
    const rule = met[k]?.rule;
    if (rule && !match.may.isEmpty) follow(all, chain, rule, match, depth);
  });
}

/** What becomes of the packets that a rule matches. */
function follow(all: Unrolling, chain: FilterChain, rule: FilterRule, match: Match, depth: number): void {
  const { does } = rule;
  switch (does.kind) {
    case 'continue':
    case 'return':
      return;
    case 'jump':
    case 'goto': {
      const called = all.chains.get(does.chain);
      const why = { kind: 'opaque', text: `chain ${does.chain}` } as const;
      if (called) unroll(all, called, match, depth + 1);
      else all.verdicts.push({ match, does: { kind: 'unknown', why }, chain: chain.name, rule });
      return;
    }
    default:
      all.verdicts.push({ match, does, chain: chain.name, rule });
  }
}

/**
 * Unrolls a base chain with everything that it calls into one ordered list: the first verdict whose match holds decides. A
 * RETURN takes its packets out of the rest of its chain, a jump comes back, a goto does not (iptables-extensions(8), nft(8)).
 */
export function flatten(table: FilterTable, base: FilterChain, packet: Packet): readonly Verdict[] {
  const all: Unrolling = {
    chains: new Map(table.chains.map((chain) => [chain.name, chain])),
    packet,
    verdicts: [],
    matches: new Map(),
    steps: 0,
    overflow: TrafficSet.empty,
  };
  unroll(all, base, always, 0);
  const signed = { chain: base.name, rule: null };
  all.verdicts.push({ match: always, does: { kind: base.base?.policy ?? 'accept' }, ...signed });
  if (all.overflow.isEmpty) return all.verdicts;
  const match = { surely: TrafficSet.empty, may: all.overflow, gap: tooMuch };
  return [
    { match, does: { kind: 'unknown', why: { kind: 'unparsed', text: tooMuch.detail } }, ...signed },
    ...all.verdicts,
  ];
}
