import type { Path } from '../../src/model/index.js';
import type { Change, Cloud, Stop } from '../../src/provider.js';
import { argument, isIpv6, prefixesToAllow, quoted } from '../../src/record/index.js';
import { type AddressSet, canonical } from '../../src/set/index.js';
import type { Inventory, Placed } from './inventory.js';
import { addressIn, type Networks, type Port } from './network.js';
import { machineName } from './power.js';
import { groupOf, keyOf, nameOf, subscriptionOf } from './records/ids.js';
import type { NetworkSecurityGroup, SecurityRule, VirtualMachine } from './records/records.js';
import type { AzureTarget } from './target-index.js';

/** What a change is made for. */
export interface Repair {
  readonly networks: Networks;
  readonly target: AzureTarget;
  readonly path: Path;
  readonly from: AddressSet;
  readonly port: number;
  readonly lower: (inventory: Inventory) => Cloud;
}

type Recipe = (repair: Repair, stop: Stop) => Change | undefined;
type Options = Readonly<Record<string, string | readonly string[]>>;

/** A command of the Azure CLI about a resource: words, where the resource is, and options in the given order. */
function az(words: string, id: string, options: Options): string {
  const place = { subscription: subscriptionOf(id) ?? '', 'resource-group': groupOf(id) ?? '' };
  const parts = Object.entries({ ...place, ...options }).map(
    ([name, values]) => `--${name} ${[values].flat().map(argument).join(' ')}`,
  );
  return ['az', words, ...parts].join(' ');
}

/** The IP configuration at which a path ends. */
function portOf({ networks, target, path }: Repair): Port | undefined {
  const ports = networks.portsOf(target.key).filter(({ ref }) => ref.id === path.interface?.id);
  const dialled = canonical(path.address ?? '');
  const holds = (port: Port) =>
    [port.config.privateIPAddress, addressIn(networks.publicOf(port))].some(
      (one) => one !== undefined && canonical(one) === dialled,
    );
  return ports.find(holds) ?? ports[0];
}

const startChange: Recipe = ({ networks, target, lower }) => {
  const { id } = target.machine;
  const scaleSet = /\/virtualMachineScaleSets\/([^/]+)\/virtualMachines\/([^/]+)$/i.exec(id);
  const [, set, instance] = scaleSet ?? [];
  const command =
    set !== undefined && instance !== undefined
      ? az('vmss start', id, { name: set, 'instance-ids': instance })
      : az('vm start', id, { name: machineName(target.machine) });
  const started: Placed<VirtualMachine> = {
    ...target.machine,
    powerState: 'VM running',
    instanceView: undefined,
    extended: undefined,
  };
  const kind = networks.inventory.get('machines', target.key) ? 'machines' : 'scaleSetMachines';
  return {
    removes: '',
    command,
    pulumi: '// the power state is no property of azure-native.compute.VirtualMachine',
    after: lower(networks.inventory.with(kind, target.key, started)),
  };
};

/** The group that stands on the subnet of a port, or on its interface. */
function groupAt(repair: Repair, place: 'subnet' | 'interface'): Placed<NetworkSecurityGroup> | undefined {
  const { networks } = repair;
  const port = portOf(repair);
  const subnet = port && networks.subnet(port.subnetKey);
  const reference =
    place === 'interface'
      ? port?.nic.networkSecurityGroup
      : subnet !== undefined && subnet !== 'none' && 'found' in subnet
        ? subnet.found.networkSecurityGroup
        : undefined;
  const group = networks.securityGroup(reference);
  return group !== 'none' && 'found' in group ? group.found : undefined;
}

function withRules({ networks, lower }: Repair, group: Placed<NetworkSecurityGroup>, rules: readonly SecurityRule[]) {
  return lower(networks.inventory.with('securityGroups', keyOf(group.id), { ...group, securityRules: rules }));
}

const inbound = ({ direction }: SecurityRule) => direction?.toLowerCase() === 'inbound';

