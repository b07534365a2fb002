import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CliRecord } from '../../support/aws/collection.js';
import { awsEnvironment } from '../../support/aws-server/environment.js';
import { type Fetched, fetched } from '../../support/aws-server/fetched.js';
import { A, B, clientOfA, clientOfB, profiles } from './accounts.js';
import { makeAuditor } from './auditor.js';
import { type Moto, startMoto } from './moto.js';
import { buildNetwork, type Network, OFFICES, peer } from './network.js';

const HOME = 'eu-west-1';
const AWAY = 'us-east-2';

/** What moto does not implement: it answers HTTP 500 with an HTML page. */
const LACKING = [
  'directconnect:DescribeVirtualInterfaces',
  'ec2:DescribeInstanceConnectEndpoints',
  'ec2:DescribeLocalGatewayRouteTables',
  'ec2:DescribeSecurityGroupVpcAssociations',
  'ec2:DescribeStaleSecurityGroups',
  'ec2:DescribeVpcBlockPublicAccessExclusions',
  'ec2:DescribeVpcBlockPublicAccessOptions',
  'ec2:DescribeVpcEncryptionControls',
  'ec2:GetSerialConsoleAccessStatus',
  'ssm:DescribeInstanceInformation',
];

const environment = awsEnvironment();
let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto?.stop());
beforeEach(async () => {
  await moto.reset();
  environment.set({ AWS_ENDPOINT_URL: moto.url, AWS_MAX_ATTEMPTS: '1', AWS_REGION: undefined });
  environment.configure(profiles(HOME));
});

/** The records that one account and region answered. */
function records(fetch: Fetched, account: string, region: string, operation: string, key: string): CliRecord[] {
  const answers = fetch.answers.filter(
    (answer) => answer.account === account && answer.region === region && answer.operation === operation,
  );
  return answers.flatMap(({ body }) => (body?.[key] ?? []) as CliRecord[]);
}

/** The values of a field, sorted. */
function idsOf(found: readonly CliRecord[], field: string): string[] {
  return found.map((record) => String(record[field])).sort();
}

