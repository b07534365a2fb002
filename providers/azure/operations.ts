import { isObject } from './records/arm-object.js';
import { groupOf, keyOf, nameOf, parentOf, subscriptionOf, typeOf } from './records/ids.js';
import { type KindName, kinds } from './records/kinds.js';
import { type Json, textOf } from './records/recorded-answer.js';

/** A call of the SDK: `client.group.method(...args)`; without a group it is one of the client itself. */
interface SdkRoute {
  readonly client: 'network' | 'compute';
  readonly group?: string;
  readonly method: string;
  readonly args: readonly unknown[];
  /** One page after another is asked for with the token that the one before holds. */
  readonly paging?: 'skipToken';
}

/** A list that has no SDK, or none that its users' Node can run. */
interface RestRoute {
  readonly client: 'rest';
  readonly path: string;
  readonly version: string;
}

/** Resource Graph, asked for many subscriptions at once. */
interface GraphRoute {
  readonly client: 'graph';
  readonly query: string;
  readonly subscriptions: readonly string[];
}

/** One call to make. All of them read, none of them writes. */
export interface AzureCall {
  /** The action that it needs, which names the answer too. */
  readonly operation: string;
  readonly subscription: string;
  /** What the answer is about, where it does not say so itself; recorded beside it. */
  readonly subject: Json;
  readonly route: SdkRoute | RestRoute | GraphRoute;
  /** The key under which the answer holds what was asked for. */
  readonly result: string;
  /**
   * How much the answer is of all records of its kind in the subscription: everything, what one of several owners has (all
   * of whom are asked), or one record that something refers to. Absent where the answer is about its subject only.
   */
  readonly share?: 'whole' | 'owner' | 'one';
}

/** What has been answered. */
export interface Answered {
  readonly call: AzureCall;
  readonly body: Json;
}

/** Two calls with the same key are the same call. */
export function callKey({ operation, subscription, subject, share }: AzureCall): string {
  return [operation, subscription, keyOf(JSON.stringify(subject)), share].join(' ');
}

interface List {
  readonly operation: string;
  readonly client: 'network' | 'compute';
  readonly group: string;
  readonly method?: string;
  readonly args?: readonly unknown[];
}

function network(name: KindName, group: string, method = 'listAll'): List {
  return { operation: kinds[name].action, client: 'network', group, method };
}

const STATUSES = 'Microsoft.Compute/virtualMachines/instanceView/read';

/** Asked of every subscription, before anything is known of it. */
const lists: readonly List[] = [
  { operation: kinds.machines.action, client: 'compute', group: 'virtualMachines' },
  { operation: STATUSES, client: 'compute', group: 'virtualMachines', args: [{ statusOnly: 'true' }] },
  { operation: kinds.scaleSets.action, client: 'compute', group: 'virtualMachineScaleSets' },
  network('interfaces', 'networkInterfaces'),
  network('securityGroups', 'networkSecurityGroups'),
  network('applicationGroups', 'applicationSecurityGroups'),
  network('networks', 'virtualNetworks'),
  network('addresses', 'publicIPAddresses'),
  network('routeTables', 'routeTables'),
  network('balancers', 'loadBalancers'),
  network('natGateways', 'natGateways'),
  network('firewalls', 'azureFirewalls'),
  network('bastions', 'bastionHosts', 'list'),
  network('managers', 'networkManagers', 'listBySubscription'),
];

/** Kinds that can be listed by resource group only: Resource Graph has them all at once. */
export const graphKinds = ['gateways', 'connections', 'localGateways'] as const satisfies readonly KindName[];

/** Resource Graph's own action: every reader of anything has it. */
const GRAPH = 'Microsoft.ResourceGraph/resources/read';
const MOST_SUBSCRIPTIONS = 300;

/** Every action that port22 uses, sorted. Who lacks one gets `unknown` where it matters. */
export function azureActions(): string[] {
  const asked: readonly KindName[] = [
    ...graphKinds,
    'scaleSetMachines',
    'scaleSetInterfaces',
    'scaleSetAddresses',
    'jitPolicies',
    'adminConfigurations',
    'adminRules',
    'connectivity',
    'prefixSets',
    'serviceTags',
    'probeHealth',
    'portMappings',
  ];
  const named = [...lists.map(({ operation }) => operation), ...asked.map((name) => kinds[name].action)];
  const actions = [...named, GRAPH, 'Microsoft.Network/virtualNetworkGateways/connections/read'];
  return [...new Set(actions)].sort();
}

