import type { Path } from '../../../src/model/index.js';
import type { Change, Cloud, Stop } from '../../../src/provider.js';
import type { AddressSet } from '../../../src/set/index.js';
import type { Inventory } from '../inventory.js';
import type { Network } from '../network.js';
import type { AwsTarget } from '../target-index.js';

/** What a repair has to go by. */
export interface Repair {
  readonly network: Network;
  readonly target: AwsTarget;
  readonly path: Path;
  /** The sources that ought to get in. */
  readonly from: AddressSet;
  readonly port: number;
  /** Lowers a changed inventory, so that the change can be proved. */
  readonly lower: (inventory: Inventory) => Cloud;
}

/** The change for one stop, or undefined where no single change of the account would help. */
export type Recipe = (repair: Repair, stop: Stop) => Change | undefined;
