import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { port22, type Ran } from '../command.js';
import { tempFolder } from '../temp-folder.js';

/** Audits documents as JSON, each in a file of its own. */
export async function auditFiles(...inputs: readonly unknown[]): Promise<Ran> {
  const folder = tempFolder();
  try {
    const args = inputs.flatMap((input, index) => {
      const path = join(folder.path, `${index}.json`);
      writeFileSync(path, JSON.stringify(input));
      return ['--in', path];
    });
    return await port22(['audit', ...args, '--format', 'json']);
  } finally {
    folder.remove();
  }
}
