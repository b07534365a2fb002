import type { Read } from '../../../src/record/index.js';
import * as shape from './records.js';

/** One kind of answer: what its resources are called in `kind`, in aggregated lists, and who must be permitted to list them. */
interface Kind<T> {
  /** The resource's `kind`: `compute#instance`. Absent where answers do not say it. */
  readonly kind?: string;
  /** The name of the list within a scope of an aggregated answer, or at the top of one that has no `kind`. */
  readonly list: string;
  /** The permission that the call needs. */
  readonly action: string;
  /** The code of a cause that its absence is. */
  readonly code: string;
  readonly read: Read<T>;
}

function kind<T>(resource: string, list: string, action: string, code: string, read: Read<T>): Kind<T> {
  return { kind: `compute#${resource}`, list, action, code: `gcp/${code}`, read };
}

/** Every answer that port22 understands. */
export const kinds = {
  instances: kind('instance', 'instances', 'compute.instances.list', 'ev-instance', shape.instance),
  firewalls: kind('firewall', 'firewalls', 'compute.firewalls.list', 'ev-firewall', shape.firewall),
  networks: kind('network', 'networks', 'compute.networks.list', 'ev-network', shape.network),
  subnetworks: kind('subnetwork', 'subnetworks', 'compute.subnetworks.list', 'ev-network', shape.subnetwork),
  routes: kind('route', 'routes', 'compute.routes.list', 'ev-route', shape.route),
  policyBasedRoutes: {
    list: 'policyBasedRoutes',
    action: 'networkconnectivity.policyBasedRoutes.list',
    code: 'gcp/ev-route',
    read: shape.policyBasedRoute,
  },
  addressGroups: {
    list: 'addressGroups',
    action: 'networksecurity.addressGroups.get',
    code: 'gcp/ev-address-group',
    read: shape.addressGroup,
  },
  effectiveTags: {
    list: 'effectiveTags',
    action: 'compute.instances.listEffectiveTags',
    code: 'gcp/ev-tags',
    read: shape.effectiveTags,
  },
  effectiveFirewalls: {
    list: 'firewallPolicys',
    action: 'compute.networks.getEffectiveFirewalls',
    code: 'gcp/ev-firewall',
    read: shape.effectiveFirewalls,
  },
} as const satisfies Record<string, Kind<unknown>>;

export type KindName = keyof typeof kinds;
export type RecordOfKind<K extends KindName> = shape.RecordOf<(typeof kinds)[K]['read']>;

export const kindNames = Object.keys(kinds) as KindName[];

/** Answers that port22 knows and has no use for yet: no warning is due. */
export const ignoredKinds: ReadonlySet<string> = new Set([
  'compute#address',
  'compute#project',
  'compute#zone',
  'compute#region',
  'compute#disk',
]);
