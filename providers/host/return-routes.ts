import { type Address, AddressSet, type Family } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { type Route, type RouteType, routesOf } from './routes.js';
import { type RoutingRule, routingRules } from './routing-rules.js';

/** Where answers to some clients go. */
export interface ReturnRoute {
  readonly to: AddressSet;
  /** `unreachable`, `prohibit` and `blackhole` send nothing; a client never hears of it (measured). */
  readonly kind: Exclude<RouteType, 'throw'>;
  readonly device?: string;
  readonly gateway?: Address;
  readonly isLinkDown: boolean;
  /** The route, or the rule that refuses. Untrusted text. */
  readonly line: string;
}

export interface ReturnQuestion {
  /** The address that the client dialled: the source of the answers, by which rules may choose. */
  readonly near: Address;
  /** The mark that answers carry, where the caller knows that nothing marks them (0) or what does. */
  readonly mark?: number;
}

export type ReturnRoutes = { readonly routes: readonly ReturnRoute[] } | { readonly unknown: string };

/** Each of them is held against all longer prefixes. */
const mostPassed = 1000;

/**
 * Where the answers of a machine go, for every client of the family of `near`, as a list in which the first that holds a client
 * decides: the rules in their order, in each table the longest prefix first and the lowest metric of it. A client that is in none
 * has no route, which is as silent as a route that refuses. Unknown where rules or routes are, and where a rule asks for what the
 * bundle does not tell: a mark (without `mark`), a user, a port.
 */
export function returnRoutes(bundle: Bundle, { near, mark }: ReturnQuestion): ReturnRoutes {
  const rules = routingRules(bundle, near.family);
  if (!('value' in rules)) return rules;
  const routes = routesOf(bundle, near.family);
  if (!('value' in routes)) return routes;
  const tables = sortedTables(routes.value);
  const found: (readonly ReturnRoute[])[] = [];
  for (const rule of rules.value) {
    const clients = clientsOf(rule, near, mark);
    if (typeof clients === 'string') return { unknown: `rule ${rule.priority}: ${clients}` };
    if (clients.isEmpty) continue;
    const table = 'table' in rule.does ? (tables.get(rule.does.table) ?? []) : [];
    const narrow = table.find(({ isNarrow }) => isNarrow);
    if (narrow) return { unknown: `a route for some packets only: ${narrow.line}` };
    if (table.filter((route) => isPassed(rule, route)).length > mostPassed) {
      return {
        unknown: `table ${table[0]?.table ?? ''}: more than ${mostPassed} routes that go on with the next rule`,
      };
    }
    const decided = routesBy(rule, clients, table, near.family);
    found.push(decided);
    // No later rule is asked.
    if (decided.some(({ to }) => to.equals(everybody(near.family)))) break;
  }
  return { routes: found.flat() };
}

function sortedTables(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const tables = new Map<string, Route[]>();
  for (const route of routes) {
    const table = tables.get(route.table);
    if (table) table.push(route);
    else tables.set(route.table, [route]);
  }
  for (const table of tables.values()) table.sort((a, b) => b.to.length - a.to.length || a.metric - b.metric);
  return tables;
}

/** The clients whose answers a rule takes, or what it asks that is not known. */
function clientsOf(rule: RoutingRule, near: Address, mark: number | undefined): AddressSet | string {
  const all = everybody(near.family);
  // Answers are the machine's own packets: for rules they come in at lo.
  const isSelected = rule.from.has(near) && (rule.inDevice === undefined || rule.inDevice === 'lo');
  const certainlyNot = !isSelected && !rule.not;
  if (certainlyNot) return AddressSet.empty;
  if (rule.opaque !== undefined) return `it asks for ${rule.opaque}`;
  if (rule.mark && mark === undefined) return `it asks for the mark ${rule.mark.value}`;
  const hasMark = !rule.mark || (((mark ?? 0) ^ rule.mark.value) & rule.mark.mask) === 0;
  const taken = isSelected && hasMark ? rule.to : AddressSet.empty;
  return rule.not ? all.subtract(taken) : taken.intersect(all);
}

function routesBy(
  rule: RoutingRule,
  clients: AddressSet,
  table: readonly Route[],
  family: Family,
): readonly ReturnRoute[] {
  if ('refuses' in rule.does) {
    return [{ to: clients, kind: rule.does.refuses, isLinkDown: false, line: rule.line }];
  }
  const isForAll = clients.equals(everybody(family));
  let passed = AddressSet.empty;
  return table.flatMap((route, i): ReturnRoute[] => {
    const { type, to, device, gateway, isLinkDown, line } = route;
    if (isPassed(rule, route)) {
      const longer = AddressSet.fromPrefixes(table.slice(0, i).map((other) => other.to));
      passed = passed.union(AddressSet.fromPrefixes([to]).subtract(longer));
      return [];
    }
    if (type === 'throw') return [];
    const left = AddressSet.fromPrefixes([to]).subtract(passed);
    const here = isForAll ? left : left.intersect(clients);
    if (here.isEmpty) return [];
    const way = { ...(device === undefined ? {} : { device }), ...(gateway ? { gateway } : {}) };
    return [{ to: here, kind: type, isLinkDown, line, ...way }];
  });
}

/**
 * Whether a route sends its packets on to the next rule: by its type, or because the rule does not look at prefixes that short.
 * A rule that suppresses looks at what was found, and a refusal is no find (the kernel's fib_rules_lookup).
 */
function isPassed({ suppressed = -1 }: RoutingRule, { type, to }: Route): boolean {
  const isRefusal = type === 'unreachable' || type === 'prohibit' || type === 'blackhole';
  return type === 'throw' || (to.length <= suppressed && !isRefusal);
}

function everybody(family: Family): AddressSet {
  return family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
}

/** The route of the answers to one client; `none` where there is no route at all. */
export function returnRoute(routes: readonly ReturnRoute[], client: Address): ReturnRoute | 'none' {
  return routes.find(({ to }) => to.has(client)) ?? 'none';
}
