import { Intakes, unrecognised } from '../evidence/index.js';
import type { Problem, ProviderName } from '../model/index.js';
import type { DocumentSink } from '../provider.js';
import { misuse } from './options.js';
import { readRecordedFile } from './recorded-file.js';
import { listRecordedFiles } from './recorded-folder.js';

/** Reads one recorded file into the intake; each of its roots is a document of its own. */
function takeFile(intake: Intakes, file: string): { readonly problems: Problem[]; readonly unread: boolean } {
  const documents: DocumentSink[] = [];
  let current: DocumentSink | undefined;
  let strange = false;
  const document = () => {
    if (!current) {
      current = intake.open(file);
      documents.push(current);
    }
    return current;
  };
  const faults = readRecordedFile(file, {
    wants: (key) => document().wants(key),
    element: (key, value, place) => document().element(key, value, place),
    rest: (value) => {
      if (!document().rest(value)) strange = true;
      current = undefined;
    },
  });
  const [fault] = faults;
  for (const one of documents) one.close(fault?.what);
  const problems = faults.map(({ what, place }) =>
    misuse(
      what,
      `${place.file}:${place.line}:${place.column}`,
      'what the file would have told is unknown; the rest is judged',
      'record the answer again',
    ),
  );
  if (strange && faults.length === 0) problems.push(unrecognised(file));
  return { problems, unread: faults.length > 0 };
}

export function takeFolders(
  intake: Intakes,
  paths: readonly string[],
): { readonly problems: Problem[]; readonly unread: boolean } {
  const problems: Problem[] = [];
  let unread = false;
  for (const path of paths) {
    const { files, faults } = listRecordedFiles(path);
    for (const { what, path: where } of faults)
      problems.push(
        misuse(what, where || '--in', 'what it would have told is unknown', 'look at the path and its permissions'),
      );
    unread ||= faults.length > 0;
    if (files.length === 0 && faults.length === 0) {
      unread = true;
      problems.push(
        misuse(
          'there is no recorded file',
          path,
          'a folder is searched for .json, .jsonl and .ndjson',
          'give the folder that port22 fetch wrote',
        ),
      );
    }
    for (const file of files) {
      const taken = takeFile(intake, file);
      problems.push(...taken.problems);
      unread ||= taken.unread;
    }
  }
  return { problems, unread };
}

/** What was recorded of each cloud, for a deployment to be laid over, and what was wrong with it. */
export function readEvidence(paths: readonly string[]): {
  readonly evidence: ReadonlyMap<ProviderName, unknown>;
  readonly problems: readonly Problem[];
  readonly unread: boolean;
} {
  const intake = new Intakes();
  const { problems, unread } = takeFolders(intake, paths);
  return { evidence: intake.evidence(), problems, unread };
}
