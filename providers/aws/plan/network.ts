import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { untold } from '../../../src/record/index.js';
import { projectConnections } from './connection.js';
import { projectAcls } from './network-acl.js';
import { type Projection, tagsOf } from './project.js';
import { projectPublicAccess } from './public-access.js';
import { projectTables } from './route-table.js';
import { vpcOfUnseen } from './unseen.js';

const associated = { State: 'associated' };

/** The ranges of a VPC or a subnet that are written somewhere; of an unknown one `untold`. */
function ranges(projection: Projection, records: readonly PlanRecord[], property: string): unknown[] {
  return records
    .map((record) => projection.leaves.text(projection.value(record, property)))
    .filter((text) => text !== undefined);
}

/** The IPv6 ranges of a VPC. Amazon chooses one where it is asked to; which one decides nothing for a client on the internet. */
function projectVpc(projection: Projection, vpc: PlanRecord): void {
  const id = projection.id(vpc, 'vpc');
  const native = projection.partsOf(id, ['native VpcCidrBlock', 'vpcId']);
  const more = [...projection.partsOf(id, ['VpcIpv4CidrBlockAssociation', 'vpcId']), ...native];
  const more6 = [...projection.partsOf(id, ['VpcIpv6CidrBlockAssociation', 'vpcId']), ...native];
  const cidr = projection.leaves.text(projection.value(vpc, 'cidrBlock') ?? projection.view.observed(vpc, 'cidrBlock'));
  projection.answer('Vpcs', {
    VpcId: id,
    ...(typeof cidr === 'string' && { CidrBlock: cidr }),
    CidrBlockAssociationSet: ranges(projection, more, 'cidrBlock').map((text) => ({
      CidrBlock: text,
      CidrBlockState: associated,
    })),
    Ipv6CidrBlockAssociationSet: ranges(projection, [vpc, ...more6], 'ipv6CidrBlock')
      .filter((text) => text !== untold)
      .map((text) => ({ Ipv6CidrBlock: text, Ipv6CidrBlockState: associated })),
    Tags: tagsOf(vpc),
  });
}

/** The VPC of a declared subnet; `untold` where nobody knows which. As declared, it is one that nobody shows. */
export function vpcOfSubnet(projection: Projection, subnet: PlanRecord): string | typeof untold | undefined {
  const named = projection.ref(subnet, 'vpcId');
  if (named === untold && projection.view.reading === 'as declared')
    return vpcOfUnseen(projection.id(subnet, 'subnet'));
  return named ?? (subnet.token?.name === 'DefaultSubnet' ? defaultVpcOf(projection) : undefined);
}

function projectSubnet(projection: Projection, subnet: PlanRecord): void {
  const { leaves } = projection;
  const ipv6 = leaves.text(projection.value(subnet, 'ipv6CidrBlock'));
  const cidr = leaves.text(projection.value(subnet, 'cidrBlock') ?? projection.view.observed(subnet, 'cidrBlock'));
  const zone = leaves.text(projection.view.chosen(subnet, 'availabilityZone'));
  projection.answer('Subnets', {
    SubnetId: projection.id(subnet, 'subnet'),
    VpcId: vpcOfSubnet(projection, subnet) ?? untold,
    ...(typeof cidr === 'string' && { CidrBlock: cidr }),
    Ipv6CidrBlockAssociationSet:
      typeof ipv6 === 'string' ? [{ Ipv6CidrBlock: ipv6, Ipv6CidrBlockState: associated }] : [],
    // Zones that nobody knows may be one: as declared, they are.
    ...(typeof zone === 'string'
      ? { AvailabilityZone: zone }
      : !projection.isAsKnown && { AvailabilityZone: 'zone-?' }),
    Tags: tagsOf(subnet),
  });
}

/** The default VPC, where the program has taken it over. */
export function defaultVpcOf(projection: Projection): string | undefined {
  const [vpc, ...others] = projection.all('DefaultVpc');
  return vpc && others.length === 0 ? projection.id(vpc, 'vpc') : undefined;
}

function projectGateways(projection: Projection): void {
  for (const gateway of projection.all('InternetGateway', 'native InternetGateway')) {
    const id = projection.id(gateway, 'gateway');
    const attachments = projection.partsOf(
      id,
      ['InternetGatewayAttachment', 'internetGatewayId'],
      ['native VpcGatewayAttachment', 'internetGatewayId'],
    );
    const vpcs = [gateway, ...attachments]
      .map((one) => projection.ref(one, 'vpcId'))
      .filter((one) => one !== undefined);
    projection.answer('InternetGateways', {
      InternetGatewayId: id,
      Attachments: vpcs.includes(untold) ? untold : [...new Set(vpcs)].map((VpcId) => ({ VpcId, State: 'available' })),
    });
  }
  for (const gateway of projection.all('NatGateway', 'native NatGateway')) {
    projection.answer('NatGateways', {
      NatGatewayId: projection.id(gateway, 'gateway'),
      SubnetId: projection.ref(gateway, 'subnetId'),
      State: 'available',
      Tags: tagsOf(gateway),
    });
  }
}

function projectPrefixLists(projection: Projection): void {
  for (const list of projection.all('ManagedPrefixList', 'native PrefixList')) {
    const id = projection.id(list, 'pl');
    const own = projection.leaves.list(projection.value(list, 'entries'));
    const entries =
      own === untold || own === undefined ? [] : own.map((item) => projection.leaves.text(below(item, 'cidr')));
    const more = projection
      .partsOf(id, ['ManagedPrefixListEntry', 'prefixListId'])
      .map((entry) => projection.leaves.text(projection.value(entry, 'cidr')));
    const family = projection.leaves.text(projection.value(list, 'addressFamily'));
    projection.answer('PrefixLists', {
      PrefixListId: id,
      PrefixListName: list.name,
      ...(typeof family === 'string' && { AddressFamily: family }),
      Cidrs: own === untold ? untold : [...entries, ...more],
    });
  }
}

/** Everything that a packet passes between the internet and an interface. */
export function projectNetwork(projection: Projection): void {
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) projectVpc(projection, vpc);
  for (const subnet of projection.all('Subnet', 'DefaultSubnet', 'native Subnet')) projectSubnet(projection, subnet);
  projectGateways(projection);
  projectConnections(projection);
  projectTables(projection);
  projectAcls(projection);
  projectPrefixLists(projection);
  projectPublicAccess(projection);
}
