import type { Place } from '../../provider.js';
import type { Utf8File } from './utf8-file.js';

const BLOCK_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

/** Finds lines and columns by reading the file once more, so that nobody pays for them who does not ask. Cheap when asked from front to back. */
export class PlaceFinder {
  readonly file: Utf8File;
  private block: Buffer = Buffer.alloc(0);
  private blockOffset = 0;
  private offset = 0;
  private line = 1;
  private column = 1;

  constructor(file: Utf8File) {
    this.file = file;
  }

  /** The place of the byte at `offset`; a column counts characters, and all is found when its line or column is asked for. */
  at(offset: number | (() => number)): Place {
    return new LazyPlace(this, this.file.path, offset);
  }

  /** Line and column of `offset`; of the last byte that can still be read, when the file has become shorter or unreadable. */
  find(offset: number): { line: number; column: number } {
    if (offset < this.offset) {
      this.offset = 0;
      this.line = 1;
      this.column = 1;
    }
    while (this.offset < offset && this.loadBlock()) this.countUpTo(offset);
    return { line: this.line, column: this.column };
  }

  private loadBlock(): boolean {
    if (this.offset >= this.blockOffset && this.offset < this.blockOffset + this.block.length) return true;
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    try {
      const count = this.file.read(this.offset, (next) => next(block, 0, block.length));
      this.block = block.subarray(0, count);
      this.blockOffset = this.offset;
      return count > 0;
    } catch {
      return false;
    }
  }

  private countUpTo(offset: number): void {
    const { block, blockOffset } = this;
    const end = Math.min(offset - blockOffset, block.length);
    let { line, column } = this;
    for (let i = this.offset - blockOffset; i < end; i++) {
      const byte = block[i] as number;
      if (byte === LINE_FEED) {
        line++;
        column = 1;
      } else if ((byte & 0xc0) !== 0x80) column++; // the first byte of a character
    }
    this.offset = blockOffset + end;
    this.line = line;
    this.column = column;
  }
}

class LazyPlace implements Place {
  readonly file: string;
  private readonly finder: PlaceFinder;
  private readonly offset: number | (() => number);

  constructor(finder: PlaceFinder, file: string, offset: number | (() => number)) {
    this.finder = finder;
    this.file = file;
    this.offset = offset;
  }

  get line(): number {
    return this.find().line;
  }

  get column(): number {
    return this.find().column;
  }

  private find(): { line: number; column: number } {
    return this.finder.find(typeof this.offset === 'number' ? this.offset : this.offset());
  }
}
