import type { CauseCode } from '../../../../src/model/cause-code.js';
import type { Symptom } from '../../../../src/model/symptom.js';
import type { Suite } from '../debian-tree.js';
import type { Lab } from '../lab.js';
import { addresses } from '../topology.js';

/** How a cause is arranged in a lab, and what its client then sees. */
export interface Recipe {
  /** The number in the catalogue (`F3`), and what is special about this one. */
  readonly id: string;
  readonly code: CauseCode;
  readonly suite?: Suite;
  readonly router?: true;
  /** Needs systemd at the server. */
  readonly machine?: true;
  arrange(lab: Lab): Promise<void>;
  /** What the diagnosis is to name first, where that is not `code` itself, and why: `code` is to be proved all the same. */
  readonly first?: { readonly code: CauseCode; readonly because: string };
  /** What is true of the server as well, and no consequence of `code` alone. */
  readonly besides?: readonly CauseCode[];
  /** Whom the client tries: port 22 of the server's IPv4 address, where nothing else is said. */
  readonly host?: string;
  readonly port?: number;
  /** Whom the prober tries, which knows no names of the client's, where `host` is one. */
  readonly knocks?: string;
  /** What a person at a real `ssh -v` sees. */
  readonly symptom: Symptom;
  /** What is seen as well, by a race. */
  readonly or?: Symptom;
  /** More of what `ssh -v` prints. */
  readonly words?: RegExp;
  /** What a probe that says nothing sees, where it is not the same. */
  readonly probe?: Symptom;
  /** Milliseconds after which it fails, from and to. */
  readonly takes?: readonly [number, number];
  /** `ConnectTimeout` of ssh, in seconds, where 2 is not enough. */
  readonly patience?: number;
  /** What the log of sshd says. */
  readonly log?: RegExp;
  /** Commands at the server afterwards, and what each says. */
  readonly facts?: readonly (readonly [command: string, says: RegExp])[];
  /** Words for ssh before the target. */
  readonly ssh?: readonly string[];
}

/** Rules of nft in one chain of the server, of a hook. */
export function nft(rules: string, hook = 'input', priority = 'filter'): string {
  return `table inet lab {\nchain only {\ntype filter hook ${hook} priority ${priority};\n${rules}\n}\n}\n`;
}

export const V4 = addresses.server[4];
export const V6 = addresses.server[6];

/** What `ssh -v` prints for each symptom, in the words of OpenSSH 9.2 and 10.0. */
export const words: Readonly<Partial<Record<Symptom, RegExp>>> = {
  'times-out': /^ssh: connect to host \S+ port \d+: Connection timed out\r?$/m,
  refused:
    /^ssh: connect to host \S+ port \d+: Connection refused\r?$|^channel \d+: open failed: connect failed: Connection refused/m,
  'no-route': /^ssh: connect to host \S+ port \d+: No route to host\r?$/m,
  'net-unreachable': /^ssh: connect to host \S+ port \d+: Network is unreachable\r?$/m,
  'permission-denied': /^ssh: connect to host \S+ port \d+: Permission denied\r?$/m,
  'no-protocol': /^ssh: connect to host \S+ port \d+: Protocol not available\r?$/m,
  'invalid-argument': /^ssh: connect to host \S+ port \d+: Invalid argument\r?$/m,
  'no-client-port': /^ssh: connect to host \S+ port \d+: Cannot assign requested address\r?$/m,
  silent: /^debug1: Local version string SSH-2.0-[\s\S]*Connection timed out during banner exchange/m,
  closed:
    /^debug1: Connection established[\s\S]*^kex_exchange_identification: (Connection closed by remote host|(read|write): Connection reset by peer)|^Connection closed by \S+ port \d+/m,
  'banner-text':
    /^debug1: kex_exchange_identification: banner line 0: (Exceeded MaxStartups|Not allowed at this time)/m,
  'not-ssh': /^debug1: kex_exchange_identification: banner line 0: /m,
  'kex-hang': /^debug1: (SSH2_MSG_KEXINIT sent|expecting SSH2_MSG_KEX_ECDH_REPLY)\s*$(?![\s\S])/m,
  'negotiation-failed': /^Unable to negotiate with \S+ port \d+: no matching /m,
  reset: /^ssh: connect to host \S+ port \d+: Connection reset by peer|^Connection reset by \S+ port/m,
  'auth-failed':
    /^\S+@\S+: Permission denied \(|^Received disconnect from \S+ port \d+:2: Too many authentication failures|^Host key verification failed\.|^Password change required but no TTY available\./m,
  'dns-failed': /^ssh: Could not resolve hostname /m,
  connects: /^debug1: Authentications that can continue|^Authenticated to /m,
};
