import type { Source } from './attempt.js';
import { readCommand } from './command.js';
import type { Line } from './lines.js';
import { type Reading, readLine } from './words.js';

interface Wrapped {
  readonly reading: Reading | undefined;
  /** The line, or two of them as one; its number is that of the last. */
  readonly source: Source;
}

/** "Unable to open connection" of PuTTY is the shortest line that goes on in the next. */
const shortest = 25;
/** No line of a client is longer than this on either side of a break. */
const longest = 500;

/** What the line at `index` says. Terminals and frames break lines: where one alone tells nothing sure, it may go on in the next. */
export function readWrapped(lines: readonly Line[], index: number): Wrapped {
  const { text = '', stamp } = lines[index] ?? {};
  const alone = readLine(text);
  const wrapped = { reading: alone, source: { text, number: index, stamp } };
  const next = lines[index + 1]?.text ?? '';
  if (isSure(alone) || next === '' || text.length < shortest) return wrapped;
  if (readLine(next) !== undefined || readCommand(next) !== undefined) return wrapped;
  for (const glue of ['', ' ']) {
    const both = `${text.slice(-longest)}${glue}${next.slice(0, longest)}`;
    const reading = readLine(both);
    if (isSure(reading)) return { reading, source: { text: both, number: index + 1, stamp } };
  }
  return wrapped;
}

function isSure(reading: Reading | undefined): boolean {
  return reading?.tellings.every(({ isUnsure }) => !isUnsure) === true;
}
