import { below, observed } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Follow, Identity, PlanTypes, Slot } from '../../../src/plan/slot.js';
import { keyOfToken } from '../../../src/plan/token.js';
import { isBranch, type Tree, Unknown } from '../../../src/plan/tree.js';
import { nameOf, pathOf } from '../records/names.js';
import { asPart, isStandInName, type Place, Places, scopeOf } from './place.js';
import { networkOfInterface, type PlanType, planTypes, type Reach } from './types.js';

const noSlots: readonly Slot[] = [];

export function planTypeOf({ token }: PlanRecord): PlanType | undefined {
  return token && planTypes.get(keyOfToken(token));
}

/** Collections by kind, and where their things are, for names that stand alone. */
const homes: Readonly<Record<string, readonly (readonly [collection: string, reach: Reach])[]>> = {
  network: [['networks', 'global']],
  subnet: [['subnetworks', 'region']],
  instance: [['instances', 'zone']],
  template: [
    ['instanceTemplates', 'global'],
    ['instanceTemplates', 'region'],
  ],
  group: [
    ['instanceGroups', 'zone'],
    ['instanceGroups', 'region'],
  ],
  'network policy': [['firewallPolicies', 'global']],
  'regional policy': [['firewallPolicies', 'region']],
  target: [
    ['targetPools', 'region'],
    ['targetInstances', 'zone'],
  ],
  service: [
    ['backendServices', 'region'],
    ['backendServices', 'global'],
  ],
  address: [
    ['addresses', 'region'],
    ['addresses', 'global'],
  ],
};

