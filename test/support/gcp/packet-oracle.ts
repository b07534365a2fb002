import type {
  ClassicSpec,
  Direction,
  MachineSpec,
  PolicyOf,
  PolicyRuleSpec,
  RandomProject,
  RouteSpec,
} from './random-project.js';

export type Fate = 'reachable' | 'unknown' | 'unreachable';

/** One packet as a firewall sees it. */
interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  /** Whether it was steered to an external address; else whether it stayed in its network. */
  readonly context: 'INTERNET' | 'NON_INTERNET' | 'INTRA_VPC';
  /** The machine whose tags and account come with it. */
  readonly sender: MachineSpec | undefined;
}

type Outcome = 'allow' | 'deny' | 'next';

/** Follows single packets by gcp.md, sections 2.1 to 2.7, one step after the other. */
export class PacketOracle {
  readonly #project: RandomProject;

  constructor(project: RandomProject) {
    this.#project = project;
  }

  /** What becomes of a connection from an address to a machine, at whichever of its addresses it may be dialled. */
  fateOf(source: string, name: string, port: number): Fate {
    const target = this.#project.machines.find((machine) => machine.name === name);
    if (!target) throw new Error(`no machine ${name}`);
    // 2.2: a graceful shutdown still answers.
    if (target.status !== 'RUNNING' && target.status !== 'PENDING_STOP') return 'unreachable';
    if (within(source, '35.235.240.0/20')) return this.#throughIap(source, target, port);
    if (within(source, '10.0.0.0/8')) return this.#fromInside(source, target, port);
    return this.#fromInternet(source, target, port);
  }

  /** Path a: the firewall sees the internal address, and nobody's tags. */
  #fromInternet(source: string, target: MachineSpec, port: number): Fate {
    if (target.external === undefined) return 'unreachable';
    const packet: Packet = { source, destination: target.ip, port, context: 'INTERNET', sender: undefined };
    return this.#enters(target, packet) ? this.#leadsBack(target, source) : 'unreachable';
  }

  /** Path e: no route is needed. */
  #throughIap(source: string, target: MachineSpec, port: number): Fate {
    const packet: Packet = { source, destination: target.ip, port, context: 'NON_INTERNET', sender: undefined };
    return this.#enters(target, packet) ? 'reachable' : 'unreachable';
  }

  /** Paths c1 and c2. Subnet routes lead to and fro. */
  #fromInside(source: string, target: MachineSpec, port: number): Fate {
    const home = this.#project.networks.find(({ name }) => within(source, `10.0.${name.slice(3)}.0/28`))?.name;
    if (home === undefined) return 'unreachable';
    const isSame = home === target.network;
    if (!isSame && !this.#arePeers(home, target.network)) return 'unreachable';
    const sender = this.#project.machines.find(({ ip }) => ip === source);
    if (sender && sender.status !== 'RUNNING' && sender.status !== 'PENDING_STOP') return 'unreachable';
    const context = isSame ? 'INTRA_VPC' : 'NON_INTERNET';
    const packet: Packet = { source, destination: target.ip, port, context, sender: isSame ? sender : undefined };
    if (sender && !this.#leaves(sender, packet)) return 'unreachable';
    return this.#enters(target, packet) ? 'reachable' : 'unreachable';
  }

  #arePeers(one: string, other: string): boolean {
    return this.#project.peerings.some(
      (peering) => peering.both && [peering.one, peering.other].sort().join() === [one, other].sort().join(),
    );
  }

  #enters(target: MachineSpec, packet: Packet): boolean {
    return this.#firewall(target, packet, 'INGRESS') === 'allow';
  }

  #leaves(sender: MachineSpec, packet: Packet): boolean {
    return this.#firewall(sender, packet, 'EGRESS') === 'allow';
  }

  /** 2.4: the layers in their order, and behind all of them what is implied. */
  #firewall(machine: MachineSpec, packet: Packet, direction: Direction): Outcome {
    const policies = (type: PolicyOf['type']) =>
      this.#project.policies
        .filter((policy) => policy.type === type && (type === 'HIERARCHY' || policy.network === machine.network))
        .sort((a, b) => (type === 'HIERARCHY' ? 0 : a.priority - b.priority || (a.name < b.name ? -1 : 1)))
        .map((policy) => () => policyOutcome(policy, machine, packet, direction));
    const classic = () => this.#classicOutcome(machine, packet, direction);
    const ofNetwork = [...policies('NETWORK'), ...policies('NETWORK_REGIONAL')];
    const isFirst = this.#project.networks.find(({ name }) => name === machine.network)?.policiesFirst;
    const layers = [...policies('HIERARCHY'), ...(isFirst ? [...ofNetwork, classic] : [classic, ...ofNetwork])];
    for (const layer of layers) {
      const outcome = layer();
      if (outcome !== 'next') return outcome;
    }
    return direction === 'INGRESS' ? 'deny' : 'allow';
  }

  /** The lowest number of all that match; of one number what denies. */
  #classicOutcome(machine: MachineSpec, packet: Packet, direction: Direction): Outcome {
    const matching = this.#project.rules.filter(
      (rule) =>
        rule.network === machine.network &&
        rule.direction === direction &&
        !rule.disabled &&
        isOnPort(rule.l4, packet.port) &&
        isClassicTarget(rule, machine) &&
        (direction === 'INGRESS' ? isClassicSource(rule, packet) : true) &&
        (rule.destinationRanges === undefined ||
          rule.destinationRanges.some((range) => within(packet.destination, range))),
    );
    if (matching.length === 0) return 'next';
    const lowest = Math.min(...matching.map(({ priority }) => priority));
    return matching.some(({ priority, allows }) => priority === lowest && !allows) ? 'deny' : 'allow';
  }

  /** 2.7: policy-based routes, then the longest prefix. */
  #leadsBack(target: MachineSpec, client: string): Fate {
    const tagged = (tags: readonly string[]) => tags.length === 0 || tags.some((tag) => target.tags.includes(tag));
    const [first] = this.#project.policyRoutes
      .filter(
        ({ source, destination, protocol, tags }) =>
          target.network === 'net1' &&
          protocol !== 'UDP' &&
          within(target.ip, source) &&
          within(client, destination) &&
          tagged(tags),
      )
      .sort((a, b) => a.priority - b.priority);
    if (first?.diverts) return 'unknown';
    const usable = this.#project.routes.filter(
      ({ network, destination, tags }) => network === target.network && within(client, destination) && tagged(tags),
    );
    const longest = Math.max(...usable.map(lengthOf));
    const same = usable.filter((route) => lengthOf(route) === longest).sort((a, b) => a.priority - b.priority);
    const isUp = ({ hop }: RouteSpec) =>
      hop === 'gateway' || this.#project.machines.some(({ name, status }) => name === 'fw' && status === 'RUNNING');
    // A next hop that is down gives way to another one of the same destination only.
    const chosen = same.find(isUp);
    if (!chosen) return 'unreachable';
    return chosen.hop === 'gateway' ? 'reachable' : 'unknown';
  }
}

