import type { RecordedDocument } from '../../../src/evidence/index.js';
import { collectAnswer } from '../collected-answers.js';
import { type JsonRecord, type Kind, listKindOf } from './kinds.js';
import { projectIn } from './urls.js';

/** As `gcloud ... --format=json` prints it, as the REST API answers it, or as `port22 fetch` records it. */
export type Form = 'gcloud' | 'rest' | 'fetched';

/** One list of one project. */
export interface Listing {
  readonly kind: Kind;
  readonly project: string;
  readonly records: readonly JsonRecord[];
  /** Scopes that could not be read; `gcloud` prints nothing of them. */
  readonly unreachables: readonly string[];
}

/** What was answered about one subject, which stands beside the answer. */
export interface SubjectAnswer {
  readonly operation: string;
  readonly subject: JsonRecord;
  readonly body: JsonRecord;
}

/** A call that was refused. */
export interface Denial {
  readonly operation: string;
  readonly subject: JsonRecord;
  readonly permission: string;
}

/** Nobody can tell what an empty array is a list of: there is no such file. */
export function listDocument(listing: Listing, form: Form): readonly RecordedDocument[] {
  const { operation } = listKindOf(listing.kind);
  const path = `${listing.project}/${operation}.json`;
  if (form === 'gcloud') {
    return listing.records.length === 0 ? [] : [document(path, { operation, form, body: listing.records })];
  }
  const head = form === 'fetched' ? envelope(listing.project, operation) : {};
  return [document(path, { operation, form, body: restList(listing) }, head)];
}

export function subjectDocument({ operation, subject, body }: SubjectAnswer, form: Form): RecordedDocument {
  const head = form === 'fetched' ? envelope(projectOf(subject), operation) : {};
  return document(pathOf(operation, subject), { operation, form, body }, { ...head, ...subject });
}

/** A denial has an envelope in every form. */
export function denialDocument({ operation, subject, permission }: Denial): RecordedDocument {
  const project = projectOf(subject);
  const message = `Required '${permission}' permission for 'projects/${project}'`;
  const head = envelope(project, operation, { code: 'IAM_PERMISSION_DENIED', message });
  return { path: pathOf(operation, subject), value: plain({ ...head, ...subject }) };
}

function restList({ kind, project, records, unreachables }: Listing): JsonRecord {
  const { answer, scopes } = listKindOf(kind);
  if (answer === undefined) return { [kind]: records };
  const id = `projects/${project}/${scopes === undefined ? 'global' : 'aggregated'}/${kind}`;
  const head = { kind: answer, id, selfLink: `https://www.googleapis.com/compute/v1/${id}` };
  if (scopes === undefined) return { ...head, items: records.length === 0 ? undefined : records };
  const items = Object.fromEntries(
    scopes.filter((scope) => !unreachables.includes(scope)).map((scope) => [scope, scopedList(kind, scope, records)]),
  );
  return { ...head, items, unreachables: unreachables.length === 0 ? undefined : unreachables };
}

function scopedList(kind: Kind, scope: string, records: readonly JsonRecord[]): JsonRecord {
  const own = records.filter((record) => scopeOf(record) === scope);
  if (own.length > 0) return { [kind]: own };
  const message = `There are no results for scope '${scope}' on this page.`;
  return { warning: { code: 'NO_RESULTS_ON_PAGE', message, data: [{ key: 'scope', value: scope }] } };
}

function scopeOf(record: JsonRecord): string {
  return /projects\/[^/]+\/((?:zones|regions)\/[^/]+|global)\//.exec(String(record.selfLink))?.[1] ?? 'global';
}

function projectOf(subject: JsonRecord): string {
  return typeof subject.project === 'string' ? subject.project : projectIn(undefined);
}

function pathOf(operation: string, subject: JsonRecord): string {
  const names = Object.values(subject).map((value) => String(value).replace(/[^a-z0-9-]+/gi, '-'));
  return `${[operation, ...names].join('-')}.json`;
}

function envelope(project: string, operation: string, error?: JsonRecord): JsonRecord {
  return { port22: { schema: 'port22/recording/v1', provider: 'gcp', project, operation, error } };
}

interface Answer {
  readonly operation: string;
  readonly form: Form;
  readonly body: JsonRecord | readonly JsonRecord[];
}

/** Every answer is written here, and nowhere else; `beside` is ours. */
function document(path: string, answer: Answer, beside: JsonRecord = {}): RecordedDocument {
  const body = plain(answer.body);
  collectAnswer({ cloud: 'gcp', ...answer, body });
  return { path, value: Array.isArray(body) ? body : { ...beside, ...body } };
}

function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
