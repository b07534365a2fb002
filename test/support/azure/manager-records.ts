import { nameIn, networkId, ref, SUBSCRIPTION } from './ids.js';
import type { JsonRecord } from './kinds.js';
import { child, resource } from './records.js';

/** A network manager; its scopes are subscriptions unless said. */
export function networkManager(name: string, scopes: JsonRecord = {}): JsonRecord {
  return resource(networkId('networkManagers', name), {
    networkManagerScopes: { managementGroups: [], subscriptions: [`/subscriptions/${SUBSCRIPTION}`], ...scopes },
    networkManagerScopeAccesses: ['SecurityAdmin', 'Connectivity'],
  });
}

/** A rule as a virtual network's effective rules list it: inbound, for TCP 22 at priority 10, unless said. */
export function adminRule(name: string, properties: JsonRecord, manager: string): JsonRecord {
  const group = networkId('networkManagers', manager, 'networkGroups', 'ng1');
  const { id, kind, properties: own } = draftRule(name, properties, manager);
  return {
    id,
    kind,
    configurationDescription: '',
    ruleCollectionDescription: '',
    ruleCollectionAppliesToGroups: [{ networkGroupId: group }],
    ruleGroups: [{ ...ref(group), properties: { description: '', provisioningState: 'Succeeded' } }],
    properties: own,
  };
}

/** The rule as the manager's own list has it, deployed or not. */
export function draftRule(name: string, properties: JsonRecord, manager: string): JsonRecord {
  const id = `${configurationId(manager)}/ruleCollections/rc1/rules/${name}`;
  const own = {
    description: '',
    protocol: 'Tcp',
    sources: [{ addressPrefix: '*', addressPrefixType: 'IPPrefix' }],
    destinations: [{ addressPrefix: '*', addressPrefixType: 'IPPrefix' }],
    sourcePortRanges: ['0-65535'],
    destinationPortRanges: ['22'],
    access: 'Deny',
    priority: 10,
    direction: 'Inbound',
    ...properties,
  };
  return { ...child(id, own), kind: 'Custom' };
}

/** `fromTag('Internet')`, `fromPrefix('203.0.113.7/32')`: the sources of an admin rule. */
export function fromTag(addressPrefix: string): JsonRecord {
  return { sources: [{ addressPrefix, addressPrefixType: 'ServiceTag' }] };
}

export function fromPrefix(addressPrefix: string): JsonRecord {
  return { sources: [{ addressPrefix, addressPrefixType: 'IPPrefix' }] };
}

/** `None`, `All` or `AllowRulesOnly`, where a service needs the network as it is. */
export function adminConfiguration(manager: string, onIntentPolicies: string): JsonRecord {
  return child(configurationId(manager), {
    description: '',
    applyOnNetworkIntentPolicyBasedServices: [onIntentPolicies],
    networkGroupAddressSpaceAggregationOption: 'None',
  });
}

/** What is effective on a member of a mesh. */
export function mesh(manager: string): JsonRecord {
  const group = networkId('networkManagers', manager, 'networkGroups', 'ng1');
  const id = networkId('networkManagers', manager, 'connectivityConfigurations', 'mesh1');
  const groupConnectivity = { groupConnectivity: 'DirectlyConnected', useHubGateway: 'False', isGlobal: 'False' };
  return {
    id,
    configurationGroups: [{ ...ref(group), properties: { description: '', provisioningState: 'Succeeded' } }],
    properties: {
      description: nameIn(id),
      connectivityTopology: 'Mesh',
      hubs: [],
      appliesToGroups: [{ networkGroupId: group, ...groupConnectivity }],
      isGlobal: 'False',
      deleteExistingPeering: 'False',
      provisioningState: 'Succeeded',
    },
  };
}

function configurationId(manager: string): string {
  return networkId('networkManagers', manager, 'securityAdminConfigurations', 'sac1');
}
