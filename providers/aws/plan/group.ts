import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';
import { Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import type { SecurityGroup } from '../records/records.js';
import { defaultVpcOf } from './network.js';
import { type ApiRecord, type Projection, reused } from './project.js';
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
  const list = projection.leaves.list(projection.value(record, property));
  if (list === untold) rules.addUnread(egress);
  if (list === undefined || list === untold) return;
  for (const [index, item] of list.entries()) {
    if (item instanceof Unknown) rules.addUnread(egress);
    else rules.add({ record, at: `${property}[${index}]`, words: isNative ? nativeWords(egress) : inline, egress });
  }
}

/** The rules that are resources of their own. */
function addStandAlone(rules: GroupRules, projection: Projection, groupId: string): void {
  for (const record of projection.partsOf(groupId, ['SecurityGroupRule', 'securityGroupId'])) {
    const type = projection.value(record, 'type');
    if (type instanceof Unknown) rules.addUnread(false);
    else rules.add({ record, at: '', words: standAlone, egress: type === 'egress' });
  }
  for (const [name, egress] of [
    ['SecurityGroupIngressRule', false],
    ['SecurityGroupEgressRule', true],
  ] as const)
    for (const record of projection.partsOf(groupId, [name, 'securityGroupId']))
      rules.add({ record, at: '', words: single, egress });
  for (const [name, egress] of [
    ['native SecurityGroupIngress', false],
    ['native SecurityGroupEgress', true],
  ] as const)
    for (const record of projection.partsOf(groupId, [name, 'groupId'], [name, 'groupName']))
      rules.add({ record, at: '', words: nativeWords(egress), egress });
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

/** A rule as far as it decides something, so that equal ones can be told. */
const keyOf = (permission: ApiRecord | typeof untold): string => JSON.stringify(permission);

/** The rules that the group had at the last look, in the direction of packets that come in. */
function observedRules(projection: Projection, record: PlanRecord): readonly ApiRecord[] {
  const recorded = projection.base?.get('groups', projection.id(record, 'sg'));
  if (recorded) return projection.value(record, 'ingress') === undefined ? singleRules(recorded) : [];
  const list = projection.view.observed(record, 'ingress');
  if (!Array.isArray(list) || projection.value(record, 'ingress') !== undefined) return [];
  const rules = new GroupRules(projection, projection.id(record, 'sg'), 'unnamed');
  for (const [index, observed] of (list as readonly Tree[]).entries())
    rules.add({ record, at: `ingress[${index}]`, words: inline, egress: false, observed });
  return rules.ingress.filter((one) => one !== untold);
}

/** The rules of a recorded group, one for each far end. */
function singleRules({ IpPermissions = [] }: SecurityGroup): ApiRecord[] {
  return IpPermissions.flatMap((permission): ApiRecord[] => {
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
  });
}

/** The rules of resources that go in this very run, of one group. */
function leavingRules(projection: Projection, groupId: string): ReadonlySet<string> {
  const rules = new GroupRules(projection, groupId, 'unnamed');
  for (const record of projection.leaving) {
    const { name = '' } = record.token ?? {};
    if (record.inputs?.securityGroupId !== groupId) continue;
    const isSingle = name === 'SecurityGroupIngressRule';
    if (isSingle || (name === 'SecurityGroupRule' && record.inputs.type === 'ingress'))
      rules.add({ record, at: '', words: isSingle ? single : standAlone, egress: false });
  }
  return new Set(rules.ingress.map(keyOf));
}

/**
 * The rules of a group that no resource declares and that were there at the last look: of a list that is not declared, what stands
 * in it stays (pulumi.md, 3.3), save what a resource that goes takes along.
 */
export function undeclaredRules(projection: Projection, record: PlanRecord): readonly ApiRecord[] {
  const observed = observedRules(projection, record);
  if (observed.length === 0) return observed;
  const groupId = projection.id(record, 'sg');
  const alone = new GroupRules(projection, groupId, 'unnamed');
  addStandAlone(alone, projection, groupId);
  const known = new Set([...alone.ingress.map(keyOf), ...leavingRules(projection, groupId)]);
  return observed.filter((rule) => !known.has(keyOf(rule)));
}

/** The choice whether such rules stay, where nobody tells what goes. */
export const observedKey = (record: PlanRecord): string => `observed ${record.urn}`;

function declaredGroup(projection: Projection, record: PlanRecord, isNative: boolean): void {
  const groupId = projection.id(record, 'sg');
  const rules = new GroupRules(projection, groupId);
  addInline(rules, projection, record, isNative ? 'securityGroupIngress' : 'ingress', false);
  addInline(rules, projection, record, isNative ? 'securityGroupEgress' : 'egress', true);
  addStandAlone(rules, projection, groupId);
  const stays = projection.view.links.showsDeletions || projection.view.option({ key: observedKey(record) }) === 1;
  if (stays) rules.ingress.push(...undeclaredRules(projection, record));
  // Cloud Control leaves the rule that lets everything out where no other is listed; the bridged provider removes it.
  if (isNative && projection.value(record, 'securityGroupEgress') === undefined) rules.egress.push(anyone);
  // A group that names no network is the default VPC's.
  const vpcId = projection.ref(record, 'vpcId') ?? defaultVpcOf(projection) ?? vpcOfUnseen(DEFAULT_SUBNET);
  answerGroup(projection, groupId, record.name, vpcId, rules);
}

/** A VPC's default group as AWS makes it: its members reach one another (VPC guide, default security groups). */
function defaultGroup(projection: Projection, vpc: PlanRecord): void {
  const groupId = projection.id(vpc, 'sg');
  if (projection.view.links.describers(groupId).some((record) => record !== vpc)) return;
  const rules = new GroupRules(projection, groupId);
  rules.ingress.push({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: groupId }] });
  rules.egress.push(anyone);
  addStandAlone(rules, projection, groupId);
  answerGroup(projection, groupId, `${vpc.name} default`, projection.id(vpc, 'vpc'), rules);
}

/** Rules of the program in a group that was recorded and that no resource declares. */
function addToRecorded(projection: Projection): void {
  for (const groupId of projection.partsOfOthers('sg')) {
    const recorded = projection.base?.get('groups', groupId);
    if (!recorded) continue;
    const rules = new GroupRules(projection, groupId);
    addStandAlone(rules, projection, groupId);
    const leaving = leavingRules(projection, groupId);
    const kept = singleRules(recorded).filter((rule) => !leaving.has(keyOf(rule)));
    const isRead = recorded.IpPermissions !== undefined;
    projection.answer('SecurityGroups', {
      ...reused(recorded),
      IpPermissions: isRead ? [...kept, ...rules.ingress] : untold,
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
