import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { type Fixture, f0 } from '../../support/aws/fixture.js';
import { nlb } from '../../support/aws/load-balancer.js';
import { appliance } from '../../support/aws/middlebox.js';
import { virtualInterface, vpn } from '../../support/aws/on-prem.js';
import { type PathRow, pathRows } from '../../support/aws/path-row.js';
import { enforcedEncryption, exclusion } from '../../support/aws/public-access.js';
import { peeredVpc2, transitGateway } from '../../support/aws/topology.js';

const BLOCKED = { verdict: 'unreachable', symptom: 'times-out', causes: ['aws/bpa-block'] } as const;

const OWNER = '444455556666';

function blocked(f: Fixture, mode = 'block-bidirectional'): Fixture {
  return f.blockPublicAccess({ InternetGatewayBlockMode: mode });
}

/** Both directions blocked but for this exclusion. */
function except(of: Parameters<typeof exclusion>[0]): Pick<PathRow, 'given'> {
  return { given: (f) => blocked(f).add('VpcBlockPublicAccessExclusions', exclusion(of)) };
}

describe('the mode of the account', () => {
  pathRows([
    { tag: 'aws#127', name: 'blocks both directions', given: (f) => blocked(f), ...BLOCKED },
    { tag: 'aws#128', name: 'blocks inbound', given: (f) => blocked(f, 'block-ingress'), ...BLOCKED },
    {
      tag: 'aws#135',
      name: 'is about to change',
      given: (f) =>
        f.blockPublicAccess({ InternetGatewayBlockMode: 'block-bidirectional', State: 'update-in-progress' }),
      verdict: 'unknown',
      missing: ['aws/bpa-transition'],
    },
    {
      tag: 'aws#138',
      name: 'may not be read, and the subnet does not say',
      given: (f) => {
        f.denied('ec2:DescribeVpcBlockPublicAccessOptions').denied('ec2:DescribeVpcBlockPublicAccessExclusions');
        f.edit('Subnets', 'subnet-a', { BlockPublicAccessStates: undefined });
        f.edit('Vpcs', 'vpc-1', { BlockPublicAccessStates: undefined });
      },
      verdict: 'unknown',
      missingAmong: ['aws/ev-bpa ec2:DescribeVpcBlockPublicAccessOptions'],
    },
    {
      tag: 'aws#139',
      name: "is off, but the subnet is another account's, which blocks",
      given: (f) => {
        f.edit('Vpcs', 'vpc-1', {
          OwnerId: OWNER,
          BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-ingress' },
        });
        f.edit('InternetGateways', 'igw-1', { OwnerId: OWNER });
        f.edit('Subnets', 'subnet-a', {
          OwnerId: OWNER,
          SubnetArn: `arn:aws:ec2:eu-west-1:${OWNER}:subnet/subnet-a`,
          BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-ingress' },
        });
      },
      ...BLOCKED,
      says: [OWNER],
    },
  ]);
});

