import { internet, type Layer, type Path, type ResourceRef, stopFilter } from '../../src/model/index.js';
import { AddressSet, type Family, formatAddress, parseAddress } from '../../src/set/index.js';
import type { Arrival } from './arrival.js';
import { anyClient } from './client-ports.js';
import { type Network, resource } from './network.js';
import { peeringsOf } from './peering-path.js';
import type { AwsTarget } from './target-index.js';
import { neighboursOf } from './transit-gateway.js';
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

/** Paths that nobody can take, for the asked clients that come no other way; they exist to say why. */
export function unconnectedPaths(
  network: Network,
  doors: readonly Arrival[],
  left: AddressSet,
  addressAsked: boolean,
  head: readonly Layer[],
): Path[] {
  const [first] = doors;
  if (!first) return [];
  const { family, eni, address } = first;
  return explanations(network, first, left.only(family), addressAsked)
    .filter(({ origin }) => !origin.isEmpty)
    .map(({ kind, origin, code, data, subject }) => ({
      kind,
      origin,
      address: formatAddress(address),
      family,
      interface: resource('network-interface', eni.id),
      clientPorts: anyClient,
      layers: [...head, { kind: 'transport', subject, inbound: stopFilter({ code, data }) }],
    }));
}

/** The path of clients that have no address to dial. */
export function noAddressPath(family: Family, eni: ResourceRef | null, layers: readonly Layer[]): Path {
  const origin = family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
  return { kind: 'internet', origin, address: null, family, interface: eni, clientPorts: anyClient, layers };
}

/** Why clients cannot dial an address at all: it is not of their family. */
export function otherFamilyPaths(
  network: Network,
  target: AwsTarget,
  asked: string,
  from: AddressSet | undefined,
  head: readonly Layer[],
): Path[] {
  const family = parseAddress(asked)?.family === 6 ? 4 : 6;
  if (!from?.families().includes(family)) return [];
  const holder = network.holderOf(asked).find((eni) => eni.instanceId === target.ref.id);
  const subject = holder ? resource('network-interface', holder.id) : target.resource;
  const code = family === 4 ? 'aws/addr-no-public-ipv4' : 'aws/addr-no-ipv6';
  const inbound = stopFilter({ code, data: { interface: subject.id, asked }, symptom: 'net-unreachable' });
  return [noAddressPath(family, holder ? subject : null, [...head, { kind: 'address', subject, inbound }])];
}
