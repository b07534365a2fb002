import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemWords } from './recorded/system-words.js';

/** The files to read, and what could not be looked into. */
export interface RecordedFolder {
  readonly files: string[];
  readonly faults: { readonly what: string; readonly path: string }[];
}

const RECORDED = /\.(json|jsonl|ndjson)$/i;
const SKIPPED = /^(\..*|node_modules)$/;

/**
 * The recorded files at `path`: the file itself whatever it is called, or of a folder and all below it the JSON files, folder by folder
 * in the order of the bytes of their names. Left out are hidden files and folders, and node_modules. What links lead to is listed once,
 * under the first path that leads there, so that they may form rings. Throws nothing.
 */
export function listRecordedFiles(path: string): RecordedFolder {
  const found: RecordedFolder = { files: [], faults: [] };
  visit(path, found, new Set(), (stats) => !stats.isDirectory());
  return found;
}

function visit(path: string, found: RecordedFolder, seen: Set<string>, isWanted: (stats: Stats) => boolean): void {
  try {
    const stats = statSync(path);
    if (!stats.isDirectory() && !isWanted(stats)) return;
    const real = realpathSync(path);
    if (seen.has(real)) return;
    seen.add(real);
    if (stats.isDirectory()) visitFolder(path, found, seen);
    else found.files.push(path);
  } catch (error) {
    found.faults.push({ what: systemWords(error), path });
  }
}

function visitFolder(path: string, found: RecordedFolder, seen: Set<string>): void {
  const names = readdirSync(path).filter((name) => !SKIPPED.test(name));
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) visit(join(path, name), found, seen, (stats) => stats.isFile() && RECORDED.test(name));
}
