/**
 * What one command of `port22 collect` left. Absence of a tool, a command that failed and a command that printed nothing are
 * three facts, and a record that was cut is none of them.
 */
export interface BundleRecord {
  /** What was asked, by a name of port22's own: `sockets`, `iptables-save`, `file /etc/ssh/sshd_config`. */
  readonly key: string;
  /** The command as it was run; empty for a record that no command made. Untrusted text. */
  readonly command: string;
  /**
   * - `ran`: it ended by itself, with `status`;
   * - `absent`: there is no such tool, or no such file;
   * - `denied`: the file is there and may not be read;
   * - `timed-out`: it was stopped;
   * - `cut`: its output was longer than is kept, or the bundle ends inside it.
   */
  readonly outcome: 'ran' | 'absent' | 'denied' | 'timed-out' | 'cut';
  /** The exit status of a command that ran. */
  readonly status?: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `port22 collect` gathered on one machine. All texts are those of a stranger. */
export interface Bundle {
  readonly records: ReadonlyMap<string, BundleRecord>;
  /** When it was gathered, in milliseconds since 1970 by the machine's own clock; undefined where that cannot be read. */
  readonly takenAt?: number;
  /** Whether its end is there: without it anything may be missing. */
  readonly whole: boolean;
}
