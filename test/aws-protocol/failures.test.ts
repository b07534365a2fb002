import { describe, expect, test } from '@jest/globals';
import { type AwsConnection, connect, defaultLimits, type FetchLimits } from '../../providers/aws/fetch-client.js';
import { openProfile } from '../../providers/aws/fetch-profile.js';
import { actionOf, awsPermissions, operations } from '../../providers/aws/operations.js';
import { f0 } from '../support/aws/fixture.js';
import { transitGateway } from '../support/aws/topology.js';
import { fetched } from '../support/aws-server/fetched.js';
import { loopback } from '../support/aws-server/loopback.js';
import {
  bytes,
  cutShort,
  failure,
  htmlPage,
  type Reply,
  reset,
  silence,
  trickle,
} from '../support/aws-server/reply.js';
import type { AwsRequest } from '../support/aws-server/request.js';
import type { Intercept } from '../support/aws-server/server.js';
import { ec2Xml } from '../support/aws-server/xml.js';

const aws = loopback();
const GROUPS = 'ec2:DescribeSecurityGroups';
const groupsXml = ec2Xml('DescribeSecurityGroups', { SecurityGroups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }] });

function whenGroupsAreAsked(reply: (request: AwsRequest) => Reply | undefined): Intercept {
  return (request) => (request.operation === 'DescribeSecurityGroups' ? reply(request) : undefined);
}

const throttled = (request: AwsRequest): Reply =>
  failure(request, 'RequestLimitExceeded', 'Request limit exceeded.', 503);
const broken = (request: AwsRequest): Reply => failure(request, 'InternalError', 'An internal error has occurred', 500);

