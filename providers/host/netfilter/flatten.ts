import type { Gap } from '../../../src/model/index.js';
import { TrafficSet } from '../../../src/set/index.js';
import { changed, forgotten, type Marks } from './marks.js';
import { always, both, inTurn, type Match, type Step, without } from './match.js';
import { matchOfAll, type Packet } from './packet.js';
import type { FilterChain, FilterRule, FilterTable, Statement } from './ruleset.js';

/** What a base chain does with a part of the packets, signed by the rule that decides. */
export interface Verdict {
  readonly match: Match;
  readonly does: Exclude<Statement, { kind: 'jump' | 'goto' | 'return' | 'continue' | 'mark' }>;
  readonly chain: string;
  /** Null: the chain's policy. */
  readonly rule: FilterRule | null;
}

/** The kernel takes chains that call each other in ever more ways; what is beyond so many rules, or deeper, is in doubt. */
const mostSteps = 2_000_000;
const deepestCalls = 64;

interface Unrolling {
  readonly chains: ReadonlyMap<string, FilterChain>;
  /** With the marks that packets have at the rule that is looked at. */
  packet: Packet;
  readonly verdicts: Verdict[];
  /** Of the rules that were looked at, under some marks. */
  readonly matches: Map<FilterRule, { readonly marks: Marks; readonly match: Match }>;
  /** The chains that may change marks, themselves or by those that they call. */
  readonly marking: ReadonlySet<string>;
  /** What the first verdicts decide, as many as there were when it was asked for. */
  decided: { readonly count: number; readonly surely: TrafficSet; readonly may: TrafficSet };
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

/** The chains of a table that may change marks, by the names of all that lead to a rule that does. */
function markingChains({ chains }: FilterTable): ReadonlySet<string> {
  const marking = new Set<string>();
  if (!chains.some(({ rules }) => rules.some(({ does }) => does.kind === 'mark'))) return marking;
  const leadsThere = ({ does }: FilterRule) =>
    does.kind === 'mark' || ((does.kind === 'jump' || does.kind === 'goto') && marking.has(does.chain));
  for (let before = -1; before < marking.size; ) {
    before = marking.size;
    for (const chain of chains) if (!marking.has(chain.name) && chain.rules.some(leadsThere)) marking.add(chain.name);
  }
  return marking;
}

function mayMark({ marking }: Unrolling, { does }: FilterRule): boolean {
  return does.kind === 'mark' || ((does.kind === 'jump' || does.kind === 'goto') && marking.has(does.chain));
}

/** The rules of a chain in runs: only with the last one of a run marks may change. */
function runsOf(all: Unrolling, { rules, name }: FilterChain): readonly (readonly FilterRule[])[] {
  if (!all.marking.has(name)) return [rules];
  const runs: FilterRule[][] = [];
  let open: FilterRule[] | undefined;
  for (const rule of rules) {
    if (open) open.push(rule);
    else {
      open = [rule];
      runs.push(open);
    }
    if (mayMark(all, rule)) open = undefined;
  }
  return runs;
}

/** Whether a packet that a rule matches never sees the next one of its chain. */
function ends(all: Unrolling, { does }: FilterRule): boolean {
  if (does.kind === 'goto') return all.chains.has(does.chain);
  return !goesOn.has(does.kind);
}

const goesOn: ReadonlySet<Statement['kind']> = new Set(['jump', 'continue', 'notrack', 'mark', 'unknown']);

/** `before` are the marks as they were before the rules with the same id. */
function matchOf(all: Unrolling, rule: FilterRule, before: Marks): Match {
  const { marks } = all.packet;
  if (rule.asked !== undefined && before !== marks) {
    const first = matchOfAll(rule.conditions.slice(0, rule.asked), { ...all.packet, marks: before });
    return both(first, matchOfAll(rule.conditions.slice(rule.asked), all.packet));
  }
  const known = all.matches.get(rule);
  if (known?.marks === marks) return known.match;
  const match = matchOfAll(rule.conditions, all.packet);
  all.matches.set(rule, { marks, match });
  return match;
}

interface Met extends Step {
  readonly rule: FilterRule;
}

/**
 * The rules of a run that packets of `left` may meet. What leaves the chain is taken out; what a rule decides stands before later
 * verdicts anyway.
 */
function metBy(
  all: Unrolling,
  run: readonly FilterRule[],
  left: Match,
  before: Marks,
): { met: readonly Met[]; isOver: boolean } {
  const met: Met[] = [];
  for (const rule of run) {
    all.steps += 1;
    if (all.steps > mostSteps) {
      all.overflow = all.overflow.union(left.may);
      return { met, isOver: true };
    }
    const match = both(left, matchOf(all, rule, before));
    if (match.may.isEmpty) continue;
    const isEnd = ends(all, rule);
    met.push({ rule, match, takes: isEnd && (rule.does.kind === 'return' || rule.does.kind === 'goto') });
    if (isEnd && match.surely === left.may) return { met, isOver: true };
  }
  return { met, isOver: false };
}

/** Unrolls a chain for the packets of `guard`. */
function unroll(all: Unrolling, chain: FilterChain, guard: Match, depth: number): void {
  if (depth > deepestCalls) {
    all.overflow = all.overflow.union(guard.may);
    return;
  }
  let left = guard;
  let before = all.packet.marks;
  const runs = runsOf(all, chain);
  for (const run of runs) {
    if (run[0]?.asked === undefined) before = all.packet.marks;
    const { met, isOver } = metBy(all, run, left, before);
    inTurn(left, met).forEach((match, k) => {
      const rule = met[k]?.rule;
      if (rule && !match.may.isEmpty) follow(all, chain, rule, match, depth);
    });
    if (isOver) return;
    if (runs.length > 1) for (const { takes, match } of met) if (takes) left = without(left, match);
  }
}

/** A match without the packets that are decided by now: what follows does not change their marks. */
function undecided(all: Unrolling, match: Match): Match {
  const { count, surely, may } = all.decided;
  const later = all.verdicts.slice(count).filter(({ does }) => does.kind !== 'notrack');
  const sure = later.filter(({ does }) => does.kind !== 'unknown');
  all.decided = {
    count: all.verdicts.length,
    surely: TrafficSet.unionOf([surely, ...sure.map((verdict) => verdict.match.surely)]),
    may: TrafficSet.unionOf([may, ...later.map((verdict) => verdict.match.may)]),
  };
  return {
    ...match,
    surely: match.surely.subtract(all.decided.may),
    may: match.may.subtract(all.decided.surely),
  };
}

/** What becomes of the packets that a rule matches. */
function follow(all: Unrolling, chain: FilterChain, rule: FilterRule, match: Match, depth: number): void {
  const { does } = rule;
  switch (does.kind) {
    case 'continue':
    case 'return':
      return;
    case 'mark':
      all.packet = { ...all.packet, marks: changed(all.packet.marks, does, undecided(all, match)) };
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

/** Those that a chain surely drops. */
function droppedBy(verdicts: readonly Verdict[]): TrafficSet {
  const hits = inTurn(
    always,
    verdicts.map(({ match, does }) => ({ match, takes: does.kind !== 'notrack' })),
  );
  const isDrop = (kind: Verdict['does']['kind'] | undefined) => kind === 'drop' || kind === 'reject';
  return TrafficSet.unionOf(hits.filter((_, k) => isDrop(verdicts[k]?.does.kind)).map(({ surely }) => surely));
}

/** What a base chain does with packets. */
export interface Unrolled {
  /** The first one whose match holds decides. */
  readonly verdicts: readonly Verdict[];
  /** The marks of those that it lets through. */
  readonly marks: Marks;
}

/**
 * Unrolls a base chain with everything that it calls into one ordered list. A RETURN takes its packets out of the rest of its chain, a
 * jump comes back, a goto does not (iptables-extensions(8), nft(8)).
 */
export function flatten(table: FilterTable, base: FilterChain, packet: Packet): Unrolled {
  const gone = packet.marks.gone ?? TrafficSet.empty;
  const all: Unrolling = {
    chains: new Map(table.chains.map((chain) => [chain.name, chain])),
    packet,
    verdicts: [],
    matches: new Map(),
    marking: markingChains(table),
    decided: { count: 0, surely: gone, may: gone },
    steps: 0,
    overflow: TrafficSet.empty,
  };
  unroll(all, base, always, 0);
  const signed = { chain: base.name, rule: null };
  all.verdicts.push({ match: always, does: { kind: base.base?.policy ?? 'accept' }, ...signed });
  const { marks } = all.packet;
  const verdicts = all.overflow.isEmpty ? all.verdicts : [overflowing(all.overflow, signed), ...all.verdicts];
  if (!all.overflow.isEmpty && all.marking.has(base.name)) return { verdicts, marks: forgotten(marks) };
  return { verdicts, marks: marks.gone ? { ...marks, gone: gone.union(droppedBy(verdicts)) } : marks };
}

function overflowing(may: TrafficSet, signed: Pick<Verdict, 'chain' | 'rule'>): Verdict {
  const match = { surely: TrafficSet.empty, may, gap: tooMuch };
  return { match, does: { kind: 'unknown', why: { kind: 'unparsed', text: tooMuch.detail } }, ...signed };
}
