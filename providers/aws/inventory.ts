import type { Gap } from '../../src/model/index.js';
import { type KindName, kinds, type RecordOfKind } from './records/collections.js';

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
  /** Some of the answer is missing: a page, an unreadable record, the end of a file. */
  readonly incomplete?: string;
}

function speaksFor(answer: Scope, asked: Scope): boolean {
  const same = (a?: string, b?: string) => a === undefined || b === undefined || a === b;
  return same(answer.account, asked.account) && same(answer.region, asked.region);
}

const evidenceCodes: Partial<Record<KindName, string>> = {
  instances: 'ev-instance',
  interfaces: 'ev-instance',
  addresses: 'ev-instance',
  groups: 'ev-sg',
  groupRules: 'ev-sg',
  staleGroups: 'ev-sg-ref',
  groupVpcs: 'ev-sg-assoc',
  prefixLists: 'ev-prefix-list',
  prefixListEntries: 'ev-prefix-list',
  acls: 'ev-nacl',
  publicAccessOptions: 'ev-bpa',
  publicAccessExclusions: 'ev-bpa',
  peerings: 'ev-pcx',
  virtualInterfaces: 'ev-dx',
};

/** The evidence code of a kind of answer; what belongs to no other component stands on the way of a route. */
function evidenceCode(name: KindName): string {
  const code = evidenceCodes[name] ?? (name.startsWith('transit') ? 'ev-tgw' : 'ev-route');
  return `aws/${code}`;
}

/**
 * All records of all accounts and regions, by kind and id, with the memory of what was asked and what was refused. Absence
 * is only an answer where the question was answered.
 */
export class Inventory {
  /** The caller vouches that what was not recorded does not exist. */
  readonly complete: boolean;
  private readonly records = new Map<KindName, Map<string, unknown>>();
  private readonly bySubject = new Map<string, readonly unknown[]>();
  private readonly answers = new Map<KindName, Answered[]>();

  constructor(complete: boolean) {
    this.complete = complete;
  }

  /** Records of one kind by id, in the order in which they were read. */
  all<K extends KindName>(name: K): ReadonlyMap<string, Placed<RecordOfKind<K>>> {
    return (this.records.get(name) ?? new Map()) as ReadonlyMap<string, Placed<RecordOfKind<K>>>;
  }

  get<K extends KindName>(name: K, id: string | undefined): Placed<RecordOfKind<K>> | undefined {
    return id === undefined ? undefined : this.all(name).get(id);
  }

  /** The records of an answer that does not name its subject, or undefined when it is not there. */
  ofSubject<K extends KindName>(name: K, subject: string): readonly RecordOfKind<K>[] | undefined {
    return this.bySubject.get(`${name} ${subject}`) as readonly RecordOfKind<K>[] | undefined;
  }

  put<K extends KindName>(name: K, id: string, record: Placed<RecordOfKind<K>>): void {
    const records = this.records.get(name);
    if (records) records.set(id, record);
    else this.records.set(name, new Map([[id, record]]));
  }

  putSubject<K extends KindName>(name: K, subject: string, records: readonly RecordOfKind<K>[]): void {
    const key = `${name} ${subject}`;
    this.bySubject.set(key, [...(this.bySubject.get(key) ?? []), ...records]);
  }

  note(name: KindName, answer: Answered): void {
    const answers = this.answers.get(name);
    if (answers) answers.push(answer);
    else this.answers.set(name, [answer]);
  }

  /** Every refusal and every hole, for the report. */
  *refusals(): Iterable<{ readonly name: KindName; readonly answer: Answered }> {
    for (const [name, answers] of this.answers) {
      for (const answer of answers) if (answer.error || answer.incomplete) yield { name, answer };
    }
  }

  /**
   * The gap in the answer to "all records of this kind in this scope", or undefined when the list is complete. `subject`
   * narrows it to one parametrised call. `named` is the object that the missing answer would have told about.
   */
  gap(name: KindName, scope: Scope, subject?: string): Gap | undefined {
    const answers = (this.answers.get(name) ?? []).filter(
      (answer) => speaksFor(answer.scope, scope) && (answer.subject === undefined || answer.subject === subject),
    );
    const action = kinds[name].action;
    const code = evidenceCode(name);
    const refused = answers.find((answer) => answer.error);
    const good = answers.filter((answer) => !answer.error);
    if (refused?.error && good.length === 0) {
      const { code: error, message } = refused.error;
      return { code, kind: 'not-permitted', what: action, detail: `${action} was answered with ${error}: ${message}` };
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
  hole(name: KindName, scope: Scope, subject?: string): Gap | undefined {
    const answers = this.answers.get(name) ?? [];
    return answers.some((answer) => answer.incomplete !== undefined) ? this.gap(name, scope, subject) : undefined;
  }

  /** The gap that an object leaves which something refers to, but which is in no answer. */
  dangling(name: KindName, scope: Scope, id: string): Gap {
    const action = kinds[name].action;
    return (
      this.gap(name, scope) ?? {
        code: evidenceCode(name),
        kind: 'not-collected',
        what: action,
        detail: `${id} is not among the records of ${action}`,
      }
    );
  }

  /** A copy with one record replaced, for trying a change; the original stays as it is. */
  with<K extends KindName>(name: K, id: string, record: Placed<RecordOfKind<K>>): Inventory {
    const copy = this.copy();
    copy.records.set(name, new Map(this.all(name)).set(id, record));
    return copy;
  }

  /** A copy with the answer about one subject replaced, as `with` does it for a record. */
  withSubject<K extends KindName>(name: K, subject: string, records: readonly RecordOfKind<K>[]): Inventory {
    const copy = this.copy();
    copy.bySubject.set(`${name} ${subject}`, records);
    return copy;
  }

  private copy(): Inventory {
    const copy = new Inventory(this.complete);
    for (const [kind, records] of this.records) copy.records.set(kind, records);
    for (const [key, records] of this.bySubject) copy.bySubject.set(key, records);
    for (const [kind, answers] of this.answers) copy.answers.set(kind, answers);
    return copy;
  }
}
