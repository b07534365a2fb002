import { describe, expect, test } from '@jest/globals';
import { fetchProcess } from '../support/aws-server/fetch-process.js';
import { loopback } from '../support/aws-server/loopback.js';
import { cutShort, reset } from '../support/aws-server/reply.js';
import { ec2Xml } from '../support/aws-server/xml.js';

const aws = loopback();
const fetching = fetchProcess();
const vpcsXml = ec2Xml('DescribeVpcs', { Vpcs: [{ VpcId: 'vpc-1' }] });

describe('a connection that breaks is an answer with an error', () => {
  test.each([
    ['before the answer', reset, 'read ECONNRESET'],
    ['within the answer', cutShort(vpcsXml), 'aborted'],
  ])('%s', async (_, reply, message) => {
    aws.set({ AWS_MAX_ATTEMPTS: '2' });
    const server = await aws.serve({}, ({ operation }) => (operation === 'DescribeVpcs' ? reply : undefined));
    const answers = await fetching.answers();
    const scope = { account: '111122223333', region: 'eu-west-1', operation: 'ec2:DescribeVpcs', parameters: {} };
    expect(answers.filter(({ error }) => error)).toEqual([{ ...scope, error: { code: 'ECONNRESET', message } }]);
    expect(server.requests.filter(({ operation }) => operation === 'DescribeVpcs')).toHaveLength(2);
  });
});

describe('a service that cannot be reached is an answer with an error for every call', () => {
  test.each([
    ['nothing listens', 'http://127.0.0.1:1', ['ECONNREFUSED']],
    ['nothing listens, by name', 'http://localhost:1', ['ECONNREFUSED']],
    // No resolver is asked for a label of more than 63 letters.
    ['the name does not exist', `http://${'n'.repeat(64)}.invalid`, ['ENOTFOUND', 'EAI_AGAIN']],
  ])('%s', async (_, endpoint, codes) => {
    aws.set({ AWS_ENDPOINT_URL: endpoint, AWS_MAX_ATTEMPTS: '1' });
    const answers = await fetching.answers();
    expect(answers.length).toBeGreaterThan(30);
    for (const { account, body, error } of answers) {
      expect([account, body]).toEqual(['unknown', undefined]);
      expect(codes).toContain(error?.code);
      expect(error?.message).toMatch(/^(connect|getaddrinfo) E/);
    }
  });
});
