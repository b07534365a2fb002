import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chainFilter } from '../../../../providers/host/netfilter/chain-filter.js';
import { unmarked } from '../../../../providers/host/netfilter/marks.js';
import type { Packet } from '../../../../providers/host/netfilter/packet.js';
import type {
  Condition,
  FilterChain,
  FilterRule,
  FilterTable,
  Statement,
} from '../../../../providers/host/netfilter/ruleset.js';
import { firstMatch } from '../../../../src/engine/index.js';
import { type Address, AddressSet, PortSet, TrafficSet } from '../../../../src/set/index.js';
import { runs } from '../../../support/runs.js';

const ipv4 = (last: number): Address => ({ family: 4, value: 0x0a16_0100 + last });
const near: Address = { family: 4, value: 0x0a16_0202 };
const peers = [0, 1, 2, 3];
const farPorts = [40_000, 40_001];

const packets: Readonly<Record<'in' | 'out', Packet>> = {
  in: packet('in', 'syn', 'new'),
  out: packet('out', 'syn-ack', 'established'),
};

function packet(direction: 'in' | 'out', carries: 'syn' | 'syn-ack', state: 'new' | 'established'): Packet {
  return {
    direction,
    carries,
    state,
    family: 4,
    near,
    nearPort: 22,
    device: 'eth0',
    own: undefined,
    isTranslated: false,
    marks: unmarked,
  };
}

/** One packet of which everything is known. */
interface Single {
  readonly packet: Packet;
  readonly far: Address;
  readonly farPort: number;
}

/** One packet on its way, with the marks that rules gave it and its connection. */
interface Walking extends Single {
  readonly marks: { packet: number; connection: number };
}

/** What is not known, as if it were: by the words of a doubt, whether it holds, or what its rule does. In the order of the walk. */
type Coins = Map<string, number>;

/** A doubt that nobody settled yet falls on its first side. */
function coin(coins: Coins, words: string): number {
  const side = coins.get(words) ?? 0;
  coins.set(words, side);
  return side;
}

const sidesOf = (words: string) => (words.startsWith('does') ? 3 : 2);

/** The next way in which all may fall, or undefined after the last. */
function nextOf(coins: Coins): Coins | undefined {
  const entries = [...coins];
  const last = entries.findLastIndex(([words, side]) => side + 1 < sidesOf(words));
  const turned = entries[last];
  return turned && new Map([...entries.slice(0, last), [turned[0], turned[1] + 1]]);
}

const flags = { syn: 2, 'syn-ack': 18 } as const;

/** Whether one packet meets a condition, by the plain words of the manual. */
function plainly(condition: Condition, single: Walking, coins: Coins): boolean {
  const { packet, far, farPort } = single;
  const isIn = packet.direction === 'in';
  const [source, destination] = isIn ? [far, near] : [near, far];
  const [sourcePort, destinationPort] = isIn ? [farPort, 22] : [22, farPort];
  switch (condition.kind) {
    case 'source':
      return condition.addresses.has(source);
    case 'destination':
      return condition.addresses.has(destination);
    case 'source-port':
      return condition.ports.has(sourcePort);
    case 'destination-port':
      return condition.ports.has(destinationPort);
    case 'in-interface':
      return isIn && (condition.name === 'eth0' || condition.name === 'eth+');
    case 'family':
      return condition.family === 4;
    case 'protocol':
      return condition.protocols.includes('tcp');
    case 'state':
      return condition.states.some((state) => state === packet.state);
    case 'tcp-flags':
      return (flags[packet.carries === 'syn' ? 'syn' : 'syn-ack'] & condition.mask) === condition.value;
    case 'mark': {
      const mark = (single.marks[condition.of] & condition.mask) >>> 0;
      return condition.ranges.some(([first, last]) => first <= mark && mark <= last);
    }
    case 'any-of':
      return condition.lists.map((list) => list.every((one) => holds(one, single, coins))).some(Boolean);
    case 'unknown':
      return coin(coins, condition.why.text) === 1;
    default:
      throw new Error(`the oracle does not know ${condition.kind}`);
  }
}

function holds(condition: Condition, single: Walking, coins: Coins): boolean {
  return plainly(condition, single, coins) !== (condition.not === true);
}

const isDoubt = ({ kind }: Condition) => kind === 'unknown';

