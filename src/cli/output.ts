import { open } from 'node:fs/promises';
import type { Problem } from '../model/index.js';
import { type Call, misuse } from './options.js';
import type { Shell } from './shell.js';

const batchLength = 1 << 20;

async function inBatches(pieces: Iterable<string>, write: (text: string) => Promise<void>): Promise<void> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < batchLength) continue;
    await write(batch);
    batch = '';
  }
  await write(batch);
}

async function intoFile(name: string, pieces: Iterable<string>): Promise<void> {
  const file = await open(name, 'w');
  try {
    await inBatches(pieces, (text) => file.writeFile(text));
  } finally {
    await file.close();
  }
}

/** Writes a result to stdout, or to the file that `--output` names. Answers the problem when the file cannot be written. */
export async function writeResult(call: Call, shell: Shell, pieces: Iterable<string>): Promise<Problem | undefined> {
  const file = call.text('output');
  if (file === undefined) {
    await inBatches(pieces, (text) => shell.out(text));
    return undefined;
  }
  try {
    await intoFile(file, pieces);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return misuse('the result cannot be written', `--output ${file}`, why, 'choose a file that can be written');
  }
}
