import { below, observed } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { LaidOver } from '../../../src/plan/planned.js';
import type { Follow, Identity, PlanTypes, Slot } from '../../../src/plan/slot.js';
import { keyOfToken } from '../../../src/plan/token.js';
import type { Tree } from '../../../src/plan/tree.js';
import type { Inventory } from '../inventory.js';
import { groupOf, keyOf, nameOf, subscriptionOf, UNKNOWN_SUBSCRIPTION } from '../records/ids.js';
import { Recorded } from './recorded.js';
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
  return keyOf(
    `/subscriptions/${UNKNOWN_SUBSCRIPTION}/resourceGroups/${segment(group)}/providers/${arm}/${segment(name)}`,
  );
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

export function knownId(record: PlanRecord): string | undefined {
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
  private readonly over: LaidOver | undefined;
  private readonly account: Recorded | undefined;
  /** The one subscription in which a provider's resources are, by its URN. */
  private readonly subscriptions = new Map<string | undefined, string | undefined>();

  constructor(records: readonly PlanRecord[], over?: LaidOver) {
    this.over = over;
    this.account = over?.base === undefined ? undefined : new Recorded(over.base as Inventory);
    for (const record of [...records, ...(over?.former ?? [])]) this.placeProvider(record);
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

  private placeProvider(record: PlanRecord): void {
    const subscription = subscriptionOf(knownId(record));
    if (subscription === undefined) return;
    const other = this.subscriptions.get(record.provider) ?? subscription;
    this.subscriptions.set(record.provider, other === subscription ? subscription : undefined);
  }

  recorded(kind: string): readonly string[] {
    return this.account?.ids(kind) ?? [];
  }

  recordedRefs(id: string): readonly string[] {
    return this.account?.refs(id) ?? [];
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
    if (found) return this.rootId(found);
    return this.recordedId(arm, text, group, record.provider) ?? standInId(arm, text, group);
  }

  /** The id of what was recorded under this name, and that no resource declares. */
  private recordedId(
    arm: string,
    name: string,
    group: string | undefined,
    provider: string | undefined,
  ): string | undefined {
    return group === undefined ? undefined : this.account?.find(arm, name, group, this.subscriptions.get(provider));
  }

  named(_kind: string, name: string, ids: readonly string[]): readonly string[] {
    return ids.filter((id) => nameOf(id) === segment(name));
  }

  private normalId(key: string): string {
    const [, group, root, rest = ''] =
      /^\/subscriptions\/[^/]*\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+\/[^/]+)(\/.*)?$/.exec(key) ?? [];
    const found = root === undefined ? undefined : this.root(root, group, undefined);
    if (!found || knownId(found) !== undefined) return key;
    const own = this.rootId(found);
    const whole = key.slice(0, key.length - rest.length);
    // What was recorded under this very id is not what is made in this run under the same name.
    return own !== whole && this.account?.holds(whole) ? key : `${own}${rest}`;
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
    return knownId(record) ?? this.idThere(record) ?? standInId(planTypeOf(record)?.arm ?? '', this.standIn(record));
  }

  /**
   * The id of what was recorded under the name of a resource that is not told its id. One that is made in this run has another id,
   * save where what it replaces had the same name.
   */
  private idThere(record: PlanRecord): string | undefined {
    const [arm, name, group] = [planTypeOf(record)?.arm, azureName(record), resourceGroup(record)];
    if (!this.account || arm === undefined || name === undefined || group === undefined) return undefined;
    if (!this.over?.showsIds) return this.recordedId(arm, name, group, record.provider);
    const goes = this.over.former.find(({ urn }) => urn === record.urn);
    const id = goes && knownId(goes);
    return id === undefined || keyOf(standInId(arm, name, group)) !== withoutSubscription(id) ? undefined : id;
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

/** An id as it is while nobody knows the subscription. */
function withoutSubscription(id: string): string {
  return id.replace(/^(\/subscriptions\/)[^/]+/, `$1${UNKNOWN_SUBSCRIPTION}`);
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
