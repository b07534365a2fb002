import type { AddressSet, Family, PortSet } from '../../../src/set/index.js';

/** How a packet filter refuses: by a TCP reset, or by an ICMP message of this kind. */
export type RejectWith =
  | 'tcp-reset'
  | 'port-unreachable'
  | 'host-unreachable'
  | 'net-unreachable'
  | 'protocol-unreachable'
  | 'host-prohibited'
  | 'net-prohibited'
  | 'admin-prohibited'
  // IPv6 only.
  | 'no-route'
  | 'address-unreachable'
  | 'policy-fail'
  | 'reject-route';

export type ConnectionState = 'new' | 'established' | 'related' | 'invalid' | 'untracked';

/**
 * One thing that a rule asks of a packet. `not` turns it around. What a parser does not know, what depends on earlier packets
 * and what depends on chance is `unknown`, never left out.
 */
export type Condition = { readonly not?: true } & (
  | { readonly kind: 'source' | 'destination'; readonly addresses: AddressSet }
  | { readonly kind: 'source-port' | 'destination-port'; readonly ports: PortSet }
  /** `name` ends in `+` or `*` where any ending fits. */
  | { readonly kind: 'in-interface' | 'out-interface'; readonly name: string }
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'protocol'; readonly protocols: readonly Protocol[] }
  | { readonly kind: 'state'; readonly states: readonly ConnectionState[] }
  /** The flags of TCP in `mask` are exactly those of `value`; bits as in the header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  | { readonly kind: 'tcp-flags'; readonly mask: number; readonly value: number }
  /** The address is one of the machine's own. */
  | { readonly kind: 'local'; readonly of: 'source' | 'destination' }
  /** The type of an ICMP message of the packet's own family is one of these numbers. */
  | { readonly kind: 'icmp-type'; readonly types: readonly number[] }
  /** NAT has given the connection this other address or port: `ct status dnat`. */
  | { readonly kind: 'translated'; readonly of: 'source' | 'destination' }
  /** A reply to the source would leave by the interface on which the packet came; by any interface at all where `loose`. */
  | { readonly kind: 'reverse-path'; readonly loose?: true }
  | ({ readonly kind: 'mark' } & MarkTest)
  /** One of the lists holds, each with all its conditions: a set of tuples. */
  | { readonly kind: 'any-of'; readonly lists: readonly (readonly Condition[])[] }
  | { readonly kind: 'unknown'; readonly why: Doubt }
);

/** The mark of the packet or of its connection, under `mask`, is in one of the ranges, both ends included. */
export interface MarkTest {
  readonly of: 'packet' | 'connection';
  readonly mask: number;
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/**
 * A mark becomes the exclusive or of the packet's mark under `packet`, the connection's under `connection`, and `flip`; nobody knows what
 * where `to` is left out.
 */
export interface MarkChange {
  readonly of: 'packet' | 'connection';
  readonly to?: { readonly packet: number; readonly connection: number; readonly flip: number };
}

/** `icmp` is ICMP of the packet's own family. */
export type Protocol = 'tcp' | 'udp' | 'icmp' | 'other';

/** Why nobody can tell whether a rule matches, or what it does. */
export interface Doubt {
  /**
   * - `stateful`: it depends on other packets (a rate, a count of connections, a list that packets fill), on time or on chance;
   * - `opaque`: it depends on what the evidence does not hold (a set that was not recorded, a mark, a program);
   * - `unparsed`: it is written in a way that port22 does not know.
   */
  readonly kind: 'stateful' | 'opaque' | 'unparsed';
  /** The words of the rule that raise it: `-m recent --update --seconds 30 --hitcount 6`. Untrusted text. */
  readonly text: string;
}

/** What a rule does with a packet that it matches. */
export type Statement =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'return' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'reject'; readonly how: RejectWith }
  | { readonly kind: 'jump'; readonly chain: string }
  | { readonly kind: 'goto'; readonly chain: string }
  /** To a port of the machine itself; to the same one where `port` is left out. */
  | { readonly kind: 'redirect'; readonly port?: number }
  /** To another address, port, or both, and the packet is accepted by this chain. `address` is left out where only the port changes. */
  | { readonly kind: 'dnat'; readonly address?: string; readonly port?: number }
  /** The connection is not tracked from here on: it has no state. */
  | { readonly kind: 'notrack' }
  | ({ readonly kind: 'mark' } & MarkChange)
  /** The handshake is made without the listener. */
  | { readonly kind: 'synproxy' }
  /** May accept, drop, or leave it to the next rule. */
  | { readonly kind: 'unknown'; readonly why: Doubt };

export interface FilterRule {
  /** As the tools name it: the handle of nft, the number of the rule in its chain for iptables, from 1. */
  readonly id: string;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** So many of the first conditions are asked before the rules with the same id that stand before it change marks. */
  readonly asked?: number;
  readonly does: Statement;
  /** The rule as its owner wrote it. Untrusted text. */
  readonly text: string;
  readonly comment?: string;
  /** How many packets it has matched, where that was counted. */
  readonly packets?: number;
}

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';

/** How a chain is hung into the way of packets. */
export interface ChainBase {
  readonly hook: Hook;
  readonly type: 'filter' | 'nat' | 'route';
  /** Chains of one hook run by rising priority. */
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  /** How many packets the policy decided over, where that was counted. */
  readonly packets?: number;
  /** For `ingress` and `egress`. */
  readonly devices?: readonly string[];
}

export interface FilterChain {
  readonly name: string;
  readonly base?: ChainBase;
  readonly rules: readonly FilterRule[];
}

export interface FilterTable {
  /** `inet` sees both families; `netdev` and `bridge` too. */
  readonly family: 'ip' | 'ip6' | 'inet' | 'netdev' | 'bridge' | 'arp';
  readonly name: string;
  readonly chains: readonly FilterChain[];
  readonly by: 'nft' | 'iptables' | 'iptables-legacy';
}

/** What could be read of a dump, and what could not: a part that is missing may hold any rule. */
export interface Dump {
  readonly tables: readonly FilterTable[];
  /** Set when a part of the dump could not be read: what, in one line. */
  readonly unread?: string;
}
