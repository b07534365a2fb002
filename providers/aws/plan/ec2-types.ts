import type { Slot } from '../../../src/plan/slot.js';
import { fleetConfigs, one, type PlanType, part, peer, set, targetsAt, template, texts } from './plan-type.js';

const ruleParts = (path: string): Slot[] => [
  peer(`${path}.securityGroups[]`, 'sg'),
  one(`${path}.prefixListIds[]`, 'pl'),
];

const instanceSlots: readonly Slot[] = [
  one('subnetId', 'subnet'),
  set('vpcSecurityGroupIds[]', 'sg'),
  set('securityGroups[]', 'sg'),
  one('networkInterfaces[].networkInterfaceId', 'eni'),
  one('primaryNetworkInterface.networkInterfaceId', 'eni'),
  one('secondaryNetworkInterfaces[].networkInterfaceId', 'eni'),
  ...template('launchTemplate'),
];
const launchedSlots: readonly Slot[] = [
  set('vpcSecurityGroupIds[]', 'sg'),
  set('securityGroupNames[]', 'sg'),
  set('networkInterfaces[].securityGroups[]', 'sg'),
  one('networkInterfaces[].subnetId', 'subnet'),
  one('networkInterfaces[].networkInterfaceId', 'eni'),
];
/** Machines, groups and networks as the bridged provider calls them. */
export const ec2: Readonly<Record<string, PlanType>> = {
  Instance: { kind: 'instance', prefix: 'i', slots: instanceSlots, follow: { subnet: 'subnetId' } },
  SpotInstanceRequest: {
    kind: 'instance',
    prefix: 'i',
    idIn: ['spotInstanceId'],
    slots: instanceSlots,
    follow: { subnet: 'subnetId' },
  },
  LaunchTemplate: { kind: 'lt', prefix: 'lt', slots: launchedSlots },
  SpotFleetRequest: {
    kind: 'fleet',
    prefix: 'sfr',
    slots: [
      texts('launchSpecifications[].subnetId', 'subnet'),
      set('launchSpecifications[].vpcSecurityGroupIds[]', 'sg'),
      set('targetGroupArns[]', 'tg'),
      ...fleetConfigs('launchTemplateConfigs'),
    ],
  },
  Fleet: { kind: 'fleet', prefix: 'fleet', slots: fleetConfigs('launchTemplateConfigs') },
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
  RouteTable: {
    kind: 'rtb',
    prefix: 'rtb',
    slots: [one('vpcId', 'vpc'), ...targetsAt('routes[].'), set('propagatingVgws[]', 'gateway')],
    follow: { vpc: 'vpcId' },
  },
  DefaultRouteTable: {
    is: 'rtb',
    prefix: 'rtb',
    slots: [part('defaultRouteTableId', 'rtb'), ...targetsAt('routes[].'), set('propagatingVgws[]', 'gateway')],
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

export const vpcModule: Readonly<Record<string, PlanType>> = {
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