function textIn(record: PlanRecord, ...properties: readonly string[]): string | undefined {
  for (const property of properties) {
    const value = record.inputs?.[property] ?? observed(record, property);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/**
 * The project of the subnet with this name, where an interface in it says that it is not that of the machine: one that nobody knows
 * where interfaces say it of one name and differ, or say it in a value that is not known.
 */
function subnetProjectOf(record: PlanRecord, name: string): string | undefined {
  const nics = record.inputs?.networkInterfaces ?? record.outputs?.networkInterfaces;
  const own = (Array.isArray(nics) ? (nics as readonly Tree[]) : []).filter((nic) => {
    const text = isBranch(nic) ? nic.subnetwork : undefined;
    return typeof text === 'string' && nameOf(text) === name;
  });
  const said = new Set(own.map((nic) => below(nic, 'subnetworkProject') ?? undefined));
  const [only] = said;
  if (said.size > 1 || only instanceof Unknown) return asPart(`?project of a subnet of ${record.name}`);
  return typeof only === 'string' && only !== '' ? nameOf(only) : undefined;
}

/** `https://…/projects/p/…/instanceGroupManagers/g?uniqueId=1` as the one name of what is meant: a manager's group has its name. */
function tidied(path: string): string {
  return path.replace(/\?uniqueId=.*$/, '').replace('/instanceGroupManagers/', '/instanceGroups/');
}

/** The path of what a resource describes, as the cloud told it; undefined where it did not, or not yet. */
export function linkOf(record: PlanRecord): string | undefined {
  const link = pathOf(textIn(record, 'selfLink')) ?? pathOf(record.id);
  return link === undefined ? undefined : tidied(link);
}

/** What stands before the `@` of an account's address. */
function localOf(email: string): string {
  return email.split('@')[0] ?? email;
}

/** The path behind the project: `global/networks/n`. */
function tailOf(path: string): string {
  return path.replace(/^projects\/[^/]*\//, '');
}

function isUnknownAt(item: Tree, key: string): boolean {
  return isBranch(item) && item[key] instanceof Unknown;
}

/** The identities of Google Cloud's resources in one deployment: the paths of their self links. */
export class GcpPlanTypes implements PlanTypes {
  private readonly places: Places;
  private readonly standIns = new Map<string, string>();
  /** By kind and path, and by kind and name. */
  private readonly known = new Set<string>();
  private readonly byName = new Map<string, string[]>();

  constructor(records: readonly PlanRecord[]) {
    this.places = new Places(records);
    const used = new Map<string, number>();
    for (const record of records) {
      const type = planTypeOf(record);
      if (!type) continue;
      const text = `${type.kind ?? type.collection} ${record.name}`;
      const count = (used.get(text) ?? 0) + 1;
      used.set(text, count);
      this.standIns.set(record.urn, asPart(count === 1 ? record.name : `${record.name}~${count}`));
    }
    for (const record of records) {
      const type = planTypeOf(record);
      if (type?.kind !== undefined) this.index(type.kind, this.ownId(record, type));
    }
  }

  private index(kind: string, id: string): void {
    this.known.add(`${kind} ${id}`);
    const name = `${kind} ${nameOf(id)}`;
    this.push(name, id);
    if (kind === 'account') this.push(`account ${localOf(id)}`, id);
  }

  private push(name: string, id: string): void {
    const same = this.byName.get(name);
    if (!same) this.byName.set(name, [id]);
    else if (!same.includes(id)) same.push(id);
  }

  slotsOf(record: PlanRecord): readonly Slot[] {
    const slots = planTypeOf(record)?.slots ?? noSlots;
    if (!slots.includes(networkOfInterface)) return slots;
    // Where every interface names its subnet, its network is that of the subnet, and the two are not chosen by themselves.
    const nics = record.inputs?.networkInterfaces ?? record.outputs?.networkInterfaces;
    const isBySubnet =
      Array.isArray(nics) &&
      nics.length > 1 &&
      (nics as readonly Tree[]).every((nic) => isUnknownAt(nic, 'subnetwork'));
    return isBySubnet ? slots.filter((slot) => slot !== networkOfInterface) : slots;
  }

  identitiesOf(record: PlanRecord): readonly Identity[] {
    const type = planTypeOf(record);
    return type?.kind === undefined ? [] : [{ kind: type.kind, id: this.ownId(record, type) }];
  }

  idsFor(kind: string, record: PlanRecord, follow: Follow): readonly string[] {
    const own = this.identitiesOf(record).filter((one) => one.kind === kind);
    if (own.length > 0) return own.map(({ id }) => id);
    const path = planTypeOf(record)?.follow?.[kind];
    return path === undefined ? [] : follow(record, path);
  }

  normal(kind: string, text: string, record: PlanRecord): string {
    if (kind === 'account') return this.accountOf(text);
    if (kind === 'hierarchical policy') return `locations/global/firewallPolicies/${nameOf(text)}`;
    if (kind === 'addresses') return pathOf(text) ?? text;
    const place = this.places.of(record);
    const path = pathOf(text);
    const scoped = /^(?:global|regions|zones)\//.test(text) ? `projects/${place.project}/${text}` : undefined;
    const full = path ?? scoped;
    return full === undefined ? this.namedIn(kind, nameOf(text), place, record) : this.located(kind, tidied(full));
  }

  private label(record: PlanRecord): string {
    return this.standIns.get(record.urn) ?? asPart(record.name);
  }

  /** A name alone: the one thing that has it where it would be, else the place where it would be. */
  private namedIn(kind: string, name: string, place: Place, record: PlanRecord): string {
    const other = kind === 'subnet' ? subnetProjectOf(record, name) : undefined;
    const own = other === undefined ? place : { ...place, project: other };
    const paths = (homes[kind] ?? []).map(([collection, reach]) => `${scopeOf(own, reach)}/${collection}/${name}`);
    const found = paths.find((path) => this.known.has(`${kind} ${path}`));
    if (found !== undefined) return found;
    const prefix = `projects/${own.project}/`;
    const [only, ...more] = (this.byName.get(`${kind} ${name}`) ?? []).filter((id) => id.startsWith(prefix));
    return (more.length === 0 ? only : undefined) ?? paths[0] ?? name;
  }

  /** A path: that of the thing itself where only its project is not known (pulumi.md, 4.6). */
  private located(kind: string, path: string): string {
    if (this.known.has(`${kind} ${path}`)) return path;
    const alike = (this.byName.get(`${kind} ${nameOf(path)}`) ?? []).filter(
      (id) => tailOf(id) === tailOf(path) && isStandInName(id.slice(0, id.length - tailOf(id).length)),
    );
    const [only, ...more] = alike;
    return (more.length === 0 ? only : undefined) ?? path;
  }

  /** The address of a service account: of one whose project is not known by what stands before the `@`. */
  private accountOf(text: string): string {
    const email = text.replace(/^serviceAccount:/, '').toLowerCase();
    if (this.known.has(`account ${email}`)) return email;
    const [only, ...more] = (this.byName.get(`account ${localOf(email)}`) ?? []).filter((id) => id.includes('@?'));
    return (more.length === 0 ? only : undefined) ?? email;
  }

  private ownId(record: PlanRecord, type: PlanType): string {
    if (type.kind === 'account') return this.ownAccount(record);
    if (type.kind === 'hierarchical policy') return this.ownHierarchical(record);
    const link = linkOf(record);
    if (link !== undefined) return link;
    const own = textIn(record, 'name');
    const name = own === undefined ? `${type.kind ?? 'thing'}-?${this.label(record)}` : asPart(own);
    if (type.kind === 'addresses') {
      const parent = textIn(record, 'parent') ?? `projects/${this.places.of(record).project}`;
      return `${parent}/locations/${textIn(record, 'location') ?? 'global'}/addressGroups/${name}`;
    }
    return `${scopeOf(this.places.of(record), type.reach ?? 'global')}/${type.collection}/${name}`;
  }

  private ownAccount(record: PlanRecord): string {
    const email = observed(record, 'email');
    if (typeof email === 'string') return email.toLowerCase();
    const { project } = this.places.of(record);
    const name = textIn(record, 'accountId') ?? `?${this.label(record)}`;
    return `${name}@${project}.iam.gserviceaccount.com`.toLowerCase();
  }

  private ownHierarchical(record: PlanRecord): string {
    const number = observed(record, 'firewallPolicyId') ?? observed(record, 'policyId') ?? record.id;
    const name = typeof number === 'string' ? nameOf(number) : `policy-?${this.label(record)}`;
    return `locations/global/firewallPolicies/${name}`;
  }
}
