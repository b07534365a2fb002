import type { Sign } from './sign.js';

/**
 * What an attempt to connect moves on a machine, as its kernel counts it:
 * - `packets`: an IP packet came in, behind filters of a device;
 * - `segments`: a TCP segment came through the packet filters;
 * - `answers`: a listener took a SYN: it answered, or had no room or no way to;
 * - `connections`: a handshake ended;
 * - `resets`: the kernel refused by a TCP reset of its own;
 * - `messages`: an ICMP message "destination unreachable" went out;
 * - `overflows`, `drops`: the queue of a listener was full, a listener dropped a SYN;
 * - `reverse-path`: the check of the reverse path dropped a packet.
 */
export type Motion =
  | 'packets'
  | 'segments'
  | 'answers'
  | 'connections'
  | 'resets'
  | 'messages'
  | 'overflows'
  | 'drops'
  | 'reverse-path';

/** That something did not move around an attempt, and so was no part of it, however busy the machine is. */
export interface Stillness {
  readonly motion: Motion;
  /** Where it stands: a section of the bundle. */
  readonly at: string;
  /** What stood still. Untrusted text. */
  readonly line: string;
}

/** What moved on a machine around one attempt to connect, and what did not. */
export interface AttemptEvidence {
  /** What moved may be of another connection as well: these say less than what is known of the machine itself, but for those that prove. */
  readonly moved: readonly Sign[];
  readonly still: readonly Stillness[];
}
