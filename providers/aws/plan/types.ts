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

const one = (path: string, kind: string): Slot => ({ path, kind });
const part = (path: string, kind: string): Slot => ({ path, kind, joins: true });
const peer = (path: string, kind: string): Slot => ({ path, kind, peers: true });
const set = (path: string, kind: string): Slot => ({ path, kind, isFree: true });

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
const targetsAt = (path: string): Slot[] => Object.entries(routeTargets).map(([key, kind]) => one(path + key, kind));

const ruleParts = (path: string): Slot[] => [
  peer(`${path}.securityGroups[]`, 'sg'),
  one(`${path}.prefixListIds[]`, 'pl'),
];
const nativeRuleParts = (path: string): Slot[] => [
  peer(`${path}.sourceSecurityGroupId`, 'sg'),
  peer(`${path}.destinationSecurityGroupId`, 'sg'),
  one(`${path}.sourcePrefixListId`, 'pl'),
  one(`${path}.destinationPrefixListId`, 'pl'),
];

const template = (path: string): Slot[] => [
  one(`${path}.id`, 'lt'),
  one(`${path}.name`, 'lt'),
  one(`${path}.launchTemplateId`, 'lt'),
  one(`${path}.launchTemplateName`, 'lt'),
];

const instanceSlots: readonly Slot[] = [
  one('subnetId', 'subnet'),
  set('vpcSecurityGroupIds[]', 'sg'),
  one('networkInterfaces[].networkInterfaceId', 'eni'),
  one('primaryNetworkInterface.networkInterfaceId', 'eni'),
  one('secondaryNetworkInterfaces[].networkInterfaceId', 'eni'),
  ...template('launchTemplate'),
];
const launchedSlots: readonly Slot[] = [
  set('vpcSecurityGroupIds[]', 'sg'),
  set('networkInterfaces[].securityGroups[]', 'sg'),
  one('networkInterfaces[].subnetId', 'subnet'),
  one('networkInterfaces[].networkInterfaceId', 'eni'),
];
const groupSlots = (zone: string): readonly Slot[] => [
  set(`${zone}[]`, 'subnet'),
  set('targetGroupArns[]', 'tg'),
  one('launchConfiguration', 'lc'),
  one('launchConfigurationName', 'lc'),
  ...template('launchTemplate'),
  ...template('mixedInstancesPolicy.launchTemplate.launchTemplateSpecification'),
  ...template('mixedInstancesPolicy.launchTemplate.overrides[].launchTemplateSpecification'),
];

