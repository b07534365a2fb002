import type { RecordedDocument } from '../../../src/evidence/index.js';
import { nameIn, typeIn } from './ids.js';
import type { Json, JsonRecord } from './kinds.js';
import { flattened, withResourceGroup } from './notation.js';

export type Fields = { [field: string]: unknown };
export type Documents = RecordedDocument[];

/** Where what a command makes comes to be, if it does not say so: not where the machines are. */
export const GROUP_LOCATION = 'northeurope';

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsIn(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export const isId = (value: unknown, id: unknown) => String(value).toLowerCase() === String(id).toLowerCase();

/** What a record says of itself: `az` prints it beside the id, ARM has it apart. */
export function of(record: Fields): Fields {
  return isFields(record.properties) ? record.properties : record;
}

/** The list of a document, whichever form it has. */
function listIn(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return undefined;
  return [value.value, value.data].find((list) => Array.isArray(list));
}

/** The records of every list that have the id: a machine's state stands apart from it. */
export function every(documents: Documents, id: string): Fields[] {
  return documents.flatMap(({ value }) => fieldsIn(listIn(value))).filter((record) => isId(record.id, id));
}

/** The one record that has the id. */
export function one(documents: Documents, id: string): Fields {
  const [found] = every(documents, id);
  if (!found) throw new Error(`not found: ${id}`);
  return found;
}

/** The parts of a record under a field. */
export function partsOf(record: Fields, field: string): Fields[] {
  return fieldsIn(of(record)[field]);
}

export function partNamed(record: Fields, field: string, name: string): Fields {
  const found = partsOf(record, field).find((part) => isId(part.name, name));
  if (!found) throw new Error(`${record.name} has no '${name}' in its ${field}`);
  return found;
}

/** Puts a part into a record, in the record's own form; one of the same name gives way only where that is allowed. */
export function putPart(record: Fields, field: string, name: string, properties: Fields, mayReplace = false): Fields {
  const others = partsOf(record, field).filter((part) => !isId(part.name, name));
  if (!mayReplace && others.length < partsOf(record, field).length) throw new Error(`'${name}' is there already`);
  const id = `${record.id}/${field}/${name}`;
  const head = { name, id, type: typeIn(id) };
  const part: Fields = isFields(record.properties) ? { ...head, properties } : { ...head, ...properties };
  of(record)[field] = [...others, part];
  return part;
}

/** Makes a resource where the lists of its kind are; answers it. */
export function addResource(documents: Documents, id: string, location: string, properties: Json, fields = {}): Fields {
  if (every(documents, id).length > 0) throw new Error(`${id} is there already`);
  const type = typeIn(id);
  const whole = { name: nameIn(id), id, type, location, ...fields, properties } as JsonRecord;
  const isOfKind = ({ value }: RecordedDocument) =>
    fieldsIn(listIn(value)).some((record) => isId(record.type, type)) ||
    (isFields(value) && isFields(value.port22) && value.port22.operation === `${type}/read`);
  const home = documents.find(isOfKind) ?? documents.find(({ value }) => isFields(value) && Array.isArray(value.data));
  const isFlat = documents.some(({ value }) => Array.isArray(value));
  const record: Fields = isFlat ? { ...withResourceGroup(flattened(whole)) } : { ...whole };
  const list = home && listIn(home.value);
  if (list) list.push(record);
  else documents.push({ path: `${nameIn(id)}.json`, value: isFlat ? [record] : { value: [record] } });
  return record;
}

/** The answers about subjects that have this field. */
export function answersAbout(documents: Documents, subject: string): Fields[] {
  return documents
    .map(({ value }) => value)
    .filter((value): value is Fields => isFields(value) && typeof value[subject] === 'string');
}
