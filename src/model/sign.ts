import type { AddressSet } from '../set/index.js';
import type { CauseCode } from './cause-code.js';

/**
 * What a piece of evidence of a machine says about one cause.
 * - `proves`: it is so now, and it stops the clients that it is about;
 * - `suggests`: it was so, or it may be so for this client;
 * - `excludes`: it is not so;
 * - `doubts`: it was not so at that moment, which says little of another.
 */
export interface Sign {
  readonly code: CauseCode;
  readonly says: 'proves' | 'suggests' | 'excludes' | 'doubts';
  /** The clients that it is about; everybody where it does not tell. */
  readonly from?: AddressSet;
  /** Where it stands: a section of the bundle (`log sshd`, `sockets`). */
  readonly at: string;
  /** The line that says so. Untrusted text. */
  readonly line: string;
  /** Values for the words of the cause: `port`, `file`, `process`, `until`. Untrusted text. */
  readonly data?: Readonly<Record<string, string>>;
}
