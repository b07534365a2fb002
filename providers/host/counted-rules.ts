import type { Bundle } from './bundle.js';
import { isObject, jsonObject, objectsField, textField } from './json.js';
import { linesOf } from './lines.js';
import { partOf } from './reading.js';

/** A rule of a packet filter that matched packets between two bundles. */
export interface CountedRule {
  /** The record that holds it: `iptables-save`, `nft-json`. */
  readonly at: string;
  /** `filter` of iptables; `inet filter input` with the handle for nft. Untrusted text. */
  readonly where: string;
  /** The rule without its counters. Untrusted text. */
  readonly text: string;
  readonly packets: bigint;
}

interface Counted {
  readonly where: string;
  readonly text: string;
  readonly packets: bigint;
}

const saves = ['iptables-save', 'ip6tables-save', 'iptables-legacy-save', 'ip6tables-legacy-save'];
const counted = /^\[(\d{1,20}):\d{1,20}\] (-A .*)$/;
const policy = /^(:\S{1,64} (?:ACCEPT|DROP)) \[(\d{1,20}):\d{1,20}\]$/;
const nftCounter = /\bcounter packets (\d{1,20}) bytes \d{1,20} ?/;

/**
 * The rules and policies whose counters grew, by `iptables-save -c` and `nft list ruleset`; an nft rule
 * in JSON goes by its handle. The same rule written twice in a table
 * is told apart by its place among its likes.
 */
export function countedRules(before: Bundle, after: Bundle): readonly CountedRule[] {
  const dumps = [
    ...saves.map((at) => ({ at, read: iptablesRules })),
    { at: 'nft-json', read: nftJsonRules },
    { at: 'nft-text', read: nftTextRules },
  ];
  return dumps.flatMap(({ at, read }) => {
    const first = keyed(read(partOf(before, at)));
    return [...keyed(read(partOf(after, at)))].flatMap(([key, rule]): CountedRule[] => {
      const packets = rule.packets - (first.get(key)?.packets ?? rule.packets);
      return packets > 0n ? [{ at, where: rule.where, text: rule.text, packets }] : [];
    });
  });
}

function keyed(rules: readonly Counted[]): ReadonlyMap<string, Counted> {
  const seen = new Map<string, number>();
  return new Map(
    rules.map((rule) => {
      const name = `${rule.where}\n${rule.text}`;
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return [`${times}\n${name}`, rule];
    }),
  );
}

function iptablesRules(dump: string): readonly Counted[] {
  let where = '';
  return linesOf(dump).flatMap((line) => {
    if (line.startsWith('*')) where = line.slice(1);
    const rule = counted.exec(line);
    if (rule) return [{ where, text: rule[2] ?? '', packets: BigInt(rule[1] ?? 0) }];
    const chain = policy.exec(line);
    return chain ? [{ where, text: chain[1] ?? '', packets: BigInt(chain[2] ?? 0) }] : [];
  });
}

function nftTextRules(dump: string): readonly Counted[] {
  let table = '';
  let chain = '';
  return linesOf(dump).flatMap((line) => {
    const [first, ...rest] = line.trimStart().split(' ');
    if (first === 'table') table = rest.slice(0, 2).join(' ');
    if (first === 'chain') chain = rest[0] ?? '';
    const found = nftCounter.exec(line);
    if (!found) return [];
    return [{ where: `${table} ${chain}`, text: line.replace(nftCounter, '').trim(), packets: BigInt(found[1] ?? 0) }];
  });
}

function nftJsonRules(dump: string): readonly Counted[] {
  const ruleset = jsonObject(dump);
  return (ruleset ? objectsField(ruleset, 'nftables') : []).flatMap(({ rule }): Counted[] => {
    if (!isObject(rule)) return [];
    const [counter] = objectsField(rule, 'expr').flatMap((expression) => expression.counter ?? []);
    const packets = isObject(counter) ? textField(counter, 'packets') : undefined;
    if (packets === undefined || !/^\d{1,20}$/.test(packets)) return [];
    const where = ['family', 'table', 'chain'].map((name) => textField(rule, name) ?? '').join(' ');
    return [{ where, text: `handle ${textField(rule, 'handle') ?? ''}`, packets: BigInt(packets) }];
  });
}
