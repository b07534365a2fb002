import {
  type Filter,
  type Gap,
  known,
  type Layer,
  type Reason,
  type ResourceRef,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, type Family, PortSet, parsePrefix } from '../../src/set/index.js';
import { runs } from './instance-state.js';
import { aliasesOf, type Networks, networkRef, resource } from './network.js';
import { nameOf, pathOf } from './records/names.js';
import type { Instance, PolicyBasedRoute, Route } from './records/records.js';
import { dynamicRoutes } from './route-learned.js';
import type { Standpoint } from './standpoint.js';

/** What to make of a route for replies that ought to leave in a certain way. */
export type Judgement = 'ok' | { readonly stop: Reason } | { readonly unsure: Gap };

const everyPort = known(PortSet.all);

/** The next hop of a route, in the words of its field. */
function hopOf(route: Route): { readonly field: string; readonly value: string } {
  const { nextHopGateway, nextHopInstance, nextHopIp, nextHopIlb, nextHopVpnTunnel, nextHopPeering } = route;
  const { nextHopHub, nextHopNetwork, nextHopInterconnectAttachment } = route;
  const hops = {
    gateway: nextHopGateway,
    instance: nextHopInstance,
    ip: nextHopIp,
    ilb: nextHopIlb,
    vpnTunnel: nextHopVpnTunnel,
    attachment: nextHopInterconnectAttachment,
    peering: nextHopPeering,
    hub: nextHopHub,
    network: nextHopNetwork,
  };
  const [field, value] = Object.entries(hops).find(([, hop]) => hop !== undefined) ?? ['unknown', undefined];
  return { field, value: value ?? 'no next hop' };
}

/** Whether a next hop takes packets, as far as it is known. One of which nothing is recorded most likely does. */
function takes(networks: Networks, route: Route): boolean | Gap {
  if (route.warnings?.some(({ code }) => code?.startsWith('NEXT_HOP_'))) return false;
  const { field, value } = hopOf(route);
  if (field === 'instance') {
    const instance = networks.inventory.get('instances', pathOf(value));
    return !instance || forwards(networks, instance);
  }
  if (field !== 'ip') return true;
  const holders = networks.holdersOf(value).filter(({ network }) => network === pathOf(route.network));
  if (holders.some((nic) => aliasesOf(nic).overlaps(addressSet([value])))) return false;
  const all = holders.map(({ instance }) => forwards(networks, instance));
  return !all.includes(false) && (all.find((one): one is Gap => typeof one === 'object') ?? true);
}

/** Whether an instance passes packets on: it runs, and may forward. */
function forwards(networks: Networks, instance: Instance): boolean | Gap {
  if (instance.broken !== undefined) return networks.inventory.dangling('instances', {}, instance.name);
  return instance.canIpForward === true && runs(networks, instance);
}

const unusable: ReadonlySet<string | undefined> = new Set(['DROPPED', 'INACTIVE', 'PENDING']);

const isDefaultGateway = ({ nextHopGateway }: Route) => nextHopGateway?.endsWith('default-internet-gateway') ?? false;

/** What a route to the internet's part of the world means for a client on the internet (VPC docs, routes). */
export function judgeInternetReply(route: Route): Judgement {
  if (isDefaultGateway(route)) return 'ok';
  return judgeElsewhere(route, 'gcp/rt-return-diverted');
}

/** What a route means that does not lead where the request came from. */
export function judgeElsewhere(route: Route, code: string): Judgement {
  const { field, value } = hopOf(route);
  const data = { route: route.name, destination: route.destRange ?? '', hop: nameOf(value) };
  if (field === 'instance' || field === 'ip' || field === 'ilb') {
    const detail = `replies pass through ${nameOf(value)}, whose rules are not in the evidence`;
    return { unsure: { code: 'gcp/rt-middlebox', kind: 'not-modelled', what: route.name, detail } };
  }
  return { stop: { code, data } };
}

interface Choice {
  readonly routes: readonly Route[];
  readonly peers: AddressSet;
}

/**
 * The routes that apply to an interface, the longest prefix first; of one destination the lowest number, and of one number all.
 * A next hop that is down gives way to another route with exactly its destination only (VPC docs, alias IP ranges, routes).
 */
