import {
  internet,
  type Layer,
  passFilter,
  type ResourceRef,
  type RuleFilter,
  stopFilter,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import { type Address, AddressSet, type Family } from '../../src/set/index.js';
import { networkLayers } from './edge.js';
import { firewallLayer } from './firewall.js';
import { type Networks, networkRef, resource } from './network.js';
import { nameOf, pathOf } from './records/names.js';
import type { NetworkRecord, Route } from './records/records.js';
import { type Judgement, judgeElsewhere, returnLayer } from './route.js';
import { senderLayer } from './sender.js';
import type { Standpoint } from './standpoint.js';
import { anyClient, everyAddress } from './way.js';

/** Where an internal address is, and who asks for it. */
export interface Inside {
  readonly destination: Address;
  readonly front: readonly Layer[];
  /** Whether every source is asked about at once. */
  readonly everyone: boolean;
}

/** Subnet routes lead to every machine of the network and of its peers. */
function judgeInside(networks: readonly string[]): (route: Route) => Judgement {
  return (route) => {
    const network = pathOf(route.nextHopNetwork);
    if (route.nextHopPeering !== undefined || (network !== undefined && networks.includes(network))) return 'ok';
    return judgeElsewhere(route, 'gcp/rt-private-to-internet');
  };
}

/** The way of machines of the same network to an internal address. */
export function sameNetworkWay(networks: Networks, at: Standpoint, inside: Inside): Way {
  const { destination, front, everyone } = inside;
  const { family } = destination;
  const guards = networks.shared.once(['same network', at, destination, everyone], () => [
    senderLayer(networks, at.network, destination, everyone),
    ...networkLayers(networks, at.network, false),
    firewallLayer(networks, at, { approach: 'network', destination }),
    returnLayer(networks, at, destination, judgeInside([at.network])),
  ]);
  const origin = networks.rangesOf(at.network).only(family);
  return { kind: 'same-vpc', origin, family, network: at.network, clientPorts: anyClient, rows: [front, guards] };
}

type Peering = NonNullable<NetworkRecord['peerings']>[number];

function peeringRef({ name, network }: Peering): ResourceRef {
  return resource('network-peering', name ?? nameOf(network ?? ''));
}

/** Whether a peering carries packets of a family (VPC docs, VPC Network Peering). */
function peeringFilter({ inventory }: Networks, peering: Peering, family: Family): RuleFilter {
  const { state, stackType, broken } = peering;
  if (broken !== undefined)
    return unknownFilter(inventory.dangling('networks', {}, `a readable peering ${peering.name} (${broken})`));
  if (state !== 'ACTIVE') return stopFilter({ code: 'gcp/peer-inactive', data: {} });
  return family === 6 && stackType !== 'IPV4_IPV6' ? stopFilter({ code: 'gcp/peer-family', data: {} }) : passFilter;
}

/** The ways of machines of peered networks to an internal address. Their tags and accounts do not come with them. */
export function peeringWays(networks: Networks, at: Standpoint, inside: Inside): Way[] {
  const { destination, front, everyone } = inside;
  const { family } = destination;
  const own = networks.rangesOf(at.network);
  return (networks.record(at.network)?.peerings ?? []).flatMap((peering): Way[] => {
    const peer = pathOf(peering.network);
    if (peer === undefined) return [];
    const origin = networks.rangesOf(peer).only(family).subtract(own);
    if (origin.isEmpty) return [];
    const joint: Layer = {
      kind: 'network-peering',
      subject: peeringRef(peering),
      inbound: peeringFilter(networks, peering, family),
    };
    const guards = networks.shared.once(['peering', peering, at, destination, everyone], () => [
      senderLayer(networks, peer, destination, everyone),
      joint,
      ...networkLayers(networks, at.network, false),
      firewallLayer(networks, at, { approach: 'peer', destination }),
      returnLayer(networks, at, destination, judgeInside([at.network, peer])),
    ]);
    return [{ kind: 'peering', origin, family, network: peer, clientPorts: anyClient, rows: [front, guards] }];
  });
}

/** Where networks, subnets or routers are not told or cannot be read, they may bring anybody from inside in that no known way does. */
export function unreadWays(
  networks: Networks,
  at: Standpoint,
  { destination, front }: Inside,
  known: readonly Way[],
): Way[] {
  const { family } = destination;
  const kinds = ['networks', 'subnetworks', 'routes', 'routerStatus', 'vpnTunnels'] as const;
  const near = [at.network, ...networks.peersOf(at.network)];
  const unread = kinds.flatMap((kind) => near.flatMap((network) => networks.unreadable(kind, network) ?? []))[0];
  const gap = unread ?? networks.untold(at.network);
  if (!gap) return [];
  const taken = AddressSet.unionOf([...known.map(({ origin }) => origin), internet]);
  const origin = everyAddress(family).subtract(taken);
  if (origin.isEmpty) return [];
  const layer: Layer = { kind: 'network', subject: networkRef(at.network), inbound: unknownFilter(gap) };
  return [{ kind: 'peering', origin, family, clientPorts: anyClient, rows: [front, [layer]] }];
}

/** Ways that nobody can take, for machines of networks that are not joined to the target's: they say why. */
export function unjoinedWays(networks: Networks, at: Standpoint, { destination, front }: Inside): Way[] {
  const { family } = destination;
  const joined = new Set([
    at.network,
    ...(networks.record(at.network)?.peerings ?? []).map(({ network }) => pathOf(network)),
  ]);
  const near = new Set(networks.peersOf(at.network).flatMap((peer) => networks.peersOf(peer)));
  return [...near].flatMap((network): Way[] => {
    if (joined.has(network)) return [];
    const taken = [...joined].flatMap((one) => (one === undefined ? [] : [networks.rangesOf(one)]));
    const origin = taken.reduce((rest, ranges) => rest.subtract(ranges), networks.rangesOf(network).only(family));
    if (origin.isEmpty) return [];
    const data = { network: nameOf(at.network), from: nameOf(network) };
    const inbound = stopFilter({ code: 'gcp/peer-not-transitive', data });
    const layer: Layer = { kind: 'network-peering', subject: resource('network', nameOf(network)), inbound };
    return [{ kind: 'peering', origin, family, network, clientPorts: anyClient, rows: [front, [layer]] }];
  });
}
