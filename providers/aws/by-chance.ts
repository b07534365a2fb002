import { type Fact, type Filter, type Gap, known, passFilter, type RuleFilter, unknown } from '../../src/model/index.js';
import { AddressSet, PortSet } from '../../src/set/index.js';

/** A filter that these peers surely, or perhaps, do not meet. */
export function bypassed(filter: RuleFilter, peers: Fact<AddressSet>): RuleFilter {
  const text = peers.known ? 'is not crossed from the same subnet' : peers.gap.detail;
  return { ...filter, rules: [{ id: null, action: 'allow', peers, ports: known(PortSet.all), text }, ...filter.rules] };
}

/** What a filter stops goes on to the next one of a chain. */
function passingOn(filter: RuleFilter): RuleFilter {
  const rules = filter.rules.map((rule) => (rule.action === 'drop' ? { ...rule, action: 'next' as const } : rule));
  return { ...filter, rules, otherwise: filter.otherwise === 'drop' ? 'next' : filter.otherwise };
}

/**
 * A packet takes one of several ways and nobody can tell which; on each it meets all filters of that way. It surely gets
 * through where every way lets it, it is surely stopped where none does, and `gap` says why the rest is not known.
 */
export function byChance(ways: readonly (readonly RuleFilter[])[], gap: Gap): Filter {
  const all = (filters: readonly Filter[]): Filter => ({ kind: 'all', of: filters });
  const [last = [], ...others] = ways;
  if (others.length === 0) return all(last);
  const some: Filter = {
    kind: 'first',
    of: [...others.map((way) => all(way.map(passingOn))), all(last)],
    otherwise: passFilter,
  };
  const perhaps = unknown(AddressSet.all, gap);
  return all([some, ...ways.map((way) => all(way.map((filter) => bypassed(filter, perhaps))))]);
}
