import { doubtfulRules, type Gap, known, type Rule, type RuleFilter, unknown } from '../../src/model/index.js';
import { AddressSet, PortSet } from '../../src/set/index.js';
import { type Networks, resource, scopeOf } from './network.js';
import { keyOf, nameOf } from './records/ids.js';
import type { AdminRule } from './records/records.js';
import { clientPorts, type Guarded, portsOf } from './security-rule.js';
import { allMembers, type Members, membersOf } from './tags.js';

const tcp: ReadonlySet<string | undefined> = new Set([undefined, '*', 'any', 'tcp', 'all']);

/** What one end of a rule means; where none is given it is everybody. Members of a network group are not in the evidence. */
function endOf(networks: Networks, end: AdminRule['sources'], subnetKey: string, name: string): Members {
  if (!end?.length) return { sure: AddressSet.all, within: AddressSet.all };
  return allMembers(
    end.map(({ addressPrefix = '*', addressPrefixType }): Members => {
      if (addressPrefixType?.toLowerCase() !== 'networkgroup') return membersOf(networks, addressPrefix, subnetKey);
      const detail = `the members of the network group ${nameOf(addressPrefix)}, which ${name} names, are not in the evidence`;
      const gap: Gap = { code: 'azure/network-group', kind: 'not-modelled', what: nameOf(addressPrefix), detail };
      return { sure: AddressSet.empty, within: AddressSet.all, gap };
    }),
  );
}

/** Services that need their network as it is: admin rules are not applied beside them unless they were told to be. */
const intentServices = /^microsoft\.(?:sql\/managedinstances|databricks\/workspaces)$/i;

function managerOf(id: string | undefined): string {
  return keyOf(id ?? '').split('/securityadminconfigurations/')[0] ?? '';
}

/** Whether the rules of a configuration are applied in a network that such a service lives in: all, those that allow, or none. */
function appliedIn(networks: Networks, network: string, rule: AdminRule): boolean {
  const hasService = [...networks.subnetsOf(network).values()].some(({ delegations }) =>
    delegations?.some(({ serviceName }) => serviceName !== undefined && intentServices.test(serviceName)),
  );
  if (!hasService) return true;
  const configuration = keyOf(rule.id ?? '').split('/rulecollections/')[0];
  const told =
    networks.inventory.get('adminConfigurations', configuration)?.applyOnNetworkIntentPolicyBasedServices ?? [];
  const words = told.map((word) => word.toLowerCase());
  if (words.includes('all')) return true;
  return words.includes('allowrulesonly') && rule.access?.toLowerCase() !== 'deny';
}

/** How high the scope of a rule's manager is: a management group stands above subscriptions, and wins. */
function heightOf(networks: Networks, rule: AdminRule): number {
  const scopes = networks.inventory.get('managers', managerOf(rule.id))?.networkManagerScopes;
  return scopes?.managementGroups?.length ? 0 : 1;
}

/** Whether a rule is about the ports from which clients send: all of them, some, or none. */
function sendingPorts({ sourcePortRanges = [] }: AdminRule): 'all' | 'some' | 'none' {
  if (sourcePortRanges.length === 0) return 'all';
  const ports = sourcePortRanges.reduce((sum, text) => sum.union(portsOf(text) ?? PortSet.empty), PortSet.empty);
  if (clientPorts.subtract(ports).isEmpty) return 'all';
  return clientPorts.intersect(ports).isEmpty ? 'none' : 'some';
}

function lowered(networks: Networks, rule: AdminRule, guarded: Guarded, direction: string, code: string): Rule[] {
  const name = rule.name ?? nameOf(rule.id ?? 'a rule');
  if (!tcp.has(rule.protocol?.toLowerCase())) return [];
  const isInbound = direction === 'inbound';
  const [from, to] = [rule.sources, rule.destinations].map((end) => endOf(networks, end, guarded.subnetKey, name));
  const [far, own] = (isInbound ? [from, to] : [to, from]) as [Members, Members];
  if (!own.within.has(guarded.address)) return [];
  const ports = (rule.destinationPortRanges ?? []).reduce(
    (sum, text) => sum.union(portsOf(text) ?? PortSet.empty),
    PortSet.empty,
  );
  const due = known(rule.destinationPortRanges?.length ? ports : PortSet.all);
  const sending = sendingPorts(rule);
  if (sending === 'none') return [];
  const access = rule.access?.toLowerCase();
  const action = access === 'deny' ? 'drop' : access === 'alwaysallow' ? 'allow' : 'next';
  const words = { drop: 'denies', allow: 'always allows', next: 'leaves it to the security groups' };
  const base = {
    id: name,
    of: resource('admin-rule', name),
    action,
    ports: due,
    text: `${name} (${rule.priority}) ${words[action]}`,
    reason: { code, data: { rule: name, priority: String(rule.priority ?? '') } },
  } as const;
  const isSureHere = own.sure.has(guarded.address) && sending === 'all';
  const somePorts: Gap = {
    code: 'azure/source-port',
    kind: 'not-modelled',
    what: name,
    detail: `${name} is about some source ports only, and a client may use any`,
  };
  const gap = isSureHere ? far.gap : (own.gap ?? (sending === 'some' ? somePorts : undefined));
  const sure: Rule[] = isSureHere && !far.sure.isEmpty ? [{ ...base, peers: known(far.sure) }] : [];
  return gap ? [...sure, { ...base, peers: unknown(far.within, gap) }] : sure;
}

/** A rule of which a part cannot be read: it may be about anybody, and do anything. */
function unreadable({ id, name = nameOf(id ?? 'a rule'), broken }: AdminRule): Gap {
  const detail = `${broken} of the admin rule ${name} cannot be read`;
  return { code: 'azure/ev-missing', kind: 'not-collected', what: name, detail };
}

/** The security admin rules in effect in a network: they come before all security groups, and go on to them where they allow. */
export function adminFilter(
  networks: Networks,
  network: string,
  guarded: Guarded,
  direction: 'inbound' | 'outbound',
  code: string,
): RuleFilter {
  const of = resource('virtual-network', nameOf(network));
  const answer = networks.inventory.get('adminRules', network);
  const gap = networks.inventory.gap('adminRules', scopeOf(network), network);
  const missing =
    gap ??
    (answer || networks.inventory.complete
      ? undefined
      : networks.inventory.dangling('adminRules', scopeOf(network), `the admin rules of ${of.id}`));
  if (!answer?.value && missing)
    return { kind: 'rules', rules: doubtfulRules({ ...missing, likely: false }), otherwise: 'next', of };
  const rules = (answer?.value ?? [])
    .filter((rule) => rule.broken !== undefined || rule.direction?.toLowerCase() === direction)
    .filter((rule) => appliedIn(networks, network, rule))
    .sort((a, b) => heightOf(networks, a) - heightOf(networks, b) || (a.priority ?? 0) - (b.priority ?? 0))
    .flatMap((rule) =>
      rule.broken === undefined ? lowered(networks, rule, guarded, direction, code) : doubtfulRules(unreadable(rule)),
    );
  return { kind: 'rules', rules, otherwise: 'next', of };
}
