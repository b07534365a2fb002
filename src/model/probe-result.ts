import type { Observation } from './observation.js';

/** What a probe of one host saw, and what it left out. */
export interface ProbeResult {
  /** The name or address that was asked for. */
  readonly host: string;
  readonly port: number;
  /**
   * In the order in which they were made. Attempts in a row at one address that ended alike are one observation with `repeats`;
   * where a later one ended otherwise, that address has two.
   */
  readonly attempts: readonly Observation[];
  readonly notTried: readonly NotTried[];
}

/** An address of the host that was left out. */
export interface NotTried {
  readonly address: string;
  /**
   * - `connection-budget`: as many connections were opened as one run may;
   * - `too-many-addresses`: the name has more addresses than one run tries.
   */
  readonly reason: 'connection-budget' | 'too-many-addresses';
}
