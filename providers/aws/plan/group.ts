import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import type { Tree } from '../../../src/plan/tree.js';
import { Unknown } from '../../../src/plan/tree.js';
import { isUnread, untold } from '../../../src/record/index.js';
import type { SecurityGroup } from '../records/records.js';
import { isDeclared } from './association.js';
import { defaultVpcOf } from './network.js';
import { type ApiRecord, observedKey, type Projection, reused } from './project.js';
import { DEFAULT_SUBNET, vpcOfUnseen } from './unseen.js';

/** Where a rule of a group has its parts; other names, the same meaning. */
export interface RuleWords {
  readonly protocol: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly lists: string;
  readonly groups: string;
}

export const inline: RuleWords = {
  protocol: 'protocol',
  ipv4: 'cidrBlocks',
  ipv6: 'ipv6CidrBlocks',
  lists: 'prefixListIds',
  groups: 'securityGroups',
};
export const standAlone: RuleWords = { ...inline, groups: 'sourceSecurityGroupId' };
export const single: RuleWords = {
  protocol: 'ipProtocol',
  ipv4: 'cidrIpv4',
  ipv6: 'cidrIpv6',
  lists: 'prefixListId',
  groups: 'referencedSecurityGroupId',
};
export const nativeWords = (egress: boolean): RuleWords => ({
  protocol: 'ipProtocol',
  ipv4: 'cidrIp',
  ipv6: 'cidrIpv6',
  lists: egress ? 'destinationPrefixListId' : 'sourcePrefixListId',
  groups: egress ? 'destinationSecurityGroupId' : 'sourceSecurityGroupId',
});

/** A rule that somebody wrote, and where. */
interface WrittenRule {
  readonly record: PlanRecord;
  /** `ingress[0]`; empty where the resource is the rule. */
  readonly at: string;
  readonly words: RuleWords;
  readonly egress: boolean;
  /** The rule itself, where it is not to be found at that place: it was observed, not declared. */
  readonly observed?: Tree;
}

