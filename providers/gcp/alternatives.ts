import type { AlternativeWay, PathRequest } from '../../src/provider.js';
import { argument } from '../../src/record/index.js';
import type { Networks } from './network.js';
import { relayedPaths } from './paths.js';
import { projectOf, zoneOf } from './records/names.js';
import type { GcpTarget } from './target-index.js';

/** Other ways in than the network path: IAP TCP forwarding, which needs no external address. */
export function alternativeWays(
  networks: Networks,
  target: GcpTarget,
  request: Pick<PathRequest, 'port' | 'everyone'>,
): AlternativeWay[] {
  const { port } = request;
  const [path] = relayedPaths(networks, target, request);
  if (!path) return [];
  const name = argument(target.instance.name);
  const where = `--zone=${argument(zoneOf(target.path) ?? '')} --project=${argument(projectOf(target.path) ?? '')}`;
  const command =
    port === 22
      ? `gcloud compute ssh ${name} ${where} --tunnel-through-iap`
      : `gcloud compute start-iap-tunnel ${name} ${port} ${where}`;
  return [{ kind: 'iap', command, paths: [path], reasons: [], symptom: 'closed' }];
}
