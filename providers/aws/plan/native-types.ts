import type { Slot } from '../../../src/plan/slot.js';
import { fleetConfigs, one, type PlanType, part, peer, set, targetsAt, template, texts } from './plan-type.js';

const nativeRuleParts = (path: string): Slot[] => [
  peer(`${path}.sourceSecurityGroupId`, 'sg'),
  peer(`${path}.destinationSecurityGroupId`, 'sg'),
  one(`${path}.sourcePrefixListId`, 'pl'),
  one(`${path}.destinationPrefixListId`, 'pl'),
];

/** Where Cloud Control keeps what a spot fleet asks for. */
const fleetData = 'spotFleetRequestConfigData';

/** What Cloud Control calls differently. */
export const native: Readonly<Record<string, PlanType>> = {
  Instance: {
    kind: 'instance',
    prefix: 'i',
    idIn: ['instanceId', 'awsId'],
    slots: [
      one('subnetId', 'subnet'),
      set('securityGroupIds[]', 'sg'),
      set('securityGroups[]', 'sg'),
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
    slots: [
      part('groupId', 'sg'),
      part('groupName', 'sg'),
      peer('sourceSecurityGroupId', 'sg'),
      one('sourcePrefixListId', 'pl'),
    ],
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
    slots: [part('internetGatewayId', 'gateway'), part('vpnGatewayId', 'gateway'), part('vpcId', 'vpc')],
    follow: { gateway: 'internetGatewayId' },
  },
  EgressOnlyInternetGateway: { kind: 'gateway', prefix: 'eigw', idIn: ['awsId'], slots: [one('vpcId', 'vpc')] },
  NatGateway: { kind: 'gateway', prefix: 'nat', idIn: ['natGatewayId'], slots: [one('subnetId', 'subnet')] },
  VpcCidrBlock: { slots: [part('vpcId', 'vpc')] },
  VpcBlockPublicAccessOptions: {},
  VpcBlockPublicAccessExclusion: { slots: [part('vpcId', 'vpc'), part('subnetId', 'subnet')] },
  RouteTable: {
    kind: 'rtb',
    prefix: 'rtb',
    idIn: ['routeTableId', 'awsId'],
    slots: [one('vpcId', 'vpc')],
    follow: { vpc: 'vpcId' },
  },
  Route: { slots: [part('routeTableId', 'rtb'), ...targetsAt('')], follow: { rtb: 'routeTableId' } },
  GatewayRouteTableAssociation: { slots: [part('gatewayId', 'gateway'), one('routeTableId', 'rtb')] },
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
  SpotFleet: {
    kind: 'fleet',
    prefix: 'sfr',
    slots: [
      texts(`${fleetData}.launchSpecifications[].subnetId`, 'subnet'),
      set(`${fleetData}.launchSpecifications[].securityGroups[].groupId`, 'sg'),
      one(`${fleetData}.launchSpecifications[].networkInterfaces[].subnetId`, 'subnet'),
      set(`${fleetData}.launchSpecifications[].networkInterfaces[].groups[]`, 'sg'),
      one(`${fleetData}.launchSpecifications[].networkInterfaces[].networkInterfaceId`, 'eni'),
      ...fleetConfigs(`${fleetData}.launchTemplateConfigs`),
    ],
  },
  Ec2Fleet: { kind: 'fleet', prefix: 'fleet', slots: fleetConfigs('launchTemplateConfigs') },
  LaunchTemplate: {
    kind: 'lt',
    prefix: 'lt',
    idIn: ['launchTemplateId'],
    slots: [
      set('launchTemplateData.securityGroupIds[]', 'sg'),
      set('launchTemplateData.securityGroups[]', 'sg'),
      set('launchTemplateData.networkInterfaces[].groups[]', 'sg'),
      one('launchTemplateData.networkInterfaces[].subnetId', 'subnet'),
      one('launchTemplateData.networkInterfaces[].networkInterfaceId', 'eni'),
    ],
  },
};
