import type { Path, Way } from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { type Address, AddressSet, canonical, type Family, formatAddress, parseAddress } from '../../src/set/index.js';
import { arrivalAt, everyAddress } from './arrival.js';
import { hairpinWays } from './hairpin-path.js';
import { instanceFront } from './instance-state.js';
import { prefixWith } from './interface.js';
import { internetWay } from './internet-path.js';
import { loadBalancerPaths } from './load-balancer/path.js';
import type { Interface, InterfaceAddress, Network } from './network.js';
import { arrivalLike } from './places.js';
import { publicAddressFront } from './public-address.js';
import { elsewhereThan } from './source-vpc.js';
import { isShareable, subnetWays } from './subnet-ways.js';
import type { AwsTarget } from './target-index.js';
import { codeWithout, noAddressWay, otherFamilyWay, unconnectedWays } from './unconnected-path.js';
import { attachmentFront, unreadPaths } from './unread-interface.js';
import { vpnWaysToPublic } from './vpn-path.js';
import { type Front, inFront, pathOn, wayInto } from './way.js';

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

/** An address out of a delegated prefix is a door where it is the asked one: nobody knows which of them the system uses. */
function delegatedDoor(eni: Interface, asked: string): Door[] {
  const address = prefixWith(eni, asked) === undefined ? undefined : parseAddress(asked);
  if (!address) return [];
  const text = formatAddress(address);
  return [{ eni, address, text, mapped: undefined, dialled: address.family === 6 ? text : undefined }];
}

/** The addresses of an interface that packets may be for; secondary ones only where one address was asked about. */
function doorsOf(eni: Interface, asked: string | undefined): Door[] {
  const doors: Door[] = [];
  const every = asked !== undefined;
  for (const mapped of eni.addresses) {
    if (!(mapped.primary || mapped.publicIp !== undefined || eni.addresses.length === 1 || every)) continue;
    const address = parseAddress(mapped.privateIp);
    if (address) doors.push({ eni, address, text: mapped.privateIp, mapped, dialled: mapped.publicIp });
  }
  for (const text of eni.ipv6) {
    const address = parseAddress(text);
    if (address) doors.push({ eni, address, text, mapped: undefined, dialled: text });
  }
  if (asked === undefined || doors.some(({ text }) => canonical(text) === canonical(asked))) return doors;
  return [...doors, ...delegatedDoor(eni, asked)];
}

function dials(request: PathRequest, text: string | undefined): boolean {
  if (request.address === undefined) return true;
  return text !== undefined && canonical(text) === canonical(request.address);
}

/** The ways to one door of one machine. */
interface DoorWays {
  readonly inside: readonly Way[];
  readonly outside: Way;
}

interface Entrance {
  readonly door: Door;
  readonly ways: DoorWays;
}

/** What stands before the ways to an interface: the machine's state, and whether it is on the machine. */
function frontOf(machine: Front, eni: Interface): Front {
  const attachment = attachmentFront(eni);
  return attachment ? { key: undefined, layers: inFront(machine, attachment) } : machine;
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
    const { inside, outside } = subnetWays(network, arrival, { port: request.port, detailed: exact });
    return {
      inside: inside.map((way) => wayInto(network, way, eni, front.layers, shared)),
      outside: wayInto(network, outside, eni, inFront(front, own), shared),
    };
  };
  const { groups } = eni;
  const alone = exact || front.key === undefined || own.key === undefined || !groups?.length;
  if (alone || !isShareable(network, arrival)) return build(false);
  const parts = [front.key, own.key, eni.subnetId, address.family, arrival.place, request.port, ...groups];
  return network.shared.once(parts, build);
}

/** The ways from the internet to one door: from outside, and from inside the cloud through the public address. */
function publicPaths(
  network: Network,
  target: AwsTarget,
  { door, ways: { outside } }: Entrance,
  request: PathRequest,
): Path[] {
  const { mapped, eni, address } = door;
  const shown = door.dialled ?? null;
  if (request.everyone) return shown === null ? [] : [pathOn(outside, target, eni, shown)];
  const dialled = shown ?? (request.address === undefined ? undefined : (mapped?.carrierIp ?? mapped?.customerOwnedIp));
  if (dialled === undefined || !dials(request, dialled)) return [];
  const inside = hairpinWays(network, arrivalAt(eni, address), dialled, outside, request);
  const taken = AddressSet.unionOf(inside.map((way) => way.origin));
  const rest = inside.length === 0 ? outside : { ...outside, origin: outside.origin.subtract(taken) };
  return [...inside, rest].map((way) => pathOn(way, target, eni, shown));
}

/** A machine without any address of a family: the way that says so, to its first interface where it has one. */
function absentFamily(network: Network, { instance }: AwsTarget, family: Family, front: Front): Way {
  const [eni] = network.interfacesOf(instance);
  const address = parseAddress(eni?.addresses[0]?.privateIp ?? eni?.ipv6[0] ?? '');
  if (!eni || !address) return noAddressWay(family, front.layers, { code: codeWithout(family), data: {} });
  const way = internetWay(network, { ...arrivalAt(eni, address), family }, AddressSet.empty);
  const lacking = inFront(front, publicAddressFront(network, eni, null, family));
  return wayInto(network, { ...way, origin: everyAddress(family) }, eni, lacking);
}

