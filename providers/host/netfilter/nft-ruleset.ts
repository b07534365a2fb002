import { Memo } from '../../../src/memo.js';
import { doubtful } from './conditions.js';
import type { NftScope, NftSet } from './nft-match.js';
import { changedSet, rulesOf } from './nft-rule.js';
import { asText, isList, isObject, memberOf, wordsIn } from './nft-value.js';
import type { ChainBase, Condition, Dump, FilterChain, FilterRule, FilterTable, Hook } from './ruleset.js';

type Values = Readonly<Record<string, unknown>>;

interface ChainDraft {
  readonly values: Values;
  readonly rules: Values[];
}

interface TableDraft {
  readonly family: FilterTable['family'];
  readonly name: string;
  readonly flags: readonly string[];
  readonly chains: Map<string, ChainDraft>;
  readonly sets: Map<string, { readonly dynamic: boolean; readonly elements: unknown[] }>;
  readonly changed: Set<string>;
}

interface Reading {
  readonly tables: Map<string, TableDraft>;
  readonly devices: ChainDevices;
  unread: string | undefined;
}

/** The devices of a base chain by its `family table chain`, where another output of nft tells them. */
export type ChainDevices = ReadonlyMap<string, readonly string[]>;

/** Objects that filter nothing by themselves: rules name them. */
const named = new Set([
  'metainfo',
  'flowtable',
  'counter',
  'quota',
  'limit',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'secmark',
  'synproxy',
]);

/** The tables of a list of objects in the JSON form of nft (libnftables-json(5)), and what in it is none of them. */
export function rulesetOf(objects: readonly unknown[], devices: ChainDevices = new Map()): Dump {
  const reading: Reading = { tables: new Map(), devices, unread: undefined };
  for (const object of objects) {
    const [kind, body] = memberOf(object) ?? ['', undefined];
    if (named.has(kind)) continue;
    if (!isObject(body) || !readObject(reading, kind, body))
      reading.unread ??= `${kind || 'an object'} that is not understood`;
  }
  const tables = [...reading.tables.values()].map((draft) => tableOf(draft, reading));
  return { tables, ...(reading.unread !== undefined && { unread: reading.unread }) };
}

const families: ReadonlySet<unknown> = new Set<FilterTable['family']>(['ip', 'ip6', 'inet', 'netdev', 'bridge', 'arp']);

function isFamily(value: unknown): value is FilterTable['family'] {
  return families.has(value);
}

/** Whether the object was understood. */
function readObject({ tables }: Reading, kind: string, body: Values): boolean {
  const { family, name } = body;
  if (kind === 'table') {
    if (!isFamily(family) || typeof name !== 'string') return false;
    tables.set(`${family} ${name}`, {
      family,
      name,
      flags: wordsIn(body.flags),
      chains: new Map(),
      sets: new Map(),
      changed: new Set(),
    });
    return true;
  }
  const table = tables.get(`${asText(family) ?? ''} ${asText(body.table) ?? ''}`);
  if (!table) return false;
  if (kind === 'chain' && typeof name === 'string') {
    table.chains.set(name, { values: body, rules: [] });
    return true;
  }
  if ((kind === 'set' || kind === 'map') && typeof name === 'string') {
    const elements = isList(body.elem) ? [...body.elem] : [];
    table.sets.set(name, { dynamic: wordsIn(body.flags).includes('dynamic'), elements });
    return body.elem === undefined || isList(body.elem);
  }
  if (kind === 'element') {
    const set = typeof name === 'string' ? table.sets.get(name) : undefined;
    if (!set || !isList(body.elem)) return false;
    for (const element of body.elem) set.elements.push(element);
    return true;
  }
  const chain = kind === 'rule' ? table.chains.get(asText(body.chain) ?? '') : undefined;
  if (!chain || !isList(body.expr)) return false;
  chain.rules.push(body);
  for (const statement of body.expr) {
    const changed = changedSet(statement);
    if (changed !== undefined) table.changed.add(changed);
  }
  return true;
}

function tableOf(draft: TableDraft, reading: Reading): FilterTable {
  const { family, name } = draft;
  const sets = new Map<string, NftSet>();
  for (const [set, { dynamic, elements }] of draft.sets) {
    sets.set(set, { elements, changes: dynamic || draft.changed.has(set) });
  }
  const scope: NftScope = {
    family: family === 'ip' ? 4 : family === 'ip6' ? 6 : undefined,
    sets,
    memo: new Memo(),
  };
  const chains = [...draft.chains].map(([chain, { values, rules }]) =>
    chainOf(chain, values, rules, draft, scope, reading),
  );
  return { family, name, chains, by: 'nft' };
}

function chainOf(
  name: string,
  values: Values,
  written: readonly Values[],
  { family, name: table, flags }: TableDraft,
  scope: NftScope,
  reading: Reading,
): FilterChain {
  const rules = written.flatMap((rule, i): readonly FilterRule[] =>
    rulesOf(
      {
        id: typeof rule.handle === 'number' ? `${rule.handle}` : `${i + 1}`,
        statements: isList(rule.expr) ? rule.expr : [],
        comment: asText(rule.comment),
        text: asText(rule.text),
      },
      scope,
    ),
  );
  if (values.hook === undefined || flags.includes('dormant')) return { name, rules };
  const base = baseOf(values, reading.devices.get(`${family} ${table} ${name}`));
  if (!base) {
    reading.unread ??= `chain ${name}: where it is hooked in`;
    return { name, rules };
  }
  const flag = flags.find((word) => !harmlessFlags.has(word));
  if (flag !== undefined) return perhaps(`table with the flag ${flag}`, name, base, rules);
  // In its JSON nft 1.0.6 does not print the devices, in its text it does (measured).
  const isOfDevices = base.hook === 'ingress' || base.hook === 'egress';
  return isOfDevices && !base.devices
    ? perhaps(`chain ${name}: its devices are not told`, name, base, rules)
    : { name, base, rules };
}

const hooks: ReadonlySet<unknown> = new Set<Hook>([
  'ingress',
  'prerouting',
  'input',
  'forward',
  'output',
  'postrouting',
  'egress',
]);

function isHook(value: unknown): value is Hook {
  return hooks.has(value);
}

function baseOf(values: Values, told: readonly string[] | undefined): ChainBase | undefined {
  const { type, hook, prio, policy = 'accept', dev = told } = values;
  if (!isHook(hook) || typeof prio !== 'number') return undefined;
  if (type !== 'filter' && type !== 'nat' && type !== 'route') return undefined;
  if (policy !== 'accept' && policy !== 'drop') return undefined;
  const devices = wordsIn(dev);
  return { hook, type, priority: prio, policy, ...(devices.length > 0 && { devices }) };
}

const harmlessFlags = new Set(['owner', 'persist']);

/** A chain that a packet may not meet at all. */
function perhaps(why: string, name: string, base: ChainBase, rules: readonly FilterRule[]): FilterChain {
  const some: Condition = doubtful('opaque', why);
  const doubted = rules.map((rule) => ({ ...rule, conditions: [some, ...rule.conditions] }));
  if (base.policy === 'accept') return { name, base, rules: doubted };
  const last: FilterRule = { id: 'policy', conditions: [some], does: { kind: 'drop' }, text: 'policy drop' };
  return { name, base: { ...base, policy: 'accept' }, rules: [...doubted, last] };
}
