import { numberOf } from './probes.js';
import type {
  AdminSpec,
  MachineSpec,
  NetworkSpec,
  RandomSubscription,
  RouteSpec,
  RuleSpec,
  SideSpec,
  SubnetSpec,
} from './random-subscription.js';

export type Fate = 'reachable' | 'unknown' | 'unreachable';

type Match = 'yes' | 'maybe' | 'no';

type Hop = 'Internet' | 'None' | 'VirtualAppliance' | 'VirtualNetworkGateway' | 'VnetLocal' | 'VNetPeering';

/** One packet as filters see it: with the private address of the machine that it is for. */
interface Packet {
  readonly source: string;
  readonly target: MachineSpec;
  readonly port: number;
}

type Direction = 'inbound' | 'outbound';

/** Where packets are judged: at which end, and for whom. */
interface Guard {
  readonly direction: Direction;
  readonly machine: MachineSpec;
}

/** Follows single packets by azure.md, sections 1.8 and 2.0 to 2.8, one step after the other. */
export class PacketOracle {
  readonly #all: RandomSubscription;
  /** Every private address as a machine that has only this one. */
  readonly #ends: readonly MachineSpec[];

  constructor(subscription: RandomSubscription) {
    this.#all = subscription;
    this.#ends = subscription.machines.flatMap(endsOf);
  }

