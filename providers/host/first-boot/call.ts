import type { Machine } from './machine.js';
import type { Line } from './told.js';

/** A word of a command after its expansions; not sure where it holds one that nobody knows before it runs. */
export interface Arg {
  readonly text: string;
  readonly sure: boolean;
}

/** A command that runs on a machine. */
export interface Call {
  readonly machine: Machine;
  /** What follows the name. */
  readonly args: readonly Arg[];
  readonly line: Line;
  /** What it reads from its input, where that is known. */
  readonly input?: string;
}
