import { Memo } from '../../../src/memo.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Origin, Unsettled } from '../../../src/plan/planned.js';
import { isBranch, type Tree, Unknown } from '../../../src/plan/tree.js';
import type { Refs, View } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { planTypeOf } from './identity.js';
import { Leaves } from './leaf.js';

/** What a resource says, in the API's own words. */
export type ApiRecord = Readonly<Record<string, unknown>>;

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}

const nameOf = ({ token }: PlanRecord): string => token?.name ?? '';

/** Addresses that the cloud chooses, and which of them it takes decides nothing. */
const assigned = /(?:^|\.)(?:natIp|ipAddress|externalIpv6)$/;

/** One way of filling a deployment's open places, while it is told in the words of Compute Engine. */
export class Projection extends Memo {
  readonly view: View;
  readonly assumptions: Assumptions;
  readonly leaves: Leaves;
  readonly records: readonly PlanRecord[];
  /** What the API would list, by the kind of the resource: `instance`. */
  readonly answers = new Map<string, ApiRecord[]>();
  /** Answers that are about one subject. */
  readonly documents: ApiRecord[] = [];
  readonly origins = new Map<string, Origin>();
  /** What nobody declares and is taken to be so, each once. */
  readonly assumed = new Set<string>();
  /** Values that were asked for and that nobody knows, by where they stand. */
  readonly unsettled = new Map<string, Unsettled>();
  private readonly byName = new Map<string, PlanRecord[]>();
  private readonly parts = new Map<string, PlanRecord[]>();
  private readonly labels = new Map<string, string>();

  constructor(view: View, records: readonly PlanRecord[], assumptions: Assumptions) {
    super();
    this.view = view;
    this.assumptions = assumptions;
    this.leaves = new Leaves(view.reading);
    this.records = records.filter((record) => record.status !== 'deleting' && planTypeOf(record));
    const used = new Map<string, number>();
    for (const record of this.records) {
      pushTo(this.byName, nameOf(record), record);
      const key = `${nameOf(record)} ${record.name}`;
      const count = (used.get(key) ?? 0) + 1;
      used.set(key, count);
      this.labels.set(record.urn, count === 1 ? record.name : `${record.name}~${count}`);
      for (const { slot, path } of view.links.of(record)) {
        if (!slot.joins) continue;
        for (const id of view.refs(record, path).ids)
          pushTo(this.parts, `${nameOf(record)} ${slot.path} ${id}`, record);
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

  /** The resources of a type that are parts of the thing with this id by its slot. */
  partsOf(id: string, name: string, path: string): readonly PlanRecord[] {
    return this.parts.get(`${name} ${path} ${id}`) ?? [];
  }

  /** The resource of these types that describes the thing with this id. */
  describer(id: unknown, ...names: readonly string[]): PlanRecord | undefined {
    if (typeof id !== 'string') return undefined;
    return this.view.links.describers(id).find((record) => names.includes(nameOf(record)));
  }

  id(record: PlanRecord): string {
    return this.view.links.identitiesOf(record)[0]?.id ?? record.name;
  }

  /** The name that people gave a resource, made different for each of a type. */
  label(record: PlanRecord): string {
    return this.labels.get(record.urn) ?? record.name;
  }

  value(record: PlanRecord, property: string): Tree | undefined {
    const value = this.view.value(record, property);
    if (value !== undefined) this.note(record, property, value);
    return value;
  }

  /** Remembers what is unknown in a value, save what a slot holds: that is linked. */
  private note(record: PlanRecord, path: string, value: Tree): void {
    if (value instanceof Unknown) {
      if (assigned.test(path)) return;
      const isLinked = this.view.links.of(record).some((place) => place.path === path);
      if (!isLinked) this.unsettled.set(`${record.urn} ${path}`, { urn: record.urn, path, why: value.why });
    } else if (Array.isArray(value)) {
      for (const [index, item] of (value as readonly Tree[]).entries()) this.note(record, `${path}[${index}]`, item);
    } else if (isBranch(value)) {
      for (const [key, item] of Object.entries(value)) this.note(record, `${path}.${key}`, item);
    }
  }

  refs(record: PlanRecord, path: string): Refs {
    return this.view.refs(record, path);
  }

  /** The one id that a slot holds; `untold` where it holds another one or nobody knows which. */
  ref(record: PlanRecord, path: string): string | typeof untold | undefined {
    const { ids, isOpen } = this.refs(record, path);
    if (isOpen || ids.length > 1) return untold;
    return ids[0];
  }

  answer(kind: string, record: ApiRecord): void {
    pushTo(this.answers, kind, record);
  }

  /** Remembers where something is written, under the id by which the API would call it. */
  origin(id: string, record: PlanRecord, path?: string): string {
    this.origins.set(id, { urn: record.urn, path });
    return id;
  }
}
