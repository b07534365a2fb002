import type { Slot } from '../../../src/plan/slot.js';

/** What a resource of a type describes, and what it refers to (pulumi.md, 4.2 and 6). */
export interface PlanType {
  /** The kind of the thing itself; absent for what is a part of others only. */
  readonly kind?: string;
  /** With what the ids of its kind begin. */
  readonly prefix?: string;
  /** Outputs that hold the id, where that is not the resource's own. */
  readonly idIn?: readonly string[];
  readonly slots?: readonly Slot[];
  /** What a dependency on it may stand for besides itself: by kind, the slot whose thing is meant. */
  readonly follow?: Readonly<Record<string, string>>;
  /** It describes the thing that stands in this slot, and is none of its own: a VPC's default group. */
  readonly is?: string;
}

export const one = (path: string, kind: string): Slot => ({ path, kind });
export const part = (path: string, kind: string): Slot => ({ path, kind, joins: true });
export const peer = (path: string, kind: string): Slot => ({ path, kind, peers: true });
export const set = (path: string, kind: string): Slot => ({ path, kind, isFree: true });
/** One text with ids in it, and commas between. */
export const texts = (path: string, kind: string): Slot => ({ path, kind, isCommaList: true });

/** The targets of a route: by property, what it refers to. */
const routeTargets: Readonly<Record<string, string>> = {
  gatewayId: 'gateway',
  natGatewayId: 'gateway',
  egressOnlyGatewayId: 'gateway',
  egressOnlyInternetGatewayId: 'gateway',
  transitGatewayId: 'tgw',
  vpcPeeringConnectionId: 'pcx',
  networkInterfaceId: 'eni',
  vpcEndpointId: 'vpce',
  carrierGatewayId: 'cagw',
  localGatewayId: 'lgw',
  instanceId: 'instance',
};
export const targetsAt = (path: string): Slot[] =>
  Object.entries(routeTargets).map(([key, kind]) => one(path + key, kind));

export const template = (path: string): Slot[] => [
  one(`${path}.id`, 'lt'),
  one(`${path}.name`, 'lt'),
  one(`${path}.launchTemplateId`, 'lt'),
  one(`${path}.launchTemplateName`, 'lt'),
];

export const groupSlots = (zone: string): readonly Slot[] => [
  set(`${zone}[]`, 'subnet'),
  set('targetGroupArns[]', 'tg'),
  one('launchConfiguration', 'lc'),
  one('launchConfigurationName', 'lc'),
  ...template('launchTemplate'),
  ...template('mixedInstancesPolicy.launchTemplate.launchTemplateSpecification'),
  ...template('mixedInstancesPolicy.launchTemplate.overrides[].launchTemplateSpecification'),
];

/** The templates of a fleet, with the subnets that override theirs. */
export const fleetConfigs = (path: string): readonly Slot[] => [
  ...template(`${path}[].launchTemplateSpecification`),
  texts(`${path}[].overrides[].subnetId`, 'subnet'),
];
