import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import type { ApiRecord, Projection } from './project.js';

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
export function ports(protocol: unknown, from: unknown, to: unknown): ApiRecord {
  if (protocol === '-1' || protocol === 'all') return {};
  return { ...(from !== undefined && { FromPort: from }), ...(to !== undefined && { ToPort: to }) };
}