describe('an exclusion', () => {
  pathRows([
    { tag: 'aws#129', name: 'of the subnet', ...except({ of: 'subnet-a' }), verdict: 'reachable' },
    {
      tag: 'aws#129',
      name: 'of the subnet, whose own state already counts it in',
      given: (f) => {
        except({ of: 'subnet-a' }).given?.(f);
        f.edit('Subnets', 'subnet-a', { BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' } });
      },
      verdict: 'reachable',
    },
    { tag: 'aws#130', name: 'of the VPC', ...except({ of: 'vpc-1' }), verdict: 'reachable' },
    { tag: 'aws#131', name: 'for egress only', ...except({ of: 'subnet-a', mode: 'allow-egress' }), ...BLOCKED },
    { tag: 'aws#132', name: 'of another subnet', ...except({ of: 'subnet-b' }), ...BLOCKED },
    {
      tag: 'aws#133',
      name: 'under way',
      ...except({ of: 'subnet-a', state: 'create-in-progress' }),
      verdict: 'unknown',
      missing: ['aws/bpa-transition'],
    },
    { tag: 'aws#134', name: 'disabled', ...except({ of: 'subnet-a', state: 'disable-complete' }), ...BLOCKED },
  ]);

  test('aws#145 on the second page counts as on the first', () => {
    const evidence = blocked(f0()).without('VpcBlockPublicAccessExclusions').documents('cli');
    const page = (n: number, of: string, NextToken?: string) => ({
      path: `describe-vpc-block-public-access-exclusions-page-${n}.json`,
      value: { VpcBlockPublicAccessExclusions: [exclusion({ of })], ...(NextToken === undefined ? {} : { NextToken }) },
    });
    const documents = [...evidence, page(1, 'subnet-b', 'AYADeJ9mVkRzMw'), page(2, 'subnet-a')];
    const answer = explain({ documents }, { target: '198.51.100.10', from: '203.0.113.5/32' });
    expect(answer.report?.targets.map((t) => t.verdict)).toEqual(['reachable']);
    expect(answer.exitCode).toBe(0);
  });
});

describe('what is blocked', () => {
  pathRows([
    {
      tag: 'aws#136',
      name: 'not a peering connection',
      given: (f) => {
        blocked(peeredVpc2(f)).sg('sg-1').inbound('tcp 22 10.1.0.0/16');
      },
      from: '10.1.0.9',
      target: '10.0.1.10',
      verdict: 'reachable',
      path: 'peering',
    },
    {
      tag: 'aws#136',
      name: 'not a transit gateway',
      given: (f) => {
        blocked(transitGateway(f)).sg('sg-1').inbound('tcp 22 10.1.0.0/16');
      },
      from: '10.1.0.9',
      target: '10.0.1.10',
      verdict: 'reachable',
      path: 'transit-gateway',
    },
    {
      tag: 'aws#136',
      name: 'not a VPN',
      given: (f) => {
        blocked(vpn(f, { routes: ['192.168.0.0/16'] }))
          .sg('sg-1')
          .inbound('tcp 22 192.168.0.0/16');
        f.table('rtb-pub').also('192.168.0.0/16 vgw-1 propagated');
      },
      from: '192.168.0.9',
      target: '10.0.1.10',
      verdict: 'reachable',
      path: 'vpn',
    },
    {
      tag: 'aws#137',
      name: 'a public virtual interface of Direct Connect',
      given: (f) => blocked(f).add('virtualInterfaces', virtualInterface('public', '203.0.113.0/24')),
      ...BLOCKED,
    },
    {
      tag: 'aws#140',
      name: 'a workload behind an excluded appliance',
      given: (f) => {
        blocked(appliance(f, '198.51.100.40')).table('rtb-edge').edgeOf('igw-1').routes('10.0.1.0/24 eni-fw');
        f.add('VpcBlockPublicAccessExclusions', exclusion({ of: 'subnet-fw' }));
        f.table('rtb-pub').routes('0.0.0.0/0 eni-fw', '::/0 igw-1');
      },
      ...BLOCKED,
    },
    {
      tag: 'aws#141',
      name: 'the direct way to a target, not the one through an excluded balancer',
      given: (f) => blocked(nlb(f)).add('VpcBlockPublicAccessExclusions', exclusion({ of: 'subnet-n' })),
      target: 'i-1',
      verdict: 'reachable',
      causes: ['aws/bpa-block'],
      ways: {
        'load-balancer': { verdict: 'reachable' },
        internet: { verdict: 'unreachable', causes: ['aws/bpa-block'] },
      },
    },
  ]);
});

describe('encryption control', () => {
  const enforced = (exclusionState: 'enabled' | 'disabled') => (f: Fixture) =>
    f.add('VpcEncryptionControls', enforcedEncryption(exclusionState));
  pathRows([
    { tag: 'aws#142', name: 'with the internet gateway excluded', given: enforced('enabled'), verdict: 'reachable' },
    {
      tag: 'aws#143',
      name: 'without: the active route contradicts it',
      given: enforced('disabled'),
      verdict: 'unknown',
      missing: ['aws/enc-contradiction'],
    },
  ]);
});

describe('a shared subnet', () => {
  const returnsByPeering = (f: Fixture): void => {
    f.edit('Vpcs', 'vpc-1', { OwnerId: OWNER });
    f.edit('Subnets', 'subnet-a', { OwnerId: OWNER, SubnetArn: `arn:aws:ec2:eu-west-1:${OWNER}:subnet/subnet-a` });
    f.table('rtb-pub').also('10.1.0.0/16 pcx-1');
    f.sg('sg-1').inbound('tcp 22 10.1.0.0/16');
  };
  const asked = { from: '10.1.0.9', target: '10.0.1.10', verdict: 'unknown' } as const;
  pathRows([
    {
      tag: 'aws#144',
      name: "whose owner's peering connections a participant does not see",
      given: returnsByPeering,
      ...asked,
      missingAmong: ['aws/ev-pcx'],
    },
    {
      tag: 'aws#144',
      name: 'with the call refused',
      given: (f) => {
        returnsByPeering(f);
        f.denied('ec2:DescribeVpcPeeringConnections');
      },
      ...asked,
      missingAmong: ['aws/ev-pcx ec2:DescribeVpcPeeringConnections'],
    },
  ]);
});
