import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import { isUnread, untold } from '../../../src/record/index.js';
import { projectConnections } from './connection.js';
import { projectAcls } from './network-acl.js';
import { type ApiRecord, type Projection, reused, tagsOf, takenOver } from './project.js';
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

const rangeSlots: readonly PartSlot[] = [
  ['VpcIpv4CidrBlockAssociation', 'vpcId'],
  ['VpcIpv6CidrBlockAssociation', 'vpcId'],
  ['native VpcCidrBlock', 'vpcId'],
];

/** The ranges that a VPC has besides those of its own resource: by resources that add them, and as they were recorded. */
function addedRanges(projection: Projection, id: string): ApiRecord {
  const recorded = projection.base?.get('vpcs', id);
  const parts = projection.partsOf(id, ...rangeSlots);
  const former = projection.formerPartsOf(id, ...rangeSlots);
  const added = ranges(projection, parts, 'cidrBlock');
  const added6 = ranges(projection, parts, 'ipv6CidrBlock');
  const gone: ReadonlySet<unknown> = new Set([
    ...ranges(projection, former, 'cidrBlock'),
    ...ranges(projection, former, 'ipv6CidrBlock'),
  ]);
  return {
    CidrBlockAssociationSet: [
      ...(recorded?.CidrBlockAssociationSet ?? []).filter(({ CidrBlock }) => !gone.has(CidrBlock)),
      ...added.map((CidrBlock) => ({ CidrBlock, CidrBlockState: associated })),
    ],
    Ipv6CidrBlockAssociationSet: [
      ...(recorded?.Ipv6CidrBlockAssociationSet ?? []).filter(({ Ipv6CidrBlock }) => !gone.has(Ipv6CidrBlock)),
      // Amazon chooses one where it is asked to; which one decides nothing for a client on the internet.
      ...added6
        .filter((text) => text !== untold)
        .map((Ipv6CidrBlock) => ({ Ipv6CidrBlock, Ipv6CidrBlockState: associated })),
    ],
  };
}

function projectVpc(projection: Projection, vpc: PlanRecord): void {
  const id = projection.id(vpc, 'vpc');
  const cidr = projection.leaves.text(projection.value(vpc, 'cidrBlock') ?? projection.view.observed(vpc, 'cidrBlock'));
  const [ipv6] = ranges(projection, [vpc], 'ipv6CidrBlock');
  const added = addedRanges(projection, id);
  projection.answer('Vpcs', {
    VpcId: id,
    ...(typeof cidr === 'string' && { CidrBlock: cidr }),
    ...added,
    ...(typeof ipv6 === 'string' && {
      Ipv6CidrBlockAssociationSet: [
        { Ipv6CidrBlock: ipv6, Ipv6CidrBlockState: associated },
        ...(added.Ipv6CidrBlockAssociationSet as readonly unknown[]),
      ],
    }),
    Tags: tagsOf(vpc),
  });
}

/** VPCs that were recorded and to which resources add ranges, or from which they take them. */
function addToRecordedVpcs(projection: Projection): void {
  for (const id of projection.partsOfOthers('vpc')) {
    const recorded = projection.base?.get('vpcs', id);
    if (
      recorded &&
      projection.partsOf(id, ...rangeSlots).length + projection.formerPartsOf(id, ...rangeSlots).length > 0
    )
      projection.answer('Vpcs', { ...reused(recorded), ...addedRanges(projection, id) });
  }
}

/** The VPC of a declared subnet; `untold` where nobody knows which. As declared, it is one that nobody shows. */
export function vpcOfSubnet(projection: Projection, subnet: PlanRecord): string | typeof untold | undefined {
  const named = projection.ref(subnet, 'vpcId');
  if (named === untold && projection.view.reading === 'as declared')
    return vpcOfUnseen(projection.id(subnet, 'subnet'));
  return named ?? (subnet.token?.name === 'DefaultSubnet' ? defaultVpcOf(projection) : undefined);
}

/** Whether machines get a public address in a declared subnet where nobody asks (VPC guide, default subnets do so). */
export function mapsPublicAddress(projection: Projection, subnet: PlanRecord): boolean | typeof untold {
  const mapped = projection.leaves.flag(projection.value(subnet, 'mapPublicIpOnLaunch'));
  return mapped ?? subnet.token?.name === 'DefaultSubnet';
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
    MapPublicIpOnLaunch: mapsPublicAddress(projection, subnet),
    AssignIpv6AddressOnCreation: leaves.flag(projection.value(subnet, 'assignIpv6AddressOnCreation')) ?? false,
    // Zones that nobody knows may be one: as declared, they are.
    ...(typeof zone === 'string'
      ? { AvailabilityZone: zone }
      : !projection.isAsKnown && { AvailabilityZone: 'zone-?' }),
    Tags: tagsOf(subnet),
  });
}

