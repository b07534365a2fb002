import { RecordStore } from '../../src/record/index.js';
import { type KindName, kinds, type RecordOfKind } from './records/kinds.js';

export type { Placed } from '../../src/record/index.js';

/** Everything that was recorded of Google Cloud, by kind and by the path of the resource (`projects/p/zones/z/instances/vm1`). */
export type Inventory = RecordStore<{ [K in KindName]: RecordOfKind<K> }>;

export function emptyInventory(complete: boolean): Inventory {
  return new RecordStore(complete, (name) => ({
    action: kinds[name].action,
    code: 'gcp/ev-missing',
    refusedCode: 'gcp/ev-denied',
  }));
}
