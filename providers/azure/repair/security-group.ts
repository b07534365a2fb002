import type { Change } from '../../../src/provider.js';
import { quoted } from '../../../src/record/index.js';
import type { Placed } from '../inventory.js';
import { groupOf, keyOf, nameOf } from '../records/ids.js';
import type { NetworkSecurityGroup, SecurityRule } from '../records/records.js';
import {
  az,
  freeName,
  freeNumber,
  locationOf,
  nicName,
  type Options,
  ownPortOf,
  portOf,
  prefixesFor,
  type Recipe,
  type Repair,
  subnetOf,
  withConfig,
} from './recipe.js';

/** The group that stands on the subnet of a port, or on its interface. */
function groupAt(repair: Repair, place: 'subnet' | 'interface'): Placed<NetworkSecurityGroup> | undefined {
  const holder = place === 'interface' ? portOf(repair)?.nic : subnetOf(repair);
  const group = repair.networks.securityGroup(holder?.networkSecurityGroup);
  return group !== 'none' && 'found' in group ? group.found : undefined;
}

function withRules({ networks, lower }: Repair, group: Placed<NetworkSecurityGroup>, rules: readonly SecurityRule[]) {
  return lower(networks.inventory.with('securityGroups', keyOf(group.id), { ...group, securityRules: rules }));
}

const inbound = ({ direction }: SecurityRule) => direction?.toLowerCase() === 'inbound';

const world = (prefixes: readonly string[]) =>
  prefixes.some((prefix) => prefix.endsWith('/0'))
    ? 'this opens the port to the whole world: prefer Bastion or just-in-time access'
    : undefined;

/** A rule of its own for these clients before the number of the one that denies, as the command, the program and the evidence say it. */
function openingRule(repair: Repair, rules: readonly SecurityRule[], before: number) {
  const prefixes = prefixesFor(repair);
  const taken = rules.filter(inbound).map(({ priority }) => priority);
  const priority = freeNumber(100, Math.min(before, 4097), taken);
  if (!prefixes || priority === undefined) return undefined;
  const name = freeName(`allow-tcp-${repair.port}`, rules);
  const rule: SecurityRule = {
    name,
    protocol: 'Tcp',
    access: 'Allow',
    direction: 'Inbound',
    priority,
    sourcePortRange: '*',
    destinationPortRange: String(repair.port),
    sourceAddressPrefixes: prefixes,
    destinationAddressPrefix: '*',
  };
  const options: Options = {
    name,
    priority: String(priority),
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    'source-address-prefixes': prefixes,
    'source-port-ranges': '*',
    'destination-address-prefixes': '*',
    'destination-port-ranges': String(repair.port),
  };
  const fields = `securityRuleName: ${quoted(name)}, priority: ${priority}, direction: "Inbound", access: "Allow", protocol: "Tcp", sourceAddressPrefixes: ${JSON.stringify(prefixes)}, sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRange: ${quoted(String(repair.port))}`;
  return { rule, options, fields, note: world(prefixes) };
}

/** What is wrong with a rule that nearly lets the client in, and the fields that mend it. */
function mended(
  hint: string,
  near: SecurityRule,
  port: number,
): { readonly options: Options; readonly fields: SecurityRule } | undefined {
  switch (hint) {
    case 'azure/hint-destination':
      return {
        options: { 'destination-address-prefixes': '*' },
        fields: { destinationAddressPrefix: '*', destinationAddressPrefixes: [] },
      };
    case 'azure/hint-source-port':
      return {
        options: { 'source-port-ranges': '*' },
        fields: { sourcePortRange: '*', sourcePortRanges: [] },
      };
    case 'azure/hint-protocol':
      // What it lets in of the other protocol must be nothing that somebody else needs.
      return near.destinationPortRange !== String(port)
        ? undefined
        : { options: { protocol: 'Tcp' }, fields: { protocol: 'Tcp' } };
    default:
      return undefined;
  }
}

