import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { AsRead, isUnread, untold } from '../../../src/record/index.js';
import { policyName } from '../firewall-policy.js';
import { nameOf, regionOf } from '../records/names.js';
import type { EffectivePolicy, PolicyRule } from '../records/records.js';
import { recordedWithDestinations } from './destination.js';
import { isStandInName } from './place.js';
import { countingAmong, type Level, levels, type PolicyRuleSource, ruleOf, sourcesOf } from './policy.js';
import { type ApiRecord, type Projection, straysOf } from './project.js';
import { carried, type Guarded, isKept, policyIdOf, recordedPolicy } from './recording.js';

/** Where a rule of a policy is written, under what its number and its policy are called. */
function remember(projection: Projection, policy: string, { record, path, rule }: PolicyRuleSource): void {
  const priority = rule.field('priority');
  if (typeof priority === 'number') projection.origin(`${policy} ${priority}`, record, path);
}

/** A policy in front of a network. */
interface Force {
  readonly level: Level;
  /** The path of the policy; undefined where nobody knows which it is. */
  readonly id: string | undefined;
  /** It may be in force, or not: then so may each of its rules. */
  readonly isSure: boolean;
}

/** The same by the resource that puts it there. */
interface Attached extends Force {
  readonly association: PlanRecord;
}

/** The numbers of recorded rules that resources of the deployment describe, or take along. */
function takenNumbers(
  projection: Projection,
  id: string,
  level: Level,
  sources: readonly PolicyRuleSource[],
): ReadonlySet<number | undefined> {
  const type = `${levels[level].prefix}FirewallPolicyRule`;
  const isOf = (record: PlanRecord) => projection.refs(record, 'firewallPolicy').ids.includes(id);
  const leaving = projection.view.links.former.filter((record) => record.token?.name === type && isOf(record));
  const numberIn = (value: unknown) => (typeof value === 'number' ? value : undefined);
  // An id ends with the number that the rule has until now (`…/firewallPolicies/p/1000`).
  const before = ({ id: own }: PlanRecord) => (own === undefined ? undefined : Number(nameOf(own)));
  return new Set([
    ...sources.flatMap(({ record, path, rule }) => [
      numberIn(rule.field('priority')),
      path === undefined ? before(record) : undefined,
    ]),
    ...leaving.flatMap((record) => [numberIn(record.inputs?.priority), before(record)]),
  ]);
}

function recordedRule(projection: Projection, network: string, rule: PolicyRule): AsRead {
  if (!rule.match) return new AsRead(rule);
  const match = recordedWithDestinations(projection, network, rule.match, 'destIpRanges');
  if (match === rule.match) return new AsRead(rule);
  return new AsRead({ ...rule, match, broken: [rule.broken, 'match.destIpRanges'].filter(Boolean).join(', ') });
}

/** What of a policy was recorded and stays so: nothing of one that lists all its rules, and nobody knows of one that nobody shows. */
function recordedRules(
  projection: Projection,
  network: string,
  { id, level }: Force,
  sources: readonly PolicyRuleSource[],
): readonly AsRead[] | typeof untold {
  const { prefix } = levels[level];
  if (id === undefined) return projection.isAsKnown ? untold : [];
  if (projection.describer(id, `${prefix}FirewallPolicyWithRules`)) return [];
  const policy = recordedPolicy(projection.base, id);
  if (!policy) return projection.isAsKnown && !projection.describer(id, `${prefix}FirewallPolicy`) ? untold : [];
  if (isUnread(policy, 'rules')) return untold;
  const taken = takenNumbers(projection, id, level, sources);
  return (policy.rules ?? [])
    .filter(({ priority }) => priority === undefined || !taken.has(priority))
    .map((rule) => recordedRule(projection, network, rule));
}

/** The rules of the deployment of which nobody knows the policy: they may be in any that was recorded. */
function strayRules(projection: Projection, network: string, { id, level }: Force): readonly ApiRecord[] {
  if (id === undefined || !projection.isAsKnown || !recordedPolicy(projection.base, id)) return [];
  return straysOf(projection, `${levels[level].prefix}FirewallPolicyRule`, 'firewallPolicy').flatMap((record) => {
    const rule = ruleOf(projection, { record, at: '', field: (name) => projection.value(record, name) }, network);
    return rule ? [{ ...rule, disabled: untold }] : [];
  });
}

/** The rules that a policy will have in front of the machines of a network. */
function rulesOf(projection: Projection, network: string, name: string, force: Force): unknown {
  const { id, level, isSure } = force;
  const sources = id === undefined ? [] : sourcesOf(projection, id, level);
  if (sources === untold) return untold;
  const recorded = recordedRules(projection, network, force, sources);
  if (recorded === untold || (!isSure && projection.isAsKnown && recorded.length > 0)) return untold;
  const declared = (id === undefined ? [] : countingAmong(projection, id, sources)).flatMap((source) => {
    remember(projection, name, source);
    const rule = ruleOf(projection, source.rule, network);
    if (!rule) return [];
    return isSure || !projection.isAsKnown ? [rule] : [{ ...rule, targetResources: untold }];
  });
  return [...recorded, ...declared, ...strayRules(projection, network, force)];
}

/** A policy as answers about the network show it. */
function policyOf(projection: Projection, network: string, attached: Attached): ApiRecord {
  const { level, association, id } = attached;
  const { prefix, type } = levels[level];
  const record = projection.describer(id, `${prefix}FirewallPolicy`, `${prefix}FirewallPolicyWithRules`);
  const name = record ? projection.label(record) : projection.label(association);
  const priority = projection.leaves.number(projection.value(association, 'priority'));
  return { type, name, priority, rules: rulesOf(projection, network, name, attached) };
}

