import {
  flag,
  ipAddress,
  key,
  list,
  may,
  must,
  nice,
  number,
  possible,
  type Read,
  shared,
  sharedText,
  text,
} from '../../../src/record/index.js';
import { object } from './arm-object.js';

/** What a shape reads. */
export type RecordOf<R> = R extends Read<infer T> ? T : never;

/** A number, or the decimal text of one. */
const looseNumber: Read<number> = (value, reading) =>
  number(typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value, reading);

/** One of the words that a field may hold, in any case (ARM compares them so); another one is as good as none that can be read. */
function choice(...words: readonly string[]): Read<string> {
  const known = new Set(words.map((one) => one.toLowerCase()));
  return possible(sharedText, `one of ${words.join(', ')}`, (value) => known.has(value.toLowerCase()));
}

/** A port, a range or `*`, or a number. */
const portText: Read<string> = (value, reading) => text(typeof value === 'number' ? String(value) : value, reading);

const texts = list(sharedText);
const ref = object({ id: must(text) });
const refs = list(ref);
const named = { id: key(text), name: may(text) };

export const virtualMachine = object({
  ...named,
  location: nice(text),
  networkProfile: may(object({ networkInterfaces: may(list(object({ id: must(text), primary: may(flag) }))) })),
  instanceView: may(object({ statuses: may(list(object({ code: must(text) }))) })),
  extended: may(object({ instanceView: may(object({ powerState: may(object({ code: may(text) })) })) })),
  /** `az vm list --show-details` says it in words: `VM running`. */
  powerState: may(text),
  hardwareProfile: may(object({ vmSize: may(text) })),
  storageProfile: may(
    object({
      osDisk: may(object({ osType: may(text) })),
      imageReference: nice(
        shared(object({ publisher: nice(text), offer: nice(text), sku: nice(text), id: nice(text) })),
      ),
    }),
  ),
  /** In base64, as customData; the API never answers that one. */
  userData: nice(text),
  osProfile: nice(object({ customData: nice(text) })),
  virtualMachineScaleSet: may(ref),
  instanceId: may(text),
});

export const ipConfiguration = object({
  id: must(text),
  name: may(text),
  primary: may(flag),
  privateIPAddress: may(ipAddress),
  privateIPAddressVersion: may(sharedText),
  subnet: may(ref),
  publicIPAddress: may(ref),
  applicationSecurityGroups: may(refs),
  loadBalancerBackendAddressPools: may(refs),
  loadBalancerInboundNatRules: may(refs),
  gatewayLoadBalancer: may(ref),
});

export const networkInterface = object({
  ...named,
  virtualMachine: may(ref),
  primary: may(flag),
  networkSecurityGroup: may(ref),
  enableIPForwarding: may(flag),
  disableTcpStateTracking: may(flag),
  ipConfigurations: must(list(ipConfiguration)),
});

export const securityRule = object({
  name: may(text),
  protocol: must(choice('*', 'Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', 'Any', 'All')),
  access: must(choice('Allow', 'Deny')),
  direction: must(choice('Inbound', 'Outbound')),
  priority: must(looseNumber),
  sourcePortRange: may(portText),
  sourcePortRanges: may(list(portText)),
  destinationPortRange: may(portText),
  destinationPortRanges: may(list(portText)),
  sourceAddressPrefix: may(text),
  sourceAddressPrefixes: may(texts),
  destinationAddressPrefix: may(text),
  destinationAddressPrefixes: may(texts),
  sourceApplicationSecurityGroups: may(refs),
  destinationApplicationSecurityGroups: may(refs),
});

export const networkSecurityGroup = object({
  ...named,
  securityRules: may(list(securityRule)),
  defaultSecurityRules: may(list(securityRule)),
  flushConnection: may(flag),
});

const addressSpace = object({ addressPrefixes: must(texts) });

const subnetFields = object({
  id: must(text),
  name: may(text),
  addressPrefix: may(text),
  addressPrefixes: may(texts),
  networkSecurityGroup: may(ref),
  routeTable: may(ref),
  natGateway: may(ref),
  defaultOutboundAccess: may(flag),
  delegations: may(list(object({ serviceName: may(text) }))),
});

