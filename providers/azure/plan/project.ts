import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type ApiRecord, Projection as PlanProjection } from '../../../src/plan/projection.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import type { View } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { type AddressSet, type Prefix, parsePrefix } from '../../../src/set/index.js';
import type { Inventory } from '../inventory.js';
import { keyOf } from '../records/ids.js';
import type { KindName } from '../records/kinds.js';
import { kindOfResource } from '../records/recorded-answer.js';
import { planTypeOf, standInId } from './identity.js';
import { elementsOf, Recorded, reread } from './recorded.js';

export type { ApiRecord } from '../../../src/plan/projection.js';

/** What is known of a subnet: a NIC in it gets an address of these prefixes. */
export interface Place {
  readonly id: string;
  readonly prefixes: readonly Prefix[];
  /** Whether these are the subnet's: otherwise they only stand for them. */
  readonly isKnown: boolean;
}

/** One way of filling a deployment's open places, while it is told in the words of Azure Resource Manager. */
export class Projection extends PlanProjection {
  /** The declared subnets, by id. */
  readonly places = new Map<string, Place>();
  /** Prefixes in which some guarded address lies that Azure is yet to choose. */
  readonly loose = new Map<string, AddressSet>();
  /** The IP configurations to which a NAT rule leads, or that are in a pool, by its id. */
  readonly behind = new Map<string, string[]>();

  /** What was recorded of the account and stays, where that is known. */
  readonly base: Inventory | undefined;
  readonly account: Recorded | undefined;

  private readonly recorded: Inventory | undefined;

  /** @param recorded what was recorded of the account, and `base` what of it stays */
  constructor(view: View, records: readonly PlanRecord[], recorded?: Inventory, base = recorded) {
    const account = recorded && new Recorded(recorded);
    super(view, records, (record) => planTypeOf(record)?.name ?? '', { holds: account && ((id) => account.holds(id)) });
    this.recorded = recorded;
    this.base = base;
    this.account = base && new Recorded(base);
  }

  /** Whether the program declares the thing with this id or parts of it, or takes something of it away. */
  changes(id: string): boolean {
    return this.view.links.joiners(id).length > 0 || this.replaces(id);
  }

  /** The same, save that parts of its own only add to it. */
  replaces(id: string): boolean {
    if (this.describers(id).length > 0) return true;
    const kind = kindOfResource({ id });
    return kind !== undefined && kind !== 'ignored' && this.base?.get(kind, id) !== this.recorded?.get(kind, id);
  }

  /** What was recorded of the thing with this id, as ARM would print it. */
  there(kind: KindName, id: string): ApiRecord | undefined {
    const record = this.base?.get(kind, id);
    return record && reread<ApiRecord>(record);
  }

  /** What is not told of a thing that is there stays as it is. */
  override answer(kind: KindName, record: ApiRecord): void {
    super.answer(kind, typeof record.id === 'string' ? { ...this.there(kind, keyOf(record.id)), ...record } : record);
  }

  /** The same of a subnet, which stands in the record of its network. */
  subnetThere(id: string): Readonly<Record<string, ApiRecord | undefined>> | undefined {
    const part = this.account?.part(id);
    return part && (reread<ApiRecord>(part) as Readonly<Record<string, ApiRecord | undefined>>);
  }

  /** The ids of this kind of which the program declares parts, and that only a recording holds. */
  joinedThere(kind: string): readonly string[] {
    const { links } = this.view;
    return this.partsOfOthers(kind).filter((id) => links.joiners(id).length > 0 && this.account?.holds(id));
  }

  /** What is known of a subnet, declared or recorded. */
  placeOf(id: string): Place | undefined {
    const prefixes = this.account?.prefixesOf(id) ?? [];
    return this.places.get(id) ?? (prefixes.length > 0 ? { id, prefixes, isKnown: true } : undefined);
  }

  /**
   * The recorded elements of a list that the program leaves alone, without those that have a resource of their own: what is not
   * declared stays (pulumi-azure-native#611; the lists of the classic provider are optional and computed).
   * @param list undefined where the program lists nothing
   */
  untouched(
    there: ApiRecord | undefined,
    field: string,
    list: Tree | undefined,
    own: readonly (string | undefined)[],
  ): readonly (ApiRecord | typeof untold)[] {
    if (list !== undefined && list !== null) return [];
    const declared = new Set(own.map((name) => name?.toLowerCase()));
    return elementsOf(there, field).filter(
      (one) => one === untold || typeof one.name !== 'string' || !declared.has(one.name.toLowerCase()),
    );
  }

  /**
   * What a thing that is there refers to, where the program says nothing of it. The classic provider leaves it to associations, which
   * may stand in another program; the native one removes it when it changes the resource, and nobody says whether it does.
   */
  stillReferring(
    record: PlanRecord,
    path: string,
    arm: string,
    there: ApiRecord | undefined,
  ): { readonly id: string } | undefined {
    const id = (there as { readonly id?: unknown } | undefined)?.id;
    if (typeof id !== 'string') return undefined;
    if (record.token?.pkg === 'azure' || this.view.links.moment === 'deployed') return { id };
    this.unknownOf(record, path, 'left alone');
    return this.isAsKnown ? { id: standInId(arm, `?${record.name} ${path}`) } : undefined;
  }

