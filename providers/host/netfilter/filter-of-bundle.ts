import type { Family } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import { type FilterDoubt, isOutputDoubt, isText, type Output, outputOf } from './bundle-output.js';
import { type IpSet, parseIpset, withChanging } from './ipset.js';
import { changedSets, parseIptablesSave } from './iptables-save.js';
import { mergeTables } from './merge-tables.js';
import { parseNftJson } from './nft-json.js';
import type { ChainDevices } from './nft-ruleset.js';
import { parseNftText } from './nft-text.js';
import type { Dump, FilterTable } from './ruleset.js';

/** The packet filters of a machine, as far as a bundle holds them. */
export interface BundleFilter {
  readonly tables: readonly FilterTable[];
  /** Where there is one, any rule may stand in what is missing. */
  readonly doubts: readonly FilterDoubt[];
}

interface Names {
  readonly family: Family;
  readonly save: string;
  readonly legacySave: string;
  readonly legacyTables: string;
}

const families: readonly Names[] = [
  {
    family: 4,
    save: 'iptables-save',
    legacySave: 'iptables-legacy-save',
    legacyTables: 'file /proc/net/ip_tables_names',
  },
  {
    family: 6,
    save: 'ip6tables-save',
    legacySave: 'ip6tables-legacy-save',
    legacyTables: 'file /proc/net/ip6_tables_names',
  },
];

/**
 * The tables of all packet filters of a machine, each once, and what of them the bundle does not hold. What iptables keeps in nf_tables
 * is in the dumps of nft and of iptables-save, and is put together from both. A dump that was refused, that failed or that is cut is a
 * doubt unless another holds the same; a tool that is not installed has no rules.
 */
export function filterOf(bundle: Bundle): BundleFilter {
  const ipsets = ipsetsOf(bundle);
  const nft = nftOf(bundle);
  const sides = families.map((names) => sideOf(bundle, names, ipsets, nft));
  const shared = sides.flatMap((side) => side.shared);
  const own = nft.tables.filter((table) => !sharedWith(table, shared));
  const merged = shared.map((saved) => {
    const table = nft.tables.find((candidate) => sharedWith(candidate, [saved]));
    return table ? mergeTables(table, saved, nft.isTranslated) : saved;
  });
  const rewritten = nft.isTranslated ? own.flatMap(rewrittenBy) : [];
  return {
    tables: [...own, ...merged, ...sides.flatMap((side) => side.legacy)],
    doubts: [...nft.doubts, ...rewritten, ...sides.flatMap((side) => side.doubts)],
  };
}

function sharedWith(table: FilterTable, shared: readonly FilterTable[]): boolean {
  return shared.some(({ family, name }) => family === table.family && name === table.name);
}

/** The sets of the machine; undefined where they are not known. Rules of every dump may fill them. */
function ipsetsOf(bundle: Bundle): ReadonlyMap<string, IpSet> | undefined {
  const output = outputOf(bundle, 'ipset');
  if (!isText(output)) return undefined;
  const changed = new Set<string>();
  for (const key of families.flatMap(({ save, legacySave }) => [save, legacySave])) {
    for (const name of changedSets(bundle.records.get(key)?.stdout ?? '')) changed.add(name);
  }
  return withChanging(parseIpset(output.text), changed);
}

interface NftSide {
  readonly tables: readonly FilterTable[];
  readonly doubts: readonly FilterDoubt[];
  /** Whether its dump is in the text form, in which extensions of iptables are translated. */
  readonly isTranslated: boolean;
  /** Whether all tables of nf_tables are in it. */
  readonly isWhole: boolean;
}

function nftOf(bundle: Bundle): NftSide {
  const json = outputOf(bundle, 'nft-json');
  const dump = isText(json) ? parseNftJson(json.text, devicesOf(bundle)) : undefined;
  if (dump && dump.unread === undefined) return { tables: dump.tables, doubts: [], isTranslated: false, isWhole: true };
  const hasText = bundle.records.has('nft-text');
  const text = outputOf(bundle, 'nft-text');
  if (isText(text)) {
    const textual = parseNftText(text.text);
    const doubts = unreadOf(textual, 'nft-text');
    return { tables: textual.tables, doubts, isTranslated: true, isWhole: doubts.length === 0 };
  }
  if (dump) return { tables: dump.tables, doubts: unreadOf(dump, 'nft-json'), isTranslated: false, isWhole: false };
  const reason = isOutputDoubt(json) && (bundle.records.has('nft-json') || !hasText) ? json : text;
  const doubts = json !== 'absent' && isOutputDoubt(reason) ? [reason] : hiddenTables(bundle);
  return { tables: [], doubts, isTranslated: false, isWhole: false };
}

