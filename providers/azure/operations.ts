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

/** Resource Graph, asked for many subscriptions and for many kinds at once. */
interface GraphRoute {
  readonly client: 'graph';
  readonly kinds: readonly KindName[];
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

/**
 * How subscriptions are read: by a list of each kind, or by Resource Graph, which has the records of all of them in a few pages.
 * That one leaves out what its reader may not see, without a word; so a few lists of each subscription are asked all the same.
 */
export type Reading = 'lists' | 'graph';

/** A list of a subscription; without a kind it tells only the states of machines. */
interface List {
  readonly kind: KindName | undefined;
  readonly client: 'network' | 'compute';
  readonly group: string;
  readonly method?: string;
  readonly args?: readonly unknown[];
}

function network(kind: KindName, group: string, method = 'listAll'): List {
  return { kind, client: 'network', group, method };
}

/** The action of a list of the states of machines. */
const STATUSES = 'Microsoft.Compute/virtualMachines/instanceView/read';

function operationOf({ kind }: List): string {
  return kind === undefined ? STATUSES : kinds[kind].action;
}

/** What a subscription is asked for at once, before anything is known of it. */
const lists: readonly List[] = [
  { kind: 'machines', client: 'compute', group: 'virtualMachines' },
  { kind: undefined, client: 'compute', group: 'virtualMachines', args: [{ statusOnly: 'true' }] },
  { kind: 'scaleSets', client: 'compute', group: 'virtualMachineScaleSets' },
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
const unlisted = ['gateways', 'connections', 'localGateways'] as const satisfies readonly KindName[];

/**
 * The lists that tell whether Resource Graph left something out. The subnets of the networks name whatever stands in them, the
 * public addresses what stands behind them, the states all machines: what is named and not there was hidden.
 */
const isWitness = ({ kind }: List) => kind === undefined || kind === 'networks' || kind === 'addresses';

const asked: Readonly<Record<Reading, { readonly lists: readonly List[]; readonly graphed: readonly KindName[] }>> = {
  lists: { lists, graphed: unlisted },
  graph: {
    lists: lists.filter(isWitness),
    graphed: [...lists.filter((list) => !isWitness(list)).flatMap(({ kind }) => kind ?? []), ...unlisted],
  },
};

/** The lists of a subscription that have to be whole for what Resource Graph shows of a kind to be all there is. */
export function witnessesOf(kind: KindName): readonly string[] {
  if (kind === 'machines') return [STATUSES];
  return kind === 'balancers' ? [kinds.networks.action, kinds.addresses.action] : [kinds.networks.action];
}

/** Resource Graph's own action: every reader of anything has it. */
const GRAPH = 'Microsoft.ResourceGraph/resources/read';
const MOST_SUBSCRIPTIONS = 300;

/** Every action that port22 uses, sorted. Who lacks one gets `unknown` where it matters. */
export function azureActions(): string[] {
  const others: readonly KindName[] = [
    ...unlisted,
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
  const named = [...lists.map(operationOf), ...others.map((name) => kinds[name].action)];
  const actions = [...named, GRAPH, 'Microsoft.Network/virtualNetworkGateways/connections/read'];
  return [...new Set(actions)].sort();
}

/** What a subscription is asked at once. */
export function firstCalls(subscription: string, reading: Reading): AzureCall[] {
  const calls = asked[reading].lists.map((list): AzureCall => {
    const { client, group, method = 'listAll', args = [] } = list;
    const route = { client, group, method, args };
    return { operation: operationOf(list), subscription, subject: {}, route, result: 'value', share: 'whole' };
  });
  const path = `/subscriptions/${subscription}/providers/Microsoft.Security/jitNetworkAccessPolicies`;
  const route = { client: 'rest', path, version: '2020-01-01' } as const;
  const { action } = kinds.jitPolicies;
  return [...calls, { operation: action, subscription, subject: {}, route, result: 'value', share: 'whole' }];
}

/** What Resource Graph is asked about all subscriptions. */
export function graphCalls(subscriptions: readonly string[], reading: Reading): AzureCall[] {
  const calls: AzureCall[] = [];
  for (let at = 0; at < subscriptions.length; at += MOST_SUBSCRIPTIONS) {
    const some = subscriptions.slice(at, at + MOST_SUBSCRIPTIONS);
    const route = { client: 'graph', kinds: asked[reading].graphed, subscriptions: some } as const;
    calls.push({ operation: GRAPH, subscription: some[0] ?? '', subject: { at }, route, result: 'data' });
  }
  return calls;
}

/** The query for the records of these kinds, as Azure Resource Manager would write them. Only what is ordered can be paged. */
export function queryFor(names: readonly KindName[]): string {
  const types = names.map((name) => `'${typeOfKind(name)}'`).join(', ');
  return `resources | where type in~ (${types}) | project id, type, name, location, sku, properties | order by id asc`;
}

function typeOfKind(name: KindName): string | undefined {
  const kind = kinds[name];
  return 'type' in kind ? kind.type : undefined;
}

/** The rows of an answer of Resource Graph that are of a kind. */
export function rowsOf({ data }: Json, name: KindName): Json[] {
  const type = typeOfKind(name);
  return partsOf(data).filter(({ id }) => typeOf(String(id)) === type);
}

/** The calls that follow from one answer, apart from references. */
export function callsAfter({ operation, share, route }: AzureCall, body: Json): AzureCall[] {
  if (route.client === 'graph')
    return route.kinds.flatMap((name) => callsAfterRecords(kinds[name].action, rowsOf(body, name)));
  const isFollowed = share === 'whole' || (share === 'one' && operation === kinds.scaleSets.action);
  return isFollowed ? callsAfterRecords(operation, partsOf(body.value)) : [];
}

function callsAfterRecords(operation: string, records: readonly Json[]): AzureCall[] {
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

/** What machines read when they boot: no list shows it, so that each machine of a list is asked for by itself. */
export function userDataCalls({ operation, share, route }: AzureCall, body: Json): AzureCall[] {
  const isGraph = route.client === 'graph';
  if (!isGraph && (operation !== kinds.machines.action || share !== 'whole')) return [];
  const machines = isGraph ? rowsOf(body, 'machines') : partsOf(body.value);
  return machines.flatMap(({ id }) =>
    about('machines', textOf(id), { resource: id }, (group, name) =>
      sdk('compute', 'virtualMachines', 'get', group, name, { expand: 'userData' }),
    ).map((call): AzureCall => ({ ...call, share: 'one' })),
  );
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
  scaleSets: 'virtualMachineScaleSets',
  interfaces: 'networkInterfaces',
  securityGroups: 'networkSecurityGroups',
  networks: 'virtualNetworks',
  addresses: 'publicIPAddresses',
  routeTables: 'routeTables',
  balancers: 'loadBalancers',
  natGateways: 'natGateways',
  firewalls: 'azureFirewalls',
  bastions: 'bastionHosts',
  gateways: 'virtualNetworkGateways',
  localGateways: 'localNetworkGateways',
};

const kindOfType = new Map((Object.keys(single) as KindName[]).map((name) => [typeOfKind(name), name]));

/** One record that something refers to. */
export function singleCall(id: string): AzureCall[] {
  const name = kindOfType.get(typeOf(id) ?? '');
  const group = name && single[name];
  if (name === undefined || group === undefined) return [];
  return about(name, id, { resource: id }, (resourceGroup, own) =>
    sdk(name === 'scaleSets' ? 'compute' : 'network', group, 'get', resourceGroup, own),
  ).map((call) => ({ ...call, share: 'one' }));
}
