import type { RecordedDocument } from './collection.js';

type Answer = { readonly path: string; readonly value: Record<string, unknown> };

/** A copy of recorded documents, to write into what could never have been recorded. */
export class Damage {
  readonly #answers: readonly Answer[];

  constructor(documents: readonly RecordedDocument[]) {
    this.#answers = JSON.parse(JSON.stringify(documents)) as Answer[];
  }

  documents(): readonly RecordedDocument[] {
    return this.#answers;
  }

  /** Puts a value, JSON or not, under a top-level key. */
  put(key: string, value: unknown): this {
    this.#answerOf(key).value[key] = value;
    return this;
  }

  /** Sets a field of a record: `set('NetworkAcls', 'acl-def', 'Entries.0.Egress', null)`; `undefined` removes it. */
  set(key: string, id: string, path: string, value: unknown): this {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let at = this.record(key, id);
    for (const step of steps) at = at[step] as Record<string, unknown>;
    if (!(last in at)) throw new Error(`${id} has no ${path}`);
    if (value === undefined) delete at[last];
    else at[last] = value;
    return this;
  }

  /** Adds records behind those that are there. */
  add(key: string, ...records: readonly unknown[]): this {
    return this.put(key, [...this.#recordsOf(key), ...records]);
  }

  /** Removes a record, a reservation with its instance. */
  remove(key: string, id: string): this {
    const record = this.record(key, id);
    const holds = (one: unknown) => one === record || JSON.stringify(one).includes(JSON.stringify(record));
    return this.put(
      key,
      this.#recordsOf(key).filter((one) => !holds(one)),
    );
  }

  /** A record by its id; of the reservations the instance. */
  record(key: string, id: string): Record<string, unknown> {
    const all = this.#recordsOf(key).flatMap((one) =>
      key === 'Reservations' ? (one.Instances as (typeof one)[]) : [one],
    );
    const found = all.find((one) => Object.values(one).includes(id));
    if (found === undefined) throw new Error(`there is no ${key} record '${id}'`);
    return found;
  }

  #recordsOf(key: string): Record<string, unknown>[] {
    return this.#answerOf(key).value[key] as Record<string, unknown>[];
  }

  #answerOf(key: string): Answer {
    const answer = this.#answers.find(({ value }) => key in value);
    if (answer === undefined) throw new Error(`there is no answer with ${key}`);
    return answer;
  }
}