  /** What becomes of a connection from an address to a machine, at whichever of its addresses it may be dialled. */
  fateOf(source: string, letter: string, port: number): Fate {
    const target = this.#all.machines.find((machine) => machine.letter === letter);
    if (!target) throw new Error(`no machine ${letter}`);
    const inside = () => best(...endsOf(target).map((end) => this.#fromInside({ source, target: end, port })));
    return every(powerOf(target), isPrivate(source) ? inside() : this.#fromInternet({ source, target, port }));
  }

  /** What becomes of a connection that one machine opens to a private address of another: not where its address is somebody else's there. */
  fateFrom(sender: MachineSpec, letter: string, port: number): Fate {
    const target = this.#all.machines.find((machine) => machine.letter === letter);
    const fates = endsOf(sender).map(({ ip }): Fate => {
      const home = target && this.#homeOf(ip, target);
      return home && home.name !== sender.network ? 'unreachable' : this.fateOf(ip, letter, port);
    });
    return best(...fates);
  }

  /** 2.7 a: the address is assigned, the filters, the way back. */
  #fromInternet(packet: Packet): Fate {
    const { source, target } = packet;
    if (!target.shown?.isAssigned) return 'unreachable';
    const leadsBack = this.#hop(target.network, this.#subnetOf(target), source) === 'Internet';
    return every(this.#enters(packet, target.shown.sku), leadsBack ? 'reachable' : 'unreachable');
  }

  /**
   * 2.7 c: the sender's filters, its route, the peering, the filters here, the way back. Whether the sender runs is left out:
   * it is about addresses, whoever holds them now.
   */
  #fromInside(packet: Packet): Fate {
    const { source, target } = packet;
    const home = this.#homeOf(source, target);
    if (!home) return this.#fromStrangers(packet);
    const subnet = home.subnets.find(({ prefix }) => within(source, prefix));
    if (!this.#joint(home.name, target, subnet)) return 'unreachable';
    const sender = this.#ends.find(({ network, ip }) => network === home.name && ip === source);
    const wanted = home.name === target.network ? 'VnetLocal' : 'VNetPeering';
    return every(
      // An address that no machine holds is kept in by nobody.
      sender ? this.#leaves(packet, sender) : 'reachable',
      subnet ? this.#isSent(this.#hop(home.name, subnet, target.ip), wanted) : 'reachable',
      this.#enters(packet, 'private'),
      this.#isSentBack(this.#hop(target.network, this.#subnetOf(target), source), wanted),
    );
  }

  /**
   * 2.6: who is behind an appliance stands in no record. A network behind a peer is known, though: peerings are not transitive (2.4),
   * and none of the tables here leads from one through an appliance.
   */
  #fromStrangers(packet: Packet): Fate {
    const { source, target } = packet;
    const behind = this.#peersOf(target.network).flatMap((peer) => this.#peersOf(peer));
    if (behind.some((name) => isIn(source, this.#network(name).space))) return 'unreachable';
    const leads = this.#hop(target.network, this.#subnetOf(target), source) === 'VirtualAppliance';
    return every(this.#enters(packet, 'private'), leads ? 'unknown' : 'unreachable');
  }

  /** Whose address it is to a machine: of its network, or of one that this is to be peered with. */
  #homeOf(address: string, { network }: MachineSpec): NetworkSpec | undefined {
    return [network, ...this.#peersOf(network)]
      .map((name) => this.#network(name))
      .find(({ space }) => isIn(address, space));
  }

  /** Whether packets come over from a network: both sides must be connected, and both subnets peered where not all are. */
  #joint(network: string, target: MachineSpec, subnet: SubnetSpec | undefined): boolean {
    if (network === target.network) return true;
    const sides = [this.#side(target.network, network), this.#side(network, target.network)];
    const [here, there] = sides;
    if (!here || !there || !isConnected(here) || !isConnected(there)) return false;
    if (!here.subnets && !there.subnets) return true;
    const isNamed = (name: string, ...lists: readonly (readonly string[] | undefined)[]) =>
      lists.every((list) => !list || list.includes(name));
    return (
      subnet !== undefined &&
      isNamed(target.subnet, here.subnets?.local, there.subnets?.remote) &&
      isNamed(subnet.name, here.subnets?.remote, there.subnets?.local)
    );
  }

  /** 2.1: admin rules, closed Standard addresses, the subnet's group, the interface's. */
  #enters(packet: Packet, ingress: 'Standard' | 'Basic' | 'private'): Fate {
    const guard: Guard = { direction: 'inbound', machine: packet.target };
    const groups = this.#groupsOf(packet.target);
    const isClosed = ingress === 'Standard' && groups.length === 0;
    const rest = isClosed ? 'unreachable' : every(...groups.map((rules) => this.#passes(rules, packet, guard)));
    // 8-1: nothing says whether they open a Standard address that no group opens.
    return this.#afterAdminRules(packet, guard, isClosed ? 'unknown' : 'reachable', rest);
  }

  /** 2.7 c: the sender's own side. */
  #leaves(packet: Packet, sender: MachineSpec): Fate {
    const guard: Guard = { direction: 'outbound', machine: sender };
    const rest = every(...this.#groupsOf(sender).map((rules) => this.#passes(rules, packet, guard)));
    return this.#afterAdminRules(packet, guard, 'reachable', rest);
  }

  /** 2.5: the lowest number of the network's rules first. */
  #afterAdminRules(packet: Packet, guard: Guard, delivered: Fate, rest: Fate): Fate {
    const rules = this.#all.admin.filter(({ network }) => network === guard.machine.network);
    const outcomes = this.#firstMatch(rules, packet, guard).map((access): Fate => {
      if (access === 'deny') return 'unreachable';
      return access === 'alwaysallow' ? delivered : rest;
    });
    return oneOf(outcomes);
  }

  #passes(rules: readonly RuleSpec[], packet: Packet, guard: Guard): Fate {
    const accesses = this.#firstMatch([...rules, ...defaults], packet, guard);
    return oneOf(accesses.map((access): Fate => (access === 'allow' ? 'reachable' : 'unreachable')));
  }

  /** What may come first of the rules that match: one that may or may not match goes both ways. */
  #firstMatch(rules: readonly (RuleSpec | AdminSpec)[], packet: Packet, guard: Guard): readonly string[] {
    const outcomes: string[] = [];
    const due = rules.filter(({ direction }) => direction.toLowerCase() === guard.direction);
    for (const rule of due.toSorted((a, b) => a.priority - b.priority)) {
      const match = this.#matches(rule, packet, guard);
      if (match === 'no') continue;
      outcomes.push(rule.access.toLowerCase());
      if (match === 'yes') return outcomes;
    }
    return [...outcomes, 'none'];
  }

  /** 2.2: every field. */
  #matches(rule: RuleSpec | AdminSpec, { source, target, port }: Packet, guard: Guard): Match {
    const isTcp = ['*', 'any', 'all', 'tcp'].includes(rule.protocol.toLowerCase());
    const isSent = rule.sourcePort !== '22';
    if (!isTcp || !isSent || !rule.ports.some((text) => isOnPort(text, port))) return 'no';
    return least(
      'sourceGroups' in rule && rule.sourceGroups
        ? certain(this.#isMember(source, rule.sourceGroups, guard))
        : this.#isMeant(source, rule.sources, guard),
      'destinationGroups' in rule && rule.destinationGroups
        ? certain(rule.destinationGroups.some((name) => target.applications.includes(name)))
        : this.#isMeant(target.ip, rule.destinations, guard),
    );
  }

  /** 2.3: a network interface is a member, so that it matters whose address it is where the filter stands. */
  #isMember(address: string, names: readonly string[], { machine }: Guard): boolean {
    const home = this.#homeOf(address, machine);
    return this.#ends.some(
      ({ ip, network, applications }) =>
        ip === address && network === home?.name && applications.some((one) => names.includes(one)),
    );
  }

  /** Any of the texts; of an admin rule none at all is everybody. */
  #isMeant(address: string, texts: readonly string[], guard: Guard): Match {
    if (texts.length === 0) return 'yes';
    return most(...texts.map((text) => this.#isMeantBy(address, text.toLowerCase(), guard)));
  }

  /** 2.3: tags are those of the subnet in which the filter stands. */
  #isMeantBy(address: string, text: string, { machine }: Guard): Match {
    if (text === '*') return 'yes';
    if (text === 'virtualnetwork') return this.#isVirtualNetwork(address, machine);
    if (text === 'internet') return certain(!isPrivate(address));
    if (text === 'azureloadbalancer') return 'no';
    return certain(within(address, text));
  }

  /** The network, its peers with access, and prefixes of routes: of those that lead to no appliance or gateway nobody knows. */
  #isVirtualNetwork(address: string, machine: MachineSpec): Match {
    const peers = this.#all.sides.filter(
      (side) => side.from === machine.network && isConnected(side) && side.hasAccess,
    );
    const spaces = [machine.network, ...peers.map(({ to }) => to)].flatMap((name) => this.#network(name).space);
    const named = (this.#subnetOf(machine).routes ?? []).filter(({ prefix }) => within(address, prefix));
    if (isIn(address, spaces) || named.some(({ hop }) => leadsAway.includes(hop))) return 'yes';
    return named.length > 0 ? 'maybe' : 'no';
  }

  /** 2.6: the longest prefix, and of one prefix a user's route. */
  #hop(name: string, subnet: SubnetSpec, address: string): Hop {
    const peers = this.#all.sides.filter((side) => side.from === name && isConnected(side));
    const candidates: { readonly prefix: string; readonly hop: Hop }[] = [
      ...(subnet.routes ?? []),
      ...this.#network(name).space.map((prefix) => ({ prefix, hop: 'VnetLocal' as const })),
      ...peers.flatMap(({ to }) => this.#network(to).space.map((prefix) => ({ prefix, hop: 'VNetPeering' as const }))),
      ...reserved.map((prefix) => ({ prefix, hop: 'None' as const })),
      { prefix: '0.0.0.0/0', hop: 'Internet' },
    ];
    const usable = candidates.filter(({ prefix }) => within(address, prefix));
    const longest = Math.max(...usable.map(({ prefix }) => lengthOf(prefix)));
    return usable.find(({ prefix }) => lengthOf(prefix) === longest)?.hop ?? 'None';
  }

  /** 2.6: an appliance must be allowed to forward and run; whether it does so is in its system. */
  #isSent(hop: Hop, wanted: Hop): Fate {
    if (hop === wanted) return 'reachable';
    const { forwards, power } = this.#all.appliance;
    return hop === 'VirtualAppliance' && forwards && power === 'running' ? 'unknown' : 'unreachable';
  }

