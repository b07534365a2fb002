import {
  type Gap,
  known,
  type Layer,
  passFilter,
  type Reason,
  stopFilter,
  unknown,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, canonical, PortSet } from '../../src/set/index.js';
import { firewallAt } from './azure-firewall.js';
import { filterLayer } from './filter.js';
import { type Networks, prefixesOf, resource } from './network.js';
import { keyOf, nameOf } from './records/ids.js';
import type { Peering } from './records/records.js';
import { type Judgement, type Route, returnLayer, returnStop, routesOf, routeTo } from './route.js';
import { senderLayers } from './sender.js';
import type { Standpoint } from './standpoint.js';
import { remoteSpace, sitesNear, sitesOf } from './tags.js';
import { anyClient, everyAddress } from './way.js';

/** An address inside, and who asks for it. */
export interface Inside {
  readonly destination: Address;
  readonly port: number;
  readonly front: readonly Layer[];
}

/** Replies that pass through an appliance arrive only where requests came through it, too: most likely it drops them otherwise. */
function judgeInside(
  networks: Networks,
  hops: ReadonlySet<Route['hop']>,
  forwardHop: string | undefined,
): (route: Route) => Judgement {
  return (route) => {
    if (hops.has(route.hop)) return 'ok';
    if (route.hop !== 'appliance') return returnStop(route);
    const address = route.address ?? '';
    const isSame = forwardHop !== undefined && canonical(forwardHop) === canonical(address);
    if (isSame && firewallAt(networks, address)) return 'ok';
    const detail = `replies pass through ${address}, which has not seen the request`;
    return { unsure: { code: 'azure/route-return', kind: 'not-modelled', what: address, detail, likely: false } };
  };
}

/** The appliance through which the subnets of a network send to a destination, where all that do use one. */
function forwardAppliance(networks: Networks, network: string, destination: Address): string | undefined {
  const hops = [...networks.subnetsOf(network).keys()].flatMap((key) => {
    const route = routeTo(routesOf(networks, key, undefined), destination);
    return route?.hop === 'appliance' && route.address !== undefined ? [route.address] : [];
  });
  return new Set(hops).size === 1 ? hops[0] : undefined;
}

const local: ReadonlySet<Route['hop']> = new Set(['local']);
const overPeering: ReadonlySet<Route['hop']> = new Set(['peering']);
const overGateway: ReadonlySet<Route['hop']> = new Set(['gateway']);

/** The way of machines of the same network to a private address. */
export function sameNetworkWay(networks: Networks, at: Standpoint, inside: Inside): Way {
  const { destination, front } = inside;
  const network = at.networkKey ?? '';
  const { family } = destination;
  const guards = networks.shared.once(['same network', at, destination, inside.port], () => [
    ...senderLayers(networks, network, inside, local),
    filterLayer(networks, at, destination, 'private'),
    returnLayer(networks, at, judgeInside(networks, local, forwardAppliance(networks, network, destination))),
  ]);
  const origin = networks.spaceOf(network).only(family);
  return { kind: 'same-vpc', origin, family, network, clientPorts: anyClient, rows: [front, guards] };
}

function peeringLayer(peering: Peering, inbound: Layer['inbound']): Layer {
  const subject = resource('network-peering', peering.name ?? nameOf(peering.remoteVirtualNetwork?.id ?? 'peering'));
  return { kind: 'network-peering', subject, ...(inbound && { inbound }) };
}

/** The subnets that one side of a peering names; undefined where it is about whole networks. */
function namesIn(peering: Peering, field: 'localSubnetNames' | 'remoteSubnetNames'): ReadonlySet<string> | undefined {
  if (peering.peerCompleteVnets !== false) return undefined;
  return new Set((peering[field] ?? []).map((name) => name.toLowerCase()));
}

/** Whether a peering carries packets to a subnet, and from whom: both sides must be connected, and their subnets among those that are peered. */
function carrying(networks: Networks, at: Standpoint, peering: Peering, peer: string): Layer {
  const back = networks
    .network(peer)
    ?.virtualNetworkPeerings?.find(
      ({ remoteVirtualNetwork }) =>
        remoteVirtualNetwork?.id !== undefined && keyOf(remoteVirtualNetwork.id) === at.networkKey,
    );
  const isRead = peering.broken === undefined && networks.network(peer)?.broken === undefined;
  const unread = isRead ? undefined : networks.unreadable();
  if (unread) return peeringLayer(peering, unknownFilter(unread));
  const isUp = [peering, back].every((side) => side === undefined || side.peeringState?.toLowerCase() === 'connected');
  const isMissing = back === undefined && networks.network(peer) !== undefined;
  if (!isUp || isMissing) {
    const state = isMissing
      ? 'configured on one side only'
      : (peering.peeringState ?? back?.peeringState ?? 'not connected');
    return peeringLayer(peering, stopFilter({ code: 'azure/peering', data: { state } }));
  }
  const near = namesIn(peering, 'localSubnetNames');
  const far = namesIn(peering, 'remoteSubnetNames');
  const nearThere = back && namesIn(back, 'remoteSubnetNames');
  const farThere = back && namesIn(back, 'localSubnetNames');
  if (!near && !nearThere) return peeringLayer(peering, passFilter);
  const own = nameOf(at.subnetKey ?? '').toLowerCase();
  const reason: Reason = { code: 'azure/peering', data: { state: 'not of this subnet' } };
  const holds = (names: ReadonlySet<string> | undefined, name: string) => names?.has(name) ?? true;
  if (!holds(near, own) || !holds(nearThere, own)) return peeringLayer(peering, stopFilter(reason));
  const clients = [...networks.subnetsOf(peer).values()].filter(({ name = '' }) => {
    const lower = name.toLowerCase();
    return holds(far, lower) && holds(farThere, lower);
  });
  const allow = {
    id: null,
    action: 'allow' as const,
    peers: known(addressSet(clients.flatMap(prefixesOf))),
    ports: known(PortSet.all),
    text: 'peers these subnets',
  };
  return peeringLayer(peering, { kind: 'rules', rules: [allow], otherwise: 'drop', reason });
}

