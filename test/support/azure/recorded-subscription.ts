import { invented } from '../collected-answers.js';
import { Fixture } from './fixture.js';
import { networkId, ref, subnetId } from './ids.js';
import type { JsonRecord } from './kinds.js';
import { adminRule, networkManager } from './manager-records.js';
import type {
  AdminSpec,
  GroupSpec,
  MachineSpec,
  RandomSubscription,
  RuleSpec,
  SideSpec,
} from './random-subscription.js';

/** The subscription as it would be recorded. */
export function fixtureOf({ networks, groups, machines, sides, admin, appliance }: RandomSubscription): Fixture {
  const f = new Fixture();
  for (const { name, space, subnets } of networks) {
    f.addVnet(name, ...space);
    for (const { name: own, prefix, routes } of subnets) {
      f.addSubnet(`${name}/${own}`, prefix);
      if (routes) f.routes(`${name}/${own}`, ...routes.map(({ prefix: to, hop }) => routeText(to, hop, appliance.ip)));
    }
  }
  for (const application of ['web', 'db']) f.addAsg(application);
  for (const machine of machines) addMachine(f, machine);
  f.addVm('N', { subnet: 'vnet1/s12', ip: appliance.ip }).nic('nicN', { enableIPForwarding: appliance.forwards });
  f.power('vmN', appliance.power);
  const subnets = networks.flatMap(({ name, subnets: all }) =>
    all.map((one) => ({ ...one, path: `${name}/${one.name}` })),
  );
  for (const one of groups) {
    const guarded = subnets.filter(({ group }) => group === one.name).map(({ path }) => path);
    const nics = machines.filter(({ group }) => group === one.name).map(({ letter }) => `nic${letter}`);
    addGroup(f, one, { subnets: guarded, nics });
  }
  for (const side of sides) f.halfPeer(side.from, side.to, peeringFields(side));
  if (admin.length > 0) f.add('networkManagers', networkManager('nm1'));
  for (const { name } of networks) {
    const value = admin
      .filter(({ network }) => network === name)
      .map((rule) => adminRule(`admin-${rule.priority}`, adminFields(rule), 'nm1'));
    if (value.length > 0) f.answer('effectiveAdminRules', f.vnetSubject(name), { value });
  }
  return f;
}

const documented: ReadonlySet<string> = new Set([
  ...['Inbound', 'Outbound', 'Allow', 'AlwaysAllow', 'Deny', 'Tcp', 'Udp', 'Icmp', 'Esp', 'Any', '*'],
  ...['Initiated', 'Connected', 'Disconnected'],
]);

/** Azure compares words whatever their case, and its schema has one case of each. */
function spelt(word: string): string {
  return documented.has(word) ? word : invented(word);
}

function routeText(prefix: string, hop: string, appliance: string): string {
  return hop === 'VirtualAppliance' ? `${prefix} ${hop} ${appliance}` : `${prefix} ${hop}`;
}

function addMachine(f: Fixture, machine: MachineSpec): void {
  const { letter, network, subnet, ip, shown, power, applications, second } = machine;
  const publicIp = shown && { publicIp: shown.address };
  f.addVm(letter, { subnet: `${network}/${subnet}`, ip, ...publicIp }).power(`vm${letter}`, power);
  if (applications.length > 0) f.asgs(`nic${letter}`, ...applications);
  if (second)
    f.addIpConfig(`nic${letter}`, 'second', {
      privateIPAddress: second.ip,
      subnet: ref(subnetId(`${network}/${subnet}`)),
      ...(second.applications.length > 0 && {
        applicationSecurityGroups: second.applications.map((name) => ref(networkId('applicationSecurityGroups', name))),
      }),
    });
  if (shown?.sku === 'Basic') f.basicIp(`ip${letter}`);
  if (shown && !shown.isAssigned) {
    const unassigned = { ipAddress: undefined, publicIPAllocationMethod: 'Dynamic' };
    f.edit('publicIPAddresses', `ip${letter}`, unassigned);
  }
}

function addGroup(f: Fixture, { name, rules, listsDefaults }: GroupSpec, on: Parameters<Fixture['addNsg']>[1]): void {
  f.addNsg(name, on);
  for (const rule of rules) f.rule(`${rule.direction}-${rule.priority}`, ruleFields(rule), name);
  if (!listsDefaults) f.edit('networkSecurityGroups', name, { defaultSecurityRules: undefined });
}

function ruleFields(rule: RuleSpec): JsonRecord {
  const { sources, destinations, ports, sourcePort, isPlural } = rule;
  const groups = (field: string, names: readonly string[] | undefined): JsonRecord =>
    names ? { [field]: names.map((name) => ref(networkId('applicationSecurityGroups', name))) } : {};
  return {
    priority: rule.priority,
    direction: spelt(rule.direction),
    access: spelt(rule.access),
    protocol: spelt(rule.protocol),
    ...fieldsOf('sourceAddressPrefix', 'sourceAddressPrefixes', sources, isPlural),
    ...fieldsOf('destinationAddressPrefix', 'destinationAddressPrefixes', destinations, isPlural),
    ...fieldsOf('destinationPortRange', 'destinationPortRanges', ports, isPlural),
    ...fieldsOf('sourcePortRange', 'sourcePortRanges', [sourcePort], isPlural),
    ...groups('sourceApplicationSecurityGroups', rule.sourceGroups),
    ...groups('destinationApplicationSecurityGroups', rule.destinationGroups),
  };
}

/** The singular field of a rule and the plural one. */
function fieldsOf(one: string, many: string, texts: readonly string[], isPlural: boolean): JsonRecord {
  const [first, ...others] = texts;
  return isPlural ? { [one]: '', [many]: texts } : { [one]: first, [many]: others };
}

function peeringFields({ state, hasAccess, subnets }: SideSpec): JsonRecord {
  return {
    peeringState: spelt(state),
    allowVirtualNetworkAccess: hasAccess,
    ...(subnets && { peerCompleteVnets: false, localSubnetNames: subnets.local, remoteSubnetNames: subnets.remote }),
  };
}

function adminFields({ sources, destinations, sourcePort, ports, ...rest }: AdminSpec): JsonRecord {
  const ends = (texts: readonly string[]): JsonRecord['sources'] =>
    texts.map((addressPrefix) => {
      const addressPrefixType = /^[a-z]/i.test(addressPrefix) ? 'ServiceTag' : 'IPPrefix';
      return { addressPrefix, addressPrefixType };
    });
  const { priority, direction, access, protocol } = rest;
  return {
    priority,
    direction: spelt(direction),
    access: spelt(access),
    protocol: spelt(protocol),
    sources: ends(sources),
    destinations: ends(destinations),
    sourcePortRanges: [sourcePort],
    destinationPortRanges: ports,
  };
}
