import {
  type Gap,
  known,
  type Layer,
  passFilter,
  type Rule,
  type RuleFilter,
  unknownFilter,
} from '../../src/model/index.js';
import { type Address, AddressSet, type Family, PortSet } from '../../src/set/index.js';
import { aclRulesFor, doubt, type GuardedSubnet, guardedSubnet, unreadSubnets } from './guarded-subnet.js';
import type { Scope } from './inventory.js';
import { type Interface, type Network, resource } from './network.js';
import { placeGap } from './ranges.js';
import type { RouteTable } from './records/records.js';
import { referencesUnseen } from './references.js';
import { type Hop, type Judgement, judgeState, type RouteChoice, routesFor, rulesOfRoute } from './route-table.js';
import { egressTo, groupRef, groupRules, type References } from './security-group.js';

/** The clients inside one VPC. `gap` tells that its subnets are not recorded. */
export interface Sources {
  /** Tells these clients from others, as what is built about them is remembered. */
  readonly name: string;
  readonly vpcId: string;
  readonly scope: Scope;
  readonly ranges: AddressSet;
  readonly subnets: readonly GuardedSubnet[];
  readonly gap: Gap | undefined;
  /** With which addresses the packets of interfaces are on their way. */
  addressesOf(enis: Iterable<Interface>): AddressSet;
}

export function sourcesOf(network: Network, vpcId: string, scope: Scope, ranges: AddressSet): Sources {
  return network.once(`sources ${vpcId}`, () => {
    const readable = network
      .subnetsOf(vpcId)
      .filter((subnet) => !placeGap(network.inventory, 'subnets', subnet.SubnetId, scope))
      .map((subnet) => guardedSubnet(network, subnet));
    const left = ranges.subtract(AddressSet.unionOf(readable.map((subnet) => subnet.ranges)));
    const subnets = [...readable, ...unreadSubnets(network, vpcId, left)];
    const gap =
      network.gap('subnets', scope) ??
      (subnets.length === 0 ? network.inventory.dangling('subnets', scope, `the subnets of ${vpcId}`) : undefined);
    return {
      name: vpcId,
      vpcId,
      scope,
      ranges: gap ? ranges : AddressSet.unionOf(subnets.map((subnet) => subnet.ranges)),
      subnets,
      gap,
      addressesOf: (enis) => network.privateAddresses(enis),
    };
  });
}

/** Whom the clients want to reach, and how their packets ought to leave their VPC. */
export interface Destination {
  readonly address: Address;
  readonly family: Family;
  /** Names the destination: those that nothing tells apart may have one name, and share their filters. */
  readonly place: string;
  /** The destination in sentences. */
  readonly text: string;
  readonly port: number;
  /** The groups that the destination carries, for egress rules that name them; null where references do not reach. */
  readonly groups: readonly string[] | Gap | null;
  /** Names the transport; two destinations with the same key leave alike. */
  readonly transport: string;
  /** Whether a route leads into the transport. */
  readonly leads: (hop: Hop) => boolean;
  /** True for one asked source: the rules that let it out are worth naming. */
  readonly detailed: boolean;
}

/** Clients whose packets take the same way out. */
export interface Departure {
  readonly origin: AddressSet;
  readonly layers: readonly Layer[];
  /** The appliance that the packets pass before they arrive. */
  readonly appliance: { readonly hop: Hop; readonly gap: Gap } | undefined;
}

export const isAppliance = (hop: Hop) => hop.kind === 'network-interface' || hop.kind === 'endpoint';

function keyOf(sources: Sources, { place, family, transport }: Destination): string {
  return `${sources.name} to ${place} ${family} ${transport}`;
}

function aclLayer(network: Network, sources: Sources, destination: Destination): Layer {
  const key = keyOf(sources, destination);
  const filter = (side: 'source-out' | 'source-in'): RuleFilter =>
    network.once(`source acl ${key} ${side}`, () => ({
      kind: 'rules',
      rules: sources.subnets.flatMap((subnet) =>
        aclRulesFor(network, subnet, side, destination.address, subnet.ranges),
      ),
      otherwise: 'allow',
    }));
  return {
    kind: 'source-network-acl',
    subject: resource('vpc', sources.vpcId),
    inbound: filter('source-out'),
    returning: filter('source-in'),
  };
}

function judgeDeparture(destination: Destination, table: RouteTable, choice: RouteChoice): Judgement {
  const { hop } = choice;
  if (destination.leads(hop)) return 'ok';
  return {
    stop: {
      code: 'aws/src-rt-missing',
      data: { table: table.RouteTableId, destination: destination.text, hop: hop.id },
    },
  };
}

