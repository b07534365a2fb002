import {
  type CauseCode,
  type Filter,
  firstLook,
  type Gap,
  known,
  type Layer,
  opens,
  type Reason,
  type ResourceRef,
  type Rule,
  type RuleFilter,
  type Sign,
  stopFilter,
  unknown,
  unknownFilter,
} from '../../src/model/index.js';
import { type Address, AddressSet, type Family, formatAddress, PortSet } from '../../src/set/index.js';
import { type Destination, listenerAt, listenerFilter } from './listener-filter.js';
import { deviceOf, type Machine, nearOf, redirectAddress } from './machine.js';
import { gapOf } from './netfilter/gap.js';
import { type Arrival, type Lane, lanesOf } from './netfilter/lanes.js';
import { type ReturnRoute, returnRoutes } from './return-routes.js';
import type { Listens } from './sockets/listens-on.js';
import { speaksSsh } from './sockets/listens-on.js';
import { sysctls } from './sysctl.js';
import { wrappersFilter } from './wrappers/wrappers-filter.js';

const everyPort = known(PortSet.all);

/** The machine as a component of its own layers. */
export function machineRef({ name }: Machine): ResourceRef {
  return { kind: 'host', id: name };
}

function everybodyOf(family: Family): AddressSet {
  return family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
}

/** Which way the answers go: the first route that holds a client decides, and who is in none has no way back. */
function routeFilter(machine: Machine, near: Address | undefined, family: Family): Filter {
  const noRoute: Reason = { code: 'host/no-return-route', data: {}, symptom: 'times-out' };
  const gap = (what: string): Gap => ({
    code: 'host/ev-routes',
    kind: 'not-collected',
    what: family === 4 ? 'ip route' : 'ip -6 route',
    detail: `the way back to the client is not known: ${what}`,
  });
  if (!near) return unknownFilter(gap("which of the machine's addresses is dialled is not known"));
  const answer = returnRoutes(machine.bundle, { near, mark: 0 });
  if (!('routes' in answer)) return unknownFilter(gap(answer.unknown));
  const rules = answer.routes.map((route): Rule => {
    const lost = isLost(route);
    const reason: Reason = { ...noRoute, data: { rule: route.line } };
    const written = { id: null, peers: known(route.to), ports: everyPort, text: route.line };
    return lost ? { ...written, action: 'drop', reason } : { ...written, action: 'allow' };
  });
  return { kind: 'rules', rules, otherwise: 'drop', reason: noRoute };
}

const isLost = ({ kind }: ReturnRoute) => kind === 'unreachable' || kind === 'prohibit' || kind === 'blackhole';

/** By which interface the answers to a client leave, as two sets: by this one, and by another one or none. */
function leavingBy(machine: Machine, near: Address | undefined, device: string | undefined) {
  if (!near || device === undefined) return undefined;
  const answer = returnRoutes(machine.bundle, { near, mark: 0 });
  if (!('routes' in answer)) return undefined;
  let left = everybodyOf(near.family);
  let same = AddressSet.empty;
  for (const route of answer.routes) {
    const here = left.intersect(route.to);
    if (!isLost(route) && route.device === device) same = same.union(here);
    left = left.subtract(here);
  }
  return same;
}

/** With strict checks a packet is dropped whose answer would not leave where it came in (ip-sysctl, rp_filter; IPv4 only). */
function reversePathLayer(machine: Machine, arrival: Arrival, same: AddressSet | undefined): Layer[] {
  const { family, device } = arrival;
  if (family === 6 || device === undefined) return [];
  if (sysctls(machine.bundle).reversePathFilter(device) !== 1 || !same) return [];
  const reason: Reason = {
    code: 'host/reverse-path-filter',
    data: { rule: `${device} rp_filter = 1` },
    symptom: 'times-out',
  };
  const inbound: RuleFilter = {
    kind: 'rules',
    rules: [{ id: null, action: 'allow', peers: known(same), ports: everyPort, text: `leads back by ${device}` }],
    otherwise: 'drop',
    reason,
  };
  return [{ kind: 'reverse-path', subject: machineRef(machine), inbound }];
}

/** What a machine is asked: which packets, and to where. */
export interface HostQuestion {
  readonly family: Family;
  /** What the client dials; undefined where that is none of the machine's own and it has several. */
  readonly dialled: Address | undefined;
  readonly port: number;
  /** What the evidence says of the daemon that takes the connection. */
  readonly signs: readonly Sign[];
}

