import { changedMachine, type Machine } from '../machine.js';
import type { FilterRule, FilterTable } from '../netfilter/ruleset.js';

/** A chain of a packet filter, of which every part may stand in a command as it is. */
export interface FilterPlace {
  readonly by: FilterTable['by'];
  readonly family: 'ip' | 'ip6' | 'inet' | 'netdev';
  readonly table: string;
  readonly chain: string;
}

const nftChain = /^(ip|ip6|inet|netdev) ([A-Za-z][A-Za-z0-9_./-]{0,126}) ([A-Za-z][A-Za-z0-9_./-]{0,126})$/;
const iptablesChain =
  /^(iptables|ip6tables) (filter|nat|mangle|raw|security) ([A-Za-z0-9_.][A-Za-z0-9_.-]{0,27})( \(legacy\))?$/;

/** The place that the `chain` of a cause names: `iptables filter INPUT`, `inet filter input`; undefined for any other text. */
export function filterPlace(chain: string | undefined): FilterPlace | undefined {
  if (chain === undefined || chain.length > 300) return undefined;
  const [, tool, table = '', name = '', legacy] = iptablesChain.exec(chain) ?? [];
  if (tool !== undefined) {
    const by = legacy === undefined ? 'iptables' : 'iptables-legacy';
    return { by, family: tool === 'ip6tables' ? 'ip6' : 'ip', table, chain: name };
  }
  const [, family, nftTable = '', nftName = ''] = nftChain.exec(chain) ?? [];
  const known = (['ip', 'ip6', 'inet', 'netdev'] as const).find((one) => one === family);
  return known && { by: 'nft', family: known, table: nftTable, chain: nftName };
}

/** `iptables`, `ip6tables-legacy`, with the table where it is not that of the filter. */
export function iptablesTool({ by, family, table }: FilterPlace): string {
  const tool = `${family === 'ip6' ? 'ip6tables' : 'iptables'}${by === 'iptables-legacy' ? '-legacy' : ''}`;
  return table === 'filter' ? tool : `${tool} -t ${table}`;
}

function holds(place: FilterPlace, table: FilterTable): boolean {
  return table.by === place.by && table.family === place.family && table.name === place.table;
}

/** The machine with the rules of one chain changed. */
export function withRules(
  machine: Machine,
  place: FilterPlace,
  change: (rules: readonly FilterRule[]) => readonly FilterRule[],
): Machine {
  return withTables(machine, (table) =>
    holds(place, table)
      ? {
          ...table,
          chains: table.chains.map((chain) =>
            chain.name === place.chain ? { ...chain, rules: change(chain.rules) } : chain,
          ),
        }
      : table,
  );
}

/** The machine with its tables changed, one by one. */
export function withTables(machine: Machine, change: (table: FilterTable) => FilterTable): Machine {
  return changedMachine(machine, { filters: { ...machine.filters, tables: machine.filters.tables.map(change) } });
}
