import { type Edits, type Given, isOn, networkId, text } from './az-words.js';
import { type Documents, type Fields, isFields, isId, of, one, partNamed, partsOf, putPart } from './recorded-edit.js';

const FLAGS = 'allow-forwarded-traffic allow-gateway-transit allow-vnet-access use-remote-gateways';

/** What the commands about peerings do to both of their sides. */
export const peeringEdits: Edits = {
  'network vnet peering create': ['vnet-name name remote-vnet', FLAGS, create],
  'network vnet peering delete': ['vnet-name name', '', remove],
  'network vnet peering sync': ['vnet-name name', '', sync],
  'network vnet peering update': ['vnet-name name', `${FLAGS} remote-vnet`, update],
};

const sides = (network: Fields) => partsOf(network, 'virtualNetworkPeerings');

function remoteOf(peering: Fields): string {
  const { remoteVirtualNetwork } = of(peering);
  return isFields(remoteVirtualNetwork) ? String(remoteVirtualNetwork.id) : '';
}

/** The network at the other end, and its side where it has one. */
function otherEnd(documents: Documents, own: Fields, peering: Fields) {
  const network = one(documents, remoteOf(peering));
  return { network, back: sides(network).find((one) => isId(remoteOf(one), own.id)) };
}

function owner(documents: Documents, given: Given): Fields {
  return one(documents, networkId(given, 'virtualNetworks', 'vnet-name'));
}

function create(documents: Documents, given: Given): void {
  const own = owner(documents, given);
  const remote = one(documents, text(given, 'remote-vnet'));
  if (sides(own).some((one) => isId(remoteOf(one), remote.id))) throw new Error('the networks have a peering');
  const back = sides(remote).find((one) => isId(remoteOf(one), own.id));
  if (back && of(back).peeringState === 'Disconnected') throw new Error('the other side is disconnected');
  if (back) of(back).peeringState = 'Connected';
  putPart(own, 'virtualNetworkPeerings', text(given, 'name'), {
    remoteVirtualNetwork: { id: remote.id },
    peeringState: back ? 'Connected' : 'Initiated',
    peeringSyncLevel: 'FullyInSync',
    allowVirtualNetworkAccess: isOn(given, 'allow-vnet-access', false),
    allowForwardedTraffic: isOn(given, 'allow-forwarded-traffic', false),
    allowGatewayTransit: isOn(given, 'allow-gateway-transit', false),
    useRemoteGateways: isOn(given, 'use-remote-gateways', false),
    remoteAddressSpace: structuredClone(of(remote).addressSpace),
  });
}

function remove(documents: Documents, given: Given): void {
  const own = owner(documents, given);
  const gone = partNamed(own, 'virtualNetworkPeerings', text(given, 'name'));
  const { back } = otherEnd(documents, own, gone);
  if (back) of(back).peeringState = 'Disconnected';
  of(own).virtualNetworkPeerings = sides(own).filter((one) => one !== gone);
}

/** What the other network has now comes over to this side. */
function sync(documents: Documents, given: Given): void {
  const own = owner(documents, given);
  const peering = partNamed(own, 'virtualNetworkPeerings', text(given, 'name'));
  const { network, back } = otherEnd(documents, own, peering);
  if (!back || of(peering).peeringState !== 'Connected') throw new Error('only what is connected is synchronised');
  const remoteAddressSpace = structuredClone(of(network).addressSpace);
  Object.assign(of(peering), { remoteAddressSpace, peeringSyncLevel: 'FullyInSync' });
  of(back).peeringSyncLevel = 'FullyInSync';
}

function update(documents: Documents, given: Given): void {
  const own = owner(documents, given);
  const peering = partNamed(own, 'virtualNetworkPeerings', text(given, 'name'));
  const { back } = otherEnd(documents, own, peering);
  if (given.has('allow-gateway-transit')) of(peering).allowGatewayTransit = isOn(given, 'allow-gateway-transit', false);
  if (!given.has('use-remote-gateways')) return;
  if (!back || of(back).allowGatewayTransit !== true) throw new Error('the other network does not allow the transit');
  if (sides(own).some((one) => of(one).useRemoteGateways === true)) throw new Error('a network uses one gateway');
  of(peering).useRemoteGateways = isOn(given, 'use-remote-gateways', false);
}
