import { RecordStore } from '../../src/record/index.js';
import { type KindName, kinds, type RecordOfKind } from './records/kinds.js';

export type { Placed } from '../../src/record/index.js';

/** Everything that was recorded of Azure, by kind and by id in lower case. */
export type Inventory = RecordStore<{ [K in KindName]: RecordOfKind<K> } & { instances: RecordOfKind<'machines'> }>;

export function emptyInventory(complete: boolean): Inventory {
  return new RecordStore(complete, (name) => ({
    action: name === 'instances' ? kinds.machines.action : kinds[name].action,
    code: 'azure/ev-missing',
    refusedCode: 'azure/ev-denied',
  }));
}
