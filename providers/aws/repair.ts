import type { Path, Piece } from '../../src/model/index.js';
import type { Change, Cloud, PathRequest } from '../../src/provider.js';
import type { Inventory } from './inventory.js';
import type { Network } from './network.js';
import type { AwsTarget } from './target-index.js';

export function changesFor(_network: Network, _target: AwsTarget, _path: Path, _piece: Piece, _request: PathRequest, _lower: (inventory: Inventory) => Cloud): Change[] {
  return [];
}
