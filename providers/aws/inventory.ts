import { RecordStore } from '../../src/record/index.js';
import { type KindName, kinds, type RecordOfKind } from './records/collections.js';

export type { Answered, Placed, Scope } from '../../src/record/index.js';

const evidenceCodes: Partial<Record<KindName, string>> = {
  instances: 'ev-instance',
  interfaces: 'ev-instance',
  addresses: 'ev-instance',
  groups: 'ev-sg',
  groupRules: 'ev-sg',
  staleGroups: 'ev-sg-ref',
  groupVpcs: 'ev-sg-assoc',
  prefixLists: 'ev-prefix-list',
  prefixListEntries: 'ev-prefix-list',
  acls: 'ev-nacl',
  publicAccessOptions: 'ev-bpa',
  publicAccessExclusions: 'ev-bpa',
  peerings: 'ev-pcx',
  virtualInterfaces: 'ev-dx',
};

/** The evidence code of a kind of answer; what belongs to no other component stands on the way of a route. */
function evidenceCode(name: KindName): string {
  const code = evidenceCodes[name] ?? (name.startsWith('transit') ? 'ev-tgw' : 'ev-route');
  return `aws/${code}`;
}

/** Everything that was recorded of AWS. */
export type Inventory = RecordStore<{ [K in KindName]: RecordOfKind<K> }>;

export function emptyInventory(complete: boolean): Inventory {
  return new RecordStore(complete, (name) => ({ action: kinds[name].action, code: evidenceCode(name) }));
}