/** What a subscription is asked at once. */
export function firstCalls(subscription: string): AzureCall[] {
  const calls = lists.map(({ operation, client, group, method = 'listAll', args = [] }): AzureCall => {
    const route = { client, group, method, args };
    return { operation, subscription, subject: {}, route, result: 'value', share: 'whole' };
  });
  const path = `/subscriptions/${subscription}/providers/Microsoft.Security/jitNetworkAccessPolicies`;
  const route = { client: 'rest', path, version: '2020-01-01' } as const;
  const { action } = kinds.jitPolicies;
  return [...calls, { operation: action, subscription, subject: {}, route, result: 'value', share: 'whole' }];
}

/** Resource Graph's queries for all subscriptions. */
export function graphCalls(subscriptions: readonly string[]): AzureCall[] {
  const types = graphKinds.map((name) => `'${kinds[name].type}'`).join(', ');
  const fields = 'id, type, name, location, sku, properties';
  const query = `resources | where type in~ (${types}) | project ${fields} | order by id asc`;
  const calls: AzureCall[] = [];
  for (let at = 0; at < subscriptions.length; at += MOST_SUBSCRIPTIONS) {
    const some = subscriptions.slice(at, at + MOST_SUBSCRIPTIONS);
    const route = { client: 'graph', query, subscriptions: some } as const;
    calls.push({ operation: GRAPH, subscription: some[0] ?? '', subject: { at }, route, result: 'data' });
  }
  return calls;
}

/** The calls that follow from one answer, apart from references. */
export function callsAfter({ operation, share }: AzureCall, body: Json): AzureCall[] {
  if (share !== 'whole') return [];
  const records = partsOf(body.value);
  switch (operation) {
    case kinds.networks.action:
      return records.flatMap(networkCalls);
    case kinds.scaleSets.action:
      return records.flatMap(scaleSetCalls);
    case kinds.balancers.action:
      return records.flatMap(balancerCalls);
    case kinds.applicationGroups.action:
      return records.flatMap(({ id }) => prefixSetCalls(textOf(id)));
    case kinds.managers.action:
      return records.flatMap(({ id }) =>
        about('adminConfigurations', textOf(id), { networkManager: id }, (group, name) =>
          sdk('network', 'securityAdminConfigurations', 'list', group, name),
        ).map((call): AzureCall => ({ ...call, share: 'owner' })),
      );
    default:
      return [];
  }
}

type MakeRoute = (group: string, name: string, parent: string) => SdkRoute;

/** A call of the SDK. */
export function sdk(client: SdkRoute['client'], group: string, method: string, ...args: unknown[]): SdkRoute {
  return { client, group, method, args };
}

/** A call about a record, or about a part of one; none where its id is none. */
export function about(name: KindName, id: string | undefined, subject: Json, make: MakeRoute): AzureCall[] {
  const [subscription, group] = id === undefined ? [] : [subscriptionOf(keyOf(id)), groupOf(id)];
  if (id === undefined || subscription === undefined || group === undefined) return [];
  const route = make(group, nameOf(id), nameOf(parentOf(id)));
  return [{ operation: kinds[name].action, subscription, subject, route, result: 'value' }];
}

function networkCalls({ id: virtualNetwork }: Json): AzureCall[] {
  const questions = [
    ['adminRules', 'listNetworkManagerEffectiveSecurityAdminRules'],
    ['connectivity', 'listNetworkManagerEffectiveConnectivityConfigurations'],
  ] as const;
  return questions.flatMap(([kind, method]) =>
    about(kind, textOf(virtualNetwork), { virtualNetwork }, (group, name) => {
      return { client: 'network', method, args: [group, name], paging: 'skipToken' };
    }),
  );
}

/** Instances of a Flexible scale set are ordinary machines. */
function scaleSetCalls({ id, properties }: Json): AzureCall[] {
  if (isObject(properties) && String(properties.orchestrationMode).toLowerCase() === 'flexible') return [];
  const subject = { virtualMachineScaleSet: id };
  const of = textOf(id);
  const calls = [
    ...about('scaleSetMachines', of, subject, (group, name) =>
      sdk('compute', 'virtualMachineScaleSetVMs', 'list', group, name, { expand: 'instanceView' }),
    ),
    ...about('scaleSetInterfaces', of, subject, (group, name) =>
      sdk('network', 'networkInterfaces', 'listVirtualMachineScaleSetNetworkInterfaces', group, name),
    ),
    ...about('scaleSetAddresses', of, subject, (group, name) =>
      sdk('network', 'publicIPAddresses', 'listVirtualMachineScaleSetPublicIPAddresses', group, name),
    ),
  ];
  return calls.map((call) => ({ ...call, share: 'owner' }));
}

