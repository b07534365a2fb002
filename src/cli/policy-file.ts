import { type Policy, readPolicy } from '../ask/policy.js';
import type { Problem } from '../model/index.js';
import { misuse } from './options.js';
import { readRecordedFile } from './recorded-file.js';

/** Reads the file of `--policy`. A policy that is not understood is no policy: nothing is judged by a half of it. */
export function readPolicyFile(path: string): { readonly policy?: Policy; readonly problems: readonly Problem[] } {
  const roots: unknown[] = [];
  const faults = readRecordedFile(path, {
    wants: () => false,
    element: () => undefined,
    rest: (value) => roots.push(value),
  });
  if (faults.length > 0) {
    const why = 'without the whole policy nothing can be held against it';
    return {
      problems: faults.map(({ what, place }) =>
        misuse(what, `${place.file}:${place.line}:${place.column}`, why, 'mend the file'),
      ),
    };
  }
  return readPolicy(roots[0], path);
}
