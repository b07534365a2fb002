import { AddressSet, PortSet } from '../../../src/set/index.js';
import type { RejectWith } from '../netfilter/ruleset.js';
import type { Doubt, Line } from './told.js';

/** One rule of a packet filter of the machine for connections that come in, as far as it is about TCP. */
export interface HostRule {
  readonly action: 'allow' | 'drop' | 'reject';
  /** For `reject`: how; the filter's own way where it is left out. */
  readonly how?: RejectWith;
  readonly peers: AddressSet;
  readonly ports: PortSet;
  /** Set when the rule only may match, or only may be there. */
  readonly doubt?: Doubt;
  /** It stops none but those who try too often. */
  readonly limits?: true;
  readonly line: Line;
}

export const everyPort = PortSet.all;
export const everybody = AddressSet.all;

/** The rules of a statement of which nobody knows what it does with these packets: it may let in, keep out, or pass on. */
export function unsureRules(peers: AddressSet, ports: PortSet, doubt: Doubt): readonly HostRule[] {
  return (['allow', 'drop'] as const).map((action) => ({ action, peers, ports, doubt, line: doubt.line }));
}

/** The rules of `after`, those that were not among `before` only perhaps; undefined where some went away or changed places. */
export function perhaps(
  before: readonly HostRule[],
  after: readonly HostRule[],
  doubt: Doubt,
): readonly HostRule[] | undefined {
  const old = new Set(before);
  const kept = after.filter((rule) => old.has(rule));
  if (kept.length !== before.length || kept.some((rule, at) => rule !== before[at])) return undefined;
  return after.map((rule) => (old.has(rule) ? rule : { ...rule, doubt: rule.doubt ?? doubt }));
}
