import { readFileSync, statSync } from 'node:fs';
import { readHost } from '../evidence/host.js';
import type { Problem } from '../model/index.js';
import type { HostEvidence } from '../provider.js';
import { misuse } from './options.js';
import { systemWords } from './recorded/system-words.js';

/** The collector keeps its output well below that; a serial console adds little. */
const largest = 256 << 20;

/** Reads the file of `--host`. Bytes that are no UTF-8 are kept as replacement characters: they decide nothing. */
export function readHostFile(path: string): { readonly host?: HostEvidence; readonly problems: readonly Problem[] } {
  const fix = 'give the file into which the script of port22 collect was run';
  try {
    const { size } = statSync(path);
    if (size > largest) {
      const why = `it has ${size} bytes, and a bundle has ${largest} at most`;
      return { problems: [misuse('the file is too large for a bundle of a host', path, why, fix)] };
    }
    const { host, problems } = readHost(readFileSync(path, 'utf8'));
    return { ...(host && { host }), problems: problems.map((one) => ({ ...one, where: `${path}: ${one.where}` })) };
  } catch (error) {
    return { problems: [misuse(systemWords(error), path, 'what the machine tells of itself is not known', fix)] };
  }
}
