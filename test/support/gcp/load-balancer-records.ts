import type { JsonRecord } from './kinds.js';
import { recordsIn, resource } from './records.js';
import { globalUrl, REGION, regionalUrl, regionUrl, ZONE, zonalUrl, zoneUrl } from './urls.js';

export function forwardingRule(name: string, fields: JsonRecord): JsonRecord {
  return {
    ...resource('forwardingRule', regionalUrl('forwardingRules', name)),
    region: regionUrl(REGION),
    IPProtocol: 'TCP',
    loadBalancingScheme: 'EXTERNAL',
    networkTier: 'PREMIUM',
    ipVersion: 'IPV4',
    ...fields,
  };
}

export function targetInstance(name: string, instance: JsonRecord): JsonRecord {
  const head = resource('targetInstance', zonalUrl('targetInstances', name));
  return { ...head, zone: instance.zone, instance: instance.selfLink, natPolicy: 'NO_NAT' };
}

/** A backend service of one group; regional unless `region` is null. */
export function backendService(name: string, group: JsonRecord, fields: JsonRecord): JsonRecord {
  const isGlobal = fields.region === null;
  return {
    ...resource('backendService', isGlobal ? globalUrl('backendServices', name) : regionalUrl('backendServices', name)),
    protocol: 'TCP',
    loadBalancingScheme: 'EXTERNAL',
    backends: [{ group: group.selfLink, balancingMode: 'CONNECTION' }],
    ...fields,
    region: isGlobal ? undefined : regionUrl(REGION),
  };
}

export function instanceGroup(name: string, size: number): JsonRecord {
  return {
    ...resource('instanceGroup', zonalUrl('instanceGroups', name)),
    zone: zoneUrl(ZONE),
    network: globalUrl('networks', 'net1'),
    namedPorts: [{ name: 'ssh', port: 22 }],
    size,
  };
}

/** The answer of `getHealth` about one group: the same for each of its instances. */
export function groupHealth(instances: readonly JsonRecord[], healthState: string): JsonRecord {
  const healthStatus = instances.map(({ selfLink, networkInterfaces }) => {
    const [nic] = recordsIn(networkInterfaces);
    return { instance: selfLink, ipAddress: nic?.networkIP, port: 22, healthState };
  });
  return { kind: 'compute#backendServiceGroupHealth', healthStatus };
}

/** The answer of `listInstances` about one group. */
export function groupInstances(instances: readonly JsonRecord[]): JsonRecord {
  const items = instances.map(({ selfLink }) => ({ instance: selfLink, status: 'RUNNING' }));
  return { kind: 'compute#instanceGroupsListInstances', items };
}
