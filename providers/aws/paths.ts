import { type Layer, type Path, stopFilter, type Way } from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { type Address, AddressSet, type Family, parseAddress } from '../../src/set/index.js';
import { arrivalAt, everyAddress } from './arrival.js';
import { anyClient } from './client-ports.js';
import { hairpinWays } from './hairpin-path.js';
import { instanceFront } from './instance-state.js';
import { internetWay } from './internet-path.js';
import { loadBalancerPaths } from './load-balancer-path.js';
import { canonical, type Interface, type InterfaceAddress, type Network } from './network.js';
import { arrivalLike } from './places.js';
import { publicAddressFront } from './public-address.js';
import { isShareable, subnetWays } from './subnet-ways.js';
import type { AwsTarget } from './target-index.js';
import { unconnectedWays } from './unconnected-path.js';
import { vpnWaysToPublic } from './vpn-path.js';
import { type Front, inFront, pathOn, type SubnetWay, wayInto } from './way.js';

/** One address of an interface that a path can end at. */
interface Door {
  readonly eni: Interface;
  readonly address: Address;
  /** The address as the cloud prints it, which clients inside the cloud dial. */
  readonly text: string;
  /** The private address with what is mapped to it, for IPv4. */
  readonly mapped: InterfaceAddress | undefined;
  /** What a client on the internet dials. */
  readonly dialled: string | undefined;
}

function doorsOf(eni: Interface, every: boolean): Door[] {
  const doors: Door[] = [];
  for (const mapped of eni.addresses) {
    if (!(mapped.primary || mapped.publicIp !== undefined || eni.addresses.length === 1 || every)) continue;
    const address = parseAddress(mapped.privateIp);
    if (address) doors.push({ eni, address, text: mapped.privateIp, mapped, dialled: mapped.publicIp });
  }
  for (const text of eni.ipv6) {
    const address = parseAddress(text);
    if (address) doors.push({ eni, address, text, mapped: undefined, dialled: text });
  }
  return doors;
}

function dials(request: PathRequest, text: string | undefined): boolean {
  if (request.address === undefined) return true;
  return text !== undefined && canonical(text) === canonical(request.address);
}

/** The ways to one door of one machine. */
interface DoorWays {
  readonly inside: readonly Way[];
  readonly outside: Way;
  readonly reserved: AddressSet;
}

/**
 * The ways to one door. Machines whose state, groups and place nothing tells apart share them: then they are built once, and
 * marked as shared.
 */
function waysTo(network: Network, door: Door, front: Front, request: PathRequest): DoorWays {
  const { eni, address } = door;
  const exact = !request.everyone;
  const arrival = exact ? arrivalAt(eni, address) : arrivalLike(network, eni, address);
  const own = publicAddressFront(network, eni, door.mapped ?? door.text, address.family);
  const build = (shared: boolean): DoorWays => {
    const { inside, outside, reserved } = subnetWays(network, arrival, { port: request.port, detailed: exact });
    const into = (way: SubnetWay, layers: readonly Layer[]): Way => ({
      ...wayInto(network, way, eni, layers),
      ...(shared && { shared: true }),
    });
    return {
      inside: inside.map((way) => into(way, front.layers)),
      outside: into(outside, inFront(front, own)),
      reserved,
    };
  };
  const { groups } = eni;
  const alone = exact || front.key === undefined || own.key === undefined || !groups?.length;
  if (alone || !isShareable(network, arrival)) return build(false);
  const key = `${front.key} ${own.key} ${eni.subnetId} ${address.family} ${arrival.place} ${request.port} ${groups.join(' ')}`;
  return network.once(key, () => build(true));
}

/** The ways from the internet to one door: from outside, and from inside the cloud through the public address. */
function publicPaths(network: Network, target: AwsTarget, door: Door, ways: DoorWays, request: PathRequest): Path[] {
  const { mapped, eni, address } = door;
  const dialled =
    door.dialled ?? (request.address === undefined ? undefined : (mapped?.carrierIp ?? mapped?.customerOwnedIp));
  if (dialled === undefined || !dials(request, dialled)) return [];
  const { outside } = ways;
  const shown = door.dialled ?? null;
  if (request.everyone) return [pathOn(outside, target, eni, shown)];
  const inside = hairpinWays(network, arrivalAt(eni, address), dialled, outside, request);
  const taken = AddressSet.unionOf(inside.map((way) => way.origin));
  const rest = inside.length === 0 ? outside : { ...outside, origin: outside.origin.subtract(taken) };
  return [...inside, rest].map((way) => pathOn(way, target, eni, shown));
}

