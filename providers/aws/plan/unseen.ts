import { openEntries } from './network-acl.js';
import type { ApiRecord, Projection } from './project.js';
import { answerWayOut } from './way-out.js';

/** A network whose subnet lets everything through: the most that may stand around an interface whose network nobody shows. */
function answerOpenNetwork(projection: Projection, subnetId: string, vpcId: string): void {
  projection.answer('Vpcs', { VpcId: vpcId, CidrBlockAssociationSet: [] });
  projection.answer('Subnets', { SubnetId: subnetId, VpcId: vpcId });
  projection.answer('RouteTables', {
    RouteTableId: `rtb-?${vpcId}`,
    VpcId: vpcId,
    Associations: [{ Main: true, AssociationState: { State: 'associated' } }],
    Routes: answerWayOut(projection, vpcId),
  });
  projection.answer('NetworkAcls', {
    NetworkAclId: `acl-?${vpcId}`,
    VpcId: vpcId,
    Associations: [{ SubnetId: subnetId }],
    Entries: openEntries,
  });
}

/**
 * Adds the networks that interfaces stand in and that no resource declares. As declared, such a subnet leads to the internet and has
 * no closed ACL (pulumi.md, 4.5); the default VPC does so as AWS makes it, where that is wanted as a fact.
 */
export function projectUnseen(projection: Projection): void {
  const declared = new Set((projection.answers.get('Subnets') ?? []).map(({ SubnetId }) => SubnetId));
  const faces = projection.answers.get('NetworkInterfaces') ?? [];
  const missing = new Set(faces.map(({ SubnetId }) => SubnetId).filter((id) => !declared.has(id)));
  for (const id of missing) {
    if (typeof id !== 'string' || !isTaken(projection, id)) continue;
    const vpcId = vpcOfUnseen(id);
    answerOpenNetwork(projection, id, vpcId);
    // Whoever puts a group on an interface there means one that may stand there.
    const groups = faces
      .filter(({ SubnetId }) => SubnetId === id)
      .flatMap(({ Groups }) => (Array.isArray(Groups) ? (Groups as readonly ApiRecord[]) : []));
    for (const GroupId of new Set(groups.map((group) => group.GroupId)))
      projection.answer('SecurityGroupVpcAssociations', { GroupId, VpcId: vpcId, State: 'associated' });
    if (projection.view.reading === 'as known') projection.assumed.add('the default VPC is public, as AWS makes it');
  }
}

/** Whether a network that nobody shows counts as one that leads to the internet. */
export function isTaken(projection: Projection, subnetId: string): boolean {
  return subnetId === DEFAULT_SUBNET ? projection.takesDefaultNetwork : projection.view.reading === 'as declared';
}

/** The subnet of the default VPC in which an instance lands that names none. */
export const DEFAULT_SUBNET = 'subnet-?default';

export function vpcOfUnseen(subnetId: string): string {
  return `vpc-?${subnetId}`;
}
