import { AddressSet, parseAddress } from '../../../src/set/index.js';
import type { CliRecord, Json, RecordedDocument } from './collection.js';
import { recordIn, recordsIn } from './records.js';

/** The machine that a record is about, by the key of the list in which it stands. */
const machineOf: Readonly<Record<string, (record: CliRecord) => Json | undefined>> = {
  Reservations: ({ Instances }) => recordsIn(Instances)[0]?.InstanceId,
  InstanceStatuses: ({ InstanceId }) => InstanceId,
  NetworkInterfaces: ({ Attachment }) => recordIn(Attachment).InstanceId,
  Addresses: ({ InstanceId }) => InstanceId,
  TargetHealthDescriptions: ({ Target }) => recordIn(Target).Id,
};

const ids = /^(?:i|eni|r|eipalloc|eipassoc)-/;
const ipv4 = /^(\d+\.\d+\.\d+\.)(\d+)$/;
const ipv6 = /^([0-9a-f:]+::)([0-9a-f]+)$/;

/** The same value for the nth neighbour: ids of its own, and addresses that follow. */
function neighbouring(value: Json | undefined, nth: number): Json | undefined {
  if (typeof value === 'string') {
    if (ids.test(value)) return `${value}-${nth}`;
    return value
      .replace(ipv4, (_, net: string, host: string) => `${net}${Number(host) + nth}`)
      .replace(ipv6, (_, net: string, host: string) => `${net}${(Number.parseInt(host, 16) + nth).toString(16)}`);
  }
  if (Array.isArray(value)) return value.map((item: Json) => neighbouring(item, nth) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, neighbouring(item, nth)]));
}

/** The lists of all documents, one at a time, as `edit` leaves them. */
function edited(
  documents: readonly RecordedDocument[],
  edit: (key: string, records: readonly CliRecord[]) => readonly CliRecord[],
): RecordedDocument[] {
  return documents.map(({ path, value }) => {
    const lists = Object.entries(value as CliRecord).map(([key, list]) => [
      key,
      key in machineOf ? edit(key, recordsIn(list)) : list,
    ]);
    return { path, value: Object.fromEntries(lists) as CliRecord };
  });
}

/** Every machine several times: i-1 with i-1-1, i-1-2, ... which differ in nothing but names and addresses. */
export function withNeighbours(documents: readonly RecordedDocument[], times: number): RecordedDocument[] {
  return edited(documents, (key, records) =>
    records.flatMap((record) => {
      const isMachines = typeof machineOf[key]?.(record) === 'string';
      const nths = Array.from({ length: isMachines ? times : 0 }, (_, index) => index + 1);
      return [record, ...nths.map((nth) => recordIn(neighbouring(record, nth)))];
    }),
  );
}

/** Without one machine, its interfaces and its addresses. */
export function withoutMachine(documents: readonly RecordedDocument[], id: string): RecordedDocument[] {
  return edited(documents, (key, records) => records.filter((record) => machineOf[key]?.(record) !== id));
}

/** The addresses of a machine, public ones too, and the ids of its interfaces. */
function ownOf(documents: readonly RecordedDocument[], id: string): readonly string[] {
  const texts: string[] = [];
  edited(documents, (key, records) => {
    for (const record of records) {
      if (machineOf[key]?.(record) !== id) continue;
      texts.push(...[...JSON.stringify(record).matchAll(/"([^"]+)"/g)].map(([, text = '']) => text));
    }
    return records;
  });
  return [...new Set(texts)];
}

export function addressesOf(documents: readonly RecordedDocument[], id: string): AddressSet {
  return AddressSet.of(...ownOf(documents, id).filter((text) => parseAddress(text)));
}

/** Whether routes, target groups or anything else that is left name a machine or its interfaces. */
export function isNamed(left: readonly RecordedDocument[], before: readonly RecordedDocument[], id: string): boolean {
  const text = JSON.stringify(left.map(({ value }) => value));
  const names = ownOf(before, id).filter((name) => name.startsWith('eni-') || name === id);
  return names.some((name) => text.includes(`"${name}"`));
}

/** With the instances in another order. */
export function reordered(
  documents: readonly RecordedDocument[],
  order: (records: readonly CliRecord[]) => readonly CliRecord[],
): RecordedDocument[] {
  return edited(documents, (key, records) => (key === 'Reservations' ? order(records) : records));
}
