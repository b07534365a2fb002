import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleText } from './bundle-text.js';
import { givenBundle, type Records } from './given-bundle.js';

let written = 0;

/** Writes a bundle of these records into a folder. Answers its path. */
export function bundleFile(folder: string, records: Records): string {
  written += 1;
  const path = join(folder, `bundle-${written}`);
  writeFileSync(path, bundleText(givenBundle(records)));
  return path;
}
