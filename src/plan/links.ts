import { type Choice, type Doubt, fill, type Held } from './choice.js';
import { below, declared, type Moment } from './declared.js';
import { occurrencesOf } from './occurrence.js';
import type { Plan } from './plan.js';
import type { PlanRecord } from './plan-record.js';
import type { Identity, PlanTypes, Slot } from './slot.js';
import { Reference, type Tree, Unknown } from './tree.js';

/** What is known of one place that refers to something. */
export type Link =
  /** An id that the program writes, or that is known: of something of this deployment, or of something else. */
  | { readonly is: 'exact'; readonly held: Held }
  /** What the dependencies say; `byCount` where they say it of several places together. */
  | { readonly is: 'linked'; readonly held: Held; readonly byCount: boolean }
  /** These, or some of them, and maybe others that nobody sees. */
  | { readonly is: 'open'; readonly held: Held; readonly why: Unknown['why'] }
  | { readonly is: 'choice'; readonly held: Held; readonly choice: Choice; readonly place: number };

/** A place and its link. */
export interface Place {
  readonly path: string;
  readonly slot: Slot;
  readonly link: Link;
}

/** An unknown or a nameless place, until the dependencies of its property are looked at. */
interface Vacant {
  readonly path: string;
  readonly slot: Slot;
  readonly isWhole: boolean;
  readonly why: Unknown['why'];
  /** The name of what it refers to, where it gives that. */
  readonly name: string | undefined;
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}

