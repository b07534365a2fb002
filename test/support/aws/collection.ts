/** JSON as the AWS CLI prints it; a field that is `undefined` is not printed. */
export type Json = string | number | boolean | null | readonly Json[] | CliRecord;
export type CliRecord = { readonly [field: string]: Json | undefined };

/** One recorded file, parsed. */
export interface RecordedDocument {
  readonly path: string;
  readonly value: unknown;
}

/** Top-level key of a CLI answer, the call that prints it, and the field that names one of its records. */
const COLLECTIONS = {
  Reservations: { operation: 'ec2:DescribeInstances', id: 'InstanceId' },
  InstanceStatuses: { operation: 'ec2:DescribeInstanceStatus', id: 'InstanceId' },
  NetworkInterfaces: { operation: 'ec2:DescribeNetworkInterfaces', id: 'NetworkInterfaceId' },
  Addresses: { operation: 'ec2:DescribeAddresses', id: 'AllocationId' },
  ByoipCidrs: { operation: 'ec2:DescribeByoipCidrs', id: 'Cidr' },
  Images: { operation: 'ec2:DescribeImages', id: 'ImageId' },
  KeyPairs: { operation: 'ec2:DescribeKeyPairs', id: 'KeyName' },
  Subnets: { operation: 'ec2:DescribeSubnets', id: 'SubnetId' },
  Vpcs: { operation: 'ec2:DescribeVpcs', id: 'VpcId' },
  SecurityGroups: { operation: 'ec2:DescribeSecurityGroups', id: 'GroupId' },
  SecurityGroupRules: { operation: 'ec2:DescribeSecurityGroupRules', id: 'SecurityGroupRuleId' },
  SecurityGroupVpcAssociations: { operation: 'ec2:DescribeSecurityGroupVpcAssociations', id: 'GroupId' },
  NetworkAcls: { operation: 'ec2:DescribeNetworkAcls', id: 'NetworkAclId' },
  RouteTables: { operation: 'ec2:DescribeRouteTables', id: 'RouteTableId' },
  InternetGateways: { operation: 'ec2:DescribeInternetGateways', id: 'InternetGatewayId' },
  EgressOnlyInternetGateways: {
    operation: 'ec2:DescribeEgressOnlyInternetGateways',
    id: 'EgressOnlyInternetGatewayId',
  },
  NatGateways: { operation: 'ec2:DescribeNatGateways', id: 'NatGatewayId' },
  CarrierGateways: { operation: 'ec2:DescribeCarrierGateways', id: 'CarrierGatewayId' },
  LocalGatewayRouteTables: { operation: 'ec2:DescribeLocalGatewayRouteTables', id: 'LocalGatewayRouteTableId' },
  PrefixLists: { operation: 'ec2:DescribeManagedPrefixLists', id: 'PrefixListId' },
  VpcPeeringConnections: { operation: 'ec2:DescribeVpcPeeringConnections', id: 'VpcPeeringConnectionId' },
  VpcBlockPublicAccessExclusions: { operation: 'ec2:DescribeVpcBlockPublicAccessExclusions', id: 'ExclusionId' },
  VpcEncryptionControls: { operation: 'ec2:DescribeVpcEncryptionControls', id: 'VpcEncryptionControlId' },
  VpcEndpoints: { operation: 'ec2:DescribeVpcEndpoints', id: 'VpcEndpointId' },
  TransitGateways: { operation: 'ec2:DescribeTransitGateways', id: 'TransitGatewayId' },
  TransitGatewayAttachments: {
    operation: 'ec2:DescribeTransitGatewayAttachments',
    id: 'TransitGatewayAttachmentId',
  },
  TransitGatewayVpcAttachments: {
    operation: 'ec2:DescribeTransitGatewayVpcAttachments',
    id: 'TransitGatewayAttachmentId',
  },
  TransitGatewayPeeringAttachments: {
    operation: 'ec2:DescribeTransitGatewayPeeringAttachments',
    id: 'TransitGatewayAttachmentId',
  },
  TransitGatewayRouteTables: {
    operation: 'ec2:DescribeTransitGatewayRouteTables',
    id: 'TransitGatewayRouteTableId',
  },
  VpnGateways: { operation: 'ec2:DescribeVpnGateways', id: 'VpnGatewayId' },
  VpnConnections: { operation: 'ec2:DescribeVpnConnections', id: 'VpnConnectionId' },
  InstanceConnectEndpoints: { operation: 'ec2:DescribeInstanceConnectEndpoints', id: 'InstanceConnectEndpointId' },
  LoadBalancers: { operation: 'elasticloadbalancing:DescribeLoadBalancers', id: 'LoadBalancerArn' },
  Listeners: { operation: 'elasticloadbalancing:DescribeListeners', id: 'ListenerArn' },
  TargetGroups: { operation: 'elasticloadbalancing:DescribeTargetGroups', id: 'TargetGroupArn' },
  InstanceInformationList: { operation: 'ssm:DescribeInstanceInformation', id: 'InstanceId' },
  virtualInterfaces: { operation: 'directconnect:DescribeVirtualInterfaces', id: 'virtualInterfaceId' },
} as const satisfies Record<string, { operation: string; id: string }>;

