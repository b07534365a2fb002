import type { Problem } from '../../src/model/index.js';
import type { DocumentSink, Intake } from '../../src/provider.js';
import { interned, type Reading } from '../../src/record/index.js';
import { awsCloud } from './cloud.js';
import { emptyInventory, type Inventory } from './inventory.js';
import { ignoredKeys, type KindName, kinds } from './records/collections.js';
import { contradictions } from './records/contradictions.js';
import {
  envelopeOf,
  isObject,
  type Json,
  type Pending,
  parameterOf,
  store,
  subjectOf,
  textOf,
} from './records/recorded-answer.js';
import { forgetShownInterfaces } from './shown-interfaces.js';

const byKey = new Map<string, KindName[]>();
for (const name of Object.keys(kinds) as KindName[]) {
  const { key } = kinds[name];
  byKey.set(key, [...(byKey.get(key) ?? []), name]);
}
/** Lists whose elements tell what they are; the others wait for the parameter that stands beside them. */
const streamed = new Set(
  [...byKey].filter(([, names]) => names.every((name) => !('subject' in kinds[name]))).map(([key]) => key),
);

function trailText(trail: readonly (string | number)[]): string {
  return trail.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
}

/** Where a value stands, worked out only when somebody has to be told. */
type At = () => string;

/** Takes in what the AWS CLI prints and what port22 recorded, whatever the files are called. */
export class AwsIntake implements Intake {
  readonly provider = 'aws';
  private recorded = false;
  private readonly problems: Problem[] = [];
  private readonly shared = { shared: new Map<string, string>(), sharedObjects: new Map<string, object>() };
  private readonly documents: ((inventory: Inventory) => void)[] = [];
  private readonly base: Inventory | undefined;
  private readonly isAnswer: boolean;

  /**
   * @param base records over which the documents are laid: what they tell replaces what it tells, and its answers stay as they are
   * @param isAnswer whether the documents answer also what was not asked of those
   */
  constructor(base?: Inventory, isAnswer = true) {
    this.base = base;
    this.isAnswer = isAnswer;
  }

  open(file: string): DocumentSink {
    const pending = new Map<KindName, Pending[]>();
    const holes = new Map<KindName, string>();
    const seen = new Set<KindName>();
    let root: Json = {};
    const read = (name: KindName, value: unknown, owner: string | undefined, at: At) => {
      const record = this.readRecord(name, value, at, () => holes.set(name, 'one of its records could not be read'));
      if (!record) return;
      if (owner !== undefined) record.account = interned(owner, this.shared);
      const others = pending.get(name);
      if (others) others.push(record);
      else pending.set(name, [record]);
    };
    return {
      wants: (key) => {
        const names = streamed.has(key) ? (byKey.get(key) ?? []) : [];
        for (const name of names) seen.add(name);
        return names.length > 0;
      },
      element: (key, value, place) => {
        const [name] = byKey.get(key) ?? [];
        if (!name) return false;
        const at = () => `${place.file}:${place.line}:${place.column}`;
        if (name !== 'instances') read(name, value, isObject(value) ? textOf(value.OwnerId) : undefined, at);
        else this.readReservation(value, at, read);
        return true;
      },
      rest: (value) => {
        if (!isObject(value)) return false;
        root = { ...root, ...value };
        const claimed = Object.keys(value).some((key) => byKey.has(key) || ignoredKeys.has(key));
        const known = claimed || seen.size > 0 || envelopeOf(value) !== undefined;
        this.recorded ||= known;
        return known;
      },
      close: (fault) => {
        const subjects = this.subjectAnswers(root, file, read, seen);
        if (fault !== undefined) for (const name of seen) holes.set(name, fault);
        if (root.AdditionalRoutesAvailable === true) {
          holes.set('transitRoutes', 'the service left routes out');
          this.warn(
            `${file} holds only some of the routes`,
            file,
            'the service hands out at most 1000, and what it left out is missing',
            'record the table in parts, with narrower filters',
          );
        }
        if (textOf(root.NextToken) || textOf(root.nextToken) || textOf(root.NextMarker)) {
          for (const name of seen) holes.set(name, 'only some of its pages were recorded');
          this.warn(
            `${file} holds only some of the pages`,
            file,
            'what is on the others is missing',
            'record it again without --max-items',
          );
        }
        this.documents.push((inventory) =>
          store(inventory, {
            file,
            root,
            pending,
            holes,
            seen,
            subjects,
            warn: this.warn,
            over: this.base,
            isAnswer: this.isAnswer,
          }),
        );
      },
    };
  }

  finish({ complete }: { readonly complete: boolean }) {
    const inventory = this.base?.copy() ?? emptyInventory(complete);
    for (const storeDocument of this.documents.splice(0)) storeDocument(inventory);
    forgetShownInterfaces(inventory);
    const problems = [...this.problems, ...contradictions(inventory)];
    return { cloud: awsCloud(inventory), problems, recorded: this.recorded, evidence: inventory };
  }

  private readonly warn = (what: string, where: string, why: string, fix: string): void => {
    this.problems.push({ severity: 'warning', what, where, why, fix });
  };

  private readReservation(
    value: unknown,
    at: At,
    read: (name: KindName, value: unknown, owner: string | undefined, at: At) => void,
  ): void {
    const instances = isObject(value) ? value.Instances : undefined;
    if (!isObject(value) || !Array.isArray(instances)) {
      read('instances', value, undefined, at);
      return;
    }
    for (const instance of instances) read('instances', instance, textOf(value.OwnerId), at);
  }

  private readRecord(name: KindName, value: unknown, at: At, hole: () => void): Record<string, unknown> | undefined {
    const reading: Reading = {
      trail: [],
      ...this.shared,
      fault: (trail, what) =>
        this.warn(
          `${kinds[name].key}${trailText(trail)}: ${what}`,
          at(),
          'what cannot be read counts as unknown, never as open or closed',
          'record the answer again, or mend the field',
        ),
    };
    const record = kinds[name].read(value, reading);
    if (record === undefined) hole();
    return record;
  }

  /** Answers that do not name their subject: it stands beside them, or in the file's name. */
  private subjectAnswers(
    root: Json,
    file: string,
    read: (name: KindName, value: unknown, owner: undefined, at: At) => void,
    seen: Set<KindName>,
  ) {
    const subjects = new Map<KindName, string>();
    for (const [key, names] of byKey) {
      const value = root[key];
      if (value === undefined) continue;
      const [first] = names;
      if (first && !('subject' in kinds[first])) {
        seen.add(first);
        read(first, value, undefined, () => file);
        continue;
      }
      const found = names
        .map((name) => ({ name, subject: subjectOf(name, root, file) }))
        .find(({ subject }) => subject);
      if (!found?.subject) {
        const parameters = names.map((name) => parameterOf(name)).join(' or ');
        this.warn(
          `${key} does not say what it belongs to`,
          file,
          'the answer is not used',
          `put "${parameters}" beside "${key}", or the id into the file's name`,
        );
        continue;
      }
      subjects.set(found.name, found.subject);
      seen.add(found.name);
      const items = Array.isArray(value) ? value : [value];
      for (const item of items) read(found.name, item, undefined, () => file);
    }
    return subjects;
  }
}