/** The ways of machines of peered networks. What was added there and not synchronised does not come over. */
export function peeringWays(networks: Networks, at: Standpoint, inside: Inside): Way[] {
  const { destination, front } = inside;
  const { family } = destination;
  const network = at.networkKey ?? '';
  return (networks.network(network)?.virtualNetworkPeerings ?? []).flatMap((peering): Way[] => {
    const peer = peering.remoteVirtualNetwork?.id === undefined ? undefined : keyOf(peering.remoteVirtualNetwork.id);
    if (peer === undefined) return [];
    const known = remoteSpace(networks, peering);
    const whole = known.union(networks.spaceOf(peer)).only(family).subtract(networks.spaceOf(network));
    if (whole.isEmpty) return [];
    const forward = forwardAppliance(networks, peer, destination);
    const layers = (joint: Layer): Layer[] => [
      ...senderLayers(networks, peer, inside, overPeering),
      joint,
      filterLayer(networks, at, destination, 'private'),
      returnLayer(networks, at, judgeInside(networks, overPeering, forward)),
    ];
    const way = (origin: AddressSet, joint: Layer): Way => ({
      kind: 'peering',
      origin,
      family,
      network: peer,
      clientPorts: anyClient,
      rows: [front, layers(joint)],
    });
    const synced = whole.intersect(known);
    const left = whole.subtract(known);
    const unsynced = peeringLayer(
      peering,
      stopFilter({ code: 'azure/peering', data: { state: 'not synchronised for this range' } }),
    );
    return [
      ...(synced.isEmpty ? [] : [way(synced, carrying(networks, at, peering, peer))]),
      ...(left.isEmpty ? [] : [way(left, unsynced)]),
    ];
  });
}

/** The way of machines of a network behind a peer; where it is no transit it only says why nobody takes it. */
interface TransitWay {
  readonly way: Way;
  readonly isTransit: boolean;
}

/** The ways of machines of networks behind a peer: transit is only where routes of both ends lead into one appliance between them. */
export function transitWays(networks: Networks, at: Standpoint, inside: Inside): TransitWay[] {
  const { destination, front } = inside;
  const { family } = destination;
  const network = at.networkKey ?? '';
  const direct = new Set([network, ...networks.peersOf(network)]);
  const behind = new Set([...direct].flatMap((peer) => networks.peersOf(peer)));
  return [...behind].flatMap((far): TransitWay[] => {
    if (direct.has(far)) return [];
    const origin = networks.spaceOf(far).only(family).subtract(networks.spaceOf(network));
    if (origin.isEmpty) return [];
    const appliance = forwardAppliance(networks, far, destination);
    const stop = stopFilter({ code: 'azure/peering', data: { state: 'not transitive' } });
    const joint: Layer = {
      kind: 'network-peering',
      subject: resource('virtual-network', nameOf(far)),
      inbound: appliance === undefined ? stop : passFilter,
    };
    const guards = [
      ...senderLayers(networks, far, inside, new Set<Route['hop']>()),
      joint,
      filterLayer(networks, at, destination, 'private'),
      returnLayer(networks, at, judgeInside(networks, new Set<Route['hop']>(), appliance)),
    ];
    const way: Way = { kind: 'peering', origin, family, network: far, clientPorts: anyClient, rows: [front, guards] };
    return [{ way, isTransit: appliance !== undefined }];
  });
}

