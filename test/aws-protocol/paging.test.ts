import { describe, expect, test } from '@jest/globals';
import type { CliRecord } from '../support/aws/collection.js';
import { f0 } from '../support/aws/fixture.js';
import { transitGateway } from '../support/aws/topology.js';
import { fetched } from '../support/aws-server/fetched.js';
import { loopback } from '../support/aws-server/loopback.js';
import { answer, failure } from '../support/aws-server/reply.js';
import type { AwsRequest } from '../support/aws-server/request.js';

const aws = loopback();

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function tokensOf(requests: readonly AwsRequest[], operation: string): (string | undefined)[] {
  return requests.filter((request) => request.operation === operation).map(({ parameters }) => parameters.NextToken);
}

describe('a list of many pages', () => {
  const balancer = (index: number): CliRecord => ({ LoadBalancerArn: `arn:lb/${index}`, Type: 'network' });
  const lists: readonly [operation: string, result: string, records: readonly CliRecord[]][] = [
    [
      'ec2:DescribeVpcPeeringConnections',
      'VpcPeeringConnections',
      numbered(7, (n) => ({ VpcPeeringConnectionId: `pcx-${n}` })),
    ],
    ['elasticloadbalancing:DescribeLoadBalancers', 'LoadBalancers', numbered(5, balancer)],
    ['ssm:DescribeInstanceInformation', 'InstanceInformationList', numbered(9, (n) => ({ InstanceId: `i-${n}` }))],
    [
      'directconnect:DescribeVirtualInterfaces',
      'virtualInterfaces',
      numbered(4, (n) => ({ virtualInterfaceId: `dxvif-${n}` })),
    ],
  ];

  test.each(lists)('%s is one answer, in the order of the pages', async (operation, result, records) => {
    const fixture = f0().add(result as 'LoadBalancers', ...records);
    const server = await aws.serve({ documents: fixture.documents(), pageSize: 2 });
    const { body } = (await fetched()).answer(operation);
    expect(body).toEqual({ [result]: records });
    const pages = server.requests.filter((request) => `${request.service}:${request.operation}` === operation);
    expect(pages).toHaveLength(Math.ceil(records.length / 2));
  });

  test('the entries of one prefix list come a hundred at a time', async () => {
    const prefixes = numbered(250, (index) => `198.51.100.${index}/32`);
    const server = await aws.serve({
      documents: f0()
        .prefixList('pl-1', ...prefixes)
        .documents(),
    });
    const { body } = (await fetched()).answer('ec2:GetManagedPrefixListEntries', 'pl-1');
    expect(body).toEqual({ Entries: prefixes.map((Cidr) => ({ Cidr })) });
    expect(tokensOf(server.requests, 'GetManagedPrefixListEntries')).toEqual([undefined, 'after-100', 'after-200']);
  });

  test('an exclusion from Block Public Access on the second page is there', async () => {
    const exclusions = numbered(6, (index) => ({ ExclusionId: `vpcbpa-exclude-${index}`, State: 'create-complete' }));
    await aws.serve({
      documents: f0()
        .add('VpcBlockPublicAccessExclusions', ...exclusions)
        .documents(),
      pageSize: 5,
    });
    const { body } = (await fetched()).answer('ec2:DescribeVpcBlockPublicAccessExclusions');
    expect(body?.VpcBlockPublicAccessExclusions).toEqual(exclusions);
  });

  test('an empty page with a token has a successor', async () => {
    const server = await aws.serve({}, (request) =>
      request.operation === 'DescribeVpcs' && request.parameters.NextToken === undefined
        ? answer(request, { Vpcs: [], NextToken: 'after-0' })
        : undefined,
    );
    const { body } = (await fetched()).answer('ec2:DescribeVpcs');
    expect(body?.Vpcs).toHaveLength(1);
    expect(tokensOf(server.requests, 'DescribeVpcs')).toEqual([undefined, 'after-0']);
  });

  test('an empty token ends the list', async () => {
    await aws.serve({}, (request) =>
      request.operation === 'DescribeVpcs' ? answer(request, { Vpcs: [{ VpcId: 'vpc-1' }], NextToken: '' }) : undefined,
    );
    expect((await fetched()).answer('ec2:DescribeVpcs').body).toEqual({ Vpcs: [{ VpcId: 'vpc-1' }] });
  });
});

