import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { RecordShape, Shape, Shapes } from './shape.js';

/** A shape as microsoft-models.py prints it. */
type Printed =
  | string
  | { readonly model: string }
  | { readonly list: Printed }
  | { readonly map: Printed }
  | { readonly words: readonly string[] }
  | PrintedRecord;

interface PrintedRecord {
  readonly fields: Readonly<Record<string, Printed>>;
  readonly lifts?: string | null;
  readonly variants?: RecordShape['variants'];
}

/** The model of the records that a call lists; of the whole answer where `whole` stands. */
interface Answered {
  readonly model: string;
  readonly whole?: true;
}

function listed(model: string): Answered {
  return { model };
}

function whole(model: string): Answered {
  return { model, whole: true };
}

const SCALE_SET = 'Microsoft.Compute/virtualMachineScaleSets';
const NETWORK = 'Microsoft.Network';

/** By call, in the words of a recording. */
const ANSWERS: Readonly<Record<string, Answered>> = {
  'Microsoft.Compute/virtualMachines/read': listed('compute.VirtualMachine'),
  'Microsoft.Compute/virtualMachines/instanceView/read': listed('compute.VirtualMachine'),
  [`${SCALE_SET}/read`]: listed('compute.VirtualMachineScaleSet'),
  [`${SCALE_SET}/virtualMachines/read`]: listed('compute.VirtualMachineScaleSetVM'),
  [`${SCALE_SET}/virtualMachines/networkInterfaces/read`]: listed('network.NetworkInterface'),
  [`${SCALE_SET}/virtualMachines/networkInterfaces/ipConfigurations/publicIPAddresses/read`]:
    listed('network.PublicIPAddress'),
  [`${NETWORK}/networkInterfaces/read`]: listed('network.NetworkInterface'),
  [`${NETWORK}/networkSecurityGroups/read`]: listed('network.NetworkSecurityGroup'),
  [`${NETWORK}/applicationSecurityGroups/read`]: listed('network.ApplicationSecurityGroup'),
  [`${NETWORK}/virtualNetworks/read`]: listed('network.VirtualNetwork'),
  [`${NETWORK}/publicIPAddresses/read`]: listed('network.PublicIPAddress'),
  [`${NETWORK}/routeTables/read`]: listed('network.RouteTable'),
  [`${NETWORK}/loadBalancers/read`]: listed('network.LoadBalancer'),
  [`${NETWORK}/natGateways/read`]: listed('network.NatGateway'),
  [`${NETWORK}/azureFirewalls/read`]: listed('network.AzureFirewall'),
  [`${NETWORK}/firewallPolicies/read`]: listed('network.FirewallPolicy'),
  [`${NETWORK}/ipGroups/read`]: listed('network.IpGroup'),
  [`${NETWORK}/bastionHosts/read`]: listed('network.BastionHost'),
  [`${NETWORK}/virtualNetworkGateways/read`]: listed('network.VirtualNetworkGateway'),
  [`${NETWORK}/localNetworkGateways/read`]: listed('network.LocalNetworkGateway'),
  [`${NETWORK}/connections/read`]: listed('network.VirtualNetworkGatewayConnection'),
  [`${NETWORK}/networkManagers/read`]: listed('network.NetworkManager'),
  [`${NETWORK}/networkManagers/securityAdminConfigurations/read`]: listed('network.SecurityAdminConfiguration'),
  [`${NETWORK}/networkManagers/securityAdminConfigurations/ruleCollections/rules/read`]:
    listed('network.BaseAdminRule'),
  'Microsoft.Security/locations/jitNetworkAccessPolicies/read': listed('security.JitNetworkAccessPolicy'),
  [`${NETWORK}/applicationSecurityGroups/addressPrefixSets/read`]: listed('network.AddressPrefixSet'),
  [`${NETWORK}/networkInterfaces/effectiveRouteTable/action`]: listed('network.EffectiveRoute'),
  [`${NETWORK}/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action`]: whole(
    'network.NetworkManagerEffectiveSecurityAdminRulesListResult',
  ),
  [`${NETWORK}/virtualNetworks/listNetworkManagerEffectiveConnectivityConfigurations/action`]: whole(
    'network.NetworkManagerEffectiveConnectivityConfigurationListResult',
  ),
  [`${NETWORK}/locations/serviceTags/read`]: whole('network.ServiceTagsListResult'),
  [`${NETWORK}/loadBalancers/loadBalancingRules/health/action`]: whole('network.LoadBalancerHealthPerRule'),
  [`${NETWORK}/loadBalancers/backendAddressPools/queryInboundNatRulePortMapping/action`]: whole(
    'network.BackendAddressInboundNatRulePortMappings',
  ),
  subscriptions: listed('subscriptions.Subscription'),
  graph: whole('graph.QueryResponse'),
};

