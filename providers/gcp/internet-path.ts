import { internet, known, type Layer, passFilter, type RuleFilter, type Way } from '../../src/model/index.js';
import { type Address, type AddressSet, type Family, PortSet } from '../../src/set/index.js';
import { firewallLayer } from './firewall.js';
import { type Networks, type Nic, networkRef } from './network.js';
import { judgeInternetReply, returnLayer } from './route.js';
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

const dialled: Layer = { kind: 'address', subject: 'interface', inbound: passFilter };

/**
 * The way from the internet to an external address of an interface. An external IPv4 address is translated before the firewall
 * sees the packet, an IPv6 address is not.
 */
export function internetWay(
  networks: Networks,
  nic: Nic,
  front: readonly Layer[],
  {
    destination,
    internal,
    family,
    except,
  }: {
    /** What the firewall sees. */
    readonly destination: Address;
    readonly internal: AddressSet;
    readonly family: Family;
    readonly except: AddressSet;
  },
): Way {
  const guards: Layer[] = [
    { kind: 'source', subject: networkRef(nic.network), inbound: routable },
    firewallLayer(networks, nic, { approach: 'external', destination }),
    returnLayer(networks, nic, internal, family, judgeInternetReply),
  ];
  const origin = everyAddress(family).subtract(except);
  return { kind: 'internet', origin, family, clientPorts: anyClient, rows: [[...front, dialled], guards] };
}