/** The machine joins the application group that a rule is for. The members of one are in one network (ASG docs, constraints). */
function membershipChange(repair: Repair, near: SecurityRule): Change | undefined {
  const { networks, lower } = repair;
  const port = ownPortOf(repair);
  const [wanted] = near.destinationApplicationSecurityGroups?.flatMap(({ id }) => id ?? []) ?? [];
  if (!port || wanted === undefined) return undefined;
  const isElsewhere = networks
    .ports()
    .filter(({ config }) => config.applicationSecurityGroups?.some(({ id }) => keyOf(id ?? '') === keyOf(wanted)))
    .some(({ networkKey }) => networkKey !== port.networkKey);
  if (isElsewhere) return undefined;
  const ids = [...(port.config.applicationSecurityGroups ?? []).flatMap(({ id }) => id ?? []), wanted];
  return {
    removes: '',
    command: az('network nic ip-config update', port.nic.id, {
      'nic-name': nicName(port),
      name: port.config.name ?? nameOf(port.configKey),
      'application-security-groups': ids,
    }),
    pulumi: `applicationSecurityGroups: [${ids.map((id) => `{ id: ${quoted(id)} }`).join(', ')}]`,
    after: lower(withConfig(networks.inventory, port, { applicationSecurityGroups: ids.map((id) => ({ id })) })),
    note: `every rule for the group ${nameOf(wanted)} is for the machine then`,
  };
}

function mendChange(repair: Repair, group: Placed<NetworkSecurityGroup>, near: SecurityRule, hint: string) {
  if (hint === 'azure/hint-destination' && near.destinationApplicationSecurityGroups?.length)
    return membershipChange(repair, near);
  const mend = mended(hint, near, repair.port);
  if (!mend) return undefined;
  const fields = Object.entries(mend.fields).filter(([, value]) => typeof value === 'string');
  const rules = (group.securityRules ?? []).map((rule) => (rule === near ? { ...rule, ...mend.fields } : rule));
  return {
    removes: '',
    command: az('network nsg rule update', group.id, {
      'nsg-name': group.name ?? nameOf(group.id),
      name: near.name ?? '',
      ...mend.options,
    }),
    pulumi: fields.map(([field, value]) => `${field}: ${JSON.stringify(value)}`).join(', '),
    after: withRules(repair, group, rules),
  };
}

/** A rule that is nearly right is mended; otherwise the clients get one of their own. */
export const groupChange =
  (place: 'subnet' | 'interface'): Recipe =>
  (repair, stop) => {
    const group = groupAt(repair, place);
    if (!group) return undefined;
    const rules = group.securityRules ?? [];
    const { hint } = stop.reason;
    const near = rules.find((rule) => rule.name !== undefined && rule.name === hint?.data.rule);
    const mend = hint && near && mendChange(repair, group, near, hint.code);
    if (mend) return mend;
    const opening = openingRule(repair, rules, Number(stop.reason.data.priority || 65500));
    if (!opening) return undefined;
    const name = group.name ?? nameOf(group.id);
    return {
      removes: '',
      command: az('network nsg rule create', group.id, { 'nsg-name': name, ...opening.options }),
      pulumi: `new network.SecurityRule(${quoted(opening.rule.name ?? '')}, { resourceGroupName: ${quoted(groupOf(group.id) ?? '')}, networkSecurityGroupName: ${quoted(name)}, ${opening.fields} });`,
      after: withRules(repair, group, [...rules, opening.rule]),
      ...(opening.note !== undefined && { note: opening.note }),
    };
  };

/** A Standard address without a group gets one on its interface: a group on the subnet would be for its neighbours, too. */
export const standardChange: Recipe = (repair) => {
  const { networks, lower } = repair;
  const port = ownPortOf(repair);
  const opening = openingRule(repair, [], 65500);
  if (!port || !opening) return undefined;
  const nic = nicName(port);
  const name = `${nic}-nsg`;
  const id = `${port.nic.id.replace(/\/networkInterfaces\/[^/]+$/i, '')}/networkSecurityGroups/${name}`;
  if (networks.inventory.get('securityGroups', keyOf(id))) return undefined;
  const inventory = networks.inventory
    .with('securityGroups', keyOf(id), { id, name, securityRules: [opening.rule] })
    .with('interfaces', port.nicKey, { ...port.nic, networkSecurityGroup: { id } });
  return {
    removes: '',
    command: [
      az('network nsg create', id, { name, ...locationOf(repair) }),
      az('network nsg rule create', id, { 'nsg-name': name, ...opening.options }),
      az('network nic update', port.nic.id, { name: nic, 'network-security-group': name }),
    ].join(' && '),
    pulumi: [
      `const nsg = new network.NetworkSecurityGroup(${quoted(name)}, { resourceGroupName: ${quoted(groupOf(id) ?? '')}, networkSecurityGroupName: ${quoted(name)} });`,
      `new network.SecurityRule(${quoted(opening.rule.name ?? '')}, { resourceGroupName: ${quoted(groupOf(id) ?? '')}, networkSecurityGroupName: nsg.name, ${opening.fields} });`,
      '// of the interface: networkSecurityGroup: { id: nsg.id }',
    ].join('\n'),
    after: lower(inventory),
    ...(opening.note !== undefined && { note: opening.note }),
  };
};
