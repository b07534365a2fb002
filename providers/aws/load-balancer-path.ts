import type { Path } from '../../src/model/index.js';
import type { Network } from './network.js';
import type { AwsTarget } from './target-index.js';
import type { PrivateRequest } from './vpc-path.js';

export function loadBalancerPaths(_network: Network, _target: AwsTarget, _request: PrivateRequest): Path[] {
  return [];
}