/** The lowest free number of a group (100 to 4096) that comes before the rule that denies. */
function freePriority(rules: readonly SecurityRule[], before: number): number | undefined {
  const taken = new Set(rules.filter(inbound).map(({ priority }) => priority));
  for (let number = 100; number < Math.min(before, 4097); number += 1) if (!taken.has(number)) return number;
  return undefined;
}

function freeName(wanted: string, rules: readonly SecurityRule[]): string {
  const taken = new Set(rules.map(({ name }) => name?.toLowerCase()));
  const names = [wanted, ...Array.from({ length: 99 }, (_, k) => `${wanted}-${k + 2}`)];
  return names.find((name) => !taken.has(name)) ?? wanted;
}

/** Prefixes of one family: a rule has no more (NSG docs, security rules). */
function prefixesFor(repair: Repair): readonly string[] | undefined {
  const prefixes = prefixesToAllow(repair.from);
  const families = [prefixes?.filter((prefix) => !isIpv6(prefix)), prefixes?.filter(isIpv6)];
  return families.find((one) => one !== undefined && one.length > 0);
}

const world = (prefixes: readonly string[]) =>
  prefixes.some((prefix) => prefix.endsWith('/0'))
    ? 'this opens the port to the whole world: prefer Bastion or just-in-time access'
    : undefined;