describe('what passes', () => {
  test.each([
    ['a failing server', broken],
    ['an HTML page of a gateway', () => htmlPage(502)],
    ['a connection that is reset', () => reset],
    ['a body that is cut short', () => cutShort(groupsXml)],
  ])('%s, then an answer', async (_, fault) => {
    const server = await aws.serve(
      {},
      whenGroupsAreAsked((request) => (request.attempt === 1 ? fault(request) : undefined)),
    );
    const { body, error } = (await fetched()).answer(GROUPS);
    expect(error).toBeUndefined();
    expect(body?.SecurityGroups).toHaveLength(2);
    const attempts = server.requests.filter(({ operation }) => operation === 'DescribeSecurityGroups');
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

describe('throttling', () => {
  test.each([
    [1, 1, 'RequestLimitExceeded'],
    [2, 1, undefined],
    [3, 3, 'RequestLimitExceeded'],
  ])('%d attempts, %d of them refused', async (allowed, refused, code) => {
    aws.set({ AWS_MAX_ATTEMPTS: String(allowed) });
    const server = await aws.serve({}, (request) => (request.attempt <= refused ? throttled(request) : undefined));
    await withConnection(async (connection) => {
      const { body, error } = await connection.ask(callOf('DescribeSecurityGroups'), new AbortController().signal);
      expect(error).toEqual(code && { code, message: 'Request limit exceeded.' });
      expect(Array.isArray(body?.SecurityGroups)).toBe(code === undefined);
    });
    expect(server.requests.map(({ attempt, attempts }) => [attempt, attempts])).toEqual(
      Array.from({ length: Math.min(allowed, refused + 1) }, (_, index) => [index + 1, allowed]),
    );
  });

  test('an account that stays throttled costs the calls and not the fetch', async () => {
    aws.set({ AWS_MAX_ATTEMPTS: '1' });
    await aws.serve({}, whenGroupsAreAsked(throttled));
    const { answers } = await fetched();
    expect(answers.filter(({ error }) => error).map(({ operation }) => operation)).toEqual([GROUPS]);
  });
});

describe('what does not pass is an answer with an error', () => {
  const malformed = groupsXml.replace('</item>', '</oops>');
  const page = (status: number): string => `HTTP ${status} with a body that is not`;
  test.each<[string, Reply | ((request: AwsRequest) => Reply), string, string]>([
    ['a failing server', broken, 'InternalError', 'An internal error has occurred'],
    [
      'an HTML page with status 200',
      () => htmlPage(200),
      'InvalidResponse',
      `${page(200)} a DescribeSecurityGroupsResponse`,
    ],
    ['an HTML page with status 503', () => htmlPage(503), 'InvalidResponse', `${page(503)} an error of the service`],
    ['a redirect to a page', () => htmlPage(302), 'InvalidResponse', `${page(302)} an error of the service`],
    [
      'an answer to another question',
      () => bytes(200, 'text/xml', ec2Xml('DescribeVpcs', {})),
      'InvalidResponse',
      page(200),
    ],
    ['JSON', () => bytes(200, 'application/json', '{"a":1}'), 'InvalidResponse', `${page(200)} XML: "{"a":1}"`],
    ['an empty body', () => bytes(200, 'text/xml', ''), 'InvalidResponse', 'HTTP 200 with an empty body'],
    ['an empty error', () => bytes(500, 'text/xml', ''), 'InvalidResponse', 'HTTP 500 with an empty body'],
    ['malformed XML', () => bytes(200, 'text/xml', malformed), 'InvalidResponse', 'the answer cannot be read'],
  ])('%s', async (_, fault, code, message) => {
    aws.set({ AWS_MAX_ATTEMPTS: '2' });
    await aws.serve({}, whenGroupsAreAsked(fault as (request: AwsRequest) => Reply));
    const fetch = await fetched();
    const { body, error } = fetch.answer(GROUPS);
    expect(body).toBeUndefined();
    expect(error).toEqual({ code, message: expect.stringContaining(message) });
    expect(fetch.answers.filter((answer) => answer.error)).toHaveLength(1);
  });

  test.each([
    ['silence', silence, { response: 100 }, 'the request socket timed out after 100 ms of inactivity'],
    ['a body without an end', trickle(20), { page: 300 }, 'no complete answer within 0.3 s, retries included'],
  ])('%s', async (_, fault, limits, message) => {
    aws.set({ AWS_MAX_ATTEMPTS: '2' });
    await aws.serve({}, () => fault);
    await withConnection(async (connection) => {
      const { body, error } = await connection.ask(callOf('DescribeVpcs'), new AbortController().signal);
      expect(body).toBeUndefined();
      expect(error).toEqual({ code: 'TimeoutError', message: expect.stringContaining(message) });
      expect(error?.message).not.toContain('@');
    }, limits);
  });

  test.each([
    ['HTML', () => htmlPage(200)],
    ['an empty body', () => bytes(200, 'application/x-amz-json-1.1', '')],
    ['a list', () => bytes(200, 'application/x-amz-json-1.1', '[]')],
    ['another object', () => bytes(200, 'application/json', '{"blocked":true}')],
    ['half an object', () => bytes(200, 'application/x-amz-json-1.1', '{"InstanceInformationList":[{"InstanceId"')],
  ])('%s where JSON is spoken', async (_, fault) => {
    await aws.serve({}, ({ operation }) => (operation === 'DescribeInstanceInformation' ? fault() : undefined));
    const { body, error } = (await fetched()).answer('ssm:DescribeInstanceInformation');
    expect(body).toBeUndefined();
    expect(error?.code).toBe('InvalidResponse');
  });

  test('no prefix of an answer is an answer', async () => {
    let length = 0;
    await aws.serve({}, () => bytes(200, 'text/xml', groupsXml.slice(0, length)));
    await withConnection(async (connection) => {
      const call = callOf('DescribeSecurityGroups');
      const { signal } = new AbortController();
      for (length = 0; length < groupsXml.length; length += 1) {
        const { body, error } = await connection.ask(call, signal);
        expect([length, body, error?.code]).toEqual([length, undefined, 'InvalidResponse']);
      }
      expect((await connection.ask(call, signal)).body).toEqual({
        SecurityGroups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }],
      });
    });
  });

  test('its words are one harmless line of at most 120 quoted characters', async () => {
    const hostile = `\u001b]0;owned\u0007 ${'x'.repeat(500)}`;
    await aws.serve({}, (request) => {
      if (request.operation === 'DescribeVpcs') return failure(request, 'Bad\nCode', 'no\r\n\tway\u202e \u0007', 400);
      return request.operation === 'DescribeSecurityGroups' ? bytes(200, 'text/xml', hostile) : undefined;
    });
    const fetch = await fetched();
    expect(fetch.answer('ec2:DescribeVpcs').error).toEqual({ code: 'Bad Code', message: 'no way\\u{202e} \\u{7}' });
    const { message = '' } = fetch.answer(GROUPS).error ?? {};
    expect(message).toBe(`HTTP 200 with a body that is not XML: "\\u{1b}]0;owned\\u{7} ${'x'.repeat(100)}"...`);
  });
});

describe('a missing permission', () => {
  const documents = transitGateway(f0())
    .prefixList('pl-1', '203.0.113.0/24')
    .add('Addresses', { PublicIp: '198.51.100.9', AllocationId: 'eipalloc-9', PublicIpv4Pool: 'ipv4pool-ec2-1' })
    .add('LoadBalancers', { LoadBalancerArn: 'arn:lb/1' })
    .add('TargetGroups', { TargetGroupArn: 'arn:tg/1' })
    .documents();

  /** Every sixth permission: together the six rows miss each of them once. */
  const rows = [0, 1, 2, 3, 4, 5].map((row) => awsPermissions().filter((_, index) => index % 6 === row));

  /** The action of the answer from which a call takes its subjects. */
  function sourceOf(action: string): string | undefined {
    const { forEach, whenAny } = operations.find((operation) => actionOf(operation) === action) ?? {};
    const of = (forEach ?? whenAny)?.of;
    return awsPermissions().find((other) => other.endsWith(`:${of}`));
  }

  test.each(rows.map((denied) => ({ denied })))('of $denied leaves the rest', async ({ denied }) => {
    const denial = 'You are not authorized to perform this operation.';
    await aws.serve({ documents }, (request) =>
      denied.includes(`${request.service}:${request.operation}`)
        ? failure(request, 'UnauthorizedOperation', denial, 403)
        : undefined,
    );
    const { answers } = await fetched({ regions: ['all'] });
    const asked = awsPermissions().filter((action) => !denied.includes(sourceOf(action) ?? ''));
    expect(new Set(answers.map(({ operation }) => operation))).toEqual(new Set(asked));
    for (const { operation, body, error } of answers) {
      const refused = denied.includes(operation);
      expect([operation, error]).toEqual([
        operation,
        refused ? { code: 'UnauthorizedOperation', message: denial } : undefined,
      ]);
      expect([operation, body === undefined]).toEqual([operation, refused]);
    }
  });
});

async function withConnection(
  work: (connection: AwsConnection) => Promise<void>,
  limits: Partial<FetchLimits> = {},
): Promise<void> {
  const connection = connect(await openProfile(undefined), 'eu-west-1', { ...defaultLimits, ...limits });
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

function callOf(name: string) {
  const operation = operations.find((entry) => entry.name === name);
  if (!operation) throw new Error(`no operation ${name}`);
  return { operation, parameters: {} };
}