describe('half a list is no list', () => {
  test.each([
    ['repeats', ['a', 'a']],
    ['goes in a circle', ['a', 'b', 'a']],
  ])('a token that %s', async (_, tokens) => {
    let page = 0;
    await aws.serve({}, (request) => {
      if (request.operation !== 'DescribeVpcs') return undefined;
      const token = tokens[page++ % tokens.length];
      return answer(request, { Vpcs: [{ VpcId: 'vpc-1' }], NextToken: token });
    });
    const { body, error } = (await fetched()).answer('ec2:DescribeVpcs');
    expect(body).toBeUndefined();
    expect(error).toEqual({
      code: 'InvalidResponse',
      message: 'pagination does not advance: a page token came twice',
    });
  });

  test('a second page that is denied', async () => {
    await aws.serve({ pageSize: 1 }, (request) =>
      request.operation === 'DescribeSubnets' && request.parameters.NextToken === 'after-1'
        ? failure(request, 'UnauthorizedOperation', 'You are not authorized to perform this operation.', 403)
        : undefined,
    );
    const { body, error } = (await fetched()).answer('ec2:DescribeSubnets');
    expect(body).toBeUndefined();
    expect(error?.code).toBe('UnauthorizedOperation');
  });

  test('routes that the transit gateway leaves out', async () => {
    const documents = transitGateway(f0()).documents();
    await aws.serve({ documents }, (request) =>
      request.operation === 'SearchTransitGatewayRoutes'
        ? answer(request, { Routes: [{ DestinationCidrBlock: '10.0.0.0/16' }], AdditionalRoutesAvailable: true })
        : undefined,
    );
    const { body, error } = (await fetched()).answer('ec2:SearchTransitGatewayRoutes', 'tgw-rtb-1');
    expect(body).toBeUndefined();
    expect(error?.message).toContain('AdditionalRoutesAvailable');
  });
});

describe('calls that follow from an answer', () => {
  test('are made once for each subject', async () => {
    const twice = [{ VpcId: 'vpc-1' }, { VpcId: 'vpc-2' }, { VpcId: 'vpc-1' }, {}];
    const server = await aws.serve({}, (request) =>
      request.operation === 'DescribeVpcs' ? answer(request, { Vpcs: twice }) : undefined,
    );
    await fetched();
    const stale = server.requests.filter(({ operation }) => operation === 'DescribeStaleSecurityGroups');
    expect(stale).toHaveLength(2);
    expect(new Set(stale.map(({ parameters }) => parameters.VpcId))).toEqual(new Set(['vpc-1', 'vpc-2']));
  });

  test.each([
    ['amazon', 0],
    ['ipv4pool-ec2-1', 1],
  ])('addresses of the pool %s ask %d times for brought addresses', async (pool, times) => {
    const address = { PublicIp: '198.51.100.9', AllocationId: 'eipalloc-9', PublicIpv4Pool: pool };
    const server = await aws.serve({ documents: f0().add('Addresses', address).documents() });
    await fetched();
    const asked = server.requests.filter(({ operation }) => operation === 'DescribeByoipCidrs');
    expect(asked).toHaveLength(times);
    expect(asked.every(({ parameters }) => parameters.MaxResults === '100')).toBe(true);
  });

  test('are not made when that answer failed', async () => {
    const documents = f0().denied('ec2:DescribeManagedPrefixLists').documents();
    const server = await aws.serve({ documents });
    await fetched();
    expect(server.requests.map(({ operation }) => operation)).not.toContain('GetManagedPrefixListEntries');
  });
});
