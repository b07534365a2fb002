/** The AWS services that are asked. */
export type AwsService = 'ec2' | 'elbv2' | 'ssm' | 'directconnect';

/** How an operation hands out its answer: the names of its page token going in and coming out, and of the page size. */
export interface Paging {
  readonly send: string;
  readonly receive: string;
  readonly size: string;
  /** The largest page that the operation allows; some operations refuse a request without a size. */
  readonly largest: number;
}

/** One operation of an AWS API that port22 may call. All of them read, none of them writes. */
export interface AwsOperation {
  readonly service: AwsService;
  /** The operation's API name: `DescribeVpcs`. */
  readonly name: string;
  /** The answer's top-level key that holds what was asked for. */
  readonly result: string;
  /** True where an answer without the result is an empty list: XML has no other word for one. */
  readonly omittable: boolean;
  /** Absent where everything comes in one page. */
  readonly paging?: Paging;
  /** What every request says besides page size, token and parameter. */
  readonly input?: Readonly<Record<string, unknown>>;
  /**
   * The call is made once for each value of `field` among the records of another operation's answer, and sends it under the same name.
   * `within` is the list in those records that holds it, where it is not the records' own.
   */
  readonly forEach?: { readonly of: string; readonly within?: string; readonly field: string };
  /** The call is made once when a record of another operation's answer has a `field` that is not `common`. */
  readonly whenAny?: { readonly of: string; readonly field: string; readonly common: string };
  /** The answer's flag by which the service says that it left records out although there is no further page. */
  readonly cutShort?: string;
}

type Details = Partial<Omit<AwsOperation, 'service' | 'name' | 'result' | 'omittable'>>;

const IAM_PREFIX: Readonly<Record<AwsService, string>> = {
  ec2: 'ec2',
  elbv2: 'elasticloadbalancing',
  ssm: 'ssm',
  directconnect: 'directconnect',
};

function ec2(name: string, result: string, largest?: number, details: Details = {}): AwsOperation {
  const paging = { send: 'NextToken', receive: 'NextToken', size: 'MaxResults' };
  return {
    service: 'ec2',
    name,
    result,
    omittable: true,
    ...(largest && { paging: { ...paging, largest } }),
    ...details,
  };
}

function ec2Setting(name: string, result: string): AwsOperation {
  return { service: 'ec2', name, result, omittable: false };
}

function elbv2(name: string, result: string, largest?: number, details: Details = {}): AwsOperation {
  const paging = { send: 'Marker', receive: 'NextMarker', size: 'PageSize' };
  return {
    service: 'elbv2',
    name,
    result,
    omittable: true,
    ...(largest && { paging: { ...paging, largest } }),
    ...details,
  };
}

const perVpc = { forEach: { of: 'DescribeVpcs', field: 'VpcId' } };
const perPrefixList = { forEach: { of: 'DescribeManagedPrefixLists', field: 'PrefixListId' } };
const perTransitTable = { forEach: { of: 'DescribeTransitGatewayRouteTables', field: 'TransitGatewayRouteTableId' } };
const perBalancer = { forEach: { of: 'DescribeLoadBalancers', field: 'LoadBalancerArn' } };
const perTargetGroup = { forEach: { of: 'DescribeTargetGroups', field: 'TargetGroupArn' } };

/** Without it the three largest collections hide what AWS services manage, where the account's visibility setting says so. */
const managedToo = { IncludeManagedResources: true };

/** Asked only to learn which regions an account can use. */
export const describeRegions = ec2('DescribeRegions', 'Regions');

/**
 * Everything that one region of one account is asked. Page sizes are the largest of the EC2 model of 2016-11-15; calls that
 * page draw on the larger of the two throttling buckets. Console output and user data can hold secrets: they are not here (user data:
 * `describeUserData`).
 */
