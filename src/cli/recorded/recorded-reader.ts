import type { Place } from '../../provider.js';
import type { FaultList } from './fault-list.js';
import type { PlaceFinder } from './file-place.js';
import { quoted } from './json-error.js';
import { JsonValues } from './json-values.js';
import { END, JsonWindow } from './json-window.js';
import { type ReadLimits, RunGuess } from './run-guess.js';
import { RunPlaces } from './run-places.js';
import type { NextBytes } from './utf8-file.js';

/** Who takes what a recorded file holds. */
export interface RecordedSink {
  /** Asked at a list under a key of the root object, and at a root that is a list, whose key is '': true to be given its elements one by one. */
  wants(key: string): boolean;
  /** One element of a wanted list. */
  element(key: string, value: unknown, at: Place): void;
  /** Once per root, after its elements: the root without its wanted lists; [] for a root that is a wanted list. */
  rest(value: unknown): void;
}

const BATCH_ELEMENTS = 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** A wrong word can be passed over; where a value starts in another way (a comment, a single quote), its end cannot be told. */
const STARTS_VALUE = /[[{"\w.+-]/;
const ENDS_ITSELF: readonly number[] = [QUOTE, OPEN_LIST, OPEN_OBJECT];

/** Reads the roots of a file and the items of its outermost lists and objects byte by byte, and leaves each value to JSON.parse. */
export class RecordedReader {
  private readonly sink: RecordedSink;
  private readonly finder: PlaceFinder;
  private readonly faults: FaultList;
  private readonly limits: ReadLimits;
  private readonly window: JsonWindow;
  private readonly values: JsonValues;
  private readonly guess: RunGuess;
  /** Set where what follows can no longer be told apart. */
  private stopped = false;
  private listKey = '';
  private readonly batchStarts: number[] = [];
  private readonly batchEnds: number[] = [];

  constructor(next: NextBytes, sink: RecordedSink, finder: PlaceFinder, faults: FaultList, limits: ReadLimits) {
    this.sink = sink;
    this.finder = finder;
    this.faults = faults;
    this.limits = limits;
    this.window = new JsonWindow(next, limits, () => this.deliverBatch());
    this.values = new JsonValues(this.window, faults);
    this.guess = new RunGuess(this.window, limits);
  }

  readRoots(): void {
    if (this.window.peek() === END) {
      this.faults.add(this.window.endOffset === 0 ? 'the file is empty' : 'the file holds only blanks', 0);
    }
    while (!this.stopped && this.window.peek() !== END) this.readRoot();
  }

  private readRoot(): void {
    const first = this.window.peek();
    if (first === OPEN_OBJECT) {
      this.readRootObject();
    } else if (first === OPEN_LIST && this.sink.wants('')) {
      this.readWantedList('');
      this.sink.rest([]);
    } else {
      const root = this.readValue({ endsWithFile: !ENDS_ITSELF.includes(first) });
      if (root) this.sink.rest(root.value);
      else if (first !== OPEN_LIST) this.stopped = true; // a page of HTML, a log: no JSON at all
    }
  }

  private readRootObject(): void {
    const members = new Map<string, unknown>();
    const keys = new Set<string>();
    this.readItems(CLOSE_OBJECT, 'a key in double quotes', () => this.readMember(keys, members));
    this.sink.rest(Object.fromEntries(members));
  }

  private readMember(keys: Set<string>, members: Map<string, unknown>): void {
    const offset = this.window.offsetOf(this.window.position);
    const key = this.readKey();
    if (this.stopped) return;
    if (key !== undefined && keys.has(key)) {
      this.faults.add(`the key ${quoted(key)} stands twice in one object`, offset);
    }
    if (key) keys.add(key);
    if (key && this.window.peek() === OPEN_LIST && this.sink.wants(key)) {
      this.readWantedList(key);
      return;
    }
    const member = this.readValue();
    if (member && key !== undefined) members.set(key, member.value);
  }

  /** A key and its colon; undefined after a fault. */
  private readKey(): string | undefined {
    const quotes = this.window.peek() === QUOTE;
    if (!quotes) this.stopForWantOf('a key in double quotes');
    const key = quotes ? this.readValue()?.value : undefined;
    if (this.stopped) return undefined;
    if (this.window.peek() === COLON) this.window.position++;
    else this.stopForWantOf("':' after the key");
    return typeof key === 'string' ? key : undefined;
  }

  private readWantedList(key: string): void {
    this.listKey = key;
    this.guess.startList();
    this.readItems(CLOSE_LIST, 'a value', () => {
      if (!this.readRun() && this.passValue()) this.addToBatch(this.window.start, this.window.position);
    });
    this.deliverBatch();
  }

  /** Reads from the opening bracket to `closer`. A comma too many or too few is a fault that does not end the reading. */
  private readItems(closer: number, item: string, readItem: () => void): void {
    this.window.position++;
    let before: 'bracket' | 'item' | 'comma' = 'bracket';
    while (!this.stopped) {
      const byte = this.window.peek();
      if (byte === closer) {
        if (before === 'comma') this.tellExpected(item);
        this.window.position++;
        return;
      }
      if (byte === COMMA) {
        if (before !== 'item') this.tellExpected(item);
        this.window.position++;
        before = 'comma';
      } else {
        if (before === 'item') this.tellExpected(`',' or '${String.fromCharCode(closer)}'`);
        readItem();
        before = 'item';
      }
    }
  }

  /** The next value; undefined after a fault. */
  private readValue(how: { endsWithFile: boolean } = { endsWithFile: false }): { readonly value: unknown } | undefined {
    return this.passValue(how.endsWithFile) ? this.values.parse(this.window.start, this.window.position) : undefined;
  }

  /** Passes the next value; false after a fault, otherwise it stands whole in the window. */
  private passValue(endsWithFile = false): boolean {
    const first = this.window.peek();
    if (first === END || !STARTS_VALUE.test(String.fromCharCode(first))) {
      this.stopForWantOf('a value');
      return false;
    }
    const offset = this.window.offsetOf(this.window.position);
    const ending = this.window.passValue();
    if (ending === 'whole' || (ending === 'cut' && endsWithFile)) return true;
    this.deliverBatch(); // without this value between its elements
    if (ending === 'deep') {
      this.faults.add(`the value is nested deeper than ${this.limits.depth} levels`, offset);
    } else if (ending === 'long') {
      this.faults.add(`the value is longer than ${this.limits.length} bytes`, offset);
    } else if (ending === 'torn') {
      this.values.tellError(this.window.start, this.window.position);
      this.stopped = true;
    } else {
      this.values.tellErrorBeforeCut(this.window.start, this.window.position);
      this.stopForWantOf('the rest of a value');
    }
    return false;
  }

  private tellExpected(expected: string): void {
    const byte = this.window.peek();
    if (byte === END) this.faults.add('the file ends before its JSON does', this.window.endOffset);
    else {
      const found = quoted(String.fromCharCode(byte));
      this.faults.add(`expected ${expected}, found ${found}`, this.window.offsetOf(this.window.position));
    }
  }

  private stopForWantOf(expected: string): void {
    this.tellExpected(expected);
    this.stopped = true;
  }

  /** Reads the next elements in one go; false when that cannot be done, which tells nothing of their faults. */
  private readRun(): boolean {
    const { window, guess } = this;
    const start = window.position;
    const end = guess.endOfRun();
    if (end === undefined) return false;
    const elements = this.values.parseRun(start, end, this.limits.depth);
    if (elements === undefined) {
      guess.refute();
      return false;
    }
    guess.confirm();
    this.deliverBatch();
    const places = new RunPlaces(this.finder, this.limits, window.offsetOf(start), window.bytes.subarray(start, end));
    for (const [index, element] of elements.entries()) this.sink.element(this.listKey, element, places.at(index));
    places.release();
    window.position = end;
    return true;
  }

  private addToBatch(start: number, end: number): void {
    const first = this.batchStarts[0];
    if (first !== undefined && (end - first > this.limits.batch || this.batchStarts.length === BATCH_ELEMENTS))
      this.deliverBatch();
    this.batchStarts.push(start);
    this.batchEnds.push(end);
  }

  private deliverBatch(): void {
    const { batchStarts, batchEnds } = this;
    const count = batchStarts.length;
    const together =
      count > 1 ? this.values.parseList(batchStarts[0] as number, batchEnds[count - 1] as number, count) : undefined;
    for (let i = 0; i < count; i++) {
      const start = batchStarts[i] as number;
      const element = together ? { value: together[i] } : this.values.parse(start, batchEnds[i] as number);
      if (element) this.sink.element(this.listKey, element.value, this.finder.at(this.window.offsetOf(start)));
    }
    batchStarts.length = 0;
    batchEnds.length = 0;
  }
}
