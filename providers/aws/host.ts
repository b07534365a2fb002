import type { HostView } from '../../src/provider.js';
import type { Network } from './network.js';
import type { AwsTarget } from './target-index.js';

export function hostReport(_network: Network, _target: AwsTarget, _address: string | null): HostView {
  return { verdict: 'unknown', symptom: 'cannot-tell', reasons: [] };
}
