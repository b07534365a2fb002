import {
  type Gap,
  internet,
  type Layer,
  type Path,
  type Reason,
  stopFilter,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import {
  type Address,
  AddressSet,
  addressSet,
  canonical,
  type Family,
  formatAddress,
  parseAddress,
} from '../../src/set/index.js';
import { type Ingress, ingressBy } from './filter.js';
import {
  apartWay,
  behindAppliances,
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
import { addressIn, type Networks, type Port, resource } from './network.js';
import { likeIn } from './places.js';
import { type Front, frontOf, machineName, stoppedState } from './power.js';
import { keyOf, nameOf, subscriptionOf } from './records/ids.js';
import { bastionPaths, servicePaths } from './service-path.js';
import { type Standpoint, standpointOf } from './standpoint.js';
import { privateTo } from './tags.js';
import type { AzureTarget } from './target-index.js';
import { addressStop, anyClient, everyAddress, pathOn } from './way.js';

function dials({ address }: PathRequest, text: string | undefined): boolean {
  if (address === undefined) return true;
  return text !== undefined && canonical(text) === canonical(address);
}

function ingressOf(networks: Networks, port: Port): Ingress {
  const found = networks.publicOf(port);
  return found !== 'none' && 'found' in found ? ingressBy(found.found) : 'standard';
}

/** Networks that are not the internet to an interface. */
export function ownRanges(networks: Networks, port: Port): AddressSet {
  return privateTo(networks, port.networkKey ?? '');
}

/** A way as the asked client takes it: with no address that it has in another network only. */
function asTaken(networks: Networks, way: Way, { fromInterfaces = [] }: PathRequest): Way[] {
  if (way.network === undefined || fromInterfaces.length === 0) return [way];
  const own = new Set(fromInterfaces);
  const ports = networks.ports().filter(({ configKey }) => own.has(configKey));
  const isHere = ({ networkKey }: Port) => networkKey === undefined || networkKey === way.network;
  const addressesOf = (some: readonly Port[]) => addressSet(some.map(({ config }) => config.privateIPAddress));
  const elsewhere = addressesOf(ports.filter((port) => !isHere(port))).subtract(addressesOf(ports.filter(isHere)));
  const origin = way.origin.subtract(elsewhere);
  return origin.isEmpty ? [] : [{ ...way, origin }];
}

/** The ways to one IP configuration, by how they come. */
interface PortWays {
  /** From the internet, where there is a public address. */
  readonly outside: readonly Way[];
  /** Over networks and sites, to the private address. */
  readonly inside: readonly Way[];
}

function buildWays(
  networks: Networks,
  at: Standpoint,
  front: Front,
  destination: Address,
  ingress: Ingress | undefined,
  request: PathRequest,
): PortWays {
  const { port, everyone, from = AddressSet.empty } = request;
  const { layers } = front;
  const own = privateTo(networks, at.networkKey ?? '');
  const inside = { destination, port, front: layers };
  const transit = transitWays(networks, at, inside);
  const joining = [
    sameNetworkWay(networks, at, inside),
    ...peeringWays(networks, at, inside),
    ...transit.filter(({ isTransit }) => isTransit || !everyone).map(({ way }) => way),
    ...meshWays(networks, at, inside),
    ...siteWays(networks, at, inside),
  ];
  const ways = joining.flatMap((way) => asTaken(networks, way, request));
  const beyond = transit.map(({ way }) => way.origin);
  const joined = AddressSet.unionOf([...ways.map(({ origin }) => origin), ...(everyone ? beyond : []), internet]);
  const unread = unreadWays(networks, at, inside, joined);
  const known = AddressSet.unionOf([joined, ...unread.map(({ origin }) => origin)]);
  const others = everyone ? behindAppliances(networks, at) : from;
  const left = others.only(destination.family).subtract(known);
  // No stranger: a known network has this address, too, but not the asked client, whose own network is not joined.
  const apart = left.intersect(AddressSet.unionOf(joining.map(({ origin }) => origin)));
  const strange = left.subtract(apart);
  return {
    outside: ingress ? [internetWay(networks, at, layers, destination, ingress, own)] : [],
    inside: [
      ...ways,
      ...unread,
      ...(apart.isEmpty ? [] : [apartWay(networks, at, inside, apart, request.fromInterfaces ?? [])]),
      ...(strange.isEmpty ? [] : [strangerWay(networks, at, inside, strange)]),
    ],
  };
}

/** The ways to an IP configuration: where everybody is asked about, those to whatever nothing tells from it, as the same objects. */
function waysTo(
  networks: Networks,
  target: AzureTarget,
  port: Port,
  destination: Address,
  request: PathRequest,
): PortWays {
  const at = standpointOf(networks, port, request.everyone);
  const front = frontOf(networks, target);
  const ingress = addressIn(networks.publicOf(port)) === undefined ? undefined : ingressOf(networks, port);
  if (!request.everyone) return buildWays(networks, at, front, destination, ingress, request);
  const like = likeIn(networks, port.networkKey ?? '', destination);
  return networks.shared.once(['ways', at, front, like, ingress, request.port], (shared) => {
    const { outside, inside } = buildWays(networks, at, front, like, ingress, request);
    const marked = (ways: readonly Way[]) => ways.map((way) => ({ ...way, shared }));
    return { outside: marked(outside), inside: marked(inside) };
  });
}

function pathsTo(networks: Networks, target: AzureTarget, port: Port, request: PathRequest): Path[] {
  const { privateIPAddress } = port.config;
  const destination = parseAddress(privateIPAddress ?? '');
  if (!destination) return [];
  const { outside, inside } = waysTo(networks, target, port, destination, request);
  const shown = addressIn(networks.publicOf(port));
  const isSender = !request.everyone && request.fromInterfaces !== undefined;
  const unsent = isSender ? [unsentWay(networks, frontOf(networks, target).layers, destination)] : [];
  const on = (ways: readonly Way[], address: string | undefined): Path[] =>
    address !== undefined && dials(request, address) ? ways.map((way) => pathOn(way, target, port, address)) : [];
  return [...on([...outside, ...unsent], shown), ...on(inside, privateIPAddress)];
}

/** The way that says why the internet has no address of a family to dial. */
function closedWay(
  networks: Networks,
  target: AzureTarget,
  port: Port | undefined,
  family: Family,
  asked: string | undefined,
): Way {
  const found = port === undefined ? 'none' : networks.publicOf(port);
  const isUnassigned = found !== 'none' && 'found' in found && found.found.ipAddress === undefined;
  const isOther = !target.families.includes(family);
  const front = frontOf(networks, target);
  const build = (shared: boolean): Way => {
    const data = { family: `IPv${family}`, ...(asked !== undefined && { asked }) };
    const reason: Reason = isUnassigned
      ? { code: 'azure/address-missing', data }
      : { code: 'azure/no-public-path', data, ...(isOther && { symptom: 'net-unreachable' }) };
    const own = port ? privateTo(networks, port.networkKey ?? '').subtract(internet) : AddressSet.empty;
    // An address that something names and nobody recorded may be there.
    const layer: Layer =
      found !== 'none' && 'gap' in found
        ? { kind: 'address', subject: 'interface', inbound: unknownFilter(found.gap) }
        : addressStop(reason);
    const rows = [[...front.layers, layer]];
    return {
      kind: 'internet',
      origin: everyAddress(family).subtract(own),
      family,
      clientPorts: anyClient,
      rows,
      shared,
    };
  };
  if (found !== 'none' && 'gap' in found) return build(false);
  return networks.shared.once(['closed', front, port?.networkKey, family, isUnassigned, isOther, asked], build);
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
      const way = closedWay(networks, target, port, family, asked && formatAddress(asked));
      return pathOn(way, target, port, null);
    });
}

