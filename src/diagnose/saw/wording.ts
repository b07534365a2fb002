import type { ClientTool, Observation, Stage, Symptom } from '../../model/index.js';
import type { Family } from '../../set/index.js';

/** What one line of a client tells of an attempt. */
export interface Told {
  readonly symptoms?: readonly Symptom[];
  readonly stage?: Stage;
  readonly tool?: ClientTool;
  readonly os?: NonNullable<Observation['os']>;
  readonly host?: string;
  readonly address?: string;
  readonly family?: Family;
  readonly port?: number;
  readonly elapsed?: number;
  readonly timer?: number;
  /** The timer of the client where nobody set another one. */
  readonly usualTimer?: number;
  readonly showsGreeting?: boolean;
  readonly greeting?: string;
  readonly through?: NonNullable<Observation['through']>;
  readonly answer?: NonNullable<Observation['answer']>;
  /** The line follows another one where the server sent no greeting; pasted alone, it does not tell. */
  readonly isLastLine?: true;
  /** The client dialled the address itself, whatever another line says of a proxy. */
  readonly dialled?: true;
  /** The addresses of a name were tried under a short timer each, but for the last. */
  readonly raced?: true;
  /** The symptoms that another line of the same client leaves of `symptoms`. */
  readonly only?: readonly Symptom[];
}

/**
 * What a line does to the attempts of one run of a client.
 * - `run`: it tells of the run as a whole: its version, the name that it looks up;
 * - `opens`: the client starts to connect to an address;
 * - `reaches`: an attempt got so far;
 * - `greets`: a line that the server sent;
 * - `part`: the end of one attempt, which the client may sum up in a later line;
 * - `whole`: the end of one attempt, said once;
 * - `sum`: the last word of a client, which repeats the `part` before it, where there is one;
 * - `echo`: says of an end that another line told already, and stands for itself where none did;
 * - `adds`: a detail of the attempt before it;
 * - `proxied`: the attempt before it went through another program or host.
 */
export type Role = 'run' | 'opens' | 'reaches' | 'greets' | 'part' | 'whole' | 'sum' | 'echo' | 'adds' | 'proxied';

export type Groups = Readonly<Record<string, string | undefined>>;

/**
 * One wording of a client. The named groups of the pattern `host`, `address`, `port`, `where` (address and port), `greeting`, `ms` and
 * `from` (who sent an ICMP message) are taken as they are; `error` is the text of an error number, looked up in one table.
 */
export interface Wording {
  /** A part of every line that the pattern matches, in lower case: most lines are passed over by it. */
  readonly near: string;
  readonly pattern: RegExp;
  readonly role: Role;
  readonly tells?: Told;
  /** What depends on the text. Undefined: the line is not this wording after all. */
  readonly reads?: (groups: Groups) => Told | undefined;
  /** Only where the error is one of the table. */
  readonly knownError?: true;
  /** A line may hold several attempts. */
  readonly each?: true;
  /** It says less than the lines that may follow it, and counts only where they are missing. */
  readonly provisional?: true;
}

const connectFailures: readonly Symptom[] = [
  'refused',
  'no-route',
  'net-unreachable',
  'permission-denied',
  'no-protocol',
  'invalid-argument',
  'no-client-port',
];

/** Sets of symptoms that clients do not tell apart. */
export const either = {
  /** After a SYN was answered a client that sends nothing cannot tell these apart (measured). */
  onceConnected: [
    'connects',
    'silent',
    'closed',
    'reset',
    'banner-text',
    'not-ssh',
    'kex-hang',
    'negotiation-failed',
    'auth-failed',
  ],
  /** After a greeting of an SSH server. */
  onceGreeted: ['connects', 'closed', 'reset', 'kex-hang', 'negotiation-failed', 'auth-failed'],
  /** One server that accepts and closes is seen as both, by a race of its FIN or RST with what the client sends (measured). */
  closed: ['closed', 'reset'],
  /** What connect() fails with but for a time-out and for a reset. */
  connectFailures,
} as const satisfies Record<string, readonly Symptom[]>;
