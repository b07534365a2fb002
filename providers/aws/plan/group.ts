import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { isUnread, untold } from '../../../src/record/index.js';
import type { SecurityGroup } from '../records/records.js';
import { isDeclared } from './association.js';
import { anyone, GroupRules, inline, nativeWords, ports, type RuleWords, single, standAlone } from './group-rules.js';
import { defaultVpcOf } from './network.js';
import { type ApiRecord, observedKey, type Projection, reused } from './project.js';
import { DEFAULT_SUBNET, vpcOfUnseen } from './unseen.js';

/** The rules that a group's own resource lists. */
function addInline(
  rules: GroupRules,
  projection: Projection,
  record: PlanRecord,
  property: string,
  egress: boolean,
): void {
  const isNative = property.startsWith('securityGroup');
  const list = projection.leaves.list(projection.listed(record, property, projection.id(record, 'sg')));
  if (list === untold) rules.addUnread(egress);
  if (list === undefined || list === untold) return;
  for (const [index, item] of list.entries()) {
    if (item instanceof Unknown) rules.addUnread(egress);
    else rules.add({ record, at: `${property}[${index}]`, words: isNative ? nativeWords(egress) : inline, egress });
  }
}

/** By which slots rules of their own are parts of a group, in which words they are written, and in which direction they count. */
const ruleSlots: readonly (readonly [
  slot: PartSlot,
  words: RuleWords,
  direction: 'in' | 'out' | 'told by its type',
])[] = [
  [['SecurityGroupRule', 'securityGroupId'], standAlone, 'told by its type'],
  [['SecurityGroupIngressRule', 'securityGroupId'], single, 'in'],
  [['SecurityGroupEgressRule', 'securityGroupId'], single, 'out'],
  [['native SecurityGroupIngress', 'groupId'], nativeWords(false), 'in'],
  [['native SecurityGroupIngress', 'groupName'], nativeWords(false), 'in'],
  [['native SecurityGroupEgress', 'groupId'], nativeWords(true), 'out'],
  [['native SecurityGroupEgress', 'groupName'], nativeWords(true), 'out'],
];

/** Adds rules that are resources of their own: those that there are to be, or those that there were. */
function addStandAlone(
  rules: GroupRules,
  projection: Projection,
  partsOf: (slot: PartSlot) => readonly PlanRecord[],
): void {
  for (const [slot, words, direction] of ruleSlots)
    for (const record of partsOf(slot)) {
      const type = direction === 'told by its type' ? projection.value(record, 'type') : undefined;
      if (type instanceof Unknown) rules.addUnread(false);
      else rules.add({ record, at: '', words, egress: direction === 'out' || type === 'egress' });
    }
}

function answerGroup(projection: Projection, groupId: string, name: string, vpcId: unknown, rules: GroupRules): void {
  projection.answer('SecurityGroups', {
    GroupId: groupId,
    GroupName: name,
    ...(vpcId !== undefined && { VpcId: vpcId }),
    IpPermissions: rules.ingress,
    IpPermissionsEgress: rules.egress,
  });
}

/** Protocols that have two names. */
const protocolNames: Readonly<Record<string, string>> = {
  all: '-1',
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
};

/** A rule as far as it decides something, so that equal ones can be told. */
function keyOf(permission: ApiRecord | typeof untold): string {
  if (permission === untold) return '';
  const protocol = String(permission.IpProtocol);
  return JSON.stringify({ ...permission, IpProtocol: protocolNames[protocol] ?? protocol }).toLowerCase();
}

/** The rules of a recorded group in one direction, one for each far end; `untold` where they cannot be read. */
function recordedRules(group: SecurityGroup, egress: boolean): readonly ApiRecord[] | typeof untold {
  const permissions = egress ? group.IpPermissionsEgress : group.IpPermissions;
  const isBroken = isUnread(group, egress ? 'IpPermissionsEgress' : 'IpPermissions');
  return permissions === undefined || isBroken ? untold : permissions.flatMap(singleRules);
}

function singleRules(permission: NonNullable<SecurityGroup['IpPermissions']>[number]): readonly ApiRecord[] {
  const {
    IpProtocol,
    FromPort,
    ToPort,
    IpRanges = [],
    Ipv6Ranges = [],
    PrefixListIds = [],
    UserIdGroupPairs = [],
  } = permission;
  // What cannot be read is not taken apart.
  if (permission.broken !== undefined) return [reused(permission)];
  const base = { IpProtocol, ...ports(IpProtocol, FromPort, ToPort) };
  return [
    ...IpRanges.map(({ CidrIp }) => ({ ...base, IpRanges: [{ CidrIp }] })),
    ...Ipv6Ranges.map(({ CidrIpv6 }) => ({ ...base, Ipv6Ranges: [{ CidrIpv6 }] })),
    ...PrefixListIds.map(({ PrefixListId }) => ({ ...base, PrefixListIds: [{ PrefixListId }] })),
    ...UserIdGroupPairs.map(({ GroupId }) => ({ ...base, UserIdGroupPairs: [{ GroupId }] })),
  ];
}

/** The rules that a declared group had at the last look, where its resource lists none. */
function observedRules(projection: Projection, record: PlanRecord, egress: boolean): readonly ApiRecord[] {
  const property = egress ? 'egress' : 'ingress';
  const list = projection.view.observed(record, property);
  if (!Array.isArray(list)) return [];
  const rules = new GroupRules(projection, projection.id(record, 'sg'), 'unnamed');
  for (const [index, observed] of (list as readonly Tree[]).entries())
    rules.add({ record, at: `${property}[${index}]`, words: inline, egress, observed });
  return (egress ? rules.egress : rules.ingress).filter((one) => one !== untold);
}

