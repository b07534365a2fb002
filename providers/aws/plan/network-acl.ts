import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { isUnread, untold } from '../../../src/record/index.js';
import type { NetworkAcl } from '../records/records.js';
import { isDeclared, isKept, subnetsBy, unshown, vpcAnswered } from './association.js';
import { type ApiRecord, observedKey, type Projection, reused, tagsOf } from './project.js';

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

type Entries = readonly ApiRecord[] | typeof untold;
type Direction = 'ingress' | 'egress';
const directions: readonly Direction[] = ['ingress', 'egress'];
const ruleSlot: PartSlot = ['NetworkAclRule', 'networkAclId'];

/** The entries of a list as a resource of the bridged provider writes them. */
function listedEntries(projection: Projection, tree: Tree | undefined, direction: Direction): Entries | undefined {
  const list = projection.leaves.list(tree);
  if (list === undefined || list === untold) return list;
  if (list.some((item) => item instanceof Unknown)) return untold;
  return list.map((item) =>
    entryOf(projection, { egress: direction === 'egress', words: inlineEntry, field: (name) => below(item, name) }),
  );
}

function entriesOfTheirOwn(projection: Projection, rules: readonly PlanRecord[]): readonly ApiRecord[] {
  return rules.map((rule) =>
    entryOf(projection, {
      egress: projection.leaves.flag(projection.value(rule, 'egress')) ?? false,
      words: entryOfItsOwn,
      field: (name) => projection.value(rule, name),
    }),
  );
}

const numberOf = ({ Egress, RuleNumber }: ApiRecord): string => `${String(Egress)} ${String(RuleNumber)}`;

/** Entries that an ACL had at the last look, in a direction in which its resource lists none; `untold` where they cannot be read. */
function seenEntries(projection: Projection, acl: PlanRecord | undefined, id: string, direction: Direction): Entries {
  // What takes over a VPC's own ACL, and lists nothing, empties it (DefaultNetworkAcl, notes).
  if (acl && (acl.token?.name === 'DefaultNetworkAcl' || projection.listed(acl, direction, id) !== undefined))
    return [];
  const recorded = projection.base?.get('acls', id);
  if (recorded) {
    if (recorded.Entries === undefined || isUnread(recorded, 'Entries')) return untold;
    return recorded.Entries.filter(({ Egress }) => Egress === (direction === 'egress')).map(reused);
  }
  if (acl?.token?.pkg === 'aws-native') return untold;
  return (acl && listedEntries(projection, projection.view.observed(acl, direction), direction)) ?? [];
}

/** The entries that somebody saw in an ACL, that no resource writes, and that none takes along. */
function undeclaredEntries(projection: Projection, id: string, acl: PlanRecord | undefined): Entries {
  const seen = directions.map((direction) => seenEntries(projection, acl, id, direction));
  const read = seen.filter((list) => list !== untold);
  if (read.length < seen.length) return untold;
  const parts = [...projection.partsOf(id, ruleSlot), ...projection.formerPartsOf(id, ruleSlot)];
  const known = new Set(entriesOfTheirOwn(projection, parts).map(numberOf));
  return read.flat().filter((entry) => !known.has(numberOf(entry)));
}

/** Whether a declared ACL may have entries that no resource writes. */
export function hasUndeclaredEntries(projection: Projection, acl: PlanRecord): boolean {
  const others = undeclaredEntries(projection, projection.id(acl, 'nacl'), acl);
  return others !== untold && others.length > 0;
}

/** All entries of an ACL: those that the program writes, and those that it leaves alone. */
function entriesOf(projection: Projection, id: string, acl: PlanRecord | undefined): Entries {
  const listed = acl
    ? directions.map((direction) => listedEntries(projection, projection.listed(acl, direction, id), direction) ?? [])
    : [];
  const known = listed.filter((list) => list !== untold);
  const others = undeclaredEntries(projection, id, acl);
  if (known.length < listed.length || others === untold) return untold;
  const { showsDeletions } = projection.view.links;
  const stay = !acl || showsDeletions || projection.view.option({ key: observedKey(acl) }) === 1;
  const own = entriesOfTheirOwn(projection, projection.partsOf(id, ruleSlot));
  return [...known.flat(), ...own, ...(stay ? others : [])];
}

/** The subnets that have an ACL: those that the program gives it, and those that it leaves what they were recorded with. */
function associationsOf(projection: Projection, id: string): readonly unknown[] | typeof untold {
  const recorded = projection.base?.get('acls', id);
  if (recorded && isUnread(recorded, 'Associations')) return untold;
  const kept = (recorded?.Associations ?? []).filter(
    ({ SubnetId }) => SubnetId === undefined || isKept(projection, 'nacl', SubnetId),
  );
  return [...kept, ...(subnetsBy(projection, 'nacl').get(id) ?? []).map((SubnetId) => ({ SubnetId }))];
}

function projectAcl(projection: Projection, id: string, vpcId: unknown, acl: PlanRecord | undefined): void {
  const entries = entriesOf(projection, id, acl);
  projection.answer('NetworkAcls', {
    NetworkAclId: id,
    VpcId: vpcId,
    IsDefault: acl?.token?.name !== 'NetworkAcl',
    Associations: associationsOf(projection, id),
    Entries: acl || entries === untold ? entries : [...openEntries, ...entries],
    ...(acl && { Tags: tagsOf(acl) }),
  });
}

/** Whether anything of the program is about an ACL, or about the subnets that have it. */
function isTouched(projection: Projection, { NetworkAclId: id, Associations = [] }: NetworkAcl): boolean {
  return (
    projection.partsOf(id, ruleSlot).length + projection.formerPartsOf(id, ruleSlot).length > 0 ||
    subnetsBy(projection, 'nacl').has(id) ||
    Associations.some(({ SubnetId }) => SubnetId !== undefined && !isKept(projection, 'nacl', SubnetId))
  );
}

/** What the program changes about ACLs that were recorded and that no resource declares. */
function addToRecorded(projection: Projection): void {
  for (const [id, recorded] of projection.base?.all('acls') ?? []) {
    if (!isDeclared(projection, id) && isTouched(projection, recorded))
      projection.answer('NetworkAcls', {
        ...reused(recorded),
        Associations: associationsOf(projection, id),
        Entries: entriesOf(projection, id, undefined),
      });
  }
}

export function projectAcls(projection: Projection): void {
  for (const acl of projection.all('NetworkAcl', 'native NetworkAcl'))
    projectAcl(projection, projection.id(acl, 'nacl'), projection.ref(acl, 'vpcId'), acl);
  for (const vpc of projection.all('Vpc', 'DefaultVpc', 'native Vpc')) {
    const id = projection.id(vpc, 'nacl');
    const taken = projection.describers(id).find((record) => record !== vpc);
    // What a VPC came with, and nobody has taken over, was recorded as it is.
    if (taken || !projection.base?.get('acls', id)) projectAcl(projection, id, projection.id(vpc, 'vpc'), taken);
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