/** The default VPC, where the program has taken it over. */
export function defaultVpcOf(projection: Projection): string | undefined {
  return takenOver(projection, 'DefaultVpc', 'vpc');
}

const attachmentSlots: readonly PartSlot[] = [
  ['InternetGatewayAttachment', 'internetGatewayId'],
  ['native VpcGatewayAttachment', 'internetGatewayId'],
];

/** The VPCs to which an internet gateway is attached: by resources, and as it was recorded. */
function attachmentsOf(
  projection: Projection,
  id: string,
  gateway: PlanRecord | undefined,
): readonly unknown[] | typeof untold {
  const vpcsOf = (records: readonly PlanRecord[]) =>
    records.map((one) => projection.ref(one, 'vpcId')).filter((one) => one !== undefined);
  const vpcs = vpcsOf([...(gateway ? [gateway] : []), ...projection.partsOf(id, ...attachmentSlots)]);
  const recorded = projection.base?.get('gateways', id);
  if (vpcs.includes(untold) || (recorded && isUnread(recorded, 'Attachments'))) return untold;
  const former = projection.view.links.former.filter((one) => one.id === id);
  const gone = new Set([...vpcs, ...vpcsOf([...former, ...projection.formerPartsOf(id, ...attachmentSlots)])]);
  return [
    ...(recorded?.Attachments ?? []).filter(({ VpcId }) => VpcId === undefined || !gone.has(VpcId)),
    ...[...new Set(vpcs)].map((VpcId) => ({ VpcId, State: 'available' })),
  ];
}

function projectGateways(projection: Projection): void {
  for (const gateway of projection.all('InternetGateway', 'native InternetGateway')) {
    const id = projection.id(gateway, 'gateway');
    projection.answer('InternetGateways', {
      InternetGatewayId: id,
      Attachments: attachmentsOf(projection, id, gateway),
    });
  }
  for (const id of projection.partsOfOthers('gateway')) {
    const recorded = projection.base?.get('gateways', id);
    if (recorded)
      projection.answer('InternetGateways', {
        ...reused(recorded),
        Attachments: attachmentsOf(projection, id, undefined),
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

const entrySlot: PartSlot = ['ManagedPrefixListEntry', 'prefixListId'];

/** The prefixes of a list: those of its resource or as it was recorded, and those that resources of their own add to it. */
function prefixesOf(
  projection: Projection,
  id: string,
  list: PlanRecord | undefined,
): readonly unknown[] | typeof untold {
  const { leaves } = projection;
  const texts = (records: readonly PlanRecord[]) => records.map((one) => leaves.text(projection.value(one, 'cidr')));
  const added = texts(projection.partsOf(id, entrySlot));
  const own = list && leaves.list(projection.value(list, 'entries'));
  if (own === untold) return untold;
  if (own) return [...own.map((item) => leaves.text(below(item, 'cidr'))), ...added];
  const recorded = projection.base?.ofSubject('prefixListEntries', id)?.map(({ Cidr }) => Cidr);
  const there = recorded ?? projection.base?.get('prefixLists', id)?.Cidrs;
  if (!there) return list ? added : untold;
  const known: ReadonlySet<unknown> = new Set([...added, ...texts(projection.formerPartsOf(id, entrySlot))]);
  return [...there.map((text) => text ?? untold).filter((text) => !known.has(text)), ...added];
}

function answerPrefixes(projection: Projection, id: string, prefixes: readonly unknown[] | typeof untold): void {
  projection.documents.push({
    PrefixListId: id,
    Entries: prefixes === untold ? untold : prefixes.map((Cidr) => ({ Cidr })),
  });
}

function projectPrefixLists(projection: Projection): void {
  for (const list of projection.all('ManagedPrefixList', 'native PrefixList')) {
    const id = projection.id(list, 'pl');
    const family = projection.leaves.text(projection.value(list, 'addressFamily'));
    projection.answer('PrefixLists', {
      PrefixListId: id,
      PrefixListName: list.name,
      ...(typeof family === 'string' && { AddressFamily: family }),
    });
    answerPrefixes(projection, id, prefixesOf(projection, id, list));
  }
  for (const id of projection.partsOfOthers('pl'))
    if (projection.partsOf(id, entrySlot).length + projection.formerPartsOf(id, entrySlot).length > 0)
      answerPrefixes(projection, id, prefixesOf(projection, id, undefined));
}

/** Everything that a packet passes between the internet and an interface. */
export function projectNetwork(projection: Projection): void {
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) projectVpc(projection, vpc);
  addToRecordedVpcs(projection);
  for (const subnet of projection.all('Subnet', 'DefaultSubnet', 'native Subnet')) projectSubnet(projection, subnet);
  projectGateways(projection);
  projectConnections(projection);
  projectTables(projection);
  projectAcls(projection);
  projectPrefixLists(projection);
  projectPublicAccess(projection);
}
