import {
  type CauseCode,
  type Layer,
  layersOf,
  type Path,
  type Seen,
  type Sign,
  type TargetRef,
  unknownFilter,
} from '../../src/model/index.js';
import type {
  Change,
  Cloud,
  Found,
  HostEvidence,
  HostView,
  PathRequest,
  Remedy,
  Stop,
  SubjectReason,
  Target,
} from '../../src/provider.js';
import {
  type Address,
  AddressSet,
  type Family,
  formatAddress,
  PortSet,
  parseAddress,
  TrafficSet,
} from '../../src/set/index.js';
import { attemptEvidence } from './attempt.js';
import { servedSigns } from './attempt-lanes.js';
import type { Bundle } from './bundle.js';
import { daemonSigns } from './daemon-signs.js';
import { deadTargetSigns, neighbourSigns } from './end-signs.js';
import { type HostLane, hostLanes, machineRef, packetEnds } from './host-layers.js';
import { listenSigns } from './listen/listen-signs.js';
import { deviceOf, type Machine, machineOf, nearOf } from './machine.js';
import { gapOf } from './netfilter/gap.js';
import { networkSigns } from './network.js';
import { partOf } from './reading.js';
import { type ChangeQuestion, hostChanges, isCauseCode } from './repair/host-changes.js';
import type { RemedyQuestion } from './repair/remedy.js';
import { remedyFor } from './repair/remedy-for.js';

const clientPorts = TrafficSet.of(AddressSet.all, PortSet.range(1024, 65_535));

/**
 * What the evidence of a machine says for one client, or for everybody: of the port at which its packets end, and where that is on
 * another machine, only of what this one does with packets.
 */
function signsFor(
  machine: Machine,
  client: AddressSet | undefined,
  address: Address | undefined,
  port: number,
): Sign[] {
  const { bundle, memo } = machine;
  const only = client?.isSingle ? client.first : undefined;
  const asked = { ...(address && { address }), ...(only && { client: only }) };
  const name = `${address ? formatAddress(address) : ''} ${only ? formatAddress(only) : ''}`;
  return memo.once(`signs ${port} ${name}`, () => {
    const family = address?.family ?? only?.family;
    const ends = family ? packetEnds(machine, { family, dialled: address, port }, only && client) : [];
    const [end] = ends;
    const sole = ends.length === 1 ? end : undefined;
    const neighbours = neighbourSigns(machine, address);
    if (sole?.kind === 'elsewhere')
      return [...deadTargetSigns(bundle, sole.address), ...networkSigns(bundle, asked), ...neighbours];
    const about = { ...asked, port: sole?.kind === 'here' ? sole.port : port };
    return [...listenSigns(bundle, about), ...daemonSigns(bundle, about), ...neighbours];
  });
}

/** A layer that sees what the layer before it sees: behind a proxy or a translation the machine meets other addresses. */
function seeing(layers: readonly Layer[], seen: Seen): Layer[] {
  return layers.map((layer) => ({ ...layer, seen }));
}

/** A path with what the machine itself does at its end: one for each group of clients that it sends to the same place. */
function extended(machine: Machine, path: Path, request: PathRequest): Path[] {
  const { way } = path;
  const dialled = path.address === null ? undefined : parseAddress(path.address);
  const near = nearOf(machine, dialled, way.family);
  const signs = signsFor(machine, request.from, near, request.port);
  const lanes = hostLanes(machine, { family: way.family, dialled, port: request.port, signs });
  const seen = layersOf(way)
    .map((layer) => layer.seen)
    .findLast((one) => one !== undefined);
  if (!seen) return lanes.flatMap((lane) => withLane(path, lane));
  const [only] = lanes;
  if (only && lanes.length === 1) return [{ ...path, way: { ...way, rows: [...way.rows, seeing(only.layers, seen)] } }];
  const gap = gapOf({ kind: 'opaque', text: 'how the machine translates addresses of whom it does not see itself' });
  const layer: Layer = { kind: 'port-forward', subject: machineRef(machine), inbound: unknownFilter(gap) };
  return [{ ...path, way: { ...way, rows: [...way.rows, [layer]] } }];
}

