import { expect, test } from '@jest/globals';
import { fetched } from '../support/aws-server/fetched.js';
import { loopback } from '../support/aws-server/loopback.js';
import { answer, failure } from '../support/aws-server/reply.js';

const aws = loopback();
const action = 'ec2:DescribeInstanceAttribute';

/** A server that knows what instances run at their boot. */
const serve = (refused = false) =>
  aws.serve({}, (request) => {
    if (request.operation !== 'DescribeInstanceAttribute') return undefined;
    if (refused) return failure(request, 'UnauthorizedOperation', 'You are not authorized.', 403);
    const { InstanceId } = request.parameters;
    return answer(request, { InstanceId, UserData: InstanceId === 'i-1' ? { Value: 'IyEvYmluL3NoCg==' } : {} });
  });

test('is not asked for unless somebody says so', async () => {
  const server = await serve();
  await fetched();
  expect(server.requests.map(({ operation }) => operation)).not.toContain('DescribeInstanceAttribute');
});

test('is asked for each instance, and recorded beside its id', async () => {
  const server = await serve();
  const { answers, documents } = await fetched({ userData: true });
  const asked = server.requests.filter(({ operation }) => operation === 'DescribeInstanceAttribute');
  expect(asked.map(({ parameters }) => [parameters.InstanceId, parameters.Attribute])).toEqual(
    expect.arrayContaining([
      ['i-1', 'userData'],
      ['i-2', 'userData'],
    ]),
  );
  const ids = answers.filter(({ operation }) => operation === action).map(({ parameters }) => parameters.InstanceId);
  expect(ids.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(['i-1', 'i-2']);
  expect(
    Object.entries(documents).find(([path]) => path.endsWith('describe-instance-attribute-i-1.json'))?.[1],
  ).toEqual({
    port22: expect.objectContaining({ operation: action }),
    InstanceId: 'i-1',
    UserData: { Value: 'IyEvYmluL3NoCg==' },
  });
});

test('may be refused, and that is told', async () => {
  await serve(true);
  const given = await fetched({ userData: true });
  expect(given.answer(action, 'i-1').error).toMatchObject({ code: 'UnauthorizedOperation' });
});