function departureRules(network: Network, destination: Destination, subnet: GuardedSubnet): Rule[] {
  if ('gap' in subnet.table) return doubt(subnet.table.gap, subnet.ranges, resource('subnet', subnet.id));
  const table = subnet.table.found;
  const choices = routesFor(network, table, destination.address);
  const rules = choices.flatMap((choice) =>
    rulesOfRoute(table, choice, judgeState(table, choice) ?? judgeDeparture(destination, table, choice), subnet.ranges),
  );
  const data = { table: table.RouteTableId, destination: destination.text };
  const of = resource('route-table', table.RouteTableId);
  const last: Rule = {
    id: null,
    of,
    action: 'drop',
    peers: known(subnet.ranges),
    ports: known(PortSet.all),
    text: `has no route to ${data.destination}`,
    reason: { code: 'aws/src-rt-missing', data },
  };
  return [...rules, last];
}

/** The appliance into which a source subnet sends packets for the destination, if it does. */
function applianceOf(network: Network, destination: Destination, subnet: GuardedSubnet): Hop | undefined {
  if ('gap' in subnet.table) return undefined;
  const choice = routesFor(network, subnet.table.found, destination.address).at(-1);
  return choice && choice.route.State === 'active' && isAppliance(choice.hop) && !destination.leads(choice.hop)
    ? choice.hop
    : undefined;
}

function routeLayer(
  network: Network,
  sources: Sources,
  destination: Destination,
  subnets: readonly GuardedSubnet[],
): Layer {
  const key = keyOf(sources, destination);
  const inbound = network.once(
    `source route ${key}`,
    (): RuleFilter => ({
      kind: 'rules',
      rules: subnets.flatMap((subnet) => departureRules(network, destination, subnet)),
      otherwise: 'allow',
    }),
  );
  return { kind: 'source-route-table', subject: resource('vpc', sources.vpcId), inbound, elects: true };
}

/** References in egress rules match the destination when it carries the group and the transport keeps references. */
export function egressReferences(groups: readonly string[] | Gap): References {
  if ('code' in groups) return referencesUnseen(groups.detail, groups);
  return {
    key: `to ${groups.join(' ')}`,
    resolve: ({ GroupId }) => ({ peers: known(groups.includes(GroupId) ? AddressSet.all : AddressSet.empty) }),
  };
}

/** The rules about the clients whose own security groups keep them in, or may. */
function egressRules(network: Network, sources: Sources, enis: readonly Interface[], destination: Destination): Rule[] {
  const references = egressReferences(destination.groups ?? []);
  const byGroups = new Map<string, Interface[]>();
  for (const eni of enis) {
    const key = eni.groups?.join(' ') ?? '';
    byGroups.set(key, [...(byGroups.get(key) ?? []), eni]);
  }
  return [...byGroups.values()].flatMap((members): Rule[] => {
    const [first] = members;
    const groups = first?.groups ?? [];
    if (!first) return [];
    const addresses = sources.addressesOf(members).only(destination.family);
    if (groups.length === 0) {
      const gap = network.inventory.dangling('groups', first.scope, `the security groups of ${first.id}`);
      return first.groups === undefined ? doubt(gap, addresses, resource('network-interface', first.id)) : [];
    }
    const bearer = { vpcId: first.vpcId, scope: first.scope };
    const rules = groups.flatMap((id) => groupRules(network, id, true, references, bearer));
    const decision = egressTo(rules, destination.address, destination.port);
    const of = groupRef(network, groups[0] ?? '');
    const base = { id: null, of, peers: known(addresses), ports: known(PortSet.all) };
    if (decision === 'allows')
      return destination.detailed ? [{ ...base, action: 'allow', text: 'an egress rule lets it out' }] : [];
    if (decision !== 'denies') return doubt(decision, addresses, of);
    const data = {
      groups: groups.join(', '),
      destination: destination.text,
      port: String(destination.port),
    };
    return [
      { ...base, action: 'drop', text: 'no egress rule lets it out', reason: { code: 'aws/src-sg-egress', data } },
    ];
  });
}

/** What of a destination's groups matters to its clients: those that some egress rule names. */
export function namedByEgress(network: Network, groups: Destination['groups']): string {
  if (!groups) return '';
  if ('code' in groups) return groups.detail;
  const named = network.once('groups named by egress rules', () => {
    const permissions = [...network.inventory.all('groups').values()].flatMap(
      (group) => group.IpPermissionsEgress ?? [],
    );
    return new Set(
      permissions.flatMap(({ UserIdGroupPairs }) => (UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId)),
    );
  });
  return named.size === 0 ? '' : groups.filter((id) => named.has(id)).join(' ');
}