const topOf = (path: string): string => /^[^.[]*/.exec(path)?.[0] ?? path;

/** Which resource every slot of a deployment refers to, before there are ids (pulumi.md, 4). */
export class Links {
  readonly records: readonly PlanRecord[];
  /** Resources as they were: they are no part of anything, and describe nothing. */
  readonly former: readonly PlanRecord[];
  readonly moment: Moment;
  readonly showsDeletions: boolean;
  private readonly types: PlanTypes;
  private readonly isStrict: boolean;
  private readonly byUrn = new Map<string, PlanRecord>();
  private readonly children = new Map<string, PlanRecord[]>();
  private readonly places = new Map<PlanRecord, readonly Place[] | 'being found'>();
  private readonly describing = new Map<string, PlanRecord[]>();
  private readonly joining = new Map<string, PlanRecord[]>();
  private readonly using = new Map<string, PlanRecord[]>();
  private readonly identities = new Map<PlanRecord, readonly Identity[]>();
  private readonly byKind = new Map<string, string[]>();

  constructor({ records, former, moment, showsDeletions }: Omit<Plan, 'gaps'>, types: PlanTypes, isStrict: boolean) {
    this.records = records;
    this.former = former;
    this.types = types;
    this.moment = moment;
    this.showsDeletions = showsDeletions;
    this.isStrict = isStrict;
    for (const record of records) {
      this.byUrn.set(record.urn, record);
      if (record.parent !== undefined) pushTo(this.children, record.parent, record);
    }
    for (const record of records) this.identify(record);
    // What is a part of anything could not be told before everything had its id.
    this.places.clear();
    for (const record of records) {
      for (const { slot, link } of this.of(record)) {
        const index = slot.joins ? this.joining : slot.peers ? undefined : this.using;
        if (index) for (const id of link.held) pushTo(index, id, record);
      }
    }
  }

  /** The places of a resource that refer to something; places that are empty are left out. */
  of(record: PlanRecord): readonly Place[] {
    const known = this.places.get(record);
    if (known !== undefined) return known === 'being found' ? [] : known;
    this.places.set(record, 'being found');
    const found = this.find(record);
    this.places.set(record, found);
    return found;
  }

  /** The resources that describe the thing with this id. */
  describers(id: string): readonly PlanRecord[] {
    return this.describing.get(id) ?? [];
  }

  /** The resources that are parts of the thing with this id, or may be. */
  joiners(id: string): readonly PlanRecord[] {
    return this.joining.get(id) ?? [];
  }

  /** The resources that have the thing with this id, or may. */
  users(id: string): readonly PlanRecord[] {
    return this.using.get(id) ?? [];
  }

  /** What something refers to as it was recorded. */
  recordedRefs(id: string): readonly string[] {
    return this.types.recordedRefs?.(id) ?? [];
  }

  identitiesOf(record: PlanRecord): readonly Identity[] {
    return this.identities.get(record) ?? [];
  }

  /** The id of a resource of this kind. */
  idOf(record: PlanRecord, kind: string): string | undefined {
    return this.identitiesOf(record).find((one) => one.kind === kind)?.id;
  }

  recordOf(urn: string): PlanRecord | undefined {
    return this.byUrn.get(urn);
  }

  private readonly follow = (record: PlanRecord, path: string): readonly string[] =>
    this.of(record).flatMap((place) => (place.path === path ? place.link.held : []));

  private identify(record: PlanRecord): void {
    if (record.isComponent) return;
    const all = this.types.identitiesOf(record, this.follow);
    this.identities.set(record, all);
    for (const { kind, id } of all) {
      pushTo(this.describing, id, record);
      pushTo(this.byKind, kind, id);
    }
  }

  private find(record: PlanRecord): readonly Place[] {
    const places: Place[] = [];
    const vacant = new Map<string, Vacant[]>();
    for (const slot of this.types.slotsOf(record)) {
      const found = occurrencesOf(slot.path, (top) => declared(record, top, this.moment), slot.isInObject);
      for (const { path, value, lacking } of found) {
        const known = this.known(record, slot, value);
        if (known) places.push({ path, slot, link: known });
        else if (value instanceof Unknown) {
          const name = lacking && below(lacking, 'name');
          const one: Vacant = {
            path,
            slot,
            why: value.why,
            isWhole: !matches(path, slot.path),
            name: typeof name === 'string' ? name : undefined,
          };
          pushTo(vacant, `${topOf(path)} ${slot.kind}`, one);
        }
      }
    }
    for (const group of vacant.values()) places.push(...this.fillAll(record, group, places));
    return places;
  }

  /** What stands in a place whose value is known. */
  private known(record: PlanRecord, slot: Slot, value: Tree): Link | undefined {
    if (value instanceof Reference) {
      const target = this.byUrn.get(value.urn);
      const held = target ? this.types.idsFor(slot.kind, target, this.follow) : [];
      if (held.length === 1) return { is: 'linked', held, byCount: false };
      return { is: 'open', held, why: 'until deployed' };
    }
    if (typeof value !== 'string' || value === '') return undefined;
    const texts = slot.isCommaList ? value.split(/\s*,\s*/).filter((text) => text !== '') : [value];
    return { is: 'exact', held: texts.map((text) => this.types.normal(slot.kind, text, record)) };
  }

  /** Fills the unknown places of one kind in one property from what the property depends on. */
  private fillAll(record: PlanRecord, all: readonly Vacant[], siblings: readonly Place[]): Place[] {
    const [first] = all;
    if (!first) return [];
    const { slot } = first;
    const property = topOf(first.path);
    const taken = new Set(
      siblings.flatMap(({ path, link }) => (topOf(path) === property && link.is === 'exact' ? link.held : [])),
    );
    const { candidates, isOpen } = this.candidates(record, property, slot.kind, taken);
    const byName = isOpen ? [] : all.flatMap((one) => this.byName(one, candidates));
    const group = all.filter(({ path }) => !byName.some((place) => place.path === path));
    return [...byName, ...this.fillRest(record, group, candidates, isOpen)];
  }

  /** A place that gives the name of what it refers to, where one candidate has it. */
  private byName({ path, slot, name }: Vacant, candidates: readonly string[]): Place[] {
    const held = name === undefined ? [] : (this.types.named?.(slot.kind, name, candidates) ?? []);
    return held.length === 1 ? [{ path, slot, link: { is: 'linked', held, byCount: false } }] : [];
  }

  private fillRest(
    record: PlanRecord,
    group: readonly Vacant[],
    candidates: readonly string[],
    isOpen: boolean,
  ): Place[] {
    const [first] = group;
    if (!first) return [];
    const { slot } = first;
    const whole = group.filter(({ isWhole }) => isWhole);
    const open = (one: Vacant, held: Held): Place => ({
      path: one.path,
      slot: one.slot,
      link: { is: 'open', held, why: one.why },
    });
    if (candidates.length === 0 && slot.joins) return this.orphan(record, group);
    if (whole.length > 0 || isOpen) return group.map((one) => open(one, candidates));
    // A set is what stands in one list: in two lists it matters which holds what.
    const isFree = (slot.isFree ?? false) && new Set(group.map(({ path }) => listOf(path))).size === 1;
    const filling = fill(group.length, candidates, { isFree, isStrict: this.isStrict });
    if (filling.is === 'open') return group.map((one) => open(one, []));
    if (filling.is === 'sure') {
      const { held, byCount, rest } = filling;
      return group.map((one, index) => {
        if (index >= group.length - rest) return open(one, []);
        return { path: one.path, slot: one.slot, link: { is: 'linked', held: held[index] ?? [], byCount } };
      });
    }
    return this.choosing(record, group, 'ambiguous', filling.options, () => true, filling.isOver);
  }

  private choosing(
    record: PlanRecord,
    group: readonly Vacant[],
    doubt: Doubt,
    options: readonly (readonly Held[])[],
    isDeclared: (option: number) => boolean,
    isOver: boolean,
  ): Place[] {
    const places = group.map(({ path }) => path);
    const choice: Choice = {
      key: `${record.urn} ${places.join(' ')}`,
      urn: record.urn,
      doubt,
      places,
      options,
      isDeclared,
      ...(isOver && { isOver }),
    };
    return group.map(({ path, slot }, place) => {
      const held = [...new Set(options.flatMap((option) => option[place] ?? []))];
      return { path, slot, link: { is: 'choice', held, choice, place } };
    });
  }

  /** A part of nobody knows what may be one of anything of its kind, or of something that is not seen. */
  private orphan(record: PlanRecord, group: readonly Vacant[]): Place[] {
    const slot = group[0]?.slot;
    const all = slot ? [...new Set([...(this.byKind.get(slot.kind) ?? []), ...this.recorded(slot.kind)])] : [];
    const nothing = group.map((): Held => []);
    const options = [nothing, ...all.map((id) => group.map((): Held => [id]))];
    return this.choosing(record, group, 'orphan', options, (option) => option === 0, false);
  }

  private recorded(kind: string): readonly string[] {
    return this.types.recorded?.(kind) ?? [];
  }

  /** The ids that a property's dependencies offer for a slot. `isOpen` where only a component is named, of which any part may be meant. */
  private candidates(record: PlanRecord, property: string, kind: string, taken: ReadonlySet<string>) {
    const urns =
      record.propertyDependencies.get(property) ?? (record.propertyDependencies.size === 0 ? record.dependencies : []);
    const all = urns.map((urn) => this.byUrn.get(urn)).filter((one) => one !== undefined);
    const offered = (from: readonly PlanRecord[]): string[] => {
      const ids = from.flatMap((one) => (one.isComponent ? [] : this.types.idsFor(kind, one, this.follow)));
      return [...new Set(ids)].filter((id) => !taken.has(id));
    };
    const own = offered(all);
    if (own.length > 0) return { candidates: own, isOpen: false };
    const components = all.filter(({ isComponent }) => isComponent);
    const parts = components.flatMap((one) => this.descendants(one));
    return { candidates: offered(parts), isOpen: parts.length > 0 };
  }

  private descendants(record: PlanRecord): readonly PlanRecord[] {
    const found: PlanRecord[] = [];
    const waiting = [...(this.children.get(record.urn) ?? [])];
    const seen = new Set<string>([record.urn]);
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      if (seen.has(one.urn)) continue;
      seen.add(one.urn);
      found.push(one);
      waiting.push(...(this.children.get(one.urn) ?? []));
    }
    return found.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  }
}

/** The innermost list that a path leads through. */
function listOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('['), 0));
}

/** Whether a path is one of those that a pattern means, down to its end. */
function matches(path: string, pattern: string): boolean {
  return path.replace(/\[\d+\]/g, '[]') === pattern;
}
