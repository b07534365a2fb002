import type { Rule } from '../../../src/model/index.js';
import { chainRef, signedId } from './chain-filter.js';
import type { FilterChain, FilterRule, FilterTable } from './ruleset.js';

/** How many packets one rule or policy has matched, at two times. */
export interface RuleCount {
  readonly before: number;
  readonly after: number;
}

/** What was counted of the rules of packet filters between two dumps, by the words in which their layers sign. */
export interface RuleCounts {
  /** Of a rule of a chain, or of its policy (null); undefined where it was not counted, or not twice. `chain` is a layer's subject. */
  of(chain: string, rule: Rule | null): RuleCount | undefined;
}

interface Counted {
  readonly key: string;
  readonly packets: number;
}

/** In its text form nft writes the counts into the rule. */
const written = / packets [0-9]+ bytes [0-9]+/g;

const chainKey = (table: FilterTable, chain: FilterChain) =>
  [table.by, table.family, table.name, chain.name].join('\n');

/** Rules by what they say, because their numbers change with every rule before them; one of two that are alike by its turn. */
function rulesOf(table: FilterTable, chain: FilterChain): readonly (Counted & { readonly rule: FilterRule })[] {
  const turns = new Map<string, number>();
  return chain.rules.flatMap((rule) => {
    const text = rule.text.replace(written, '');
    const turn = turns.get(text) ?? 0;
    turns.set(text, turn + 1);
    const key = `${chainKey(table, chain)}\n${turn}\n${text}`;
    return rule.packets === undefined ? [] : [{ key, packets: rule.packets, rule }];
  });
}

function countsOf(tables: readonly FilterTable[]): ReadonlyMap<string, number> {
  const all = tables.flatMap((table) =>
    table.chains.flatMap((chain): Counted[] => {
      const policy = chain.base?.packets;
      const own = rulesOf(table, chain);
      return policy === undefined ? [...own] : [...own, { key: chainKey(table, chain), packets: policy }];
    }),
  );
  return new Map(all.map(({ key, packets }) => [key, packets]));
}

const nameOf = (base: string, id: string | null, text: string) => `${base}\n${id ?? ''}\n${text}`;

/**
 * Compares the counters of two readings of the packet filters of one machine. A counter that went back was set to nothing in between,
 * and tells nothing. A rule that counts before it has asked everything counts more than it matches.
 */
export function ruleCounts(before: readonly FilterTable[], after: readonly FilterTable[]): RuleCounts {
  const first = countsOf(before);
  const counts = new Map<string, RuleCount>();
  const add = (name: string, key: string, packets: number) => {
    const known = first.get(key);
    if (known !== undefined && known <= packets) counts.set(name, { before: known, after: packets });
  };
  for (const table of after) {
    const rules = table.chains.flatMap((chain) => rulesOf(table, chain).map((one) => ({ ...one, chain: chain.name })));
    for (const base of table.chains) {
      if (!base.base) continue;
      const subject = chainRef(table, base).id;
      const policy = base.base.packets;
      if (policy !== undefined) add(nameOf(subject, null, ''), chainKey(table, base), policy);
      for (const { key, packets, rule, chain } of rules) {
        add(nameOf(subject, signedId(chain, rule), rule.text), key, packets);
      }
    }
  }
  return { of: (chain, rule) => counts.get(rule ? nameOf(chain, rule.id, rule.text) : nameOf(chain, null, '')) };
}
