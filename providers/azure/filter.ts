import {
  type Filter,
  type Gap,
  type Layer,
  passFilter,
  type RuleFilter,
  stopFilter,
  unknown,
  unknownFilter,
} from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import type { Address } from '../../src/set/index.js';
import { adminFilter } from './admin-rule.js';
import { type Found, type Networks, resource } from './network.js';
import { nameOf } from './records/ids.js';
import type { NetworkSecurityGroup, Subnet } from './records/records.js';
import { groupFilter } from './security-group.js';
import { type Guarded, guardedBy } from './security-rule.js';
import type { Standpoint } from './standpoint.js';

/** A public address of the Standard SKU is closed until a security group opens it; `untold` where nobody knows which SKU it is. */
export type Ingress = 'standard' | 'basic' | 'untold' | 'private';

/** How an address or a balancer lets packets in, by its SKU (public IP docs, SKU). */
export function ingressBy(record: {
  readonly sku?: { readonly name?: string | undefined } | undefined;
  readonly broken?: string | undefined;
}): Ingress {
  if (isUnread(record, 'sku') || isUnread(record, 'sku.name')) return 'untold';
  return record.sku?.name?.toLowerCase() === 'basic' ? 'basic' : 'standard';
}

/** Rules that just-in-time access made are told apart by their names. */
const jitRule = /^(?:SecurityCenter|MicrosoftDefenderForCloud)-JITRule/i;

/** What just-in-time access denies is opened by a request, not by another rule. */
function withJit(filter: RuleFilter): RuleFilter {
  const rules = filter.rules.map((rule) =>
    rule.action === 'drop' && rule.id !== null && jitRule.test(rule.id) && rule.reason
      ? { ...rule, reason: { ...rule.reason, code: 'azure/jit' } }
      : rule,
  );
  return { ...filter, rules };
}

function groupOf(
  networks: Networks,
  found: Found<NetworkSecurityGroup>,
  guarded: Guarded,
  code: string,
): RuleFilter | undefined {
  if (found === 'none') return undefined;
  if ('gap' in found) return unknownFilter(found.gap);
  const filter = groupFilter(networks, found.found, 'inbound', guarded, code);
  return networks.onceFor(filter, 'with just-in-time access', () => withJit(filter));
}

export function subnetGroup(networks: Networks, subnet: Found<Subnet>): Found<NetworkSecurityGroup> {
  if (subnet === 'none') return 'none';
  return 'gap' in subnet ? subnet : networks.securityGroup(subnet.found.networkSecurityGroup);
}

/** Where no group stands, whether an admin rule that always allows opens a Standard address is not documented. */
function uncertain(admin: RuleFilter): RuleFilter {
  const detail =
    'whether an admin rule that always allows opens a Standard address without a security group is not documented';
  const gap: Gap = { code: 'azure/always-allow', kind: 'not-modelled', what: 'AlwaysAllow', detail };
  const rules = admin.rules.map((rule) =>
    rule.action === 'allow'
      ? { ...rule, peers: unknown(rule.peers.known ? rule.peers.value : rule.peers.within, gap) }
      : rule,
  );
  return { ...admin, rules };
}

/** The groups that stand before an IP configuration: the subnet's, and the interface's. */
function groupsBefore(networks: Networks, at: Standpoint): readonly Found<NetworkSecurityGroup>[] {
  return [subnetGroup(networks, networks.subnet(at.subnetKey)), networks.securityGroup(at.securityGroup)];
}

