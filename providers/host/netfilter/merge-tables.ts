import { AddressSet, PortSet } from '../../../src/set/index.js';
import type { FilterChain, FilterRule, FilterTable } from './ruleset.js';

/**
 * One table of iptables in nf_tables, from the dumps of nft and of iptables-save. Rule by rule, because neither has all (measured,
 * nft 1.0.6 and iptables 1.8.9): nft prints extensions of iptables without their values, and iptables-save prints a rule that nft
 * added as one that matches more (`ip saddr @set drop` as `-j DROP`). A chain of which they do not have equally many rules is that
 * of nft. `isTranslated` where nft printed text, in which extensions look like what they are nearly the same as.
 */
export function mergeTables(nft: FilterTable, saved: FilterTable, isTranslated: boolean): FilterTable {
  const chains = nft.chains.map((chain) => {
    const other = saved.chains.find(({ name }) => name === chain.name);
    return other ? mergeChains(chain, other, isTranslated) : chain;
  });
  return { family: nft.family, name: nft.name, chains, by: 'iptables' };
}

function mergeChains(nft: FilterChain, saved: FilterChain, isTranslated: boolean): FilterChain {
  const groups = groupsOf(nft.rules);
  if (groups.length !== saved.rules.length) return nft;
  const rules = groups.flatMap((group, i): readonly FilterRule[] => {
    const other = saved.rules[i];
    if (!other) return group;
    const isSaved = group.some(holdsExtension) || (isTranslated && extension.test(other.text)) || isSame(group, other);
    return isSaved ? [other] : group.map((rule) => ({ ...rule, id: other.id }));
  });
  // nft does not tell what the kernel counts of policies.
  const packets = saved.base?.packets;
  const base = nft.base && { ...nft.base, ...(packets !== undefined && { packets }) };
  return { ...nft, ...(base && { base }), rules };
}

/** The rules by what they were one rule of. */
function groupsOf(rules: readonly FilterRule[]): readonly FilterRule[][] {
  const groups: FilterRule[][] = [];
  let last: string | undefined;
  for (const rule of rules) {
    if (rule.id === last) groups.at(-1)?.push(rule);
    else groups.push([rule]);
    last = rule.id;
  }
  return groups;
}

/** Whether nft has a part of the rule only by the name of an extension. */
function holdsExtension({ text }: FilterRule): boolean {
  return /(?:^| )xt (?:match|target) /.test(text.split(' comment "', 1)[0] ?? '');
}

/** Matches that iptables-save prints only of rules that iptables added; the others it makes of expressions of nft as well (measured). */
const extension = / -m (?!(?:tcp|udp|icmp|icmp6|limit|mark|pkttype|ttl|hl|comment) )/;

function isSame([only, ...more]: readonly FilterRule[], other: FilterRule): boolean {
  return only !== undefined && more.length === 0 && written(only) === written(other);
}

/** What a rule asks and does, in any order of its conditions. */
function written({ conditions, does }: FilterRule): string {
  const parts = conditions.map((condition) => JSON.stringify(condition, plain));
  return [...new Set(parts)].sort().concat(JSON.stringify(does)).join('\n');
}

function plain(_key: string, value: unknown): unknown {
  return value instanceof AddressSet || value instanceof PortSet ? value.toString() : value;
}
