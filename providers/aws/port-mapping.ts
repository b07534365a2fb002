import { type Filter, known, type Layer, type Rule, type RuleFilter } from '../../src/model/index.js';
import { PortSet } from '../../src/set/index.js';

const mapped = new WeakMap<RuleFilter, Map<number, RuleFilter>>();

/** What a rule does with packets to one port, said of every port; nothing when it is not about that port. */
function ruleAt(rule: Rule, port: number): Rule[] {
  if (!rule.ports.known) return [rule];
  return rule.ports.value.has(port) ? [{ ...rule, ports: known(PortSet.all) }] : [];
}

/** Remembered, so that everything that shares a filter shares its mapping. */
function rulesAt(filter: RuleFilter, port: number): RuleFilter {
  if (filter.rules.length === 0) return filter;
  const byPort = mapped.get(filter) ?? new Map<number, RuleFilter>();
  mapped.set(filter, byPort);
  const at = byPort.get(port) ?? { ...filter, rules: filter.rules.flatMap((rule) => ruleAt(rule, port)) };
  byPort.set(port, at);
  return at;
}

function filterAt(filter: Filter, port: number): Filter {
  switch (filter.kind) {
    case 'rules':
      return rulesAt(filter, port);
    case 'all':
      return { ...filter, of: filter.of.map((part) => filterAt(part, port)) };
    case 'first':
      return {
        ...filter,
        of: filter.of.map((part) => filterAt(part, port)),
        otherwise: rulesAt(filter.otherwise, port),
      };
  }
}

/**
 * The layers as they meet packets to `port`, where that is not the asked port: a balancer takes connections on one port and
 * hands them on to another.
 */
export function layersAt(layers: readonly Layer[], port: number, asked: number): readonly Layer[] {
  if (port === asked) return layers;
  return layers.map((layer) => (layer.inbound ? { ...layer, inbound: filterAt(layer.inbound, port) } : layer));
}
