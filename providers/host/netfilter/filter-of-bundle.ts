import type { GapKind } from '../../../src/model/fact.js';
import type { Family } from '../../../src/set/index.js';
import type { Bundle, BundleRecord } from '../bundle.js';
import { type IpSet, parseIpset, withChanging } from './ipset.js';
import { changedSets, parseIptablesSave } from './iptables-save.js';
import { parseNftJson } from './nft-json.js';
import { parseNftText } from './nft-text.js';
import type { Dump, FilterTable } from './ruleset.js';

/** A part of the packet filters of a machine that the bundle does not hold. */
export interface FilterDoubt {
  /** What is missing, in one line. Untrusted text. */
  readonly what: string;
  readonly kind: GapKind;
  /** The only family that it is about. */
  readonly family?: Family;
}

/** The packet filters of a machine, as far as a bundle holds them. */
export interface BundleFilter {
  readonly tables: readonly FilterTable[];
  /** Where there is one, any rule may stand in what is missing. */
  readonly doubts: readonly FilterDoubt[];
}

/** What one source gave: its text, nothing because there is no such tool, or why it cannot be known. */
type Output = { readonly text: string } | 'absent' | FilterDoubt;

interface Names {
  readonly family: Family;
  readonly save: string;
  readonly legacySave: string;
  readonly legacyTables: string;
}

const ipv4: Names = {
  family: 4,
  save: 'iptables-save',
  legacySave: 'iptables-legacy-save',
  legacyTables: 'file /proc/net/ip_tables_names',
};
const ipv6: Names = {
  family: 6,
  save: 'ip6tables-save',
  legacySave: 'ip6tables-legacy-save',
  legacyTables: 'file /proc/net/ip6_tables_names',
};

/**
 * The tables of all packet filters of a machine, each once, and what of them the bundle does not hold. The tables that iptables keeps
 * in nf_tables are in the dumps of both: there the one of iptables-save is taken, because nft does not print the values of extensions
 * (measured, nft 1.0.6). A dump that was refused, that failed or that is cut is a doubt; a tool that is not installed has no rules.
 */
export function filterOf(bundle: Bundle): BundleFilter {
  const ipsets = ipsetsOf(bundle);
  const sides = [ipv4, ipv6].map((names) => sideOf(bundle, names, ipsets));
  const nft = nftOf(bundle, sides);
  return {
    tables: [...nft.tables, ...sides.flatMap((side) => side.tables)],
    doubts: [...nft.doubts, ...sides.flatMap((side) => side.doubts)],
  };
}

const refusal = /permission denied|not permitted|must be root|need to be root/i;

/** What a record says: an exit status other than zero is a refusal or a failure, whatever was printed before it. */
function outputOf(bundle: Bundle, key: string, family?: Family): Output {
  const record = bundle.records.get(key);
  const about = family === undefined ? {} : { family };
  if (!record) return { what: `${key} is not in the bundle`, kind: 'not-collected', ...about };
  if (record.outcome === 'absent') return 'absent';
  if (record.outcome === 'denied' || refusal.test(record.stderr)) {
    return { what: `${key}: ${firstLine(record.stderr) || 'permission denied'}`, kind: 'not-permitted', ...about };
  }
  if (record.outcome !== 'ran') return { what: `${key} ${words[record.outcome]}`, kind: 'not-collected', ...about };
  // The exit status of a file is that of reading it.
  if (record.status !== undefined && record.status !== 0) {
    const line = firstLine(record.stderr) || firstLine(record.stdout);
    return { what: `${key} failed with status ${record.status}: ${line}`, kind: 'not-collected', ...about };
  }
  return { text: record.stdout };
}

const words: Readonly<Record<Exclude<BundleRecord['outcome'], 'ran' | 'absent' | 'denied'>, string>> = {
  'timed-out': 'was stopped after its time',
  cut: 'was cut',
};

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

function isText(output: Output): output is { readonly text: string } {
  return typeof output === 'object' && 'text' in output;
}

/** The sets of the machine; undefined where they are not known. Rules of every dump may fill them. */
function ipsetsOf(bundle: Bundle): ReadonlyMap<string, IpSet> | undefined {
  const output = outputOf(bundle, 'ipset');
  if (!isText(output)) return undefined;
  const names = new Set<string>();
  for (const { save, legacySave } of [ipv4, ipv6]) {
    for (const key of [save, legacySave]) {
      for (const name of changedSets(bundle.records.get(key)?.stdout ?? '')) names.add(name);
    }
  }
  return withChanging(parseIpset(output.text), names);
}

interface Side {
  readonly tables: readonly FilterTable[];
  readonly doubts: readonly FilterDoubt[];
  /** Whether its dump is one of tables in nf_tables, so that nft shows them as well. */
  readonly isNft: boolean;
}