function withLane(path: Path, { from, layers }: HostLane): Path[] {
  const origin = path.way.origin.intersect(from);
  if (origin.isEmpty) return [];
  const { shared: _, ...way } = path.way;
  return [{ ...path, way: { ...way, origin, rows: [...way.rows, layers] } }];
}

/** The worst that the evidence says of the daemon, beside its rules. */
function hostView(
  machine: Machine,
  client: AddressSet | undefined,
  address: Address | undefined,
  port: number,
): HostView {
  const component = machineRef(machine);
  const signs = signsFor(machine, client, address, port).filter(({ says }) => says === 'proves' || says === 'suggests');
  const reasons = signs.map(
    ({ code, line, data }): SubjectReason => ({ reason: { code, data: { ...data, rule: line } }, component }),
  );
  const isBroken = signs.some(({ says }) => says === 'proves');
  return {
    verdict: isBroken ? 'broken' : reasons.length > 0 ? 'risk' : 'ok',
    symptom: isBroken ? 'cannot-tell' : 'connects',
    reasons,
  };
}

/** A cloud in which one machine has told of itself: its paths end behind its own firewall, at its own listener. */
function withHost(cloud: Cloud, target: Target, machine: Machine): Cloud {
  const isIt = (other: Target) => other.ref.id === target.ref.id && other.ref.provider === target.ref.provider;
  return {
    ...boundTo(cloud),
    paths: (other, request) => {
      const paths = cloud.paths(other, request);
      return isIt(other) ? paths.flatMap((path) => extended(machine, path, request)) : paths;
    },
    host: (other, address, port) => {
      const view = cloud.host(other, address, port);
      if (!isIt(other)) return view;
      // The machine tells how it is now: what user data made of it once does not count beside that.
      const own = hostView(machine, undefined, address === null ? undefined : parseAddress(address), port);
      return own.verdict === 'ok' ? { ...view, firstBoot: undefined } : own;
    },
    changes: (other, path, from, stops, port) => {
      if (!isIt(other)) return cloud.changes(other, path, from, stops, port);
      const isOwn = ({ reason }: Stop) => isCauseCode(reason.code);
      const elsewhere = stops.filter((stop) => !isOwn(stop));
      // What the cloud is like after a change still ends at this machine.
      const before = cloud
        .changes(other, path, from, elsewhere, port)
        .map((change): Change => ({ ...change, after: change.after && withHost(change.after, target, machine) }));
      const asked = changeQuestion(machine, path, from, port);
      const own = hostChanges(machine, stops.filter(isOwn), asked, (changed) => withHost(cloud, target, changed));
      return [...before, ...own];
    },
  };
}

function changeQuestion(machine: Machine, { address, way }: Path, from: AddressSet, port: number): ChangeQuestion {
  const near = nearOf(machine, address === null ? undefined : parseAddress(address), way.family);
  return { from: from.only(way.family), device: deviceOf(machine, near, way.family), port };
}

/** The methods of a cloud as functions of their own. */
function boundTo(cloud: Cloud): Cloud {
  return {
    targets: () => cloud.targets(),
    listsEveryTarget: () => cloud.listsEveryTarget(),
    find: (text) => cloud.find(text),
    names: () => cloud.names(),
    source: (text) => cloud.source(text),
    paths: (target, request) => cloud.paths(target, request),
    ownNetworks: (target) => cloud.ownNetworks(target),
    host: (target, address, port) => cloud.host(target, address, port),
    alternatives: (target, request) => cloud.alternatives(target, request),
    changes: (target, path, from, stops, port) => cloud.changes(target, path, from, stops, port),
    gaps: () => cloud.gaps(),
  };
}

function familiesOf({ addresses }: Machine): Family[] {
  const own = new Set(addresses?.filter(({ device }) => device !== 'lo').map(({ address }) => address.family));
  return ([4, 6] as const).filter((family) => own.has(family) || !addresses);
}

