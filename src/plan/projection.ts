import { Memo } from '../memo.js';
import { untold } from '../record/index.js';
import { Leaves } from './leaf.js';
import type { PlanRecord } from './plan-record.js';
import type { Assumptions, Origin, Unsettled } from './planned.js';
import { isBranch, type Tree, Unknown } from './tree.js';
import type { View } from './view.js';

/** What the records of one kind say, in the API's own words. */
export type ApiRecord = Readonly<Record<string, unknown>>;

/** What is taken to be so where nobody asks for more. */
const nothingAssumed: Assumptions = { unseenControls: 'unknown', defaultNetwork: 'unknown' };

/** One way of filling a deployment's open places, while it is told in the words of a cloud's API. */
export class Projection extends Memo {
  readonly view: View;
  readonly assumptions: Assumptions;
  readonly leaves: Leaves;
  readonly records: readonly PlanRecord[];
  /** What the cloud would answer, by the kind of the answer. */
  readonly answers = new Map<string, ApiRecord[]>();
  readonly origins = new Map<string, Origin>();
  /** What nobody declares and is taken to be so, each once. */
  readonly assumed = new Set<string>();
  /** Values that were asked for and that nobody knows, by where they stand. */
  readonly unsettled = new Map<string, Unsettled>();
  /** Resources that go in this run. */
  readonly leaving: readonly PlanRecord[];
  private readonly assigned: RegExp | undefined;
  private readonly byName = new Map<string, PlanRecord[]>();
  private readonly parts = new Map<string, PlanRecord[]>();

  /**
   * @param nameOf the name of a type, by which its records are asked for
   * @param assigned paths of values that the cloud chooses, and of which it decides nothing which they are
   */
  constructor(
    view: View,
    records: readonly PlanRecord[],
    nameOf: (record: PlanRecord) => string,
    assumptions: Assumptions = nothingAssumed,
    assigned?: RegExp,
  ) {
    super();
    this.view = view;
    this.assumptions = assumptions;
    this.assigned = assigned;
    this.leaving = view.links.leaving;
    this.leaves = new Leaves(view.reading);
    this.records = records.filter(({ status, token }) => status !== 'deleting' && token !== undefined);
    for (const record of this.records) {
      this.push(this.byName, nameOf(record), record);
      for (const { slot, path } of view.links.of(record)) {
        if (!slot.joins) continue;
        for (const id of view.refs(record, path).ids)
          this.push(this.parts, `${nameOf(record)} ${slot.path} ${id}`, record);
      }
    }
  }

  /** Whether what nobody knows counts as unknown, not as what is not there. */
  get isAsKnown(): boolean {
    return this.view.reading === 'as known';
  }

  /** The resources of the types with these names. */
  all(...names: readonly string[]): readonly PlanRecord[] {
    const found = names.flatMap((name) => this.byName.get(name) ?? []);
    return names.length === 1 ? found : found.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  }

  /** The resources of a type that are parts of the thing with this id by one of these slots. */
  partsOf(id: string, ...slots: readonly (readonly [name: string, path: string])[]): readonly PlanRecord[] {
    const found = slots.flatMap(([name, path]) => this.parts.get(`${name} ${path} ${id}`) ?? []);
    return slots.length === 1 ? found : found.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  }

  /** The ids of this kind of which the deployment declares parts, and not the thing itself. */
  partsOfOthers(kind: string): readonly string[] {
    const ids = this.once(`parts of others ${kind}`, () => {
      const found = new Set<string>();
      for (const record of [...this.records, ...this.leaving]) {
        for (const { slot, path } of this.view.links.of(record)) {
          if (slot.kind !== kind || (!slot.joins && kind === 'sg')) continue;
          for (const id of this.view.refs(record, path).ids)
            if (this.view.links.describers(id).length === 0) found.add(id);
        }
      }
      return [...found];
    });
    return ids;
  }

  id(record: PlanRecord, kind: string): string {
    return this.view.links.idOf(record, kind) ?? record.name;
  }

  value(record: PlanRecord, ...properties: readonly string[]): Tree | undefined {
    for (const property of properties) {
      const value = this.view.value(record, property);
      if (value === undefined) continue;
      this.note(record, property, value);
      return value;
    }
    return undefined;
  }

  /** Remembers what is unknown in a value, save what a slot holds: that is linked. */
  private note(record: PlanRecord, path: string, value: Tree): void {
    if (value instanceof Unknown) {
      if (this.assigned?.test(path)) return;
      const isLinked = this.view.links.of(record).some((place) => place.path === path);
      if (!isLinked) this.unknownOf(record, path, value.why);
    } else if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly Tree[]).entries()) this.note(record, `${path}[${index}]`, item);
    } else if (isBranch(value)) {
      for (const [key, item] of Object.entries(value)) this.note(record, `${path}.${key}`, item);
    }
  }

  /** The one id that a slot holds; `untold` where it holds another one or nobody knows which. */
  ref(record: PlanRecord, ...paths: readonly string[]): string | typeof untold | undefined {
    for (const path of paths) {
      const { ids, isOpen, isUnsettled } = this.view.refs(record, path);
      const [first] = ids;
      if (ids.length === 1 && !isOpen) return first;
      if (isUnsettled || ids.length > 1) return untold;
    }
    return undefined;
  }

  /** Whether the account's own network counts as the cloud makes it: as a fact, or as the best guess. */
  get takesDefaultNetwork(): boolean {
    const { defaultNetwork } = this.assumptions;
    return defaultNetwork === 'public' || (defaultNetwork === 'likely' && this.view.reading === 'as declared');
  }

  answer(key: string, record: ApiRecord): void {
    const records = this.answers.get(key);
    if (records) records.push(record);
    else this.answers.set(key, [record]);
  }

  /** Remembers where something is written, under the id by which the API would call it. */
  origin(id: string, record: PlanRecord, path?: string): string {
    this.origins.set(id, { urn: record.urn, path });
    return id;
  }

  /** Remembers what nobody shows and what decides. */
  unknownOf(record: PlanRecord, path: string, why: Unsettled['why']): void {
    this.unsettled.set(`${record.urn} ${path}`, { urn: record.urn, path, why });
  }

  private push(map: Map<string, PlanRecord[]>, key: string, record: PlanRecord): void {
    const list = map.get(key);
    if (!list) map.set(key, [record]);
    else if (list.at(-1) !== record) list.push(record);
  }
}
