import { AddressSet, PortSet } from '../set/index.js';
import { type Gap, known, unknown } from './fact.js';
import type { Reason, Rule, RuleFilter } from './filter.js';
import type { ResourceRef } from './resource.js';

const everyPort = known(PortSet.all);

/** A filter that lets everything through: a component that is in order. */
export const passFilter: RuleFilter = { kind: 'rules', rules: [], otherwise: 'allow' };

/** A filter that lets nothing through, for one reason. */
export function stopFilter(reason: Reason, of?: ResourceRef): RuleFilter {
  return { kind: 'rules', rules: [], otherwise: 'drop', reason, ...(of && { of }) };
}

/** A filter of which nothing is known but the reason why: it may let everything through, or nothing. */
export function unknownFilter(gap: Gap, of?: ResourceRef): RuleFilter {
  const peers = unknown(AddressSet.all, gap);
  return {
    kind: 'rules',
    rules: [{ id: null, action: 'allow', peers, ports: everyPort, text: gap.detail, ...(of && { of }) }],
    otherwise: 'drop',
    reason: { code: gap.code, data: {} },
    ...(of && { of }),
  };
}

/** The rules of a guard of which nothing is known: it may let in, or keep out, or leave it to the next. */
export function doubtfulRules(gap: Gap): readonly Rule[] {
  return (['allow', 'drop'] as const).map((action) => ({
    id: null,
    action,
    peers: unknown(AddressSet.all, gap),
    ports: everyPort,
    text: gap.detail,
    reason: { code: gap.code, data: {} },
  }));
}
