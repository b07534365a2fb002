import { internet, type Layer, type Reason, stopFilter, type Way } from '../../src/model/index.js';
import { type Address, AddressSet, type Family, formatAddress } from '../../src/set/index.js';
import { type Arrival, everyAddress } from './arrival.js';
import { anyClient } from './client-ports.js';
import { type Network, resource } from './network.js';
import { peeringsOf } from './peering-path.js';
import { neighboursOf } from './transit-gateway/attachment.js';
import { onPremisesBehind } from './vpn-path.js';

interface Explained {
  readonly kind: string;
  readonly origin: AddressSet;
  readonly code: string;
  readonly data: Readonly<Record<string, string>>;
  readonly subject: ReturnType<typeof resource>;
}

/** Why the clients of other known VPCs, and of the networks behind them, do not come in: nothing joins them to this VPC. */
function* strangers(network: Network, vpcId: string, left: AddressSet): Iterable<Explained> {
  const peers = peeringsOf(network, vpcId);
  const joined = new Set([
    vpcId,
    ...peers.map((peered) => peered.vpcId),
    ...neighboursOf(network, vpcId).map(({ resourceId }) => resourceId),
  ]);
  for (const { VpcId: other } of network.inventory.all('vpcs').values()) {
    if (joined.has(other)) continue;
    const origin = network.rangesOf(other).intersect(left);
    if (origin.isEmpty) continue;
    const between = peeringsOf(network, other).find((far) => peers.some((near) => near.vpcId === far.vpcId));
    const data = { from: other, to: vpcId, ...(between && { via: between.vpcId }) };
    yield {
      kind: 'peering',
      origin,
      code: between ? 'aws/pcx-transitive' : 'aws/pcx-none',
      data,
      subject: resource('vpc', vpcId),
    };
  }
  for (const peered of peers) {
    const origin = onPremisesBehind(network, peered.vpcId).intersect(left);
    if (origin.isEmpty) continue;
    const data = { from: peered.vpcId, to: vpcId };
    const subject = resource('vpc-peering-connection', peered.peering.VpcPeeringConnectionId);
    yield { kind: 'peering', origin, code: 'aws/pcx-edge-to-edge', data, subject };
  }
}

/** A client that no path leads from: who it is, as far as the evidence tells, and why it cannot come in. */
function explanations(network: Network, arrival: Arrival, left: AddressSet, privateAsked: boolean): Explained[] {
  const { vpcId, id } = arrival.eni;
  const explained = vpcId === undefined ? [] : [...strangers(network, vpcId, left)];
  if (!privateAsked) return explained;
  const rest = left.subtract(AddressSet.unionOf(explained.map(({ origin }) => origin)));
  const subject = resource('network-interface', id);
  const data = { address: formatAddress(arrival.address) };
  const outside = { kind: 'internet', origin: rest.intersect(internet), code: 'aws/addr-private', data, subject };
  const nowhere = { kind: 'internet', origin: rest.subtract(internet), code: 'aws/src-not-routable', data, subject };
  return [...explained, outside, nowhere];
}

/** Ways that nobody can take, for the asked clients that come no other way; they exist to say why. */
export function unconnectedWays(
  network: Network,
  arrival: Arrival,
  left: AddressSet,
  addressAsked: boolean,
  front: readonly Layer[],
): Way[] {
  const { family } = arrival;
  return explanations(network, arrival, left.only(family), addressAsked)
    .filter(({ origin }) => !origin.isEmpty)
    .map(({ kind, origin, code, data, subject }) => ({
      kind,
      origin,
      family,
      clientPorts: anyClient,
      rows: [front, [{ kind: 'transport', subject, inbound: stopFilter({ code, data }) }]],
    }));
}

/** The way of clients that have no address to dial. */
export function noAddressWay(family: Family, front: readonly Layer[], reason: Reason): Way {
  const layer: Layer = { kind: 'address', subject: 'interface', inbound: stopFilter(reason) };
  return { kind: 'internet', origin: everyAddress(family), family, clientPorts: anyClient, rows: [front, [layer]] };
}

/** The code for an interface without an address that clients of a family could dial. */
export function codeWithout(family: Family): string {
  return family === 4 ? 'aws/addr-no-public-ipv4' : 'aws/addr-no-ipv6';
}

/** Why clients cannot dial an address at all: it is not of their family. */
export function otherFamilyWay(asked: Address, front: readonly Layer[]): Way {
  const family = asked.family === 6 ? 4 : 6;
  const data = { asked: formatAddress(asked) };
  return noAddressWay(family, front, { code: codeWithout(family), data, symptom: 'net-unreachable' });
}
