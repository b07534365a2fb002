import type { Problem } from '../model/index.js';
import type { Cloud } from '../provider.js';
import { Intakes } from './intakes.js';

export { Intakes } from './intakes.js';

/** One recorded JSON file, parsed. */
export interface RecordedDocument {
  /** Its path: where nothing inside tells, folders named like an account or a region do. */
  readonly path: string;
  readonly value: unknown;
}

/** What is known, and whether the caller vouches that nothing else exists. */
export interface Evidence {
  readonly documents: readonly RecordedDocument[];
  readonly complete?: boolean;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Hands one parsed document to an intake, its big lists element by element. Answers whether the document was recognised. */
export function takeDocument(intake: Pick<Intakes, 'open'>, { path, value }: RecordedDocument): boolean {
  const sink = intake.open(path);
  let recognised = false;
  const at = { file: path, line: 1, column: 1 };
  if (Array.isArray(value) && sink.wants('')) {
    for (const element of value) sink.element('', element, at);
    recognised = sink.rest([]);
  } else if (!isObject(value)) recognised = sink.rest(value);
  else {
    const rest = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      if (!Array.isArray(item) || !sink.wants(key)) {
        rest.set(key, item);
        continue;
      }
      for (const element of item) sink.element(key, element, at);
    }
    recognised = sink.rest(Object.fromEntries(rest));
  }
  sink.close();
  return recognised;
}

export function unrecognised(path: string): Problem {
  return {
    severity: 'warning',
    what: 'this JSON is of no kind that port22 knows',
    where: path,
    why: 'it is not used, and what it may have told is unknown',
    fix: 'give what `aws ec2 describe-...` prints, or what `port22 fetch` recorded',
  };
}

/** Reads recorded documents and lowers them. */
export function lower(evidence: Evidence): { readonly cloud: Cloud; readonly problems: readonly Problem[] } {
  const intake = new Intakes();
  const strange = evidence.documents
    .filter((document) => !takeDocument(intake, document))
    .map(({ path }) => unrecognised(path));
  const { cloud, problems } = intake.finish({ complete: evidence.complete ?? false });
  return { cloud, problems: [...strange, ...problems] };
}
