import type { Family } from '../set/index.js';
import type { Symptom } from './symptom.js';

/** How far an attempt got before it ended or stood still. */
export const stages = [
  'resolving',
  'connecting',
  'connected',
  'greeted',
  'key-exchange',
  'key-reply',
  'login',
] as const;

/**
 * - `resolving`: the name had no address yet;
 * - `connecting`: the TCP handshake was not over;
 * - `connected`: it was, and the server had sent nothing;
 * - `greeted`: the server had sent a first line;
 * - `key-exchange`: the client had sent its half of the key exchange;
 * - `key-reply`: the server's half had come, too, and the client waited for its answer;
 * - `login`: the keys were exchanged, the user was not yet in.
 */
export type Stage = (typeof stages)[number];

/** The programs whose output can be read. */
export type ClientTool =
  | 'openssh'
  | 'putty'
  | 'nc'
  | 'ncat'
  | 'curl'
  | 'node'
  | 'bash'
  | 'git'
  | 'paramiko'
  | 'ssh2'
  | 'powershell'
  | 'telnet'
  | 'probe'
  | 'unknown';

/** What a client showed of one attempt at one address. Texts are those of strangers: escape them. */
export interface Observation {
  /** What it may have been: more than one where the client says the same of several. Never empty. */
  readonly symptoms: readonly Symptom[];
  readonly stage: Stage;
  readonly tool: ClientTool;
  readonly os?: 'linux' | 'macos' | 'windows';
  /** The name or address that was asked for, as the client writes it. */
  readonly host?: string;
  readonly address?: string;
  readonly family?: Family;
  readonly port?: number;
  /** Milliseconds from the start of the attempt to its end. */
  readonly elapsed?: number;
  /** Milliseconds after which the client gives up by itself, where that is told. */
  readonly timer?: number;
  /** Whether the client would have shown a first line that is not SSH: `ssh -v` does, `ssh` does not. */
  readonly showsGreeting: boolean;
  /** The first line that the server sent, without its end. */
  readonly greeting?: string;
  /** The text of the client that told it. */
  readonly line: string;
  /** A hop before the target failed, or the way from it to the target did: the target was not dialled by the client itself. */
  readonly through?: 'jump-host' | 'proxy-command';
  /** Milliseconds of each of several attempts in a row that ended alike. */
  readonly repeats?: readonly number[];
  /** Whether the refusal was the answer of TCP itself or an ICMP message, and whose, where the client could tell. */
  readonly answer?: { readonly kind: 'rst' | 'icmp'; readonly from?: string };
}
