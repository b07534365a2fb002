import type { AlternativeWay } from '../../src/provider.js';
import { argument } from '../../src/record/index.js';
import { parseAddress } from '../../src/set/index.js';
import { iapWay, mayTunnel } from './iap-path.js';
import { frontOf } from './instance-state.js';
import type { Networks } from './network.js';
import { projectOf, zoneOf } from './records/names.js';
import { standpointOf } from './standpoint.js';
import type { GcpTarget } from './target-index.js';
import { pathOn } from './way.js';

/** Other ways in than the network path: IAP TCP forwarding, which needs no external address. */
export function alternativeWays(networks: Networks, target: GcpTarget, port: number): AlternativeWay[] {
  const [nic] = networks.nicsOf(target.path);
  const destination = parseAddress(nic?.record.networkIP ?? nic?.record.ipv6Address ?? '');
  if (!nic || !destination) return [];
  const name = argument(target.instance.name);
  const where = `--zone=${argument(zoneOf(target.path) ?? '')} --project=${argument(projectOf(target.path) ?? '')}`;
  const command =
    port === 22
      ? `gcloud compute ssh ${name} ${where} --tunnel-through-iap`
      : `gcloud compute start-iap-tunnel ${name} ${port} ${where}`;
  const at = standpointOf(networks, nic, false);
  const way = iapWay(networks, at, frontOf(networks, target).layers, destination, mayTunnel(networks, nic));
  const path = pathOn(way, target, nic, nic.record.networkIP ?? null);
  return [{ kind: 'iap', command, paths: [path], reasons: [], symptom: 'closed' }];
}
