import {
  type Fact,
  type Filter,
  type Gap,
  known,
  passFilter,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { AddressSet, PortSet } from '../../src/set/index.js';

/** Equal questions share one filter, because what it decides is remembered for the filter. */
const bypasses = new WeakMap<RuleFilter, WeakMap<Fact<AddressSet>, RuleFilter>>();

/** A filter that these peers surely, or perhaps, do not meet. */
export function bypassed(filter: RuleFilter, peers: Fact<AddressSet>): RuleFilter {
  const byPeers = bypasses.get(filter) ?? new WeakMap<Fact<AddressSet>, RuleFilter>();
  bypasses.set(filter, byPeers);
  const text = peers.known ? 'is in the same subnet, where nothing is asked' : peers.gap.detail;
  const first = { id: null, action: 'allow' as const, peers, ports: known(PortSet.all), text };
  const bypass = byPeers.get(peers) ?? { ...filter, rules: [first, ...filter.rules] };
  byPeers.set(peers, bypass);
  return bypass;
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