/** A rule of its own for these clients, as the command, the program and the evidence say it. */
function openingRule(repair: Repair, rules: readonly SecurityRule[], before: number) {
  const prefixes = prefixesFor(repair);
  const priority = freePriority(rules, before);
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
function mended(hint: string, port: number): { readonly options: Options; readonly fields: SecurityRule } | undefined {
  switch (hint) {
    case 'azure/hint-destination':
      return {
        options: { 'destination-address-prefixes': '*' },
        fields: {
          destinationAddressPrefix: '*',
          destinationAddressPrefixes: [],
          destinationApplicationSecurityGroups: [],
        },
      };
    case 'azure/hint-source-port':
      return {
        options: { 'source-port-ranges': '*' },
        fields: { sourcePortRange: '*', sourcePortRanges: [] },
      };
    case 'azure/hint-protocol':
      return {
        options: { protocol: 'Tcp', 'destination-port-ranges': String(port) },
        fields: { protocol: 'Tcp', destinationPortRange: String(port), destinationPortRanges: [] },
      };
    default:
      return undefined;
  }
}

/** A rule that is nearly right is mended; otherwise the clients get one of their own. */
const groupChange =
  (place: 'subnet' | 'interface'): Recipe =>
  (repair, stop) => {
    const group = groupAt(repair, place);
    if (!group) return undefined;
    const rules = group.securityRules ?? [];
    const name = group.name ?? nameOf(group.id);
    const { hint } = stop.reason;
    const near = rules.find((rule) => rule.name !== undefined && rule.name === hint?.data.rule);
    const mend = hint && mended(hint.code, repair.port);
    if (near && mend) {
      const fields = Object.entries(mend.fields).filter(([, value]) => typeof value === 'string');
      return {
        removes: '',
        command: az('network nsg rule update', group.id, {
          'nsg-name': name,
          name: near.name ?? '',
          ...mend.options,
        }),
        pulumi: fields.map(([field, value]) => `${field}: ${JSON.stringify(value)}`).join(', '),
        after: withRules(
          repair,
          group,
          rules.map((rule) => (rule === near ? { ...rule, ...mend.fields } : rule)),
        ),
      };
    }
    const opening = openingRule(repair, rules, Number(stop.reason.data.priority || 65500));
    if (!opening) return undefined;
    return {
      removes: '',
      command: az('network nsg rule create', group.id, { 'nsg-name': name, ...opening.options }),
      pulumi: `new network.SecurityRule(${quoted(opening.rule.name ?? '')}, { resourceGroupName: ${quoted(groupOf(group.id) ?? '')}, networkSecurityGroupName: ${quoted(name)}, ${opening.fields} });`,
      after: withRules(repair, group, [...rules, opening.rule]),
      ...(opening.note !== undefined && { note: opening.note }),
    };
  };

/** A Standard address without a group gets one on its interface: a group on the subnet would be for its neighbours, too. */
const standardChange: Recipe = (repair) => {
  const { networks, lower } = repair;
  const port = portOf(repair);
  const opening = openingRule(repair, [], 65500);
  if (!port || !opening) return undefined;
  const nic = port.nic.name ?? nameOf(port.nic.id);
  const name = `${nic}-nsg`;
  const id = `${port.nic.id.replace(/\/networkInterfaces\/[^/]+$/i, '')}/networkSecurityGroups/${name}`;
  if (networks.inventory.get('securityGroups', keyOf(id)) || !/\/networkInterfaces\/[^/]+$/i.test(port.nic.id))
    return undefined;
  const kind = networks.inventory.get('interfaces', port.nicKey) ? 'interfaces' : undefined;
  if (!kind) return undefined;
  const inventory = networks.inventory
    .with('securityGroups', keyOf(id), { id, name, securityRules: [opening.rule] })
    .with(kind, port.nicKey, { ...port.nic, networkSecurityGroup: { id } });
  return {
    removes: '',
    command: [
      az('network nsg create', id, { name }),
      az('network nsg rule create', id, { 'nsg-name': name, ...opening.options }),
      az('network nic update', port.nic.id, { name: nic, 'network-security-group': name }),
    ].join(' && '),
    pulumi: [
      `const nsg = new network.NetworkSecurityGroup(${quoted(name)}, { resourceGroupName: ${quoted(groupOf(id) ?? '')} });`,
      `new network.SecurityRule(${quoted(opening.rule.name ?? '')}, { resourceGroupName: ${quoted(groupOf(id) ?? '')}, networkSecurityGroupName: nsg.name, ${opening.fields} });`,
      '// of the interface: networkSecurityGroup: { id: nsg.id }',
    ].join('\n'),
    after: lower(inventory),
    ...(opening.note !== undefined && { note: opening.note }),
  };
};

/** Replies to these clients leave for the internet again, whatever the route to everywhere says. */
const routeChange: Recipe = (repair) => {
  const { networks, lower, path } = repair;
  const port = portOf(repair);
  const subnet = port && networks.subnet(port.subnetKey);
  const tableId = subnet && subnet !== 'none' && 'found' in subnet ? subnet.found.routeTable?.id : undefined;
  const table = tableId === undefined ? undefined : networks.inventory.get('routeTables', keyOf(tableId));
  const prefixes = prefixesFor(repair);
  // What an interface says of its own routes outweighs the table.
  const isTold = port !== undefined && networks.inventory.get('effectiveRoutes', port.nicKey) !== undefined;
  if (!table || !prefixes || prefixes.length > 1 || path.way.kind !== 'internet' || isTold) return undefined;
  const [addressPrefix = ''] = prefixes;
  const routes = table.routes ?? [];
  const name = freeName('to-clients', routes);
  const route = { name, addressPrefix, nextHopType: 'Internet' };
  const tableName = table.name ?? nameOf(table.id);
  return {
    removes: '',
    command: az('network route-table route create', table.id, {
      'route-table-name': tableName,
      name,
      'address-prefix': addressPrefix,
      'next-hop-type': 'Internet',
    }),
    pulumi: `new network.Route(${quoted(name)}, { resourceGroupName: ${quoted(groupOf(table.id) ?? '')}, routeTableName: ${quoted(tableName)}, routeName: ${quoted(name)}, addressPrefix: ${quoted(addressPrefix)}, nextHopType: "Internet" });`,
    after: lower(networks.inventory.with('routeTables', keyOf(table.id), { ...table, routes: [...routes, route] })),
    note: 'these replies pass the appliance by, which may be there on purpose',
  };
};

const addressChange: Recipe = (repair) => {
  const port = portOf(repair);
  if (!port || !/\/networkInterfaces\/[^/]+$/i.test(port.nic.id) || port.family !== 4) return undefined;
  const name = `${nameOf(port.nic.id)}-ip`;
  return {
    removes: '',
    command: [
      az('network public-ip create', port.nic.id, { name, sku: 'Standard', 'allocation-method': 'Static' }),
      az('network nic ip-config update', port.nic.id, {
        'nic-name': nameOf(port.nic.id),
        name: port.config.name ?? nameOf(port.configKey),
        'public-ip-address': name,
      }),
    ].join(' && '),
    pulumi:
      'const pip = new network.PublicIPAddress("p", { resourceGroupName, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" }); // of the IP configuration: publicIPAddress: { id: pip.id }',
    // Which address it gets is not known before.
    after: null,
    note: 'az network bastion ssh needs no public address',
  };
};

/** Networks are joined again where one side of a peering is missing. */
const peeringChange: Recipe = (repair, stop) => {
  const { networks, lower, path } = repair;
  const port = portOf(repair);
  const peer = path.way.network;
  const peerRecord = networks.network(peer);
  const own = networks.network(port?.networkKey);
  if (stop.reason.data.state !== 'configured on one side only' || !peerRecord || !own || !port) return undefined;
  const name = `to-${own.name ?? nameOf(own.id)}`;
  const added = {
    name,
    remoteVirtualNetwork: { id: own.id },
    peeringState: 'Connected',
    peeringSyncLevel: 'FullyInSync',
    allowVirtualNetworkAccess: true,
    ...(own.addressSpace && {
      remoteAddressSpace: own.addressSpace,
      remoteVirtualNetworkAddressSpace: own.addressSpace,
    }),
  };
  const mine = own.virtualNetworkPeerings?.map((peering) =>
    keyOf(peering.remoteVirtualNetwork?.id ?? '') === keyOf(peerRecord.id)
      ? { ...peering, peeringState: 'Connected' }
      : peering,
  );
  const inventory = networks.inventory
    .with('networks', keyOf(peerRecord.id), {
      ...peerRecord,
      virtualNetworkPeerings: [...(peerRecord.virtualNetworkPeerings ?? []), added],
    })
    .with('networks', keyOf(own.id), { ...own, virtualNetworkPeerings: mine });
  return {
    removes: '',
    command: `${az('network vnet peering create', peerRecord.id, {
      'vnet-name': peerRecord.name ?? nameOf(peerRecord.id),
      name,
      'remote-vnet': own.id,
    })} --allow-vnet-access`,
    pulumi: `new network.VirtualNetworkPeering(${quoted(name)}, { resourceGroupName: ${quoted(groupOf(peerRecord.id) ?? '')}, virtualNetworkName: ${quoted(peerRecord.name ?? '')}, remoteVirtualNetwork: { id: ${quoted(own.id)} }, allowVirtualNetworkAccess: true });`,
    after: lower(inventory),
  };
};

/**
 * What no command of the subscription mends has no recipe: admin rules of a network manager, appliances, gateways, requests for
 * just-in-time access, which the CLI only lists, and what a balancer is for.
 */
const recipes: Readonly<Record<string, Recipe>> = {
  'azure/vm-power': startChange,
  'azure/nsg-subnet': groupChange('subnet'),
  'azure/nsg-nic': groupChange('interface'),
  'azure/standard-ip-closed': standardChange,
  'azure/no-public-path': addressChange,
  'azure/route-return': routeChange,
  'azure/peering': peeringChange,
};

/** The smallest change for each stop, in packet order. */
export function changesFor(repair: Repair, stops: readonly Stop[]): Change[] {
  return stops.flatMap((stop) => {
    const change = recipes[stop.reason.code]?.(repair, stop);
    return change ? [{ ...change, removes: stop.reason.code }] : [];
  });
}