function prefixSetCalls(id: string | undefined): AzureCall[] {
  const subscription = id?.startsWith('/') ? subscriptionOf(keyOf(id)) : undefined;
  if (id === undefined || subscription === undefined) return [];
  const { action } = kinds.prefixSets;
  const route = { client: 'rest', path: `${id}/addressPrefixSets`, version: '2026-01-01' } as const;
  return [{ operation: action, subscription, subject: { applicationSecurityGroup: id }, route, result: 'value' }];
}

const SSH = 22;

/** What can lead to port 22: the port itself, or every port. */
function leadsToSsh(rule: Json): boolean {
  const port = Number(partOf(rule).backendPort);
  return port === SSH || port === 0;
}

/** The members of a pool, wherever it names them. */
function membersOf(pool: Json): string[] {
  const { backendIPConfigurations, loadBalancerBackendAddresses } = partOf(pool);
  const addresses = partsOf(loadBalancerBackendAddresses).map((one) =>
    refIn(partOf(one).networkInterfaceIPConfiguration),
  );
  const ids = [...listOf(backendIPConfigurations).map(refIn), ...addresses].filter((id) => id !== undefined);
  return [...new Map(ids.map((id) => [keyOf(id), id])).values()];
}

/** What ARM puts into the properties of a record. */
export function partOf({ properties }: Json): Json {
  return isObject(properties) ? properties : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list. */
export function partsOf(value: unknown): Json[] {
  return listOf(value).filter(isObject);
}

/** The id in a reference. */
export function refIn(value: unknown): string | undefined {
  return isObject(value) ? textOf(value.id) : undefined;
}

function balancerCalls(balancer: Json): AzureCall[] {
  const { loadBalancingRules, inboundNatRules, backendAddressPools } = partOf(balancer);
  const rules = partsOf(loadBalancingRules).filter(leadsToSsh);
  const health = rules.flatMap(({ id }) =>
    about('probeHealth', textOf(id), { loadBalancingRule: id }, (group, name, parent) =>
      sdk('network', 'loadBalancerLoadBalancingRules', 'beginHealthAndWait', group, parent, name),
    ).map((call) => ({ ...call, result: 'loadBalancerBackendAddresses' })),
  );
  const ranges = partsOf(inboundNatRules).filter(leadsToSsh);
  const ranged = new Set(ranges.flatMap((rule) => refIn(partOf(rule).backendAddressPool) ?? []).map(keyOf));
  const pools = partsOf(backendAddressPools).filter(({ id }) => ranged.has(keyOf(String(id))));
  const ports = pools.flatMap((pool) =>
    membersOf(pool).flatMap((id) => {
      const subject = { backendAddressPool: pool.id, ipConfiguration: { id } };
      const method = 'beginListInboundNatRulePortMappingsAndWait';
      return about('portMappings', textOf(pool.id), subject, (group, name, parent) =>
        sdk('network', 'loadBalancers', method, group, parent, name, { ipConfiguration: { id } }),
      ).map((call) => ({ ...call, result: 'inboundNatRulePortMappings' }));
    }),
  );
  return [...health, ...ports];
}

/** Kinds of which one record can be asked for, with the SDK's group. */
const single: Partial<Record<KindName, SdkRoute['group']>> = {
  interfaces: 'networkInterfaces',
  securityGroups: 'networkSecurityGroups',
  networks: 'virtualNetworks',
  addresses: 'publicIPAddresses',
  routeTables: 'routeTables',
  balancers: 'loadBalancers',
  natGateways: 'natGateways',
  gateways: 'virtualNetworkGateways',
  localGateways: 'localNetworkGateways',
};

const kindOfType = new Map(
  (Object.keys(single) as KindName[]).flatMap((name) => {
    const kind = kinds[name];
    return 'type' in kind && kind.type !== undefined ? [[kind.type, name] as const] : [];
  }),
);

/** One record that something refers to. */
export function singleCall(id: string): AzureCall[] {
  const name = kindOfType.get(typeOf(id) ?? '');
  const group = name && single[name];
  if (name === undefined || group === undefined) return [];
  return about(name, id, { resource: id }, (resourceGroup, own) =>
    sdk('network', group, 'get', resourceGroup, own),
  ).map((call) => ({ ...call, share: 'one' }));
}