export type CollectionKey = keyof typeof COLLECTIONS;

export const COLLECTION_KEYS = Object.keys(COLLECTIONS) as CollectionKey[];

/** The IAM action of the call that prints this collection. */
export function operationOf(key: CollectionKey): string {
  return COLLECTIONS[key].operation;
}

/** The field by which a record of this collection is named. */
export function idFieldOf(key: CollectionKey): string {
  return COLLECTIONS[key].id;
}

/** `ec2:DescribeNetworkAcls` of `x` becomes `describe-network-acls-x.json`, as one would name the CLI's output. */
export function fileNameOf(operation: string, parameter?: string): string {
  const call = operation.slice(operation.indexOf(':') + 1).replace(/([a-z0-9])([A-Z])/g, '$1-$2');
  const suffix = parameter === undefined ? '' : `-${parameter.replace(/[^a-z0-9-]+/gi, '-')}`;
  return `${call.toLowerCase()}${suffix}.json`;
}

/** Calls that ask about one subject and print an answer that does not name it: the request's parameter stands beside. */
const QUESTIONS = {
  'ec2:DescribeStaleSecurityGroups': { parameter: 'VpcId', answer: 'StaleSecurityGroupSet' },
  'ec2:GetManagedPrefixListEntries': { parameter: 'PrefixListId', answer: 'Entries' },
  'ec2:SearchTransitGatewayRoutes': { parameter: 'TransitGatewayRouteTableId', answer: 'Routes' },
  'ec2:GetTransitGatewayRouteTableAssociations': { parameter: 'TransitGatewayRouteTableId', answer: 'Associations' },
  'ec2:GetTransitGatewayRouteTablePropagations': {
    parameter: 'TransitGatewayRouteTableId',
    answer: 'TransitGatewayRouteTablePropagations',
  },
  'ec2:GetTransitGatewayPrefixListReferences': {
    parameter: 'TransitGatewayRouteTableId',
    answer: 'TransitGatewayPrefixListReferences',
  },
  'elasticloadbalancing:DescribeTargetHealth': { parameter: 'TargetGroupArn', answer: 'TargetHealthDescriptions' },
  'elasticloadbalancing:DescribeTargetGroupAttributes': { parameter: 'TargetGroupArn', answer: 'Attributes' },
  'elasticloadbalancing:DescribeLoadBalancerAttributes': { parameter: 'LoadBalancerArn', answer: 'Attributes' },
  'ec2:GetConsoleOutput': { parameter: 'InstanceId', answer: 'Output' },
  'ec2:DescribeInstanceAttribute': { parameter: 'InstanceId', answer: 'UserData' },
} as const satisfies Record<string, { parameter: string; answer: string }>;

export type QuestionOperation = keyof typeof QUESTIONS;

/** The request's parameter of this call and the key of its answer, or undefined for a call that lists. */
export function questionOf(operation: string): { readonly parameter: string; readonly answer: string } | undefined {
  return operation in QUESTIONS ? QUESTIONS[operation as QuestionOperation] : undefined;
}