const everybody: ApiRecord = { IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
export const anyone: ApiRecord = { IpProtocol: '-1', ...everybody };

/** The rules of one group, as EC2 prints them: one permission for each far end, so that an unknown one is in doubt alone. */
export class GroupRules {
  private readonly projection: Projection;
  private readonly groupId: string;
  readonly ingress: (ApiRecord | typeof untold)[] = [];
  readonly egress: (ApiRecord | typeof untold)[] = [];

  private readonly isNamed: boolean;

  constructor(projection: Projection, groupId: string, naming: 'named' | 'unnamed' = 'named') {
    this.projection = projection;
    this.groupId = groupId;
    this.isNamed = naming === 'named';
  }

  add(rule: WrittenRule): void {
    const { record, at, words, egress, observed } = rule;
    const { leaves, view } = this.projection;
    const field = (name: string): Tree | undefined =>
      at === '' ? view.value(record, name) : below(observed ?? this.element(record, at), name);
    const path = (name: string) => (at === '' ? name : `${at}.${name}`);
    const protocol = leaves.text(field(words.protocol));
    const from = leaves.number(field('fromPort'));
    const to = leaves.number(field('toPort'));
    const unknown = [field(words.protocol), field('fromPort'), field('toPort')].some((one) => one instanceof Unknown);
    // As declared, a rule of which the port is not known matches nothing.
    if (unknown && view.reading === 'as declared') return;
    const base = { IpProtocol: protocol ?? untold, ...ports(protocol, from, to) };
    const put = (peer: ApiRecord, key: string, name: string) => {
      (egress ? this.egress : this.ingress).push({ ...base, ...peer });
      this.name(rule, path(name), base, key);
    };
    this.ranges(field(words.ipv4), words.ipv4, (cidr, name) =>
      put({ IpRanges: [{ CidrIp: cidr }] }, String(cidr), name),
    );
    this.ranges(field(words.ipv6), words.ipv6, (cidr, name) =>
      put({ Ipv6Ranges: [{ CidrIpv6: cidr }] }, String(cidr), name),
    );
    const members = (name: string) =>
      observed === undefined ? view.refs(record, path(name)) : { ids: textsIn(field(name)), isOpen: false };
    const lists = members(words.lists);
    for (const id of lists.ids) put({ PrefixListIds: [{ PrefixListId: id }] }, id, words.lists);
    if (lists.isOpen) put({ PrefixListIds: [{ PrefixListId: `pl-?${record.name}` }] }, '', words.lists);
    const groups = members(words.groups);
    for (const id of groups.ids) put({ UserIdGroupPairs: [{ GroupId: id }] }, id, words.groups);
    if (groups.isOpen) put({ UserIdGroupPairs: [{ GroupId: `sg-?${record.name} unknown` }] }, '', words.groups);
    if (leaves.flag(field('self')) === true)
      put({ UserIdGroupPairs: [{ GroupId: this.groupId }] }, this.groupId, 'self');
  }

  /** A rule that names no far end, which means everybody. */
  addAnyone(rule: WrittenRule): void {
    this.ingress.push({ ...this.portsOf(rule), ...everybody });
  }

  /** A rule for far ends of which nobody knows who they are. */
  addSomebody(rule: WrittenRule): void {
    if (!this.projection.isAsKnown) return;
    this.ingress.push({ ...this.portsOf(rule), IpRanges: [{ CidrIp: untold }], Ipv6Ranges: [{ CidrIpv6: untold }] });
  }

  private portsOf({ record, at, words }: WrittenRule): ApiRecord {
    const { leaves } = this.projection;
    const field = (name: string) => below(this.element(record, at), name);
    const protocol = leaves.text(field(words.protocol));
    const [from, to] = [leaves.number(field('fromPort')), leaves.number(field('toPort'))];
    return { IpProtocol: protocol ?? untold, ...ports(protocol, from, to) };
  }

  /** A list of rules of which nobody knows what stands in it. */
  addUnread(egress: boolean): void {
    if (this.projection.view.reading === 'as known')
      (egress ? this.egress : this.ingress).push({ IpProtocol: '-1', IpRanges: untold });
  }

  private element(record: PlanRecord, at: string): Tree | undefined {
    const [, property = '', index = '0'] = /^(\w+)\[(\d+)\]$/.exec(at) ?? [];
    return below(this.projection.view.value(record, property), Number(index));
  }

  private ranges(
    tree: Tree | undefined,
    name: string,
    put: (cidr: string | typeof untold, name: string) => void,
  ): void {
    const { leaves } = this.projection;
    const list = leaves.list(tree);
    if (list === untold) put(untold, name);
    if (list === undefined || list === untold) return;
    const isList = Array.isArray(tree);
    for (const [index, item] of list.entries()) {
      const cidr = leaves.text(item);
      if (cidr !== undefined) put(cidr, isList ? `${name}[${index}]` : name);
    }
  }

  /** The rule as the API lists it by itself: its id tells where it is written. */
  private name({ record, at, egress }: WrittenRule, path: string, base: ApiRecord, key: string): void {
    if (!this.isNamed || key === '' || key.startsWith('Symbol')) return;
    const { projection } = this;
    const id = at === '' ? `${this.groupId} ${record.name} ${path}` : `${this.groupId} ${path}`;
    projection.answer('SecurityGroupRules', {
      ...base,
      SecurityGroupRuleId: projection.origin(id, record, at === '' ? undefined : path),
      GroupId: this.groupId,
      IsEgress: egress,
      ...peerOf(key),
    });
  }
}

function textsIn(tree: Tree | undefined): readonly string[] {
  return Array.isArray(tree) ? tree.filter((item) => typeof item === 'string') : [];
}

function peerOf(key: string): ApiRecord {
  if (key.startsWith('pl-')) return { PrefixListId: key };
  if (key.includes('/')) return key.includes(':') ? { CidrIpv6: key } : { CidrIpv4: key };
  return { ReferencedGroupInfo: { GroupId: key } };
}

/** Ports mean nothing to a rule for every protocol (EC2, IpPermission). */
function ports(protocol: unknown, from: unknown, to: unknown): ApiRecord {
  if (protocol === '-1' || protocol === 'all') return {};
  return { ...(from !== undefined && { FromPort: from }), ...(to !== undefined && { ToPort: to }) };
}

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
