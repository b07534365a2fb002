import { type Layer, type Path, stopFilter } from '../../src/model/index.js';
import type { Cloud, PathRequest, Target } from '../../src/provider.js';
import { AddressSet, type Family, parseAddress } from '../../src/set/index.js';
import { alternativeWays } from './alternatives.js';
import type { Arrival } from './arrival.js';
import { anyClient } from './client-ports.js';
import { recordedGaps } from './gaps.js';
import { hairpinPaths, sourceHost } from './hairpin-path.js';
import { hostReport } from './host.js';
import { instanceLayers } from './instance-state.js';
import { internetPath } from './internet-path.js';
import type { Inventory } from './inventory.js';
import { likenessOf } from './likeness.js';
import { loadBalancerPaths } from './load-balancer-path.js';
import { canonical, type Interface, type InterfaceAddress, Network } from './network.js';
import { peeringsOf } from './peering-path.js';
import { originOf, privatePaths } from './private-path.js';
import { peeredRanges } from './references.js';
import { changesFor } from './repair.js';
import { type AwsTarget, findTarget, targetNames, targetOf } from './target-index.js';
import { transitRanges } from './transit-gateway-path.js';
import { unconnectedPaths } from './unconnected-path.js';
import { attachmentLayers, unreadPaths } from './unread-interface.js';
import type { PrivateRequest } from './vpc-path.js';

/** One address of an interface that a path can end at. */
interface Door extends Arrival {
  /** The private address with what is mapped to it, for IPv4. */
  readonly mapped: InterfaceAddress | undefined;
  /** What a client on the internet dials. */
  readonly dialled: string | undefined;
  /** What a client inside the cloud dials. */
  readonly text: string;
}

function doorsOf(eni: Interface, every: boolean): Door[] {
  const doors: Door[] = [];
  for (const mapped of eni.addresses) {
    const address = parseAddress(mapped.privateIp);
    if (!address || !(mapped.primary || mapped.publicIp !== undefined || eni.addresses.length === 1 || every)) continue;
    doors.push({ eni, family: 4, address, text: mapped.privateIp, mapped, dialled: mapped.publicIp });
  }
  for (const text of eni.ipv6) {
    const address = parseAddress(text);
    if (address) doors.push({ eni, family: 6, address, text, mapped: undefined, dialled: text });
  }
  return doors;
}

function dials(request: PathRequest, text: string | null | undefined): boolean {
  if (request.address === undefined) return true;
  return text !== undefined && text !== null && canonical(text) === canonical(request.address);
}

/** The ways from the internet to one door: from outside, and from inside the cloud through the public address. */
function publicPaths(
  network: Network,
  door: Door,
  request: PathRequest,
  head: readonly Layer[],
  reserved: AddressSet,
): Path[] {
  const { mapped } = door;
  const dialled =
    door.dialled ?? (request.address === undefined ? undefined : (mapped?.carrierIp ?? mapped?.customerOwnedIp));
  if (dialled === undefined || !dials(request, dialled)) return [];
  const outside = internetPath(network, door.eni, door.mapped ?? door.text, door.family, head, reserved);
  const inside = hairpinPaths(network, door, outside, request);
  const taken = AddressSet.unionOf(inside.map((path) => path.origin));
  return inside.length === 0 ? [outside] : [...inside, { ...outside, origin: outside.origin.subtract(taken) }];
}

/** The path that says that there is no address to dial. */
function closedDoor(
  network: Network,
  target: AwsTarget,
  enis: readonly Interface[],
  family: Family,
  head: readonly Layer[],
  reserved: AddressSet,
): Path {
  const [eni] = enis;
  if (eni) return internetPath(network, eni, null, family, head, reserved);
  const code = family === 4 ? 'aws/addr-no-public-ipv4' : 'aws/addr-no-ipv6';
  const inbound = stopFilter({ code, data: { interface: target.ref.id } });
  const layer: Layer = { kind: 'address', subject: target.resource, inbound };
  const origin = family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
  return {
    kind: 'internet',
    origin,
    address: null,
    family,
    interface: null,
    clientPorts: anyClient,
    layers: [...head, layer],
  };
}