const ec2: Readonly<Record<string, PlanType>> = {
  Instance: { kind: 'instance', prefix: 'i', slots: instanceSlots, follow: { subnet: 'subnetId' } },
  SpotInstanceRequest: {
    kind: 'instance',
    prefix: 'i',
    idIn: ['spotInstanceId'],
    slots: instanceSlots,
    follow: { subnet: 'subnetId' },
  },
  LaunchTemplate: { kind: 'lt', prefix: 'lt', slots: launchedSlots },
  LaunchConfiguration: { kind: 'lc', prefix: 'lc', slots: [set('securityGroups[]', 'sg')] },
  SecurityGroup: {
    kind: 'sg',
    prefix: 'sg',
    slots: [one('vpcId', 'vpc'), ...ruleParts('ingress[]'), ...ruleParts('egress[]')],
    follow: { vpc: 'vpcId' },
  },
  DefaultSecurityGroup: {
    is: 'sg',
    prefix: 'sg',
    slots: [one('vpcId', 'vpc'), ...ruleParts('ingress[]'), ...ruleParts('egress[]')],
    follow: { vpc: 'vpcId' },
  },
  SecurityGroupRule: {
    slots: [part('securityGroupId', 'sg'), peer('sourceSecurityGroupId', 'sg'), one('prefixListIds[]', 'pl')],
    follow: { sg: 'securityGroupId' },
  },
  NetworkInterface: {
    kind: 'eni',
    prefix: 'eni',
    slots: [one('subnetId', 'subnet'), set('securityGroups[]', 'sg'), part('attachments[].instance', 'instance')],
    follow: { subnet: 'subnetId' },
  },
  NetworkInterfaceAttachment: { slots: [part('instanceId', 'instance'), one('networkInterfaceId', 'eni')] },
  NetworkInterfaceSecurityGroupAttachment: {
    slots: [part('networkInterfaceId', 'eni'), one('securityGroupId', 'sg')],
  },
  Subnet: { kind: 'subnet', prefix: 'subnet', slots: [one('vpcId', 'vpc')], follow: { vpc: 'vpcId' } },
  DefaultSubnet: { kind: 'subnet', prefix: 'subnet', slots: [one('vpcId', 'vpc')], follow: { vpc: 'vpcId' } },
  Vpc: { kind: 'vpc', prefix: 'vpc' },
  DefaultVpc: { kind: 'vpc', prefix: 'vpc' },
  VpcIpv4CidrBlockAssociation: { slots: [part('vpcId', 'vpc')] },
  VpcIpv6CidrBlockAssociation: { slots: [part('vpcId', 'vpc')] },
  InternetGateway: { kind: 'gateway', prefix: 'igw', slots: [part('vpcId', 'vpc')], follow: { vpc: 'vpcId' } },
  InternetGatewayAttachment: {
    slots: [part('internetGatewayId', 'gateway'), part('vpcId', 'vpc')],
    follow: { gateway: 'internetGatewayId' },
  },
  EgressOnlyInternetGateway: { kind: 'gateway', prefix: 'eigw', slots: [one('vpcId', 'vpc')] },
  NatGateway: { kind: 'gateway', prefix: 'nat', slots: [one('subnetId', 'subnet')] },
  VpnGateway: { kind: 'gateway', prefix: 'vgw', slots: [one('vpcId', 'vpc')] },
  RouteTable: {
    kind: 'rtb',
    prefix: 'rtb',
    slots: [one('vpcId', 'vpc'), ...targetsAt('routes[].')],
    follow: { vpc: 'vpcId' },
  },
  DefaultRouteTable: {
    is: 'rtb',
    prefix: 'rtb',
    slots: [part('defaultRouteTableId', 'rtb'), ...targetsAt('routes[].')],
  },
  Route: { slots: [part('routeTableId', 'rtb'), ...targetsAt('')], follow: { rtb: 'routeTableId' } },
  RouteTableAssociation: {
    slots: [part('subnetId', 'subnet'), part('gatewayId', 'gateway'), one('routeTableId', 'rtb')],
  },
  MainRouteTableAssociation: { slots: [part('vpcId', 'vpc'), one('routeTableId', 'rtb')] },
  NetworkAcl: {
    kind: 'nacl',
    prefix: 'acl',
    slots: [one('vpcId', 'vpc'), { ...part('subnetIds[]', 'subnet'), isFree: true }],
    follow: { vpc: 'vpcId' },
  },
  NetworkAclRule: { slots: [part('networkAclId', 'nacl')] },
  NetworkAclAssociation: { slots: [one('networkAclId', 'nacl'), part('subnetId', 'subnet')] },
  DefaultNetworkAcl: {
    is: 'nacl',
    prefix: 'acl',
    slots: [part('defaultNetworkAclId', 'nacl'), { ...part('subnetIds[]', 'subnet'), isFree: true }],
  },
  Eip: {
    kind: 'eip',
    prefix: 'eipalloc',
    idIn: ['allocationId', 'id'],
    slots: [part('instance', 'instance'), part('networkInterface', 'eni')],
  },
  EipAssociation: {
    slots: [
      one('allocationId', 'eip'),
      one('publicIp', 'eip'),
      part('instanceId', 'instance'),
      part('networkInterfaceId', 'eni'),
    ],
  },
  ManagedPrefixList: { kind: 'pl', prefix: 'pl' },
  ManagedPrefixListEntry: { slots: [part('prefixListId', 'pl')] },
  VpcBlockPublicAccessOptions: {},
  VpcBlockPublicAccessExclusion: { slots: [part('vpcId', 'vpc'), part('subnetId', 'subnet')] },
};

const vpcModule: Readonly<Record<string, PlanType>> = {
  SecurityGroupIngressRule: {
    slots: [part('securityGroupId', 'sg'), peer('referencedSecurityGroupId', 'sg'), one('prefixListId', 'pl')],
    follow: { sg: 'securityGroupId' },
  },
  SecurityGroupEgressRule: {
    slots: [part('securityGroupId', 'sg'), peer('referencedSecurityGroupId', 'sg'), one('prefixListId', 'pl')],
    follow: { sg: 'securityGroupId' },
  },
  SecurityGroupVpcAssociation: { slots: [part('securityGroupId', 'sg'), one('vpcId', 'vpc')] },
};

/** Balancers, and what they send to. A listener is a part of the target group that it forwards to: it is another way in to that. */
const balancers: Readonly<Record<string, PlanType>> = {
  LoadBalancer: {
    kind: 'lb',
    prefix: 'lb',
    slots: [set('subnets[]', 'subnet'), one('subnetMappings[].subnetId', 'subnet'), set('securityGroups[]', 'sg')],
  },
  Listener: { slots: [one('loadBalancerArn', 'lb'), part('defaultActions[].targetGroupArn', 'tg')] },
  TargetGroup: { kind: 'tg', prefix: 'tg', slots: [one('vpcId', 'vpc')] },
  TargetGroupAttachment: { slots: [one('targetGroupArn', 'tg'), part('targetId', 'instance')] },
};

