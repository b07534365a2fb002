import type { Remedy } from '../../../src/provider.js';
import type { AddressSet } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import type { Machine } from '../machine.js';
import type { System } from './system.js';

/**
 * Words in capitals (`CLIENT`, `GATEWAY`) stand for what the evidence does not tell. A remedy whose effect can be foreseen says what
 * the machine would be like.
 */
export interface ForeseenRemedy extends Remedy {
  readonly edit?: (machine: Machine) => Machine;
}

/** What a remedy depends on. */
export interface RemedyQuestion {
  /** Undefined where nothing is known of the machine. */
  readonly bundle: Bundle | undefined;
  /** The values of the cause. Untrusted text: none of it gets into a command unless it is what it has to be. */
  readonly data: Readonly<Record<string, string>>;
  /** Who is to get in, as the machine sees them; everybody where it is left out. */
  readonly clients?: AddressSet;
  /** The interface by which they come, where that is known. */
  readonly device?: string;
  readonly port: number;
}

/** The question, with what the machine is. */
export interface Setting extends RemedyQuestion {
  readonly system: System;
}

/** Undefined where no command is known that removes the cause. */
export type Recipe = (setting: Setting) => ForeseenRemedy | undefined;

/** Sentences of a note, one after the other; what is left out is not told. */
export function noteOf(...parts: readonly (string | undefined | false)[]): { readonly note?: string } {
  const told = parts.filter((part) => typeof part === 'string' && part !== '');
  return told.length > 0 ? { note: told.join('; ') } : {};
}
