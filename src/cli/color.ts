import pico from 'picocolors';
import type { Problem } from '../model/index.js';
import { type Paint, plain } from '../report/index.js';
import { type Call, choiceOf, isProblem } from './options.js';
import type { Shell } from './shell.js';

/** The colours for one stream: on a terminal unless NO_COLOR or --color says otherwise. */
export function paintFor(call: Call, shell: Shell, isTerminal: boolean): Paint | Problem {
  const wanted = choiceOf(call, 'color', ['auto', 'always', 'never'], 'auto');
  if (isProblem(wanted)) return wanted;
  const automatic = isTerminal && !shell.env.NO_COLOR && shell.env.TERM !== 'dumb';
  if (wanted === 'never' || (wanted === 'auto' && !automatic)) return plain;
  const { green, red, yellow, bold, dim } = pico.createColors(true);
  return { good: green, bad: red, doubt: yellow, strong: bold, faint: dim };
}
