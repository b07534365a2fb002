import type { CauseCode } from '../../../src/model/index.js';
import type { AddressFamily, Bind } from './listen-address.js';

/** A line for which sshd does not start. */
export interface ConfigError {
  readonly file: string;
  /** From 1; 0 for the command line. */
  readonly line: number;
  /** The line. Untrusted text. */
  readonly text: string;
  /** In the words of sshd. */
  readonly message: string;
  readonly code: Extract<CauseCode, 'host/bad-config'>;
  /** Whether every sshd stops at it. Another version, or one that was built otherwise, may know a keyword or a cipher. */
  readonly sure: boolean;
}

/** What sshd would listen on at its next start. */
export type Binds =
  /** Nothing where it does not start. */
  | { readonly known: true; readonly binds: readonly Bind[] }
  /** `binds` is what the part that is known comes to. */
  | { readonly known: false; readonly binds: readonly Bind[]; readonly why: string };

/** A line of the configuration that says where sshd listens. */
export interface ListenLine {
  readonly keyword: 'port' | 'listenaddress' | 'addressfamily';
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface SshdConfig {
  readonly binds: Binds;
  /** The ports of the Port lines, or 22. */
  readonly ports: readonly number[];
  readonly addressFamily: AddressFamily;
  readonly errors: readonly ConfigError[];
  /** The lines that decide, in the order in which sshd reads them. */
  readonly lines: readonly ListenLine[];
}

export interface SshdConfigOptions {
  /** The words behind the name of the program: `-p`, `2222`. */
  readonly arguments?: readonly string[];
  /** Paths and patterns of Include of which it is known that there is no such file. */
  readonly absent?: ReadonlySet<string>;
  /** Paths of files that exist and could not be read. */
  readonly unread?: ReadonlySet<string>;
}
