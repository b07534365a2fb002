import { addressIn, awsId } from './digest.mjs';

const ACCOUNT = '123456789012';
const DEFAULT_VPC = awsId('vpc', 'default');
const DEFAULT_SUBNET = awsId('subnet', 'default');

/** Subnets that this run has seen, and their prefixes: addresses of interfaces come from there. */
const prefixes = new Map([[DEFAULT_SUBNET, '172.31.0.0/20']]);
/** Those in which machines get public addresses unless they are told otherwise. */
const publicSubnets = new Set([DEFAULT_SUBNET]);

function ec2(kind, id, { region }) {
  return { arn: `arn:aws:ec2:${region}:${ACCOUNT}:${kind}/${id}`, ownerId: ACCOUNT, region };
}

/** A type whose ids have a prefix; `computed` as in resources.mjs. */
function prefixed(prefix, computed = (_id, { region }) => ({ region })) {
  return { id: (_resource, seed) => awsId(prefix, seed), computed };
}

/** A default object: adopted, not made, so its id is the one that its VPC gave back. */
function adopted(key, prefix, computed) {
  return { id: ({ inputs }) => inputs[key] ?? awsId(prefix, DEFAULT_VPC), computed };
}

function vpc(id, resource) {
  return {
    ...ec2('vpc', id, resource),
    defaultNetworkAclId: awsId('acl', id),
    defaultRouteTableId: awsId('rtb', id),
    defaultSecurityGroupId: awsId('sg', id),
    dhcpOptionsId: awsId('dopt', 'default'),
    ipv6AssociationId: '',
    ipv6CidrBlock: resource.inputs.assignGeneratedIpv6CidrBlock ? '2600:1f18:1234:5600::/56' : '',
    mainRouteTableId: awsId('rtb', id),
  };
}

function subnet(id, resource) {
  prefixes.set(id, resource.inputs.cidrBlock);
  if (resource.inputs.mapPublicIpOnLaunch) publicSubnets.add(id);
  return {
    ...ec2('subnet', id, resource),
    availabilityZone: `${resource.region}a`,
    availabilityZoneId: 'az1',
    ipv6CidrBlockAssociationId: '',
  };
}

function securityGroup(id, resource) {
  return { ...ec2('security-group', id, resource), egress: [], ingress: [], vpcId: DEFAULT_VPC };
}

function instance(id, resource) {
  const { subnetId = DEFAULT_SUBNET } = resource.inputs;
  const { associatePublicIpAddress = publicSubnets.has(subnetId) } = resource.inputs;
  return {
    ...ec2('instance', id, resource),
    associatePublicIpAddress,
    availabilityZone: `${resource.region}a`,
    instanceState: 'running',
    primaryNetworkInterfaceId: awsId('eni', id),
    privateIp: addressIn(prefixes.get(subnetId), id),
    publicIp: associatePublicIpAddress ? addressIn('52.0.0.0/8', id) : '',
    subnetId,
    vpcSecurityGroupIds: [awsId('sg', DEFAULT_VPC)],
  };
}

function networkInterface(id, resource) {
  const privateIp = addressIn(prefixes.get(resource.inputs.subnetId), id);
  return {
    ...ec2('network-interface', id, resource),
    attachments: [],
    ipv6Addresses: [],
    privateIp,
    privateIps: [privateIp],
    securityGroups: [awsId('sg', DEFAULT_VPC)],
  };
}

function eip(id, resource) {
  return {
    ...ec2('elastic-ip', id, resource),
    allocationId: id,
    associationId: '',
    publicIp: addressIn('52.0.0.0/8', id),
  };
}

function routeTable(id, resource) {
  return { ...ec2('route-table', id, resource), propagatingVgws: [], routes: [] };
}

function networkAcl(id, resource) {
  return { ...ec2('network-acl', id, resource), egress: [], ingress: [], subnetIds: [] };
}

function securityGroupRule(id, resource) {
  return { ...ec2('security-group-rule', id, resource), securityGroupRuleId: id };
}

export const awsTypes = {
  'aws:ec2/defaultNetworkAcl:DefaultNetworkAcl': adopted('defaultNetworkAclId', 'acl', networkAcl),
  'aws:ec2/defaultRouteTable:DefaultRouteTable': adopted('defaultRouteTableId', 'rtb', routeTable),
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': {
    id: ({ inputs }) => awsId('sg', inputs.vpcId ?? DEFAULT_VPC),
    computed: securityGroup,
  },
  'aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway': prefixed('eigw'),
  'aws:ec2/eip:Eip': prefixed('eipalloc', eip),
  'aws:ec2/eipAssociation:EipAssociation': prefixed('eipassoc'),
  'aws:ec2/instance:Instance': prefixed('i', instance),
  'aws:ec2/internetGateway:InternetGateway': prefixed('igw', (id, resource) => ({
    ...ec2('internet-gateway', id, resource),
    vpcId: '',
  })),
  'aws:ec2/launchTemplate:LaunchTemplate': {
    name: 'name',
    ...prefixed('lt', (id, resource) => ({
      ...ec2('launch-template', id, resource),
      defaultVersion: 1,
      latestVersion: 1,
    })),
  },
  'aws:ec2/managedPrefixList:ManagedPrefixList': { name: 'name', ...prefixed('pl') },
  'aws:ec2/natGateway:NatGateway': prefixed('nat'),
  'aws:ec2/networkAcl:NetworkAcl': prefixed('acl', networkAcl),
  'aws:ec2/networkAclAssociation:NetworkAclAssociation': prefixed('aclassoc'),
  'aws:ec2/networkAclRule:NetworkAclRule': prefixed('nacl'),
  'aws:ec2/networkInterface:NetworkInterface': prefixed('eni', networkInterface),
  'aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment': prefixed('eni-attach'),
  'aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment': prefixed('eni-sg'),
  'aws:ec2/route:Route': prefixed('r-rtb'),
  'aws:ec2/routeTable:RouteTable': prefixed('rtb', routeTable),
  'aws:ec2/routeTableAssociation:RouteTableAssociation': prefixed('rtbassoc'),
  'aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation': prefixed('rtbassoc'),
  'aws:ec2/securityGroup:SecurityGroup': { name: 'name', ...prefixed('sg', securityGroup) },
  'aws:ec2/securityGroupRule:SecurityGroupRule': prefixed('sgrule', securityGroupRule),
  'aws:ec2/subnet:Subnet': prefixed('subnet', subnet),
  'aws:ec2/vpc:Vpc': prefixed('vpc', vpc),
  'aws:ec2/vpcPeeringConnection:VpcPeeringConnection': prefixed('pcx'),
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': prefixed('sgr', securityGroupRule),
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': prefixed('sgr', securityGroupRule),
};
