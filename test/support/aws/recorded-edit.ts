import type { CliRecord, RecordedDocument } from './collection.js';
import { recordsIn } from './records.js';

export type Options = ReadonlyMap<string, string>;
export type Edit = (documents: readonly RecordedDocument[], options: Options) => void;
export type MutableRecord = { -readonly [K in keyof CliRecord]: CliRecord[K] };

/** `A=1,B=[{C=2},{C=3}]`, the shorthand of the AWS CLI; what stands in brackets stays text. */
export function shorthand(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/(\w+)=(\[[^\]]*\]|[^,]*)/g)].map(([, key = '', value = '']) => [key, value]));
}

export function recordsOf(value: unknown, key: string): MutableRecord[] {
  return [...recordsIn((value as CliRecord)[key])];
}

/** The one record; the service refuses what names nothing. */
export function record(documents: readonly RecordedDocument[], key: string, id: string, field: string): MutableRecord {
  const found = documents.flatMap(({ value }) => recordsOf(value, key)).find((one) => one[field] === id);
  if (!found) throw new Error(`no ${key} record '${id}'`);
  return found;
}

/** The answer about one subject, which the request's parameter names. */
export function answerAbout(
  documents: readonly RecordedDocument[],
  key: string,
  parameter: string,
  subject: string,
): MutableRecord {
  const answers = documents.map(({ value }) => value as MutableRecord);
  const found = answers.find((value) => key in value && value[parameter] === subject);
  if (!found) throw new Error(`no answer ${key} about '${subject}'`);
  return found;
}

/** Adds a record to the list in which the records of a collection stand. */
export function addRecord(documents: readonly RecordedDocument[], key: string, added: CliRecord): void {
  const home = documents.map(({ value }) => value as MutableRecord).find((value) => key in value);
  if (!home) throw new Error(`no ${key}`);
  home[key] = [...recordsIn(home[key]), added];
}

/** Routes to a gateway that is attached again are blackholes no more. */
export function reviveRoutes(documents: readonly RecordedDocument[], gateway: string): void {
  for (const table of documents.flatMap(({ value }) => recordsOf(value, 'RouteTables'))) {
    table.Routes = recordsIn(table.Routes).map((route) =>
      route.GatewayId === gateway ? { ...route, State: 'active' } : route,
    );
  }
}
