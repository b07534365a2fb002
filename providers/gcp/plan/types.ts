import type { Slot } from '../../../src/plan/slot.js';

/** Where a thing is within its project. */
export type Reach = 'global' | 'region' | 'zone';

/** What a resource of a type describes, and what it refers to (pulumi.md, 4.2 and 6.4). */
export interface PlanType {
  /** The kind of the thing; absent for what is a part of others only. */
  readonly kind?: string;
  /** Its collection in the names of Compute Engine: `networks`. */
  readonly collection?: string;
  readonly reach?: Reach;
  readonly slots?: readonly Slot[];
  /** What a dependency on it may stand for besides itself: by kind, the slot whose thing is meant. */
  readonly follow?: Readonly<Record<string, string>>;
}

const one = (path: string, kind: string): Slot => ({ path, kind });
const part = (path: string, kind: string): Slot => ({ path, kind, joins: true });
const set = (path: string, kind: string): Slot => ({ path, kind, isFree: true });
const parts = (path: string, kind: string): Slot => ({ path, kind, joins: true, isFree: true });

export const networkOfInterface: Slot = one('networkInterfaces[].network', 'network');

const machineSlots: readonly Slot[] = [
  networkOfInterface,
  one('networkInterfaces[].subnetwork', 'subnet'),
  one('serviceAccount.email', 'account'),
];

const instance: PlanType = { kind: 'instance', collection: 'instances', reach: 'zone', slots: machineSlots };
const template: PlanType = { kind: 'template', collection: 'instanceTemplates', slots: machineSlots };
const manager: PlanType = {
  kind: 'group',
  collection: 'instanceGroups',
  slots: [set('versions[].instanceTemplate', 'template'), parts('targetPools[]', 'target')],
};

/** What the conditions of a policy rule refer to; `at` stands before its fields. */
const ruleSlots = (at: string): readonly Slot[] => [
  set(`${at}targetResources[]`, 'network'),
  set(`${at}targetServiceAccounts[]`, 'account'),
  set(`${at}match.srcAddressGroups[]`, 'addresses'),
  set(`${at}match.destAddressGroups[]`, 'addresses'),
];

/** The four types of which each kind of policy is made. */
function policies(prefix: string, kind: string, reach: Reach, isOfNetworks: boolean): Record<string, PlanType> {
  const policy: PlanType = { kind, collection: 'firewallPolicies', reach };
  const target = isOfNetworks ? [part('attachmentTarget', 'network')] : [];
  return {
    [`${prefix}FirewallPolicy`]: policy,
    [`${prefix}FirewallPolicyWithRules`]: { ...policy, slots: ruleSlots('rules[].') },
    [`${prefix}FirewallPolicyRule`]: { slots: [part('firewallPolicy', kind), ...ruleSlots('')] },
    [`${prefix}FirewallPolicyAssociation`]: {
      kind: `${kind} association`,
      collection: 'firewallPolicyAssociations',
      reach,
      slots: [...target, one('firewallPolicy', kind)],
    },
  };
}

const forwarding: PlanType = {
  kind: 'forwarding rule',
  collection: 'forwardingRules',
  slots: [part('target', 'target'), part('backendService', 'service'), one('network', 'network')],
};
const service: PlanType = {
  kind: 'service',
  collection: 'backendServices',
  slots: [parts('backends[].group', 'group')],
};

/** What a forwarding rule may lead to besides, so that it leads to nothing else. */
const otherTargets = [
  'TargetHttpProxy',
  'TargetHttpsProxy',
  'TargetGrpcProxy',
  'TargetSSLProxy',
  'RegionTargetHttpProxy',
  'RegionTargetHttpsProxy',
  'RegionTargetTcpProxy',
  'VPNGateway',
  'ServiceAttachment',
];

const compute: Readonly<Record<string, PlanType>> = {
  Instance: instance,
  InstanceFromTemplate: { ...instance, slots: [...machineSlots, one('sourceInstanceTemplate', 'template')] },
  InstanceFromMachineImage: instance,
  InstanceTemplate: { ...template, reach: 'global' },
  RegionInstanceTemplate: { ...template, reach: 'region' },
  InstanceGroupManager: { ...manager, reach: 'zone' },
  RegionInstanceGroupManager: { ...manager, reach: 'region' },
  InstanceGroup: {
    kind: 'group',
    collection: 'instanceGroups',
    reach: 'zone',
    slots: [parts('instances[]', 'instance')],
  },
  Firewall: {
    kind: 'firewall rule',
    collection: 'firewalls',
    reach: 'global',
    slots: [
      part('network', 'network'),
      set('sourceServiceAccounts[]', 'account'),
      set('targetServiceAccounts[]', 'account'),
    ],
  },
  Network: { kind: 'network', collection: 'networks', reach: 'global' },
  Subnetwork: {
    kind: 'subnet',
    collection: 'subnetworks',
    reach: 'region',
    slots: [{ ...part('network', 'network'), leads: true }],
    follow: { network: 'network' },
  },
  Route: {
    kind: 'route',
    collection: 'routes',
    reach: 'global',
    slots: [part('network', 'network'), one('nextHopInstance', 'instance')],
  },
  ...policies('', 'hierarchical policy', 'global', false),
  ...policies('Network', 'network policy', 'global', true),
  ...policies('RegionNetwork', 'regional policy', 'region', true),
  Address: { kind: 'address', collection: 'addresses', reach: 'region' },
  GlobalAddress: { kind: 'address', collection: 'addresses', reach: 'global' },
  ForwardingRule: { ...forwarding, reach: 'region' },
  GlobalForwardingRule: { ...forwarding, reach: 'global' },
  TargetInstance: {
    kind: 'target',
    collection: 'targetInstances',
    reach: 'zone',
    slots: [part('instance', 'instance')],
  },
  TargetPool: { kind: 'target', collection: 'targetPools', reach: 'region', slots: [parts('instances[]', 'instance')] },
  TargetTCPProxy: {
    kind: 'target',
    collection: 'targetTcpProxies',
    reach: 'global',
    slots: [part('backendService', 'service')],
  },
  RegionBackendService: { ...service, reach: 'region' },
  BackendService: { ...service, reach: 'global' },
  ...Object.fromEntries(otherTargets.map((name) => [name, { kind: 'target', collection: name, reach: 'global' }])),
};

const others: readonly (readonly [string, PlanType])[] = [
  ['gcp:networksecurity:AddressGroup', { kind: 'addresses', collection: 'addressGroups', reach: 'global' }],
  ['gcp:serviceaccount:Account', { kind: 'account' }],
  ['gcp:tags:TagBinding', {}],
  ['gcp:tags:LocationTagBinding', {}],
  ['pulumi:providers:gcp', {}],
];

/** By the key of the token, which is the same for every spelling of a type. */
export const planTypes: ReadonlyMap<string, PlanType> = new Map([
  ...Object.entries(compute).flatMap(([name, type]) => [
    [`gcp:compute:${name}`, type] as const,
    // A provider that is bridged as the program starts has one module for all.
    [`gcp:index:${name}`, type] as const,
  ]),
  ...others,
]);
