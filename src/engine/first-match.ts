import type { Fact, Filter, Gap, Outcome, Rule, RuleFilter } from '../model/index.js';
import { type AddressSet, type PortSet, stretchesOf, TrafficSet } from '../set/index.js';

/** A part of the traffic and everything that the filter may do with it. Shares are disjoint and cover what was asked. */
export interface Share {
  readonly traffic: TrafficSet;
  /** In the order of the rules. More than one entry: rules before the last one only may match. */
  readonly outcomes: readonly Outcome[];
}

/** The traffic that a rule may match, and the part of it that it surely matches. */
interface Reach {
  readonly may: TrafficSet;
  readonly surely: TrafficSet;
}

function upperBound<T>(fact: Fact<T>): T {
  return fact.known ? fact.value : fact.within;
}

function reach(rule: Rule): Reach {
  const may = TrafficSet.of(upperBound<AddressSet>(rule.peers), upperBound<PortSet>(rule.ports));
  return { may, surely: rule.peers.known && rule.ports.known ? may : TrafficSet.empty };
}

function outcomeOf(rule: Rule, filter: RuleFilter): Outcome {
  const gap = !rule.peers.known ? rule.peers.gap : !rule.ports.known ? rule.ports.gap : undefined;
  return { action: rule.action, rule, filter, ...(gap && { gap }) };
}

/** Evaluates some rules in their order: what a rule surely matches is decided there, what it only may match is remembered and goes on. */
function throughSome(rules: Iterable<Rule>, filter: RuleFilter, traffic: TrafficSet): Share[] {
  const decided: Share[] = [];
  let open: Share[] = [{ traffic, outcomes: [] }];
  for (const rule of rules) {
    const { may, surely } = reach(rule);
    const next: Share[] = [];
    for (const share of open) {
      const hit = share.traffic.intersect(may);
      if (hit.isEmpty) {
        next.push(share);
        continue;
      }
      const outcomes = [...share.outcomes, outcomeOf(rule, filter)];
      const sureHit = hit.intersect(surely);
      const maybeHit = hit.subtract(surely);
      const rest = share.traffic.subtract(may);
      if (!sureHit.isEmpty) decided.push({ traffic: sureHit, outcomes });
      if (!maybeHit.isEmpty) next.push({ traffic: maybeHit, outcomes });
      if (!rest.isEmpty) next.push({ traffic: rest, outcomes: share.outcomes });
    }
    open = next;
    if (open.length === 0) break;
  }
  const otherwise: Outcome = { action: filter.otherwise, rule: null, filter };
  return [...decided, ...open.map((share) => ({ ...share, outcomes: [...share.outcomes, otherwise] }))];
}

/** Evaluates one ordered list, stretch by stretch: what it does with some addresses does not depend on the others. */
function throughRules(filter: RuleFilter, traffic: TrafficSet): Share[] {
  const far = traffic.addresses();
  const rules = filter.rules.filter(({ peers }) => upperBound<AddressSet>(peers).overlaps(far));
  const stretches = stretchesOf(rules.map(({ peers }) => upperBound<AddressSet>(peers)));
  if (stretches.length === 1) return throughSome(rules, filter, traffic);
  const placeOf = new Map<Rule | null, number>(rules.map((rule, place) => [rule, place]));
  const alike = new Map<string, { readonly places: readonly number[]; readonly shares: Share[] }>();
  for (const { addresses, places } of stretches) {
    const some = places.flatMap((place) => rules[place] ?? []);
    const here = traffic.where(addresses);
    if (here.isEmpty) continue;
    for (const share of throughSome(some, filter, here)) {
      const own = share.outcomes.map(({ rule }) => placeOf.get(rule) ?? rules.length);
      const key = own.join(' ');
      const known = alike.get(key);
      if (known) known.shares.push(share);
      else alike.set(key, { places: own, shares: [share] });
    }
  }
  return [...alike.values()]
    .sort((a, b) => inOrder(a.places, b.places))
    .map(({ shares }) => ({
      traffic: TrafficSet.ofApart(shares.map((share) => share.traffic)),
      outcomes: shares[0]?.outcomes ?? [],
    }));
}

/** Of the places of the rules that may decide: by the last one, which surely does, and then as the one list gives them. */
function inOrder(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((place, k) => place !== b[k]);
  return (a.at(-1) ?? 0) - (b.at(-1) ?? 0) || (a[differs] ?? 0) - (b[differs] ?? 0);
}

/** The same doubt about what happens where the fact does not hold. */
function otherwise(gap: Gap | undefined): Gap | undefined {
  return gap?.likely === undefined ? gap : { ...gap, likely: !gap.likely };
}

/** Runs filters one after another; only what may end in `goOn` reaches the next one. */
function throughChain(filters: readonly Filter[], goOn: 'allow' | 'drop' | 'next', traffic: TrafficSet): Share[] {
  let shares: Share[] = [{ traffic, outcomes: [] }];
  filters.forEach((filter, index) => {
    shares = shares.flatMap((share) => {
      if (index > 0 && !share.outcomes.some((outcome) => outcome.action === goOn)) return [share];
      const stays = share.outcomes.filter((outcome) => outcome.action !== goOn);
      const doubt = stays.length > 0 ? otherwise(share.outcomes.find((outcome) => outcome.gap)?.gap) : undefined;
      return firstMatch(filter, share.traffic).map((later) => ({
        traffic: later.traffic,
        outcomes: [...stays, ...later.outcomes.map((outcome) => (doubt ? { gap: doubt, ...outcome } : outcome))],
      }));
    });
  });
  return shares;
}

/** Each may be the one that decides. */
function throughAny(filters: readonly Filter[], gap: Gap, traffic: TrafficSet): Share[] {
  let shares: Share[] = [{ traffic, outcomes: [] }];
  for (const filter of filters) {
    shares = shares.flatMap((share) =>
      firstMatch(filter, share.traffic).map((other) => ({
        traffic: other.traffic,
        outcomes: [...share.outcomes, ...other.outcomes.map((outcome) => ({ gap, ...outcome }))],
      })),
    );
  }
  return shares;
}

const allowAll: RuleFilter = { kind: 'rules', rules: [], otherwise: 'allow' };

/**
 * Decides what a filter may do with each part of the traffic, over every completion of the facts that are unknown.
 * The one algorithm behind security groups, access lists, route tables, policies and host firewalls.
 */
export function firstMatch(filter: Filter, traffic: TrafficSet): Share[] {
  if (traffic.isEmpty) return [];
  switch (filter.kind) {
    case 'rules':
      return throughRules(filter, traffic);
    case 'all':
      return throughChain(filter.of.length > 0 ? filter.of : [allowAll], 'allow', traffic);
    case 'any':
      return throughChain([...filter.of, filter.otherwise], 'drop', traffic);
    case 'first':
      return throughChain([...filter.of, filter.otherwise], 'next', traffic);
    case 'either':
      return throughAny(filter.of, filter.gap, traffic);
  }
}
