import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions } from '../../../src/plan/planned.js';
import { type ApiRecord, Projection as PlanProjection } from '../../../src/plan/projection.js';
import { type Branch, isBranch, type Tree, Unknown } from '../../../src/plan/tree.js';
import type { View } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import type { Inventory } from '../inventory.js';
import type { KindName } from '../records/collections.js';

export type { ApiRecord } from '../../../src/plan/projection.js';

/** One way of filling a deployment's open places, while it is told in the words of EC2. */
export class Projection extends PlanProjection {
  /** What was recorded of the account, where that is known. */
  readonly base: Inventory | undefined;

  /** Answers that are about one subject, which stands beside them. */
  readonly documents: ApiRecord[] = [];

  constructor(view: View, records: readonly PlanRecord[], assumptions?: Assumptions, base?: Inventory) {
    super(view, records, nameOf, { assumptions, holds: base && ((id) => holds(base, id)) });
    this.base = base;
  }

  /**
   * The list that a resource gives the thing with this id. Undefined where it gives none, and where the run does not change what it
   * gives and the thing was recorded: then what stands there is as it was recorded.
   */
  listed(record: PlanRecord, property: string, id: string): Tree | undefined {
    const value = this.value(record, property);
    if (value === undefined || !this.base || !holds(this.base, id)) return value;
    const former = this.once('former', () => new Map(this.view.links.former.map((one) => [keyOf(one), one])));
    const before = former.get(keyOf(record));
    return before && isSame(before.inputs?.[property], value) ? undefined : value;
  }
}

const keyOf = ({ urn, id }: PlanRecord): string => `${urn} ${id}`;

/** Whether two values are known, and the same. */
function isSame(a: Tree | undefined, b: Tree): boolean {
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (!isBranch(b) && !Array.isArray(b)) return a === b;
  if (a === undefined || a === null || typeof a !== 'object' || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length && right.every(([key, item]) => isSame((a as Branch)[key], item as Tree));
}

/** In which list the API shows things of a kind. */
export const listsOf: Readonly<Record<string, readonly KindName[]>> = {
  instance: ['instances'],
  eni: ['interfaces'],
  sg: ['groups'],
  subnet: ['subnets'],
  vpc: ['vpcs'],
  gateway: ['gateways', 'nats', 'vpnGateways'],
  pcx: ['peerings'],
  vpn: ['vpnConnections'],
  vpce: ['endpoints'],
  tgw: ['transitGateways'],
  tgwa: ['transitVpcAttachments', 'transitAttachments'],
  'tgw-rtb': ['transitTables'],
  eice: ['connectEndpoints'],
  lb: ['balancers'],
  listener: ['listeners'],
  tg: ['targetGroups'],
  rtb: ['tables'],
  nacl: ['acls'],
  eip: ['addresses'],
  pl: ['prefixLists'],
};

const allLists = Object.values(listsOf).flat();

export function holds(base: Inventory, id: string): boolean {
  return allLists.some((list) => base.get(list, id) !== undefined);
}

/** The resource by which a program takes over what an account comes with, of which there is one; others mean it without naming it. */
export function takenOver(
  projection: PlanProjection,
  name: 'DefaultVpc' | 'DefaultSubnet',
  kind: string,
): string | undefined {
  const { links } = projection.view;
  const [only, ...others] = projection.once(`all ${name}`, () => links.records.filter((one) => nameOf(one) === name));
  return only && others.length === 0 ? links.idOf(only, kind) : undefined;
}

/** Modules whose types are called as others are, or are none of EC2's. */
const marks: Readonly<Record<string, string>> = { ec2transitgateway: 'transit', lightsail: 'lightsail' };

/** The name of a type, by which its records are found: with a mark where another one has the same, or it is Cloud Control's. */
export function nameOf({ token }: PlanRecord): string {
  if (!token) return '';
  const parts = [token.pkg === 'aws-native' ? 'native' : undefined, marks[token.module], token.name];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** The choice whether what somebody saw in a list that a resource leaves out stays, where nobody tells what goes. */
export const observedKey = ({ urn }: PlanRecord): string => `observed ${urn}`;

/** The name that people gave a resource. */
export function tagsOf(record: PlanRecord): readonly ApiRecord[] {
  return [{ Key: 'Name', Value: record.name }];
}

/** A recorded record once more as the API would print it: what could not be read of it is `untold`. */
export function reused(record: { readonly broken?: string | undefined }): ApiRecord {
  const fields = record.broken?.split(', ').map((part) => part.split('.')[0] ?? part) ?? [];
  return { ...record, ...Object.fromEntries(fields.map((field) => [field, untold])) };
}
