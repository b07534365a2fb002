import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { withDestinations } from './destination.js';
import type { ApiRecord, Projection } from './project.js';
import { RuleFields, type Written } from './rule.js';

/** The three kinds of policies: the name before their types, and the type under which answers list them. */
export const levels = {
  hierarchy: { prefix: '', type: 'HIERARCHY' },
  network: { prefix: 'Network', type: 'NETWORK' },
  region: { prefix: 'RegionNetwork', type: 'NETWORK_REGIONAL' },
} as const;

export type Level = keyof typeof levels;

/** Lists of conditions that are texts and nothing else, by their names in the program and in the API. */
const textLists = [
  'srcFqdns',
  'srcRegionCodes',
  'srcThreatIntelligences',
  'srcNetworks',
  'destFqdns',
  'destRegionCodes',
  'destThreatIntelligences',
];

function secureTags(projection: Projection, fields: RuleFields, tree: Tree | undefined): unknown {
  const list = projection.leaves.list(tree);
  if (list === untold || list === undefined) return list;
  const names = fields.texts(list.map((item) => (item instanceof Unknown ? item : (below(item, 'name') ?? null))));
  return Array.isArray(names) ? names.map((name: unknown) => ({ name })) : names;
}

function matchOf(projection: Projection, rule: Written, fields: RuleFields, network: string): unknown {
  const { leaves } = projection;
  const match = rule.field('match');
  if (match instanceof Unknown) {
    fields.isLost = true;
    return leaves.unknown;
  }
  const at = (name: string) => below(match, name);
  const context = (side: string) => leaves.text(at(`${side}NetworkContext`)) ?? leaves.text(at(`${side}NetworkScope`));
  return {
    srcIpRanges: fields.texts(at('srcIpRanges')),
    destIpRanges: withDestinations(projection, network, fields.texts(at('destIpRanges'))),
    srcAddressGroups: fields.refs('match.srcAddressGroups'),
    destAddressGroups: fields.refs('match.destAddressGroups'),
    srcSecureTags: secureTags(projection, fields, at('srcSecureTags')),
    srcNetworkContext: context('src'),
    destNetworkContext: context('dest'),
    layer4Configs: fields.layer4(at('layer4Configs'), 'ipProtocol') ?? [],
    ...Object.fromEntries(textLists.map((name) => [name, fields.texts(at(name))])),
  };
}

/** A rule of a policy, in front of the machines of a network; undefined where, as declared, it matches nothing. */
export function ruleOf(projection: Projection, rule: Written, network: string): ApiRecord | undefined {
  const { leaves, isAsKnown } = projection;
  const fields = new RuleFields(projection, rule);
  const action = leaves.text(rule.field('action'));
  const priority = leaves.number(rule.field('priority'));
  const told = {
    priority: priority ?? untold,
    action: action ?? untold,
    direction: fields.word('direction'),
    disabled: leaves.flag(rule.field('disabled')),
    targetType: leaves.text(rule.field('targetType')),
    targetResources: fields.refs('targetResources'),
    targetServiceAccounts: fields.refs('targetServiceAccounts'),
    targetSecureTags: secureTags(projection, fields, rule.field('targetSecureTags')),
    match: matchOf(projection, rule, fields, network),
  };
  const isLost = fields.isLost || action === undefined || priority === undefined;
  return !isAsKnown && isLost ? undefined : told;
}

/** A rule of a policy as it is written: by a resource of its own, or in a list. */
export interface PolicyRuleSource {
  readonly record: PlanRecord;
  /** `rules[0]`; undefined where the resource is the rule. */
  readonly path: string | undefined;
  readonly rule: Written;
}

/** The resources and the elements of lists that are rules of a policy; `untold` where it may have others. */
export function sourcesOf(
  projection: Projection,
  policyId: string,
  level: Level,
): readonly PolicyRuleSource[] | typeof untold {
  const { prefix } = levels[level];
  const whole = projection.describer(policyId, `${prefix}FirewallPolicyWithRules`);
  const list = whole && projection.leaves.list(projection.value(whole, 'rules'));
  if (list === untold || (list?.some((item) => item instanceof Unknown) && projection.isAsKnown)) return untold;
  const found: PolicyRuleSource[] = projection
    .partsOf(policyId, [`${prefix}FirewallPolicyRule`, 'firewallPolicy'])
    .map((record) => ({
      record,
      path: undefined,
      rule: { record, at: '', field: (name) => projection.value(record, name) },
    }));
  for (const [index, item] of (list ?? []).entries()) {
    if (!whole || item instanceof Unknown) continue;
    const path = `rules[${index}]`;
    found.push({
      record: whole,
      path,
      rule: { record: whole, at: `${path}.`, field: (name) => below(item, name) },
    });
  }
  return found;
}

/** The choice among rules of one policy with one number, of which the API takes one. */
export function rivalKey(policyId: string, priority: number): string {
  return `conflict rule ${policyId} ${priority}`;
}

/** The rules of a policy that have one number, where there are several. */
export function rivalsIn(sources: readonly PolicyRuleSource[]): ReadonlyMap<number, readonly PolicyRuleSource[]> {
  const found = new Map<number, PolicyRuleSource[]>();
  for (const source of sources) {
    const priority = source.rule.field('priority');
    if (typeof priority === 'number') found.set(priority, [...(found.get(priority) ?? []), source]);
  }
  return new Map([...found].filter(([, rules]) => rules.length > 1));
}

export function countingAmong(projection: Projection, policyId: string, sources: readonly PolicyRuleSource[]) {
  const rivals = rivalsIn(sources);
  return sources.filter((source) => {
    const priority = source.rule.field('priority');
    const among = typeof priority === 'number' ? rivals.get(priority) : undefined;
    if (!among || typeof priority !== 'number') return true;
    return among[projection.view.option({ key: rivalKey(policyId, priority) })] === source;
  });
}