describe('two accounts and two regions', () => {
  let fetch: Fetched;
  let pcx: string;
  let networks: Record<'a' | 'away' | 'b', Network>;

  beforeEach(async () => {
    const [a, away] = [clientOfA(moto.url, HOME), clientOfA(moto.url, AWAY)];
    const b = await clientOfB(moto.url, HOME);
    networks = { a: await buildNetwork(a, 100), away: await buildNetwork(away, 101), b: await buildNetwork(b, 102) };
    pcx = await peer(
      { client: a, network: networks.a },
      { client: b, network: networks.b, account: B },
      { requester: '10.100.0.0/16', accepter: '10.102.0.0/16' },
    );
    fetch = await fetched({ profiles: ['a', 'b'], regions: [HOME, AWAY] });
  });

  test('are fetched, each under its own name', () => {
    expect(fetch.scopes).toEqual([
      { account: A, region: HOME },
      { account: A, region: AWAY },
      { account: B, region: HOME },
      { account: B, region: AWAY },
    ]);
    const lacking = new Set(fetch.answers.filter(({ error }) => error).map(({ operation }) => operation));
    expect([...lacking].sort()).toEqual(LACKING);
    for (const { error } of fetch.answers) {
      if (error) expect(error).toEqual({ code: 'InvalidResponse', message: expect.stringContaining('HTTP 500') });
    }

    const places = [
      [A, HOME, networks.a],
      [A, AWAY, networks.away],
      [B, HOME, networks.b],
    ] as const;
    for (const [account, region, network] of places) {
      const found = (operation: string, key: string) => records(fetch, account, region, `ec2:${operation}`, key);
      expect(idsOf(found('DescribeVpcs', 'Vpcs'), 'VpcId')).toContain(network.vpc);
      expect(idsOf(found('DescribeSubnets', 'Subnets'), 'SubnetId')).toEqual(
        expect.arrayContaining([network.publicSubnet, network.privateSubnet]),
      );
      expect(idsOf(found('DescribeRouteTables', 'RouteTables'), 'RouteTableId')).toEqual(
        expect.arrayContaining([network.publicTable, network.privateTable]),
      );
      expect(idsOf(found('DescribeNetworkAcls', 'NetworkAcls'), 'NetworkAclId')).toContain(network.publicAcl);
      const gateways = found('DescribeInternetGateways', 'InternetGateways');
      expect(idsOf(gateways, 'InternetGatewayId')).toEqual([network.internetGateway]);
      expect(gateways[0]?.Attachments).toEqual([{ State: 'available', VpcId: network.vpc }]);
      const instances = found('DescribeInstances', 'Reservations').flatMap(({ Instances }) => Instances as CliRecord[]);
      expect(idsOf(instances, 'InstanceId')).toEqual([network.bastion.instance, network.web.instance].sort());
      expect(idsOf(found('DescribeNetworkInterfaces', 'NetworkInterfaces'), 'NetworkInterfaceId')).toEqual(
        [network.bastion.interface, network.web.interface].sort(),
      );
      expect(idsOf(found('DescribeAddresses', 'Addresses'), 'InstanceId')).toEqual([network.bastion.instance]);
    }
    expect(records(fetch, B, AWAY, 'ec2:DescribeInstances', 'Reservations')).toEqual([]);
  });

  test('keep their rules, entries and routes', () => {
    const { a } = networks;
    const groups = records(fetch, A, HOME, 'ec2:DescribeSecurityGroups', 'SecurityGroups');
    const inbound = (id: string) => groups.find(({ GroupId }) => GroupId === id)?.IpPermissions;
    expect(inbound(a.bastionGroup)).toMatchObject([
      { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: a.offices }] },
    ]);
    expect(inbound(a.webGroup)).toMatchObject([{ FromPort: 22, UserIdGroupPairs: [{ GroupId: a.bastionGroup }] }]);
    const entries = fetch.answers.find(({ parameters }) => parameters.PrefixListId === a.offices)?.body?.Entries;
    expect(idsOf(entries as CliRecord[], 'Cidr')).toEqual([...OFFICES].sort());
    const tables = records(fetch, A, HOME, 'ec2:DescribeRouteTables', 'RouteTables');
    const routes = (id: string) => tables.find(({ RouteTableId }) => RouteTableId === id)?.Routes;
    expect(routes(a.publicTable)).toContainEqual(
      expect.objectContaining({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: a.internetGateway, State: 'active' }),
    );
    expect(routes(a.privateTable)).toContainEqual(
      expect.objectContaining({ DestinationCidrBlock: '10.102.0.0/16', VpcPeeringConnectionId: pcx }),
    );
  });

  test('see one peering connection from both ends', () => {
    for (const account of [A, B]) {
      const key = 'VpcPeeringConnections';
      expect(records(fetch, account, HOME, 'ec2:DescribeVpcPeeringConnections', key)).toMatchObject([
        {
          VpcPeeringConnectionId: pcx,
          Status: { Code: 'active' },
          RequesterVpcInfo: { VpcId: networks.a.vpc, OwnerId: A },
          AccepterVpcInfo: { VpcId: networks.b.vpc, OwnerId: B },
        },
      ]);
    }
  });
});

describe('with IAM enforced', () => {
  const denied = ['ec2:DescribeNetworkAcls', 'ec2:GetManagedPrefixListEntries'];

  beforeEach(async () => {
    await buildNetwork(clientOfA(moto.url, HOME), 100);
    environment.configure(await makeAuditor(moto, HOME, denied));
    await moto.enforceIam(true);
  });

  test('what is not permitted is an answer with an error, the rest is there', async () => {
    const fetch = await fetched({ profiles: ['auditor'] });
    expect(fetch.scopes).toEqual([{ account: A, region: HOME }]);
    const refused = fetch.answers.filter(({ error }) => error?.code === 'AccessDenied');
    expect([...new Set(refused.map(({ operation }) => operation))].sort()).toEqual(denied);
    for (const { body, error } of refused) {
      expect(body).toBeUndefined();
      expect(error?.message).toMatch(/^User: arn:aws:iam::\d+:user\/auditor is not authorized to perform: ec2:\w+/);
    }
    const failed = new Set(fetch.answers.filter(({ error }) => error).map(({ operation }) => operation));
    expect([...failed].sort()).toEqual([...LACKING, ...denied].sort());
    expect(records(fetch, A, HOME, 'ec2:DescribeInstances', 'Reservations')).toHaveLength(2);
  });

  test('a wrong secret is an answer with an error for every call', async () => {
    const fetch = await fetched({ profiles: ['forger'] });
    expect(fetch.scopes).toEqual([{ account: 'unknown', region: HOME }]);
    const judged = fetch.answers.filter(({ operation }) => !LACKING.includes(operation));
    const codes = new Set(judged.map(({ error }) => error?.code));
    expect(codes).toEqual(new Set(['AuthFailure', 'SignatureDoesNotMatch']));
  });
});