  /** A reference as ARM writes it: undefined where there is none, and to something that nobody has seen where nobody knows to what. */
  reference(arm: string, record: PlanRecord, ...paths: readonly string[]): { readonly id: string } | undefined {
    for (const path of paths) {
      const { ids, isOpen } = this.view.refs(record, path);
      const [id] = ids;
      if (id !== undefined && ids.length === 1 && !isOpen) return { id };
      if (this.isReferring(record, path)) return { id: standInId(arm, `?${record.name} unknown`) };
    }
    return undefined;
  }

  /** Whether something is referred to at a path. As declared, something that nobody knows is still not nothing. */
  private isReferring(record: PlanRecord, path: string): boolean {
    const { ids, isOpen } = this.view.refs(record, path);
    if (ids.length > 0 || isOpen) return true;
    return this.view.links.of(record).some(({ path: place, link }) => link.is === 'open' && isAtOrAbove(place, path));
  }

  /** The names of recorded rules of groups that no resource declares: what has one of these is not written in the program. */
  private namesThere(): ReadonlySet<string | undefined> {
    return this.once('names there', () => {
      const all = [...(this.base?.all('securityGroups') ?? [])];
      const others = all.filter(([id]) => this.describers(id).length === 0);
      return new Set(others.flatMap(([, { securityRules = [] }]) => securityRules.map(({ name }) => name)));
    });
  }

  /** The name of a thing, which tells where it is written. Names that several things have get that of the resource beside theirs. */
  rename(name: string, record: PlanRecord, path?: string): string {
    const isTaken = this.origins.has(name) || this.namesThere().has(name);
    const count = this.once('names', () => new Map<string, number>());
    const number = (count.get(name) ?? 0) + 1;
    count.set(name, number);
    return this.origin(isTaken ? `${name} (${record.name}${number > 2 ? ` ${number}` : ''})` : name, record, path);
  }

  /** The number of this interface among all. */
  next(what: string): number {
    const count = this.once(what, () => ({ used: 0 }));
    count.used += 1;
    return count.used - 1;
  }
}

function isAtOrAbove(place: string, path: string): boolean {
  return place === path || (path.startsWith(place) && /^[.[]/.test(path.slice(place.length)));
}

/** The value at a path of one resource: `a.b[0].c`. */
export function valueAt(projection: Projection, record: PlanRecord, path: string): Tree | undefined {
  const [top = '', ...steps] = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce<Tree | undefined>(
    (tree, step) => below(tree, /^\d+$/.test(step) ? Number(step) : step),
    projection.value(record, top),
  );
}

/** The first of these members that is there. */
export function member(tree: Tree | undefined, ...names: readonly string[]): Tree | undefined {
  for (const name of names) {
    const value = below(tree, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The gateway load balancer through which packets to an address pass, whichever it is: what its appliances do no program shows. */
export function applianceBefore(item: Tree | undefined): ApiRecord {
  const through =
    member(item, 'gatewayLoadBalancer') ?? member(item, 'gatewayLoadBalancerFrontendIpConfigurationId') ?? null;
  if (through === null || through === '') return {};
  const id = typeof through === 'string' ? through : member(through, 'id');
  return { gatewayLoadBalancer: { id: typeof id === 'string' ? id : 'a gateway load balancer' } };
}

interface Element {
  readonly at: string;
  readonly item: Tree | typeof untold;
}

/** The elements of a list with the paths at which they stand; `untold` in the place of those that nobody knows. */
export function elements(projection: Projection, record: PlanRecord, path: string): readonly Element[] {
  const tree = valueAt(projection, record, path);
  const list = projection.leaves.list(tree);
  if (list === undefined) return [];
  if (list === untold) return [{ at: path, item: untold }];
  return list.flatMap((item, index): Element[] => {
    if (item instanceof Unknown)
      return projection.leaves.unknown === untold ? [{ at: `${path}[${index}]`, item: untold }] : [];
    return item === null ? [] : [{ at: `${path}[${index}]`, item }];
  });
}

/** The texts of a field and of the list beside it: those that are known, and whether there are others. */
export function texts(...trees: readonly (Tree | undefined)[]): {
  readonly known: readonly string[];
  readonly isOpen: boolean;
} {
  const items = trees.flatMap((tree): readonly (Tree | undefined)[] =>
    Array.isArray(tree) ? (tree as readonly Tree[]) : [tree],
  );
  const given = items.filter((item) => item !== undefined && item !== null && item !== '');
  const known = given.flatMap((item) => (typeof item === 'string' || typeof item === 'number' ? String(item) : []));
  return { known, isOpen: known.length < given.length };
}

/** The texts that are prefixes. */
export function prefixesIn(all: readonly string[]): readonly Prefix[] {
  return all.flatMap((text) => parsePrefix(text) ?? []);
}
