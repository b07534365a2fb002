import {
  type Answered,
  type AzureCall,
  about,
  callKey,
  listOf,
  partOf,
  partsOf,
  refIn,
  rowsOf,
  sdk,
  singleCall,
} from './operations.js';
import { isObject } from './records/arm-object.js';
import { keyOf, subscriptionOf, typeOf } from './records/ids.js';
import { kinds } from './records/kinds.js';
import { type Json, textOf } from './records/recorded-answer.js';

/**
 * What is left to ask when every list has been answered: the tags of each location in use, the connections of gateways of
 * which Resource Graph shows none, and what records refer to that no answer holds. Lists leave out what their reader may not
 * see, and Resource Graph lags. Of a network of another subscription nothing more is asked.
 * @returns the calls to make, and those that are not worth it though they would tell of a record
 */
export function callsAtTheEnd(answered: readonly Answered[]): {
  readonly calls: readonly AzureCall[];
  readonly unasked: readonly AzureCall[];
} {
  const records = answered.flatMap(({ body }) => recordsIn(body));
  const known = new Set(records.map(({ id }) => keyOf(String(id))));
  const followed = answered.filter(isFollowed).flatMap(({ body }) => recordsIn(body));
  const referred = followed.flatMap(referencesOf).filter((id) => !known.has(keyOf(id)));
  const singles = referred.flatMap(singleCall);
  const few = fewWhereRefused(singles, answered);
  const asked = new Set(few.map(callKey));
  return {
    calls: [...locationCalls(answered), ...few, ...connectionCalls(records)],
    unasked: singles.filter((call) => !asked.has(callKey(call))),
  };
}

/** The records of a list, or of an answer of Resource Graph. */
function recordsIn({ value, data }: Json): Json[] {
  return partsOf(value ?? data);
}

/** Where a list was refused, records by themselves mostly are too. */
const PROBES = 5;

/** All calls where anything of the kind has been answered, else some of them: who may not list may have thousands of records. */
function fewWhereRefused(calls: readonly AzureCall[], answered: readonly Answered[]): AzureCall[] {
  const placeOf = ({ subscription, operation }: Pick<AzureCall, 'subscription' | 'operation'>) =>
    `${subscription} ${operation}`;
  const open = new Set(answered.flatMap((one) => [one.call, ...graphedBy(one)].map(placeOf)));
  const byPlace = new Map<string, Map<string, AzureCall>>();
  for (const call of calls) {
    const place = placeOf(call);
    byPlace.set(place, (byPlace.get(place) ?? new Map()).set(callKey(call), call));
  }
  return [...byPlace].flatMap(([place, own]) => [...own.values()].slice(0, open.has(place) ? undefined : PROBES));
}

/** What Resource Graph had any rows of, as lists of single subscriptions. */
function graphedBy({ call: { route }, body }: Answered): Pick<AzureCall, 'subscription' | 'operation'>[] {
  if (route.client !== 'graph') return [];
  return route.kinds.flatMap((name) => {
    const subscriptions = new Set(rowsOf(body, name).flatMap(({ id }) => subscriptionOf(keyOf(String(id))) ?? []));
    return [...subscriptions].map((subscription) => ({ subscription, operation: kinds[name].action }));
  });
}

/** One reference leads to another only where gateways are joined: else a hub would lead to all that have to do with it. */
function isFollowed({ call }: Answered): boolean {
  return call.share !== 'one' || call.operation === kinds.connections.action;
}

/** The location selects the version of the data, and not a part of it: whoever may ask, once for each. */
function locationCalls(answered: readonly Answered[]): AzureCall[] {
  const subscriptions = new Map<string, string>();
  for (const { call, body } of answered) {
    const isPlaced = call.operation === kinds.networks.action || call.operation === kinds.interfaces.action;
    if (!isPlaced || call.share !== 'whole') continue;
    for (const { location } of partsOf(body.value)) {
      const name = textOf(location)?.toLowerCase().replaceAll(' ', '');
      if (name !== undefined && !subscriptions.has(name)) subscriptions.set(name, call.subscription);
    }
  }
  return [...subscriptions].map(([location, subscription]): AzureCall => {
    const route = sdk('network', 'serviceTags', 'list', location);
    return { operation: kinds.serviceTags.action, subscription, subject: { location }, route, result: 'values' };
  });
}

function connectionCalls(records: readonly Json[]): AzureCall[] {
  const isOf = (record: Json, name: 'gateways' | 'connections') =>
    typeOf(String(record.id)) === kinds[name].type && isObject(record.properties);
  const ends = records
    .filter((record) => isOf(record, 'connections'))
    .flatMap((record) => [partOf(record).virtualNetworkGateway1, partOf(record).virtualNetworkGateway2].map(refIn));
  const joined = new Set(ends.filter((id) => id !== undefined).map(keyOf));
  return records
    .filter((record) => isOf(record, 'gateways') && !joined.has(keyOf(String(record.id))))
    .flatMap(({ id }) =>
      about('connections', textOf(id), { virtualNetworkGateway: id }, (group, name) =>
        sdk('network', 'virtualNetworkGateways', 'listConnections', group, name),
      ).map((call): AzureCall => ({ ...call, share: 'one' })),
    );
}

/** The ids of the records without which one cannot be judged. */
function referencesOf(record: Json): string[] {
  const own = partOf(record);
  const configs = [...partsOf(own.ipConfigurations), ...partsOf(own.frontendIPConfigurations)].map(partOf);
  const subnets = partsOf(own.subnets).map(partOf);
  const ids = [
    refIn(own.networkSecurityGroup),
    ...partsOf(isObject(own.networkProfile) ? own.networkProfile.networkInterfaces : undefined).map(refIn),
    ...configs.flatMap((config) => [
      refIn(config.publicIPAddress),
      ownerIn(config.subnet),
      ...listOf(config.loadBalancerBackendAddressPools).map(ownerIn),
      ...listOf(config.loadBalancerInboundNatRules).map(ownerIn),
    ]),
    ...subnets.flatMap((subnet) => [
      refIn(subnet.networkSecurityGroup),
      refIn(subnet.routeTable),
      refIn(subnet.natGateway),
    ]),
    ...partsOf(own.subnets).flatMap(holdersIn),
    ownerIn(own.ipConfiguration),
    ...partsOf(own.virtualNetworkPeerings).map((peering) => refIn(partOf(peering).remoteVirtualNetwork)),
    refIn(own.virtualNetworkGateway1),
    refIn(own.localNetworkGateway2),
  ];
  return ids.filter((id) => id !== undefined);
}

/** Whatever has an address in the subnet: interfaces, scale sets, load balancers, gateways, firewalls, Bastion hosts. */
function holdersIn(subnet: Json): (string | undefined)[] {
  return listOf(partOf(subnet).ipConfigurations).map(ownerIn);
}

/** The record of which a reference names a part: of an interface of a Uniform scale set that is the scale set. */
function ownerIn(value: unknown): string | undefined {
  const id = refIn(value);
  const scaleSet = id && /^.*\/virtualMachineScaleSets\/[^/]+(?=\/virtualMachines\/)/i.exec(id)?.[0];
  return scaleSet ?? id?.split('/').slice(0, -2).join('/');
}
