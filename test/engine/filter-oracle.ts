import type { Action, Fact, Filter, Rule } from '../../src/model/index.js';
import { type Address, type AddressSet, formatAddress, type PortSet } from '../../src/set/index.js';
import type { Guess } from './every-world.js';

/** One packet, as a filter sees it. */
export interface Packet {
  readonly address: Address;
  readonly port: number;
}

/** What a filter does with one packet, and the rule that says so; null when no rule does. */
export interface Ruling {
  readonly action: Action;
  readonly rule: Rule | null;
}

function holds<T>(fact: Fact<T>, has: (set: T) => boolean, about: string, guess: Guess): boolean {
  if (fact.known) return has(fact.value);
  return has(fact.within) && guess(fact, about);
}

function matches(rule: Rule, { address, port }: Packet, guess: Guess): boolean {
  const { peers, ports } = rule;
  const possible = (fact: Fact<AddressSet>) => (fact.known ? fact.value : fact.within).has(address);
  const onPort = (fact: Fact<PortSet>) => (fact.known ? fact.value : fact.within).has(port);
  if (!possible(peers) || !onPort(ports)) return false;
  return (
    holds(peers, (set) => set.has(address), formatAddress(address), guess) &&
    holds(ports, (set) => set.has(port), String(port), guess)
  );
}

/** Evaluates a filter for one packet in one world, as its definition reads. */
export function decide(filter: Filter, packet: Packet, guess: Guess): Ruling {
  switch (filter.kind) {
    case 'rules': {
      for (const rule of filter.rules) if (matches(rule, packet, guess)) return { action: rule.action, rule };
      return { action: filter.otherwise, rule: null };
    }
    case 'all': {
      let last: Ruling = { action: 'allow', rule: null };
      for (const member of filter.of) {
        last = decide(member, packet, guess);
        if (last.action !== 'allow') break;
      }
      return last;
    }
    case 'any': {
      for (const member of filter.of) {
        const ruling = decide(member, packet, guess);
        if (ruling.action === 'allow') return ruling;
      }
      return decide(filter.otherwise, packet, guess);
    }
    case 'first': {
      for (const member of filter.of) {
        const ruling = decide(member, packet, guess);
        if (ruling.action !== 'next') return ruling;
      }
      return decide(filter.otherwise, packet, guess);
    }
    case 'either': {
      const chosen = filter.of.find((_, at) => at === filter.of.length - 1 || guess(filter, String(at)));
      return decide(chosen as Filter, packet, guess);
    }
  }
}