/** What becomes of one packet in a chain, rule by rule; `end` where it comes out undecided. */
function walk(table: FilterTable, chain: FilterChain, single: Walking, coins: Coins): string {
  const called = (name: string) =>
    table.chains.filter((one) => one.name === name).map((next) => walk(table, next, single, coins))[0] ?? 'end';
  for (const { conditions, does, text } of chain.rules) {
    const [unsure, sure] = [conditions.filter(isDoubt), conditions.filter((one) => !isDoubt(one))];
    if (![...sure, ...unsure].every((condition) => holds(condition, single, coins))) continue;
    if (does.kind === 'accept') return `allow by ${text}`;
    if (does.kind === 'drop' || does.kind === 'reject') return `${does.kind} by ${text}`;
    if (does.kind === 'return') return 'end';
    if (does.kind === 'mark' && does.to) {
      const { packet, connection } = single.marks;
      single.marks[does.of] = ((packet & does.to.packet) ^ (connection & does.to.connection) ^ does.to.flip) >>> 0;
    }
    if (does.kind === 'goto') return called(does.chain);
    if (does.kind === 'jump') {
      const end = called(does.chain);
      if (end !== 'end') return end;
    }
    if (does.kind === 'unknown') {
      const side = coin(coins, does.why.text);
      if (side < 2) return `${side === 0 ? 'allow' : 'drop'} by ${text}`;
    }
  }
  return 'end';
}

/** Everything that may become of one packet, over all that is not known, and whether any of that was asked for. */
function possible(table: FilterTable, base: FilterChain, single: Single) {
  const outcomes = new Set<string>();
  let asked = false;
  for (let coins: Coins | undefined = new Map(); coins; coins = nextOf(coins)) {
    const end = walk(table, base, { ...single, marks: { packet: 0, connection: 0 } }, coins);
    outcomes.add(end === 'end' ? `${base.base?.policy === 'drop' ? 'drop' : 'allow'} by policy` : end);
    asked ||= coins.size > 0;
  }
  return { outcomes, asked };
}

/** The same by the filter that the product makes of the chain. */
function judged(table: FilterTable, base: FilterChain, { packet, far, farPort }: Single) {
  const { filter } = chainFilter(table, base, packet);
  const shares = firstMatch(filter, TrafficSet.of(AddressSet.single(far), PortSet.range(farPort, farPort)));
  const outcomes = shares.flatMap((share) => share.outcomes);
  return {
    outcomes: new Set(outcomes.map(({ action, rule }) => `${action} by ${rule ? rule.text : 'policy'}`)),
    isDoubted: shares.length !== 1 || outcomes.length !== 1 || outcomes.some(({ gap }) => gap !== undefined),
  };
}

const maybeNot = (condition: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> =>
  fc.tuple(condition, fc.boolean()).map(([plain, not]): Condition => (not ? { ...plain, not: true } : plain));
const addresses = fc.subarray(peers).map((some) => AddressSet.ofAddresses(some.map(ipv4)));
const ports = fc.constantFrom(
  PortSet.range(22, 22),
  PortSet.range(20, 30),
  PortSet.range(80, 80),
  PortSet.range(40_000, 40_000),
);

const ends = fc.constantFrom<'packet' | 'connection'>('packet', 'connection');
const bits = fc.constantFrom(0, 1, 2, 3, 0xffff_ffff);
const markCondition: fc.Arbitrary<Condition> = fc
  .tuple(ends, bits, fc.constantFrom<readonly [number, number]>([0, 0], [1, 1], [2, 3], [0, 2]))
  .map(([of, mask, range]): Condition => ({ kind: 'mark', of, mask, ranges: [range] }));
const markStatement: fc.Arbitrary<Statement> = fc
  .tuple(ends, bits, bits, fc.constantFrom(0, 1, 2, 3))
  .map(([of, packet, connection, flip]): Statement => ({ kind: 'mark', of, to: { packet, connection, flip } }));

const knownCondition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: addresses.map((set): Condition => ({ kind: 'source', addresses: set })) },
  {
    weight: 2,
    arbitrary: addresses.map(
      (set): Condition => ({ kind: 'destination', addresses: set.union(AddressSet.single(near)) }),
    ),
  },
  { weight: 3, arbitrary: markCondition },
  { weight: 2, arbitrary: ports.map((set): Condition => ({ kind: 'destination-port', ports: set })) },
  fc.constantFrom<Condition>(
    { kind: 'in-interface', name: 'eth0' },
    { kind: 'in-interface', name: 'eth+' },
    { kind: 'in-interface', name: 'eth1' },
    { kind: 'family', family: 4 },
    { kind: 'family', family: 6 },
    { kind: 'protocol', protocols: ['tcp'] },
    { kind: 'protocol', protocols: ['udp', 'icmp'] },
    { kind: 'state', states: ['new'] },
    { kind: 'state', states: ['established', 'related'] },
    { kind: 'tcp-flags', mask: 23, value: 2 },
    { kind: 'tcp-flags', mask: 23, value: 18 },
  ),
);

