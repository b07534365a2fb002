import type { RecordedDocument } from '../../../src/evidence/index.js';
import { collectAnswer } from '../collected-answers.js';
import { GROUP, SUBSCRIPTION, typeIn } from './ids.js';
import { type JsonRecord, type Kind, listKindOf } from './kinds.js';
import { flattened, isRecord, withResourceGroup } from './notation.js';

/** As `az ... list -o json` prints it, as ARM answers it, as Resource Graph does, or as `port22 fetch` records it. */
export type Form = 'az' | 'rest' | 'graph' | 'fetched';

export const FORMS: readonly Form[] = ['az', 'rest', 'graph', 'fetched'];

/** One list of the subscription. */
export interface Listing {
  readonly kind: Kind;
  readonly records: readonly JsonRecord[];
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
}

/** Only what `port22 fetch` records tells what an empty list is a list of. */
export function listDocuments(listings: readonly Listing[], form: Form): readonly RecordedDocument[] {
  if (form === 'fetched') {
    return listings.map(({ kind, records }) => {
      const operation = operationOf(kind);
      return document(kind, { operation, form, body: { value: records } }, envelope(operation));
    });
  }
  const filled = listings.filter(({ records }) => records.length > 0);
  if (form === 'az') {
    const printed = withPowerState(filled);
    return printed.map(({ kind, records }) => {
      const body = records.map(flattened).map(withResourceGroup);
      return document(kind, { operation: operationOf(kind), form, body });
    });
  }
  if (form === 'rest') return filled.map(restDocument);
  const graphed = withExtended(filled).filter(({ kind }) => listKindOf(kind).ungraphed === undefined);
  const others = filled.filter(({ kind }) => listKindOf(kind).ungraphed);
  return [graphDocument(graphed.flatMap(({ records }) => records)), ...others.map(restDocument)];
}

export function subjectDocument({ operation, subject, body }: SubjectAnswer, form: Form): readonly RecordedDocument[] {
  const name = pathOf(operation, subject);
  if (form === 'fetched') return [document(name, { operation, form, body }, { ...envelope(operation), ...subject })];
  // Two operations answer an empty list of a virtual network, and nothing tells which of them did.
  if (Array.isArray(body.value) && body.value.length === 0) return [];
  return [document(name, { operation, form, body: form === 'az' ? flattened(body) : body }, subject)];
}

/** A denial has an envelope in every form. */
export function denialDocument({ operation, subject }: Denial): RecordedDocument {
  const message =
    "The client 'reader@contoso.com' with object id '99999999-8888-7777-6666-555555555555' does not have authorization " +
    `to perform action '${operation}' over scope '/subscriptions/${SUBSCRIPTION}' or the scope is invalid.`;
  const head = envelope(operation, { code: 'AuthorizationFailed', message });
  return { path: placeOf(pathOf(operation, subject)), value: plain({ ...head, ...subject }) };
}

/** `az vm list --show-details` puts the power state into the VM itself, in words. */
function withPowerState(listings: readonly Listing[]): readonly Listing[] {
  const words = (vm: JsonRecord): JsonRecord => ({ ...vm, powerState: powerStatus(listings, vm)?.displayStatus });
  return withStatuses(listings, words);
}

/** A row of a VM has its power state in `properties.extended`. */
function withExtended(listings: readonly Listing[]): readonly Listing[] {
  return withStatuses(listings, (vm) => {
    const status = powerStatus(listings, vm);
    if (status === undefined) return vm;
    const powerState = { code: status.code, displayStatus: status.displayStatus, level: 'Info' };
    return { ...vm, properties: { ...properties(vm), extended: { instanceView: { powerState } } } };
  });
}

function withStatuses(listings: readonly Listing[], edit: (vm: JsonRecord) => JsonRecord): readonly Listing[] {
  return listings
    .filter(({ kind }) => kind !== 'statuses')
    .map((list) => (list.kind === 'virtualMachines' ? { ...list, records: list.records.map(edit) } : list));
}

function powerStatus(listings: readonly Listing[], vm: JsonRecord): JsonRecord | undefined {
  const known = listings.find(({ kind }) => kind === 'statuses')?.records.find(({ id }) => id === vm.id);
  const { instanceView } = properties(known ?? {});
  const statuses = isRecord(instanceView) && Array.isArray(instanceView.statuses) ? instanceView.statuses : [];
  return statuses.filter(isRecord).find(({ code }) => String(code).startsWith('PowerState/'));
}

function properties(record: JsonRecord): JsonRecord {
  return isRecord(record.properties) ? record.properties : {};
}

function restDocument({ kind, records }: Listing): RecordedDocument {
  return document(kind, { operation: operationOf(kind), form: 'rest', body: { value: records } });
}

/** The answer to one query for every type, with the ids and the types in lower case. */
function graphDocument(records: readonly JsonRecord[]): RecordedDocument {
  const data = records.map(({ id, name, location, sku, properties }) => ({
    id: String(id).toLowerCase(),
    name,
    type: typeIn(String(id)).toLowerCase(),
    location: location ?? '',
    resourceGroup: GROUP.toLowerCase(),
    subscriptionId: SUBSCRIPTION,
    sku: sku ?? null,
    properties,
  }));
  const count = data.length;
  const body = { totalRecords: count, count, data, facets: [], resultTruncated: 'false' };
  return document('resource-graph', { operation: 'graph', form: 'graph', body });
}

function operationOf(kind: Kind): string {
  return listKindOf(kind).operation;
}

function pathOf(operation: string, subject: JsonRecord): string {
  const names = [operation, ...Object.values(subject).map((value) => JSON.stringify(value))];
  return names.map((name) => name.replace(/[^a-z0-9]+/gi, '-')).join('-');
}

function envelope(operation: string, error?: JsonRecord): JsonRecord {
  const head = { schema: 'port22/recording/v1', provider: 'azure', subscription: SUBSCRIPTION, operation };
  return { port22: { ...head, error } };
}

interface Answer {
  readonly operation: string;
  readonly form: Form;
  readonly body: JsonRecord | readonly JsonRecord[];
}

/** Every answer is written here, and nowhere else; `beside` is ours. */
function document(name: string, answer: Answer, beside: JsonRecord = {}): RecordedDocument {
  const body = plain(answer.body);
  collectAnswer({ cloud: 'azure', ...answer, body });
  return { path: placeOf(name), value: Array.isArray(body) ? body : { ...beside, ...body } };
}

function placeOf(name: string): string {
  return `${SUBSCRIPTION}/${name}.json`;
}

function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
