/** JSON as ARM answers it; a field that is `undefined` is not there. */
export type Json = string | number | boolean | null | readonly Json[] | JsonRecord;
export type JsonRecord = { readonly [field: string]: Json | undefined };

interface ListKind {
  /** Whose permission it takes, which names the answer too. */
  readonly operation: string;
  /** Recorded only where a row fills it. */
  readonly rare?: true;
  /** Resource Graph has no rows of it. */
  readonly ungraphed?: true;
}

const KINDS = {
  virtualMachines: { operation: 'Microsoft.Compute/virtualMachines/read' },
  /** `listAll` with `statusOnly=true`. */
  statuses: { operation: 'Microsoft.Compute/virtualMachines/instanceView/read' },
  scaleSets: { operation: 'Microsoft.Compute/virtualMachineScaleSets/read' },
  scaleSetVms: { operation: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read', rare: true },
  scaleSetNics: {
    operation: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces/read',
    rare: true,
  },
  scaleSetPublicIps: {
    operation:
      'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces/ipConfigurations/publicIPAddresses/read',
    rare: true,
  },
  networkInterfaces: { operation: 'Microsoft.Network/networkInterfaces/read' },
  networkSecurityGroups: { operation: 'Microsoft.Network/networkSecurityGroups/read' },
  applicationSecurityGroups: { operation: 'Microsoft.Network/applicationSecurityGroups/read' },
  virtualNetworks: { operation: 'Microsoft.Network/virtualNetworks/read' },
  publicIPAddresses: { operation: 'Microsoft.Network/publicIPAddresses/read' },
  routeTables: { operation: 'Microsoft.Network/routeTables/read' },
  loadBalancers: { operation: 'Microsoft.Network/loadBalancers/read' },
  natGateways: { operation: 'Microsoft.Network/natGateways/read' },
  azureFirewalls: { operation: 'Microsoft.Network/azureFirewalls/read' },
  firewallPolicies: { operation: 'Microsoft.Network/firewallPolicies/read' },
  ipGroups: { operation: 'Microsoft.Network/ipGroups/read' },
  bastionHosts: { operation: 'Microsoft.Network/bastionHosts/read' },
  virtualNetworkGateways: { operation: 'Microsoft.Network/virtualNetworkGateways/read' },
  localNetworkGateways: { operation: 'Microsoft.Network/localNetworkGateways/read' },
  connections: { operation: 'Microsoft.Network/connections/read' },
  networkManagers: { operation: 'Microsoft.Network/networkManagers/read' },
  securityAdminConfigurations: {
    operation: 'Microsoft.Network/networkManagers/securityAdminConfigurations/read',
    rare: true,
    ungraphed: true,
  },
  /** The drafts, deployed or not. */
  adminRules: {
    operation: 'Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules/read',
    rare: true,
    ungraphed: true,
  },
  jitPolicies: { operation: 'Microsoft.Security/locations/jitNetworkAccessPolicies/read', ungraphed: true },
} as const satisfies Record<string, ListKind>;

export type Kind = keyof typeof KINDS;

export const ALL_KINDS = Object.keys(KINDS) as Kind[];

export function listKindOf(kind: Kind): ListKind {
  return KINDS[kind];
}

/** Calls about one subject; their answers do not name it, so the request's parameters stand beside. */
export const QUESTIONS = {
  effectiveAdminRules: 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action',
  effectiveConnectivity:
    'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveConnectivityConfigurations/action',
  effectiveRoutes: 'Microsoft.Network/networkInterfaces/effectiveRouteTable/action',
  addressPrefixSets: 'Microsoft.Network/applicationSecurityGroups/addressPrefixSets/read',
  serviceTags: 'Microsoft.Network/locations/serviceTags/read',
  loadBalancerHealth: 'Microsoft.Network/loadBalancers/loadBalancingRules/health/action',
  natRulePortMapping: 'Microsoft.Network/loadBalancers/backendAddressPools/queryInboundNatRulePortMapping/action',
} as const;

export type Question = keyof typeof QUESTIONS;

export function operationOf(call: Kind | Question): string {
  return call in QUESTIONS ? QUESTIONS[call as Question] : listKindOf(call as Kind).operation;
}