/** What Cloud Control calls differently. */
const native: Readonly<Record<string, PlanType>> = {
  Instance: {
    kind: 'instance',
    prefix: 'i',
    idIn: ['instanceId', 'awsId'],
    slots: [
      one('subnetId', 'subnet'),
      set('securityGroupIds[]', 'sg'),
      one('networkInterfaces[].subnetId', 'subnet'),
      set('networkInterfaces[].groupSet[]', 'sg'),
      one('networkInterfaces[].networkInterfaceId', 'eni'),
      ...template('launchTemplate'),
    ],
    follow: { subnet: 'subnetId' },
  },
  SecurityGroup: {
    kind: 'sg',
    prefix: 'sg',
    idIn: ['groupId', 'awsId'],
    slots: [
      one('vpcId', 'vpc'),
      ...nativeRuleParts('securityGroupIngress[]'),
      ...nativeRuleParts('securityGroupEgress[]'),
    ],
    follow: { vpc: 'vpcId' },
  },
  SecurityGroupIngress: {
    slots: [part('groupId', 'sg'), peer('sourceSecurityGroupId', 'sg'), one('sourcePrefixListId', 'pl')],
    follow: { sg: 'groupId' },
  },
  SecurityGroupEgress: {
    slots: [part('groupId', 'sg'), peer('destinationSecurityGroupId', 'sg'), one('destinationPrefixListId', 'pl')],
    follow: { sg: 'groupId' },
  },
  Subnet: {
    kind: 'subnet',
    prefix: 'subnet',
    idIn: ['subnetId', 'awsId'],
    slots: [one('vpcId', 'vpc')],
    follow: { vpc: 'vpcId' },
  },
  Vpc: { kind: 'vpc', prefix: 'vpc', idIn: ['vpcId', 'awsId'] },
  InternetGateway: { kind: 'gateway', prefix: 'igw', idIn: ['internetGatewayId', 'awsId'] },
  VpcGatewayAttachment: {
    slots: [part('internetGatewayId', 'gateway'), part('vpcId', 'vpc')],
    follow: { gateway: 'internetGatewayId' },
  },
  RouteTable: {
    kind: 'rtb',
    prefix: 'rtb',
    idIn: ['routeTableId', 'awsId'],
    slots: [one('vpcId', 'vpc')],
    follow: { vpc: 'vpcId' },
  },
  Route: { slots: [part('routeTableId', 'rtb'), ...targetsAt('')], follow: { rtb: 'routeTableId' } },
  SubnetRouteTableAssociation: { slots: [part('subnetId', 'subnet'), one('routeTableId', 'rtb')] },
  NetworkAcl: { kind: 'nacl', prefix: 'acl', idIn: ['awsId'], slots: [one('vpcId', 'vpc')], follow: { vpc: 'vpcId' } },
  SubnetNetworkAclAssociation: { slots: [one('networkAclId', 'nacl'), part('subnetId', 'subnet')] },
  NetworkInterface: {
    kind: 'eni',
    prefix: 'eni',
    idIn: ['awsId'],
    slots: [one('subnetId', 'subnet'), set('groupSet[]', 'sg')],
    follow: { subnet: 'subnetId' },
  },
  NetworkInterfaceAttachment: { slots: [part('instanceId', 'instance'), one('networkInterfaceId', 'eni')] },
  Eip: { kind: 'eip', prefix: 'eipalloc', idIn: ['allocationId'], slots: [part('instanceId', 'instance')] },
  EipAssociation: {
    slots: [
      one('allocationId', 'eip'),
      one('eip', 'eip'),
      part('instanceId', 'instance'),
      part('networkInterfaceId', 'eni'),
    ],
  },
  PrefixList: { kind: 'pl', prefix: 'pl', idIn: ['prefixListId'] },
  SecurityGroupVpcAssociation: { slots: [part('groupId', 'sg'), one('vpcId', 'vpc')] },
  LaunchTemplate: {
    kind: 'lt',
    prefix: 'lt',
    idIn: ['launchTemplateId'],
    slots: [
      set('launchTemplateData.securityGroupIds[]', 'sg'),
      set('launchTemplateData.networkInterfaces[].groups[]', 'sg'),
      one('launchTemplateData.networkInterfaces[].subnetId', 'subnet'),
      one('launchTemplateData.networkInterfaces[].networkInterfaceId', 'eni'),
    ],
  },
};

/** By the key of the token, which is the same for every spelling of a type. */
export const planTypes: ReadonlyMap<string, PlanType> = new Map([
  ...Object.entries(ec2).flatMap(([name, type]) => [
    [`aws:ec2:${name}`, type] as const,
    // A provider that is bridged as the program starts has one module for all.
    [`aws:index:${name}`, type] as const,
  ]),
  ...Object.entries(balancers).flatMap(([name, type]) =>
    ['lb', 'alb'].map((module) => [`aws:${module}:${name}`, type] as const),
  ),
  ...Object.entries(vpcModule).map(([name, type]) => [`aws:vpc:${name}`, type] as const),
  ...Object.entries(native).map(([name, type]) => [`aws-native:ec2:${name}`, type] as const),
  ['aws:autoscaling:Group', { kind: 'asg', prefix: 'asg', slots: groupSlots('vpcZoneIdentifiers') }],
  ['aws-native:autoscaling:AutoScalingGroup', { kind: 'asg', prefix: 'asg', slots: groupSlots('vpcZoneIdentifier') }],
]);
