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
import { AddressSet, canonical, type Family, formatAddress, parseAddress } from '../../src/set/index.js';
import type { Ingress } from './filter.js';
import {
  meshWays,
  peeringWays,
  sameNetworkWay,
  siteWays,
  strangerWay,
  transitWays,
  unreadWays,
} from './inside-path.js';
import { internetWay, unsentWay } from './internet-path.js';
import { loadBalancerPaths } from './load-balancer.js';
import { addressIn, type Networks, type Port } from './network.js';
import { machineName, powerLayer } from './power.js';
import { bastionPaths, servicePaths } from './service-path.js';
import { privateTo } from './tags.js';
import type { AzureTarget } from './target-index.js';
import { addressStop, anyClient, everyAddress, pathOn } from './way.js';

function dials({ address }: PathRequest, text: string | undefined): boolean {
  if (address === undefined) return true;
  return text !== undefined && canonical(text) === canonical(address);
}

function ingressOf(networks: Networks, port: Port): Ingress {
  const found = networks.publicOf(port);
  const sku = found !== 'none' && 'found' in found ? found.found.sku?.name?.toLowerCase() : undefined;
  return sku === 'basic' ? 'basic' : 'standard';
}

/** Networks that are not the internet to an interface. */
export function ownRanges(networks: Networks, port: Port): AddressSet {
  return privateTo(networks, port.networkKey ?? '');
}

function pathsTo(networks: Networks, target: AzureTarget, port: Port, request: PathRequest): Path[] {
  const front = [powerLayer(networks, target.machine)];
  const { privateIPAddress } = port.config;
  const destination = parseAddress(privateIPAddress ?? '');
  if (!destination) return [];
  const paths: Path[] = [];
  const shown = addressIn(networks.publicOf(port));
  if (shown !== undefined && dials(request, shown)) {
    const way = internetWay(networks, port, front, destination, ingressOf(networks, port), ownRanges(networks, port));
    paths.push(pathOn(way, target, port, shown));
    if (!request.everyone && request.fromInterfaces)
      paths.push(pathOn(unsentWay(networks, front, destination), target, port, shown));
  }
  if (privateIPAddress === undefined || !dials(request, privateIPAddress)) return paths;
  const inside = { destination, port: request.port, front };
  const ways: Way[] = [
    sameNetworkWay(networks, port, inside),
    ...peeringWays(networks, port, inside),
    ...(request.everyone ? [] : transitWays(networks, port, inside)),
    ...meshWays(networks, port, inside),
    ...siteWays(networks, port, inside),
  ];
  const joined = AddressSet.unionOf(ways.map(({ origin }) => origin)).union(internet);
  const unread = unreadWays(networks, port, inside, joined);
  const known = AddressSet.unionOf([joined, ...unread.map(({ origin }) => origin)]);
  const left = (request.from ?? AddressSet.empty).only(destination.family).subtract(known);
  const strangers = left.isEmpty || request.everyone ? [] : [strangerWay(networks, port, inside, left)];
  return [...paths, ...[...ways, ...unread, ...strangers].map((way) => pathOn(way, target, port, privateIPAddress))];
}

/** A path that says why the internet has no address of a family to dial. */
function closedPath(
  networks: Networks,
  target: AzureTarget,
  port: Port | undefined,
  family: Family,
  asked: string | undefined,
): Path {
  const found = port === undefined ? 'none' : networks.publicOf(port);
  const isUnassigned = found !== 'none' && 'found' in found && found.found.ipAddress === undefined;
  const data = { machine: machineName(target.machine), family: `IPv${family}`, ...(asked !== undefined && { asked }) };
  const isOther = !target.families.includes(family);
  const reason: Reason = isUnassigned
    ? { code: 'azure/address-missing', data }
    : { code: 'azure/no-public-path', data, ...(isOther && { symptom: 'net-unreachable' }) };
  const own = port ? ownRanges(networks, port).subtract(internet) : AddressSet.empty;
  // An address that something names and nobody recorded may be there.
  const layer: Layer =
    found !== 'none' && 'gap' in found
      ? { kind: 'address', subject: 'interface', inbound: unknownFilter(found.gap) }
      : addressStop(reason);
  const rows = [[powerLayer(networks, target.machine), layer]];
  const way: Way = {
    kind: 'internet',
    origin: everyAddress(family).subtract(own),
    family,
    clientPorts: anyClient,
    rows,
  };
  return pathOn(way, target, port, null);
}

function closedPaths(networks: Networks, target: AzureTarget, request: PathRequest, open: readonly Path[]): Path[] {
  const ports = networks.portsOf(target.key);
  const asked = parseAddress(request.address ?? '');
  const wanted: readonly Family[] = request.everyone ? target.families : [4, 6];
  return wanted
    .filter((family) => !open.some(({ way }) => way.kind === 'internet' && way.family === family))
    .map((family) => {
      const own = ports.filter((one) => one.family === family);
      const port = own.find((one) => networks.publicOf(one) !== 'none') ?? own[0] ?? ports[0];
      return closedPath(networks, target, port, family, asked && formatAddress(asked));
    });
}

/** A path as the asked client takes it: from its ports, where they are known. */
function asAsked(path: Path, { clientPorts }: PathRequest): Path {
  return clientPorts ? { ...path, way: { ...path.way, clientPorts } } : path;
}

/** Why the records of a machine's interfaces do not say where its packets end. */
function unreadTarget(networks: Networks, { key, machine }: AzureTarget): Gap | undefined {
  const broken = machine.broken ?? networks.portsOf(key).find(({ nic }) => nic.broken !== undefined)?.nic.broken;
  const isUntold = networks.portsOf(key).some(({ config }) => config.privateIPAddress === undefined);
  if (broken === undefined && !isUntold) return undefined;
  const what = `a readable record of ${machineName(machine)} (${broken ?? 'privateIPAddress'})`;
  return networks.inventory.dangling('interfaces', {}, what);
}

/** The ways to a machine of whose records something cannot be read: each of them may be open, and each closed. */
function unreadPaths(networks: Networks, target: AzureTarget, { address }: PathRequest, gap: Gap): Path[] {
  const [port] = networks.portsOf(target.key);
  const layer: Layer = { kind: 'instance', subject: 'target', inbound: unknownFilter(gap) };
  const families: readonly Family[] = [4, 6];
  return ['internet', 'load-balancer', 'bastion'].flatMap((kind) =>
    families.map((family) => {
      const way: Way = { kind, origin: everyAddress(family), family, clientPorts: anyClient, rows: [[layer]] };
      return pathOn(way, target, port, address ?? port?.config.privateIPAddress ?? null);
    }),
  );
}

/** Every way to a target, those of the internet first. */
export function azurePaths(networks: Networks, target: AzureTarget, request: PathRequest): Path[] {
  const unread = unreadTarget(networks, target);
  if (unread) return unreadPaths(networks, target, request, unread);
  const open = networks.portsOf(target.key).flatMap((port) => pathsTo(networks, target, port, request));
  const outside = open.filter(({ way }) => way.kind === 'internet');
  const inside = open.filter(({ way }) => way.kind !== 'internet');
  const balanced = [...loadBalancerPaths(networks, target, request), ...servicePaths(networks, target, request)];
  const bastions = request.everyone || request.address !== undefined ? [] : bastionPaths(networks, target);
  const closed = closedPaths(networks, target, request, outside);
  return [...outside, ...inside, ...balanced, ...bastions, ...closed].map((path) => asAsked(path, request));
}
