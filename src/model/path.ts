import type { AddressSet, Family, TrafficSet } from '../set/index.js';
import type { Gap } from './fact.js';
import type { Filter, Reason } from './filter.js';
import type { ResourceRef } from './resource.js';

/**
 * What a layer sees where it is not the client itself: an address translation, a proxy or an appliance stands before it.
 * - `each`: the far end is one of these addresses, the client cannot choose which (the subnets into which a transit gateway delivers);
 * - `any`: the far end may be any of them, nothing tells which (an appliance that may rewrite the source).
 */
export interface Seen {
  readonly addresses: AddressSet;
  readonly choice: 'each' | 'any';
  /** For `any`: what would settle it. */
  readonly gap?: Gap;
}

/** What a layer is about: an object, or the path's own target or interface, whatever their names are. */
export type Subject = ResourceRef | 'target' | 'interface';

/** One thing that can stop a connection, on the way in, on the way back, or both. No `returning`: it is stateful or not on the way back. */
export interface Layer {
  /** The kind of the component in kebab-case: `security-group`, `network-acl`, `route-table`, ... */
  readonly kind: string;
  readonly subject: Subject;
  readonly inbound?: Filter;
  readonly returning?: Filter;
  readonly seen?: Seen;
  /**
   * What it does with the answers of what stands behind it and stops the client: a TCP reset, an ICMP message. Absent where it
   * lets all of them through, or treats them as the packets of `returning`.
   */
  readonly answers?: Readonly<Record<NonNullable<Reason['answer']>, Filter>>;
  /**
   * The open connections that it tracks: they go on when its rules would let nobody open them any more. By the client's address and
   * the asked port; its rules need no reason. Absent where every packet is judged by itself, or the connection ends with the thing.
   */
  readonly tracked?: Filter;
  /** The destination port that the layer sees inbound, where a balancer maps it and it is not the asked one. */
  readonly port?: number;
  /** It sees the connection only after the handshake: what stops the answer to the first packet comes before it. */
  readonly after?: 'handshake';
  /** Layers in a row with the same mark are met in an order that nothing tells. */
  readonly unordered?: string;
  /** It only tells whether the client takes this way at all: its own routing. A client that takes another way is not stopped here. */
  readonly elects?: true;
}

/**
 * One way from somewhere to an address, without the names of the target: everything that decides. Targets that nothing tells
 * apart have the same ways, as the same objects where a provider can tell, so that what a way comes to is found out once.
 */
export interface Way {
  /** `internet`, `same-subnet`, `same-vpc`, `peering`, ... */
  readonly kind: string;
  /** Who comes this way. */
  readonly origin: AddressSet;
  readonly family: Family;
  /** The network out of which its clients come, where it is one: addresses mean nothing without it where networks overlap. */
  readonly network?: string;
  /** From which ports each client sends; decides what the way back must let through. */
  readonly clientPorts: TrafficSet;
  /** The port that the client dials, when a balancer maps another one to the asked port. */
  readonly port?: number;
  /**
   * The layers in the order in which a packet meets them on the way in; the way back goes through them in reverse. They stand
   * in rows that follow one another, each the same object as in other ways where it can be: what a row comes to is found out once.
   */
  readonly rows: readonly (readonly Layer[])[];
  /** Set where other targets may have the same way, as the same object. */
  readonly shared?: boolean;
}

/** The layers of a way, in the order in which a packet meets them on the way in. */
export function layersOf({ rows }: Pick<Way, 'rows'>): readonly Layer[] {
  const [only] = rows;
  return only && rows.length === 1 ? only : rows.flat();
}

/** A way to one address of one interface of one target. */
export interface Path {
  readonly way: Way;
  readonly target: ResourceRef;
  readonly interface: ResourceRef | null;
  /** The address that the client dials; null when the interface has none of the kind that this way needs. */
  readonly address: string | null;
}

/** The object that a layer of a path is about. */
export function subjectOf({ target, interface: eni }: Path, subject: Subject): ResourceRef {
  if (subject === 'target') return target;
  return subject === 'interface' ? (eni ?? target) : subject;
}