function awsPaths(network: Network, target: AwsTarget, request: PathRequest): Path[] {
  const head = instanceLayers(network, target.instance);
  const privateRequest: PrivateRequest = { head, port: request.port, detailed: !request.everyone };
  const enis = network.interfacesOf(target.instance);
  const headOf = (eni: Interface) => [...head, ...attachmentLayers(eni)];
  const doors = enis.flatMap((eni) => doorsOf(eni, request.address !== undefined));
  const inside = doors.flatMap((door) =>
    privatePaths(network, door, door.dialled, { ...privateRequest, head: headOf(door.eni) }),
  );
  const reserved = originOf(network, inside);
  const outside = doors.flatMap((door) => publicPaths(network, door, request, headOf(door.eni), reserved));
  const paths = [...outside, ...inside.filter((path) => dials(request, path.address))];
  if (request.address === undefined) {
    for (const family of [4, 6] as const) {
      const due = !request.everyone || target.families.includes(family);
      const open = outside.some((path) => path.family === family);
      if (due && !open) paths.push(closedDoor(network, target, enis, family, head, reserved));
    }
    paths.push(...loadBalancerPaths(network, target, privateRequest));
  }
  const asked = doors.filter((door) => dials(request, door.text));
  if (request.from) {
    const addressAsked = request.address !== undefined;
    const served = addressAsked ? AddressSet.unionOf(paths.map((path) => path.origin)) : reserved;
    paths.push(...unconnectedPaths(network, asked, request.from.subtract(served), addressAsked, head));
  }
  paths.push(...unreadPaths(network, target, request, head));
  const { clientPorts } = request;
  return clientPorts ? paths.map((path) => ({ ...path, clientPorts })) : paths;
}

/** The networks that are joined to the target's: they are not the internet, even where their prefixes are public. */
function ownNetworks(network: Network, target: AwsTarget): AddressSet {
  const vpcs = new Set(
    network
      .interfacesOf(target.instance)
      .map((eni) => eni.vpcId)
      .filter((id) => id !== undefined),
  );
  const joined = () =>
    [...vpcs].flatMap((vpcId) => [
      network.rangesOf(vpcId),
      ...peeringsOf(network, vpcId).map((peered) => peeredRanges(network, peered.peering, peered.vpcId)),
      transitRanges(network, vpcId),
    ]);
  return network.once(`own networks ${[...vpcs].join(' ')}`, () => AddressSet.unionOf(joined()));
}

/** The lowered evidence of all recorded accounts. */
export function awsCloud(inventory: Inventory): Cloud {
  const network = new Network(inventory);
  const own = (target: Target): AwsTarget => {
    const instance = inventory.get('instances', target.ref.id);
    if (!instance) throw new Error(`${target.ref.id} is not a target of this cloud`);
    const known = target as Partial<AwsTarget>;
    return known.instance === instance
      ? (target as AwsTarget)
      : { ...targetOf(network, instance), families: target.families };
  };
  return {
    provider: 'aws',
    *targets() {
      for (const instance of inventory.all('instances').values()) yield targetOf(network, instance);
    },
    find: (text) => findTarget(network, text),
    names: () => targetNames(network),
    source: (text) => sourceHost(network, text),
    paths: (target, request) => awsPaths(network, own(target), request),
    likeness: (target) => likenessOf(network, own(target)),
    ownNetworks: (target) => ownNetworks(network, own(target)),
    host: (target, address, port) => hostReport(network, own(target), address, port),
    alternatives: (target, port) => alternativeWays(network, own(target), port),
    changes: (target, path, from, stops, port) =>
      changesFor({ network, target: own(target), path, from, port, lower: awsCloud }, stops),
    gaps: () => recordedGaps(inventory),
  };
}
