import type { Layer, Way } from '../../src/model/index.js';
import type { Address, AddressSet } from '../../src/set/index.js';
import { firewallLayer } from './firewall.js';
import type { Networks, Nic } from './network.js';
import { pathOf } from './records/names.js';
import type { Route } from './records/records.js';
import { type Judgement, judgeElsewhere, returnLayer } from './route.js';
import { anyClient } from './way.js';

/** Subnet routes lead to every machine of the network. */
function judgeInside(nic: Nic): (route: Route) => Judgement {
  return (route) =>
    pathOf(route.nextHopNetwork) === nic.network ? 'ok' : judgeElsewhere(route, 'gcp/rt-private-to-internet');
}

/** The way of machines of the same network to an internal address. */
export function sameNetworkWay(
  networks: Networks,
  nic: Nic,
  front: readonly Layer[],
  destination: Address,
  internal: AddressSet,
): Way {
  const { family } = destination;
  const guards = [
    firewallLayer(networks, nic, { approach: 'network', destination }),
    returnLayer(networks, nic, internal, family, judgeInside(nic)),
  ];
  const origin = networks.rangesOf(nic.network).only(family);
  return { kind: 'same-vpc', origin, family, network: nic.network, clientPorts: anyClient, rows: [front, guards] };
}
