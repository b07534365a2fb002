import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { subnetsBy, unshown, vpcAnswered } from './association.js';
import { type ApiRecord, extended, type Projection, reused, tagsOf } from './project.js';

const everything = { Protocol: '-1', RuleAction: 'allow' };

/** What a VPC's own ACL holds as AWS makes it: everything passes (VPC guide, default network ACL). */
export const openEntries: readonly ApiRecord[] = [false, true].flatMap((Egress) => [
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

/** Whether an ACL that lists no entries had some at the last look that no resource declares: they may stay. */
function hasOtherEntries(projection: Projection, id: string, acl: PlanRecord): boolean {
  if (acl.token?.name !== 'NetworkAcl') return false;
  const own = projection.partsOf(id, ['NetworkAclRule', 'networkAclId']).length;
  return ['ingress', 'egress'].some((property) => {
    const seen = projection.view.observed(acl, property);
    return Array.isArray(seen) && seen.length > own && projection.value(acl, property) === undefined;
  });
}

function projectAcl(projection: Projection, id: string, vpcId: unknown, acl: PlanRecord | undefined): void {
  const lists: readonly (readonly unknown[] | typeof untold)[] = acl
    ? [inlineEntries(projection, acl, 'ingress'), inlineEntries(projection, acl, 'egress')]
    : [openEntries];
  const isNative = acl?.token?.pkg === 'aws-native';
  const isDrifted = acl !== undefined && projection.isAsKnown && hasOtherEntries(projection, id, acl);
  const known = isDrifted ? [] : lists.filter((list) => list !== untold);
  const entries = known.length < lists.length || isNative ? untold : [...known.flat(), ...ownEntries(projection, id)];
  projection.answer('NetworkAcls', {
    NetworkAclId: id,
    VpcId: vpcId,
    Associations: (subnetsBy(projection, 'nacl').get(id) ?? []).map((SubnetId) => ({ SubnetId })),
    Entries: entries,
    ...(acl && { Tags: tagsOf(acl) }),
  });
}

/** A subnet that is made in a VPC that was recorded gets the ACL of that, unless the program gives it another one. */
function addToRecorded(projection: Projection): void {
  const subnets = projection.answers.get('Subnets') ?? [];
  for (const recorded of projection.base?.all('acls').values() ?? []) {
    if (projection.view.links.describers(recorded.NetworkAclId).length > 0) continue;
    const own = subnetsBy(projection, 'nacl').get(recorded.NetworkAclId) ?? [];
    const made = recorded.IsDefault
      ? subnets
          .filter(({ VpcId, SubnetId }) => VpcId === recorded.VpcId && !hasAcl(projection, SubnetId))
          .map(({ SubnetId }) => SubnetId)
      : [];
    const entries = ownEntries(projection, recorded.NetworkAclId);
    if (own.length + made.length + entries.length === 0) continue;
    projection.answer('NetworkAcls', {
      ...reused(recorded),
      Associations: extended(
        recorded,
        'Associations',
        recorded.Associations,
        [...own, ...made].map((SubnetId) => ({ SubnetId })),
      ),
      Entries: extended(recorded, 'Entries', recorded.Entries, entries),
    });
  }
}

/** Whether a subnet has an ACL, by the program or as it was recorded. */
function hasAcl(projection: Projection, subnetId: unknown): boolean {
  const isIn = (list: readonly { readonly SubnetId?: unknown }[] | undefined) =>
    list?.some((association) => association.SubnetId === subnetId) ?? false;
  const declared = [...(projection.answers.get('NetworkAcls') ?? [])];
  if (declared.some(({ Associations }) => isIn(Associations as readonly { SubnetId?: unknown }[]))) return true;
  return [...(projection.base?.all('acls').values() ?? [])].some(({ Associations }) => isIn(Associations));
}

export function projectAcls(projection: Projection): void {
  const { links } = projection.view;
  for (const acl of projection.all('NetworkAcl', 'native NetworkAcl'))
    projectAcl(projection, projection.id(acl, 'nacl'), projection.ref(acl, 'vpcId'), acl);
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) {
    const id = projection.id(vpc, 'nacl');
    const taken = links.describers(id).find((record) => record !== vpc);
    projectAcl(projection, id, projection.id(vpc, 'vpc'), taken);
  }
  addToRecorded(projection);
  for (const [id, subnets] of unshown(projection, 'nacl', { key: 'NetworkAcls', field: 'NetworkAclId' })) {
    if (projection.base?.get('acls', id)) continue;
    projection.answer('NetworkAcls', {
      NetworkAclId: id,
      VpcId: vpcAnswered(projection, subnets),
      Associations: subnets.map((SubnetId) => ({ SubnetId })),
      Entries: projection.isAsKnown ? untold : [],
    });
  }
}