export const operations: readonly AwsOperation[] = [
  ec2('DescribeInstances', 'Reservations', 1000, { input: managedToo }),
  ec2('DescribeInstanceStatus', 'InstanceStatuses', 1000, { input: { IncludeAllInstances: true, ...managedToo } }),
  ec2('DescribeNetworkInterfaces', 'NetworkInterfaces', 1000, { input: managedToo }),
  ec2('DescribeAddresses', 'Addresses'),
  ec2('DescribeByoipCidrs', 'ByoipCidrs', 100, {
    whenAny: { of: 'DescribeAddresses', field: 'PublicIpv4Pool', common: 'amazon' },
  }),
  ec2('DescribeSubnets', 'Subnets', 1000),
  ec2('DescribeVpcs', 'Vpcs', 1000),
  ec2('DescribeSecurityGroups', 'SecurityGroups', 1000),
  ec2('DescribeSecurityGroupRules', 'SecurityGroupRules', 1000),
  ec2('DescribeStaleSecurityGroups', 'StaleSecurityGroupSet', 255, perVpc),
  ec2('DescribeSecurityGroupVpcAssociations', 'SecurityGroupVpcAssociations', 1000),
  ec2('DescribeNetworkAcls', 'NetworkAcls', 1000),
  ec2('DescribeRouteTables', 'RouteTables', 100),
  ec2('DescribeInternetGateways', 'InternetGateways', 1000),
  ec2('DescribeEgressOnlyInternetGateways', 'EgressOnlyInternetGateways', 255),
  ec2('DescribeNatGateways', 'NatGateways', 1000),
  ec2('DescribeManagedPrefixLists', 'PrefixLists', 100),
  ec2('GetManagedPrefixListEntries', 'Entries', 100, perPrefixList),
  ec2Setting('DescribeVpcBlockPublicAccessOptions', 'VpcBlockPublicAccessOptions'),
  ec2('DescribeVpcBlockPublicAccessExclusions', 'VpcBlockPublicAccessExclusions', 1000),
  ec2('DescribeVpcEncryptionControls', 'VpcEncryptionControls', 1000),
  ec2('DescribeVpcEndpoints', 'VpcEndpoints', 1000),

  ec2('DescribeVpcPeeringConnections', 'VpcPeeringConnections', 1000),
  ec2('DescribeTransitGateways', 'TransitGateways', 1000),
  ec2('DescribeTransitGatewayAttachments', 'TransitGatewayAttachments', 1000),
  ec2('DescribeTransitGatewayVpcAttachments', 'TransitGatewayVpcAttachments', 1000),
  ec2('DescribeTransitGatewayPeeringAttachments', 'TransitGatewayPeeringAttachments', 1000),
  ec2('DescribeTransitGatewayRouteTables', 'TransitGatewayRouteTables', 1000),
  ec2('GetTransitGatewayRouteTableAssociations', 'Associations', 1000, perTransitTable),
  ec2('GetTransitGatewayRouteTablePropagations', 'TransitGatewayRouteTablePropagations', 1000, perTransitTable),
  ec2('GetTransitGatewayPrefixListReferences', 'TransitGatewayPrefixListReferences', 1000, perTransitTable),
  ec2('SearchTransitGatewayRoutes', 'Routes', 1000, {
    ...perTransitTable,
    input: { Filters: [{ Name: 'state', Values: ['active', 'blackhole'] }] },
    cutShort: 'AdditionalRoutesAvailable',
  }),
  ec2('DescribeVpnGateways', 'VpnGateways'),
  ec2('DescribeVpnConnections', 'VpnConnections'),
  ec2('DescribeCarrierGateways', 'CarrierGateways', 1000),
  ec2('DescribeLocalGatewayRouteTables', 'LocalGatewayRouteTables', 1000),
  {
    service: 'directconnect',
    name: 'DescribeVirtualInterfaces',
    result: 'virtualInterfaces',
    omittable: false,
    paging: { send: 'nextToken', receive: 'nextToken', size: 'maxResults', largest: 100 },
  },

  ec2('DescribeInstanceConnectEndpoints', 'InstanceConnectEndpoints', 50),
  ec2Setting('GetSerialConsoleAccessStatus', 'SerialConsoleAccessEnabled'),
  {
    service: 'ssm',
    name: 'DescribeInstanceInformation',
    result: 'InstanceInformationList',
    omittable: false,
    paging: { send: 'NextToken', receive: 'NextToken', size: 'MaxResults', largest: 50 },
  },
  elbv2('DescribeLoadBalancers', 'LoadBalancers', 400),
  elbv2('DescribeLoadBalancerAttributes', 'Attributes', undefined, perBalancer),
  elbv2('DescribeListeners', 'Listeners', 400, perBalancer),
  elbv2('DescribeTargetGroups', 'TargetGroups', 400),
  elbv2('DescribeTargetGroupAttributes', 'Attributes', undefined, perTargetGroup),
  elbv2('DescribeTargetHealth', 'TargetHealthDescriptions', undefined, perTargetGroup),
];

/**
 * What EC2 hands to an instance when it boots: asked only by those who say so, since it can hold secrets, and since there is no list of
 * it, but a call for each instance.
 */
export const describeUserData = ec2('DescribeInstanceAttribute', 'UserData', undefined, {
  input: { Attribute: 'userData' },
  forEach: { of: 'DescribeInstances', within: 'Instances', field: 'InstanceId' },
});

/** The IAM action that permits an operation: `elasticloadbalancing:DescribeListeners`. */
export function actionOf(operation: AwsOperation): string {
  return `${IAM_PREFIX[operation.service]}:${operation.name}`;
}

/** Every IAM action that port22 uses, sorted; all of them on resource `*`. Who may not do one gets `unknown` where it matters. */
export function awsPermissions(): string[] {
  return [describeRegions, ...operations].map(actionOf).sort();
}

/** The operations that can be asked at once, without an answer of another. */
export function independentOperations(): readonly AwsOperation[] {
  return operations.filter((operation) => !operation.forEach && !operation.whenAny);
}

/** One call to make: the operation and its identifying parameters. */
export interface AwsCall {
  readonly operation: AwsOperation;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The calls that follow from the answer of an operation, in the order of the table, each once; then those of `more`. */
export function callsAfter(
  answered: AwsOperation,
  body: Readonly<Record<string, unknown>>,
  more: readonly AwsOperation[] = [],
): AwsCall[] {
  return [...operations, ...more].flatMap((operation) => {
    const { forEach, whenAny } = operation;
    if (forEach?.of === answered.name) {
      const values = valuesOf(forEach.field, recordsIn(forEach.within, body[answered.result]));
      return values.map((value) => ({ operation, parameters: { [forEach.field]: value } }));
    }
    const due =
      whenAny?.of === answered.name &&
      valuesOf(whenAny.field, body[answered.result]).some((value) => value !== whenAny.common);
    return due ? [{ operation, parameters: {} }] : [];
  });
}

/** The records themselves, or those of a list in each of them. */
function recordsIn(within: string | undefined, records: unknown): unknown {
  if (within === undefined || !Array.isArray(records)) return records;
  return records.flatMap((record): unknown[] => (Array.isArray(record?.[within]) ? record[within] : []));
}

function valuesOf(field: string, records: unknown): string[] {
  const values = (Array.isArray(records) ? records : []).map((record): unknown => record?.[field]);
  return [...new Set(values)].filter((value) => typeof value === 'string');
}
