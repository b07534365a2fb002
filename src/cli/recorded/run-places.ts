import type { Place } from '../../provider.js';
import type { PlaceFinder } from './file-place.js';
import { END, JsonWindow, type WindowLimits } from './json-window.js';
import { bytesFrom, type NextBytes } from './utf8-file.js';

const COMMA = 0x2c;

/** Where the elements of a run stand, which was parsed without a look for the end of each: the run is passed once more for the first who asks. */
export class RunPlaces {
  private readonly finder: PlaceFinder;
  private readonly limits: WindowLimits;
  private readonly offset: number;
  private readonly length: number;
  /** The run as long as it is in memory; later it is read from the file again. */
  private bytes: Buffer | undefined;
  private starts: readonly number[] | undefined;

  /** `bytes` is the run, whose first byte is at `offset` in the file. */
  constructor(finder: PlaceFinder, limits: WindowLimits, offset: number, bytes: Buffer) {
    this.finder = finder;
    this.limits = limits;
    this.offset = offset;
    this.length = bytes.length;
    this.bytes = bytes;
  }

  /** The place of the element with this index in the run. */
  at(index: number): Place {
    return this.finder.at(() => this.startOf(index));
  }

  /** The bytes of the run are about to change. */
  release(): void {
    this.bytes = undefined;
  }

  /** Offset of an element; of the end of the run, when the file has changed and no longer holds the element. */
  private startOf(index: number): number {
    this.starts ??= this.findStarts();
    return this.offset + (this.starts[index] ?? this.length);
  }

  private findStarts(): readonly number[] {
    const find = (next: NextBytes) => startsOf(next, this.length, this.limits);
    if (this.bytes) return find(bytesFrom(this.bytes));
    try {
      return this.finder.file.read(this.offset, find);
    } catch {
      return [];
    }
  }
}

function startsOf(next: NextBytes, length: number, { depth }: WindowLimits): readonly number[] {
  const window = new JsonWindow(next, { chunk: length, length, depth }, () => {});
  const starts: number[] = [];
  while (window.peek() !== END && window.offsetOf(window.position) < length) {
    starts.push(window.offsetOf(window.position));
    window.passValue();
    if (window.peek() !== COMMA) break;
    window.position++;
  }
  return starts;
}