/** What stops a client whom the rules let through, where it is proved. */
const stopping: ReadonlySet<CauseCode> = new Set([
  'host/sshd-hung',
  'host/host-keys-deleted',
  'host/privsep-directory-deleted',
  'host/sshd-upgraded',
  'host/out-of-files',
  'host/process-limit',
  'host/socket-connections',
  'host/socket-activation-fails',
  'host/max-startups',
  'host/per-source-max-startups',
  'host/per-source-penalty',
  'host/accept-queue-full',
  'host/syn-queue-full',
  'host/conntrack-full',
  'host/unit-address-deny',
]);

/** What is proved of the machine beside its rules, as layers: it may be about some clients only. */
function provedLayers(machine: Machine, signs: readonly Sign[]): Layer[] {
  return signs.flatMap(({ code, says, from, line, data }): Layer[] => {
    const look = says === 'proves' && stopping.has(code) ? firstLook(code) : undefined;
    if (!look) return [];
    const reason: Reason = { code, data: { ...data, rule: line }, symptom: look.symptom };
    const peers = known(from ?? AddressSet.all);
    const inbound: RuleFilter = {
      kind: 'rules',
      rules: [{ id: null, action: 'drop', peers, ports: everyPort, text: line, reason }],
      otherwise: 'allow',
    };
    return [{ kind: 'daemon', subject: machineRef(machine), inbound, ...(opens(look) && { after: 'handshake' }) }];
  });
}

type Own = Exclude<Lane['to'], { kind: 'unknown' | 'elsewhere' }>;

function isOwn(to: Lane['to']): to is Own {
  return to.kind === 'here' || to.kind === 'as-asked';
}

/** Where packets end that the machine keeps for itself. */
function destinationOf(to: Own, { near, port, family, device }: Arrival): Destination {
  return to.kind === 'here' ? { near: to.near, port: to.port, family, device } : { near, port, family, device };
}

function destinationLayers(machine: Machine, lane: Lane, asked: HostQuestion, arrival: Arrival): Layer[] {
  const subject = machineRef(machine);
  const { to } = lane;
  if (to.kind === 'unknown') return [{ kind: 'port-forward', subject, inbound: unknownFilter(to.gap) }];
  if (to.kind === 'elsewhere') {
    const rule = lane.by?.rule.text ?? `DNAT to ${to.address}`;
    const isOff = sysctls(machine.bundle).number('net.ipv4.ip_forward') === 0 && asked.family === 4;
    const reason: Reason = { code: 'host/port-redirected', data: { rule }, symptom: 'times-out' };
    const beyond = gapOf({ kind: 'opaque', text: `what ${to.address}:${to.port} does with it` });
    return [{ kind: 'port-forward', subject, inbound: isOff ? stopFilter(reason) : unknownFilter(beyond) }];
  }
  const destination = destinationOf(to, arrival);
  const { near } = destination;
  const listens = listenerAt(machine.sockets, destination);
  const redirectedBy = to.kind === 'here' ? lane.by?.rule.text : undefined;
  return [
    { kind: 'listener', subject, inbound: listenerFilter(machine.sockets, listens, destination, redirectedBy) },
    ...lane.later,
    ...(isSshd(listens) ? wrapperLayers(machine, near) : []),
    ...provedLayers(machine, asked.signs),
  ];
}

/** TCP wrappers are for programs that are linked with them; who listens is told to root only. */
function isSshd(listens: Listens): boolean {
  if (listens.kind !== 'yes') return listens.kind === 'unknown';
  const { owners } = listens.listener;
  return (
    owners.length === 0 || speaksSsh(listens.listener) || owners.some((owner) => owner.process.startsWith('systemd'))
  );
}

function wrapperLayers(machine: Machine, near: Address | undefined): Layer[] {
  const inbound = wrappersFilter(machine.bundle, near);
  return inbound ? [{ kind: 'tcp-wrappers', subject: machineRef(machine), inbound, after: 'handshake' }] : [];
}