function buildFilter(networks: Networks, at: Standpoint, guarded: Guarded, ingress: Ingress): Filter {
  const admin = adminFilter(networks, at.networkKey ?? '', guarded, 'inbound', 'azure/avnm-admin-rule');
  const [ofSubnet, ofNic] = groupsBefore(networks, at);
  const groups = [
    groupOf(networks, ofSubnet ?? 'none', guarded, 'azure/nsg-subnet'),
    groupOf(networks, ofNic ?? 'none', guarded, 'azure/nsg-nic'),
  ].filter((group) => group !== undefined);
  const both: Filter = { kind: 'all', of: groups };
  if (groups.length > 0)
    return admin.rules.length === 0 ? both : { kind: 'first', of: [admin, both], otherwise: passFilter };
  if (ingress === 'basic' || ingress === 'private') return { kind: 'first', of: [admin], otherwise: passFilter };
  const otherwise =
    ingress === 'standard'
      ? stopFilter({ code: 'azure/standard-ip-closed', data: {} })
      : unknownFilter(networks.inventory.dangling('addresses', {}, 'the SKU of the public address'));
  return { kind: 'first', of: [uncertain(admin)], otherwise };
}

/**
 * Everything that filters on the way in: admin rules, the subnet's group, the interface's; both must allow (NSG docs). Where no
 * group stands, it is the interface that is closed.
 */
export function filterLayer(networks: Networks, at: Standpoint, destination: Address, ingress: Ingress): Layer {
  const guarded = guardedBy(at, destination, ingress !== 'private');
  const kind = 'network-security-group';
  if (!guarded) {
    const name = at.alone?.name ?? 'the interface';
    const gap = networks.inventory.dangling('networks', {}, `the subnet of ${name}`);
    return { kind, subject: 'interface', inbound: unknownFilter(gap) };
  }
  const isBare =
    (ingress === 'standard' || ingress === 'untold') && groupsBefore(networks, at).every((group) => group === 'none');
  const subject = isBare ? 'interface' : resource('subnet', nameOf(guarded.subnetKey));
  const inbound = networks.shared.once(['filter', at, destination.value, ingress], () =>
    buildFilter(networks, at, guarded, ingress),
  );
  const tracked = at.isUntracked ? undefined : trackedBy(networks, at, guarded);
  return { kind, subject, inbound, ...untracked(networks, at), ...(tracked && { tracked }) };
}

/**
 * Which open connections go on without their rule: all of them (NSG docs, how rules are evaluated), unless the group judges them
 * again (flushConnection). Nothing where it does, since then they end.
 */
function trackedBy(networks: Networks, at: Standpoint, guarded: Guarded): Filter | undefined {
  const doubt = (what: string, detail: string) =>
    unknownFilter({ code: 'azure/ev-untracked', kind: 'not-modelled', what, detail });
  const admin = adminFilter(networks, at.networkKey ?? '', guarded, 'inbound', 'azure/avnm-admin-rule');
  if (admin.rules.length > 0) return doubt('admin rules', 'what admin rules do to open connections is not documented');
  const groups = groupsBefore(networks, at).filter((found) => found !== 'none');
  const gap = groups.flatMap((found) => ('gap' in found ? [found.gap] : []))[0];
  if (gap) return unknownFilter(gap);
  const flushing = groups.filter((found) => 'found' in found && found.found.flushConnection === true);
  if (flushing.length === 0) return passFilter;
  return flushing.length === groups.length
    ? undefined
    : doubt('flushConnection', 'one of two security groups judges open connections again');
}

/** What becomes of replies where connections are not tracked is not documented: only that nothing denies them is sure. */
function untracked(networks: Networks, at: Standpoint): Pick<Layer, 'returning'> {
  if (!at.isUntracked) return {};
  const isDenying = groupsBefore(networks, at).some(
    (found) =>
      found !== 'none' &&
      ('gap' in found ||
        found.found.securityRules?.some(
          ({ direction, access }) => direction?.toLowerCase() === 'outbound' && access?.toLowerCase() === 'deny',
        )),
  );
  if (!isDenying) return {};
  const what = at.alone?.name ?? 'the interface';
  const detail = `${what} does not track connections, and what outbound rules do to replies then is not documented`;
  return { returning: unknownFilter({ code: 'azure/ev-untracked', kind: 'not-modelled', what, detail }) };
}
