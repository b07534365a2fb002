import type { Rule, RuleFilter } from '../model/index.js';
import type { AddressSet } from '../set/index.js';

/**
 * The allow rule that comes closest to letting these sources in to this port: one for the port and the family, but for
 * others; else one for these sources, but for other ports.
 */
export function closestRule(filter: RuleFilter, port: number, from: AddressSet): Rule | undefined {
  const families = from.families();
  const allows = filter.rules.filter((rule) => rule.action === 'allow' && rule.peers.known && rule.ports.known);
  const forPort = allows.filter((rule) => rule.ports.known && rule.ports.value.has(port) && rule.peers.known);
  return (
    forPort.find(
      (rule) => rule.peers.known && rule.peers.value.families().some((family) => families.includes(family)),
    ) ??
    forPort.find((rule) => rule.peers.known && !rule.peers.value.isEmpty) ??
    allows.find((rule) => rule.peers.known && rule.peers.value.overlaps(from))
  );
}
