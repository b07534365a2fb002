import { known, type ResourceRef, type Rule, type RuleFilter, unknown } from '../../src/model/index.js';
import { AddressSet, PortSet } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { type Networks, scopeOf } from './network.js';
import type { NetworkSecurityGroup, SecurityRule } from './records/records.js';
import { type Direction, type Guarded, groupRef, type Lowered, loweredRule } from './security-rule.js';
import { tagView } from './tags.js';

/** The default rules, where a record does not list them: Azure puts them at the end of every group (NSG docs, default security rules). */
function defaultRules(direction: Direction): readonly SecurityRule[] {
  const any = { protocol: '*', sourcePortRange: '*', destinationPortRange: '*', direction };
  const [mine, theirs] =
    direction === 'inbound' ? ['In', 'AllowAzureLoadBalancerInBound'] : ['Out', 'AllowInternetOutBound'];
  const middle =
    direction === 'inbound'
      ? { sourceAddressPrefix: 'AzureLoadBalancer', destinationAddressPrefix: '*' }
      : { sourceAddressPrefix: '*', destinationAddressPrefix: 'Internet' };
  return [
    {
      ...any,
      name: `AllowVnet${mine}Bound`,
      priority: 65000,
      access: 'Allow',
      sourceAddressPrefix: 'VirtualNetwork',
      destinationAddressPrefix: 'VirtualNetwork',
    },
    { ...any, ...middle, name: theirs, priority: 65001, access: 'Allow' },
    {
      ...any,
      name: `DenyAll${mine}Bound`,
      priority: 65500,
      access: 'Deny',
      sourceAddressPrefix: '*',
      destinationAddressPrefix: '*',
    },
  ];
}

/** The rules of one direction: the lowest number decides, and the default ones come last (NSG docs). */
export function groupFilter(
  networks: Networks,
  group: Placed<NetworkSecurityGroup>,
  direction: Direction,
  guarded: Guarded,
  code: string,
): RuleFilter {
  const { address, subnetKey, groups, isFacingInternet } = guarded;
  const view = tagView(networks, subnetKey);
  const parts = ['group', group, direction, view, address.family, address.value, code, isFacingInternet, ...groups];
  return networks.shared.once(parts, () => buildFilter(networks, group, direction, guarded, code));
}

function buildFilter(
  networks: Networks,
  group: Placed<NetworkSecurityGroup>,
  direction: Direction,
  guarded: Guarded,
  code: string,
): RuleFilter {
  const of = groupRef(group);
  if (group.securityRules === undefined) {
    const gap = networks.inventory.dangling(
      'securityGroups',
      scopeOf(group.id),
      `readable rules of ${of.id} (${group.broken ?? 'securityRules'})`,
    );
    const rule: Rule = {
      id: null,
      of,
      action: 'allow',
      peers: unknown(AddressSet.all, gap),
      ports: known(PortSet.all),
      text: gap.detail,
    };
    return { kind: 'rules', rules: [rule], otherwise: 'drop', reason: { code, data: {} }, of };
  }
  const isDue = (rule: SecurityRule) => rule.direction === undefined || rule.direction.toLowerCase() === direction;
  const own = (group.securityRules ?? []).filter(isDue);
  const defaults = group.defaultSecurityRules?.length
    ? group.defaultSecurityRules.filter(isDue)
    : defaultRules(direction);
  const sorted = [...own, ...defaults].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const all = sorted.map((rule) => loweredRule(networks, group, rule, direction, guarded, code));
  const hints = all.flatMap(({ hint }) => hint ?? []);
  const rules = all.flatMap((one) => one.rules);
  return {
    kind: 'rules',
    rules: withHints(rules, hints, code, of),
    otherwise: 'drop',
    reason: { code, data: { rule: 'no rule', group: of.id } },
    of,
  };
}

/** Where a default rule denies, those whom another rule nearly let in are told why it does not. */
function withHints(
  rules: readonly Rule[],
  hints: readonly NonNullable<Lowered['hint']>[],
  code: string,
  of: ResourceRef,
): readonly Rule[] {
  const last = rules.at(-1);
  if (last?.action !== 'drop' || hints.length === 0) return rules;
  const hinted = hints.map(
    ({ code: hint, peers, ports, rule }): Rule => ({
      ...last,
      peers: known(peers),
      ports: known(ports),
      reason: { code, data: last.reason?.data ?? {}, hint: { code: hint, data: { rule, group: of.id } } },
    }),
  );
  return [...rules.slice(0, -1), ...hinted, last];
}
