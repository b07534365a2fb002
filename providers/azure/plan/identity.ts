import { below, observed } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Follow, Identity, PlanTypes, Slot } from '../../../src/plan/slot.js';
import { keyOfToken } from '../../../src/plan/token.js';
import type { Tree } from '../../../src/plan/tree.js';
import { groupOf, keyOf, nameOf } from '../records/ids.js';
import { type PlanType, planTypes } from './types.js';

const noSlots: readonly Slot[] = [];

export function planTypeOf({ token }: PlanRecord): PlanType | undefined {
  return token && planTypes.get(keyOfToken(token));
}

/** A name as a part of an id. */
function segment(name: string): string {
  return name.replace(/[/%]/g, encodeURIComponent).toLowerCase();
}

/** The id of something of which only its type and name are known; other things have ids with a subscription. */
export function standInId(arm: string, name: string, group = '?'): string {
  return keyOf(`/subscriptions/?/resourceGroups/${segment(group)}/providers/${arm}/${segment(name)}`);
}

/** The name of an element of a list of parts; one that has none yet goes by its place. */
export function partName(item: Tree | undefined, index: number): string {
  const name = below(item, 'name');
  return typeof name === 'string' && name !== '' ? name : `?${index}`;
}

/** The id of a part that stands in a list of the thing with this id. */
export function partId(whole: string, part: string, name: string): string {
  return keyOf(`${whole}/${part}/${segment(name)}`);
}

/** A text that a resource declares, or that the provider has told. */
function textIn(record: PlanRecord, property: string): string | undefined {
  for (const value of [record.inputs?.[property], observed(record, property)])
    if (typeof value === 'string' && value !== '') return value;
  return undefined;
}

function knownId(record: PlanRecord): string | undefined {
  const id = record.id ?? observed(record, 'id');
  return typeof id === 'string' && id.startsWith('/') ? keyOf(id) : undefined;
}

/** The resource's own name in Azure; undefined while nobody knows it. */
export function azureName(record: PlanRecord): string | undefined {
  for (const property of planTypeOf(record)?.named ?? []) {
    const name = textIn(record, property);
    if (name !== undefined) return name;
  }
  const id = knownId(record);
  return id === undefined ? undefined : nameOf(id);
}

/** The resource group by its name, which stands in most types and in every id. */
function resourceGroup(record: PlanRecord): string | undefined {
  const id = knownId(record);
  return (textIn(record, 'resourceGroupName') ?? (id === undefined ? undefined : groupOf(id)))?.toLowerCase();
}

/** The identities of Azure's resources in one deployment. All ids are in lower case: Azure compares them so. */
export class AzurePlanTypes implements PlanTypes {
  private readonly standIns = new Map<string, string>();
  private readonly ids = new Map<string, string>();
  private readonly roots = new Map<string, PlanRecord[]>();

  constructor(records: readonly PlanRecord[]) {
    const used = new Map<string, number>();
    for (const record of records) {
      const type = planTypeOf(record);
      if (type?.arm === undefined) continue;
      const text = `${type.arm}/${segment(record.name)}`;
      const count = (used.get(text) ?? 0) + 1;
      used.set(text, count);
      this.standIns.set(record.urn, count === 1 ? record.name : `${record.name}~${count}`);
      const name = azureName(record);
      if (name === undefined || type.within !== undefined) continue;
      const key = `${type.arm.toLowerCase()}/${segment(name)}`;
      this.roots.set(key, [...(this.roots.get(key) ?? []), record]);
    }
  }

  slotsOf(record: PlanRecord): readonly Slot[] {
    return planTypeOf(record)?.slots ?? noSlots;
  }

  identitiesOf(record: PlanRecord, follow: Follow): readonly Identity[] {
    const type = planTypeOf(record);
    if (type?.kind === undefined) return [];
    const id = this.idOf(record, type, follow);
    return [{ kind: type.kind, id }, ...partsOf(record, type, id)];
  }

  idsFor(kind: string, record: PlanRecord, follow: Follow): readonly string[] {
    const own = this.identitiesOf(record, follow).filter((one) => one.kind === kind);
    if (own.length > 0) return own.map(({ id }) => id);
    return planTypeOf(record)?.follow === kind ? this.inside(record, kind, follow) : [];
  }

  /** Whether by id or by name, the id of what this deployment declares; of others the id as it is, with the unknown left open. */
  normal(kind: string, text: string, record: PlanRecord): string {
    if (text.startsWith('/')) return this.normalId(keyOf(text));
    const arm = armOf(kind);
    if (arm === undefined) return text.toLowerCase();
    const group = resourceGroup(record);
    const found = this.root(`${arm.toLowerCase()}/${segment(text)}`, group, record.provider);
    return found ? this.rootId(found) : standInId(arm, text, group);
  }

  named(_kind: string, name: string, ids: readonly string[]): readonly string[] {
    return ids.filter((id) => nameOf(id) === segment(name));
  }

  private normalId(key: string): string {
    const [, group, root, rest = ''] =
      /^\/subscriptions\/[^/]*\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+\/[^/]+)(\/.*)?$/.exec(key) ?? [];
    const found = root === undefined ? undefined : this.root(root, group, undefined);
    return found && knownId(found) === undefined ? `${this.rootId(found)}${rest}` : key;
  }

  /** The one resource of this type and name that may stand in the resource group. */
  private root(key: string, group: string | undefined, provider: string | undefined): PlanRecord | undefined {
    const all = (this.roots.get(key) ?? []).filter((record) => {
      const other = resourceGroup(record);
      const isSameGroup = group === undefined || other === undefined || group === other;
      return isSameGroup && (provider === undefined || !record.provider || record.provider === provider);
    });
    return all.length === 1 ? all[0] : undefined;
  }

  private rootId(record: PlanRecord): string {
    return knownId(record) ?? standInId(planTypeOf(record)?.arm ?? '', this.standIn(record));
  }

  private standIn(record: PlanRecord): string {
    return this.standIns.get(record.urn) ?? record.name;
  }

  private idOf(record: PlanRecord, type: PlanType, follow: Follow): string {
    if (type.within === undefined) return this.rootId(record);
    const known = knownId(record) ?? this.ids.get(record.urn);
    if (known !== undefined) return known;
    const wholes = this.inside(record, type.within, follow);
    // A part of nobody knows what is the only one of its own.
    const whole = wholes.length === 1 ? wholes[0] : undefined;
    const id = partId(
      whole ?? standInId(armOf(type.within) ?? '', `?${this.standIn(record)}`),
      type.arm ?? '',
      azureName(record) ?? this.standIn(record),
    );
    if (whole !== undefined) this.ids.set(record.urn, id);
    return id;
  }

  /** What a resource is in, as its slots of that kind say. */
  private inside(record: PlanRecord, kind: string, follow: Follow): readonly string[] {
    const slots = this.slotsOf(record).filter((slot) => slot.kind === kind);
    return [...new Set(slots.flatMap(({ path }) => follow(record, path)))];
  }
}

function armOf(kind: string): string | undefined {
  for (const type of planTypes.values()) if (type.kind === kind && type.within === undefined) return type.arm;
  return undefined;
}

/** The parts that a resource lists itself. */
function partsOf({ inputs, outputs }: PlanRecord, type: PlanType, id: string): readonly Identity[] {
  return (type.lists ?? []).flatMap(([property, kind, part]) => {
    const list = (inputs ?? outputs)?.[property];
    const items: readonly Tree[] = Array.isArray(list) ? list : [];
    return items.map((item, index) => ({ kind, id: partId(id, part, partName(item, index)) }));
  });
}
