import {
  type Fact,
  type Filter,
  type Layer,
  layersOf,
  type Rule,
  type RuleFilter,
  type Way,
} from '../../src/model/index.js';
import type { AddressSet, PortSet } from '../../src/set/index.js';

/** What becomes of each fact. */
export interface Change {
  readonly peers: (fact: Fact<AddressSet>) => Fact<AddressSet>;
  readonly ports: (fact: Fact<PortSet>) => Fact<PortSet>;
}

const same: Change = { peers: (fact) => fact, ports: (fact) => fact };

function ruleWith(rule: Rule, { peers, ports }: Change): Rule {
  return { ...rule, peers: peers(rule.peers), ports: ports(rule.ports) };
}

function listWith(list: RuleFilter, change: Change): RuleFilter {
  return { ...list, rules: list.rules.map((rule) => ruleWith(rule, change)) };
}

function filterWith(filter: Filter, change: Change): Filter {
  if (filter.kind === 'rules') return listWith(filter, change);
  const of = filter.of.map((member) => filterWith(member, change));
  return 'otherwise' in filter ? { ...filter, of, otherwise: listWith(filter.otherwise, change) } : { ...filter, of };
}

function layerWith(layer: Layer, change: Change): Layer {
  const { inbound, returning } = layer;
  return {
    ...layer,
    ...(inbound && { inbound: filterWith(inbound, change) }),
    ...(returning && { returning: filterWith(returning, change) }),
  };
}

/** The path with every fact changed. Nothing of it is the same object as before. */
export function withFacts(path: Way, change: Change): Way {
  return { ...path, rows: [layersOf(path).map((layer) => layerWith(layer, change))] };
}

/** An equal path of which nothing was ever evaluated. */
export function copyOf(path: Way): Way {
  return withFacts(path, same);
}
