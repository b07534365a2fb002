import {
  type Gap,
  internet,
  type Layer,
  type Path,
  type Reason,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { isUnread } from '../../src/record/index.js';
import { type Address, AddressSet, canonical, type Family, formatAddress, parseAddress } from '../../src/set/index.js';
import { iapRanges, iapWay, mayTunnel } from './iap-path.js';
import { spoiltBy } from './instance-doubt.js';
import { type Front, frontOf } from './instance-state.js';
import { internetWay } from './internet-path.js';
import { loadBalancerPaths } from './load-balancer.js';
import { addressesOf, aliasesOf, externalIpv4, externalIpv6, type Networks, type Nic } from './network.js';
import { siteWays } from './on-premises.js';
import { likeIn } from './places.js';
import { interfaceKey } from './records/subjects.js';
import { type Standpoint, standpointOf } from './standpoint.js';
import type { GcpTarget } from './target-index.js';
import { peeringWays, sameNetworkWay, unjoinedWays, unreadWays } from './vpc-path.js';
import { addressStop, anyClient, everyAddress, pathOn } from './way.js';

/** One internal address of an interface, and the external one behind which it is. */
interface Door {
  readonly nic: Nic;
  /** What the firewall sees. */
  readonly destination: Address;
  readonly internal: string | undefined;
  readonly external: string | undefined;
  /** Why there may be an external one, where that cannot be read. */
  readonly doubt?: Gap | undefined;
}

function doorOf(
  nic: Nic,
  internal: string | undefined,
  external: string | undefined,
  seen: string | undefined,
  doubt?: Gap,
): Door[] {
  const destination = seen === undefined ? undefined : parseAddress(seen);
  return destination ? [{ nic, destination, internal, external, doubt }] : [];
}

/** The addresses at which packets arrive: IPv4 behind its translation, IPv6 as it is, and an address of an alias range where it is asked. */
function doorsOf(networks: Networks, nic: Nic, asked: string | undefined): Door[] {
  const { networkIP, ipv6Address } = nic.record;
  const external6 = externalIpv6(nic.record);
  const isAlias = asked !== undefined && parseAddress(asked) && aliasesOf(nic).overlaps(AddressSet.of(asked));
  const doubt = isUnread(nic.record, 'accessConfigs')
    ? networks.inventory.dangling('instances', {}, `accessConfigs of ${nic.instance.name} that can be read`)
    : undefined;
  return [
    ...doorOf(nic, networkIP, externalIpv4(nic.record), networkIP, doubt),
    ...doorOf(nic, undefined, external6, external6),
    ...(ipv6Address === external6 ? [] : doorOf(nic, ipv6Address, undefined, ipv6Address)),
    ...(isAlias ? doorOf(nic, asked, undefined, asked) : []),
  ];
}

function dials({ address }: PathRequest, text: string | undefined): boolean {
  if (address === undefined) return true;
  return text !== undefined && canonical(text) === canonical(address);
}

/** Networks that are not the internet to the machines of one: itself, and those that are peered to it. */
export function ownRanges(networks: Networks, network: string): AddressSet {
  return networks.once(`own ${network}`, () =>
    AddressSet.unionOf([network, ...networks.peersOf(network)].map((one) => networks.rangesOf(one))),
  );
}

/** The edge policy that an external address of an interface names. */
function edgePolicyOf({ nic, destination }: Door): string | undefined {
  const configs = destination.family === 4 ? nic.record.accessConfigs : nic.record.ipv6AccessConfigs;
  return configs?.find(({ securityPolicy }) => securityPolicy)?.securityPolicy;
}

/** The ways to one door, by how they come. */
interface DoorWays {
  /** From the internet, where there is an external address. */
  readonly outside: readonly Way[];
  /** Over networks and sites, to the internal address. */
  readonly inside: readonly Way[];
  /** Through the relays of IAP. */
  readonly relayed: readonly Way[];
}

function buildWays(
  networks: Networks,
  door: Door,
  at: Standpoint,
  front: Front,
  destination: Address,
  { port, everyone }: PathRequest,
): DoorWays {
  const { layers } = front;
  const except = ownRanges(networks, at.network).subtract(internet).union(iapRanges);
  const external = { destination, except, port, policy: edgePolicyOf(door), doubt: door.doubt };
  const asked = { destination, front: layers, everyone };
  const known = () => [
    sameNetworkWay(networks, at, asked),
    ...peeringWays(networks, at, asked),
    ...siteWays(networks, at, asked),
    ...(everyone ? [] : unjoinedWays(networks, at, asked)),
  ];
  const joined = door.internal === undefined ? [] : known();
  return {
    outside: door.external === undefined && !door.doubt ? [] : [internetWay(networks, at, layers, external)],
    inside: door.internal === undefined ? [] : [...joined, ...unreadWays(networks, at, asked, joined)],
    relayed: isAliasOnly(door) ? [] : [iapWay(networks, at, layers, destination, mayTunnel(networks, door.nic))],
  };
}

function asShared(ways: DoorWays, shared: boolean): DoorWays {
  const marked = (list: readonly Way[]) => list.map((way) => ({ ...way, shared }));
  return { outside: marked(ways.outside), inside: marked(ways.inside), relayed: marked(ways.relayed) };
}

/** What is so and what is not, as the bits of one number. */
function bitsOf(facts: readonly boolean[]): number {
  let bits = 0;
  for (const fact of facts) bits = bits * 2 + Number(fact);
  return bits;
}

/** The ways to a door: where everybody is asked about, those to whatever nothing tells from it, as the same objects. */
function waysTo(networks: Networks, door: Door, front: Front, request: PathRequest): DoorWays {
  const { nic, destination, internal, external } = door;
  const at = standpointOf(networks, nic, request.everyone);
  if (!request.everyone) return buildWays(networks, door, at, front, destination, request);
  const like = likeIn(networks, nic.network, destination);
  const has = [internal !== undefined, external !== undefined, isAliasOnly(door), mayTunnel(networks, nic)];
  const own = door.doubt ? nic : undefined;
  const parts = ['ways', at, front, like, bitsOf(has), edgePolicyOf(door), request.port, own];
  return networks.shared.once(parts, (shared) => asShared(buildWays(networks, door, at, front, like, request), shared));
}

/** The paths through a door, those from the internet apart. */
function pathsThrough(networks: Networks, target: GcpTarget, door: Door, request: PathRequest): [Path[], Path[]] {
  const { nic, internal, external } = door;
  const { outside, inside, relayed } = waysTo(networks, door, frontOf(networks, target), request);
  const on = (ways: readonly Way[], address: string | undefined): Path[] =>
    address !== undefined && dials(request, address) ? ways.map((way) => pathOn(way, target, nic, address)) : [];
  const perhaps = door.doubt && request.address === undefined ? outside : [];
  const anywhere = perhaps.map((way) => pathOn(way, target, nic, null));
  return [
    external === undefined ? anywhere : on(outside, external),
    [...on(inside, internal), ...on(relayed, internal ?? external)],
  ];
}

/** The paths of IAP to the first interface of a target. */
export function relayedPaths(networks: Networks, target: GcpTarget, request: PathRequest): Path[] {
  const [nic] = networks.nicsOf(target.path);
  return (nic ? doorsOf(networks, nic, undefined) : []).flatMap((door) => {
    const { relayed } = waysTo(networks, door, frontOf(networks, target), request);
    return relayed.map((way) => pathOn(way, target, door.nic, door.internal ?? door.external ?? null));
  });
}

/** IAP connects to the primary address of an interface. */
function isAliasOnly({ nic, internal }: Door): boolean {
  const { networkIP, ipv6Address } = nic.record;
  return internal !== undefined && internal !== networkIP && internal !== ipv6Address;
}

const codeWithout = (family: Family) => (family === 4 ? 'gcp/nic-no-external-ip' : 'gcp/nic-no-external-ipv6');

/** The way that says that there is no address of a family for the internet to dial. */
function closedWay(
  networks: Networks,
  front: Front,
  nic: Nic | undefined,
  family: Family,
  { asked, isHeld }: { readonly asked: string | null; readonly isHeld: boolean },
): Way {
  return networks.shared.once(['closed', front, family, asked, nic?.network, isHeld], (shared) => {
    const data = asked === null ? {} : { asked };
    const reason: Reason = { code: codeWithout(family), data, ...(!isHeld && { symptom: 'net-unreachable' }) };
    const except = nic ? ownRanges(networks, nic.network).subtract(internet).union(iapRanges) : iapRanges;
    return {
      kind: 'internet',
      origin: everyAddress(family).subtract(except),
      family,
      clientPorts: anyClient,
      rows: [[...front.layers, addressStop(reason)]],
      shared,
    };
  });
}

function closedPaths(networks: Networks, target: GcpTarget, request: PathRequest, open: readonly Path[]): Path[] {
  const [nic] = networks.nicsOf(target.path);
  const asked = parseAddress(request.address ?? '');
  const wanted: readonly Family[] = request.everyone ? target.families : [4, 6];
  const closed = wanted.filter((family) => !open.some(({ way }) => way.family === family));
  const front = frontOf(networks, target);
  return closed.map((family) =>
    pathOn(
      closedWay(networks, front, nic, family, {
        asked: asked ? formatAddress(asked) : null,
        isHeld: asked === undefined || target.families.includes(family),
      }),
      target,
      nic,
      null,
    ),
  );
}

/** The addresses that a client has in other networks only than the one out of which a way comes. */
function elsewhere(networks: Networks, network: string | undefined, interfaces: readonly string[]): AddressSet {
  if (network === undefined || interfaces.length === 0) return AddressSet.empty;
  const own = new Set(interfaces);
  const nics = networks.nics().filter((nic) => own.has(interfaceKey(nic.path, nic.name)));
  const addresses = (isHere: boolean) =>
    AddressSet.unionOf(
      nics.filter((nic) => (nic.network === network || nic.record.network === undefined) === isHere).map(addressesOf),
    );
  return addresses(false).subtract(addresses(true));
}

/** A path as the asked client takes it: from its ports, where they are known, and with no address that it has in another network only. */
function asAsked(networks: Networks, path: Path, { clientPorts, fromInterfaces = [] }: PathRequest): Path[] {
  const { way } = path;
  const other = elsewhere(networks, way.network, fromInterfaces);
  if (!clientPorts && !other.overlaps(way.origin)) return [path];
  const origin = way.origin.subtract(other);
  return origin.isEmpty ? [] : [{ ...path, way: { ...way, origin, ...(clientPorts && { clientPorts }) } }];
}

/** The ways to an instance of whose record something cannot be read: each of them may be open, and each closed. */
function unreadPaths(networks: Networks, target: GcpTarget, { address }: PathRequest, broken: string): Path[] {
  const [nic] = networks.nicsOf(target.path);
  const gap = networks.inventory.dangling('instances', {}, `a readable record of ${target.instance.name} (${broken})`);
  const layer: Layer = { kind: 'instance', subject: 'target', inbound: unknownFilter(gap) };
  const families: readonly Family[] = [4, 6];
  return ['internet', 'iap', 'load-balancer'].flatMap((kind) =>
    families.map((family) => {
      const way = { kind, origin: everyAddress(family), family, clientPorts: anyClient, rows: [[layer]] };
      return pathOn(way, target, nic, address ?? nic?.record.networkIP ?? null);
    }),
  );
}

/** Every way to a target, those of the internet first. */
export function gcpPaths(networks: Networks, target: GcpTarget, request: PathRequest): Path[] {
  const spoilt = spoiltBy(target.instance);
  if (spoilt !== undefined) return unreadPaths(networks, target, request, spoilt);
  const doors = networks.nicsOf(target.path).flatMap((nic) => doorsOf(networks, nic, request.address));
  const open = doors.map((door) => pathsThrough(networks, target, door, request));
  const outside = open.flatMap(([paths]) => paths);
  const inside = open.flatMap(([, paths]) => paths);
  const balanced = loadBalancerPaths(networks, target, request);
  const paths = [...outside, ...inside, ...balanced, ...closedPaths(networks, target, request, outside)];
  return request.everyone ? paths : paths.flatMap((path) => asAsked(networks, path, request));
}
