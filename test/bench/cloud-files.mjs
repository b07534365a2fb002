// Writes big lists as the command lines of the clouds print them: an array with an indent of two.

import { closeSync, openSync, writeSync } from 'node:fs';

const FLUSH_CHARACTERS = 1 << 20;
const RECORDS_PER_FILE = 10_000;

/** Writes `[...records]` with an indent of two; holds about 1 MiB at a time. */
export function writeArray(path, records) {
  const file = openSync(path, 'w');
  let pending = '[';
  let separator = '\n';
  for (const record of records) {
    pending += `${separator}  ${JSON.stringify(record, null, 2).replaceAll('\n', '\n  ')}`;
    separator = ',\n';
    if (pending.length < FLUSH_CHARACTERS) continue;
    writeSync(file, pending);
    pending = '';
  }
  writeSync(file, `${pending}\n]\n`);
  closeSync(file);
}

/** Writes `count` records in files of 10,000: `NAME-000.json`, `NAME-001.json`, ... `recordOf` may answer undefined for none. */
export function writeParts(stem, count, recordOf) {
  for (let first = 0; first < count; first += RECORDS_PER_FILE) {
    const part = String(first / RECORDS_PER_FILE).padStart(3, '0');
    const next = Math.min(first + RECORDS_PER_FILE, count);
    writeArray(`${stem}-${part}.json`, range(first, next, recordOf));
  }
}

function* range(first, next, recordOf) {
  for (let n = first; n < next; n++) {
    const record = recordOf(n);
    if (record !== undefined) yield record;
  }
}
