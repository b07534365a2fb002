import type { HostReport } from '../../src/model/index.js';
import type { Network } from './network.js';
import type { AwsTarget } from './target-index.js';

export function hostReport(_network: Network, _target: AwsTarget, _address: string | null): HostReport {
  return { verdict: 'unknown', symptom: 'cannot-tell', causes: [] };
}
