import { readdirSync, readFileSync } from 'node:fs';
import * as ec2 from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { awsEnvironment } from '../../support/aws-server/environment.js';
import { tempFolder } from '../../support/temp-folder.js';
import { A, clientOfA, clientOfB, profiles } from './accounts.js';
import { makeAuditor } from './auditor.js';
import { faults, fromPeer, peeringFaults, type Side } from './faults.js';
import { type Moto, startMoto } from './moto.js';
import { buildNetwork, peer } from './network.js';
import { port22 } from './port22.js';

const HOME = 'eu-west-1';
const AWAY = 'us-east-2';
const STATUS = { reachable: 0, unreachable: 1, partial: 3, unknown: 3 };

interface Report {
  readonly targets: readonly {
    readonly target: { readonly account: string; readonly region: string };
    readonly verdict: keyof typeof STATUS;
    readonly symptom: string;
    readonly findings: readonly {
      readonly causes: readonly { readonly code: string }[];
      readonly missing: readonly { readonly code: string; readonly what: string }[];
    }[];
  }[];
}

const environment = awsEnvironment();
const folder = tempFolder();
let recordings = 0;
let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(async () => {
  folder.remove();
  await moto?.stop();
});
beforeEach(async () => {
  await moto.reset();
  environment.set({ AWS_ENDPOINT_URL: moto.url, AWS_MAX_ATTEMPTS: '1' });
  environment.configure(profiles(HOME));
});

/** Explains live and from a recording made in between; both must be the same, byte by byte. */
async function explain(target: string, source: string, ...cloud: readonly string[]): Promise<Report> {
  const question = ['explain', target, '--from', source, '--format', 'json'];
  const live = await port22(...question, '--aws', ...cloud);
  recordings += 1;
  const recording = `${folder.path}/${recordings}`;
  const fetched = await port22('fetch', '--out', recording, '--aws', ...cloud);
  expect(fetched).toMatchObject({ status: 3, stdout: '' });
  const replayed = await port22(...question, '--in', recording);
  expect(replayed.stdout).toBe(live.stdout);
  expect(replayed.status).toBe(live.status);
  const report = JSON.parse(live.stdout) as Report;
  expect(live.status).toBe(STATUS[report.targets[0]?.verdict ?? 'unknown']);
  return report;
}

function codes({ targets }: Report): Set<string> {
  return new Set(targets.flatMap(({ findings }) => findings.flatMap(({ causes }) => causes.map(({ code }) => code))));
}

describe('from the bastion to the web server', () => {
  test('the way is open', async () => {
    const client = clientOfA(moto.url, HOME);
    const { bastion, web } = await buildNetwork(client, 100);
    const report = await explain(web.instance, bastion.instance);
    expect(report.targets).toMatchObject([
      { verdict: 'reachable', symptom: 'connects', target: { account: A, region: HOME } },
    ]);
    expect(codes(report)).toEqual(new Set());
  });

  test.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
    const client = clientOfA(moto.url, HOME);
    const network = await buildNetwork(client, 100);
    await fault.break(client, network);
    const report = await explain(network.web.instance, network.bastion.instance);
    expect(report.targets).toMatchObject([{ verdict: fault.verdict, symptom: 'times-out' }]);
    expect(codes(report)).toEqual(new Set([fault.cause]));
  });
});

describe('from another account, over a peering connection', () => {
  const profile = ['--profile', 'a', '--profile', 'b'];
  let near: Side;
  let far: Side;
  let connection: string;

  beforeEach(async () => {
    const [a, b] = [clientOfA(moto.url, HOME), await clientOfB(moto.url, HOME)];
    near = { client: a, network: await buildNetwork(a, 100) };
    far = { client: b, network: await buildNetwork(b, 102) };
    connection = await peer(
      near,
      { ...far, account: '444455556666' },
      { requester: '10.100.0.0/16', accepter: '10.102.0.0/16' },
    );
    const IpPermissions = [fromPeer];
    await a.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId: near.network.webGroup, IpPermissions }));
  });

  test('the way is open', async () => {
    const report = await explain(near.network.web.instance, far.network.web.instance, ...profile);
    expect(report.targets).toMatchObject([{ verdict: 'reachable', symptom: 'connects' }]);
  });

  test.each(peeringFaults.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
    await fault.break(near, far, connection);
    const report = await explain(near.network.web.instance, far.network.web.instance, ...profile);
    expect(report.targets).toMatchObject([{ verdict: fault.verdict, symptom: 'times-out' }]);
    expect([...codes(report)]).toContain(fault.cause);
  });
});

test('an instance is found in the second of two regions', async () => {
  await buildNetwork(clientOfA(moto.url, HOME), 100);
  const { bastion, web } = await buildNetwork(clientOfA(moto.url, AWAY), 101);
  const report = await explain(web.instance, bastion.instance, '--region', HOME, '--region', AWAY);
  expect(report.targets).toMatchObject([{ verdict: 'reachable', target: { account: A, region: AWAY } }]);
});

describe('with IAM enforced', () => {
  test('a denied call is unknown, and the permission is named', async () => {
    const { bastion, web } = await buildNetwork(clientOfA(moto.url, HOME), 100);
    environment.configure(await makeAuditor(moto, HOME, ['ec2:DescribeNetworkAcls']));
    await moto.enforceIam(true);
    const report = await explain(web.instance, bastion.instance, '--profile', 'auditor');
    expect(report.targets).toMatchObject([{ verdict: 'unknown', symptom: 'cannot-tell' }]);
    const missing = report.targets.flatMap(({ findings }) => findings.flatMap((finding) => finding.missing));
    expect(missing).toContainEqual(expect.objectContaining({ code: 'aws/ev-nacl', what: 'ec2:DescribeNetworkAcls' }));
  });

  test('a wrong secret is no answer, and no stack trace', async () => {
    const { bastion, web } = await buildNetwork(clientOfA(moto.url, HOME), 100);
    environment.configure(await makeAuditor(moto, HOME, []));
    await moto.enforceIam(true);
    const { status, stderr } = await port22(
      'explain',
      web.instance,
      '--from',
      bastion.instance,
      '--aws',
      '--profile',
      'forger',
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/\n {2}where .+\n {2}why .+\n {2}fix /);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

test('a recording holds one file for each call, with its envelope first', async () => {
  const { vpc } = await buildNetwork(clientOfA(moto.url, HOME), 100);
  recordings += 1;
  const recording = `${folder.path}/${recordings}`;
  await port22('fetch', '--out', recording, '--aws');
  const place = `${recording}/aws/${A}/${HOME}`;
  expect(readdirSync(place)).toEqual(expect.arrayContaining(['describe-vpcs.json', 'describe-network-acls.json']));
  const recorded = JSON.parse(readFileSync(`${place}/describe-vpcs.json`, 'utf8'));
  expect(Object.keys(recorded)).toEqual(['port22', 'Vpcs']);
  expect(recorded.port22).toMatchObject({ account: A, region: HOME, operation: 'ec2:DescribeVpcs' });
  expect(JSON.stringify(recorded.Vpcs)).toContain(vpc);
});

test('without credentials the command says so in four parts and asks nothing', async () => {
  environment.set({ AWS_ACCESS_KEY_ID: undefined });
  const { status, stdout, stderr } = await port22('explain', 'i-1', '--from', '203.0.113.7', '--aws');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/there are no AWS credentials\n {2}where .+\n {2}why .+\n {2}fix .+\n/);
});