/** Paths that say that there is no address of a family to dial, for the families that were asked for in vain. */
function closedPaths(
  network: Network,
  target: AwsTarget,
  entrances: readonly Entrance[],
  front: Front,
  request: PathRequest,
  open: readonly Path[],
): Path[] {
  const asked: readonly Family[] = request.everyone ? target.families : [4, 6];
  const closed = asked.filter((family) => !open.some(({ way }) => way.family === family));
  return closed.map((family) => {
    const entrance = entrances.find(({ door }) => door.address.family === family);
    if (entrance) return pathOn(entrance.ways.outside, target, entrance.door.eni, null);
    const [first] = network.interfacesOf(target.instance);
    return pathOn(absentFamily(network, target, family, front), target, first, null);
  });
}

/** Ways that nobody can take: through a gateway that delivers to private addresses only, to a public one. */
function refusedPaths(
  network: Network,
  target: AwsTarget,
  doors: readonly Door[],
  front: Front,
  request: PathRequest,
): Path[] {
  return doors.flatMap(({ eni, address, mapped }) => {
    const { publicIp } = mapped ?? {};
    if (publicIp === undefined || !dials(request, publicIp)) return [];
    const ways = vpnWaysToPublic(network, arrivalAt(eni, address), publicIp, front.layers);
    return ways.map((way) => pathOn(way, target, eni, publicIp));
  });
}

/** Paths that say why those of the asked clients do not come in that none of the other paths serves. */
function explainingPaths(
  network: Network,
  target: AwsTarget,
  doors: readonly Door[],
  front: Front,
  request: PathRequest,
  served: readonly Path[],
): Path[] {
  const door = doors.find(({ text }) => dials(request, text));
  if (!door || !request.from) return [];
  const left = request.from.subtract(AddressSet.unionOf(served.map(({ way }) => way.origin)));
  const arrival = arrivalAt(door.eni, door.address);
  const ways = unconnectedWays(network, arrival, left, request.address !== undefined, front.layers);
  return ways.map((way) => pathOn(way, target, door.eni, arrival.text));
}

/** A path as the asked client takes it: from its ports, and with no address that it has in another network only. */
function asAsked(network: Network, path: Path, { clientPorts, fromInterfaces }: PathRequest): Path {
  const { way } = path;
  const elsewhere = elsewhereThan(network, way.network, fromInterfaces ?? []);
  const other = elsewhere.overlaps(way.origin);
  if (!clientPorts && !other) return path;
  const origin = other ? way.origin.subtract(elsewhere) : way.origin;
  return { ...path, way: { ...way, origin, ...(clientPorts && { clientPorts }) } };
}

/** The paths to one address of a target. */
function pathsToAddress(
  network: Network,
  target: AwsTarget,
  doors: readonly Door[],
  front: Front,
  request: PathRequest,
  open: readonly Path[],
): Path[] {
  const asked = parseAddress(request.address ?? '');
  const door = doors.find(({ text, dialled }) => dials(request, text) || dials(request, dialled));
  const foreign = asked ? [pathOn(otherFamilyWay(asked, front.layers), target, door?.eni, null)] : [];
  const refused = refusedPaths(network, target, doors, front, request);
  const paths = [...open, ...foreign, ...refused].map((path) => asAsked(network, path, request));
  return [...paths, ...explainingPaths(network, target, doors, front, request, paths)];
}

/** Every way to a target, those of the internet first. */
export function awsPaths(network: Network, target: AwsTarget, request: PathRequest): Path[] {
  const machine = instanceFront(network, target.instance);
  const entrances: Entrance[] = [];
  for (const eni of network.interfacesOf(target.instance)) {
    const front = frontOf(machine, eni);
    for (const door of doorsOf(eni, request.address)) {
      entrances.push({ door, ways: waysTo(network, door, front, request) });
    }
  }
  const outside = entrances.flatMap((entrance) => publicPaths(network, target, entrance, request));
  const inside: Path[] = [];
  for (const { door, ways } of entrances) {
    if (!dials(request, door.text)) continue;
    for (const way of ways.inside) inside.push(pathOn(way, target, door.eni, door.text));
  }
  const unread = unreadPaths(network, target, request, machine);
  const doors = entrances.map(({ door }) => door);
  if (request.address !== undefined)
    return [...pathsToAddress(network, target, doors, machine, request, [...outside, ...inside]), ...unread];
  const closed = closedPaths(network, target, entrances, machine, request, outside);
  const balanced = loadBalancerPaths(network, target, { port: request.port, detailed: !request.everyone });
  const paths = [...outside, ...inside, ...closed, ...balanced, ...unread];
  if (request.everyone) return paths;
  const served = inside.map((path) => asAsked(network, path, request));
  return [
    ...paths.map((path) => asAsked(network, path, request)),
    ...refusedPaths(network, target, doors, machine, request),
    ...explainingPaths(network, target, doors, machine, request, served),
  ];
}
