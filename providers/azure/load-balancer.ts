import { groupBy } from '../../src/memo.js';
import {
  internet,
  type Layer,
  type Path,
  passFilter,
  type RuleFilter,
  stopFilter,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { isUnread } from '../../src/record/index.js';
import { parseAddress } from '../../src/set/index.js';
import { ingressBy, subnetGroup } from './filter.js';
import { guardsFromInternet } from './internet-path.js';
import type { Placed } from './inventory.js';
import { addressIn, groupsOf, type Networks, type Port, resource } from './network.js';
import { likeIn } from './places.js';
import { frontOf } from './power.js';
import { keyOf, nameOf, parentOf } from './records/ids.js';
import type { LoadBalancer } from './records/records.js';
import { groupFilter } from './security-group.js';
import { guardedBy } from './security-rule.js';
import { standpointOf } from './standpoint.js';
import { platform } from './tags.js';
import type { AzureTarget } from './target-index.js';
import { anyClient, everyAddress, pathOn } from './way.js';

type Frontend = NonNullable<LoadBalancer['frontendIPConfigurations']>[number];

/** How a balancer leads to an IP configuration: on which port it is dialled, and what else must hold. */
interface Forwarding {
  readonly balancer: Placed<LoadBalancer>;
  readonly frontend: Frontend;
  readonly dialled: number;
  readonly backendPort: number;
  readonly layer: Layer;
}

const isSame = (reference: { readonly id?: string | undefined } | undefined, key: string) =>
  reference?.id !== undefined && keyOf(reference.id) === key;

function balancerRef({ name, id }: LoadBalancer) {
  return resource('load-balancer', name ?? nameOf(id));
}

/** The pools of a balancer that an IP configuration is in. */
function poolsOf(balancer: LoadBalancer, port: Port): ReadonlySet<string> {
  const named = (port.config.loadBalancerBackendAddressPools ?? []).flatMap(({ id }) =>
    id === undefined ? [] : [keyOf(id)],
  );
  const listed = (balancer.backendAddressPools ?? []).flatMap(
    ({ id, backendIPConfigurations, loadBalancerBackendAddresses }) => {
      const isIn =
        backendIPConfigurations?.some((one) => isSame(one, port.configKey)) ||
        loadBalancerBackendAddresses?.some((one) => isSame(one.networkInterfaceIPConfiguration, port.configKey));
      return isIn && id !== undefined ? [keyOf(id)] : [];
    },
  );
  return new Set([...named, ...listed]);
}

function frontendOf(
  balancer: LoadBalancer,
  reference: { readonly id?: string | undefined } | undefined,
): Frontend | undefined {
  return (balancer.frontendIPConfigurations ?? []).find(({ id }) => id !== undefined && isSame(reference, keyOf(id)));
}

function hasUnreadPort(rule: { readonly broken?: string | undefined }): boolean {
  return isUnread(rule, 'backendPort') || isUnread(rule, 'frontendPort');
}

/** NAT rules lead to one machine, or to a port of their own for each member of a pool, which Azure has to tell. */
function natForwardings(networks: Networks, balancer: Placed<LoadBalancer>, port: Port, asked: number): Forwarding[] {
  const pools = poolsOf(balancer, port);
  return (balancer.inboundNatRules ?? []).flatMap((rule): Forwarding[] => {
    const frontend = frontendOf(balancer, rule.frontendIPConfiguration);
    const { backendPort, frontendPort, name = 'a rule' } = rule;
    if (!frontend) return [];
    const layer = (inbound: RuleFilter): Layer => ({ kind: 'nat-rule', subject: resource('nat-rule', name), inbound });
    if (hasUnreadPort(rule) && isSame(rule.backendIPConfiguration, port.configKey)) {
      const unread = layer(unknownFilter(networks.inventory.dangling('balancers', {}, `a readable port of ${name}`)));
      return [{ balancer, frontend, dialled: frontendPort ?? asked, backendPort: backendPort ?? asked, layer: unread }];
    }
    if (backendPort === undefined) return [];
    if (isSame(rule.backendIPConfiguration, port.configKey)) {
      return frontendPort === undefined
        ? []
        : [{ balancer, frontend, dialled: frontendPort, backendPort, layer: layer(passFilter) }];
    }
    const pool = rule.backendAddressPool?.id;
    if (pool === undefined || !pools.has(keyOf(pool))) return [];
    const key = `${keyOf(pool)} ${port.configKey}`;
    const told = networks.inventory.get('portMappings', key)?.inboundNatRulePortMappings;
    const mapped = told?.find((one) => one.inboundNatRuleName === name && one.frontendPort);
    if (mapped?.frontendPort)
      return [{ balancer, frontend, dialled: mapped.frontendPort, backendPort, layer: layer(passFilter) }];
    if (told) return [];
    const gap = networks.inventory.dangling('portMappings', {}, `the port of ${port.ref.id} at ${name}`);
    return [
      { balancer, frontend, dialled: rule.frontendPortRangeStart ?? 0, backendPort, layer: layer(unknownFilter(gap)) },
    ];
  });
}

/** The rule of a security group that keeps the probes out, which then look as if the machine were down. */
function probeBlocker(networks: Networks, port: Port, backendPort: number): string | undefined {
  const own = parseAddress(port.config.privateIPAddress ?? '');
  const guarded = own && guardedBy({ subnetKey: port.subnetKey, groups: groupsOf(port) }, own, false);
  const probe = platform.first;
  if (!guarded || !probe) return undefined;
  for (const found of [
    subnetGroup(networks, networks.subnet(port.subnetKey)),
    networks.securityGroup(port.nic.networkSecurityGroup),
  ]) {
    if (found === 'none' || 'gap' in found) continue;
    // A denial of the probes takes the pool down whatever its number (load balancer docs, probe source): no allow before it helps.
    const rule = groupFilter(networks, found.found, 'inbound', guarded, 'azure/nsg-subnet').rules.find(
      ({ action, id, peers, ports }) =>
        action === 'drop' &&
        id !== 'DenyAllInBound' &&
        peers.known &&
        peers.value.has(probe) &&
        ports.known &&
        ports.value.has(backendPort),
    );
    if (rule) return rule.id ?? undefined;
  }
  return undefined;
}

/** Whether a balancing rule sends to the machine: by the state of the pool, and by its probe. */
function balancingFilter(
  networks: Networks,
  balancer: LoadBalancer,
  port: Port,
  ruleId: string,
  probeId: string | undefined,
  backendPort: number,
): RuleFilter {
  const isOut = (balancer.backendAddressPools ?? []).some(({ loadBalancerBackendAddresses }) =>
    loadBalancerBackendAddresses?.some(
      (one) => isSame(one.networkInterfaceIPConfiguration, port.configKey) && one.adminState?.toLowerCase() === 'down',
    ),
  );
  if (isOut) return stopFilter({ code: 'azure/lb-admin-down', data: {} });
  const blocker = probeBlocker(networks, port, backendPort);
  const reason = { code: 'azure/lb-probe-down', data: blocker === undefined ? {} : { rule: blocker } };
  const health = networks.inventory.get('probeHealth', keyOf(ruleId))?.loadBalancerBackendAddresses;
  const own = health?.find(
    (one) =>
      isSame({ id: one.networkInterfaceIPConfigurationId }, port.configKey) ||
      one.ipAddress === port.config.privateIPAddress,
  );
  if (!health || (own && isUnread(own, 'state'))) {
    if (blocker !== undefined) return stopFilter(reason);
    return unknownFilter(networks.inventory.dangling('probeHealth', {}, `the health of ${nameOf(ruleId)}`));
  }
  const states = health.map(({ state }) => state?.toLowerCase());
  if (own?.state?.toLowerCase() === 'up') return passFilter;
  const probe = (balancer.probes ?? []).find(
    ({ id }) => id !== undefined && probeId !== undefined && keyOf(id) === keyOf(probeId),
  );
  const sendsAnyway = probe?.noHealthyBackendsBehavior?.toLowerCase() === 'allprobedup' && !states.includes('up');
  return sendsAnyway ? passFilter : stopFilter(reason);
}

function ruleForwardings(networks: Networks, balancer: Placed<LoadBalancer>, port: Port, asked: number): Forwarding[] {
  const pools = poolsOf(balancer, port);
  return (balancer.loadBalancingRules ?? []).flatMap((rule): Forwarding[] => {
    const { id, name = 'a rule', frontendPort, backendPort, backendAddressPool, backendAddressPools = [] } = rule;
    const frontend = frontendOf(balancer, rule.frontendIPConfiguration);
    const isMine = [backendAddressPool, ...backendAddressPools].some(
      (one) => one?.id !== undefined && pools.has(keyOf(one.id)),
    );
    if (!frontend || !isMine || id === undefined) return [];
    if (hasUnreadPort(rule)) {
      const inbound = unknownFilter(networks.inventory.dangling('balancers', {}, `a readable port of ${name}`));
      const layer: Layer = { kind: 'balancing-rule', subject: resource('balancing-rule', name), inbound };
      return [{ balancer, frontend, dialled: frontendPort ?? asked, backendPort: backendPort ?? asked, layer }];
    }
    if (frontendPort === undefined || backendPort === undefined) return [];
    const inbound = balancingFilter(networks, balancer, port, id, rule.probe?.id, backendPort);
    const layer: Layer = { kind: 'balancing-rule', subject: resource('balancing-rule', name), inbound };
    return [{ balancer, frontend, dialled: frontendPort, backendPort, layer }];
  });
}

function wayThrough(
  networks: Networks,
  port: Port,
  front: readonly Layer[],
  forwarding: Forwarding,
  { port: asked, everyone }: PathRequest,
): Way | undefined {
  const destination = parseAddress(port.config.privateIPAddress ?? '');
  if (!destination) return undefined;
  const { balancer, frontend, dialled, layer } = forwarding;
  const { family } = destination;
  const inspected = { ...port, config: { ...port.config, gatewayLoadBalancer: frontend.gatewayLoadBalancer } };
  const at = standpointOf(networks, inspected, everyone);
  const end = everyone ? likeIn(networks, port.networkKey ?? '', destination) : destination;
  const rows = [front, [layer], guardsFromInternet(networks, at, end, ingressBy(balancer))];
  // The internet has no address of an internal frontend to dial.
  const isInternal = frontend.publicIPAddress === undefined && frontend.privateIPAddress !== undefined;
  return {
    kind: 'load-balancer',
    origin: isInternal ? everyAddress(family).subtract(internet) : everyAddress(family),
    family,
    clientPorts: anyClient,
    rows,
    ...(dialled !== asked && { port: dialled }),
  };
}

/** A balancer of the machine that has nothing for the asked port. */
function silentWay(front: readonly Layer[], port: Port, balancer: LoadBalancer): Way {
  const layer: Layer = {
    kind: 'load-balancer',
    subject: balancerRef(balancer),
    inbound: stopFilter({ code: 'azure/lb-no-rule', data: {} }),
  };
  return {
    kind: 'load-balancer',
    origin: everyAddress(port.family),
    family: port.family,
    clientPorts: anyClient,
    rows: [front, [layer]],
  };
}

/** The configurations that balancers name, each with the balancers that do, by their keys. */
function balancersNaming(networks: Networks): ReadonlyMap<string, readonly string[]> {
  return networks.once('balancers by configuration', () => {
    const named = [...networks.inventory.all('balancers')].flatMap(([balancer, record]) => {
      const { inboundNatRules = [], backendAddressPools = [] } = record;
      const ids = [
        ...inboundNatRules.map(({ backendIPConfiguration }) => backendIPConfiguration?.id),
        ...backendAddressPools.flatMap(({ backendIPConfigurations = [], loadBalancerBackendAddresses = [] }) => [
          ...backendIPConfigurations.map(({ id }) => id),
          ...loadBalancerBackendAddresses.map((one) => one.networkInterfaceIPConfiguration?.id),
        ]),
      ];
      return ids.flatMap((id) => (id === undefined ? [] : [{ configuration: keyOf(id), balancer }]));
    });
    const groups = groupBy(named, ({ configuration }) => configuration);
    return new Map([...groups].map(([key, all]) => [key, all.map(({ balancer }) => balancer)]));
  });
}

/** The balancers that have to do with an IP configuration: those that name it, and those that it names, in the order of the records. */
function balancersOf(networks: Networks, { config, configKey }: Port): readonly Placed<LoadBalancer>[] {
  const all = networks.inventory.all('balancers');
  if (all.size === 0) return [];
  const pools = [...(config.loadBalancerBackendAddressPools ?? []), ...(config.loadBalancerInboundNatRules ?? [])];
  const own = pools.flatMap(({ id }) => (id === undefined ? [] : [parentOf(keyOf(id))]));
  const keys = new Set([...own, ...(balancersNaming(networks).get(configKey) ?? [])]);
  if (keys.size === 0) return [];
  const order = networks.once('order of balancers', () => new Map([...all.keys()].map((key, index) => [key, index])));
  const sorted = [...keys].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return sorted.flatMap((key) => all.get(key) ?? []);
}

/** The ways through load balancers: their rules that end at the asked port of the machine; where one client asks and there is none, why. */
export function loadBalancerPaths(networks: Networks, target: AzureTarget, request: PathRequest): Path[] {
  if (request.address !== undefined) return [];
  const front = frontOf(networks, target).layers;
  return networks.portsOf(target.key).flatMap((port): Path[] =>
    balancersOf(networks, port).flatMap((balancer): Path[] => {
      const all = [
        ...natForwardings(networks, balancer, port, request.port),
        ...ruleForwardings(networks, balancer, port, request.port),
      ];
      const due = all.filter(({ backendPort }) => backendPort === request.port);
      const isKnown =
        all.length > 0 ||
        poolsOf(balancer, port).size > 0 ||
        (port.config.loadBalancerInboundNatRules?.length ?? 0) > 0;
      if (due.length === 0)
        return !request.everyone && isKnown ? [pathOn(silentWay(front, port, balancer), target, port, null)] : [];
      return due.flatMap((forwarding): Path[] => {
        const way = wayThrough(networks, port, front, forwarding, request);
        const address =
          addressIn(networks.publicIp(forwarding.frontend.publicIPAddress?.id)) ?? forwarding.frontend.privateIPAddress;
        return way ? [pathOn(way, target, port, address ?? balancerRef(balancer).id)] : [];
      });
    }),
  );
}
