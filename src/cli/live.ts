import { fetchAws } from '../../providers/aws/fetch.js';
import { recordedDocument } from '../../providers/aws/records/recording.js';
import { fetchAzure } from '../../providers/azure/fetch.js';
import { fetchGcp } from '../../providers/gcp/fetch.js';
import type { RecordedDocument } from '../evidence/index.js';
import type { Problem } from '../model/index.js';
import { isProblem } from './options.js';
import { progressLine } from './progress.js';
import type { Shell } from './shell.js';

/** The live accounts that a call asks for, by cloud; undefined for a cloud that it does not. */
export interface LiveRequest {
  readonly aws?: { readonly profiles: readonly string[]; readonly regions: readonly string[] };
  readonly gcp?: { readonly projects: readonly string[] };
  readonly azure?: { readonly subscriptions: readonly string[] };
  /** Whether what machines run when they boot is asked for, too. */
  readonly userData: boolean;
}

export interface Fetched {
  readonly documents: readonly RecordedDocument[];
  /** Why nothing could be asked of a cloud. */
  readonly problems: readonly Problem[];
}

/** In the order in which a recorded folder is read, so that live and replayed answers are told alike. */
function inFolderOrder(a: RecordedDocument, b: RecordedDocument): number {
  const [left, right] = [a.path.split('/'), b.path.split('/')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = Buffer.compare(Buffer.from(left[index] ?? ''), Buffer.from(right[index] ?? ''));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

type Told = (cloud: string) => { progress(done: number, total: number, label: string): void };

function asked(
  { aws, gcp, azure, userData }: LiveRequest,
  told: Told,
  take: (document: RecordedDocument) => void,
): Promise<unknown>[] {
  return [
    ...(aws ? [fetchAws({ ...aws, userData }, told('aws'), (answer) => take(recordedDocument(answer)))] : []),
    ...(gcp ? [fetchGcp({ ...gcp, userData }, told('gcp'), take)] : []),
    ...(azure ? [fetchAzure({ ...azure, userData }, told('azure'), take)] : []),
  ];
}

/** What is wrong with a whole cloud, in four parts; anything else is a fault of port22 and goes on. */
function problemIn(error: unknown): Problem {
  const { problem } = error as { problem?: unknown };
  if (isProblem(problem)) return problem;
  throw error;
}

/** Asks all clouds at once, with progress on a terminal. Answers the documents as they would be recorded. */
export async function fetchDocuments(request: LiveRequest, shell: Shell, quiet: boolean): Promise<Fetched> {
  const line = progressLine(shell, quiet);
  const documents: RecordedDocument[] = [];
  const told: Told = (cloud) => ({
    progress: (done, total, label) => line.show(`asking ${cloud}: ${done} of ${total} calls, ${label}`),
  });
  try {
    const ended = await Promise.allSettled(asked(request, told, (document) => documents.push(document)));
    const problems = ended.flatMap((one) => (one.status === 'rejected' ? [problemIn(one.reason)] : []));
    return { documents: documents.sort(inFolderOrder), problems };
  } finally {
    line.end();
  }
}