/** Each doubt of its own; it is given its words where its rule is known. */
const doubt: Condition = { kind: 'unknown', why: { kind: 'opaque', text: '' } };
const tuples = (one: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> =>
  fc
    .array(fc.array(one, { minLength: 1, maxLength: 2 }), { maxLength: 3 })
    .map((lists): Condition => ({ kind: 'any-of', lists }));

function conditionOf(doubts: boolean): fc.Arbitrary<Condition> {
  const one = doubts ? fc.oneof({ weight: 5, arbitrary: knownCondition }, fc.constant(doubt)) : knownCondition;
  return fc.oneof({ weight: 5, arbitrary: maybeNot(one) }, { weight: 1, arbitrary: maybeNot(tuples(maybeNot(one))) });
}

/** A chain calls later ones only: the kernel refuses loops. */
function statementOf(index: number, doubts: boolean): fc.Arbitrary<Statement> {
  const plain: fc.Arbitrary<Statement> = fc.constantFrom<Statement>(
    { kind: 'accept' },
    { kind: 'drop' },
    { kind: 'reject', how: 'port-unreachable' },
    { kind: 'return' },
    { kind: 'continue' },
    { kind: 'notrack' },
  );
  const later = chainNames.slice(index + 1);
  if (later.length === 0) return fc.oneof(plain, plain, markStatement);
  const calls = fc
    .tuple(fc.constantFrom<'jump' | 'goto'>('jump', 'goto'), fc.constantFrom(...later))
    .map(([kind, chain]): Statement => ({ kind, chain }));
  const unknown: Statement = { kind: 'unknown', why: { kind: 'opaque', text: '' } };
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 3, arbitrary: markStatement },
    { weight: 3, arbitrary: calls },
    ...(doubts ? [{ weight: 1, arbitrary: fc.constant(unknown) }] : []),
  );
}

const chainNames = ['INPUT', 'A', 'B', 'C'] as const;

function named(condition: Condition, words: string): Condition {
  if (condition.kind === 'unknown') return { ...condition, why: { kind: 'opaque', text: words } };
  if (condition.kind !== 'any-of') return condition;
  const lists = condition.lists.map((list, row) => list.map((one, column) => named(one, `${words}.${row}.${column}`)));
  return { ...condition, lists };
}

function chainOf(index: number, doubts: boolean): fc.Arbitrary<readonly FilterRule[]> {
  const name = chainNames[index] ?? '';
  const rule = fc.record({
    conditions: fc.array(conditionOf(doubts), { maxLength: 3 }),
    does: statementOf(index, doubts),
  });
  return fc.array(rule, { maxLength: 4 }).map((rules) =>
    rules.map(({ conditions, does }, i): FilterRule => {
      const text = `${name} ${i + 1}`;
      return {
        id: `${i + 1}`,
        text,
        conditions: conditions.map((condition, n) => named(condition, `if ${text}.${n}`)),
        does: does.kind === 'unknown' ? { kind: 'unknown', why: { kind: 'opaque', text: `does ${text}` } } : does,
      };
    }),
  );
}

function tableOf(doubts: boolean): fc.Arbitrary<FilterTable> {
  const policy = fc.constantFrom<'accept' | 'drop'>('accept', 'drop');
  const chains = fc.tuple(chainOf(0, doubts), chainOf(1, doubts), chainOf(2, doubts), chainOf(3, doubts));
  return fc.tuple(policy, chains).map(
    ([behind, all]): FilterTable => ({
      family: 'ip',
      name: 'filter',
      by: 'iptables',
      chains: all.map(
        (rules, index): FilterChain => ({
          name: chainNames[index] ?? '',
          rules,
          ...(index === 0 && { base: { hook: 'input', type: 'filter', priority: 0, policy: behind } }),
        }),
      ),
    }),
  );
}

const single: fc.Arbitrary<Single> = fc
  .tuple(fc.constantFrom(packets.in, packets.out), fc.constantFrom(...peers), fc.constantFrom(...farPorts))
  .map(([one, peer, farPort]) => ({ packet: one, far: ipv4(peer), farPort }));

const baseOf = ({ chains: [base] }: FilterTable): FilterChain => base ?? { name: 'INPUT', rules: [] };

describe('a chain as a filter, against a walk of one packet through its rules', () => {
  test('without doubts it says the same, and is sure of it', () => {
    fc.assert(
      fc.property(tableOf(false), single, (table, one) => {
        const { outcomes } = possible(table, baseOf(table), one);
        expect(judged(table, baseOf(table), one)).toEqual({ outcomes, isDoubted: false });
      }),
      runs(600),
    );
  });

  test('with doubts it holds whatever may happen, and doubts nothing else', () => {
    fc.assert(
      fc.property(tableOf(true), single, (table, one) => {
        const { outcomes, asked } = possible(table, baseOf(table), one);
        const { outcomes: said, isDoubted } = judged(table, baseOf(table), one);
        for (const outcome of outcomes) expect([...said]).toContain(outcome);
        if (!asked) expect({ said, isDoubted }).toEqual({ said: outcomes, isDoubted: false });
      }),
      runs(600),
    );
  });
});