/** The parts of the packet filters that the bundle does not hold; where it holds none at all, that they keep nobody out. */
function firewallLayers(machine: Machine, family: Family, read: readonly Layer[]): Layer[] {
  const doubts = machine.filters.doubts.filter((doubt) => doubt.family === undefined || doubt.family === family);
  const gaps = doubts.map(({ what, kind }): Layer => {
    const gap: Gap = {
      code: 'host/ev-firewall',
      kind,
      what,
      detail: `the packet filters are not fully known: ${what}`,
    };
    return { kind: 'host-firewall', subject: { kind: 'host-firewall', id: 'not read' }, inbound: doubtful(gap) };
  });
  if (gaps.length + read.length > 0) return gaps;
  const rules: Rule[] = [
    { id: null, action: 'allow', peers: known(AddressSet.all), ports: everyPort, text: 'has no rule for this packet' },
  ];
  return [
    { kind: 'host-firewall', subject: machineRef(machine), inbound: { kind: 'rules', rules, otherwise: 'allow' } },
  ];
}

/** What could not be read may hold any rule: what stands in what could be read still counts. */
function doubtful(gap: Gap): RuleFilter {
  const peers = unknown(AddressSet.all, gap);
  const rule: Rule = {
    id: null,
    action: 'drop',
    peers,
    ports: everyPort,
    text: gap.detail,
    reason: { code: gap.code, data: {} },
  };
  return { kind: 'rules', rules: [rule], otherwise: 'allow' };
}

/** Where packets end: at a port of this machine, on another one, or nobody knows. */
export type PacketEnd =
  | { readonly kind: 'here'; readonly port: number }
  | Extract<Lane['to'], { kind: 'elsewhere' | 'unknown' }>;

/** Where the packets of some clients end after the address translation of the machine, each once; of everybody where none are named. */
export function packetEnds(machine: Machine, asked: Omit<HostQuestion, 'signs'>, clients?: AddressSet): PacketEnd[] {
  const { lanes } = grounded(machine, asked);
  const ends = lanes
    .filter(({ from }) => clients === undefined || from.overlaps(clients))
    .map(({ to }): PacketEnd => {
      if (to.kind === 'as-asked') return { kind: 'here', port: asked.port };
      return to.kind === 'here' ? { kind: 'here', port: to.port } : to;
    });
  return [...new Map(ends.map((end) => [JSON.stringify(end), end])).values()];
}

/** Some clients, with everything on the machine that decides over them. */
export interface HostLane {
  readonly from: AddressSet;
  readonly layers: readonly Layer[];
  /** What takes their packets on the machine itself; undefined where they are sent on, or nobody can tell. */
  readonly served?: Listens;
}

/** What is the same for all signs. */
interface Ground {
  readonly arrival: Arrival;
  readonly lanes: readonly Lane[];
  readonly before: readonly Layer[];
  readonly route: Layer;
}

function grounded(machine: Machine, asked: Omit<HostQuestion, 'signs'>): Ground {
  const { family, port, dialled } = asked;
  return machine.memo.once(`${family} ${port} ${dialled ? formatAddress(dialled) : ''}`, () =>
    groundOf(machine, asked),
  );
}

function groundOf(machine: Machine, { family, port, dialled }: Omit<HostQuestion, 'signs'>): Ground {
  const near = nearOf(machine, dialled, family);
  const device = deviceOf(machine, near, family);
  const same = leavingBy(machine, near, device);
  const arrival: Arrival = {
    family,
    near,
    port,
    device,
    outDevice: same?.covers(everybodyOf(family)) ? device : onlyDevice(machine),
    own: {
      addresses: machine.own,
      ofDevice: redirectAddress(machine, device, family),
      ...(same && { returnable: known(same) }),
    },
  };
  return {
    arrival,
    lanes: lanesOf(machine.filters.tables, arrival),
    before: reversePathLayer(machine, arrival, same),
    route: { kind: 'return-route', subject: machineRef(machine), returning: routeFilter(machine, near, family) },
  };
}

/** Everything that a machine does with the packets that open a connection. The lanes are disjoint and cover every client. */
export function hostLanes(machine: Machine, asked: HostQuestion): HostLane[] {
  const { arrival, lanes, before, route } = grounded(machine, asked);
  const { family } = asked;
  return lanes.map((lane) => ({
    from: lane.from,
    ...(isOwn(lane.to) && { served: listenerAt(machine.sockets, destinationOf(lane.to, arrival)) }),
    layers: [
      ...lane.layers,
      ...firewallLayers(machine, family, lane.layers),
      ...before,
      ...destinationLayers(machine, lane, asked, arrival),
      route,
    ],
  }));
}

function onlyDevice({ addresses }: Machine): string | undefined {
  const devices = new Set(addresses?.map(({ device }) => device).filter((device) => device !== 'lo'));
  const [only] = devices;
  return devices.size === 1 ? only : undefined;
}