/** The devices of chains that hang on some, as `nft list chains` prints them. */
function devicesOf(bundle: Bundle): ChainDevices {
  const chains = outputOf(bundle, 'nft-chains');
  const { tables } = parseNftText(isText(chains) ? chains.text : '');
  return new Map(
    tables.flatMap(({ family, name, chains: own }) =>
      own.flatMap(({ name: chain, base }) =>
        base?.devices ? [[`${family} ${name} ${chain}`, base.devices] as const] : [],
      ),
    ),
  );
}

/** Without nft, iptables-save only says that there are tables that it cannot print. */
function hiddenTables(bundle: Bundle): readonly FilterDoubt[] {
  return families.flatMap(({ family, save }): readonly FilterDoubt[] => {
    const [line] = /^# Table .* is incompatible.*$/m.exec(bundle.records.get(save)?.stdout ?? '') ?? [];
    return line === undefined ? [] : [{ what: `${save}: ${line.trim()}`, kind: 'not-collected', family }];
  });
}

function unreadOf(dump: Dump, key: string, family?: Family): readonly FilterDoubt[] {
  if (dump.unread === undefined) return [];
  return [{ what: `${key}: ${dump.unread}`, kind: 'not-modelled', ...(family !== undefined && { family }) }];
}

interface Side {
  /** Tables in nf_tables, which nft shows as well. */
  readonly shared: readonly FilterTable[];
  readonly legacy: readonly FilterTable[];
  readonly doubts: readonly FilterDoubt[];
}

/** `# Generated by iptables-save v1.8.9 (nf_tables) on ...`: the legacy one names no backend, or says legacy (measured). */
const generatedByLegacy = /^# Generated by ip6?tables-save v(?!.*\(nf_tables\))/m;

/** The tables of iptables of one family. */
function sideOf(bundle: Bundle, names: Names, ipsets: ReadonlyMap<string, IpSet> | undefined, nft: NftSide): Side {
  const { family, save, legacySave } = names;
  const own = outputOf(bundle, save, family);
  const isLegacy = isText(own) && generatedByLegacy.test(own.text);
  const read = (output: Output, by: 'iptables' | 'iptables-legacy'): Dump =>
    parseIptablesSave(isText(output) ? output.text : '', { family, by, ipsets });
  const wanted = legacyNames(bundle, names);
  const needsLegacy = !isLegacy && (wanted.doubt !== undefined || wanted.names.length > 0);
  const legacyOutput = isLegacy ? own : needsLegacy ? outputOf(bundle, legacySave, family) : 'absent';
  const [shared, legacy] = [read(isLegacy ? 'absent' : own, 'iptables'), read(legacyOutput, 'iptables-legacy')];
  const missing = wanted.doubt
    ? []
    : wanted.names.filter((name) => !legacy.tables.some((table) => table.name === name));
  const gap: FilterDoubt = {
    what: `legacy tables without a dump: ${missing.join(', ')}`,
    kind: 'not-collected',
    family,
  };
  return {
    shared: shared.tables,
    legacy: legacy.tables,
    doubts: [
      // All that iptables keeps in nf_tables is in a whole dump of nft.
      ...(isOutputDoubt(own) && !nft.isWhole ? [own] : []),
      ...unreadOf(shared, save, family),
      ...unreadOf(legacy, isLegacy ? save : legacySave, family),
      ...(wanted.doubt && !isLegacy && !isText(legacyOutput) ? [wanted.doubt] : []),
      ...(missing.length === 0 ? [] : [isOutputDoubt(legacyOutput) ? legacyOutput : gap]),
    ],
  };
}

/** The tables of the legacy backend that the kernel has; none where there is no such file, because its module is not loaded. */
function legacyNames(
  bundle: Bundle,
  { legacyTables, family }: Names,
): { readonly names: readonly string[]; readonly doubt?: FilterDoubt } {
  const output = outputOf(bundle, legacyTables, family);
  if (output === 'absent') return { names: [] };
  return isText(output)
    ? { names: output.text.split(/\s+/).filter((name) => name !== '') }
    : { names: [], doubt: output };
}

const ofIptables = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);
const builtIn = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/**
 * A table of iptables that only the text form of nft shows, which rewrites extensions and loses a part of some (measured, nft 1.0.6:
 * `--ctstate NEW,DNAT` is printed as `ct status dnat`).
 */
function rewrittenBy({ family, name, chains }: FilterTable): readonly FilterDoubt[] {
  const isOfIptables = (family === 'ip' || family === 'ip6') && ofIptables.has(name);
  if (!isOfIptables || !chains.some((chain) => chain.base && builtIn.has(chain.name))) return [];
  return [
    { what: `table ${family} ${name} as nft rewrites it`, kind: 'not-collected', family: family === 'ip' ? 4 : 6 },
  ];
}
