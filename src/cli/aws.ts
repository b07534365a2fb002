import { FetchError, fetchAws } from '../../providers/aws/fetch.js';
import { recordedDocument } from '../../providers/aws/records/recording.js';
import type { RecordedDocument } from '../evidence/index.js';
import type { Problem } from '../model/index.js';
import { progressLine } from './progress.js';
import type { Shell } from './shell.js';

export interface AwsRequest {
  readonly profiles: readonly string[];
  readonly regions: readonly string[];
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

/** Asks AWS, with progress on a terminal. Answers the documents as they would be recorded, or why nothing could be asked. */
export async function fetchDocuments(
  request: AwsRequest,
  shell: Shell,
  quiet: boolean,
): Promise<{ readonly documents: readonly RecordedDocument[] } | { readonly problem: Problem }> {
  const line = progressLine(shell, quiet);
  const documents: RecordedDocument[] = [];
  try {
    await fetchAws(
      { profiles: request.profiles, regions: request.regions },
      { progress: (done, total, label) => line.show(`asking aws: ${done} of ${total} calls, ${label}`) },
      (answer) => documents.push(recordedDocument(answer)),
    );
    return { documents: documents.sort(inFolderOrder) };
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return { problem: error.problem };
  } finally {
    line.end();
  }
}