function choicesFor(networks: Networks, at: Standpoint, family: Family): readonly Choice[] {
  const all = [...networks.routesOf(at.network), ...dynamicRoutes(networks, at.network, at.region)];
  const applicable = all.filter((route) => {
    if (unusable.has(route.routeStatus)) return false;
    return !route.tags?.length || route.tags.some((tag) => at.tags.includes(tag));
  });
  const byDestination = new Map<string, Route[]>();
  for (const route of applicable) {
    const prefix = parsePrefix(route.destRange ?? '');
    if (prefix?.network.family !== family) continue;
    const key = `${prefix.length} ${prefix.network.value}`;
    byDestination.set(key, [...(byDestination.get(key) ?? []), route]);
  }
  const length = (key: string) => Number(key.split(' ')[0]);
  return [...byDestination.entries()]
    .sort(([a], [b]) => length(b) - length(a))
    .map(([, routes]) => {
      const up = routes.filter((route) => takes(networks, route) !== false);
      const candidates = up.length > 0 ? up : routes;
      const best = Math.min(...candidates.map(({ priority = 1000 }) => priority));
      const chosen = candidates.filter(({ priority = 1000 }) => priority === best);
      return { routes: chosen, peers: addressSet([routes[0]?.destRange]) };
    });
}

function judgedRules(route: Route, judgement: Judgement, peers: AddressSet): Rule[] {
  const { value } = hopOf(route);
  const base = {
    id: route.name,
    of: resource('route', route.name),
    ports: everyPort,
    text: `sends ${route.destRange} to ${nameOf(value)}`,
  };
  if (judgement === 'ok') return [{ ...base, action: 'allow', peers: known(peers) }];
  if ('stop' in judgement) return [{ ...base, action: 'drop', peers: known(peers), reason: judgement.stop }];
  return [
    { ...base, action: 'allow', peers: unknown(peers, judgement.unsure) },
    { ...base, action: 'drop', peers: known(peers), reason: { code: judgement.unsure.code, data: {} } },
  ];
}

/** The rules of the routes that were chosen for a destination. Where several share it and differ, it happens by luck. */
function rulesOf(networks: Networks, { routes, peers }: Choice, judge: (route: Route) => Judgement): Rule[] {
  const judged = routes.map((route): { readonly route: Route; readonly judgement: Judgement } => {
    const data = { route: route.name, destination: route.destRange ?? '', hop: nameOf(hopOf(route).value) };
    const isTaken = takes(networks, route);
    if (isTaken === false) return { route, judgement: { stop: { code: 'gcp/rt-blackhole', data } } };
    return { route, judgement: isTaken === true ? judge(route) : { unsure: isTaken } };
  });
  const [first] = judged;
  if (!first) return [];
  const worst = judged.find(({ judgement }) => judgement !== 'ok') ?? first;
  if (judged.every(({ judgement }) => (judgement === 'ok') === (first.judgement === 'ok')))
    return judgedRules(worst.route, worst.judgement, peers);
  const gap: Gap = {
    code: 'gcp/rt-shared',
    kind: 'not-modelled',
    what: worst.route.name,
    detail: `${routes.map(({ name }) => name).join(' and ')} share what goes to ${worst.route.destRange}, and not all of them lead back`,
  };
  return judgedRules(worst.route, { unsure: gap }, peers);
}

/** Why nobody knows which routes apply to an interface: some ask for tags, and its own cannot be read. */
function tagGap(networks: Networks, at: Standpoint, family: Family): Gap | undefined {
  const gap = at.unread?.tags;
  const isAsked = ({ tags, destRange }: Route) =>
    tags?.length &&
    parsePrefix(destRange ?? '')?.network.family === family &&
    !tags.some((tag) => at.tags.includes(tag));
  return gap && networks.routesOf(at.network).some(isAsked) ? gap : undefined;
}

function ofRoutes(networks: Networks, at: Standpoint, family: Family, judge: (route: Route) => Judgement): RuleFilter {
  const data = { network: nameOf(at.network) };
  const reason = { code: 'gcp/rt-return-missing', data };
  const gap =
    networks.gap('routes', at.network) ?? networks.unreadable('routes', at.network) ?? tagGap(networks, at, family);
  const rules = choicesFor(networks, at, family).flatMap((choice) => rulesOf(networks, choice, judge));
  const of = networkRef(at.network);
  if (!gap) return { kind: 'rules', rules, otherwise: 'drop', reason, of };
  const perhaps: Rule = {
    id: null,
    action: 'allow',
    peers: unknown(AddressSet.all, gap),
    ports: everyPort,
    text: gap.detail,
  };
  const doubtful = rules.map((rule) => ({ ...rule, peers: unknown(AddressSet.all, gap) }));
  return { kind: 'rules', rules: [perhaps, ...doubtful], otherwise: 'drop', reason, of };
}

