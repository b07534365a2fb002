import type { Family } from '../../../src/set/index.js';
import { type IpSet, withChanging } from './ipset.js';
import type { Surroundings } from './iptables-option.js';
import { readRule } from './iptables-rule.js';
import type { ChainBase, Dump, FilterChain, FilterRule, FilterTable, Hook } from './ruleset.js';

export interface IptablesSource {
  readonly family: Family;
  readonly by: 'iptables' | 'iptables-legacy';
  /** The sets of `ipset save`; undefined where they were not recorded. */
  readonly ipsets: ReadonlyMap<string, IpSet> | undefined;
}

const hooks: ReadonlyMap<string, Hook> = new Map([
  ['PREROUTING', 'prerouting'],
  ['INPUT', 'input'],
  ['FORWARD', 'forward'],
  ['OUTPUT', 'output'],
  ['POSTROUTING', 'postrouting'],
]);

/** Where the tables of iptables stand among the chains of a hook (nft(8), chains: the names of priorities). */
const priorities: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['nat', -100],
  ['filter', 0],
  ['security', 50],
]);

interface Draft {
  readonly name: string;
  /** The policies of the chains, `-` for those of users, with the count of packets. */
  readonly policies: Map<string, { readonly policy: string; readonly packets: number | undefined }>;
  /** The rules of each chain as they were written, with the count of packets. */
  readonly rules: Map<string, { readonly line: string; readonly packets: number | undefined }[]>;
}

interface Reading {
  readonly drafts: Draft[];
  open: Draft | undefined;
  unread: string | undefined;
}

/**
 * The tables of `iptables-save` or `ip6tables-save`, with or without counters (`-c`). A rule that is not understood is unknown; what
 * belongs to no rule, a table without its COMMIT among it, is `unread`. An empty text is a dump without tables.
 */
export function parseIptablesSave(text: string, source: IptablesSource): Dump {
  const reading: Reading = { drafts: [], open: undefined, unread: undefined };
  for (const line of text.split('\n')) readLine(reading, line.trim());
  if (reading.open) reading.unread ??= `table ${reading.open.name} has no COMMIT`;
  const ipsets = withChanging(source.ipsets, changedSets(text));
  const tables = reading.drafts.map((draft) => tableOf(draft, { ...source, ipsets }, reading));
  return { tables, ...(reading.unread !== undefined && { unread: reading.unread }) };
}

/** The sets that `-j SET` changes. */
export function changedSets(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/ --(?:add|del)-set ([^\s"]+)/g)].map(([, name = '']) => name));
}

const counted = /^\[([0-9]{1,15}):[0-9]{1,20}\] +(?=-A )/;
const policyCount = /^\[([0-9]{1,15}):[0-9]{1,20}\]$/;

function packetsOf(found: RegExpExecArray | null): number | undefined {
  return found === null ? undefined : Number(found[1]);
}

function readLine(reading: Reading, line: string): void {
  if (line === '' || line.startsWith('#')) return;
  if (line.startsWith('*')) {
    const name = line.slice(1);
    if (reading.open || reading.drafts.some((draft) => draft.name === name)) reading.unread ??= line;
    reading.open = { name, policies: new Map(), rules: new Map() };
    reading.drafts.push(reading.open);
    return;
  }
  const { open } = reading;
  if (line === 'COMMIT' && open) {
    reading.open = undefined;
    return;
  }
  if (open && line.startsWith(':')) {
    const [name = '', policy = '', count = ''] = line.slice(1).split(' ');
    open.policies.set(name, { policy, packets: packetsOf(policyCount.exec(count)) });
    if (!/^(?:-|ACCEPT|DROP)$/.test(policy)) reading.unread ??= line;
    return;
  }
  const count = counted.exec(line);
  const rule = line.slice(count?.[0].length ?? 0);
  const [verb, chain = ''] = rule.split(' ', 2);
  if (!open || verb !== '-A' || !open.policies.has(chain)) {
    reading.unread ??= line;
    return;
  }
  const rules = open.rules.get(chain) ?? [];
  open.rules.set(chain, rules);
  rules.push({ line: rule, packets: packetsOf(count) });
}

function tableOf(draft: Draft, source: IptablesSource, reading: Reading): FilterTable {
  const { family, ipsets, by } = source;
  const chains = new Set([...draft.policies].filter(([, { policy }]) => policy === '-').map(([name]) => name));
  const surroundings: Surroundings = { family, ipsets, chains };
  return {
    family: family === 4 ? 'ip' : 'ip6',
    name: draft.name,
    chains: [...draft.policies].map(([name, { policy, packets: decided }]): FilterChain => {
      const base = policy === '-' ? undefined : baseOf(draft.name, name, policy, decided);
      if (policy !== '-' && !base) reading.unread ??= `chain ${name} of table ${draft.name}`;
      const rules = (draft.rules.get(name) ?? []).map(({ line, packets }, i): FilterRule => {
        const read = readRule(line, surroundings);
        return { id: `${i + 1}`, ...read, text: line, ...(packets !== undefined && { packets }) };
      });
      return { name, ...(base && { base }), rules };
    }),
    by,
  };
}

function baseOf(table: string, chain: string, policy: string, packets: number | undefined): ChainBase | undefined {
  const hook = hooks.get(chain);
  const priority = priorities.get(table);
  if (hook === undefined || priority === undefined) return undefined;
  const isLate = table === 'nat' && (hook === 'postrouting' || hook === 'input');
  return {
    hook,
    type: table === 'nat' ? 'nat' : table === 'mangle' && hook === 'output' ? 'route' : 'filter',
    priority: isLate ? 100 : priority,
    policy: policy === 'DROP' ? 'drop' : 'accept',
    ...(packets !== undefined && { packets }),
  };
}
