import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of providers/host/collect.sh, where .ci/build.mjs put it into the one file of the command. */
declare const COLLECT_SCRIPT: string | undefined;

/** The script of `port22 collect` as it stands in the repository. Below src/ and below dist/src/ it is a file beside them. */
export function collectScript(): string {
  if (typeof COLLECT_SCRIPT === 'string') return COLLECT_SCRIPT;
  return readFileSync(join(__dirname, '../../providers/host/collect.sh'), 'utf8');
}
