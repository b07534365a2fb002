import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { type ApiRecord, type Projection, tagsOf } from './project.js';

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
  const more = projection.partsOf(id, ['VpcIpv4CidrBlockAssociation', 'vpcId']);
  const more6 = projection.partsOf(id, ['VpcIpv6CidrBlockAssociation', 'vpcId']);
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

function projectSubnet(projection: Projection, subnet: PlanRecord): void {
  const { leaves } = projection;
  const isDefault = subnet.token?.name === 'DefaultSubnet';
  const ipv6 = leaves.text(projection.value(subnet, 'ipv6CidrBlock'));
  const cidr = leaves.text(projection.value(subnet, 'cidrBlock') ?? projection.view.observed(subnet, 'cidrBlock'));
  const zone = leaves.text(projection.view.chosen(subnet, 'availabilityZone'));
  projection.answer('Subnets', {
    SubnetId: projection.id(subnet, 'subnet'),
    VpcId: projection.ref(subnet, 'vpcId') ?? (isDefault ? defaultVpcOf(projection) : undefined),
    ...(typeof cidr === 'string' && { CidrBlock: cidr }),
    Ipv6CidrBlockAssociationSet:
      typeof ipv6 === 'string' ? [{ Ipv6CidrBlock: ipv6, Ipv6CidrBlockState: associated }] : [],
    ...(typeof zone === 'string' && { AvailabilityZone: zone }),
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

/** The fields of a route's target in the API: by what stands in the property, what its id begins with. */
const targetFields: readonly (readonly [property: string, field: string])[] = [
  ['gatewayId', 'GatewayId'],
  ['natGatewayId', 'NatGatewayId'],
  ['egressOnlyGatewayId', 'EgressOnlyInternetGatewayId'],
  ['egressOnlyInternetGatewayId', 'EgressOnlyInternetGatewayId'],
  ['transitGatewayId', 'TransitGatewayId'],
  ['vpcPeeringConnectionId', 'VpcPeeringConnectionId'],
  ['networkInterfaceId', 'NetworkInterfaceId'],
  ['instanceId', 'InstanceId'],
  ['vpcEndpointId', 'GatewayId'],
  ['carrierGatewayId', 'CarrierGatewayId'],
  ['localGatewayId', 'LocalGatewayId'],
];

/** A route, written inline at `at` or by a resource of its own. */
function routeOf(projection: Projection, record: PlanRecord, at: string): ApiRecord {
  const { leaves, view } = projection;
  const [, index] = /^routes\[(\d+)\]$/.exec(at) ?? [];
  const item = index === undefined ? undefined : below(view.value(record, 'routes'), Number(index));
  const field = (...names: readonly string[]) => {
    for (const name of names) {
      const text = leaves.text(at === '' ? view.value(record, name) : below(item, name));
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const ipv4 = field('cidrBlock', 'destinationCidrBlock');
  const ipv6 = field('ipv6CidrBlock', 'destinationIpv6CidrBlock');
  const list = field('destinationPrefixListId');
  const core = field('coreNetworkArn');
  const target = targetFields
    .map(([name, key]) => [key, projection.ref(record, path(name))] as const)
    .find(([, id]) => id !== undefined);
  return {
    ...(ipv4 !== undefined && { DestinationCidrBlock: ipv4 }),
    ...(ipv6 !== undefined && { DestinationIpv6CidrBlock: ipv6 }),
    ...(list !== undefined && { DestinationPrefixListId: list }),
    ...(core !== undefined && { CoreNetworkArn: core }),
    ...(target && targetAs(target)),
    Origin: 'CreateRoute',
    State: 'active',
  };
}

/** Where a gateway's kind is told by its id, the field is that of its kind: some programs put a NAT gateway into `gatewayId`. */
function targetAs([field, id]: readonly [string, string | typeof untold | undefined]): ApiRecord {
  if (field !== 'GatewayId' || typeof id !== 'string') return { [field]: id };
  if (id.startsWith('nat-')) return { NatGatewayId: id };
  if (id.startsWith('eigw-')) return { EgressOnlyInternetGatewayId: id };
  return { GatewayId: id };
}

/** The routes that a table has: to the network itself, those listed inline, and those that are resources of their own. */
function routesOf(projection: Projection, id: string, table: PlanRecord | undefined, vpcId: unknown): unknown {
  const vpc = typeof vpcId === 'string' ? projection.view.links.describers(vpcId)[0] : undefined;
  const cidr = vpc && projection.value(vpc, 'cidrBlock');
  const routes: ApiRecord[] = [];
  if (typeof cidr === 'string')
    routes.push({ DestinationCidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' });
  const inline = table && projection.leaves.list(projection.value(table, 'routes'));
  if (inline === untold) return untold;
  for (const [index, item] of (inline ?? []).entries()) {
    if (item instanceof Unknown) return projection.leaves.unknown ?? routes;
    if (table) routes.push(routeOf(projection, table, `routes[${index}]`));
  }
  for (const route of projection.partsOf(id, ['Route', 'routeTableId'], ['native Route', 'routeTableId']))
    routes.push(routeOf(projection, route, ''));
  return routes;
}

const tableAssociations = [
  ['RouteTableAssociation', 'subnetId'],
  ['native SubnetRouteTableAssociation', 'subnetId'],
] as const;

/** Which association of a subnet counts: where there are several, that of the tried way. */
function countingAssociation(projection: Projection, subnetId: string, kind: 'rtb' | 'nacl'): PlanRecord | undefined {
  const all =
    kind === 'rtb'
      ? projection.partsOf(subnetId, ...tableAssociations)
      : projection.partsOf(subnetId, ...aclAssociations);
  return all[all.length > 1 ? projection.view.option({ key: conflictKey(kind, subnetId) }) : 0];
}

/** The choice among several parts of a subnet that exclude each other. */
export function conflictKey(kind: string, subnetId: string): string {
  return `conflict ${kind} ${subnetId}`;
}

function projectTable(projection: Projection, id: string, vpcId: unknown, table: PlanRecord | undefined): void {
  const subnets = subnetsBy(projection, 'rtb').get(id) ?? [];
  const gateways = gatewaysByTable(projection).get(id) ?? [];
  const isMain = typeof vpcId === 'string' && mainTableOf(projection, vpcId) === id;
  projection.answer('RouteTables', {
    RouteTableId: id,
    VpcId: vpcId,
    Associations: [
      ...subnets.map((SubnetId) => ({ SubnetId, AssociationState: associated })),
      ...gateways.map((GatewayId) => ({ GatewayId, AssociationState: associated })),
      ...(isMain ? [{ Main: true, AssociationState: associated }] : []),
    ],
    Routes: routesOf(projection, id, table, vpcId),
    ...(table && { Tags: tagsOf(table) }),
  });
}

/** The gateways that have a table of their own, by that. */
function gatewaysByTable(projection: Projection): ReadonlyMap<string, readonly string[]> {
  return projection.once('gateways by table', () => {
    const found = new Map<string, string[]>();
    for (const association of projection.all('RouteTableAssociation')) {
      const [gateway, table] = [projection.ref(association, 'gatewayId'), projection.ref(association, 'routeTableId')];
      if (typeof gateway !== 'string' || typeof table !== 'string') continue;
      found.set(table, [...(found.get(table) ?? []), gateway]);
    }
    return found;
  });
}

/** The main table of a VPC: the one that it comes with, unless another one has been put in its place. */
function mainTableOf(projection: Projection, vpcId: string): string | typeof untold | undefined {
  const [replaced] = projection.partsOf(vpcId, ['MainRouteTableAssociation', 'vpcId']);
  if (replaced) return projection.ref(replaced, 'routeTableId');
  const vpc = projection.view.links.describers(vpcId)[0];
  return vpc && projection.view.links.idOf(vpc, 'rtb');
}

function projectTables(projection: Projection): void {
  const { links } = projection.view;
  for (const table of projection.all('RouteTable', 'native RouteTable'))
    projectTable(projection, projection.id(table, 'rtb'), projection.ref(table, 'vpcId'), table);
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) {
    const id = projection.id(vpc, 'rtb');
    const taken = links.describers(id).find((record) => record !== vpc);
    projectTable(projection, id, projection.id(vpc, 'vpc'), taken);
  }
}

const aclAssociations = [
  ['NetworkAcl', 'subnetIds[]'],
  ['DefaultNetworkAcl', 'subnetIds[]'],
  ['NetworkAclAssociation', 'subnetId'],
  ['native SubnetNetworkAclAssociation', 'subnetId'],
] as const;

const everything = { Protocol: '-1', RuleAction: 'allow' };

/** What a VPC's own ACL holds as AWS makes it: everything passes (VPC guide, default network ACL). */
const openEntries: readonly ApiRecord[] = [false, true].flatMap((Egress) => [
  { ...everything, Egress, RuleNumber: 100, CidrBlock: '0.0.0.0/0' },
  { ...everything, Egress, RuleNumber: 101, Ipv6CidrBlock: '::/0' },
]);

interface AclWords {
  readonly number: string;
  readonly action: string;
}
const inlineEntry: AclWords = { number: 'ruleNo', action: 'action' };
const entryOfItsOwn: AclWords = { number: 'ruleNumber', action: 'ruleAction' };

function entryOf(
  projection: Projection,
  {
    egress,
    words,
    field,
  }: { readonly egress: unknown; readonly words: AclWords; readonly field: (name: string) => unknown },
): ApiRecord {
  const { leaves } = projection;
  const read = (name: string) => field(name) as Parameters<typeof leaves.text>[0];
  const ipv4 = leaves.text(read('cidrBlock'));
  const ipv6 = leaves.text(read('ipv6CidrBlock'));
  const from = leaves.number(read('fromPort'));
  const to = leaves.number(read('toPort'));
  const protocol = leaves.text(read('protocol'));
  return {
    Egress: egress,
    RuleNumber: leaves.number(read(words.number)) ?? untold,
    RuleAction: leaves.text(read(words.action)) ?? untold,
    Protocol: protocol ?? untold,
    ...(ipv4 !== undefined && { CidrBlock: ipv4 }),
    ...(ipv6 !== undefined && { Ipv6CidrBlock: ipv6 }),
    PortRange: { From: from ?? 0, To: to ?? from ?? 0 },
  };
}

function inlineEntries(projection: Projection, acl: PlanRecord, property: string): readonly unknown[] | typeof untold {
  const list = projection.leaves.list(projection.value(acl, property));
  if (list === untold) return untold;
  return (list ?? []).map((item) => {
    if (item instanceof Unknown) return untold;
    return entryOf(projection, {
      egress: property === 'egress',
      words: inlineEntry,
      field: (name) => below(item, name),
    });
  });
}

function ownEntries(projection: Projection, id: string): unknown[] {
  return projection.partsOf(id, ['NetworkAclRule', 'networkAclId']).map((rule) =>
    entryOf(projection, {
      egress: projection.leaves.flag(projection.value(rule, 'egress')) ?? false,
      words: entryOfItsOwn,
      field: (name) => projection.value(rule, name),
    }),
  );
}

function projectAcl(projection: Projection, id: string, vpcId: unknown, acl: PlanRecord | undefined): void {
  const lists: readonly (readonly unknown[] | typeof untold)[] = acl
    ? [inlineEntries(projection, acl, 'ingress'), inlineEntries(projection, acl, 'egress')]
    : [openEntries];
  const isNative = acl?.token?.pkg === 'aws-native';
  const known = lists.filter((list) => list !== untold);
  const entries = known.length < lists.length || isNative ? untold : [...known.flat(), ...ownEntries(projection, id)];
  projection.answer('NetworkAcls', {
    NetworkAclId: id,
    VpcId: vpcId,
    Associations: (subnetsBy(projection, 'nacl').get(id) ?? []).map((SubnetId) => ({ SubnetId })),
    Entries: entries,
    ...(acl && { Tags: tagsOf(acl) }),
  });
}

function projectAcls(projection: Projection): void {
  const { links } = projection.view;
  for (const acl of projection.all('NetworkAcl', 'native NetworkAcl'))
    projectAcl(projection, projection.id(acl, 'nacl'), projection.ref(acl, 'vpcId'), acl);
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) {
    const id = projection.id(vpc, 'nacl');
    const taken = links.describers(id).find((record) => record !== vpc);
    projectAcl(projection, id, projection.id(vpc, 'vpc'), taken);
  }
}

/** What counts for a subnet: its own association, of an ACL where it has none that of its VPC. */
function countingFor(
  projection: Projection,
  subnet: PlanRecord,
  kind: 'rtb' | 'nacl',
): string | typeof untold | undefined {
  const part = countingAssociation(projection, projection.id(subnet, 'subnet'), kind);
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
function subnetsBy(projection: Projection, kind: 'rtb' | 'nacl'): ReadonlyMap<string, readonly string[]> {
  return projection.once(`subnets by ${kind}`, () => {
    const found = new Map<string, string[]>();
    for (const subnet of projection.all('Subnet', 'DefaultSubnet', 'native Subnet')) {
      const id = countingFor(projection, subnet, kind);
      if (typeof id !== 'string') continue;
      const subnets = found.get(id);
      if (subnets) subnets.push(projection.id(subnet, 'subnet'));
      else found.set(id, [projection.id(subnet, 'subnet')]);
    }
    return found;
  });
}

/** The parts of a subnet that exclude each other, where it has several. */
export function rivals(projection: Projection, subnetId: string, kind: 'rtb' | 'nacl'): readonly PlanRecord[] {
  return kind === 'rtb'
    ? projection.partsOf(subnetId, ...tableAssociations)
    : projection.partsOf(subnetId, ...aclAssociations);
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

function projectPublicAccess(projection: Projection): void {
  for (const options of projection.all('VpcBlockPublicAccessOptions')) {
    const mode = projection.leaves.text(projection.value(options, 'internetGatewayBlockMode'));
    projection.answer('VpcBlockPublicAccessOptions', {
      InternetGatewayBlockMode: mode ?? untold,
      State: 'update-complete',
    });
  }
  for (const exclusion of projection.all('VpcBlockPublicAccessExclusion')) {
    const place = projection.ref(exclusion, 'subnetId', 'vpcId');
    projection.answer('VpcBlockPublicAccessExclusions', {
      ExclusionId: exclusion.urn,
      ResourceArn: typeof place === 'string' ? `arn:aws:ec2:::x/${place}` : untold,
      InternetGatewayExclusionMode: projection.leaves.text(projection.value(exclusion, 'internetGatewayExclusionMode')),
      State: 'create-complete',
    });
  }
}

/** Everything that a packet passes between the internet and an interface. */
export function projectNetwork(projection: Projection): void {
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) projectVpc(projection, vpc);
  for (const subnet of projection.all('Subnet', 'DefaultSubnet', 'native Subnet')) projectSubnet(projection, subnet);
  projectGateways(projection);
  projectTables(projection);
  projectAcls(projection);
  projectPrefixLists(projection);
  projectPublicAccess(projection);
}
