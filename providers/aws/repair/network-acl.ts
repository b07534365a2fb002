import type { Change, Stop } from '../../../src/provider.js';
import type { AclEntry } from '../records/records.js';
import { awsCommand, isIpv6, prefixesToAllow, quoted } from './command.js';
import { destinationPrefixes } from './place.js';
import type { Recipe, Repair } from './recipe.js';

/** The default quota of entries of one direction (VPC guide, quotas). */
const mostEntries = 20;
const step = 10;

/** Which half of the list has to open, for whom, and for which ports. */
interface Opening {
  readonly egress: boolean;
  readonly prefixes: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** A packet leaves the subnet of a transit gateway where it would enter one of its own, and the other way round. */
function openingFor(repair: Repair, stop: Stop): Opening | undefined {
  const replies = { first: 1024, last: 65535 };
  const requests = { first: repair.port, last: repair.port };
  const sources = prefixesToAllow(repair.from);
  const targets = destinationPrefixes(repair, stop);
  const open = (egress: boolean, prefixes: readonly string[] | undefined, ports: typeof replies) =>
    prefixes && { egress, prefixes, ...ports };
  const transit = stop.layer.kind.startsWith('transit-gateway');
  switch (stop.reason.code) {
    case 'aws/nacl-in-deny':
      return transit ? open(false, targets, replies) : open(false, sources, requests);
    case 'aws/nacl-out-deny':
      return transit ? open(true, targets, requests) : open(true, sources, replies);
    case 'aws/src-nacl-out':
      return transit ? open(true, sources, replies) : open(true, targets, requests);
    default:
      return transit ? open(false, sources, requests) : open(false, targets, replies);
  }
}

/** Free rule numbers that come before the denying entry, nearest first, at least `step` apart where there is room. */
function freeNumbers(
  entries: readonly AclEntry[],
  egress: boolean,
  denying: number,
  count: number,
): number[] | undefined {
  const used = new Set(entries.filter((entry) => entry.Egress === egress).map((entry) => entry.RuleNumber ?? 0));
  const own = Math.max(0, ...[...used].filter((number) => number < 32767));
  const after = denying >= 32767 ? Math.min(32766, own + step * count) : denying - 1;
  const round = denying >= 32767 ? after : denying - step;
  const found: number[] = [];
  for (let number = round > 0 ? round : after; number > 0 && found.length < count; number--)
    if (!used.has(number)) found.push(number);
  return found.length === count ? found.reverse() : undefined;
}

function entryOf(opening: Opening, prefix: string, RuleNumber: number): AclEntry {
  const cidr = isIpv6(prefix)
    ? { CidrBlock: undefined, Ipv6CidrBlock: prefix }
    : { CidrBlock: prefix, Ipv6CidrBlock: undefined };
  return {
    Egress: opening.egress,
    RuleNumber,
    RuleAction: 'allow',
    Protocol: '6',
    PortRange: { From: opening.first, To: opening.last },
    ...cidr,
  };
}

function commandOf(repair: Repair, acl: string, opening: Opening, prefix: string, number: number): string {
  return awsCommand(repair.target.instance.region, 'ec2 create-network-acl-entry', {
    'network-acl-id': acl,
    [opening.egress ? 'egress' : 'ingress']: true,
    'rule-number': String(number),
    protocol: '6',
    'port-range': `From=${opening.first},To=${opening.last}`,
    [isIpv6(prefix) ? 'ipv6-cidr-block' : 'cidr-block']: prefix,
    'rule-action': 'allow',
  });
}

function pulumiOf(acl: string, opening: Opening, prefix: string, number: number): string {
  const cidr = `${isIpv6(prefix) ? 'ipv6CidrBlock' : 'cidrBlock'}: ${quoted(prefix)}`;
  const name = quoted(`ssh-${opening.egress ? 'out' : 'in'}-${number}`);
  return `new aws.ec2.NetworkAclRule(${name}, { networkAclId: ${quoted(acl)}, egress: ${opening.egress}, ruleNumber: ${number}, ruleAction: "allow", protocol: "tcp", ${cidr}, fromPort: ${opening.first}, toPort: ${opening.last} });`;
}

function deniedBy(stop: Stop): number {
  const number = Number(stop.reason.data.rule);
  return Number.isInteger(number) && number > 0 ? number : 32767;
}

/** Allow what is asked with an entry that comes before the one that denies. */
export const aclChange: Recipe = (repair, stop): Change | undefined => {
  const id = stop.component.id;
  const acl = repair.network.inventory.get('acls', id);
  const opening = openingFor(repair, stop);
  if (!acl?.Entries || !opening) return undefined;
  const numbers = freeNumbers(acl.Entries, opening.egress, deniedBy(stop), opening.prefixes.length);
  if (!numbers) return undefined;
  const pairs = opening.prefixes.map((prefix, index) => ({ prefix, number: numbers[index] ?? 0 }));
  const added = pairs.map(({ prefix, number }) => entryOf(opening, prefix, number));
  const count = acl.Entries.filter(
    (entry) => entry.Egress === opening.egress && (entry.RuleNumber ?? 0) < 32767,
  ).length;
  const subnets = acl.Associations?.length ?? 0;
  const notes = [
    ...(subnets > 1 ? [`${id} guards ${subnets} subnets`] : []),
    ...(count + added.length > mostEntries
      ? [`${id} has ${count} entries already, and the default quota is ${mostEntries}`]
      : []),
  ];
  return {
    removes: stop.reason.code,
    command: pairs.map(({ prefix, number }) => commandOf(repair, id, opening, prefix, number)).join(' && '),
    pulumi: pairs.map(({ prefix, number }) => pulumiOf(id, opening, prefix, number)).join('\n'),
    after: repair.lower(repair.network.inventory.with('acls', id, { ...acl, Entries: [...acl.Entries, ...added] })),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
};
