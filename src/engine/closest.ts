import type { Filter, Rule } from '../model/index.js';
import type { AddressSet } from '../set/index.js';

function rulesOf(filter: Filter): readonly Rule[] {
  return filter.kind === 'rules' ? filter.rules : filter.of.flatMap(rulesOf);
}

/**
 * The allow rule that comes closest to letting these sources in to this port: one for the port and the family, but for
 * others; else one for these sources, but for other ports.
 */
export function closestRule(filter: Filter, port: number, from: AddressSet): Rule | undefined {
  const families = from.families();
  const allows = rulesOf(filter).filter((rule) => rule.action === 'allow' && rule.peers.known && rule.ports.known);
  const forPort = allows.filter((rule) => rule.ports.known && rule.ports.value.has(port) && rule.peers.known);
  return (
    forPort.find(
      (rule) => rule.peers.known && rule.peers.value.families().some((family) => families.includes(family)),
    ) ?? allows.find((rule) => rule.peers.known && rule.peers.value.overlaps(from))
  );
}
