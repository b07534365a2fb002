import type { Observation, Symptom } from '../../../src/model/index.js';

/** A pasted text and the whole of what it shows. */
export interface Row {
  readonly name: string;
  readonly paste: string;
  /** One for each attempt. `line` is the paste where it is left out, and `showsGreeting` is false. */
  readonly saw: readonly (Omit<Observation, 'line' | 'showsGreeting'> & Partial<Observation>)[];
}

/** What a client that only connects calls a success. */
export const onceConnected: readonly Symptom[] = [
  'connects',
  'silent',
  'closed',
  'reset',
  'banner-text',
  'not-ssh',
  'kex-hang',
  'negotiation-failed',
  'auth-failed',
];

/** What may be wrong with a server that greets. */
export const onceGreeted: readonly Symptom[] = [
  'connects',
  'closed',
  'reset',
  'kex-hang',
  'negotiation-failed',
  'auth-failed',
];

/** A close, by a client that does not show what came before it. */
export const closedOrHidden: readonly Symptom[] = ['closed', 'reset', 'banner-text', 'not-ssh'];

/** An end of connect() that was no time-out. */
export const connectFailed: readonly Symptom[] = [
  'refused',
  'no-route',
  'net-unreachable',
  'permission-denied',
  'no-protocol',
  'invalid-argument',
  'no-client-port',
  'reset',
];

/** No port is told. */
export const none = 0;

type Endpoint = Pick<Observation, 'host' | 'address' | 'family' | 'port'>;

/** The address that was dialled, and port 22. */
export function at(address: string, port = 22): Endpoint {
  return { address, family: address.includes(':') ? 6 : 4, ...(port !== none && { port }) };
}

/** The same where the client names the address as its host. */
export function to(address: string, port = 22): Endpoint {
  return { host: address, ...at(address, port) };
}
