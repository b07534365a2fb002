import { closeSync, openSync, writeSync } from 'node:fs';
import type { Problem } from '../model/index.js';
import { type Call, misuse } from './options.js';
import type { Shell } from './shell.js';

const batchLength = 1 << 20;

function inBatches(pieces: Iterable<string>, write: (text: string) => void): void {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < batchLength) continue;
    write(batch);
    batch = '';
  }
  write(batch);
}

/** Writes a result to stdout, or to the file that `--output` names. Answers the problem when the file cannot be written. */
export function writeResult(call: Call, shell: Shell, pieces: Iterable<string>): Problem | undefined {
  const file = call.text('output');
  if (file === undefined) {
    inBatches(pieces, (text) => shell.out(text));
    return undefined;
  }
  try {
    const descriptor = openSync(file, 'w');
    inBatches(pieces, (text) => writeSync(descriptor, text));
    closeSync(descriptor);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return misuse('the result cannot be written', `--output ${file}`, why, 'choose a file that can be written');
  }
}
