import {
  type Gap,
  internet,
  known,
  type Layer,
  passFilter,
  type RuleFilter,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import { type Address, type AddressSet, PortSet } from '../../src/set/index.js';
import { edgePolicyLayers, networkLayers } from './edge.js';
import { firewallLayer } from './firewall.js';
import { type Networks, networkRef } from './network.js';
import { judgeInternetReply, returnLayer } from './route.js';
import { mailLayer } from './sender.js';
import type { Standpoint } from './standpoint.js';
import { anyClient, everyAddress } from './way.js';

/** Google's edge takes packets from addresses of the internet only. */
const routable: RuleFilter = {
  kind: 'rules',
  rules: [
    {
      id: null,
      action: 'allow',
      peers: known(internet),
      ports: known(PortSet.all),
      text: 'takes addresses of the internet',
    },
  ],
  otherwise: 'drop',
  reason: { code: 'gcp/src-not-routable', data: {} },
};

const mailPort = 25;

const dialled: Layer = { kind: 'address', subject: 'interface', inbound: passFilter };

/** An external address of an interface, and what the firewall sees of packets to it. */
export interface External {
  /** The internal address, behind the translation; an IPv6 address as it is. */
  readonly destination: Address;
  /** Whom the internet does not hold: the network's own, and what comes another way. */
  readonly except: AddressSet;
  readonly port: number;
  /** The edge policy that the address names. */
  readonly policy: string | undefined;
  /** Why nobody knows whether there is such an address. */
  readonly doubt?: Gap | undefined;
}

/** The layers that everybody meets on the way from the internet into an interface, and on the way back. */
export function guardsFromInternet(
  networks: Networks,
  at: Standpoint,
  { destination, policy, port }: Pick<External, 'destination' | 'policy' | 'port'>,
): readonly Layer[] {
  return networks.shared.once(['internet', at, destination, policy, port], () => [
    { kind: 'internet-edge', subject: networkRef(at.network), inbound: routable },
    ...(port === mailPort ? [mailLayer(networks, at.network)] : []),
    ...networkLayers(networks, at.network, true),
    ...edgePolicyLayers(networks, policy),
    firewallLayer(networks, at, { approach: 'external', destination }),
    returnLayer(networks, at, destination, judgeInternetReply),
  ]);
}

/**
 * The way from the internet to an external address of an interface. An external IPv4 address is translated before the firewall
 * sees the packet, an IPv6 address is not.
 */
export function internetWay(networks: Networks, at: Standpoint, front: readonly Layer[], external: External): Way {
  const { family } = external.destination;
  const origin = everyAddress(family).subtract(external.except);
  const { doubt } = external;
  const dial: Layer = doubt ? { ...dialled, inbound: unknownFilter(doubt) } : dialled;
  const rows = [[...front, dial], guardsFromInternet(networks, at, external)];
  return { kind: 'internet', origin, family, clientPorts: anyClient, rows };
}
