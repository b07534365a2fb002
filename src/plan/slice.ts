import type { Choice } from './choice.js';
import type { Links } from './links.js';
import type { PlanRecord } from './plan-record.js';
import type { Selection } from './view.js';

/** What the way to one machine can depend on. */
export interface Slice {
  /** In the order of their URNs. */
  readonly records: readonly PlanRecord[];
  /** What is not sure among them, in the order of their keys. */
  readonly choices: readonly OpenChoice[];
}

/** A choice, and its options as far as they differ in what is reached. */
export interface OpenChoice {
  readonly choice: Choice;
  readonly options: readonly number[];
}

/**
 * Everything that a resource refers to, with the parts of that, and so on: what is not among it cannot matter to the resource.
 * Other users of the same things are not among it.
 */
export function sliceOf(links: Links, start: PlanRecord, always: readonly PlanRecord[]): Slice {
  const records = new Map<string, PlanRecord>();
  const ids = new Set<string>();
  const waiting = [start, ...always];
  const reach = (first: string): void => {
    const pending = [first];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (ids.has(id)) continue;
      ids.add(id);
      waiting.push(...links.describers(id), ...links.joiners(id));
      pending.push(...links.recordedRefs(id));
    }
  };
  for (let record = waiting.pop(); record; record = waiting.pop()) {
    if (records.has(record.urn)) continue;
    records.set(record.urn, record);
    for (const { id } of links.identitiesOf(record)) reach(id);
    for (const { slot, link } of links.of(record)) {
      if (slot.joins && !slot.leads) continue;
      for (const id of link.held) {
        reach(id);
        if (slot.peers) waiting.push(...links.users(id));
      }
    }
  }
  return {
    records: [...records.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    choices: choicesOf(links, records, ids),
  };
}

/** The choices of these records. Options that fill a place with what is not reached are all as if it held nothing. */
function choicesOf(
  links: Links,
  records: ReadonlyMap<string, PlanRecord>,
  ids: ReadonlySet<string>,
): readonly OpenChoice[] {
  const found = new Map<string, Choice>();
  for (const record of records.values()) {
    for (const { link } of links.of(record)) if (link.is === 'choice') found.set(link.choice.key, link.choice);
  }
  return [...found.values()]
    .map((choice) => ({ choice, options: distinct(choice.options, ids) }))
    .filter(({ options }) => options.length > 1)
    .sort((a, b) => (a.choice.key < b.choice.key ? -1 : 1));
}

/** The indexes of options that differ in what is reached: of those alike the first. */
function distinct(options: Choice['options'], ids: ReadonlySet<string>): readonly number[] {
  const seen = new Set<string>();
  return options.flatMap((option, index) => {
    const key = option.map((held) => held.filter((id) => ids.has(id)).join(' ')).join('|');
    if (seen.has(key)) return [];
    seen.add(key);
    return [index];
  });
}

/** Every way to make the choices, at most `most`; `isOver` where there are more. */
export function completionsOf(
  choices: readonly OpenChoice[],
  most: number,
): { readonly selections: readonly Selection[]; readonly isOver: boolean } {
  let selections: readonly Selection[] = [new Map()];
  for (const { choice, options } of choices) {
    if (choice.isOver || selections.length * options.length > most) return { selections: [], isOver: true };
    selections = selections.flatMap((chosen) => options.map((option) => new Map([...chosen, [choice.key, option]])));
  }
  return { selections, isOver: false };
}
