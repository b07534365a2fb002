import { internet, type Layer, type Path, type Reason, unknownFilter } from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { type Address, AddressSet, canonical, type Family, formatAddress, parseAddress } from '../../src/set/index.js';
import { iapRanges, iapWay } from './iap-path.js';
import { stateLayer } from './instance-state.js';
import { internetWay } from './internet-path.js';
import { loadBalancerPaths } from './load-balancer.js';
import { aliasesOf, externalIpv4, externalIpv6, type Networks, type Nic } from './network.js';
import { siteWays } from './on-premises.js';
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
}

function doorOf(
  nic: Nic,
  internal: string | undefined,
  external: string | undefined,
  seen: string | undefined,
): Door[] {
  const destination = seen === undefined ? undefined : parseAddress(seen);
  return destination ? [{ nic, destination, internal, external }] : [];
}

/** The addresses at which packets arrive: IPv4 behind its translation, IPv6 as it is, and an address of an alias range where it is asked. */
function doorsOf(nic: Nic, asked: string | undefined): Door[] {
  const { networkIP, ipv6Address } = nic.record;
  const external6 = externalIpv6(nic.record);
  const isAlias = asked !== undefined && parseAddress(asked) && aliasesOf(nic).overlaps(AddressSet.of(asked));
  return [
    ...doorOf(nic, networkIP, externalIpv4(nic.record), networkIP),
    ...doorOf(nic, undefined, external6, external6),
    ...(ipv6Address === external6 ? [] : doorOf(nic, ipv6Address, undefined, ipv6Address)),
    ...(isAlias ? doorOf(nic, asked, undefined, asked) : []),
  ];
}

function dials({ address }: PathRequest, text: string | undefined): boolean {
  if (address === undefined) return true;
  return text !== undefined && canonical(text) === canonical(address);
}

/** Networks that are not the internet to an interface: its own, and those that are peered to it. */
export function ownRanges(networks: Networks, nic: Nic): AddressSet {
  return networks.once(`own ${nic.network}`, () =>
    AddressSet.unionOf([nic.network, ...networks.peersOf(nic.network)].map((network) => networks.rangesOf(network))),
  );
}

/** The edge policy that an external address of an interface names. */
function edgePolicyOf({ nic, destination }: Door): string | undefined {
  const configs = destination.family === 4 ? nic.record.accessConfigs : nic.record.ipv6AccessConfigs;
  return configs?.find(({ securityPolicy }) => securityPolicy)?.securityPolicy;
}

function pathsThrough(networks: Networks, target: GcpTarget, door: Door, request: PathRequest): Path[] {
  const { nic, destination, internal, external } = door;
  const front = [stateLayer(networks, target.instance)];
  const paths: Path[] = [];
  if (external !== undefined && dials(request, external)) {
    const except = ownRanges(networks, nic).subtract(internet).union(iapRanges);
    const way = internetWay(networks, nic, front, {
      destination,
      except,
      port: request.port,
      policy: edgePolicyOf(door),
    });
    paths.push(pathOn(way, target, nic, external));
  }
  const inside = internal ?? external;
  if (inside === undefined || !dials(request, inside)) return paths;
  if (internal !== undefined) {
    const asked = { destination, front, everyone: request.everyone };
    const ways = [
      sameNetworkWay(networks, nic, asked),
      ...peeringWays(networks, nic, asked),
      ...siteWays(networks, nic, asked),
    ];
    const unjoined = request.everyone ? [] : unjoinedWays(networks, nic, asked);
    const all = [...ways, ...unjoined];
    for (const way of [...all, ...unreadWays(networks, nic, asked, all)])
      paths.push(pathOn(way, target, nic, internal));
  }
  if (!isAliasOnly(door)) paths.push(pathOn(iapWay(networks, nic, front, destination), target, nic, inside));
  return paths;
}

/** IAP connects to the primary address of an interface. */
function isAliasOnly({ nic, internal }: Door): boolean {
  const { networkIP, ipv6Address } = nic.record;
  return internal !== undefined && internal !== networkIP && internal !== ipv6Address;
}

const codeWithout = (family: Family) => (family === 4 ? 'gcp/nic-no-external-ip' : 'gcp/nic-no-external-ipv6');

/** A path that says that there is no address of a family for the internet to dial. */
function closedPath(networks: Networks, target: GcpTarget, nic: Nic | undefined, family: Family, reason: Reason): Path {
  const front = [stateLayer(networks, target.instance), addressStop(reason)];
  const except = nic ? ownRanges(networks, nic).subtract(internet).union(iapRanges) : iapRanges;
  const origin = everyAddress(family).subtract(except);
  const way = { kind: 'internet', origin, family, clientPorts: anyClient, rows: [front] };
  return pathOn(way, target, nic, null);
}

function closedPaths(networks: Networks, target: GcpTarget, request: PathRequest, open: readonly Path[]): Path[] {
  const [nic] = networks.nicsOf(target.path);
  const asked = parseAddress(request.address ?? '');
  const wanted: readonly Family[] = request.everyone ? target.families : [4, 6];
  const closed = wanted.filter((family) => !open.some(({ way }) => way.kind === 'internet' && way.family === family));
  return closed.map((family) => {
    const data = { instance: target.instance.name, ...(asked && { asked: formatAddress(asked) }) };
    return closedPath(networks, target, nic, family, { code: codeWithout(family), data });
  });
}

/** A path as the asked client takes it: from its ports, where they are known. */
function asAsked(path: Path, { clientPorts }: PathRequest): Path {
  return clientPorts ? { ...path, way: { ...path.way, clientPorts } } : path;
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
  if (target.instance.broken !== undefined) return unreadPaths(networks, target, request, target.instance.broken);
  const doors = networks.nicsOf(target.path).flatMap((nic) => doorsOf(nic, request.address));
  const open = doors.flatMap((door) => pathsThrough(networks, target, door, request));
  const outside = open.filter(({ way }) => way.kind === 'internet');
  const inside = open.filter(({ way }) => way.kind !== 'internet');
  const balanced = loadBalancerPaths(networks, target, request);
  return [...outside, ...inside, ...balanced, ...closedPaths(networks, target, request, outside)].map((path) =>
    asAsked(path, request),
  );
}
