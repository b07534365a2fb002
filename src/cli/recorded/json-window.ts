import type { NextBytes } from './utf8-file.js';

/**
 * How a value ended: `whole`; `cut` by the end of the file; `torn` where a bracket closes what another kind opened, after which nothing
 * can be told apart; whole but nested too `deep`; or whole but too `long` to be kept.
 */
export type Ending = 'whole' | 'cut' | 'torn' | 'deep' | 'long';

export interface WindowLimits {
  /** Bytes asked of the file at once. */
  readonly chunk: number;
  /** Bytes of the longest value that is kept. */
  readonly length: number;
  /** Most brackets open at once within a value. */
  readonly depth: number;
}

/** What peek answers at the end of the file. */
export const END = -1;

const BACKSLASH = 0x5c;
const BLANK = tableOf(' \t\r\n', 1);
const ENDS_SCALAR = tableOf(' \t\r\n,:[]{}"', 1);
/** A line feed ends a string too: no string holds one, and so a forgotten quote spoils one line only. */
const STOPS_STRING = tableOf('"\\\n', 1);
const [OPENS, CLOSES, QUOTES] = [1, 2, 3];
const KIND = tableOf('{[', OPENS, tableOf('}]', CLOSES, tableOf('"', QUOTES)));
/** From '{' to '}' and from '[' to ']', in ASCII. */
const CLOSER_OFFSET = 2;

function tableOf(characters: string, mark: number, table: Uint8Array = new Uint8Array(256)): Uint8Array {
  for (const character of characters) table[character.charCodeAt(0)] = mark;
  return table;
}

export function isBlank(byte: number): boolean {
  return BLANK[byte] !== 0;
}

/** A part of a JSON file in memory that moves along: it tells where values end, and keeps the bytes of the one it is passing. */
export class JsonWindow {
  /** What is in memory; an index stays valid until the next call of peek or passValue. */
  bytes: Buffer;
  /** Index of the next byte to look at. */
  position = 0;
  /** Index of the first byte of the value passed last. */
  start = 0;
  /** Index behind the last byte in memory. */
  end = 0;
  private base = 0;
  private readonly next: NextBytes;
  private readonly limits: WindowLimits;
  private readonly beforeMove: () => void;
  private readonly closers: Uint8Array;

  /** `beforeMove` is called before indices that were handed out become invalid. */
  constructor(next: NextBytes, limits: WindowLimits, beforeMove: () => void) {
    this.next = next;
    this.limits = limits;
    this.beforeMove = beforeMove;
    this.bytes = Buffer.allocUnsafeSlow(limits.chunk);
    this.closers = new Uint8Array(limits.depth);
  }

  /** Offset in the file of a byte that is in memory. */
  offsetOf(index: number): number {
    return this.base + index;
  }

  /** Offset in the file of the first byte that was not read yet: its size, once all is read. */
  get endOffset(): number {
    return this.base + this.end;
  }

  /** The next byte that is no blank, or END; it stays the next. */
  peek(): number {
    for (;;) {
      while (this.position < this.end) {
        const byte = this.bytes[this.position] as number;
        if (BLANK[byte] === 0) return byte;
        this.position++;
      }
      if (!this.move(this.position)) return END;
    }
  }

  /** Passes the value whose first byte is the next; then it stands from `start` to `position`, unless it was too long. */
  passValue(): Ending {
    this.start = this.position;
    const first = this.bytes[this.position] as number;
    return KIND[first] === 0 ? this.passScalar() : this.passNested();
  }

  private passScalar(): Ending {
    for (;;) {
      while (this.position < this.end) {
        if (ENDS_SCALAR[this.bytes[this.position] as number] !== 0) return 'whole';
        this.position++;
      }
      if (!this.move(this.start)) return 'cut';
    }
  }

  private passNested(): Ending {
    const { closers } = this;
    const deepest = this.limits.depth;
    let depth = 0;
    let inString = false;
    let ending: Ending = 'whole';
    for (;;) {
      const { bytes, end } = this;
      let i = this.position;
      while (i < end) {
        if (inString) {
          while (i < end && STOPS_STRING[bytes[i] as number] === 0) i++;
          if (i >= end) break;
          if (bytes[i] === BACKSLASH) {
            i += 2;
            continue;
          }
          inString = false;
          i++;
        } else {
          const byte = bytes[i++] as number;
          const kind = KIND[byte];
          if (kind === 0) continue;
          if (kind === QUOTES) {
            inString = true;
            continue;
          }
          if (kind === OPENS) {
            if (depth === deepest) ending = 'deep';
            closers[depth++] = byte + CLOSER_OFFSET; // beyond the array, at a depth that is refused anyway, nothing is written
            continue;
          }
          if (--depth < deepest && closers[depth] !== byte) return this.stopAt(i, 'torn');
        }
        if (depth === 0) return this.stopAt(i, ending);
      }
      this.position = i;
      if (i - this.start > this.limits.length) ending = 'long';
      if (!this.move(ending === 'long' ? Math.min(i, end) : this.start)) return this.stopAt(this.end, 'cut');
    }
  }

  private stopAt(index: number, ending: Ending): Ending {
    this.position = index;
    return ending === 'whole' && index - this.start > this.limits.length ? 'long' : ending;
  }

  /** Lets go of what stands before index `from`, and reads on; false at the end of the file. */
  private move(from: number): boolean {
    this.beforeMove();
    if (from > 0) {
      this.bytes.copyWithin(0, from, this.end);
      this.base += from;
      this.position -= from;
      this.start -= from;
      this.end -= from;
    }
    const { chunk } = this.limits;
    if (this.bytes.length - this.end < chunk) this.grow(Math.max(this.bytes.length * 2, this.end + chunk));
    const count = this.next(this.bytes, this.end, chunk);
    this.end += count;
    return count > 0;
  }

  private grow(size: number): void {
    const larger = Buffer.allocUnsafeSlow(size);
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}
