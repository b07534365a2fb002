import type { AlternativeWay } from '../../src/provider.js';
import type { Network } from './network.js';
import type { AwsTarget } from './target-index.js';

export function alternativeWays(_network: Network, _target: AwsTarget, _port: number): AlternativeWay[] {
  return [];
}