/** Whether a regional association is for machines of a region: nobody knows where one of the two is not known. */
function isIn(projection: Projection, association: PlanRecord, region: string | undefined): boolean | undefined {
  if (region === undefined) return false;
  const own = regionOf(projection.selfLink(association));
  // Of a machine whose zone is not known the region may be.
  const there = region.replace(/-\?$/, '');
  return own === undefined || isStandInName(own) || isStandInName(there) ? undefined : own === there;
}

/** The policies that resources of the deployment put in front of the machines of a network, in a region if that is said. */
function attachedTo(projection: Projection, { network, region }: Guarded): readonly Attached[] {
  const strays = projection.isRecorded(network) && projection.isAsKnown;
  const withTarget = (level: 'network' | 'region') => {
    const name = `${levels[level].prefix}FirewallPolicyAssociation`;
    const own = projection.partsOf(network, [name, 'attachmentTarget']);
    const others = strays ? straysOf(projection, name, 'attachmentTarget').filter((one) => !own.includes(one)) : [];
    return [...own.map((one) => [one, true] as const), ...others.map((one) => [one, false] as const)];
  };
  const attach = (level: Level, association: PlanRecord, isSure: boolean): Attached => {
    const id = projection.ref(association, 'firewallPolicy');
    return { level, association, id: typeof id === 'string' ? id : undefined, isSure };
  };
  return [
    ...projection.all('FirewallPolicyAssociation').map((one) => attach('hierarchy', one, false)),
    ...withTarget('network').map(([one, isSure]) => attach('network', one, isSure)),
    ...withTarget('region').flatMap(([one, isSure]) => {
      const is = isIn(projection, one, region);
      return is === false ? [] : [attach('region', one, isSure && is === true)];
    }),
  ];
}

/** Whether an association that goes takes this policy away from a network; of one of a folder nobody knows whether another stays. */
function leaves(projection: Projection, { network }: Guarded, level: Level, id: string): boolean {
  const type = `${levels[level].prefix}FirewallPolicyAssociation`;
  return projection.view.links.former.some((record) => {
    if (record.token?.name !== type || !projection.refs(record, 'firewallPolicy').ids.includes(id)) return false;
    return level === 'hierarchy' || projection.refs(record, 'attachmentTarget').ids.includes(network);
  });
}

/** Whether the deployment says anything about a recorded policy, but that it stays in force. */
function isTouched(projection: Projection, level: Level, id: string): boolean {
  const { prefix } = levels[level];
  const types = [`${prefix}FirewallPolicy`, `${prefix}FirewallPolicyWithRules`];
  return (
    projection.describer(id, ...types) !== undefined ||
    projection.partsOf(id, [`${prefix}FirewallPolicyRule`, 'firewallPolicy']).length > 0 ||
    straysOf(projection, `${prefix}FirewallPolicyRule`, 'firewallPolicy').length > 0 ||
    projection.view.links.former.some((record) => projection.refs(record, 'firewallPolicy').ids.includes(id))
  );
}

const levelOf = (wanted: string | undefined): Level | undefined =>
  (Object.keys(levels) as Level[]).find((level) => levels[level].type === wanted);

/** A policy that was recorded in front of a network, as it will be there; none where it goes. */
function policyOver(
  projection: Projection,
  guarded: Guarded,
  recorded: EffectivePolicy,
  all: readonly Attached[],
): readonly (ApiRecord | AsRead)[] {
  const level = levelOf(recorded.type);
  const id = policyIdOf(recorded, guarded);
  if (level === undefined || id === undefined) return [new AsRead(recorded)];
  const own = all.find((one) => one.id === id);
  const goes = leaves(projection, guarded, level, id);
  if (goes && !own && level !== 'hierarchy') return [];
  const { prefix } = levels[level];
  const record = projection.describer(id, `${prefix}FirewallPolicy`, `${prefix}FirewallPolicyWithRules`);
  const priority = own && level !== 'hierarchy' ? projection.value(own.association, 'priority') : undefined;
  const told = {
    ...carried(recorded, 'type', 'priority', ...(record ? [] : (['name', 'shortName', 'displayName'] as const))),
    ...(record && { name: projection.label(record) }),
    ...(priority !== undefined && { priority: projection.leaves.number(priority) }),
  };
  if (goes && level === 'hierarchy') return projection.isAsKnown ? [{ ...told, rules: untold }] : [];
  const isMoved = recorded.rules?.some((rule) => recordedRule(projection, guarded.network, rule).record !== rule);
  if (!isMoved && priority === undefined && !isTouched(projection, level, id)) return [new AsRead(recorded)];
  const name = record ? projection.label(record) : policyName(recorded);
  return [{ ...told, rules: rulesOf(projection, guarded.network, name, { level, id, isSure: true }) }];
}

/**
 * The policies in front of the machines of a network in a region. Those of folders and organisations are in force where the network's
 * project is below them, which no program shows, and a recording does.
 * @param shown what was recorded there, as far as it is known
 */
export function policiesOf(
  projection: Projection,
  guarded: Guarded,
  shown: readonly EffectivePolicy[] | undefined,
): readonly (ApiRecord | AsRead)[] {
  const attached = attachedTo(projection, guarded);
  const ids = new Set((shown ?? []).map((policy) => policyIdOf(policy, guarded)));
  const isNew = ({ level, id, association }: Attached) =>
    (id === undefined || !ids.has(id)) && !(shown && level === 'hierarchy' && isKept(association));
  return [
    ...(shown ?? []).flatMap((policy) => policyOver(projection, guarded, policy, attached)),
    ...attached.filter(isNew).map((one) => policyOf(projection, guarded.network, one)),
  ];
}
