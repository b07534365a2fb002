import type { AlternativeWay } from '../../../src/provider.js';
import type { Network } from '../network.js';
import type { AwsTarget } from '../target-index.js';
import { browserWays } from './instance-connect.js';
import { endpointWays } from './instance-connect-endpoint.js';
import { serialConsoleWays } from './serial-console.js';
import { sessionManagerWay } from './session-manager.js';

/** The ways to a shell on the instance that do not need the asked network path. */
export function alternativeWays(network: Network, target: AwsTarget, port: number): AlternativeWay[] {
  return [
    ...endpointWays(network, target, port),
    ...browserWays(network, target),
    sessionManagerWay(network, target),
    ...serialConsoleWays(network, target),
  ];
}
