import { ListMemo } from '../../src/memo.js';
import type { Family } from '../../src/set/index.js';
import { groupsOf, type Networks, type Port } from './network.js';

interface Reference {
  readonly id?: string | undefined;
}

/**
 * All that rules and routes can tell of an IP configuration. What is found out from here holds for every configuration that has
 * the same standpoint, so nothing that names one of them belongs to it, unless something is known of that one alone.
 */
export interface Standpoint {
  readonly family: Family;
  readonly subnetKey: string | undefined;
  readonly networkKey: string | undefined;
  /** The security group of the interface. */
  readonly securityGroup: Reference | undefined;
  /** The keys of the application security groups that the configuration is in. */
  readonly groups: readonly string[];
  readonly gatewayLoadBalancer: Reference | undefined;
  readonly isPrimaryNic: boolean;
  readonly isUntracked: boolean;
  /** The interface, where something is true or known of it alone. */
  readonly alone: { readonly key: string; readonly name: string } | undefined;
}

/** Whether what is said of an interface names it: it has routes of its own, replies elsewhere, or its place is not known. */
function standsAlone(networks: Networks, { nic, nicKey, subnetKey, isPrimaryNic }: Port): boolean {
  if (!isPrimaryNic || nic.disableTcpStateTracking === true || subnetKey === undefined) return true;
  return networks.inventory.get('effectiveRoutes', nicKey) !== undefined;
}

/** The standpoint of an IP configuration: one object for all that nothing tells apart where they are judged together, or of its own. */
export function standpointOf(networks: Networks, port: Port, isShared: boolean): Standpoint {
  const { nic, config, family, subnetKey, networkKey, isPrimaryNic } = port;
  const isAlone = !isShared || standsAlone(networks, port);
  const groups = groupsOf(port);
  const build = (): Standpoint => ({
    family,
    subnetKey,
    networkKey,
    securityGroup: nic.networkSecurityGroup,
    groups,
    gatewayLoadBalancer: config.gatewayLoadBalancer,
    isPrimaryNic,
    isUntracked: nic.disableTcpStateTracking === true,
    alone: isAlone ? { key: port.nicKey, name: port.ref.id } : undefined,
  });
  if (isAlone) return build();
  const known = networks.once('standpoints', () => new ListMemo<Standpoint>());
  const parts = [subnetKey, family, nic.networkSecurityGroup?.id, config.gatewayLoadBalancer?.id, ...groups];
  return known.once(parts, build);
}
