import type { Family } from '../set/index.js';
import type { CauseCode } from './cause-code.js';
import type { Stage } from './observation.js';
import type { Symptom } from './symptom.js';

/** How a cause shows itself to a client on Linux that prints everything. */
export interface Look {
  readonly symptom: Symptom;
  readonly stage: Stage;
  /** Milliseconds from the start of the attempt, both included; any time where it is left out. */
  readonly after?: readonly [least: number, most: number];
  /** Only in this family. */
  readonly family?: Family;
  /** For a refusal: whether TCP answers or an ICMP message does. Linux holds back ICMP messages after the sixth, not resets. */
  readonly answer?: 'rst' | 'icmp';
  /** What the server says first. */
  readonly greeting?: RegExp;
  /** After its greeting the server waits; it does not close. */
  readonly waits?: true;
}

/** Where a cause is: whoever looks for it goes there. */
export type CausePlace = 'client' | 'path' | 'firewall' | 'listener' | 'daemon' | 'login';

export interface KnownCause {
  readonly code: CauseCode;
  readonly place: CausePlace;
  /** All that it may look like. */
  readonly looks: readonly Look[];
  /** How often it is the reason where nothing else is known: 5 every day, 1 hardly ever. A judgement, not a measurement. */
  readonly common: 1 | 2 | 3 | 4 | 5;
  /** What it may lead to, where that is a cause of its own: whoever knows this one needs to know the other no more. */
  readonly leadsTo?: readonly CauseCode[];
}

/** What an answer of the far end takes at most, with a slow line and a lost packet less than a second time-out of TCP. */
export const atOnce = [0, 2300] as const;
/** Linux gives up on a neighbour after three tries, one second each (measured: 2.4 to 3.2 s). */
export const neighbourFails = [2300, 3600] as const;
/** libwrap sleeps five seconds before it closes. */
export const wrapperPause = [4700, 7500] as const;

export const refusedByReset: Look = { symptom: 'refused', stage: 'connecting', after: atOnce, answer: 'rst' };
export const refusedByMessage: Look = { symptom: 'refused', stage: 'connecting', after: atOnce, answer: 'icmp' };
export const timesOut: Look = { symptom: 'times-out', stage: 'connecting' };
export const silent: Look = { symptom: 'silent', stage: 'connected' };
export const closedAtOnce: Look = { symptom: 'closed', stage: 'connected', after: atOnce };
/** A reset right behind the handshake, before the client takes the connection for open. */
export const resetAtOnce: Look = { symptom: 'reset', stage: 'connecting', after: atOnce };
export const kexReset: Look = { symptom: 'reset', stage: 'key-exchange' };
export const kexHang: Look = { symptom: 'kex-hang', stage: 'key-exchange' };
/** Both halves are there, and what the client asked after that finds no answer. */
export const kexReplyHang: Look = { symptom: 'kex-hang', stage: 'key-reply' };
export const loginRefused: Look = { symptom: 'auth-failed', stage: 'login' };
export const closedAtLogin: Look = { symptom: 'closed', stage: 'login' };

/** An unreachable or prohibited destination, said by an ICMP message at once. */
export function told(symptom: Symptom, family?: Family): Look {
  return { symptom, stage: 'connecting', after: atOnce, answer: 'icmp', ...(family && { family }) };
}

/** Said by the client's own system, before any packet. */
export function own(symptom: Symptom, family?: Family): Look {
  return { symptom, stage: 'connecting', after: atOnce, ...(family && { family }) };
}

/** Whether the handshake has ended when the client sees it. */
export function opens({ stage, symptom }: Look): boolean {
  return symptom === 'reset' || (stage !== 'resolving' && stage !== 'connecting');
}
