import fc from 'fast-check';
import {
  type Action,
  type Fact,
  type Filter,
  type Gap,
  known,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { AddressSet, PortSet } from '../../src/set/index.js';
import { addresses, askedPort, portSetOf, ports, setOf } from './universe.js';

/** Sets that meet the universe in every way, some of them reaching far beyond it. */
export const addressSet: fc.Arbitrary<AddressSet> = fc.oneof(
  { weight: 4, arbitrary: fc.subarray([...addresses]).map(setOf) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(AddressSet.all, AddressSet.ipv4, AddressSet.ipv6, AddressSet.of('10.0.0.0/30')),
  },
);

export const portSet: fc.Arbitrary<PortSet> = fc.oneof(
  { weight: 2, arbitrary: fc.subarray([...ports]).map(portSetOf) },
  { weight: 2, arbitrary: fc.constantFrom(PortSet.all, PortSet.single(askedPort), PortSet.range(22, 65_535)) },
);

/** One fact in four is unknown, and every unknown one has a gap of its own. */
function fact<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> {
  const lost = (within: T) =>
    unknown(within, { code: 'aws/ev-nacl', kind: 'not-collected', what: 'a set', detail: 'a set was not recorded' });
  return fc.oneof({ weight: 3, arbitrary: value.map((set) => known(set)) }, { weight: 1, arbitrary: value.map(lost) });
}

function rule(action: fc.Arbitrary<Action>): fc.Arbitrary<Rule> {
  return fc.record({
    id: fc.constant(null),
    action,
    peers: fact(addressSet),
    ports: fact(portSet),
    text: fc.constant('a rule'),
  });
}

const anyAction = fc.constantFrom<Action>('allow', 'allow', 'allow', 'drop', 'drop', 'reject', 'next');

/** A list of rules with every action. */
const ruleFilter: fc.Arbitrary<RuleFilter> = fc.record({
  kind: fc.constant('rules'),
  rules: fc.array(rule(anyAction), { maxLength: 4 }),
  otherwise: anyAction,
});

/** A rule that is known, most often about one address: many of them do not decide everything at once. */
const narrowRule: fc.Arbitrary<Rule> = fc.record({
  id: fc.constant(null),
  action: anyAction,
  peers: fc
    .oneof({ weight: 20, arbitrary: fc.constantFrom(...addresses).map((one) => setOf([one])) }, addressSet)
    .map((set) => known(set)),
  ports: fc
    .oneof(
      fc.constantFrom(...ports).map((one) => portSetOf([one])),
      portSet,
    )
    .map((set) => known(set)),
  text: fc.constant('a rule'),
});

/** A list of so many rules that it is evaluated stretch by stretch; of few is not everything known. */
export const longFilter: fc.Arbitrary<RuleFilter> = fc
  .tuple(
    fc.array(narrowRule, { minLength: 60, maxLength: 120 }),
    fc.array(rule(anyAction), { maxLength: 3 }),
    anyAction,
  )
  .map(([rules, some, otherwise]) => ({
    kind: 'rules',
    rules: [...rules.slice(0, 10), ...some, ...rules.slice(10)],
    otherwise,
  }));

/** A list that lets through what no rule is about. */
export const lenientFilter: fc.Arbitrary<RuleFilter> = fc.record({
  kind: fc.constant('rules'),
  rules: fc.array(rule(anyAction), { minLength: 1, maxLength: 2 }),
  otherwise: fc.constant('allow'),
});

export const allowRule = rule(fc.constant<Action>('allow'));

/** A list of permissions, as a security group is. */
export const allowList: fc.Arbitrary<RuleFilter> = fc.record({
  kind: fc.constant('rules'),
  rules: fc.array(allowRule, { minLength: 1, maxLength: 3 }),
  otherwise: fc.constant('drop'),
});

const order: Gap = {
  code: 'gcp/ev-network',
  kind: 'not-collected',
  what: 'an order',
  detail: 'the order was not read',
};

/** A filter of any kind, so many levels deep. Of `any` the members are lists of permissions. */
function nested(depth: number): fc.Arbitrary<Filter> {
  if (depth === 0) return ruleFilter;
  const of = fc.array(nested(depth - 1), { maxLength: 3 });
  const several = fc.array(nested(depth - 1), { minLength: 2, maxLength: 3 });
  const lists = fc.array(allowList, { maxLength: 3 });
  return fc.oneof(
    { weight: 3, arbitrary: ruleFilter },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('all'), of }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('any'), of: lists, otherwise: ruleFilter }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('first'), of, otherwise: ruleFilter }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('either'), of: several, gap: fc.constant(order) }) },
  );
}

export const filter: fc.Arbitrary<Filter> = nested(2);
