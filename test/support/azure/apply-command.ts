import type { RecordedDocument } from '../../../src/evidence/index.js';
import { edgeEdits } from './apply-edge-command.js';
import { managerEdits, undeployed } from './apply-manager-command.js';
import { peeringEdits } from './apply-peering-command.js';
import {
  commandsIn,
  type Edits,
  type Given,
  isOn,
  networkId,
  number,
  resourceId,
  several,
  text,
  word,
} from './az-words.js';
import {
  addResource,
  type Documents,
  every,
  type Fields,
  GROUP_LOCATION,
  isFields,
  isId,
  of,
  one,
  partNamed,
  partsOf,
  putPart,
} from './recorded-edit.js';

const RULE =
  'access description direction protocol destination-address-prefixes* destination-asgs* destination-port-ranges* source-address-prefixes* source-asgs* source-port-ranges*';

const edits: Edits = {
  'vm start': ['name', '', (documents, given) => start(documents, computeId(given, 'virtualMachines', 'name'))],
  'vmss start': ['name', 'instance-ids*', startInstances],
  'network nsg create': ['name', 'location tags*', createGroup],
  'network nsg rule create': ['nsg-name name priority', RULE, createRule],
  'network nsg rule update': ['nsg-name name', `priority ${RULE}`, updateRule],
  'network nic update': ['name', 'accelerated-networking ip-forwarding network-security-group dns-servers*', updateNic],
  'network nic ip-config update': [
    'nic-name name',
    'application-security-groups* public-ip-address private-ip-address subnet vnet-name lb-name lb-address-pools* lb-inbound-nat-rules*',
    updateConfig,
  ],
  'network public-ip create': ['name', 'allocation-method location sku tier version zone* tags*', createAddress],
  'network route-table update': ['name', 'disable-bgp-route-propagation disable-peering-route tags*', updateTable],
  'network route-table route create': [
    'route-table-name name',
    'address-prefix next-hop-ip-address next-hop-type',
    createRoute,
  ],
  ...peeringEdits,
  ...managerEdits,
  ...edgeEdits,
};

/** The documents as they would be recorded after the command, which may be several joined by `&&`. */
export function applyCommand(documents: readonly RecordedDocument[], line: string): RecordedDocument[] {
  const changed = structuredClone([...documents]);
  for (const { verb, given } of commandsIn(line, edits)) edits[verb]?.[2](changed, given);
  if (undeployed(changed)) throw new Error(`what it makes is not deployed: ${line}`);
  return changed;
}

function computeId(given: Given, kind: string, name: string): string {
  return resourceId(given, `Microsoft.Compute/${kind}/${text(given, name)}`);
}

/** A name in the given group, or an id. */
function nameOrId(given: Given, kind: string, value: string): string {
  return value.startsWith('/') ? value : resourceId(given, `Microsoft.Network/${kind}/${value}`);
}

function start(documents: Documents, id: string): void {
  one(documents, id);
  for (const record of every(documents, id)) {
    const { instanceView, extended } = of(record);
    if ('powerState' in of(record)) of(record).powerState = 'VM running';
    if (isFields(instanceView)) instanceView.statuses = [{ code: 'PowerState/running' }];
    if (isFields(extended)) extended.instanceView = { powerState: { code: 'PowerState/running' } };
  }
}

function startInstances(documents: Documents, given: Given): void {
  const set = computeId(given, 'virtualMachineScaleSets', 'name');
  for (const instance of several(given, 'instance-ids')) start(documents, `${set}/virtualMachines/${instance}`);
}

function createGroup(documents: Documents, given: Given): void {
  const id = networkId(given, 'networkSecurityGroups', 'name');
  addResource(documents, id, given.get('location')?.[0] ?? GROUP_LOCATION, { securityRules: [] });
}

/** One value goes into the singular field, several into the list (CLI, rule create). */
function spread(field: string, plural: string, values: readonly string[]): Fields {
  return values.length === 1 ? { [field]: values[0], [plural]: [] } : { [field]: undefined, [plural]: values };
}

const SIDES = [
  ['source-address-prefixes', 'sourceAddressPrefix', 'sourceAddressPrefixes', '*'],
  ['destination-address-prefixes', 'destinationAddressPrefix', 'destinationAddressPrefixes', '*'],
  ['source-port-ranges', 'sourcePortRange', 'sourcePortRanges', '*'],
  ['destination-port-ranges', 'destinationPortRange', 'destinationPortRanges', '80'],
] as const;

