import type { Family } from '../../../src/set/index.js';
import type { FilterChain, FilterTable, Hook } from './ruleset.js';

/** A base chain with its table. */
export interface HungChain {
  readonly table: FilterTable;
  readonly chain: FilterChain;
}

function sees(table: FilterTable, family: Family): boolean {
  if (table.family === 'ip') return family === 4;
  if (table.family === 'ip6') return family === 6;
  return table.family === 'inet' || table.family === 'netdev';
}

/** The base chains of a hook that a packet meets, in their order. */
export function hung(
  tables: readonly FilterTable[],
  hook: Hook,
  { family, device }: { readonly family: Family; readonly device: string | undefined },
): HungChain[] {
  return tables
    .filter((table) => sees(table, family))
    .flatMap((table) => table.chains.map((chain) => ({ table, chain })))
    .filter(({ chain: { base } }) => {
      if (base?.hook !== hook) return false;
      return !base.devices || device === undefined || base.devices.includes(device);
    })
    .reverse()
    .sort((a, b) => (a.chain.base?.priority ?? 0) - (b.chain.base?.priority ?? 0));
}