  /** 2.6: replies through an appliance are asymmetric, or it has seen the request and passes them perhaps. */
  #isSentBack(hop: Hop, wanted: Hop): Fate {
    if (hop === wanted) return 'reachable';
    return hop === 'VirtualAppliance' ? 'unknown' : 'unreachable';
  }

  /** The subnet's first, where it has one, then the interface's. */
  #groupsOf(machine: MachineSpec): readonly (readonly RuleSpec[])[] {
    const names = [this.#subnetOf(machine).group, machine.group];
    return names.flatMap((name) => this.#all.groups.filter((group) => group.name === name).map(({ rules }) => rules));
  }

  #peersOf(network: string): readonly string[] {
    return this.#all.sides.filter(({ from }) => from === network).map(({ to }) => to);
  }

  #side(from: string, to: string): SideSpec | undefined {
    return this.#all.sides.find((side) => side.from === from && side.to === to);
  }

  #network(name: string): NetworkSpec {
    const found = this.#all.networks.find((network) => network.name === name);
    if (!found) throw new Error(`no network ${name}`);
    return found;
  }

  #subnetOf({ network, subnet }: MachineSpec): SubnetSpec {
    const found = this.#network(network).subnets.find(({ name }) => name === subnet);
    if (!found) throw new Error(`no subnet ${subnet}`);
    return found;
  }
}