function createRule(documents: Documents, given: Given): void {
  const group = one(documents, networkId(given, 'networkSecurityGroups', 'nsg-name'));
  const priority = number(given, 'priority', 100, 4096);
  const direction = word(given, 'direction', 'Inbound', 'Outbound');
  const isSame = (rule: Fields) => of(rule).priority === priority && of(rule).direction === direction;
  if (partsOf(group, 'securityRules').some(isSame)) throw new Error(`priority ${priority} is taken`);
  const ends = SIDES.map(([name, field, plural, usual]) =>
    spread(field, plural, given.has(name) ? several(given, name) : [usual]),
  );
  putPart(group, 'securityRules', text(given, 'name'), {
    ...Object.assign({}, ...ends),
    priority,
    direction,
    access: word(given, 'access', 'Allow', 'Deny'),
    protocol: word(given, 'protocol', '*', 'Ah', 'Esp', 'Icmp', 'Tcp', 'Udp'),
  });
}

function updateRule(documents: Documents, given: Given): void {
  const group = one(documents, networkId(given, 'networkSecurityGroups', 'nsg-name'));
  const rule = of(partNamed(group, 'securityRules', text(given, 'name')));
  for (const [name, field, plural] of SIDES)
    if (given.has(name)) Object.assign(rule, spread(field, plural, several(given, name)));
  if (given.has('protocol')) rule.protocol = word(given, 'protocol', '*', 'Ah', 'Esp', 'Icmp', 'Tcp', 'Udp');
  const groups = rule.destinationApplicationSecurityGroups;
  if (rule.destinationAddressPrefix && Array.isArray(groups) && groups.length > 0)
    throw new Error('a rule names prefixes or application security groups, not both');
}

function updateNic(documents: Documents, given: Given): void {
  const nic = one(documents, networkId(given, 'networkInterfaces', 'name'));
  if (given.has('ip-forwarding')) of(nic).enableIPForwarding = isOn(given, 'ip-forwarding', false);
  if (!given.has('network-security-group')) return;
  const id = nameOrId(given, 'networkSecurityGroups', text(given, 'network-security-group'));
  checkPlace(one(documents, id), nic);
  of(nic).networkSecurityGroup = { id };
}

function checkPlace(made: Fields, nic: Fields): void {
  if (made.location !== nic.location) throw new Error(`${made.name} is in ${made.location}, not in ${nic.location}`);
}

function updateConfig(documents: Documents, given: Given): void {
  const nic = one(documents, networkId(given, 'networkInterfaces', 'nic-name'));
  const config = of(partNamed(nic, 'ipConfigurations', text(given, 'name')));
  if (given.has('application-security-groups'))
    config.applicationSecurityGroups = several(given, 'application-security-groups').map((value) => {
      const id = nameOrId(given, 'applicationSecurityGroups', value);
      checkPlace(one(documents, id), nic);
      return { id };
    });
  if (!given.has('public-ip-address')) return;
  const id = nameOrId(given, 'publicIPAddresses', text(given, 'public-ip-address'));
  checkPlace(one(documents, id), nic);
  config.publicIPAddress = { id };
}

/** Which address it gets nobody knows; it is one that nothing else has. */
function createAddress(documents: Documents, given: Given): void {
  const id = networkId(given, 'publicIPAddresses', 'name');
  const sku = { name: word(given, 'sku', 'Standard', 'Basic') };
  const publicIPAllocationMethod = word(given, 'allocation-method', 'Static', 'Dynamic');
  if (sku.name === 'Basic') throw new Error('addresses of the SKU Basic cannot be made any more');
  const properties = { ipAddress: '20.99.99.99', publicIPAddressVersion: 'IPv4', publicIPAllocationMethod };
  addResource(documents, id, given.get('location')?.[0] ?? GROUP_LOCATION, properties, { sku });
}

function updateTable(documents: Documents, given: Given): void {
  const table = one(documents, networkId(given, 'routeTables', 'name'));
  of(table).disableBgpRoutePropagation = isOn(given, 'disable-bgp-route-propagation', false);
}

/** A route of the name is replaced; two of one prefix are refused. */
function createRoute(documents: Documents, given: Given): void {
  const table = one(documents, networkId(given, 'routeTables', 'route-table-name'));
  const hops = ['Internet', 'None', 'VirtualAppliance', 'VirtualNetworkGateway', 'VnetLocal'];
  const nextHopType = word(given, 'next-hop-type', ...hops);
  const addressPrefix = text(given, 'address-prefix');
  const name = text(given, 'name');
  const isSame = (route: Fields) => of(route).addressPrefix === addressPrefix && !isId(route.name, name);
  if (partsOf(table, 'routes').some(isSame)) throw new Error(`there is a route to ${addressPrefix}`);
  putPart(table, 'routes', name, { addressPrefix, nextHopType }, true);
}
