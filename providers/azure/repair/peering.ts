import { quoted } from '../../../src/record/index.js';
import type { Inventory, Placed } from '../inventory.js';
import { groupOf, keyOf, nameOf, parentOf } from '../records/ids.js';
import type { Peering, VirtualNetwork } from '../records/records.js';
import { az, freeName, type Options, portOf, type Recipe, type Repair } from './recipe.js';

type Network = Placed<VirtualNetwork>;

const networkName = ({ name, id }: Network) => name ?? nameOf(id);

const leadsTo = (key: string) => (peering: Peering) => keyOf(peering.remoteVirtualNetwork?.id ?? '') === keyOf(key);

/** The side of a peering that stands in a network and leads to another one. */
function sideOf(network: Network | undefined, key: string | undefined): Peering | undefined {
  return key === undefined ? undefined : network?.virtualNetworkPeerings?.find(leadsTo(key));
}

/** A command about one side of a peering. */
function side(verb: string, of: Network, name: string, options: Options): string {
  return az(`network vnet peering ${verb}`, of.id, { 'vnet-name': networkName(of), name, ...options });
}

/** The records with some fields of one side of a peering replaced. */
function withSide(inventory: Inventory, of: Network, changed: Peering, fields: Partial<Peering>): Inventory {
  const network = inventory.get('networks', keyOf(of.id)) ?? of;
  const virtualNetworkPeerings = network.virtualNetworkPeerings?.map((one) =>
    one.id === changed.id && one.name === changed.name ? { ...one, ...fields } : one,
  );
  return inventory.with('networks', keyOf(of.id), { ...network, virtualNetworkPeerings });
}

/** Both sides are there again. A side whose other one was deleted has to be made anew, too (VNet docs, peering status). */
function joinChange(repair: Repair, own: Network, peer: Network, mine: Peering) {
  const { networks, lower } = repair;
  const name = freeName(`to-${networkName(own)}`, peer.virtualNetworkPeerings ?? []);
  const added: Peering = {
    id: `${peer.id}/virtualNetworkPeerings/${name}`,
    name,
    remoteVirtualNetwork: { id: own.id },
    peeringState: 'Connected',
    peeringSyncLevel: 'FullyInSync',
    allowVirtualNetworkAccess: true,
    ...(own.addressSpace && {
      remoteAddressSpace: own.addressSpace,
      remoteVirtualNetworkAddressSpace: own.addressSpace,
    }),
  };
  const inventory = withSide(networks.inventory, own, mine, { peeringState: 'Connected' }).with(
    'networks',
    keyOf(peer.id),
    { ...peer, virtualNetworkPeerings: [...(peer.virtualNetworkPeerings ?? []), added] },
  );
  const isStale = mine.peeringState?.toLowerCase() === 'disconnected';
  const again = isStale
    ? [
        side('delete', own, mine.name ?? '', {}),
        side('create', own, mine.name ?? '', {
          'remote-vnet': peer.id,
          'allow-vnet-access': String(mine.allowVirtualNetworkAccess ?? true),
          ...(mine.allowForwardedTraffic && { 'allow-forwarded-traffic': 'true' }),
          ...(mine.allowGatewayTransit && { 'allow-gateway-transit': 'true' }),
        }),
      ]
    : [];
  return {
    removes: '',
    command: [...again, side('create', peer, name, { 'remote-vnet': own.id, 'allow-vnet-access': 'true' })].join(
      ' && ',
    ),
    pulumi: `new network.VirtualNetworkPeering(${quoted(name)}, { resourceGroupName: ${quoted(groupOf(peer.id) ?? '')}, virtualNetworkName: ${quoted(networkName(peer))}, virtualNetworkPeeringName: ${quoted(name)}, remoteVirtualNetwork: { id: ${quoted(own.id)} }, allowVirtualNetworkAccess: true });`,
    after: lower(inventory),
  };
}

/** A side of a peering that is missing is made, and what was added to the peer comes over. */
export const peeringChange: Recipe = (repair, stop) => {
  const { networks, lower, path } = repair;
  const peer = networks.network(path.way.network);
  const own = networks.network(portOf(repair)?.networkKey);
  const mine = sideOf(own, peer?.id);
  if (!peer || !own || !mine) return undefined;
  if (stop.reason.data.state === 'configured on one side only') return joinChange(repair, own, peer, mine);
  if (stop.reason.data.state !== 'not synchronised for this range') return undefined;
  const synced: Partial<Peering> = {
    peeringSyncLevel: 'FullyInSync',
    remoteAddressSpace: peer.addressSpace,
    remoteVirtualNetworkAddressSpace: peer.addressSpace,
  };
  return {
    removes: '',
    command: side('sync', own, mine.name ?? '', {}),
    pulumi: 'syncRemoteAddressSpace: "true"',
    after: lower(withSide(networks.inventory, own, mine, synced)),
  };
};

/** The network uses the gateway of its peer. It has no other one: a network uses one gateway (VPN docs, gateway transit). */
export const gatewayChange: Recipe = (repair, stop) => {
  const { networks, lower } = repair;
  const own = networks.network(portOf(repair)?.networkKey);
  const peerings = own?.virtualNetworkPeerings ?? [];
  const mine = peerings.find(({ remoteVirtualNetwork }) => {
    const id = remoteVirtualNetwork?.id;
    return id !== undefined && nameOf(keyOf(id)) === stop.component.id;
  });
  const hub =
    mine?.remoteVirtualNetwork?.id === undefined ? undefined : networks.network(keyOf(mine.remoteVirtualNetwork.id));
  const theirs = sideOf(hub, own?.id);
  const hasGateway = [...networks.inventory.all('gateways').values()].some(({ ipConfigurations }) =>
    ipConfigurations?.some(({ subnet }) => subnet?.id !== undefined && parentOf(subnet.id) === keyOf(own?.id ?? '')),
  );
  if (!own || !mine || !hub || !theirs || hasGateway || peerings.some((one) => one.useRemoteGateways)) return undefined;
  const isOffered = theirs.allowGatewayTransit === true;
  const inventory = withSide(networks.inventory, hub, theirs, { allowGatewayTransit: true });
  return {
    removes: '',
    command: [
      ...(isOffered ? [] : [side('update', hub, theirs.name ?? '', { 'allow-gateway-transit': 'true' })]),
      side('update', own, mine.name ?? '', { 'use-remote-gateways': 'true' }),
    ].join(' && '),
    pulumi: `useRemoteGateways: true${isOffered ? '' : ' // and in the peering of the other network allowGatewayTransit: true'}`,
    after: lower(withSide(inventory, own, mine, { useRemoteGateways: true })),
    note: `everything behind the gateway of ${networkName(hub)} is joined to ${networkName(own)} then`,
  };
};
