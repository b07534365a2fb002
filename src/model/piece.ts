import type { AddressSet, PortSet } from '../set/index.js';
import type { Outcome } from './filter.js';
import type { Direction, Effect, Verdict } from './verdict.js';

/** What one layer does with a piece, signed by the rules that decide. */
export interface Decision {
  /** Index into the path's layers. */
  readonly layer: number;
  readonly direction: Direction;
  readonly effect: Effect;
  /** What may happen; on the way back one share for each group of client ports that is treated alike. */
  readonly shares: readonly { readonly ports: PortSet | null; readonly outcomes: readonly Outcome[] }[];
}

/** A part of the asked sources that every layer treats alike, with the chain of signatures. */
export interface Piece {
  readonly from: AddressSet;
  readonly verdict: Verdict;
  /** The share of client ports for which the way back is surely open, 0 to 1. */
  readonly clientPortFraction: number;
  /** What an unknown verdict most likely is, where every doubt says which way it leans. */
  readonly guess?: 'reachable' | 'unreachable';
  /** In packet order: inbound first, then returning. */
  readonly decisions: readonly Decision[];
}
