import type { AwsRequest } from './request.js';

/** How many records a page may be asked to hold; a list that is not here comes in one page and takes no size. From the service models of 2026. */
const PAGE_BOUNDS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  DescribeByoipCidrs: [1, 100],
  DescribeCarrierGateways: [5, 1000],
  DescribeEgressOnlyInternetGateways: [5, 255],
  DescribeInstanceConnectEndpoints: [1, 50],
  DescribeInstanceInformation: [5, 50],
  DescribeInstanceStatus: [5, 1000],
  DescribeInstances: [5, 1000],
  DescribeInternetGateways: [5, 1000],
  DescribeListeners: [1, 400],
  DescribeLoadBalancers: [1, 400],
  DescribeLocalGatewayRouteTables: [5, 1000],
  DescribeManagedPrefixLists: [1, 100],
  DescribeNatGateways: [5, 1000],
  DescribeNetworkAcls: [5, 1000],
  DescribeNetworkInterfaces: [5, 1000],
  DescribeRouteTables: [5, 100],
  DescribeSecurityGroupRules: [5, 1000],
  DescribeSecurityGroupVpcAssociations: [5, 1000],
  DescribeSecurityGroups: [5, 1000],
  DescribeStaleSecurityGroups: [5, 255],
  DescribeSubnets: [5, 1000],
  DescribeTargetGroups: [1, 400],
  DescribeTransitGatewayAttachments: [5, 1000],
  DescribeTransitGatewayPeeringAttachments: [5, 1000],
  DescribeTransitGatewayRouteTables: [5, 1000],
  DescribeTransitGatewayVpcAttachments: [5, 1000],
  DescribeTransitGateways: [5, 1000],
  DescribeVirtualInterfaces: [1, 100],
  DescribeVpcBlockPublicAccessExclusions: [5, 1000],
  DescribeVpcEncryptionControls: [5, 1000],
  DescribeVpcEndpoints: [5, 1000],
  DescribeVpcPeeringConnections: [5, 1000],
  DescribeVpcs: [5, 1000],
  GetManagedPrefixListEntries: [1, 100],
  GetTransitGatewayPrefixListReferences: [5, 1000],
  GetTransitGatewayRouteTableAssociations: [5, 1000],
  GetTransitGatewayRouteTablePropagations: [5, 1000],
  SearchTransitGatewayRoutes: [5, 1000],
};

/** What the services call the size of a page, the token that asks for it, and the token of the next one. */
const DIALECTS: Readonly<Record<string, readonly [size: string, token: string, next: string]>> = {
  ec2: ['MaxResults', 'NextToken', 'NextToken'],
  ssm: ['MaxResults', 'NextToken', 'NextToken'],
  directconnect: ['maxResults', 'nextToken', 'nextToken'],
  elasticloadbalancing: ['PageSize', 'Marker', 'NextMarker'],
};

/** Why the service refuses to page as asked; undefined when it does not. */
export function pagingFault({ service, operation, parameters }: AwsRequest): string | undefined {
  const [sizeName] = DIALECTS[service] ?? [''];
  const asked = parameters[sizeName];
  const bounds = PAGE_BOUNDS[operation];
  if (!bounds) return asked === undefined ? undefined : `${operation} does not know ${sizeName}`;
  if (asked === undefined) return operation === 'DescribeByoipCidrs' ? `${operation} needs ${sizeName}` : undefined;
  const [least, most] = bounds;
  const fits = Number(asked) >= least && Number(asked) <= most;
  return fits ? undefined : `${sizeName} ${asked} of ${operation} is not between ${least} and ${most}`;
}

/** One page of the answer's list: as many records as were asked for, at most `most`. An answer without a list is its only page. */
export function pageOf(
  { service, parameters }: AwsRequest,
  body: Readonly<Record<string, unknown>>,
  most: number,
): Readonly<Record<string, unknown>> {
  const [sizeName, tokenName, nextName] = DIALECTS[service] ?? ['', '', ''];
  const [key, records] = Object.entries(body).find(([, value]) => Array.isArray(value)) ?? [];
  if (key === undefined || !Array.isArray(records)) return body;
  const first = Number(/^after-(\d+)$/.exec(parameters[tokenName] ?? '')?.[1] ?? 0);
  const next = first + Math.min(Number(parameters[sizeName] ?? Number.POSITIVE_INFINITY), most);
  const token = next < records.length ? { [nextName]: `after-${next}` } : {};
  return { ...body, [key]: records.slice(first, next), ...token };
}
