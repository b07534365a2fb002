import { Memo } from '../../../src/memo.js';
import type { ApiRecord } from '../../../src/plan/projection.js';
import { untold } from '../../../src/record/index.js';
import { formatAddress, type Prefix, parseAddress, parsePrefix } from '../../../src/set/index.js';
import type { Inventory } from '../inventory.js';
import { prefixesOf } from '../network.js';
import { groupOf, keyOf, nameOf, parentOf, subscriptionOf, typeOf } from '../records/ids.js';
import type { KindName } from '../records/kinds.js';
import { kindOfResource } from '../records/recorded-answer.js';

/** In which list things of a kind were recorded. */
const kindNames: Readonly<Record<string, KindName>> = {
  vm: 'machines',
  vmss: 'scaleSets',
  nic: 'interfaces',
  nsg: 'securityGroups',
  asg: 'applicationGroups',
  vnet: 'networks',
  pip: 'addresses',
  rt: 'routeTables',
  lb: 'balancers',
};

/** Lists that say who uses the thing, not what it uses. */
const usedBy: ReadonlySet<string> = new Set(['subnets', 'backendIPConfigurations', 'loadBalancerBackendAddresses']);

/** A text in a field of a record; an empty one where there is none. */
export function textIn(record: unknown, field: string): string {
  const value = typeof record === 'object' && record !== null ? (record as ApiRecord)[field] : undefined;
  return typeof value === 'string' ? value : '';
}

/** The id in a record or a reference, as a key; an empty text where there is none. */
export function keyIn(record: unknown, field = 'id'): string {
  return keyOf(textIn(record, field));
}

/** A recorded record once more as ARM would print it: what could not be read of it is `untold`. */
export function reread<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => reread(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const record = value as ApiRecord;
  const unread = textIn(record, 'broken')
    .split(', ')
    .filter((field) => field !== '' && record[field] === undefined);
  const told = Object.entries(record).map(([name, item]) => [name, reread(item)] as const);
  return Object.fromEntries([...told, ...unread.map((field) => [field, untold] as const)]) as T;
}

/** The elements of a recorded list that have names, without some of them; `untold` where the list could not be read. */
export function elementsOf(record: ApiRecord | undefined, list: string): readonly (ApiRecord | typeof untold)[] {
  const items = record && reread(record)[list];
  if (items === untold) return [untold];
  return Array.isArray(items) ? (items as readonly ApiRecord[]) : [];
}

/** What was recorded of the account, as a plan asks for it. */
export class Recorded extends Memo {
  private readonly base: Inventory;

  constructor(base: Inventory) {
    super();
    this.base = base;
  }

  /** The record of the thing with this id. */
  record(id: string): ApiRecord | undefined {
    const name = kindOfResource({ id });
    return name === undefined || name === 'ignored' ? undefined : this.base.get(name, id);
  }

  /** The same of something that another one lists: a subnet, a pool, a NAT rule. */
  part(id: string): ApiRecord | undefined {
    const owner = this.record(parentOf(id));
    const list = id.split('/').at(-2);
    const field = owner && Object.keys(owner).find((key) => key.toLowerCase() === list);
    const parts = field === undefined ? undefined : owner?.[field];
    if (!Array.isArray(parts)) return undefined;
    return (parts as readonly ApiRecord[]).find((one) => typeof one.id === 'string' && keyOf(one.id) === id);
  }

  holds(id: string): boolean {
    return this.record(id) !== undefined || this.part(id) !== undefined;
  }

  /** The ids of all things of a kind. */
  ids(kind: string): readonly string[] {
    const name = kindNames[kind];
    if (name !== undefined) return [...this.base.all(name).keys()];
    if (kind !== 'subnet') return [];
    return this.once('subnets', () =>
      [...this.base.all('networks').values()].flatMap(({ subnets = [] }) =>
        subnets.flatMap(({ id }) => keyOf(id ?? '')),
      ),
    );
  }

  /** The one thing of this type and name in a resource group, in whatever subscription where that is not told. */
  find(arm: string, name: string, group: string, subscription: string | undefined): string | undefined {
    const all = this.once('by name', () => {
      const found = new Map<string, string[]>();
      for (const id of Object.values(kindNames).flatMap((kind) => [...this.base.all(kind).keys()])) {
        const key = [typeOf(id), groupOf(id), nameOf(id)].join(' ');
        found.set(key, [...(found.get(key) ?? []), id]);
      }
      return found;
    });
    const key = [arm, group, name].join(' ').toLowerCase();
    const here = (all.get(key) ?? []).filter((id) => subscription === undefined || subscriptionOf(id) === subscription);
    return here.length === 1 ? here[0] : undefined;
  }

  /** The ids to which the thing with this id refers, and of what it is a part. */
  refs(id: string): readonly string[] {
    const part = this.part(id);
    const found = new Set<string>(part ? [parentOf(id)] : []);
    const visit = (value: unknown): void => {
      if (typeof value === 'string' && value.startsWith('/')) found.add(keyOf(value));
      else if (Array.isArray(value)) value.forEach(visit);
      else if (typeof value === 'object' && value !== null)
        for (const [key, item] of Object.entries(value)) if (!usedBy.has(key)) visit(item);
    };
    visit(part ?? this.record(id));
    found.delete(id);
    return [...found];
  }

  /** The prefixes of a subnet. */
  prefixesOf(subnetId: string): readonly Prefix[] {
    const subnet = this.base
      .get('networks', parentOf(subnetId))
      ?.subnets?.find(({ id }) => keyOf(id ?? '') === subnetId);
    return subnet ? prefixesOf(subnet).flatMap((text) => parsePrefix(text) ?? []) : [];
  }

  /** The private addresses that somebody has in a subnet: nobody else gets them. */
  takenIn(subnetId: string): ReadonlySet<string> | undefined {
    const bySubnet = this.once('addresses by subnet', () => {
      const found = new Map<string, Set<string>>();
      for (const name of ['interfaces', 'scaleSetInterfaces'] as const)
        for (const { ipConfigurations = [] } of this.base.all(name).values())
          for (const { subnet, privateIPAddress } of ipConfigurations) {
            const address = parseAddress(privateIPAddress ?? '');
            if (subnet?.id === undefined || address === undefined) continue;
            const key = keyOf(subnet.id);
            found.set(key, (found.get(key) ?? new Set()).add(formatAddress(address)));
          }
      return found;
    });
    return bySubnet.get(subnetId);
  }
}
