import { describe, expect, test } from '@jest/globals';
import { connectEndpoint } from '../support/aws/alternative.js';
import type { RecordedDocument } from '../support/aws/collection.js';
import { type Fixture, f0 } from '../support/aws/fixture.js';
import { NLB_ARN, nlb } from '../support/aws/load-balancer.js';
import { vpn } from '../support/aws/on-prem.js';
import { peeredVpc2, transitGateway } from '../support/aws/topology.js';
import { fetched } from '../support/aws-server/fetched.js';
import { loopback } from '../support/aws-server/loopback.js';

const aws = loopback();

/** Documents by operation and subject, with moments in one notation. */
function byCall(documents: readonly RecordedDocument[]): Map<string, object> {
  return new Map(
    documents.map(({ value }) => {
      const { port22, ...body } = value as { port22: { operation: string } };
      const subject = Object.values(body).find((field) => typeof field === 'string') ?? '';
      const read = port22.operation === 'ec2:DescribeInstances' ? ofInstance : sameMoment;
      return [`${port22.operation} ${subject}`, JSON.parse(JSON.stringify(value), read)];
    }),
  );
}

/** An instance shows its interfaces with fewer fields than they have; the fixture shows them whole. */
const NOT_SHOWN = new Set(['AllocationId', 'AssociationId', 'InstanceId', 'InstanceOwnerId']);

function ofInstance(key: string, value: unknown): unknown {
  if (key !== 'Attachment' && key !== 'Association') return sameMoment(key, value);
  return Object.fromEntries(Object.entries(value as object).filter(([field]) => !NOT_SHOWN.has(field)));
}

function sameMoment(_: string, value: unknown): unknown {
  const isMoment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
  return isMoment ? new Date(value).toISOString() : value;
}

/** The fixture lists listeners as a plain CLI file does; the fetch asks for those of each balancer and says so. */
function ofTheBalancer(document: RecordedDocument): RecordedDocument {
  const value = document.value as { Listeners?: readonly unknown[] };
  return value.Listeners?.length ? { ...document, value: { ...value, LoadBalancerArn: NLB_ARN } } : document;
}

describe('what the SDK reads is what was recorded', () => {
  test.each<[string, (f: Fixture) => Fixture]>([
    ['F0', (f) => f],
    ['a peered VPC', peeredVpc2],
    ['a transit gateway', transitGateway],
    ['a VPN', (f) => vpn(f)],
    ['a load balancer', (f) => nlb(f)],
    ['an Instance Connect endpoint', (f) => connectEndpoint(f)],
    ['blackholes', (f) => f.table('rtb-pub').routes('0.0.0.0/0 igw-1 blackhole', '::/0 igw-1') && f],
    [
      'prefix lists',
      (f) => f.prefixList('pl-1', '203.0.113.0/24', '198.51.100.0/25').prefixList('pl-2', '2001:db8::/32'),
    ],
    ['Block Public Access', (f) => f.blockPublicAccess({ InternetGatewayBlockMode: 'block-ingress' })],
    ['a denied call', (f) => f.denied('ec2:DescribeNetworkAcls')],
  ])('%s', async (_, build) => {
    const serialConsole = { SerialConsoleAccessEnabled: true };
    const fixture = build(f0()).single('ec2:GetSerialConsoleAccessStatus', serialConsole);
    const documents = fixture.documents().map(ofTheBalancer);
    await aws.serve({ documents });
    const wanted = byCall(documents);
    const found = byCall(Object.entries((await fetched()).documents).map(([path, value]) => ({ path, value })));
    expect([...found.keys()].filter((call) => !wanted.has(call))).toEqual([]);
    for (const [call, value] of found) expect([call, value]).toEqual([call, wanted.get(call)]);
    expect(found.size).toBeGreaterThan(30);
  });
});