/** Meshes that a network manager makes are no peerings: what they join is not in the records of the networks. */
export function meshWays(networks: Networks, at: Standpoint, inside: Inside): Way[] {
  const network = at.networkKey ?? '';
  const answer = networks.inventory.get('connectivity', network);
  if (!answer?.value?.length) return [];
  const others = [...networks.inventory.all('networks').keys()].filter((key) => key !== network);
  const origin = AddressSet.unionOf(others.map((key) => networks.spaceOf(key)))
    .only(inside.destination.family)
    .subtract(networks.spaceOf(network));
  if (origin.isEmpty) return [];
  const detail = `${nameOf(network)} is in a mesh of a network manager, whose members are not in the evidence`;
  const gap: Gap = { code: 'azure/mesh', kind: 'not-modelled', what: nameOf(network), detail };
  const rule = {
    id: null,
    action: 'allow' as const,
    peers: unknown(AddressSet.all, gap),
    ports: known(PortSet.all),
    text: detail,
  };
  const layer: Layer = {
    kind: 'network-peering',
    subject: resource('virtual-network', nameOf(network)),
    inbound: {
      kind: 'rules',
      rules: [rule],
      otherwise: 'drop',
      reason: { code: 'azure/peering', data: { state: 'not known' } },
    },
  };
  const guards = [layer, filterLayer(networks, at, inside.destination, 'private')];
  return [
    {
      kind: 'peering',
      origin,
      family: inside.destination.family,
      clientPorts: anyClient,
      rows: [inside.front, guards],
    },
  ];
}

/** The ways from sites behind gateways: of the network's own, or of a peer's that it uses. */
export function siteWays(networks: Networks, at: Standpoint, inside: Inside): Way[] {
  const { destination, front } = inside;
  const { family } = destination;
  const network = at.networkKey ?? '';
  const used = sitesOf(networks, network);
  return sitesNear(networks, network).flatMap(({ gateway, sites }): Way[] => {
    const origin = sites.only(family);
    if (origin.isEmpty) return [];
    const subject = resource('virtual-network-gateway', nameOf(gateway));
    const isUsed = used.covers(origin);
    const reason: Reason = { code: 'azure/gateway', data: { network: nameOf(network) } };
    const layer: Layer = {
      kind: 'virtual-network-gateway',
      subject,
      inbound: isUsed ? connectionFilter(networks) : stopFilter(reason),
    };
    const guards = [
      layer,
      filterLayer(networks, at, destination, 'private'),
      returnLayer(networks, at, judgeInside(networks, overGateway, undefined)),
    ];
    return [{ kind: 'vpn', origin, family, clientPorts: anyClient, rows: [front, guards] }];
  });
}

/** Where networks are not told, or the record of one cannot be read, anybody from inside may come by it whom no known way brings. */
export function unreadWays(
  networks: Networks,
  at: Standpoint,
  { destination, front }: Inside,
  taken: AddressSet,
): Way[] {
  const gap = networks.untold(at.networkKey ?? '');
  const { family } = destination;
  const origin = everyAddress(family).subtract(taken);
  if (!gap || origin.isEmpty) return [];
  const subject = resource('virtual-network', nameOf(at.networkKey ?? ''));
  const layer: Layer = { kind: 'network', subject, inbound: unknownFilter(gap) };
  return [{ kind: 'peering', origin, family, clientPorts: anyClient, rows: [front, [layer]] }];
}

/** The addresses to which a subnet sends through appliances: who is behind them is in no record. */
export function behindAppliances(networks: Networks, at: Standpoint): AddressSet {
  const { routes } = routesOf(networks, at.subnetKey ?? '', at.alone?.key);
  return addressSet(routes.filter(({ hop }) => hop === 'appliance').map(({ prefix }) => prefix));
}

/** The way of a machine whose network nothing joins to the target's, though that, or one that is joined to it, has the same addresses. */
export function apartWay(
  networks: Networks,
  at: Standpoint,
  { destination, front }: Inside,
  origin: AddressSet,
  interfaces: readonly string[],
): Way {
  const home = networks.ports().find(({ configKey }) => interfaces.includes(configKey))?.networkKey ?? '';
  const reason: Reason = {
    code: 'azure/peering',
    data: { state: `not peered with ${nameOf(at.networkKey ?? '')}` },
  };
  const subject = resource('virtual-network', nameOf(home));
  const joint: Layer = { kind: 'network-peering', subject, inbound: stopFilter(reason) };
  const { family } = destination;
  return { kind: 'peering', origin, family, clientPorts: anyClient, rows: [front, [joint]] };
}

/** The way of clients of whom nobody knows where they are: no route of the network leads back to them but what is left over. */
export function strangerWay(
  networks: Networks,
  at: Standpoint,
  { destination, front }: Inside,
  origin: AddressSet,
): Way {
  const guards = [
    filterLayer(networks, at, destination, 'private'),
    returnLayer(networks, at, judgeInside(networks, overGateway, undefined)),
  ];
  return { kind: 'vpn', origin, family: destination.family, clientPorts: anyClient, rows: [front, guards] };
}

/** Whether the connections to sites are up, as far as Azure tells. */
function connectionFilter(networks: Networks): NonNullable<Layer['inbound']> {
  const states = [...networks.inventory.all('connections').values()].map(({ connectionStatus }) =>
    connectionStatus?.toLowerCase(),
  );
  const isDown = states.length > 0 && states.every((state) => state !== undefined && state !== 'connected');
  return isDown ? stopFilter({ code: 'azure/gateway-down', data: { state: states[0] ?? '' } }) : passFilter;
}
