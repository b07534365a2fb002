import {
  type Gap,
  internet,
  known,
  type Layer,
  type Path,
  passFilter,
  type Rule,
  type RuleFilter,
  stopFilter,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { type Address, AddressSet, addressSet, PortSet, parseAddress } from '../../src/set/index.js';
import { edgePolicyLayers } from './edge.js';
import { firewallLayer } from './firewall.js';
import { frontOf } from './instance-state.js';
import { guardsFromInternet } from './internet-path.js';
import { type Networks, rangesOfSubnet, resource } from './network.js';
import { likeIn } from './places.js';
import type { BackendService, ForwardingRule } from './records/connection-records.js';
import { nameOf, pathOf, regionOf } from './records/names.js';
import { portsOf } from './records/notation.js';
import { healthKey } from './records/subjects.js';
import { type Standpoint, standpointOf } from './standpoint.js';
import type { GcpTarget } from './target-index.js';
import { anyClient, everyAddress, pathOn } from './way.js';

/** From where Google's global proxies send (load balancing docs, firewall rules). */
const proxyRanges = AddressSet.of('35.191.0.0/16', '130.211.0.0/22');

/** How a forwarding rule leads to an instance. */
interface Forwarding {
  readonly rule: ForwardingRule;
  /** The rule's own path. */
  readonly path: string;
  /** Whether it may have the instance and sends to it. */
  readonly backend: Layer;
  readonly service: BackendService | undefined;
  /** A proxy opens connections of its own, to this port. */
  readonly proxied: number | undefined;
  /** What of it cannot be read: then nobody knows what it takes, and where that goes. */
  readonly unread?: Gap;
}

function portsTaken({ ports, portRange, allPorts, IPProtocol }: ForwardingRule): PortSet {
  if (allPorts || IPProtocol === 'L3_DEFAULT') return PortSet.all;
  const ranges = [...(ports ?? []), ...(portRange === undefined ? [] : [portRange])];
  if (ranges.length === 0) return PortSet.all;
  return ranges.reduce((sum, text) => {
    const range = portsOf(text);
    return range ? sum.union(PortSet.range(...range)) : sum;
  }, PortSet.empty);
}

/** Where a balancer's packets end. */
interface End {
  readonly at: Standpoint;
  /** The internal address, to which a proxy connects. */
  readonly internal: Address | undefined;
}

function ruleRef({ name }: ForwardingRule) {
  return resource('forwarding-rule', name);
}

/** Whether the instance is behind a backend service, and gets packets: by its groups, and by their health. */
function serviceLayer(networks: Networks, url: string | undefined, target: GcpTarget): Layer | undefined {
  const path = pathOf(url);
  const service = networks.inventory.get('backendServices', path);
  const subject = resource('backend-service', nameOf(url ?? ''));
  const layer = (inbound: RuleFilter): Layer => ({ kind: 'backend-service', subject, inbound });
  if (!service || path === undefined)
    return layer(unknownFilter(networks.inventory.dangling('backendServices', {}, subject.id)));
  const states: (string | undefined)[] = [];
  let own: string | undefined;
  let isMember = false;
  for (const { group } of service.backends ?? []) {
    const groupPath = pathOf(group) ?? '';
    const members = networks.inventory.get('groupMembers', groupPath)?.items;
    if (!members)
      return layer(
        unknownFilter(networks.inventory.dangling('groupMembers', {}, `the members of ${nameOf(groupPath)}`)),
      );
    const isHere = members.some(({ instance }) => pathOf(instance) === target.path);
    isMember ||= isHere;
    const health = networks.inventory.get('backendHealth', healthKey(path, groupPath))?.healthStatus;
    if (!health)
      return layer(
        unknownFilter(networks.inventory.dangling('backendHealth', {}, `the health of ${nameOf(groupPath)}`)),
      );
    for (const { instance, healthState } of health) {
      states.push(healthState);
      if (pathOf(instance) === target.path) own = healthState;
    }
  }
  if (!isMember) return undefined;
  return layer(healthFilter(service, own, states.includes('HEALTHY')));
}

/** While one backend is healthy only healthy ones get packets; when none is, all do, or none where that is so set (network load balancing docs). */
function healthFilter(service: BackendService, own: string | undefined, isAnyHealthy: boolean): RuleFilter {
  if (own === 'HEALTHY') return passFilter;
  if (isAnyHealthy) return stopFilter({ code: 'gcp/lb-unhealthy', data: {} });
  const drops = service.failoverPolicy?.dropTrafficIfUnhealthy;
  return drops ? stopFilter({ code: 'gcp/lb-unhealthy-drop', data: {} }) : passFilter;
}

/** The port of a group that a proxy's service names. */
function namedPort(networks: Networks, service: BackendService | undefined): number | undefined {
  const ports = (service?.backends ?? []).flatMap(
    ({ group }) => networks.inventory.get('instanceGroups', pathOf(group))?.namedPorts ?? [],
  );
  return ports.find(({ name }) => name === (service?.portName ?? 'http'))?.port;
}

/** The gap that a forwarding rule leaves of which something cannot be read: its own record, or one on the way to its backends. */
function unreadOf({ inventory }: Networks, path: string, rule: ForwardingRule): Gap | undefined {
  const aim = pathOf(rule.target);
  const proxy = inventory.get('targetTcpProxies', aim);
  const service = inventory.get('backendServices', pathOf(rule.backendService ?? proxy?.service));
  const servicePath = pathOf(rule.backendService ?? proxy?.service) ?? '';
  const groups = (service?.backends ?? []).map(({ group }) => pathOf(group) ?? '');
  const records = [
    ['forwardingRules', rule],
    ['targetInstances', inventory.get('targetInstances', aim)],
    ['targetPools', inventory.get('targetPools', aim)],
    ['targetTcpProxies', proxy],
    ['backendServices', service],
    ...groups.flatMap((group) => [
      ['groupMembers', inventory.get('groupMembers', group)] as const,
      ['instanceGroups', inventory.get('instanceGroups', group)] as const,
      ['backendHealth', inventory.get('backendHealth', healthKey(servicePath, group))] as const,
    ]),
  ] as const;
  for (const [kind, record] of records)
    if (record?.broken !== undefined)
      return inventory.dangling(kind, {}, `a readable record behind ${nameOf(path)} (${record.broken})`);
  const isAimless = rule.target === undefined && rule.backendService === undefined;
  return isAimless ? inventory.dangling('forwardingRules', {}, `the target of ${rule.name}`) : undefined;
}

function forwardingOf(networks: Networks, path: string, rule: ForwardingRule, target: GcpTarget): Forwarding[] {
  const { inventory } = networks;
  const at = (subject: Layer['subject']): Layer => ({ kind: 'target', subject, inbound: passFilter });
  const made = (backend: Layer | undefined, service?: BackendService, proxied?: number): Forwarding[] =>
    backend ? [{ rule, path, backend, service, proxied }] : [];
  const unread = unreadOf(networks, path, rule);
  if (unread) return [{ rule, path, backend: at('target'), service: undefined, proxied: undefined, unread }];
  if (rule.backendService !== undefined) {
    const service = inventory.get('backendServices', pathOf(rule.backendService));
    return made(serviceLayer(networks, rule.backendService, target), service);
  }
  const aim = pathOf(rule.target);
  const instance = inventory.get('targetInstances', aim);
  if (instance)
    return pathOf(instance.instance) === target.path ? made(at(resource('target-instance', instance.name))) : [];
  const pool = inventory.get('targetPools', aim);
  if (pool)
    return pool.instances?.some((url) => pathOf(url) === target.path)
      ? made(at(resource('target-pool', pool.name)))
      : [];
  const proxy = inventory.get('targetTcpProxies', aim);
  if (!proxy) return [];
  const service = inventory.get('backendServices', pathOf(proxy.service));
  return made(serviceLayer(networks, proxy.service, target), service, namedPort(networks, service));
}

/** The instances that a forwarding rule may lead to; undefined where nobody knows. */
function reachOf(networks: Networks, path: string, rule: ForwardingRule): ReadonlySet<string> | undefined {
  const { inventory } = networks;
  if (unreadOf(networks, path, rule)) return undefined;
  const aim = pathOf(rule.target);
  const instances = [
    inventory.get('targetInstances', aim)?.instance,
    ...(inventory.get('targetPools', aim)?.instances ?? []),
  ];
  const services = [rule.backendService, inventory.get('targetTcpProxies', aim)?.service].filter((url) => url);
  for (const url of services) {
    const service = inventory.get('backendServices', pathOf(url));
    if (!service) return undefined;
    for (const { group } of service.backends ?? []) {
      const members = inventory.get('groupMembers', pathOf(group) ?? '')?.items;
      if (!members) return undefined;
      instances.push(...members.map(({ instance }) => instance));
    }
  }
  return new Set(instances.flatMap((url) => pathOf(url) ?? []));
}

/** The forwarding rules that lead to an instance, or may. */
export function forwardingsTo(networks: Networks, target: GcpTarget): readonly Forwarding[] {
  const rules = networks.once('reach of forwarding rules', () =>
    [...networks.inventory.all('forwardingRules')].map(([path, rule]) => ({
      path,
      rule,
      reach: reachOf(networks, path, rule),
    })),
  );
  if (rules.length === 0) return [];
  return networks.once(`forwardings ${target.path}`, () =>
    rules
      .filter(({ reach }) => !reach || reach.has(target.path))
      .flatMap(({ path, rule }) => forwardingOf(networks, path, rule, target)),
  );
}

/** What a forwarding rule takes: its ports, and its sources where it has some. */
function takingLayer({ rule }: Forwarding, port: number): Layer {
  const subject = ruleRef(rule);
  const layer = (inbound: RuleFilter): Layer => ({ kind: 'forwarding-rule', subject, inbound });
  if (!portsTaken(rule).has(port)) return layer(stopFilter({ code: 'gcp/lb-port-mismatch', data: {} }));
  if (!rule.sourceIpRanges?.length) return layer(passFilter);
  const peers = known(addressSet(rule.sourceIpRanges));
  const allow: Rule = {
    id: null,
    action: 'allow',
    peers,
    ports: known(PortSet.all),
    text: `takes ${rule.sourceIpRanges.join(', ')}`,
  };
  return layer({ kind: 'rules', rules: [allow], otherwise: 'drop', reason: { code: 'gcp/lb-source', data: {} } });
}

/** Clients of other regions, where an internal rule is for its own only. */
function regionLayer(networks: Networks, { rule }: Forwarding, network: string): Layer {
  const home = regionOf(rule.region ?? rule.selfLink);
  const others = networks.subnetsOf(network).filter((subnet) => regionOf(subnet.region ?? subnet.selfLink) !== home);
  const peers = known(addressSet(others.flatMap(rangesOfSubnet)));
  const drop: Rule = {
    id: null,
    action: 'drop',
    peers,
    ports: known(PortSet.all),
    text: 'takes clients of its region only',
    reason: { code: 'gcp/lb-region', data: {} },
  };
  return {
    kind: 'forwarding-rule',
    subject: ruleRef(rule),
    inbound: { kind: 'rules', rules: rule.allowGlobalAccess ? [] : [drop], otherwise: 'allow' },
  };
}

function externalWay(
  networks: Networks,
  { at }: End,
  front: readonly Layer[],
  forwarding: Forwarding,
  address: Address,
  port: number,
): Way {
  const { backend, service } = forwarding;
  const guards = guardsFromInternet(networks, at, {
    destination: address,
    port,
    policy: service?.securityPolicy,
  });
  const origin = everyAddress(address.family).subtract(networks.rangesOf(at.network).subtract(internet));
  const rows = [front, [takingLayer(forwarding, port), backend], guards];
  return { kind: 'load-balancer', origin, family: address.family, clientPorts: anyClient, rows };
}

function internalWay(
  networks: Networks,
  { at }: End,
  front: readonly Layer[],
  forwarding: Forwarding,
  address: Address,
  port: number,
): Way {
  const { family } = address;
  const rows = [
    front,
    [regionLayer(networks, forwarding, at.network), takingLayer(forwarding, port), forwarding.backend],
    [firewallLayer(networks, at, { approach: 'network', destination: address })],
  ];
  const origin = networks.rangesOf(at.network).only(family);
  return { kind: 'load-balancer', origin, family, network: at.network, clientPorts: anyClient, rows };
}

/** A proxy takes the connection itself: what the firewall keeps from it the client sees as a connection that is closed. */
function proxyWay(
  networks: Networks,
  end: End,
  front: readonly Layer[],
  forwarding: Forwarding,
  address: Address,
  port: number,
): Way | undefined {
  const { rule, backend, service, proxied } = forwarding;
  const { at, internal: destination } = end;
  const [dialled] = portsOf(rule.portRange ?? rule.ports?.[0] ?? '') ?? [];
  if (!destination || proxied !== port || dialled === undefined) return undefined;
  const guard = firewallLayer(networks, at, { approach: 'private', destination });
  const subject = resource('backend-service', service?.name ?? rule.name);
  const kept: Layer = {
    ...guard,
    subject,
    seen: { addresses: proxyRanges, choice: 'each' },
    ...(guard.inbound && {
      inbound: {
        kind: 'first',
        of: [passingOn(guard)],
        otherwise: stopFilter({ code: 'gcp/lb-backend-fw', data: {}, symptom: 'closed' }),
      },
    }),
  };
  const rows = [front, [...edgePolicyLayers(networks, service?.securityPolicy), backend, kept]];
  return {
    kind: 'load-balancer',
    origin: internet.only(address.family),
    family: address.family,
    clientPorts: anyClient,
    rows,
    ...(dialled !== port && { port: dialled }),
  };
}

/** The same chain, in which what it denies goes on: somebody else signs for it. */
function passingOn({ inbound }: Layer): NonNullable<Layer['inbound']> {
  if (!inbound) return passFilter;
  const on = (filter: RuleFilter): RuleFilter => ({
    ...filter,
    rules: filter.rules.map((rule) => (rule.action === 'drop' ? { ...rule, action: 'next' as const } : rule)),
    otherwise: filter.otherwise === 'drop' ? 'next' : filter.otherwise,
  });
  if (inbound.kind === 'rules') return on(inbound);
  return 'otherwise' in inbound ? { ...inbound, otherwise: on(inbound.otherwise) } : inbound;
}

function unreadWay(front: readonly Layer[], { rule }: Forwarding, { family }: Address, gap: Gap): Way {
  const layer: Layer = { kind: 'forwarding-rule', subject: ruleRef(rule), inbound: unknownFilter(gap) };
  return {
    kind: 'load-balancer',
    origin: everyAddress(family),
    family,
    clientPorts: anyClient,
    rows: [front, [layer]],
  };
}

function wayThrough(
  networks: Networks,
  end: End,
  front: readonly Layer[],
  forwarding: Forwarding,
  port: number,
): Way | undefined {
  const address = parseAddress(forwarding.rule.IPAddress ?? '');
  if (!address) return undefined;
  if (forwarding.unread) return unreadWay(front, forwarding, address, forwarding.unread);
  if (forwarding.proxied !== undefined) return proxyWay(networks, end, front, forwarding, address, port);
  const build = forwarding.rule.loadBalancingScheme === 'INTERNAL' ? internalWay : externalWay;
  return build(networks, end, front, forwarding, address, port);
}

/** The ways through forwarding rules: those that take the asked port; where none does and one client asks, those that do not. */
export function loadBalancerPaths(networks: Networks, target: GcpTarget, request: PathRequest): Path[] {
  const [nic] = networks.nicsOf(target.path);
  if (!nic) return [];
  const asked = parseAddress(request.address ?? '');
  const all = forwardingsTo(networks, target).filter(({ rule }) => !asked || rule.IPAddress === request.address);
  const taking = all.filter(
    ({ rule, proxied, unread }) => unread !== undefined || proxied !== undefined || portsTaken(rule).has(request.port),
  );
  const relevant = taking.length > 0 || request.everyone ? taking : all;
  if (relevant.length === 0) return [];
  const front = frontOf(networks, target).layers;
  const internal = parseAddress(nic.record.networkIP ?? '');
  const end: End = {
    at: standpointOf(networks, nic, request.everyone),
    internal: internal && (request.everyone ? likeIn(networks, nic.network, internal) : internal),
  };
  return relevant.flatMap((forwarding) => {
    const way = wayThrough(networks, end, front, forwarding, request.port);
    return way ? [pathOn(way, target, nic, forwarding.rule.IPAddress ?? forwarding.rule.name)] : [];
  });
}
