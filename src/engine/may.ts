import type { Action, Filter, Rule, RuleFilter } from '../model/index.js';
import { AddressSet } from '../set/index.js';

/** For whom a filter may end in each action, at one port: everybody is in one of the sets, those in doubt in more. */
export type May = Readonly<Record<Action, AddressSet>>;

const { all, empty } = AddressSet;
const nobody: May = { allow: empty, drop: empty, reject: empty, next: empty };
const actions = ['allow', 'drop', 'reject', 'next'] as const;

/** By port. Groups, lists and tables are parts of many filters. */
const known = new WeakMap<Filter, Map<number, May>>();

/** The rules that are about the port, in runs of one action: within a run it does not matter which of them matches. */
function runsOf(rules: readonly Rule[], port: number): Rule[][] {
  const runs: Rule[][] = [];
  for (const rule of rules) {
    const { ports, action } = rule;
    if (!(ports.known ? ports.value : ports.within).has(port)) continue;
    const last = runs.at(-1);
    if (last?.[0]?.action === action) last.push(rule);
    else runs.push([rule]);
  }
  return runs;
}

function mayOfRules({ rules, otherwise }: RuleFilter, port: number): May {
  const may: Record<Action, AddressSet> = { ...nobody };
  const runs = runsOf(rules, port);
  // What comes to the same in the end needs no telling apart.
  while (runs.at(-1)?.[0]?.action === otherwise) runs.pop();
  let open = all;
  for (const run of runs) {
    const action = run[0]?.action ?? otherwise;
    const met = AddressSet.unionOf(run.map(({ peers }) => (peers.known ? peers.value : peers.within)));
    const isSure = run.every(({ peers, ports }) => peers.known && ports.known);
    const sure = isSure ? met : surelyMet(run);
    may[action] = may[action].union(open.intersect(met));
    open = open.subtract(sure);
  }
  may[otherwise] = may[otherwise].union(open);
  return may;
}

function surelyMet(run: readonly Rule[]): AddressSet {
  return AddressSet.unionOf(run.flatMap(({ peers, ports }) => (peers.known && ports.known ? [peers.value] : [])));
}

/** Filters one after another, of which the next one is reached by what ends in `goOn`. */
function mayOfChain(filters: readonly Filter[], goOn: Action, port: number): May {
  const [first, ...others] = filters;
  if (!first) return { ...nobody, [goOn]: all };
  let may = mayOf(first, port);
  for (const filter of others) {
    const left = may[goOn];
    if (left.isEmpty) return may;
    const later = mayOf(filter, port);
    const next: Record<Action, AddressSet> = { ...nobody };
    for (const action of actions) {
      const goesOn = later[action].isEmpty ? empty : left.intersect(later[action]);
      next[action] = action === goOn ? goesOn : may[action].union(goesOn);
    }
    may = next;
  }
  return may;
}

function mayOfEither(filters: readonly Filter[], port: number): May {
  const each = filters.map((filter) => mayOf(filter, port));
  const together = (action: Action) => AddressSet.unionOf(each.map((one) => one[action]));
  return { allow: together('allow'), drop: together('drop'), reject: together('reject'), next: together('next') };
}

function build(filter: Filter, port: number): May {
  switch (filter.kind) {
    case 'rules':
      return mayOfRules(filter, port);
    case 'all':
      return mayOfChain(filter.of, 'allow', port);
    case 'any':
      return mayOfChain([...filter.of, filter.otherwise], 'drop', port);
    case 'first':
      return mayOfChain([...filter.of, filter.otherwise], 'next', port);
    case 'either':
      return mayOfEither(filter.of, port);
  }
}

/** The ends of `firstMatch`, without the rules that lead to them: whoever is asked about is in a set where an outcome has its action. */
export function mayOf(filter: Filter, port: number): May {
  const byPort = known.get(filter) ?? new Map<number, May>();
  const found = byPort.get(port);
  if (found) return found;
  const may = build(filter, port);
  known.set(filter, byPort.set(port, may));
  return may;
}
