import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** Puts the next bytes, at most `most`, at index `at` of `into`; returns how many, 0 at the end. Throws what the system reports. */
export type NextBytes = (into: Buffer, at: number, most: number) => number;

const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], decode: undefined },
  { bytes: [0xff, 0xfe], decode: { bigEndian: false } },
  { bytes: [0xfe, 0xff], decode: { bigEndian: true } },
];
const UTF16_BYTES = 1 << 16;

/** A file as UTF-8 without its byte order mark: UTF-16, which PowerShell's redirection writes, is transcoded on the way. */
export class Utf8File {
  readonly path: string;
  /** What a pipe gave: it can be asked only once, a place in it is wanted later. */
  private held: Buffer | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Runs `use` over the bytes from offset `from` (of the UTF-8) on; the file is open only meanwhile. Throws what the system reports. */
  read<T>(from: number, use: (next: NextBytes) => T): T {
    if (this.held !== undefined) return use(utf8(bytesOf(this.held), from));
    const file = openSync(this.path, 'r');
    try {
      const plain = fstatSync(file);
      if (plain.isFile() || plain.isDirectory()) return use(utf8(bytesIn(file), from));
      this.held = readFileSync(file);
      return use(utf8(bytesOf(this.held), from));
    } finally {
      closeSync(file);
    }
  }
}

/** Reads raw bytes by their position. */
type BytesAt = (position: number, into: Buffer, at: number, most: number) => number;

const bytesOf =
  (held: Buffer): BytesAt =>
  (position, into, at, most) =>
    held.copy(into, at, position, position + most);

const bytesIn =
  (file: number): BytesAt =>
  (position, into, at, most) =>
    readSync(file, into, at, most, position);

/** The bytes of a buffer, from its first on. */
export function bytesFrom(buffer: Buffer): NextBytes {
  return sequence(bytesOf(buffer), 0);
}

function utf8(bytes: BytesAt, from: number): NextBytes {
  const start = Buffer.alloc(3);
  bytes(0, start, 0, start.length);
  const mark = MARKS.find((candidate) => candidate.bytes.every((byte, index) => start[index] === byte));
  const skipped = mark?.bytes.length ?? 0;
  if (mark?.decode === undefined) return sequence(bytes, skipped + from);
  const next = transcoded(sequence(bytes, skipped), mark.decode.bigEndian);
  passOver(next, from);
  return next;
}

function sequence(bytes: BytesAt, position: number): NextBytes {
  let offset = position;
  return (into, at, most) => {
    const count = bytes(offset, into, at, most);
    offset += count;
    return count;
  };
}

function passOver(next: NextBytes, count: number): void {
  const sink = Buffer.allocUnsafe(UTF16_BYTES);
  let left = count;
  while (left > 0) {
    const passed = next(sink, 0, Math.min(left, sink.length));
    if (passed === 0) return;
    left -= passed;
  }
}

/** UTF-8 from UTF-16; what is no character (a lone surrogate, half a unit at the end) becomes U+FFFD. */
function transcoded(next: NextBytes, bigEndian: boolean): NextBytes {
  const raw = Buffer.allocUnsafe(UTF16_BYTES);
  let kept = 0; // bytes of a character whose rest is still to come
  let ready: Buffer = Buffer.alloc(0);
  return (into, at, most) => {
    while (ready.length === 0) {
      const count = next(raw, kept, raw.length - kept);
      const end = kept + count;
      if (end === 0) return 0;
      const whole = count === 0 ? end : wholeCharacters(raw, end, bigEndian);
      ready = Buffer.from(unitsOf(raw, whole, bigEndian));
      kept = raw.copy(raw, 0, whole, end);
    }
    const count = ready.copy(into, at, 0, most);
    ready = ready.subarray(count);
    return count;
  };
}

function wholeCharacters(raw: Buffer, end: number, bigEndian: boolean): number {
  const units = end - (end % 2);
  if (units === 0) return 0;
  const high = raw[bigEndian ? units - 2 : units - 1] ?? 0;
  return high >= 0xd8 && high <= 0xdb ? units - 2 : units;
}

function unitsOf(raw: Buffer, end: number, bigEndian: boolean): string {
  const units = Buffer.from(raw.subarray(0, end - (end % 2)));
  const text = (bigEndian ? units.swap16() : units).toString('utf16le');
  return end % 2 === 0 ? text : `${text}\ufffd`;
}
