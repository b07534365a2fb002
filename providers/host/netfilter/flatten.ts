import type { Gap } from '../../../src/model/index.js';
import { TrafficSet } from '../../../src/set/index.js';
import { always, both, type Match, without } from './match.js';
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

/** Unrolls a chain for the packets of `guard`. */
function unroll(all: Unrolling, chain: FilterChain, guard: Match, depth: number): void {
  let left = guard;
  for (const rule of chain.rules) {
    if (left.may.isEmpty) return;
    all.steps += 1;
    if (all.steps > mostSteps || depth > deepestCalls) {
      all.overflow = all.overflow.union(left.may);
      return;
    }
    const match = both(left, matchOfAll(rule.conditions, all.packet));
    if (!match.may.isEmpty) left = follow(all, chain, rule, { match, left, depth });
  }
}

interface Met {
  readonly match: Match;
  readonly left: Match;
  readonly depth: number;
}

/** What becomes of the packets that a rule matches. Answers those that go on to the next rule, at least. */
function follow(all: Unrolling, chain: FilterChain, rule: FilterRule, { match, left, depth }: Met): Match {
  const { does } = rule;
  switch (does.kind) {
    case 'continue':
      return left;
    case 'notrack':
      all.verdicts.push({ match, does, chain: chain.name, rule });
      return left;
    case 'return':
      return without(left, match);
    case 'jump':
    case 'goto': {
      const called = all.chains.get(does.chain);
      if (!called) {
        const why = { kind: 'opaque', text: `chain ${does.chain}` } as const;
        all.verdicts.push({ match, does: { kind: 'unknown', why }, chain: chain.name, rule });
        return left;
      }
      unroll(all, called, match, depth + 1);
      // What a called chain decides stands before all later verdicts; what it does not decide comes back from a jump only.
      return does.kind === 'jump' ? left : without(left, match);
    }
    case 'notrack':
    case 'unknown':
      // The packets go on to the next rule, or may.
      all.verdicts.push({ match, does, chain: chain.name, rule });
      return left;
    default:
      all.verdicts.push({ match, does, chain: chain.name, rule });
      // Later rules stand after this one: only where nothing is left is it worth to stop early.
      return match.surely === left.may ? without(left, match) : left;
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
