import { isBlank, type JsonWindow, type WindowLimits } from './json-window.js';

export interface ReadLimits extends WindowLimits {
  /** Bytes of the elements of a list that are parsed together; 0 parses each by itself. */
  readonly batch: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const OPEN_OBJECT = 0x7b;
const CLOSERS: readonly (number | undefined)[] = [0x5d, 0x7d];
const LONGEST_HEAD = 256;
/** How many batches an element may be long, so that the search for its end does not cost more than to pass it. */
const MOST_BATCHES = 16;

/**
 * Guesses how far the elements of a list can be parsed at once without a look for the end of each: to the last place that looks like what
 * stood between two of them before. The same bytes may stand within an element, so only JSON.parse tells whether the guess was right:
 * it reads from left to right, and what is a list of whole values up to there ends between two elements.
 */
export class RunGuess {
  private readonly window: JsonWindow;
  private readonly limits: ReadLimits;
  /** What stands between two elements, from the bracket that closes the one to that which opens the other, or further. */
  private boundary: Buffer | undefined;
  /** Offset in the file from which on a guess is worth its cost again. */
  private resumeAt = 0;
  private pause: number;

  constructor(window: JsonWindow, limits: ReadLimits) {
    this.window = window;
    this.limits = limits;
    this.pause = limits.batch;
  }

  /** Another list begins, whose elements may be printed in another way. */
  startList(): void {
    this.boundary = undefined;
  }

  /** Index behind the last element of a run whose first byte is the next; undefined where nothing speaks for one. */
  endOfRun(): number | undefined {
    const { position } = this.window;
    if (this.limits.batch === 0 || this.window.offsetOf(position) < this.resumeAt) return undefined;
    this.boundary ??= this.boundaryBefore(position);
    if (this.boundary === undefined) return undefined;
    const { batch, length } = this.limits;
    const far = Math.min(position + MOST_BATCHES * batch, this.window.end);
    const index = findBoundary(this.boundary, this.window.bytes.subarray(position, far), batch);
    // No value is too long in a run that is not.
    if (index >= 0 && index < length) return position + index + 1;
    this.boundary = undefined;
    this.resumeAt = this.window.offsetOf(far);
    return undefined;
  }

  confirm(): void {
    this.pause = this.limits.batch;
  }

  /** The guess was wrong: the next ones are made the more rarely, the more of them are, so that they cost little in a file that defies them. */
  refute(): void {
    this.boundary = undefined;
    this.resumeAt = this.window.offsetOf(this.window.position) + this.pause;
    this.pause *= 2;
  }

  /** The boundary before the element at index `start`; undefined where it is not in memory, or none of the usual kind. */
  private boundaryBefore(start: number): Buffer | undefined {
    const { bytes, end } = this.window;
    const comma = lastBefore(bytes, start);
    const closer = lastBefore(bytes, comma);
    if (bytes[comma] !== COMMA || !CLOSERS.includes(bytes[closer])) return undefined;
    const lineFeed = bytes.subarray(closer, start).lastIndexOf(LINE_FEED);
    const isIndented = lineFeed >= 0 && closer + lineFeed < start - 1;
    const head = bytes.subarray(start, Math.min(start + LONGEST_HEAD, end));
    return Buffer.from(bytes.subarray(closer, start + (isIndented ? 1 : lengthToFirstKey(head))));
  }
}

/** Index of the last boundary in the first `batch` bytes; of the first one after them, when an element is longer; else -1. */
function findBoundary(boundary: Buffer, bytes: Buffer, batch: number): number {
  const last = bytes.subarray(0, batch).lastIndexOf(boundary);
  return last >= 0 ? last : bytes.indexOf(boundary);
}

/** Index of the last byte before `index` that is no blank. */
function lastBefore(bytes: Buffer, index: number): number {
  let i = index - 1;
  while (i >= 0 && isBlank(bytes[i] as number)) i--;
  return i;
}

/** Without indentation, brackets look the same at every depth; then the first key tells the elements of a list from what they hold. */
function lengthToFirstKey(head: Buffer): number {
  let quote = 1;
  while (quote < head.length && isBlank(head[quote] as number)) quote++;
  if (head[0] !== OPEN_OBJECT || head[quote] !== QUOTE) return 1;
  return Math.max(head.indexOf(QUOTE, quote + 1), 0) + 1;
}
