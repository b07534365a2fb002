import { isAscii, isUtf8 } from 'node:buffer';
import type { FaultList } from './fault-list.js';
import { firstJsonError } from './json-error.js';
import type { JsonWindow } from './json-window.js';

/** Values of a window, as JSON.parse reads them; what it refuses becomes a fault at the very place. */
export class JsonValues {
  private readonly window: JsonWindow;
  private readonly faults: FaultList;
  private allUtf8 = true;

  constructor(window: JsonWindow, faults: FaultList) {
    this.window = window;
    this.faults = faults;
  }

  /** The value from index `start` to before `end`; undefined after a fault. */
  parse(start: number, end: number): { readonly value: unknown } | undefined {
    const text = this.text(start, end);
    try {
      return { value: JSON.parse(text) };
    } catch {
      this.tellError(start, end);
      return undefined;
    }
  }

  /** The `count` values that stand between `start` and `end` with commas between them; undefined when they are no such list. */
  parseList(start: number, end: number, count: number): readonly unknown[] | undefined {
    const text = `[${this.text(start, end)}]`;
    try {
      const values = JSON.parse(text) as readonly unknown[];
      return values.length === count ? values : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * The values that stand between `start` and `end`, none nested deeper than `depth`, with commas between them; undefined when something
   * else stands there, or bytes that are not UTF-8. Faults are not told.
   */
  parseRun(start: number, end: number, depth: number): readonly unknown[] | undefined {
    const bytes = this.window.bytes.subarray(start, end);
    const isPlain = isAscii(bytes);
    if (!isPlain && !isUtf8(bytes)) return undefined;
    try {
      const values = JSON.parse(`[${bytes.toString(isPlain ? 'latin1' : 'utf8')}]`) as readonly unknown[];
      return isDeeper(values, depth + 1) ? undefined : values;
    } catch {
      return undefined;
    }
  }

  /** Tells what is wrong from `start` to `end`, whose end the file does not hold; nothing, when only the end is missing. */
  tellErrorBeforeCut(start: number, end: number): void {
    const error = firstJsonError(this.window.bytes.toString('latin1', start, end));
    if (error && !error.atEnd) this.faults.add(error.what, this.window.offsetOf(start + error.offset));
  }

  /** Tells what is wrong from `start` to `end`. */
  tellError(start: number, end: number): void {
    // A character a byte: then offsets in the text are offsets in the file, and what is wrong in JSON shows all the same.
    const error = firstJsonError(this.window.bytes.toString('latin1', start, end));
    this.faults.add(error?.what ?? 'this is not JSON', this.window.offsetOf(start + (error?.offset ?? 0)));
  }

  private text(start: number, end: number): string {
    const bytes = this.window.bytes.subarray(start, end);
    if (isAscii(bytes)) return bytes.toString('latin1');
    if (this.allUtf8 && !isUtf8(bytes)) {
      this.allUtf8 = false;
      this.faults.add(
        'this is not UTF-8; such bytes are read as U+FFFD',
        this.window.offsetOf(start + firstNotUtf8(bytes)),
      );
    }
    return bytes.toString('utf8');
  }
}

/** Whether a parsed list or object has more than `depth` brackets open at once, its own included. */
function isDeeper(value: object, depth: number): boolean {
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null && isDeeper(item, depth - 1)) return true;
    return false;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'object' && member !== null && isDeeper(member, depth - 1)) return true;
  }
  return false;
}

function firstNotUtf8(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  let index = 0;
  while (bytes[index] === again[index]) index++;
  return index;
}