/** A machine of which only its own word is known: whatever comes to its interfaces is asked about. */
function hostAlone(machine: Machine): Cloud {
  const resource = machineRef(machine);
  const ref: TargetRef = {
    provider: 'host',
    kind: 'host',
    id: machine.name,
    name: null,
    urn: null,
    account: null,
    region: null,
  };
  const target: Target = { ref, resource, families: familiesOf(machine) };
  const dialledIn = (family: Family) =>
    machine.addresses?.filter(
      ({ address, device, scope }) => address.family === family && device !== 'lo' && scope === 'global',
    ) ?? [];
  const pathsTo = (family: Family, dialled: Address | undefined, request: PathRequest): Path[] => {
    const signs = signsFor(machine, request.from, dialled, request.port);
    return hostLanes(machine, { family, dialled, port: request.port, signs }).map(({ from, layers }) => ({
      way: { kind: 'network', origin: from, family, clientPorts: request.clientPorts ?? clientPorts, rows: [layers] },
      target: resource,
      interface: null,
      address: dialled ? formatAddress(dialled) : null,
    }));
  };
  return {
    targets: () => [target],
    listsEveryTarget: () => true,
    find: (text): Found => {
      const address = parseAddress(text);
      if (address) return { kind: 'target', target, address: text };
      return text === machine.name ? { kind: 'target', target } : { kind: 'none', code: 'host/ev-name' };
    },
    names: () => [machine.name],
    source: () => ({ kind: 'none', code: 'host/ev-name' }),
    paths: (_, request) => {
      const dialled = request.address === undefined ? undefined : parseAddress(request.address);
      if (dialled) return pathsTo(dialled.family, dialled, request);
      return target.families.flatMap((family) => {
        const own = dialledIn(family);
        return own.length === 0
          ? pathsTo(family, undefined, request)
          : own.flatMap(({ address }) => pathsTo(family, address, request));
      });
    },
    ownNetworks: () => AddressSet.empty,
    host: (_, address, port) =>
      hostView(machine, undefined, address === null ? undefined : parseAddress(address), port),
    alternatives: () => [],
    changes: (_, path, from, stops, port) =>
      hostChanges(machine, stops, changeQuestion(machine, path, from, port), hostAlone),
    gaps: () => [],
  };
}

/** The client that the bundle was gathered for. */
function clientOf(bundle: Bundle): AddressSet | undefined {
  const address = parseAddress(partOf(bundle, 'client').trim());
  return address && AddressSet.single(address);
}

/**
 * What a bundle is good for: as the end of a cloud's paths, by itself, and as signs of causes. With an earlier bundle of the same machine
 * also for what an attempt moved that was made in between.
 */
export function hostEvidence(bundle: Bundle, before?: Bundle): HostEvidence {
  const machine = machineOf(bundle);
  const earlier = before && machineOf(before);
  return {
    name: machine.name,
    client: clientOf(bundle),
    alone: hostAlone(machine),
    join: (cloud, target) => withHost(cloud, target, machine),
    signs: (client, address, port) => [
      ...signsFor(machine, client, address, port),
      ...servedSigns(machine, { client, address, port }),
    ],
    attempt: (client, address, port) =>
      earlier ? attemptEvidence(machine, earlier, { client, address, port }) : { moved: [], still: [] },
    owns: (address) => machine.own?.has(address),
    remedy: (code, data, client, port) => remedyOf(bundle, { data, port, ...(client && { clients: client }) }, code),
  };
}

function remedyOf(
  bundle: Bundle | undefined,
  about: Omit<RemedyQuestion, 'bundle'>,
  code: CauseCode,
): Remedy | undefined {
  const remedy = remedyFor(code, { bundle, ...about });
  if (!remedy) return undefined;
  const { commands, note } = remedy;
  return { commands, ...(note !== undefined && { note }) };
}

/** What removes a cause on a machine of which nothing is known. */
export const remedyWithoutHost: HostEvidence['remedy'] = (code, data, client, port) =>
  remedyOf(undefined, { data, port, ...(client && { clients: client }) }, code);