/** A subnet; one without a prefix is none. */
const subnet: Read<NonNullable<RecordOf<typeof subnetFields>>> = (value, reading) => {
  const record = subnetFields(value, reading);
  if (record === undefined || record.broken !== undefined) return record;
  if (record.addressPrefix || record.addressPrefixes?.length) return record;
  reading.fault([...reading.trail, 'addressPrefix'], 'is missing');
  return { ...record, broken: 'addressPrefix' };
};

const peering = object({
  id: may(text),
  name: may(text),
  remoteVirtualNetwork: must(ref),
  peeringState: must(choice('Connected', 'Initiated', 'Disconnected')),
  peeringSyncLevel: may(sharedText),
  allowVirtualNetworkAccess: may(flag),
  allowForwardedTraffic: may(flag),
  allowGatewayTransit: may(flag),
  useRemoteGateways: may(flag),
  remoteAddressSpace: may(addressSpace),
  remoteVirtualNetworkAddressSpace: may(addressSpace),
  peerCompleteVnets: may(flag),
  localSubnetNames: may(texts),
  remoteSubnetNames: may(texts),
});

export const virtualNetwork = object({
  ...named,
  addressSpace: must(addressSpace),
  subnets: must(list(subnet)),
  virtualNetworkPeerings: may(list(peering)),
  encryption: may(object({ enabled: may(flag), enforcement: may(text) })),
});

export const publicIPAddress = object({
  ...named,
  sku: may(object({ name: may(sharedText) })),
  ipAddress: may(ipAddress),
  publicIPAllocationMethod: may(sharedText),
  publicIPAddressVersion: may(sharedText),
  ipConfiguration: may(ref),
});

const route = object({
  name: may(text),
  addressPrefix: must(text),
  nextHopType: must(
    choice('VnetLocal', 'VirtualNetworkGateway', 'Internet', 'VirtualAppliance', 'VirtualApplianceEcmp', 'None'),
  ),
  nextHopIpAddress: may(text),
});

export const routeTable = object({
  ...named,
  routes: must(list(route)),
  disableBgpRoutePropagation: may(flag),
  disablePeeringRoute: may(text),
});

export const applicationSecurityGroup = object(named);

export const natGateway = object({ ...named, publicIpAddresses: may(refs), publicIpPrefixes: may(refs) });

export const scaleSet = object({ ...named, orchestrationMode: may(text) });

const backendPool = object({
  id: must(text),
  name: may(text),
  backendIPConfigurations: may(refs),
  loadBalancerBackendAddresses: may(
    list(object({ networkInterfaceIPConfiguration: may(ref), ipAddress: may(text), adminState: may(text) })),
  ),
});

const natRule = object({
  id: must(text),
  name: may(text),
  frontendIPConfiguration: may(ref),
  backendIPConfiguration: may(ref),
  backendAddressPool: may(ref),
  protocol: may(text),
  frontendPort: may(looseNumber),
  frontendPortRangeStart: may(looseNumber),
  frontendPortRangeEnd: may(looseNumber),
  backendPort: may(looseNumber),
  enableFloatingIP: may(flag),
});

const balancingRule = object({
  id: must(text),
  name: may(text),
  frontendIPConfiguration: may(ref),
  backendAddressPool: may(ref),
  backendAddressPools: may(refs),
  probe: may(ref),
  protocol: may(text),
  frontendPort: may(looseNumber),
  backendPort: may(looseNumber),
  enableFloatingIP: may(flag),
});

export const loadBalancer = object({
  ...named,
  sku: may(object({ name: may(sharedText) })),
  frontendIPConfigurations: may(
    list(
      object({
        id: must(text),
        privateIPAddress: may(text),
        publicIPAddress: may(ref),
        gatewayLoadBalancer: may(ref),
      }),
    ),
  ),
  backendAddressPools: may(list(backendPool)),
  inboundNatRules: may(list(natRule)),
  loadBalancingRules: may(list(balancingRule)),
  probes: may(list(object({ id: must(text), noHealthyBackendsBehavior: may(text) }))),
});

const firewallRule = object({
  name: may(text),
  sourceAddresses: may(texts),
  sourceIpGroups: may(texts),
  destinationAddresses: may(texts),
  destinationIpGroups: may(texts),
  destinationFqdns: may(texts),
  destinationPorts: may(list(portText)),
  protocols: may(texts),
  translatedAddress: may(text),
  translatedPort: may(portText),
});