/** The interfaces of a VPC whose groups do not simply let everything of a family out. */
export function restricted(network: Network, sources: Sources, family: Family): readonly Interface[] {
  return network.once(`restricted ${sources.vpcId} ${family}`, () => {
    const everything = family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
    const open = new Map<string, boolean>();
    const opens = (eni: Interface, id: string) => {
      let answer = open.get(id);
      if (answer === undefined) {
        const rules = groupRules(network, id, true, egressReferences([]), { vpcId: eni.vpcId, scope: eni.scope });
        answer = rules.some(
          ({ peers, ports }) =>
            peers.known && ports.known && peers.value.covers(everything) && ports.value.equals(PortSet.all),
        );
        open.set(id, answer);
      }
      return answer;
    };
    return network.interfacesIn(sources.vpcId).filter((eni) => !(eni.groups ?? []).some((id) => opens(eni, id)));
  });
}

/** Clients have groups of their own each, and which of their connections these track is not worked out. */
const unfollowed = unknownFilter({
  code: 'aws/ev-sg',
  kind: 'not-modelled',
  what: "the tracking of the clients' own security groups",
  detail: "which connections the clients' own security groups track is not worked out",
});

/** The security groups of the clients. Addresses that no known interface holds have none, and are judged without. */
export function sourceGroupLayer(network: Network, sources: Sources, destination: Destination): Layer {
  const subject = resource('vpc', sources.vpcId);
  const enis = destination.detailed
    ? network.interfacesIn(sources.vpcId)
    : restricted(network, sources, destination.family);
  const unseen = network.gap('interfaces', sources.scope) ?? network.unreadInterface(sources.vpcId);
  if (enis.length === 0 && !unseen) return { kind: 'source-security-group', subject, inbound: passFilter };
  const { place, family, port, groups, detailed } = destination;
  const key = `${place} ${family} ${port} ${namedByEgress(network, groups)} ${detailed}`;
  // Where the interfaces were not read, an address that none holds may belong to one whose groups keep it in.
  const unheld = () => sources.ranges.subtract(sources.addressesOf(network.interfacesIn(sources.vpcId)));
  const inbound = network.once(
    `source groups ${sources.name} ${key}`,
    (): RuleFilter => ({
      kind: 'rules',
      rules: [...egressRules(network, sources, enis, destination), ...(unseen ? doubt(unseen, unheld(), subject) : [])],
      otherwise: 'allow',
    }),
  );
  return { kind: 'source-security-group', subject, inbound, tracked: unfollowed };
}

/**
 * The ways in which the clients of one VPC leave it for a destination: all those that route straight into the transport
 * together, and those behind each appliance by themselves, since what an appliance does is not in the evidence.
 */
export function departures(
  network: Network,
  sources: Sources,
  destination: Destination,
  except: AddressSet,
): Departure[] {
  const everyone = sources.ranges.only(destination.family).subtract(except);
  const groups = sourceGroupLayer(network, sources, destination);
  if (sources.gap) {
    const inbound = unknownFilter(sources.gap);
    const layer: Layer = { kind: 'source-subnet', subject: resource('vpc', sources.vpcId), inbound };
    return [{ origin: everyone, layers: [groups, layer], appliance: undefined }];
  }
  const behind = new Map<string, { hop: Hop; subnets: GuardedSubnet[] }>();
  const direct: GuardedSubnet[] = [];
  for (const subnet of sources.subnets) {
    const hop = applianceOf(network, destination, subnet);
    if (!hop) direct.push(subnet);
    else behind.set(hop.id, { hop, subnets: [...(behind.get(hop.id)?.subnets ?? []), subnet] });
  }
  const acl = aclLayer(network, sources, destination);
  const originOf = (subnets: readonly GuardedSubnet[]) =>
    AddressSet.unionOf(subnets.map((subnet) => subnet.ranges)).intersect(everyone);
  const layers = [groups, acl, routeLayer(network, sources, destination, direct)];
  const result: Departure[] = [
    { origin: behind.size === 0 ? everyone : originOf(direct), layers, appliance: undefined },
  ];
  for (const { hop, subnets } of behind.values()) {
    const gap: Gap = {
      code: 'aws/mbx-inspected',
      kind: 'not-modelled',
      what: hop.id,
      detail: `packets to ${destination.text} pass through ${hop.id}, whose rules are not in the evidence`,
    };
    const layer: Layer = {
      kind: 'appliance',
      subject: resource(hop.kind, hop.id),
      inbound: unknownFilter(gap, resource(hop.kind, hop.id)),
    };
    result.push({ origin: originOf(subnets), layers: [groups, acl, layer], appliance: { hop, gap } });
  }
  return result;
}
