import { constants } from 'node:buffer';
import { FaultList, type JsonFault } from './recorded/fault-list.js';
import { PlaceFinder } from './recorded/file-place.js';
import { RecordedReader, type RecordedSink } from './recorded/recorded-reader.js';
import type { ReadLimits } from './recorded/run-guess.js';
import { systemWords } from './recorded/system-words.js';
import { type NextBytes, Utf8File } from './recorded/utf8-file.js';

export type { JsonFault } from './recorded/fault-list.js';
export type { RecordedSink } from './recorded/recorded-reader.js';

const LIMITS: ReadLimits = { chunk: 4 << 20, length: constants.MAX_STRING_LENGTH, depth: 512, batch: 1 << 16 };

/**
 * Reads a file of JSON, or of several JSON documents one after another, and hands its parts to `sink`; a few MiB are in memory at a
 * time, or one value if that is larger. Returns what is wrong with the file, in its order; [] when nothing is. What can be read beside a
 * fault is still handed over, but never a value that is not whole. Throws only what `sink` throws.
 */
export function readRecordedFile(path: string, sink: RecordedSink, limits: Partial<ReadLimits> = {}): JsonFault[] {
  const file = new Utf8File(path);
  const finder = new PlaceFinder(file);
  const faults = new FaultList(path, finder);
  let opened = false;
  try {
    file.read(0, (next) => {
      opened = true;
      new RecordedReader(endingAtErrors(next, faults), sink, finder, faults, { ...LIMITS, ...limits }).readRoots();
    });
  } catch (error) {
    if (opened) throw error;
    faults.add(systemWords(error), 0);
  }
  return faults.inOrder();
}

/** What cannot be read is the end of the file, with a fault that says why. */
function endingAtErrors(next: NextBytes, faults: FaultList): NextBytes {
  let offset = 0;
  return (into, at, most) => {
    try {
      const count = next(into, at, most);
      offset += count;
      return count;
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      faults.add(systemWords(error), offset);
      return 0;
    }
  };
}
