import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { untold } from '../../../src/record/index.js';
import type { Projection } from './project.js';

const tableAssociations = [
  ['RouteTableAssociation', 'subnetId'],
  ['native SubnetRouteTableAssociation', 'subnetId'],
] as const;

/** The choice among several parts of a subnet that exclude each other. */
export function conflictKey(kind: string, subnetId: string): string {
  return `conflict ${kind} ${subnetId}`;
}

const aclAssociations = [
  ['NetworkAcl', 'subnetIds[]'],
  ['DefaultNetworkAcl', 'subnetIds[]'],
  ['NetworkAclAssociation', 'subnetId'],
  ['native SubnetNetworkAclAssociation', 'subnetId'],
] as const;

/** The parts of a subnet that exclude each other, where it has several. */
export function rivals(projection: Projection, subnetId: string, kind: 'rtb' | 'nacl'): readonly PlanRecord[] {
  return kind === 'rtb'
    ? projection.partsOf(subnetId, ...tableAssociations)
    : projection.partsOf(subnetId, ...aclAssociations);
}

/** What counts for a subnet: its own association, of an ACL where it has none that of its VPC. */
function countingFor(
  projection: Projection,
  subnet: PlanRecord,
  kind: 'rtb' | 'nacl',
): string | typeof untold | undefined {
  const subnetId = projection.id(subnet, 'subnet');
  const all = rivals(projection, subnetId, kind);
  // Where there are several, that of the tried way.
  const part = all[all.length > 1 ? projection.view.option({ key: conflictKey(kind, subnetId) }) : 0];
  if (kind === 'rtb') return part && projection.ref(part, 'routeTableId');
  if (part) {
    const own = part.token?.name === 'NetworkAcl' || part.token?.name === 'DefaultNetworkAcl';
    return own ? projection.id(part, 'nacl') : projection.ref(part, 'networkAclId');
  }
  const vpcId = projection.ref(subnet, 'vpcId');
  const vpc = typeof vpcId === 'string' ? projection.view.links.describers(vpcId)[0] : undefined;
  return vpc && projection.view.links.idOf(vpc, 'nacl');
}

/** The declared subnets by their table or ACL; those with the main table are not among them. */
export function subnetsBy(projection: Projection, kind: 'rtb' | 'nacl'): ReadonlyMap<string, readonly string[]> {
  return projection.once(`subnets by ${kind}`, () => {
    const found = new Map<string, string[]>();
    for (const subnet of projection.all('Subnet', 'DefaultSubnet', 'native Subnet')) {
      const counting = countingFor(projection, subnet, kind);
      if (counting === undefined) continue;
      // One of nobody knows which is one all the same: the subnet has no other.
      const id = counting === untold ? `${kind}-?of ${subnet.name}` : counting;
      const subnets = found.get(id);
      if (subnets) subnets.push(projection.id(subnet, 'subnet'));
      else found.set(id, [projection.id(subnet, 'subnet')]);
    }
    return found;
  });
}

/**
 * The tables or ACLs that subnets have and that nobody shows, with these subnets: of what they hold nothing is known.
 * @param field where an answer holds its id
 */
export function unshown(
  projection: Projection,
  kind: 'rtb' | 'nacl',
  { key, field }: { readonly key: string; readonly field: string },
): readonly (readonly [id: string, subnets: readonly string[]])[] {
  const shown = new Set((projection.answers.get(key) ?? []).map((record) => record[field]));
  return [...subnetsBy(projection, kind)].filter(([id]) => !shown.has(id));
}

/** The VPC of the first of some subnets, as it was answered. */
export function vpcAnswered(projection: Projection, [first]: readonly string[]): unknown {
  return projection.answers.get('Subnets')?.find(({ SubnetId }) => SubnetId === first)?.VpcId ?? untold;
}