function pbrRef(route: PolicyBasedRoute): ResourceRef {
  return resource('policy-based-route', nameOf(route.name));
}

/** Whether a policy-based route is for an interface: for all machines, or by one of its tags. Those of attachments are not. */
function isFor(route: PolicyBasedRoute, at: Standpoint, internal: Address): boolean {
  const { filter, virtualMachine, interconnectAttachment, network } = route;
  if (pathOf(network) !== at.network) return false;
  if (interconnectAttachment && !virtualMachine) return false;
  const tags = virtualMachine?.tags ?? [];
  if (tags.length > 0 && !tags.some((tag) => at.tags.includes(tag))) return false;
  const { ipProtocol = 'ALL', protocolVersion = 'IPV4', srcRange } = filter ?? {};
  if (!['ALL', 'TCP'].includes(ipProtocol.toUpperCase())) return false;
  if ((protocolVersion === 'IPV6' ? 6 : 4) !== internal.family) return false;
  return srcRange === undefined || addressSet([srcRange]).has(internal);
}

function rulesOfPolicyBased(route: PolicyBasedRoute, rivals: readonly PolicyBasedRoute[], family: Family): Rule[] {
  const name = nameOf(route.name);
  const everywhere = family === 4 ? '0.0.0.0/0' : '::/0';
  const peers = addressSet([route.filter?.destRange ?? everywhere]);
  const base = { id: name, of: pbrRef(route), ports: everyPort };
  const rival = rivals.find(
    (other) => other !== route && other.priority === route.priority && other.nextHopIlbIp !== route.nextHopIlbIp,
  );
  if (route.nextHopOtherRoutes === 'DEFAULT_ROUTING' && !rival)
    return [{ ...base, action: 'next', peers: known(peers), text: 'leaves it to the other routes' }];
  const hop = route.nextHopIlbIp ?? 'a next hop';
  const detail = rival
    ? `${name} and ${nameOf(rival.name)} have one priority, and which of them wins is not documented`
    : `replies pass through the appliance behind ${hop}, whose rules are not in the evidence`;
  const gap: Gap = { code: 'gcp/pbr-middlebox', kind: 'not-modelled', what: name, detail };
  const text = `sends replies to ${hop}`;
  return [
    { ...base, action: 'allow', peers: unknown(peers, gap), text },
    { ...base, action: 'drop', peers: known(peers), text, reason: { code: gap.code, data: {} } },
  ];
}

/** Policy-based routes: they come before all others, the lowest number first, whatever their prefixes (VPC docs). */
function ofPolicyBased(networks: Networks, at: Standpoint, internal: Address): RuleFilter {
  const all = [...networks.inventory.all('policyBasedRoutes').values()].filter((route) => isFor(route, at, internal));
  const sorted = all.sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const rules = sorted.flatMap((route) => rulesOfPolicyBased(route, sorted, internal.family));
  const isAsked = ({ network, virtualMachine }: PolicyBasedRoute) =>
    pathOf(network) === at.network && virtualMachine?.tags?.length;
  const asked = [...networks.inventory.all('policyBasedRoutes').values()].some(isAsked);
  const gap =
    networks.gap('policyBasedRoutes', at.network) ??
    networks.unreadable('policyBasedRoutes', at.network) ??
    (asked ? at.unread?.tags : undefined);
  const of = networkRef(at.network);
  if (!gap) return { kind: 'rules', rules, otherwise: 'next', of };
  const peers = unknown(AddressSet.all, gap);
  const perhaps: Rule = {
    id: null,
    action: 'drop',
    peers,
    ports: everyPort,
    text: gap.detail,
    reason: { code: gap.code, data: {} },
  };
  return { kind: 'rules', rules: [perhaps, ...rules], otherwise: 'next', of };
}

/** The way back: policy-based routes, then the longest prefix. `judge` says whether a route leads back. */
export function returnLayer(
  networks: Networks,
  at: Standpoint,
  internal: Address,
  judge: (route: Route) => Judgement,
): Layer {
  const returning: Filter = {
    kind: 'first',
    of: [ofPolicyBased(networks, at, internal)],
    otherwise: ofRoutes(networks, at, internal.family, judge),
  };
  return { kind: 'route', subject: networkRef(at.network), returning };
}
