import type { Address } from '../../../src/set/index.js';

/** A program that holds a socket. Its name is evidence and no proof of what it is. */
export interface SocketOwner {
  /** At most 15 bytes of its name. Untrusted text. */
  readonly process: string;
  readonly pid: number;
}

/**
 * What a socket is bound to: one address, or all of a family.
 * - `any4`: every IPv4 address;
 * - `any6`: every IPv6 address; whether IPv4 as well, `v6only` tells;
 * - `dual`: every address of both families;
 * - `any`: every address of a family that is not told, or of both.
 */
export type Bound = Address | 'any4' | 'any6' | 'dual' | 'any';

/** A TCP socket that listens. */
export interface Listener {
  readonly address: Bound;
  /** For `any6`: whether it leaves IPv4 alone; undefined where that is not told. */
  readonly v6only?: boolean;
  readonly port: number;
  /** Only packets that come in by this device reach it: it is bound to it, or its address is one of that link. */
  readonly device?: string;
  /** Empty where it is not told: without root nobody is. */
  readonly owners: readonly SocketOwner[];
  /** Connections that wait to be accepted, and how many may. */
  readonly queue: { readonly waiting: number; readonly limit?: number };
  readonly via: 'ss' | 'proc';
  /** The record of the bundle that tells of it. */
  readonly at: string;
  /** The row. Untrusted text. */
  readonly line: string;
}

/** What listens on a machine. */
export interface Sockets {
  /** The record of the bundle that tells it. */
  readonly at: string;
  readonly listeners: readonly Listener[];
  /** Why there may be listeners that are not in the list; undefined where it is whole. */
  readonly gap?: SocketGap;
}

export interface SocketGap {
  /**
   * - `absent`: no tool told;
   * - `denied`, `timed-out`, `cut`: as in the bundle;
   * - `failed`: the tool failed;
   * - `unreadable`: a row cannot be read;
   * - `not-collected`: the bundle does not hold it.
   */
  readonly kind: 'absent' | 'denied' | 'timed-out' | 'cut' | 'failed' | 'unreadable' | 'not-collected';
  /** The record that it is about. */
  readonly at: string;
  /** The row or the complaint. Untrusted text. */
  readonly line?: string;
}