const ruleCollection = object({
  name: may(text),
  priority: may(looseNumber),
  action: may(object({ type: may(text) })),
  rules: may(list(firewallRule)),
});

export const azureFirewall = object({
  ...named,
  ipConfigurations: may(list(object({ privateIPAddress: may(text), subnet: may(ref), publicIPAddress: may(ref) }))),
  natRuleCollections: may(list(ruleCollection)),
  networkRuleCollections: may(list(ruleCollection)),
  firewallPolicy: may(ref),
});

export const bastionHost = object({
  ...named,
  sku: may(object({ name: may(text) })),
  virtualNetwork: may(ref),
  ipConfigurations: may(list(object({ subnet: may(ref), publicIPAddress: may(ref) }))),
});

export const virtualNetworkGateway = object({
  ...named,
  gatewayType: may(text),
  ipConfigurations: may(list(object({ subnet: may(ref) }))),
});

export const localNetworkGateway = object({ ...named, localNetworkAddressSpace: may(addressSpace) });

export const connection = object({
  ...named,
  connectionStatus: may(text),
  virtualNetworkGateway1: may(ref),
  localNetworkGateway2: may(ref),
});

export const jitPolicy = object({
  id: key(text),
  virtualMachines: may(list(object({ id: must(text), ports: may(list(object({ number: must(looseNumber) }))) }))),
});

export const adminRule = object({
  id: may(text),
  name: may(text),
  kind: may(text),
  access: must(text),
  direction: must(text),
  priority: may(looseNumber),
  protocol: may(text),
  sources: may(list(object({ addressPrefix: must(text), addressPrefixType: may(text) }))),
  destinations: may(list(object({ addressPrefix: must(text), addressPrefixType: may(text) }))),
  sourcePortRanges: may(list(portText)),
  destinationPortRanges: may(list(portText)),
});

export const networkManager = object({
  ...named,
  networkManagerScopes: may(object({ managementGroups: may(texts), subscriptions: may(texts) })),
});

export const adminConfiguration = object({ ...named, applyOnNetworkIntentPolicyBasedServices: may(texts) });

/** Answers about one subject, whose lists are under `value`. */
export const effectiveAdminRules = object({ value: may(list(adminRule)) });
export const effectiveConnectivity = object({ value: may(list(object({ id: may(text) }))) });
export const effectiveRoutes = object({
  value: may(
    list(
      object({
        addressPrefix: may(texts),
        nextHopType: may(text),
        nextHopIpAddress: may(texts),
        state: may(text),
        source: may(text),
      }),
    ),
  ),
});
export const addressPrefixSets = object({ value: may(list(object({ addressPrefixes: may(texts) }))) });
export const serviceTags = object({
  values: may(list(object({ name: must(text), addressPrefixes: may(texts) }))),
});
export const loadBalancerHealth = object({
  loadBalancerBackendAddresses: may(
    list(
      object({
        networkInterfaceIPConfigurationId: may(text),
        ipAddress: may(text),
        state: may(text),
      }),
    ),
  ),
});
export const portMapping = object({
  inboundNatRulePortMappings: may(
    list(object({ inboundNatRuleName: may(text), frontendPort: may(looseNumber), backendPort: may(looseNumber) })),
  ),
});

export type VirtualMachine = RecordOf<typeof virtualMachine>;
export type NetworkInterface = RecordOf<typeof networkInterface>;
export type IpConfiguration = RecordOf<typeof ipConfiguration>;
export type SecurityRule = RecordOf<typeof securityRule>;
export type NetworkSecurityGroup = RecordOf<typeof networkSecurityGroup>;
export type VirtualNetwork = RecordOf<typeof virtualNetwork>;
export type Subnet = NonNullable<VirtualNetwork['subnets']>[number];
export type Peering = NonNullable<VirtualNetwork['virtualNetworkPeerings']>[number];
export type PublicIPAddress = RecordOf<typeof publicIPAddress>;
export type AdminRule = RecordOf<typeof adminRule>;
export type LoadBalancer = RecordOf<typeof loadBalancer>;
export type AzureFirewall = RecordOf<typeof azureFirewall>;