/** The tables of iptables of one family. */
function sideOf(bundle: Bundle, names: Names, ipsets: ReadonlyMap<string, IpSet> | undefined): Side {
  const { family, save, legacySave, legacyTables } = names;
  const doubts: FilterDoubt[] = [];
  const tables: FilterTable[] = [];
  const read = (output: Output, by: 'iptables' | 'iptables-legacy', key: string) => {
    if (output === 'absent') return;
    if (!isText(output)) {
      doubts.push(output);
      return;
    }
    const dump = parseIptablesSave(output.text, { family, by, ipsets });
    tables.push(...dump.tables);
    doubts.push(...unreadOf(dump, key, family));
  };
  const own = outputOf(bundle, save, family);
  // `# Generated by iptables-save v1.8.9 (nf_tables) on ...`; the legacy one names no backend, or says legacy.
  const isLegacy = isText(own) && /^# Generated by ip6?tables-save v(?!.*\(nf_tables\))/m.test(own.text);
  read(own, isLegacy ? 'iptables-legacy' : 'iptables', save);
  const wanted = legacyNames(bundle, legacyTables, family);
  if (!isList(wanted)) {
    if (!isLegacy) doubts.push(wanted);
  } else if (wanted.length > 0 && !isLegacy) {
    const legacy = outputOf(bundle, legacySave, family);
    read(
      legacy === 'absent' ? { what: `${legacySave} is absent`, kind: 'not-collected', family } : legacy,
      'iptables-legacy',
      legacySave,
    );
  }
  if (Array.isArray(wanted)) {
    const seen = new Set(tables.filter(({ by }) => by === 'iptables-legacy').map(({ name }) => name));
    const missing = wanted.filter((name) => !seen.has(name));
    if (missing.length > 0 && doubts.length === 0) {
      doubts.push({ what: `legacy tables without a dump: ${missing.join(', ')}`, kind: 'not-collected', family });
    }
  }
  return { tables, doubts, isNft: isText(own) && !isLegacy };
}

/** The tables of the legacy backend that the kernel has; none where there is no such file, because its module is not loaded. */
function legacyNames(bundle: Bundle, key: string, family: Family): readonly string[] | FilterDoubt {
  const output = outputOf(bundle, key, family);
  if (output === 'absent') return [];
  return isText(output) ? output.text.split(/\s+/).filter((name) => name !== '') : output;
}

function unreadOf(dump: Dump, key: string, family?: Family): readonly FilterDoubt[] {
  if (dump.unread === undefined) return [];
  return [{ what: `${key}: ${dump.unread}`, kind: 'not-modelled', ...(family !== undefined && { family }) }];
}

interface NftSide {
  readonly tables: readonly FilterTable[];
  readonly doubts: readonly FilterDoubt[];
}

/** The tables of nft but for those that are taken from iptables-save. */
function nftOf(bundle: Bundle, sides: readonly Side[]): NftSide {
  const json = outputOf(bundle, 'nft-json');
  const dump = isText(json) ? parseNftJson(json.text) : undefined;
  if (dump && dump.unread === undefined)
    return { tables: dump.tables.filter((table) => !isShown(table, sides)), doubts: [] };
  const text = outputOf(bundle, 'nft-text');
  if (isText(text)) {
    const textual = parseNftText(text.text);
    const tables = textual.tables.filter((table) => !isShown(table, sides));
    return { tables, doubts: [...unreadOf(textual, 'nft-text'), ...tables.flatMap(translated)] };
  }
  if (json === 'absent' && (text === 'absent' || !bundle.records.has('nft-text'))) return { tables: [], doubts: [] };
  if (dump)
    return { tables: dump.tables.filter((table) => !isShown(table, sides)), doubts: unreadOf(dump, 'nft-json') };
  const doubt = !isText(json) && json !== 'absent' && bundle.records.has('nft-json') ? json : text;
  return { tables: [], doubts: doubt === 'absent' || isText(doubt) ? [] : [doubt] };
}

const ofIptables = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

/** Whether iptables-save shows the same table, with all chains that are hooked in. */
function isShown(table: FilterTable, sides: readonly Side[]): boolean {
  const side = table.family === 'ip' ? sides[0] : table.family === 'ip6' ? sides[1] : undefined;
  if (!side?.isNft || !ofIptables.has(table.name)) return false;
  const shown = side.tables.find(({ name, by }) => name === table.name && by === 'iptables');
  return shown !== undefined && table.chains.every(({ name }) => shown.chains.some((chain) => chain.name === name));
}

const builtIn = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/**
 * A table of iptables in the text form of nft, which rewrites extensions and loses a part of some (measured, nft 1.0.6:
 * `--ctstate NEW,DNAT` is printed as `ct status dnat`).
 */
function translated({ family, name, chains }: FilterTable): readonly FilterDoubt[] {
  const isOfIptables = (family === 'ip' || family === 'ip6') && ofIptables.has(name);
  if (!isOfIptables || !chains.some((chain) => chain.base && builtIn.has(chain.name))) return [];
  const of = family === 'ip' ? 4 : 6;
  return [{ what: `table ${family} ${name} as nft rewrites it`, kind: 'not-collected', family: of }];
}

function isList(names: readonly string[] | FilterDoubt): names is readonly string[] {
  return Array.isArray(names);
}