/** The first rule that matches decides; one that passes on leaves the policy. */
function policyOutcome({ rules }: PolicyOf, machine: MachineSpec, packet: Packet, direction: Direction): Outcome {
  const [first] = rules
    .filter((rule) => rule.direction === direction && !rule.disabled && isOnPort(rule.l4, packet.port))
    .filter((rule) => isPolicyTarget(rule, machine) && (direction === 'INGRESS' ? entersBy : leavesBy)(rule, packet))
    .sort((a, b) => a.priority - b.priority);
  return first === undefined || first.action === 'goto_next' ? 'next' : first.action;
}

function isPolicyTarget({ networks, accounts }: PolicyRuleSpec, { network, account }: MachineSpec): boolean {
  const isThere = networks === undefined || networks.includes(network);
  return isThere && (accounts === undefined || (account !== undefined && accounts.includes(account)));
}

function entersBy({ ranges, destinations, context }: PolicyRuleSpec, packet: Packet): boolean {
  const isIn =
    context === undefined || (context === 'NON_INTERNET' ? packet.context !== 'INTERNET' : packet.context === context);
  const isThither = destinations === undefined || destinations.some((range) => within(packet.destination, range));
  return isIn && isThither && ranges.some((range) => within(packet.source, range));
}

function leavesBy({ ranges }: PolicyRuleSpec, { destination }: Packet): boolean {
  return ranges.some((range) => within(destination, range));
}

function isClassicTarget({ targetTags, targetServiceAccounts }: ClassicSpec, { tags, account }: MachineSpec): boolean {
  if (targetTags === undefined && targetServiceAccounts === undefined) return true;
  return (
    targetTags?.some((tag) => tags.includes(tag)) || targetServiceAccounts?.some((one) => one === account) || false
  );
}

/** Any of its ranges, tags and accounts; without one of them every IPv4 address. */
function isClassicSource({ sourceRanges, sourceTags, sourceServiceAccounts }: ClassicSpec, packet: Packet): boolean {
  if (sourceRanges === undefined && sourceTags === undefined && sourceServiceAccounts === undefined) return true;
  const { source, sender } = packet;
  return (
    sourceRanges?.some((range) => within(source, range)) ||
    sourceTags?.some((tag) => sender?.tags.includes(tag)) ||
    sourceServiceAccounts?.some((one) => one === sender?.account) ||
    false
  );
}

function isOnPort(text: string, port: number): boolean {
  const [protocol, ports] = text.split(':');
  if (protocol !== 'tcp' && protocol !== '6' && protocol !== 'all') return false;
  const [first, last = first] = ports?.split('-') ?? [];
  return first === undefined || (Number(first) <= port && port <= Number(last));
}

function lengthOf({ destination }: RouteSpec): number {
  return Number(destination.split('/')[1]);
}

/** Whether the address begins with the bits of the prefix. */
function within(address: string, prefix: string): boolean {
  const [network = '', length] = prefix.split('/');
  return bits(address).startsWith(bits(network).slice(0, Number(length)));
}

function bits(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}