/** What keeps a machine that is asked about from sending anything: that it does not run. Of addresses alone it is not asked. */
function senderLayers(networks: Networks, { fromInterfaces = [] }: PathRequest): Layer[] {
  const own = new Set(fromInterfaces);
  const key =
    fromInterfaces.length === 0 ? undefined : networks.ports().find((port) => own.has(port.configKey))?.machine;
  const machine = key === undefined ? undefined : networks.machines().get(key);
  const state = machine && stoppedState(machine);
  if (!machine || state === undefined) return [];
  const sender = machineName(machine);
  const inbound = stopFilter({ code: 'azure/src-not-running', data: { sender, state } });
  return [{ kind: 'source-machine', subject: resource('instance', sender), inbound }];
}

/** A path as the asked client takes it: from its ports, where they are known, and only while it runs. */
function asAsked({ way, ...path }: Path, { clientPorts }: PathRequest, sender: readonly Layer[]): Path {
  const rows = sender.length > 0 ? [sender, ...way.rows] : way.rows;
  return { ...path, way: { ...way, rows, ...(clientPorts && { clientPorts }) } };
}

/** The gap that an interface leaves which a machine has and nobody recorded. */
function missingInterface(networks: Networks, machine: AzureTarget['machine']): Gap | undefined {
  const { networkProfile, id } = machine;
  const scope = { account: subscriptionOf(id) };
  const ids = networkProfile?.networkInterfaces?.flatMap((one) => one.id ?? []) ?? [];
  const missing = ids.find((one) => !networks.hasInterface(keyOf(one)));
  if (missing !== undefined)
    return networks.inventory.dangling('interfaces', scope, `the interface ${nameOf(missing)}`);
  return ids.length === 0 && networks.portsOf(keyOf(id)).length === 0
    ? networks.inventory.gap('interfaces', scope)
    : undefined;
}

/** Why the records of a machine's interfaces do not say where its packets end. */
function unreadTarget(networks: Networks, { key, machine }: AzureTarget): Gap | undefined {
  const broken =
    machine.broken ??
    networks.portsOf(key).find(({ nic }) => nic.broken !== undefined)?.nic.broken ??
    networks.unreadInterface(key);
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
  const missing = missingInterface(networks, target.machine);
  const unread = missing ?? unreadTarget(networks, target);
  const doubtful = unread ? unreadPaths(networks, target, request, unread) : [];
  if (unread && (!missing || networks.portsOf(target.key).length === 0)) return doubtful;
  const open = networks.portsOf(target.key).flatMap((port) => pathsTo(networks, target, port, request));
  const outside = open.filter(({ way }) => way.kind === 'internet');
  const inside = open.filter(({ way }) => way.kind !== 'internet');
  const balanced = [...loadBalancerPaths(networks, target, request), ...servicePaths(networks, target, request)];
  const bastions = request.everyone || request.address !== undefined ? [] : bastionPaths(networks, target, false);
  const closed = missing ? doubtful : closedPaths(networks, target, request, outside);
  const paths = [...outside, ...inside, ...balanced, ...bastions, ...closed];
  if (request.everyone) return paths;
  const sender = senderLayers(networks, request);
  return sender.length === 0 && !request.clientPorts ? paths : paths.map((path) => asAsked(path, request, sender));
}
