import type { Choice } from '../../../src/plan/choice.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions, Conflict } from '../../../src/plan/planned.js';
import { View } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { planTypeOf } from './identity.js';
import { isStandInName } from './place.js';
import { type PolicyRuleSource, rivalKey, rivalsIn, sourcesOf } from './policy.js';
import { Projection } from './project.js';

const unsaid: Assumptions = { unseenControls: 'unknown', defaultNetwork: 'unknown' };

const quoted = (name: string) => JSON.stringify(name);

const levels = [
  ['hierarchy', ['FirewallPolicy', 'FirewallPolicyWithRules']],
  ['network', ['NetworkFirewallPolicy', 'NetworkFirewallPolicyWithRules']],
  ['region', ['RegionNetworkFirewallPolicy', 'RegionNetworkFirewallPolicyWithRules']],
] as const;

interface Rivals {
  readonly policy: PlanRecord;
  readonly policyId: string;
  readonly priority: number;
  readonly rules: readonly PolicyRuleSource[];
}

/** The rules that have the number of another one of their policy: each number stands once in it (Compute API, firewall policies). */
function rivalRules(projection: Projection): Rivals[] {
  return levels.flatMap(([level, types]) =>
    projection.all(...types).flatMap((policy) => {
      const policyId = projection.selfLink(policy);
      const sources = sourcesOf(projection, policyId, level);
      if (sources === untold) return [];
      return [...rivalsIn(sources)].map(([priority, rules]) => ({ policy, policyId, priority, rules }));
    }),
  );
}

function isExact(id: string): boolean {
  return !isStandInName(id);
}

/** Resources that are one thing: the second one cannot be made. */
function duplicates(links: Links, records: readonly PlanRecord[]): Conflict[] {
  const first = new Map<string, PlanRecord>();
  return records.flatMap((record) => {
    if (record.status !== 'managed' || planTypeOf(record)?.collection === undefined) return [];
    const id = links.identitiesOf(record)[0]?.id;
    if (id === undefined || !isExact(id)) return [];
    const other = first.get(id);
    first.set(id, other ?? record);
    if (!other || other.urn === record.urn) return [];
    const message = `${quoted(record.name)} and ${quoted(other.name)} have one name: the second one cannot be made`;
    return [{ urn: record.urn, message }];
  });
}

/** What the cloud will not take, by the resource that comes second. */
export function conflictsOf(links: Links): readonly Conflict[] {
  const projection = new Projection(new View(links, 'as known'), links.records, unsaid);
  const rules = rivalRules(projection).flatMap(({ policy, priority, rules: [first, ...others] }) =>
    others.map(({ record }) => ({
      urn: record.urn,
      message: `${quoted(record.name)} and ${quoted(first?.record.name ?? '')} are rules ${priority} of ${quoted(policy.name)}: a policy takes each number once, and nobody can say which of them it gets`,
    })),
  );
  return [...rules, ...duplicates(links, links.records)];
}

/** Among rules of a policy with one number one counts, and nobody says which. */
export function choicesOf(links: Links, records: readonly PlanRecord[]): readonly Choice[] {
  const projection = new Projection(new View(links, 'as known'), records, unsaid);
  return rivalRules(projection).map(
    ({ policy, policyId, priority, rules }): Choice => ({
      key: rivalKey(policyId, priority),
      urn: policy.urn,
      doubt: 'conflict',
      places: [],
      options: rules.map(({ record, path }) => [[`${record.urn} ${path ?? ''}`]]),
      isDeclared: () => true,
    }),
  );
}
