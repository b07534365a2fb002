import { Intakes, takeDocument } from '../evidence/index.js';
import type { Problem } from '../model/index.js';
import type { Cloud } from '../provider.js';
import type { LiveRequest } from './live.js';
import { type Call, misuse } from './options.js';
import { takeFolders } from './recorded-input.js';
import type { Shell } from './shell.js';

/** What was read, and what was wrong with it. `unread` tells that an input could not be read at all or not to its end. */
export interface Input {
  readonly cloud: Cloud;
  readonly problems: readonly Problem[];
  readonly unread: boolean;
}

/** Reads recorded files and nothing else. */
export function readRecorded(paths: readonly string[], complete: boolean): Input {
  const intake = new Intakes();
  const { problems, unread } = takeFolders(intake, paths);
  const { cloud, problems: found } = intake.finish({ complete });
  return { cloud, problems: [...problems, ...found], unread };
}

/** The live accounts that a call asks for, if it asks for any. */
export function liveRequestOf(call: Call): LiveRequest | undefined {
  const aws = call.has('aws') ? { profiles: call.texts('profile'), regions: call.texts('region') } : undefined;
  const gcp = call.has('gcp') ? { projects: call.texts('project') } : undefined;
  const azure = call.has('azure') ? { subscriptions: call.texts('subscription') } : undefined;
  if (!aws && !gcp && !azure) return undefined;
  return { ...(aws && { aws }), ...(gcp && { gcp }), ...(azure && { azure }), userData: call.has('user-data') };
}

/** Reads everything that a call names as input: recorded files first, then live accounts. */
export async function readInput(call: Call, shell: Shell): Promise<Input | Problem> {
  const paths = call.texts('in');
  const live = liveRequestOf(call);
  if (paths.length === 0 && !live) {
    return misuse(
      'there is nothing to judge',
      'the command line',
      'an answer needs recorded files or an account',
      'give --in PATH, --aws, --gcp or --azure',
    );
  }
  const intake = new Intakes();
  const { problems, unread } = takeFolders(intake, paths);
  let failed = unread;
  if (live) {
    const { fetchDocuments } = await import('./live.js');
    const fetched = await fetchDocuments(live, shell, call.has('quiet'));
    const [first] = fetched.problems;
    if (first && paths.length === 0 && fetched.documents.length === 0) return first;
    problems.push(...fetched.problems);
    failed ||= fetched.problems.length > 0;
    for (const document of fetched.documents) takeDocument(intake, document);
  }
  const { cloud, problems: found } = intake.finish({ complete: call.has('complete') });
  return { cloud, problems: [...problems, ...found], unread: failed };
}
