import {
  type Filter,
  type Layer,
  passFilter,
  type Reason,
  type RuleFilter,
  stopFilter,
  type Way,
} from '../../src/model/index.js';
import { type Address, AddressSet } from '../../src/set/index.js';
import { firewallLayer } from './firewall.js';
import type { Networks, Nic } from './network.js';
import type { Standpoint } from './standpoint.js';
import { anyClient } from './way.js';

/** From where the relays of IAP TCP forwarding send (gcloud; IAP docs, TCP forwarding). */
export const iapRanges = AddressSet.of('35.235.240.0/20', '2600:2d00:1:7::/64');

/** What a relay tells its client: it could not connect, or the instance does not run. */
const failures = { connect: '4003', backend: '4047' } as const;

/** A relay closes the client's connection where packets of its own are dropped. */
function closing(reason: Reason | undefined, iap: string): Pick<RuleFilter, 'reason'> {
  return reason ? { reason: { ...reason, data: { ...reason.data, iap }, symptom: 'closed' } } : {};
}

function relayed(filter: RuleFilter, iap: string): RuleFilter {
  const rules = filter.rules.map((rule) => ({ ...rule, ...closing(rule.reason, iap) }));
  return { ...filter, rules, ...closing(filter.reason, iap) };
}

/** The same filter, with what its stops look like from behind a relay. */
function behindRelay(filter: Filter, iap: string): Filter {
  if (filter.kind === 'rules') return relayed(filter, iap);
  const of = filter.of.map((member) => behindRelay(member, iap));
  return 'otherwise' in filter ? { ...filter, of, otherwise: relayed(filter.otherwise, iap) } : { ...filter, of };
}

function layerBehindRelay(layer: Layer, iap: string): Layer {
  return layer.inbound ? { ...layer, inbound: behindRelay(layer.inbound, iap) } : layer;
}

/** Whether the caller may use tunnels to the instance; where nobody asked, it is taken for granted: it is about people, not packets. */
export function mayTunnel({ inventory }: Networks, { path }: Nic): boolean {
  if (inventory.all('iapPermissions').size === 0) return true;
  const answer = inventory.get('iapPermissions', path.replace(/^projects\/[^/]+\//, ''));
  return answer?.permissions?.includes('iap.tunnelInstances.accessViaIAP') ?? true;
}

function permissionLayer(may: boolean): Layer {
  const inbound = may ? passFilter : stopFilter({ code: 'gcp/iap-perm', data: {}, symptom: 'closed' });
  return { kind: 'iap', subject: 'target', inbound };
}

/** The way of IAP TCP forwarding: no external address is needed, and replies need no route. */
export function iapWay(
  networks: Networks,
  at: Standpoint,
  front: readonly Layer[],
  destination: Address,
  may: boolean,
): Way {
  const { family } = destination;
  const rows = [
    [permissionLayer(may)],
    networks.shared.once(['relay', front], () => front.map((layer) => layerBehindRelay(layer, failures.backend))),
    networks.shared.once(['relay', at, destination], () => [
      layerBehindRelay(firewallLayer(networks, at, { approach: 'private', destination }), failures.connect),
    ]),
  ];
  return { kind: 'iap', origin: iapRanges.only(family), family, clientPorts: anyClient, rows };
}