/** Microsoft's own models. */
export interface AzureShapes {
  readonly shapes: Shapes;
  /** What a call answers, and its name; `form` as it is collected. @throws for a call of which no model is known */
  readonly answerOf: (operation: string, form: string) => { readonly name: string; readonly shape: Shape };
  /** The model of the rows of Resource Graph that have this type. */
  readonly modelOfType: (type: string) => string;
}

/** Asks the Python of an environment for the models that Microsoft generates from its specification. */
export function azureShapes(python: string): AzureShapes {
  const names = [...new Set(Object.values(ANSWERS).map(({ model }) => model))];
  const script = join(__dirname, 'microsoft-models.py');
  const text = execFileSync(python, [script, ...names], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const printed: Readonly<Record<string, PrintedRecord>> = JSON.parse(text);
  const shapes = Object.fromEntries(Object.entries(printed).map(([name, shape]) => [name, shapeOf(shape)]));
  const known = new Map(Object.entries(ANSWERS).map(([operation, one]) => [operation.toLowerCase(), one]));
  const answered = (operation: string): Answered => {
    const found = known.get(operation.toLowerCase());
    if (!found) throw new Error(`nobody says which model ${operation} answers`);
    return found;
  };
  return {
    shapes,
    answerOf(operation, form) {
      const { model: name, whole: isWhole } = answered(operation);
      const own: Shape = { type: 'named', name };
      if (isWhole || form === 'single') return { name, shape: own };
      const list: Shape = { type: 'list', of: own };
      if (form === 'az' && !isQuestion(operation)) return { name, shape: list };
      return { name, shape: { type: 'record', fields: { value: list, nextLink: { type: 'text' } } } };
    },
    modelOfType: (type) => answered(`${type}/read`).model,
  };
}

/** `az` prints the answer to a question as it is, and of a list its elements. */
function isQuestion(operation: string): boolean {
  return operation.endsWith('/action') || operation.includes('/addressPrefixSets/');
}

function shapeOf(printed: Printed): Shape {
  if (typeof printed === 'string') return plainShape(printed);
  if ('model' in printed) return { type: 'named', name: printed.model };
  if ('list' in printed) return { type: 'list', of: shapeOf(printed.list) };
  if ('map' in printed) return { type: 'map', of: shapeOf(printed.map) };
  if ('words' in printed) return { type: 'text', words: printed.words };
  const { fields, lifts, variants } = printed;
  return {
    type: 'record',
    fields: Object.fromEntries(Object.entries(fields).map(([key, inner]) => [key, shapeOf(inner)])),
    ...(typeof lifts === 'string' && { lifts }),
    ...(variants && { variants }),
  };
}

function plainShape(name: string): Shape {
  if (name === 'string') return { type: 'text' };
  if (name === 'date-time') return { type: 'text', format: 'date-time' };
  if (name === 'any' || name === 'boolean' || name === 'integer' || name === 'number') return { type: name };
  throw new Error(`microsoft-models.py says '${name}'`);
}
