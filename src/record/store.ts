import type { Gap } from '../model/index.js';

/** The names of the kinds of answers of a cloud. */
export type Name<Records extends object> = keyof Records & string;

/** The account and region that an answer speaks for; undefined where the evidence does not tell. */
export interface Scope {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export type Placed<T> = T & { readonly account?: string; readonly region?: string };

/** That a question was put to the cloud, and whether it was answered. */
export interface Answered {
  readonly scope: Scope;
  readonly subject?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string };
  /** The call, where another one than usual was made for this kind. */
  readonly action?: string | undefined;
  /** Some of the answer is missing: a page, an unreadable record, the end of a file. */
  readonly incomplete?: string;
}

function speaksFor(answer: Scope, asked: Scope): boolean {
  const same = (a?: string, b?: string) => a === undefined || b === undefined || a === b;
  return same(answer.account, asked.account) && same(answer.region, asked.region);
}

/** What a cloud says of a kind of answer: who must be permitted to ask for it, and which code a missing one has. */
export interface KindOfAnswer {
  readonly action: string;
  /** The code of a gap: where it was not answered, and where it was refused, if that is another. */
  readonly code: string;
  readonly refusedCode?: string;
}

const none: ReadonlyMap<string, unknown> = new Map();

/**
 * All records of all accounts and regions, by kind and id, with the memory of what was asked and what was refused. Absence
 * is only an answer where the question was answered.
 */
export class RecordStore<Records extends object> {
  /** The caller vouches that what was not recorded does not exist. */
  readonly complete: boolean;
  private readonly records = new Map<Name<Records>, Map<string, unknown>>();
  /** Kinds whose records are those of the store that this is a copy of. */
  private readonly borrowed = new Set<Name<Records>>();
  private readonly bySubject = new Map<string, readonly unknown[]>();
  private readonly answers = new Map<Name<Records>, Answered[]>();

  private readonly kindOf: (name: Name<Records>) => KindOfAnswer;

  constructor(complete: boolean, kindOf: (name: Name<Records>) => KindOfAnswer) {
    this.complete = complete;
    this.kindOf = kindOf;
  }

  /** Records of one kind by id, in the order in which they were read. */
  all<K extends Name<Records>>(name: K): ReadonlyMap<string, Placed<Records[K]>> {
    return (this.records.get(name) ?? none) as ReadonlyMap<string, Placed<Records[K]>>;
  }

  get<K extends Name<Records>>(name: K, id: string | undefined): Placed<Records[K]> | undefined {
    return id === undefined ? undefined : this.all(name).get(id);
  }

  /** The records of an answer that does not name its subject, or undefined when it is not there. */
  ofSubject<K extends Name<Records>>(name: K, subject: string): readonly Records[K][] | undefined {
    return this.bySubject.get(`${name} ${subject}`) as readonly Records[K][] | undefined;
  }

  put<K extends Name<Records>>(name: K, id: string, record: Placed<Records[K]>): void {
    this.own(name).set(id, record);
  }

  remove(name: Name<Records>, id: string): void {
    if (this.records.get(name)?.has(id)) this.own(name).delete(id);
  }

  /** Whether the question was ever put to the cloud, whatever the answer was. */
  wasAsked(name: Name<Records>): boolean {
    return this.answers.has(name);
  }

  /** The records of a kind, to be changed: those of a copy are copied before. */
  private own(name: Name<Records>): Map<string, unknown> {
    const records = this.records.get(name);
    if (records && !this.borrowed.has(name)) return records;
    const own = new Map(records);
    this.borrowed.delete(name);
    this.records.set(name, own);
    return own;
  }

  putSubject<K extends Name<Records>>(name: K, subject: string, records: readonly Records[K][]): void {
    const key = `${name} ${subject}`;
    this.bySubject.set(key, [...(this.bySubject.get(key) ?? []), ...records]);
  }

  /** The same, in the place of what was told of the subject before. */
  replaceSubject<K extends Name<Records>>(name: K, subject: string, records: readonly Records[K][]): void {
    this.bySubject.set(`${name} ${subject}`, records);
  }

  note(name: Name<Records>, answer: Answered): void {
    const answers = this.answers.get(name);
    if (answers) answers.push(answer);
    else this.answers.set(name, [answer]);
  }

  /** Every refusal and every hole, for the report. */
  *refusals(): Iterable<{ readonly name: Name<Records>; readonly action: string; readonly answer: Answered }> {
    for (const [name, answers] of this.answers) {
      for (const answer of answers)
        if (answer.error || answer.incomplete)
          yield { name, action: answer.action ?? this.kindOf(name).action, answer };
    }
  }

  /**
   * The gap in the answer to "all records of this kind in this scope", or undefined when the list is complete. `subject`
   * narrows it to one parametrised call. `named` is the object that the missing answer would have told about.
   */
  gap(name: Name<Records>, scope: Scope, subject?: string): Gap | undefined {
    const answers = (this.answers.get(name) ?? []).filter(
      (answer) => speaksFor(answer.scope, scope) && (answer.subject === undefined || answer.subject === subject),
    );
    const { action, code, refusedCode = code } = this.kindOf(name);
    const refused = answers.find((answer) => answer.error);
    const good = answers.filter((answer) => !answer.error);
    if (refused?.error && good.length === 0) {
      const { code: error, message } = refused.error;
      const what = refused.action ?? action;
      return {
        code: refusedCode,
        kind: 'not-permitted',
        what,
        detail: `${what} was answered with ${error}: ${message}`,
      };
    }
    const hole = good.find((answer) => answer.incomplete !== undefined);
    if (hole)
      return {
        code,
        kind: 'not-collected',
        what: action,
        detail: `the answer of ${action} is incomplete: ${hole.incomplete}`,
      };
    if (good.length > 0 || this.complete) return undefined;
    return { code, kind: 'not-collected', what: action, detail: `no answer of ${action} was given` };
  }

  /** The gap in an answer that was given and of which a part cannot be read: the object that is asked about may be that part. */
  hole(name: Name<Records>, scope: Scope, subject?: string): Gap | undefined {
    const answers = this.answers.get(name) ?? [];
    return answers.some((answer) => answer.incomplete !== undefined) ? this.gap(name, scope, subject) : undefined;
  }

  /** The gap that an object leaves which something refers to, but which is in no answer. */
  dangling(name: Name<Records>, scope: Scope, id: string): Gap {
    const { action, code } = this.kindOf(name);
    return (
      this.gap(name, scope) ?? {
        code,
        kind: 'not-collected',
        what: action,
        detail: `${id} is not among the records of ${action}`,
      }
    );
  }

  /** A copy with one record replaced, for trying a change; the original stays as it is. */
  with<K extends Name<Records>>(name: K, id: string, record: Placed<Records[K]>): RecordStore<Records> {
    const copy = this.copy();
    copy.put(name, id, record);
    return copy;
  }

  /** A copy with the answer about one subject replaced, as `with` does it for a record. */
  withSubject<K extends Name<Records>>(name: K, subject: string, records: readonly Records[K][]): RecordStore<Records> {
    const copy = this.copy();
    copy.replaceSubject(name, subject, records);
    return copy;
  }

  /** The same, to be changed without changing this one. */
  copy(complete = this.complete): RecordStore<Records> {
    const copy = new RecordStore<Records>(complete, this.kindOf);
    for (const [kind, records] of this.records) {
      copy.records.set(kind, records);
      copy.borrowed.add(kind);
    }
    for (const [key, records] of this.bySubject) copy.bySubject.set(key, records);
    for (const [kind, answers] of this.answers) copy.answers.set(kind, [...answers]);
    return copy;
  }
}