/** A machine without any address of a family: the way that says so, to its first interface where it has one. */
function absentFamily(network: Network, { instance }: AwsTarget, family: Family, front: Front): Way {
  const origin = everyAddress(family);
  const [eni] = network.interfacesOf(instance);
  const address = parseAddress(eni?.addresses[0]?.privateIp ?? eni?.ipv6[0] ?? '');
  if (eni && address) {
    const way = internetWay(network, { ...arrivalAt(eni, address), family }, AddressSet.empty);
    const lacking = inFront(front, publicAddressFront(network, eni, null, family));
    return wayInto(network, { ...way, origin }, eni, lacking);
  }
  const code = family === 4 ? 'aws/addr-no-public-ipv4' : 'aws/addr-no-ipv6';
  const layer: Layer = { kind: 'address', subject: 'interface', inbound: stopFilter({ code, data: {} }) };
  return {
    kind: 'internet',
    origin,
    family,
    clientPorts: anyClient,
    layers: [...front.layers, layer],
  };
}

/** Paths that say that there is no address of a family to dial, for the families that were asked for in vain. */
function closedPaths(
  network: Network,
  target: AwsTarget,
  doors: readonly (Door & DoorWays)[],
  front: Front,
  request: PathRequest,
  open: readonly Path[],
): Path[] {
  return ([4, 6] as const)
    .filter((family) => !request.everyone || target.families.includes(family))
    .filter((family) => !open.some(({ way }) => way.family === family))
    .map((family) => {
      const door = doors.find(({ address }) => address.family === family);
      const [first] = network.interfacesOf(target.instance);
      const way = door?.outside ?? absentFamily(network, target, family, front);
      return pathOn(way, target, door?.eni ?? first, null);
    });
}

/** Paths that exist to say why one source has none: from where it is, and to the address that it may not dial. */
function explainingPaths(
  network: Network,
  target: AwsTarget,
  doors: readonly (Door & DoorWays)[],
  front: Front,
  request: PathRequest,
  paths: readonly Path[],
): Path[] {
  const addressAsked = request.address !== undefined;
  const toPublic = doors.flatMap(({ eni, address, mapped }) =>
    mapped?.publicIp === undefined || !dials(request, mapped.publicIp)
      ? []
      : vpnWaysToPublic(network, arrivalAt(eni, address), mapped.publicIp, front.layers).map((way) =>
          pathOn(way, target, eni, mapped.publicIp ?? null),
        ),
  );
  const door = doors.find(({ text }) => dials(request, text));
  if (!door || !request.from) return toPublic;
  const served = addressAsked
    ? [...paths, ...toPublic].map(({ way }) => way.origin)
    : doors.map(({ reserved }) => reserved);
  const left = request.from.subtract(AddressSet.unionOf(served));
  const arrival = arrivalAt(door.eni, door.address);
  const unconnected = unconnectedWays(network, arrival, left, addressAsked, front.layers);
  return [...toPublic, ...unconnected.map((way) => pathOn(way, target, door.eni, arrival.text))];
}

/** Every way to a target, those of the internet first. */
export function awsPaths(network: Network, target: AwsTarget, request: PathRequest): Path[] {
  const front = instanceFront(network, target.instance);
  const doors = network
    .interfacesOf(target.instance)
    .flatMap((eni) => doorsOf(eni, request.address !== undefined))
    .map((door) => ({ ...door, ...waysTo(network, door, front, request) }));
  const outside = doors.flatMap((door) => publicPaths(network, target, door, door, request));
  const inside = doors
    .filter(({ text }) => dials(request, text))
    .flatMap((door) => door.inside.map((way) => pathOn(way, target, door.eni, door.text)));
  const paths = [...outside, ...inside];
  if (request.address === undefined) {
    paths.push(...closedPaths(network, target, doors, front, request, outside));
    paths.push(...loadBalancerPaths(network, target, { port: request.port, detailed: !request.everyone }));
  }
  if (!request.everyone) paths.push(...explainingPaths(network, target, doors, front, request, paths));
  const { clientPorts } = request;
  return clientPorts ? paths.map((path) => ({ ...path, way: { ...path.way, clientPorts } })) : paths;
}
