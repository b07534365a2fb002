import type { Fact } from '../../../src/model/index.js';
import { type Address, AddressSet, type Family, PortSet, TrafficSet } from '../../../src/set/index.js';
import { gapOf } from './gap.js';
import { type Marks, markMatch } from './marks.js';
import { always, both, exactly, type Match, never, oneOf, opposite, perhaps } from './match.js';
import type { Condition, ConnectionState, Protocol } from './ruleset.js';

/**
 * One of the packets that decide whether a connection opens, with everything about it that is the same for all clients.
 * `in` comes from the far end; `out` is the machine's answer: the second packet of the handshake, a reset, an ICMP
 * message, or the first data after the handshake. `ack` is the client's second packet; `solicitation` is what a neighbour sends before
 * the first, to learn who has the address (RFC 4861).
 */
export interface Packet {
  readonly direction: 'in' | 'out';
  readonly carries: 'syn' | 'syn-ack' | 'ack' | 'data' | 'reset' | 'icmp-error' | 'solicitation';
  readonly family: Family;
  /** The machine's address in the packet; undefined where nothing tells which of its addresses that is. */
  readonly near: Address | undefined;
  /** The port on the machine's side. An ICMP message has none. */
  readonly nearPort: number;
  /** By which interface it comes or goes; undefined where nothing tells. */
  readonly device: string | undefined;
  /** What connection tracking makes of it here; undefined where nothing tells. */
  readonly state: ConnectionState | undefined;
  /** The machine's own addresses; undefined where they were not recorded. */
  readonly own: AddressSet | undefined;
  /** Whether the connection has got another destination by now. */
  readonly isTranslated: boolean;
  /** The marks with which it comes. */
  readonly marks: Marks;
  /** To whom a reply leaves by the interface of the packet; undefined where the routes were not recorded. */
  readonly returnable?: Fact<AddressSet>;
}

/** The ports from which clients send; what they choose among them is not known of a packet that comes in. */
const clientPorts = PortSet.range(1024, 65_535);

const flagsOf = { syn: 2, 'syn-ack': 18, ack: 16, data: 24 } as const;

function isIcmp({ carries }: Packet): boolean {
  return carries === 'icmp-error' || carries === 'solicitation';
}

function untold(what: string): Match {
  return perhaps(gapOf({ kind: 'opaque', text: what }));
}

function addressMatch(addresses: AddressSet, isFar: boolean, { near, family }: Packet): Match {
  if (isFar) return exactly(TrafficSet.of(addresses.only(family), PortSet.all));
  if (near) return addresses.has(near) ? always : never;
  const inFamily = addresses.only(family);
  if (inFamily.isEmpty) return never;
  const everybody = family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
  return inFamily.covers(everybody) ? always : untold("the machine's own address");
}

function portMatch(ports: PortSet, isFar: boolean, packet: Packet): Match {
  if (isIcmp(packet)) return never;
  if (!isFar) return ports.has(packet.nearPort) ? always : never;
  if (packet.direction === 'out') return exactly(TrafficSet.of(AddressSet.all, ports));
  if (ports.covers(clientPorts)) return always;
  return ports.overlaps(clientPorts) ? untold("the client's port") : never;
}

function deviceMatch(name: string, { device }: Packet): Match {
  const isPattern = name.endsWith('+') || name.endsWith('*');
  const stem = isPattern ? name.slice(0, -1) : name;
  if (stem === '' && isPattern) return always;
  if (device === undefined) return untold('the interface of the packet');
  return (isPattern ? device.startsWith(stem) : device === name) ? always : never;
}

function protocolOf(packet: Packet): Protocol {
  return isIcmp(packet) ? 'icmp' : 'tcp';
}

function stateMatch(states: readonly ConnectionState[], { state }: Packet): Match {
  if (state === undefined) return untold('the state of the connection');
  return states.includes(state) ? always : never;
}

function flagsMatch(mask: number, value: number, { carries }: Packet): Match {
  if (carries === 'icmp-error' || carries === 'solicitation') return never;
  // A reset acknowledges unless it answers an acknowledgement; here it always answers a SYN.
  const flags = carries === 'reset' ? 20 : flagsOf[carries];
  return (flags & mask) === value ? always : never;
}