/** 2.1: what stands at the end of every group. */
const defaults: readonly RuleSpec[] = [
  defaultRule(65000, 'inbound', 'allow', 'VirtualNetwork', 'VirtualNetwork'),
  defaultRule(65001, 'inbound', 'allow', 'AzureLoadBalancer', '*'),
  defaultRule(65500, 'inbound', 'deny', '*', '*'),
  defaultRule(65000, 'outbound', 'allow', 'VirtualNetwork', 'VirtualNetwork'),
  defaultRule(65001, 'outbound', 'allow', '*', 'Internet'),
  defaultRule(65500, 'outbound', 'deny', '*', '*'),
];

function defaultRule(priority: number, direction: Direction, access: string, from: string, to: string): RuleSpec {
  const ends = { sources: [from], destinations: [to] };
  return { priority, direction, access, protocol: '*', sourcePort: '*', ports: ['*'], isPlural: false, ...ends };
}

/** Hops whose prefixes are in VirtualNetwork. */
const leadsAway: readonly RouteSpec['hop'][] = ['VirtualAppliance', 'VirtualNetworkGateway'];

const reserved = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

function isPrivate(address: string): boolean {
  return isIn(address, reserved);
}

/** A machine by each of its private addresses. */
function endsOf({ second, ...first }: MachineSpec): readonly MachineSpec[] {
  return second ? [first, { ...first, ...second }] : [first];
}

/** 2.8: only what runs answers; of what nothing is told nobody knows. */
function powerOf({ power }: MachineSpec): Fate {
  if (power === undefined) return 'unknown';
  return power === 'running' ? 'reachable' : 'unreachable';
}

function isConnected({ state }: SideSpec): boolean {
  return state.toLowerCase() === 'connected';
}

/** The best of several addresses counts. */
function best(...fates: readonly Fate[]): Fate {
  return (['reachable', 'unknown', 'unreachable'] as const).find((fate) => fates.includes(fate)) ?? 'unreachable';
}

/** All of them in a row. */
function every(...fates: readonly Fate[]): Fate {
  if (fates.includes('unreachable')) return 'unreachable';
  return fates.includes('unknown') ? 'unknown' : 'reachable';
}

/** One of them, and nobody knows which. */
function oneOf(fates: readonly Fate[]): Fate {
  const [first = 'unreachable'] = fates;
  return fates.every((fate) => fate === first) ? first : 'unknown';
}

function certain(isSo: boolean): Match {
  return isSo ? 'yes' : 'no';
}

function least(...matches: readonly Match[]): Match {
  if (matches.includes('no')) return 'no';
  return matches.includes('maybe') ? 'maybe' : 'yes';
}

function most(...matches: readonly Match[]): Match {
  if (matches.includes('yes')) return 'yes';
  return matches.includes('maybe') ? 'maybe' : 'no';
}

function isOnPort(text: string, port: number): boolean {
  if (text === '*') return true;
  const [first, last = first] = text.split('-');
  return Number(first) <= port && port <= Number(last);
}

function isIn(address: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => within(address, prefix));
}

function lengthOf(prefix: string): number {
  return Number(prefix.split('/')[1] ?? 32);
}

/** Whether the address begins with the bits of the prefix, whatever other bits that has. */
function within(address: string, prefix: string): boolean {
  const [network = ''] = prefix.split('/');
  const size = 2 ** (32 - lengthOf(prefix));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size);
}
