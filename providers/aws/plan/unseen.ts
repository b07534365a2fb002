import { untold } from '../../../src/record/index.js';
import { openEntries } from './network-acl.js';
import type { ApiRecord, Projection } from './project.js';
import { answerWayOut, routesOut, unseenGateway } from './way-out.js';

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

/** The text ids in a field of what was answered so far. */
function idsIn(records: readonly ApiRecord[], field: string): ReadonlySet<string> {
  return new Set(records.map((record) => record[field]).filter((id) => typeof id === 'string'));
}

/** The internet gateways to which the tables of a VPC lead and that no resource declares. */
function gatewaysNamed(projection: Projection, vpcId: string): readonly string[] {
  const answered = idsIn(projection.answers.get('InternetGateways') ?? [], 'InternetGatewayId');
  const tables = (projection.answers.get('RouteTables') ?? []).filter((table) => table.VpcId === vpcId);
  const routes = tables.flatMap(({ Routes }) => (Array.isArray(Routes) ? (Routes as readonly ApiRecord[]) : []));
  return [...idsIn(routes, 'GatewayId')].filter((id) => id.startsWith('igw-') && !answered.has(id));
}

/**
 * Adds what a VPC has that the program only uses. Whether a gateway is attached to it, its own table and its own ACL are nowhere
 * declared: they are not known; as declared, they let everything through.
 */
function projectUsedVpc(projection: Projection, vpcId: string, subnets: readonly ApiRecord[]): void {
  const isDeclared = projection.view.reading === 'as declared';
  const State = isDeclared ? 'available' : untold;
  const named = gatewaysNamed(projection, vpcId);
  const gateways = named.length > 0 ? named : [unseenGateway(vpcId)];
  for (const InternetGatewayId of gateways)
    projection.answer('InternetGateways', { InternetGatewayId, Attachments: [{ VpcId: vpcId, State }] });
  if (!isDeclared) return;
  projection.answer('Vpcs', { VpcId: vpcId, CidrBlockAssociationSet: [] });
  const guarded = new Set(
    (projection.answers.get('NetworkAcls') ?? []).flatMap(({ Associations }) => [
      ...idsIn(Associations as readonly ApiRecord[], 'SubnetId'),
    ]),
  );
  projection.answer('RouteTables', {
    RouteTableId: `rtb-?${vpcId}`,
    VpcId: vpcId,
    Associations: [{ Main: true, AssociationState: { State: 'associated' } }],
    Routes: gateways.slice(0, 1).flatMap(routesOut),
  });
  projection.answer('NetworkAcls', {
    NetworkAclId: `acl-?${vpcId}`,
    VpcId: vpcId,
    Associations: [...idsIn(subnets, 'SubnetId')].filter((id) => !guarded.has(id)).map((SubnetId) => ({ SubnetId })),
    Entries: openEntries,
  });
}

/** The VPCs of declared subnets that no resource declares. */
function projectUsedVpcs(projection: Projection): void {
  const declared = idsIn(projection.answers.get('Vpcs') ?? [], 'VpcId');
  const subnets = projection.answers.get('Subnets') ?? [];
  for (const vpcId of idsIn(subnets, 'VpcId')) {
    if (!declared.has(vpcId))
      projectUsedVpc(
        projection,
        vpcId,
        subnets.filter((subnet) => subnet.VpcId === vpcId),
      );
  }
}

/**
 * Adds the networks that interfaces stand in and that no resource declares. As declared, such a subnet leads to the internet and has
 * no closed ACL (pulumi.md, 4.5); the default VPC does so as AWS makes it, where that is wanted as a fact.
 */
export function projectUnseen(projection: Projection): void {
  projectUsedVpcs(projection);
  const declared = new Set((projection.answers.get('Subnets') ?? []).map(({ SubnetId }) => SubnetId));
  const faces = projection.answers.get('NetworkInterfaces') ?? [];
  const isRecorded = (id: unknown) => typeof id === 'string' && projection.base?.get('subnets', id) !== undefined;
  const missing = new Set(faces.map(({ SubnetId }) => SubnetId).filter((id) => !declared.has(id) && !isRecorded(id)));
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
