import type { Problem } from '../model/index.js';
import type { Paint } from '../report/index.js';
import type { Call } from './options.js';
import type { Shell } from './shell.js';

/** What a command is given to work with. */
export interface Context {
  readonly call: Call;
  readonly shell: Shell;
  /** Colours for the result. */
  readonly paint: Paint;
  /** Tells the problems on stderr (warnings not with --quiet) and answers the given exit code. */
  readonly report: (problems: readonly Problem[], exitCode: number) => number;
}