function localMatch(of: 'source' | 'destination', packet: Packet): Match {
  const isFar = (of === 'source') === (packet.direction === 'in');
  // What is addressed to the machine and reaches it is local to it, whichever address that is.
  if (!isFar) return always;
  if (!packet.own) return untold("the machine's own addresses");
  return exactly(TrafficSet.of(packet.own.only(packet.family), PortSet.all));
}

/** The types of messages that say that a destination cannot be reached. */
const unreachableTypes: Readonly<Record<Family, number>> = { 4: 3, 6: 1 };

/** Neighbour Solicitation (RFC 4861, 4.3). */
const solicitation = 135;

function icmpMatch(types: readonly number[], { carries, family }: Packet): Match {
  if (carries === 'solicitation') return types.includes(solicitation) ? always : never;
  return carries === 'icmp-error' && types.includes(unreachableTypes[family]) ? always : never;
}

function reversePathMatch({ returnable, direction }: Packet): Match {
  if (!returnable || direction === 'out') return untold('the way back to the client');
  if (returnable.known) return exactly(TrafficSet.of(returnable.value, PortSet.all));
  return both(exactly(TrafficSet.of(returnable.within, PortSet.all)), perhaps(returnable.gap));
}

function plainMatch(condition: Condition, packet: Packet): Match {
  const { direction } = packet;
  switch (condition.kind) {
    case 'source':
    case 'destination':
      return addressMatch(condition.addresses, (condition.kind === 'source') === (direction === 'in'), packet);
    case 'source-port':
    case 'destination-port':
      return portMatch(condition.ports, (condition.kind === 'source-port') === (direction === 'in'), packet);
    case 'in-interface':
      // The kernel compares with an empty name where there is no such interface.
      return direction === 'in'
        ? deviceMatch(condition.name, packet)
        : deviceMatch(condition.name, { ...packet, device: '' });
    case 'out-interface':
      return direction === 'out'
        ? deviceMatch(condition.name, packet)
        : deviceMatch(condition.name, { ...packet, device: '' });
    case 'family':
      return condition.family === packet.family ? always : never;
    case 'protocol':
      return condition.protocols.includes(protocolOf(packet)) ? always : never;
    case 'state':
      return stateMatch(condition.states, packet);
    case 'tcp-flags':
      return flagsMatch(condition.mask, condition.value, packet);
    case 'local':
      return localMatch(condition.of, packet);
    case 'icmp-type':
      return icmpMatch(condition.types, packet);
    case 'translated':
      return condition.of === 'destination' && packet.isTranslated ? always : never;
    case 'reverse-path':
      return reversePathMatch(packet);
    case 'mark':
      return markMatch(packet.marks, condition);
    case 'any-of':
      return tupleMatch(condition.lists, packet);
    case 'unknown':
      return perhaps(gapOf(condition.why));
  }
}

/** A set of tuples: those that agree in all but the far end's address are put together first, or a big set takes for ever. */
function tupleMatch(lists: readonly (readonly Condition[])[], packet: Packet): Match {
  const alone: AddressSet[] = [];
  const others: Match[] = [];
  for (const list of lists) {
    let far: AddressSet | undefined;
    let rest: Match = always;
    for (const condition of list) {
      const isFar = condition.kind === (packet.direction === 'in' ? 'source' : 'destination');
      if (isFar && !condition.not && far === undefined && 'addresses' in condition) far = condition.addresses;
      else rest = both(rest, matchOf(condition, packet));
      if (rest.may.isEmpty) break;
    }
    if (rest.may.isEmpty) continue;
    if (far && rest === always) alone.push(far.only(packet.family));
    else others.push(far ? both(exactly(TrafficSet.of(far.only(packet.family), PortSet.all)), rest) : rest);
  }
  return oneOf([exactly(TrafficSet.of(AddressSet.unionOf(alone), PortSet.all)), ...others]);
}

/** Which packets of this kind meet a condition. */
function matchOf(condition: Condition, packet: Packet): Match {
  const match = plainMatch(condition, packet);
  return condition.not ? opposite(match) : match;
}

/** Which packets of this kind meet all conditions. */
export function matchOfAll(conditions: readonly Condition[], packet: Packet): Match {
  let match: Match = always;
  for (const condition of conditions) {
    match = both(match, matchOf(condition, packet));
    if (match.may.isEmpty) return never;
  }
  return match;
}
