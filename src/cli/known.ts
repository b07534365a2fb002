import type { Problem } from '../model/index.js';
import type { Cloud, HostEvidence } from '../provider.js';
import { readHostFiles } from './host-file.js';
import { liveRequestOf, readInput } from './input.js';
import { type Call, isProblem } from './options.js';
import type { Shell } from './shell.js';

/** The records and the bundle that a call names, as far as it names any. */
export interface Known {
  readonly cloud?: Cloud;
  readonly host?: HostEvidence;
  readonly problems: readonly Problem[];
  readonly unread: boolean;
}

/** Reads them; the problem where one cannot be read at all. */
export async function knownBy(call: Call, shell: Shell): Promise<Known | Problem> {
  const told = readHostFiles(call);
  const wrong = told.problems.find(({ severity }) => severity === 'error');
  if (wrong) return wrong;
  const host = told.host && { host: told.host };
  const isAlone = host && call.texts('in').length === 0 && !liveRequestOf(call);
  if (isAlone) return { ...host, problems: told.problems, unread: false };
  const input = await readInput(call, shell);
  if (isProblem(input)) return input;
  return { ...host, cloud: input.cloud, problems: [...told.problems, ...input.problems], unread: input.unread };
}
