import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import { untold } from '../../../src/record/index.js';
import type { Projection } from './project.js';

/** What a subnet has one of: a route table, an ACL. */
export type HolderKind = 'rtb' | 'nacl';

const slots: Readonly<Record<HolderKind, readonly PartSlot[]>> = {
  rtb: [
    ['RouteTableAssociation', 'subnetId'],
    ['native SubnetRouteTableAssociation', 'subnetId'],
  ],
  nacl: [
    ['NetworkAcl', 'subnetIds[]'],
    ['DefaultNetworkAcl', 'subnetIds[]'],
    ['NetworkAclAssociation', 'subnetId'],
    ['native SubnetNetworkAclAssociation', 'subnetId'],
  ],
};

/** The choice among several parts of a subnet that exclude each other. */
export function conflictKey(kind: string, subnetId: string): string {
  return `conflict ${kind} ${subnetId}`;
}

/** The parts of a subnet that exclude each other, where it has several. */
export function rivals(projection: Projection, subnetId: string, kind: HolderKind): readonly PlanRecord[] {
  return projection.partsOf(subnetId, ...slots[kind]);
}

/** The table or the ACL that a part gives its subnet. */
function holderOf(projection: Projection, part: PlanRecord, kind: HolderKind): string | typeof untold | undefined {
  if (kind === 'rtb') return projection.ref(part, 'routeTableId');
  const isAcl = part.token?.name === 'NetworkAcl' || part.token?.name === 'DefaultNetworkAcl';
  if (!isAcl) return projection.ref(part, 'networkAclId');
  return projection.view.links.idOf(part, 'nacl') ?? part.id;
}

/** What subnets had when it was recorded: the id of the table or the ACL by that of the subnet. */
function recordedHolders(projection: Projection, kind: HolderKind): ReadonlyMap<string, string> {
  return projection.once(`recorded ${kind}`, () => {
    const found = new Map<string, string>();
    const note = (id: string, all: readonly { readonly SubnetId?: string | undefined }[] | undefined) => {
      for (const { SubnetId } of all ?? []) if (SubnetId !== undefined) found.set(SubnetId, id);
    };
    if (kind === 'rtb')
      for (const [id, { Associations }] of projection.base?.all('tables') ?? []) note(id, Associations);
    else for (const [id, { Associations }] of projection.base?.all('acls') ?? []) note(id, Associations);
    return found;
  });
}

/** Whether a subnet has what it was recorded with no more: the resource that gave it that goes. */
function isLeft(projection: Projection, subnetId: string, kind: HolderKind): boolean {
  const recorded = recordedHolders(projection, kind).get(subnetId);
  return projection
    .formerPartsOf(subnetId, ...slots[kind])
    .some((part) => [recorded, untold].includes(holderOf(projection, part, kind)));
}

/** The ACL that a VPC gives to subnets that have no other. */
function defaultAclOf(projection: Projection, vpcId: unknown): string | undefined {
  if (typeof vpcId !== 'string') return undefined;
  const vpc = projection.describers(vpcId)[0];
  if (vpc) return projection.view.links.idOf(vpc, 'nacl');
  const all = projection.once('default ACLs', () => {
    const acls = [...(projection.base?.all('acls').values() ?? [])].filter(({ IsDefault }) => IsDefault);
    return new Map(acls.map((acl) => [acl.VpcId, acl.NetworkAclId]));
  });
  return all.get(vpcId);
}

/** What the deployment gives a subnet: by a resource, or an ACL by what is left to it. Undefined where it leaves the subnet what it has. */
function givenTo(
  projection: Projection,
  subnetId: string,
  vpcId: () => unknown,
  kind: HolderKind,
): string | typeof untold | undefined {
  const all = rivals(projection, subnetId, kind);
  // Where there are several, that of the tried way.
  const part = all[all.length > 1 ? projection.view.option({ key: conflictKey(kind, subnetId) }) : 0];
  if (part) return holderOf(projection, part, kind);
  const keeps = recordedHolders(projection, kind).has(subnetId) && !isLeft(projection, subnetId, kind);
  return kind === 'rtb' || keeps ? undefined : defaultAclOf(projection, vpcId());
}

/** Tables or ACLs by the subnets to which the deployment gives them; those that are left as they are recorded are not among them. */
function givenHolders(projection: Projection, kind: HolderKind): ReadonlyMap<string, string> {
  return projection.once(`given ${kind}`, () => {
    const found = new Map<string, string>();
    const note = (subnetId: string, name: string, vpcId: () => unknown) => {
      const given = givenTo(projection, subnetId, vpcId, kind);
      // One of nobody knows which is one all the same: the subnet has no other.
      if (given !== undefined) found.set(subnetId, given === untold ? `${kind}-?of ${name}` : given);
    };
    for (const subnet of projection.all('Subnet', 'DefaultSubnet', 'native Subnet'))
      note(projection.id(subnet, 'subnet'), subnet.name, () => projection.ref(subnet, 'vpcId'));
    for (const id of projection.partsOfOthers('subnet')) {
      const recorded = projection.base?.get('subnets', id);
      if (recorded) note(id, id, () => recorded.VpcId);
    }
    return found;
  });
}

/** The subnets to which the deployment gives a table or an ACL, by its id. */
export function subnetsBy(projection: Projection, kind: HolderKind): ReadonlyMap<string, readonly string[]> {
  return projection.once(`subnets by ${kind}`, () => {
    const found = new Map<string, string[]>();
    for (const [subnetId, id] of givenHolders(projection, kind)) {
      const subnets = found.get(id);
      if (subnets) subnets.push(subnetId);
      else found.set(id, [subnetId]);
    }
    return found;
  });
}

/** Whether a recorded association of a subnet still holds. */
export function isKept(projection: Projection, kind: HolderKind, subnetId: string): boolean {
  return !givenHolders(projection, kind).has(subnetId) && !isLeft(projection, subnetId, kind);
}

/**
 * The tables or ACLs that subnets have and that nobody shows, with these subnets: of what they hold nothing is known.
 * @param field where an answer holds its id
 */
export function unshown(
  projection: Projection,
  kind: HolderKind,
  { key, field }: { readonly key: string; readonly field: string },
): readonly (readonly [id: string, subnets: readonly string[]])[] {
  const shown = new Set((projection.answers.get(key) ?? []).map((record) => record[field]));
  return [...subnetsBy(projection, kind)].filter(([id]) => !shown.has(id));
}

/** The VPC of the first of some subnets, as it was answered or recorded. */
export function vpcAnswered(projection: Projection, [first]: readonly string[]): unknown {
  const answered = projection.answers.get('Subnets')?.find(({ SubnetId }) => SubnetId === first);
  return answered?.VpcId ?? projection.base?.get('subnets', first)?.VpcId ?? untold;
}

/** Whether a resource describes the thing with this id by itself: a VPC brings its own, and says nothing of them. */
export function isDeclared(projection: Projection, id: string): boolean {
  return projection.describers(id).some(({ token }) => token?.name !== 'Vpc' && token?.name !== 'DefaultVpc');
}
