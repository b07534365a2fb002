import type { Gap, Rule } from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import { AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import type { Networks } from './network.js';
import { portsOf } from './records/notation.js';
import type { Firewall, Layer4 } from './records/records.js';

function portsIn(ranges: readonly string[]): PortSet {
  let ports = PortSet.empty;
  for (const range of ranges) {
    const [first, last] = portsOf(range) ?? [1, 0];
    if (first <= last) ports = ports.union(PortSet.range(first, last));
  }
  return ports;
}

/** The TCP ports of a rule's entries; empty where none of them is for TCP (firewall docs, rule details). */
export function tcpPorts(entries: readonly Layer4[]): PortSet {
  let ports = PortSet.empty;
  for (const { IPProtocol, ipProtocol, ports: ranges = [], broken } of entries) {
    const protocol = IPProtocol ?? ipProtocol;
    if (protocol !== 'tcp' && protocol !== '6' && protocol !== 'all') continue;
    if (ranges.length === 0 && broken === undefined) return PortSet.all;
    ports = ports.union(portsIn(ranges));
  }
  return ports;
}

/** The TCP ports that entries may be about of which something cannot be read. */
export function perhapsPorts(entries: readonly Layer4[]): PortSet {
  let ports = PortSet.empty;
  for (const entry of entries) {
    if (entry.broken === undefined) continue;
    const { IPProtocol, ipProtocol, ports: ranges = [] } = entry;
    const protocol = IPProtocol ?? ipProtocol;
    if (protocol !== undefined && protocol !== 'tcp' && protocol !== '6' && protocol !== 'all') continue;
    if (isUnread(entry, 'ports') || ranges.length === 0) return PortSet.all;
    ports = ports.union(portsIn(ranges));
  }
  return ports;
}

export function undecidable(what: string, detail: string): Gap {
  return { code: 'gcp/fw-undecidable', kind: 'not-modelled', what, detail, likely: false };
}

/** A list that was given; an empty one counts as none (Compute API: proto3 does not tell them apart). */
export function given<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}

/** Whether a rule is about a direction (ingress unless said), or may be: of one whose direction cannot be read nobody knows. */
export function isAbout(rule: Pick<Firewall, 'direction' | 'broken'>, wanted: 'INGRESS' | 'EGRESS'): boolean {
  return (rule.direction ?? 'INGRESS') === wanted || isUnread(rule, 'direction');
}

/** Tags and service accounts do not stand in one rule; one that has both was not written by the API. */
export function isMixed(rule: Firewall): boolean {
  const tags = [rule.sourceTags, rule.targetTags].some((list) => list?.length);
  return tags && [rule.sourceServiceAccounts, rule.targetServiceAccounts].some((list) => list?.length);
}

/** Whether a rule asks who sends: it then has no sources that it does not name. */
export function isIdentified(rule: Firewall): boolean {
  return Boolean(rule.sourceTags?.length || rule.sourceServiceAccounts?.length);
}

type Entries = 'allowed' | 'denied';

/** Whether the rule has entries that allow, or that deny, whatever of them can be read. */
function has(rule: Firewall, entries: Entries): boolean {
  return given(rule[entries]) !== undefined || isUnread(rule, entries);
}

/** Whether a rule denies, or may. */
export function mayDeny(rule: Firewall): boolean {
  return has(rule, 'denied') || isVoid(rule);
}

/** Every rule either allows or denies. */
function isVoid(rule: Firewall): boolean {
  return has(rule, 'allowed') === has(rule, 'denied');
}

/** What a rule says of sources and ports, whomever it is for. */
export interface Terms {
  readonly actions: readonly Extract<Rule['action'], 'allow' | 'drop'>[];
  readonly allows: boolean;
  readonly ranges: AddressSet;
  readonly ports: PortSet;
  /** The ports that it does not speak of. */
  readonly otherPorts: PortSet;
  /** Whom and which ports it may mean as well, since that cannot be read. */
  readonly perhaps: { readonly ranges: AddressSet; readonly ports: PortSet };
  /** Why nobody knows whether it decides about those at all. */
  readonly doubt: Gap | undefined;
  /** Why the rest of what it says cannot be told. */
  readonly unread: Gap | undefined;
}

const sourceFields = ['sourceRanges', 'sourceTags', 'sourceServiceAccounts'];
const targetFields = ['targetTags', 'targetServiceAccounts', 'destinationRanges'];

/** Fields of which only a part of what the rule means is unknown when they cannot be read. */
function isBounded(field: string): boolean {
  return sourceFields.includes(field) || targetFields.includes(field) || /^(?:allowed|denied)(?:\.|$)/.test(field);
}

/** The gap that a rule leaves of which something cannot be read. */
export function gapOf(networks: Networks, rule: Firewall, field: string): Gap {
  return networks.inventory.dangling('firewalls', {}, `a readable record of ${rule.name} (${field})`);
}

function doubtAbout(networks: Networks, rule: Firewall): Gap | undefined {
  const field = rule.broken?.split(', ').find((one) => !isBounded(one)) ?? (isVoid(rule) ? 'allowed' : undefined);
  if (field !== undefined) return gapOf(networks, rule, field);
  if (!isMixed(rule)) return undefined;
  return undecidable(rule.name, `${rule.name} has tags and service accounts, which no rule has`);
}

function buildTerms(networks: Networks, rule: Firewall): Terms {
  const doubt = doubtAbout(networks, rule);
  const allows = has(rule, 'allowed');
  const entries = [...(given(rule.allowed) ?? []), ...(given(rule.denied) ?? [])];
  const isOpen = sourceFields.some((field) => isUnread(rule, field));
  const isBare = !isOpen && !isIdentified(rule);
  const ports = tcpPorts(entries);
  const isUntold = isVoid(rule) || isMixed(rule);
  const unreadEntries = isUntold || isUnread(rule, 'allowed') || isUnread(rule, 'denied');
  return {
    actions: isVoid(rule) ? ['allow', 'drop'] : [allows ? 'allow' : 'drop'],
    allows,
    ranges: addressSet(given(rule.sourceRanges) ?? (isBare ? ['0.0.0.0/0'] : [])),
    ports,
    otherPorts: PortSet.all.subtract(ports),
    perhaps: {
      ranges: isOpen || isUntold ? AddressSet.all : AddressSet.empty,
      ports: unreadEntries ? PortSet.all : perhapsPorts(entries),
    },
    doubt,
    unread: doubt ?? (rule.broken === undefined ? undefined : gapOf(networks, rule, rule.broken)),
  };
}

export function termsOf(networks: Networks, rule: Firewall): Terms {
  return networks.onceFor(rule, 'terms', () => buildTerms(networks, rule));
}
