import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { FetchError, fetchAws } from '../../providers/aws/fetch.js';
import type { CliRecord, RecordedDocument } from '../support/aws/collection.js';
import { f0 } from '../support/aws/fixture.js';
import { fetched } from '../support/aws-server/fetched.js';
import { loopback } from '../support/aws-server/loopback.js';
import { answer, failure } from '../support/aws-server/reply.js';
import { tempFolder } from '../support/temp-folder.js';

const aws = loopback();

const CONFIG = `
[profile a]
region = eu-west-1
aws_access_key_id = AKIAA
aws_secret_access_key = x
[profile b]
region = us-east-1
aws_access_key_id = AKIAB
aws_secret_access_key = x
[profile no-region]
aws_access_key_id = AKIAA
aws_secret_access_key = x
[profile broken]
region = eu-west-1
credential_process = false
[sso-session corp]
sso_start_url = https://example.test
`;
const accounts = { AKIAA: '111122223333', AKIAB: '444455556666' };

/** One VPC, named after its place, in each region of each account. */
function places(...of: readonly (readonly [account: string, region: string])[]): RecordedDocument[] {
  return of.map(([account, region]) => ({
    path: 'describe-vpcs.json',
    value: {
      port22: { schema: 'port22/recording/v1', provider: 'aws', account, region, operation: 'ec2:DescribeVpcs' },
      Vpcs: [{ VpcId: `vpc-${account}-${region}` }],
    },
  }));
}

/** Each VPC that was answered, under the account and region of its answer. */
async function vpcs(options: Parameters<typeof fetched>[0]): Promise<string[]> {
  const { answers } = await fetched(options);
  const asked = answers.filter(({ operation }) => operation === 'ec2:DescribeVpcs');
  const found = asked.flatMap(({ account, region, body = {} }) => {
    const records = body.Vpcs as readonly CliRecord[];
    return records.map((vpc) => `${account} ${region} ${vpc.VpcId}`);
  });
  return found.sort();
}

