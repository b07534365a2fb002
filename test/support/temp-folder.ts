import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TempFolder {
  readonly path: string;
  /** Writes files, given by their path inside the folder; the folders between are made. */
  readonly write: (files: Record<string, string>) => void;
  readonly remove: () => void;
}

/** An empty folder of the test's own; the caller removes it. */
export function tempFolder(): TempFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'port22-')));
  return {
    path,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
