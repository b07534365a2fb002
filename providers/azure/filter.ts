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
import type { Address } from '../../src/set/index.js';
import { adminFilter } from './admin-rule.js';
import { type Found, type Networks, type Port, resource } from './network.js';
import { nameOf } from './records/ids.js';
import type { NetworkSecurityGroup, Subnet } from './records/records.js';
import { type Guarded, groupFilter, guardedBy } from './security-group.js';

/** A public address of the Standard SKU is closed until a security group opens it. */
export type Ingress = 'standard' | 'basic' | 'private';

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
  return 'gap' in found
    ? unknownFilter(found.gap)
    : withJit(groupFilter(networks, found.found, 'inbound', guarded, code));
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

function buildFilter(networks: Networks, port: Port, guarded: Guarded, ingress: Ingress): Filter {
  const network = port.networkKey ?? '';
  const admin = adminFilter(networks, network, guarded, 'inbound', 'azure/avnm-admin-rule');
  const ofSubnet = groupOf(
    networks,
    subnetGroup(networks, networks.subnet(port.subnetKey)),
    guarded,
    'azure/nsg-subnet',
  );
  const ofNic = groupOf(networks, networks.securityGroup(port.nic.networkSecurityGroup), guarded, 'azure/nsg-nic');
  const groups = [ofSubnet, ofNic].filter((group) => group !== undefined);
  if (groups.length > 0) return { kind: 'first', of: [admin, { kind: 'all', of: groups }], otherwise: passFilter };
  if (ingress !== 'standard') return { kind: 'first', of: [admin], otherwise: passFilter };
  const closed = stopFilter({ code: 'azure/standard-ip-closed', data: {} }, resource('network-interface', port.ref.id));
  return { kind: 'first', of: [uncertain(admin)], otherwise: closed };
}

/** Everything that filters on the way in: admin rules, the subnet's group, the interface's; both must allow (NSG docs). */
export function filterLayer(networks: Networks, port: Port, destination: Address, ingress: Ingress): Layer {
  const guarded = guardedBy(port, destination);
  const subject = resource('subnet', nameOf(port.subnetKey ?? port.nicKey));
  if (!guarded) {
    const gap = networks.inventory.dangling('networks', {}, `the subnet of ${port.ref.id}`);
    return { kind: 'network-security-group', subject, inbound: unknownFilter(gap) };
  }
  const inbound = networks.once(`filter ${port.configKey} ${destination.value} ${ingress}`, () =>
    buildFilter(networks, port, guarded, ingress),
  );
  return { kind: 'network-security-group', subject, inbound, ...untracked(networks, port) };
}

/** What becomes of replies where connections are not tracked is not documented: only that nothing denies them is sure. */
function untracked(networks: Networks, port: Port): Pick<Layer, 'returning'> {
  if (port.nic.disableTcpStateTracking !== true) return {};
  const groups = [
    subnetGroup(networks, networks.subnet(port.subnetKey)),
    networks.securityGroup(port.nic.networkSecurityGroup),
  ];
  const isDenying = groups.some(
    (found) =>
      found !== 'none' &&
      ('gap' in found ||
        found.found.securityRules?.some(
          ({ direction, access }) => direction?.toLowerCase() === 'outbound' && access?.toLowerCase() === 'deny',
        )),
  );
  if (!isDenying) return {};
  const detail = `${port.ref.id} does not track connections, and what outbound rules do to replies then is not documented`;
  return { returning: unknownFilter({ code: 'azure/ev-untracked', kind: 'not-modelled', what: port.ref.id, detail }) };
}
