import { escapeText } from '../message/index.js';
import type { Shell } from './shell.js';

const mostCharacters = 78;

/** One line on the terminal that is written over and over, and gone at the end. Elsewhere nothing is written. */
export function progressLine(shell: Shell, quiet: boolean): { show(text: string): void; end(): void } {
  const silent = quiet || !shell.errIsTerminal;
  let shown = false;
  return {
    show(text) {
      if (silent) return;
      shown = true;
      shell.err(`\r${escapeText(text).slice(0, mostCharacters).padEnd(mostCharacters)}`);
    },
    end() {
      if (shown) shell.err(`\r${' '.repeat(mostCharacters)}\r`);
    },
  };
}
