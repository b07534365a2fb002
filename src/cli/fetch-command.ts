import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RecordedDocument } from '../evidence/index.js';
import type { Problem } from '../model/index.js';
import type { Context } from './context.js';
import { liveRequestOf } from './input.js';
import { misuse } from './options.js';

function unusable(folder: string): Problem | undefined {
  try {
    if (readdirSync(folder).length === 0) return undefined;
    return misuse(
      `${folder} is not empty`,
      '--out',
      'old answers among new ones would be judged together',
      'give a folder that is empty or does not exist yet',
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return misuse(
      `${folder} cannot be used`,
      '--out',
      error instanceof Error ? error.message : String(error),
      'give another folder',
    );
  }
}

function record(folder: string, documents: readonly RecordedDocument[]): Problem | undefined {
  try {
    for (const { path, value } of documents) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(value, null, 4)}\n`);
    }
    return undefined;
  } catch (error) {
    return misuse(
      'the answers cannot be written',
      folder,
      error instanceof Error ? error.message : String(error),
      'make room, or give another folder',
    );
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function refused({ value }: RecordedDocument): boolean {
  return isObject(value) && 'port22' in value && isObject(value.port22) && 'error' in value.port22;
}

/** `port22 fetch --out DIR --aws --gcp --azure`. */
export async function fetchCommand({ call, shell, report }: Context): Promise<number> {
  const folder = call.text('out');
  const live = liveRequestOf(call);
  if (folder === undefined)
    return report(
      [misuse('there is no folder to write to', '--out', 'fetch records one file a call', 'give --out DIR')],
      2,
    );
  if (!live)
    return report(
      [
        misuse(
          'there is no cloud to ask',
          'the command line',
          'fetch records the answers of an account',
          'give --aws, --gcp or --azure',
        ),
      ],
      2,
    );
  const wrong = unusable(folder);
  if (wrong) return report([wrong], 2);
  const { fetchDocuments } = await import('./live.js');
  const fetched = await fetchDocuments(live, shell, call.has('quiet'));
  report(fetched.problems, 0);
  if (fetched.documents.length === 0) return 2;
  const unwritten = record(folder, fetched.documents);
  if (unwritten) return report([unwritten], 2);
  const denied = fetched.documents.filter(refused).length;
  const total = fetched.documents.length;
  if (!call.has('quiet')) shell.err(`${total - denied} of ${total} calls answered, recorded in ${folder}\n`);
  if (denied === 0) return fetched.problems.length > 0 ? 3 : 0;
  return denied === total ? 2 : 3;
}
