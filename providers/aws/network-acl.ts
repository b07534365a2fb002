import { known, type Reason, type Rule, type RuleFilter, unknownFilter } from '../../src/model/index.js';
import { AddressSet, PortSet, type Prefix, parsePrefix } from '../../src/set/index.js';
import type { Network } from './network.js';
import { resource } from './network.js';
import type { AclEntry, NetworkAcl } from './records/records.js';

/** Which half of an ACL, and whether it guards the target or a source inside the cloud. */
export type AclSide = 'in' | 'out' | 'source-in' | 'source-out';

const codes: Record<AclSide, { readonly code: string; readonly partlyCode?: string }> = {
  in: { code: 'aws/nacl-in-deny' },
  out: { code: 'aws/nacl-out-deny', partlyCode: 'aws/nacl-out-partial' },
  'source-in': { code: 'aws/src-nacl-in' },
  'source-out': { code: 'aws/src-nacl-out' },
};

/** An entry as the engine needs it, with the prefix that it names. */
export interface AclRule {
  readonly rule: Rule;
  readonly prefix: Prefix;
}

function portsOf(entry: AclEntry): PortSet | undefined {
  if (entry.Protocol === '-1' || entry.Protocol?.toLowerCase() === 'all') return PortSet.all;
  const { From, To } = entry.PortRange ?? {};
  if (From === undefined || To === undefined || From > To || From < 0 || To > 65535) return undefined;
  return PortSet.range(From, To);
}

const isTcp = (entry: AclEntry) => ['-1', 'all', '6', 'tcp'].includes(entry.Protocol?.toLowerCase() ?? '');

/** `tcp/22 from 203.0.113.0/24`, as people say it. */
function entryText(entry: AclEntry, prefix: Prefix, ports: PortSet): string {
  const cidr = entry.CidrBlock ?? entry.Ipv6CidrBlock ?? '';
  const far = prefix.length === 0 ? (prefix.network.family === 4 ? 'anywhere' : 'anywhere (IPv6)') : cidr;
  const what = ports.equals(PortSet.all) ? 'everything' : `tcp/${ports.toString()}`;
  return `${entry.RuleAction === 'allow' ? 'allows' : 'denies'} ${what} ${entry.Egress ? 'to' : 'from'} ${far}`;
}

/** Reads one entry; undefined when it cannot match TCP, `broken` when it cannot be read. */
function aclRule(acl: NetworkAcl, entry: AclEntry, side: AclSide): AclRule | 'broken' | undefined {
  if (entry.broken !== undefined || !['allow', 'deny'].includes(entry.RuleAction ?? '')) return 'broken';
  if (!isTcp(entry)) return undefined;
  const cidr = entry.CidrBlock ?? entry.Ipv6CidrBlock;
  const prefix = cidr === undefined ? undefined : parsePrefix(cidr);
  const ports = portsOf(entry);
  if (!prefix || !ports || prefix.network.family !== (entry.CidrBlock === undefined ? 6 : 4)) return 'broken';
  const id = String(entry.RuleNumber);
  const reason: Reason = { ...codes[side], data: { acl: acl.NetworkAclId, rule: id } };
  const of = resource('network-acl', acl.NetworkAclId);
  const rule: Rule = {
    id,
    of,
    action: entry.RuleAction === 'allow' ? 'allow' : 'drop',
    peers: known(AddressSet.fromPrefixes([prefix])),
    ports: known(ports),
    text: entryText(entry, prefix, ports),
    ...(entry.RuleAction === 'deny' && { reason }),
  };
  return { rule, prefix };
}

/** The rules that every ACL ends with: 32767 for IPv4, 32768 for IPv6 (VPC guide, quotas). */
function lastRules(acl: NetworkAcl, side: AclSide): AclRule[] {
  return [['32767', '0.0.0.0/0'] as const, ['32768', '::/0'] as const].flatMap(([id, cidr]) => {
    const prefix = parsePrefix(cidr);
    if (!prefix) return [];
    const family = prefix.network.family === 4 ? '' : ' (IPv6)';
    const rule: Rule = {
      id,
      of: resource('network-acl', acl.NetworkAclId),
      action: 'drop',
      peers: known(AddressSet.of(cidr)),
      ports: known(PortSet.all),
      text: `denies what no entry allows${family}`,
      reason: { ...codes[side], data: { acl: acl.NetworkAclId, rule: id } },
    };
    return [{ rule, prefix }];
  });
}

/**
 * The entries of one half of an ACL in the order in which they are tried (by rule number, VPC guide "Network ACLs"), or
 * undefined when one of them cannot be read: it could decide anything that comes after it.
 */
export function aclRules(network: Network, acl: NetworkAcl, side: AclSide): readonly AclRule[] | undefined {
  return network.once(`acl ${acl.NetworkAclId} ${side}`, () => {
    if (acl.broken !== undefined || acl.Entries === undefined) return undefined;
    const egress = side === 'out' || side === 'source-out';
    if (acl.Entries.some((entry) => entry.Egress === undefined || entry.RuleNumber === undefined)) return undefined;
    const entries = acl.Entries.filter((entry) => entry.Egress === egress && (entry.RuleNumber ?? 0) < 32767);
    entries.sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
    const rules = entries.map((entry) => aclRule(acl, entry, side));
    if (rules.includes('broken')) return undefined;
    return [...rules.filter((rule) => rule !== undefined && rule !== 'broken'), ...lastRules(acl, side)];
  });
}

/** What an ACL does with the far end's address: on the way in for the asked port, on the way back for the client's ports. */
export function aclFilter(network: Network, acl: NetworkAcl, side: 'in' | 'out'): RuleFilter {
  return network.once(`acl filter ${acl.NetworkAclId} ${side}`, () => {
    const rules = aclRules(network, acl, side);
    const of = resource('network-acl', acl.NetworkAclId);
    if (!rules)
      return unknownFilter(network.inventory.dangling('acls', {}, `a readable entry list of ${acl.NetworkAclId}`), of);
    return {
      kind: 'rules',
      rules: rules.map(({ rule }) => rule),
      otherwise: 'drop',
      reason: { ...codes[side], data: { acl: acl.NetworkAclId, rule: '32767' } },
      of,
    };
  });
}