/**
 * The rules of a group that no resource declares and that were there at the last look: of a list that is not declared, what stands
 * in it stays (pulumi.md, 3.3), save what a resource that goes takes along. `untold` where they cannot be read.
 */
function undeclaredRules(
  projection: Projection,
  groupId: string,
  record: PlanRecord | undefined,
  egress: boolean,
): readonly ApiRecord[] | typeof untold {
  if (record && projection.listed(record, propertyOf(record, egress), groupId) !== undefined) return [];
  const recorded = projection.base?.get('groups', groupId);
  const seen = recorded ? recordedRules(recorded, egress) : record ? observedRules(projection, record, egress) : [];
  if (seen === untold || seen.length === 0) return seen;
  const alone = new GroupRules(projection, groupId, 'unnamed');
  addStandAlone(alone, projection, (slot) => [
    ...projection.partsOf(groupId, slot),
    ...projection.formerPartsOf(groupId, slot),
  ]);
  const known = new Set((egress ? alone.egress : alone.ingress).map(keyOf));
  return seen.filter((rule) => !known.has(keyOf(rule)));
}

function propertyOf({ token }: PlanRecord, egress: boolean): string {
  if (token?.pkg === 'aws-native') return egress ? 'securityGroupEgress' : 'securityGroupIngress';
  return egress ? 'egress' : 'ingress';
}

/** Whether a declared group may have rules that no resource writes. */
export function hasUndeclaredRules(projection: Projection, record: PlanRecord): boolean {
  const others = undeclaredRules(projection, projection.id(record, 'sg'), record, false);
  return others !== untold && others.length > 0;
}

/** Adds the rules that nobody declares and that stay. */
function addUndeclared(
  rules: GroupRules,
  projection: Projection,
  groupId: string,
  record: PlanRecord | undefined,
): void {
  const { showsDeletions } = projection.view.links;
  const stay = !record || showsDeletions || projection.view.option({ key: observedKey(record) }) === 1;
  for (const egress of [false, true]) {
    const others = undeclaredRules(projection, groupId, record, egress);
    if (others === untold) rules.addUnread(egress);
    // What goes out decides nothing of who gets in, so it is no choice.
    else if (stay || egress) (egress ? rules.egress : rules.ingress).push(...others);
  }
}

function declaredGroup(projection: Projection, record: PlanRecord, isNative: boolean): void {
  const groupId = projection.id(record, 'sg');
  const rules = new GroupRules(projection, groupId);
  for (const egress of [false, true]) addInline(rules, projection, record, propertyOf(record, egress), egress);
  addStandAlone(rules, projection, (slot) => projection.partsOf(groupId, slot));
  addUndeclared(rules, projection, groupId, record);
  // Cloud Control leaves the rule that lets everything out where no other is listed; the bridged provider removes it.
  if (isNative && projection.value(record, 'securityGroupEgress') === undefined) rules.egress.push(anyone);
  // A group that names no network is the default VPC's.
  const vpcId = projection.ref(record, 'vpcId') ?? defaultVpcOf(projection) ?? vpcOfUnseen(DEFAULT_SUBNET);
  answerGroup(projection, groupId, record.name, vpcId, rules);
}

/** A VPC's default group as AWS makes it: its members reach one another (VPC guide, default security groups). */
function defaultGroup(projection: Projection, vpc: PlanRecord): void {
  const groupId = projection.id(vpc, 'sg');
  // What a VPC came with, and nobody has taken over, was recorded as it is.
  if (isDeclared(projection, groupId) || projection.base?.get('groups', groupId)) return;
  const rules = new GroupRules(projection, groupId);
  rules.ingress.push({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: groupId }] });
  rules.egress.push(anyone);
  addStandAlone(rules, projection, (slot) => projection.partsOf(groupId, slot));
  answerGroup(projection, groupId, `${vpc.name} default`, projection.id(vpc, 'vpc'), rules);
}

/** What the program changes about groups that were recorded and that no resource declares. */
function addToRecorded(projection: Projection): void {
  const touched = [
    ...projection.partsOfOthers('sg'),
    ...projection.all('Vpc', 'DefaultVpc', 'native Vpc').map((vpc) => projection.id(vpc, 'sg')),
  ];
  for (const groupId of new Set(touched)) {
    const recorded = projection.base?.get('groups', groupId);
    if (!recorded || isDeclared(projection, groupId)) continue;
    const rules = new GroupRules(projection, groupId);
    addStandAlone(rules, projection, (slot) => projection.partsOf(groupId, slot));
    addUndeclared(rules, projection, groupId, undefined);
    projection.answer('SecurityGroups', {
      ...reused(recorded),
      IpPermissions: rules.ingress,
      IpPermissionsEgress: rules.egress,
    });
  }
}

/** Every security group: those that are declared, and the default ones of the networks. */
export function projectGroups(projection: Projection): void {
  for (const record of projection.all('SecurityGroup', 'DefaultSecurityGroup'))
    declaredGroup(projection, record, false);
  for (const record of projection.all('native SecurityGroup')) declaredGroup(projection, record, true);
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) defaultGroup(projection, vpc);
  addToRecorded(projection);
  for (const record of projection.all('SecurityGroupVpcAssociation', 'native SecurityGroupVpcAssociation')) {
    const GroupId = projection.ref(record, 'securityGroupId', 'groupId');
    const VpcId = projection.ref(record, 'vpcId');
    // One of nobody knows what with what may be any.
    if (projection.isAsKnown || (typeof GroupId === 'string' && typeof VpcId === 'string'))
      projection.answer('SecurityGroupVpcAssociations', { GroupId, VpcId, State: 'associated' });
  }
}