describe('accounts and regions', () => {
  const everywhere = places(
    ['111122223333', 'eu-west-1'],
    ['111122223333', 'us-east-1'],
    ['444455556666', 'eu-west-1'],
    ['444455556666', 'us-east-1'],
  );

  test('two profiles and two regions are four answers, each under its place', async () => {
    aws.configure(CONFIG);
    await aws.serve({ documents: everywhere, accounts });
    const options = { profiles: ['a', 'b'], regions: ['eu-west-1', 'us-east-1'] };
    expect(await vpcs(options)).toEqual([
      '111122223333 eu-west-1 vpc-111122223333-eu-west-1',
      '111122223333 us-east-1 vpc-111122223333-us-east-1',
      '444455556666 eu-west-1 vpc-444455556666-eu-west-1',
      '444455556666 us-east-1 vpc-444455556666-us-east-1',
    ]);
    expect((await fetched(options)).scopes).toEqual([
      { account: '111122223333', region: 'eu-west-1' },
      { account: '111122223333', region: 'us-east-1' },
      { account: '444455556666', region: 'eu-west-1' },
      { account: '444455556666', region: 'us-east-1' },
    ]);
  });

  test('without regions each profile has its own', async () => {
    aws.set({ AWS_REGION: undefined });
    aws.configure(CONFIG);
    await aws.serve({ documents: everywhere, accounts });
    expect((await fetched({ profiles: ['a', 'b'] })).scopes).toEqual([
      { account: '111122223333', region: 'eu-west-1' },
      { account: '444455556666', region: 'us-east-1' },
    ]);
  });

  test.each([
    [{ AWS_REGION: undefined, AWS_DEFAULT_REGION: 'us-west-2' }, 'us-west-2'],
    [{ AWS_REGION: 'eu-west-3', AWS_DEFAULT_REGION: 'us-west-2' }, 'eu-west-3'],
    [{ AWS_REGION: undefined, AWS_PROFILE: 'b' }, 'us-east-1'],
  ])('the environment %j means %s', async (variables, region) => {
    aws.configure(CONFIG);
    aws.set(variables);
    await aws.serve({ accounts });
    expect((await fetched()).scopes.map((scope) => scope.region)).toEqual([region]);
  });

  test('all regions are those that the account can use', async () => {
    const Regions = ['us-east-1', 'eu-west-1'].map((RegionName) => ({
      RegionName,
      OptInStatus: 'opt-in-not-required',
    }));
    const server = await aws.serve({ documents: everywhere }, (request) =>
      request.operation === 'DescribeRegions' ? answer(request, { Regions }) : undefined,
    );
    const fetch = await fetched({ regions: ['all'] });
    expect(fetch.scopes.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1']);
    expect(fetch.answer('ec2:DescribeRegions').body).toEqual({ Regions });
    expect(server.requests.filter(({ operation }) => operation === 'DescribeRegions')).toHaveLength(1);
  });

  test('all regions are the home region when they may not be listed', async () => {
    await aws.serve({}, (request) =>
      request.operation === 'DescribeRegions' ? failure(request, 'UnauthorizedOperation', 'no', 403) : undefined,
    );
    const fetch = await fetched({ regions: ['all'] });
    expect(fetch.scopes).toEqual([{ account: '111122223333', region: 'eu-west-1' }]);
    expect(fetch.answer('ec2:DescribeRegions').error?.code).toBe('UnauthorizedOperation');
  });

  test('a region that refuses leaves the others', async () => {
    await aws.serve({ documents: everywhere }, (request) =>
      request.region === 'us-east-1' ? failure(request, 'AuthFailure', 'not opted in', 401) : undefined,
    );
    const { answers } = await fetched({ regions: ['eu-west-1', 'us-east-1'] });
    const codes = (of: string) => answers.filter(({ region }) => region === of).map(({ error }) => error?.code);
    expect(codes('eu-west-1').length).toBeGreaterThan(30);
    expect(new Set(codes('eu-west-1'))).toEqual(new Set([undefined]));
    expect(codes('us-east-1').length).toBeGreaterThan(30);
    expect(new Set(codes('us-east-1'))).toEqual(new Set(['AuthFailure']));
  });

  test('an account behind two profiles is asked once', async () => {
    aws.configure(CONFIG);
    const server = await aws.serve({ accounts });
    const { scopes } = await fetched({ profiles: ['a', 'no-region', 'a'] });
    expect(scopes).toEqual([{ account: '111122223333', region: 'eu-west-1' }]);
    expect(server.requests.filter(({ operation }) => operation === 'DescribeVpcs')).toHaveLength(1);
  });
});

describe('an account that STS does not name', () => {
  const silent = (operation: string) => operation === 'GetCallerIdentity';

  test.each<[string, readonly string[], string]>([
    ['a reservation', [], '111122223333'],
    ['the default group of a VPC', ['ec2:DescribeInstances'], '777788889999'],
    ['nothing', ['ec2:DescribeInstances', 'ec2:DescribeSecurityGroups'], 'unknown'],
  ])('is named by %s', async (_, denied, account) => {
    const shared = { GroupId: 'sg-shared', GroupName: 'shared', OwnerId: '000000000000' };
    const own = { GroupId: 'sg-own', GroupName: 'default', OwnerId: '777788889999' };
    const fixture = f0().add('SecurityGroups', shared, own);
    for (const operation of denied) fixture.denied(operation);
    await aws.serve({ documents: fixture.documents() }, (request) =>
      silent(request.operation) ? failure(request, 'AccessDenied', 'no', 403) : undefined,
    );
    const { answers, scopes } = await fetched();
    expect(scopes).toEqual([{ account, region: 'eu-west-1' }]);
    expect(new Set(answers.map((entry) => entry.account))).toEqual(new Set([account]));
    expect(answers.length).toBeGreaterThan(30);
  });
});

describe('credentials', () => {
  const folder = tempFolder();
  afterAll(() => folder.remove());

  test('a helper program runs once for all regions and services', async () => {
    const keys = '{"Version":1,"AccessKeyId":"AKIAA","SecretAccessKey":"x"}';
    folder.write({ 'helper.sh': `echo run >> ${folder.path}/runs; echo '${keys}'` });
    aws.configure(`[profile helped]\nregion = eu-west-1\ncredential_process = sh ${folder.path}/helper.sh\n`);
    await aws.serve({ accounts });
    await fetched({ profiles: ['helped'], regions: ['eu-west-1', 'us-east-1', 'us-west-2'] });
    expect(readFileSync(`${folder.path}/runs`, 'utf8')).toBe('run\n');
  });

  test('a profile that cannot get its own does not pass for the role of the machine', async () => {
    const role = { AccessKeyId: 'AKIAB', SecretAccessKey: 'x', Token: 't', Expiration: '2999-01-01T00:00:00Z' };
    const machine = createServer((_, response) => response.end(JSON.stringify(role)));
    await new Promise<void>((resolve) => machine.listen(0, '127.0.0.1', resolve));
    const { port } = machine.address() as AddressInfo;
    aws.configure(CONFIG);
    aws.set({ AWS_ACCESS_KEY_ID: undefined, AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/` });
    const server = await aws.serve({ accounts });
    expect((await fetched()).scopes).toEqual([{ account: '444455556666', region: 'eu-west-1' }]);
    const asked = server.requests.length;
    await expect(fetched({ profiles: ['broken'] })).rejects.toThrow('there are no AWS credentials');
    expect(server.requests).toHaveLength(asked);
    machine.close();
  });

  test('a profile without them is one answer beside those of the others', async () => {
    aws.configure(CONFIG);
    await aws.serve({ accounts });
    const { answers, scopes } = await fetched({ profiles: ['broken', 'a'] });
    expect(scopes).toEqual([{ account: '111122223333', region: 'eu-west-1' }]);
    expect(answers.filter(({ error }) => error)).toEqual([
      {
        account: 'unknown',
        region: 'eu-west-1',
        operation: 'sts:GetCallerIdentity',
        parameters: {},
        error: { code: 'CredentialsProviderError', message: expect.stringContaining('false') },
      },
    ]);
  });

  test.each<[string, Parameters<typeof fetched>[0], Record<string, string | undefined>, string, string]>([
    ['no profile of that name', { profiles: ['prod'] }, {}, 'there is no AWS profile prod', 'a, b, broken, no-region'],
    ['no profile of that name in the environment', {}, { AWS_PROFILE: 'prod' }, 'there is no AWS profile prod', 'a, b'],
    ['no credentials', {}, { AWS_ACCESS_KEY_ID: undefined }, 'there are no AWS credentials', 'Could not load'],
    ['no credentials in any profile', { profiles: ['broken'] }, {}, 'there are no AWS credentials', 'false'],
    [
      'no region',
      { profiles: ['no-region'] },
      { AWS_REGION: undefined },
      'no AWS region is known',
      'belong to one region',
    ],
    ['no such region', { regions: ['eu-west'] }, {}, 'eu-west is not the name of an AWS region', 'eu-west-1'],
    ['a hostile region', { regions: ['x.evil/\u001b'] }, {}, 'x.evil/\\u{1b} is not', 'eu-west-1'],
  ])('%s: nothing is asked', async (_, options, variables, what, why) => {
    aws.configure(CONFIG);
    aws.set(variables);
    const server = await aws.serve({ accounts });
    const failed = await fetched(options).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(FetchError);
    const { problem } = failed as FetchError;
    expect(problem).toEqual({
      severity: 'error',
      what: expect.stringContaining(what),
      where: expect.stringMatching(/\S/),
      why: expect.stringContaining(why),
      fix: expect.stringMatching(/--|set/),
    });
    expect(server.requests).toEqual([]);
  });
});

describe('attempts', () => {
  test.each([
    [{}, '', 5],
    [{ AWS_MAX_ATTEMPTS: '2' }, '', 2],
    [{}, 'max_attempts = 4\n', 4],
  ])('%j and %j allow %d', async (variables, line, attempts) => {
    aws.configure(`[profile a]\nregion = eu-west-1\naws_access_key_id = x\naws_secret_access_key = y\n${line}`);
    aws.set(variables);
    const server = await aws.serve();
    await fetched({ profiles: ['a'] });
    expect(new Set(server.requests.map((request) => request.attempts))).toEqual(new Set([attempts]));
  });
});

/** Holds an answer until as many calls are together as may be, however busy the machine is; then one too many has time to come. */
async function whenFull(isFull: () => boolean): Promise<void> {
  const end = Date.now() + 3000;
  while (!isFull() && Date.now() < end) await sleep(5);
  await sleep(25);
}

describe('the run', () => {
  test('slows down when it is throttled: the SDK says that it retries adaptively', async () => {
    const server = await aws.serve();
    await fetched();
    expect(server.requests.filter(({ userAgent }) => !/ m\/(\S+,)?F\b/.test(userAgent))).toEqual([]);
  });

  test('has at most eight calls in flight in a region', async () => {
    const inFlight = new Map<string, number>();
    const most = new Map<string, number>();
    await aws.serve({}, (request) => {
      const now = (inFlight.get(request.region) ?? 0) + 1;
      inFlight.set(request.region, now);
      most.set(request.region, Math.max(most.get(request.region) ?? 0, now));
      const empty = request.service === 'ec2' ? {} : { virtualInterfaces: [], InstanceInformationList: [] };
      const isFull = () => (most.get(request.region) ?? 0) >= 8;
      return (response) => {
        void whenFull(isFull).then(() => {
          inFlight.set(request.region, (inFlight.get(request.region) ?? 0) - 1);
          answer(request, empty)(response);
        });
      };
    });
    await fetched({ regions: ['eu-west-1', 'us-east-1'] });
    expect(Object.fromEntries(most)).toEqual({ 'eu-west-1': 8, 'us-east-1': 8 });
  });

  test('tells its progress', async () => {
    await aws.serve();
    const steps: [done: number, total: number, label: string][] = [];
    const answers: unknown[] = [];
    const progress = (...step: [number, number, string]) => steps.push(step);
    await fetchAws({ profiles: [], regions: [] }, { progress }, (entry) => answers.push(entry));
    expect(steps.map(([done]) => done)).toEqual(answers.map((_, index) => index + 1));
    expect(steps.every(([done, total]) => done <= total)).toBe(true);
    expect(steps.at(-1)?.[1]).toBe(answers.length);
    expect(steps.map(([, , label]) => label)).toContain('eu-west-1 ec2:DescribeVpcs');
  });

  test('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const server = await aws.serve({}, () => {
      controller.abort(new Error('interrupted'));
      return () => {};
    });
    await expect(fetched({ signal: controller.signal })).rejects.toThrow('interrupted');
    expect(server.requests.length).toBeLessThan(3);
  });

  test('ends with the error of who takes the answers', async () => {
    const server = await aws.serve();
    const full = () => {
      throw new Error('the disk is full');
    };
    await expect(fetchAws({ profiles: [], regions: [] }, { progress() {} }, full)).rejects.toThrow('the disk is full');
    const asked = server.requests.length;
    await sleep(100);
    expect(server.requests.length - asked).toBeLessThan(8);
  });
});
