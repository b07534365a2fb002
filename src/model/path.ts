import type { AddressSet, Family, TrafficSet } from '../set/index.js';
import type { Gap } from './fact.js';
import type { Filter } from './filter.js';
import type { ResourceRef } from './resource.js';

/**
 * What a layer sees where it is not the client itself: an address translation, a proxy or an appliance stands before it.
 * - `each`: the far end is one of these addresses, the client cannot choose which (the nodes of a balancer);
 * - `any`: the far end may be any of them, nothing tells which (an appliance that may rewrite the source).
 */
export interface Seen {
  readonly addresses: AddressSet;
  readonly choice: 'each' | 'any';
  /** For `any`: what would settle it. */
  readonly gap?: Gap;
}

/** One thing that can stop a connection, on the way in, on the way back, or both. No `returning`: it is stateful or not on the way back. */
export interface Layer {
  /** The kind of the component in kebab-case: `security-group`, `network-acl`, `route-table`, ... */
  readonly kind: string;
  readonly subject: ResourceRef;
  readonly inbound?: Filter;
  readonly returning?: Filter;
  readonly seen?: Seen;
  /** The destination port that the layer sees inbound, where a balancer maps it and it is not the asked one. */
  readonly port?: number;
  /** It only tells whether the client takes this way at all: its own routing. A client that takes another way is not stopped here. */
  readonly elects?: true;
}

/**
 * One way from somewhere to one address of one interface. `layers` stand in the order in which a packet meets them on the
 * way in; the way back goes through them in reverse.
 */
export interface Path {
  /** `internet`, `same-subnet`, `same-vpc`, `peering`, ... */
  readonly kind: string;
  /** Who comes this way. */
  readonly origin: AddressSet;
  /** The address that the client dials; null when the interface has none of the kind that this path needs. */
  readonly address: string | null;
  readonly family: Family;
  readonly interface: ResourceRef | null;
  /** The port that the client dials, when a balancer maps another one to the asked port. */
  readonly port?: number;
  /** From which ports each client sends; decides what the way back must let through. */
  readonly clientPorts: TrafficSet;
  readonly layers: readonly Layer[];
  /** The same layers as rows that follow one another, each shared with other paths where it can be: their sum is formed once. */
  readonly segments?: readonly (readonly Layer[])[];
}
