import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { rows } from '../../support/aws/row.js';
import { peeredVpc2, transitGateway, unreadPeer } from '../../support/aws/topology.js';

const DROPPED = { verdict: 'unreachable', symptom: 'times-out', causes: ['aws/sg-no-inbound sg-1'] } as const;

describe('a group as the source, inside the VPC', () => {
  rows([
    {
      tag: 'aws#24',
      name: 'a member by the private address',
      given: selfReference,
      from: 'i-3',
      target: '10.0.1.10',
      verdict: 'reachable',
    },
    {
      tag: 'aws#25',
      name: 'a member by the public address',
      given: selfReference,
      from: 'i-3',
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/sg-ref-lost-public-ip sg-1'],
      path: 'hairpin',
    },
    {
      tag: 'aws#26',
      name: "a member's other interface",
      given: (f) => {
        f.sg('sg-other').egress('all 0.0.0.0/0');
        f.addInterface({
          id: 'eni-2y',
          instance: 'i-2',
          device: 1,
          subnet: 'subnet-b',
          ip: '10.0.2.21',
          groups: ['sg-other'],
        });
        f.sg('sg-1').inbound('tcp 22 sg-2');
      },
      from: '10.0.2.21',
      target: '10.0.1.10',
      ...DROPPED,
    },
    {
      tag: 'aws#31',
      name: 'a member behind an appliance',
      given: (f) => {
        f.addSubnet('subnet-f', { vpc: 'vpc-1', prefix: '10.0.3.0/24', zone: 'a' });
        f.sg('sg-fw').inbound('all 0.0.0.0/0').egress('all 0.0.0.0/0');
        f.addInstance({ id: 'i-fw', eni: 'eni-fw', subnet: 'subnet-f', ip: '10.0.3.10', groups: ['sg-fw'] });
        f.edit('NetworkInterfaces', 'eni-fw', { SourceDestCheck: false });
        f.acl('acl-def').on('subnet-f');
        f.table('rtb-pub').also('10.0.2.0/24 eni-fw');
        f.table('rtb-b').on('subnet-b').routes('10.0.1.0/24 eni-fw');
        f.sg('sg-1').inbound('tcp 22 sg-2');
      },
      from: 'i-2',
      target: '10.0.1.10',
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/sg-ref-not-preserved sg-1'],
    },
  ]);
});

describe('a group as the source, in another VPC', () => {
  const private9 = { from: 'i-9', target: '10.0.1.10' } as const;
  rows([
    { tag: 'aws#27', name: 'peered', given: peeredReference, ...private9, verdict: 'reachable', path: 'peering' },
    {
      tag: 'aws#28',
      name: 'the peering connection deleted',
      given: (f) => {
        peeredReference(f);
        f.edit('VpcPeeringConnections', 'pcx-1', { Status: { Code: 'deleted', Message: 'Deleted by 111122223333' } });
        f.table('rtb-pub').routes('0.0.0.0/0 igw-1', '::/0 igw-1', '10.1.0.0/16 pcx-1 blackhole');
        f.table('rtb-p').routes('10.0.0.0/16 pcx-1 blackhole');
        f.sg('sg-1').inbound('tcp 22 sg-9 vpc=vpc-2 pcx=pcx-1 status=deleted');
        staleReference(f);
      },
      ...private9,
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/sg-stale sg-1', 'aws/rt-blackhole rtb-pub'],
    },
    {
      tag: 'aws#29',
      name: 'the group deleted, its rule left active',
      given: (f) => {
        peeredReference(f);
        f.sg('sg-8', { vpc: 'vpc-2' }).egress('all 0.0.0.0/0');
        f.groups('eni-9p', 'sg-8').forgetGroup('sg-9');
        staleReference(f);
      },
      ...private9,
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/sg-stale sg-1'],
    },
    {
      tag: 'aws#30',
      name: 'peered from another Region: AWS refuses such a rule',
      given: (f) => {
        unreadPeer(f, { region: 'us-east-1' });
        f.sg('sg-1').inbound('tcp 22 sg-9 vpc=vpc-2 pcx=pcx-1 status=active');
      },
      from: '10.1.0.9',
      target: '10.0.1.10',
      verdict: 'unreachable',
      symptom: 'times-out',
      among: ['aws/sg-no-inbound sg-1'],
      problems: ['sg-9'],
    },
    {
      tag: 'aws#32',
      name: 'over a transit gateway',
      given: transitReference,
      ...private9,
      verdict: 'reachable',
      path: 'transit-gateway',
    },
    {
      tag: 'aws#33',
      name: 'over a transit gateway that does not resolve groups',
      given: (f) => {
        transitReference(f);
        f.edit('TransitGateways', 'tgw-1', { Options: { SecurityGroupReferencingSupport: 'disable' } });
      },
      ...private9,
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/sg-ref-tgw-disabled'],
    },
    {
      tag: 'aws#34',
      name: 'as an egress rule over a transit gateway',
      given: (f) => {
        transitReference(f);
        f.sg('sg-9').egress('tcp 22 sg-1 vpc=vpc-1');
      },
      ...private9,
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: ['aws/src-sg-egress sg-9'],
    },
    {
      tag: 'aws#37',
      name: 'of an account that was not read',
      given: unreadReference,
      from: '10.1.0.9',
      target: '10.0.1.10',
      verdict: 'unknown',
      missingAmong: ['aws/ev-sg-ref'],
    },
    { tag: 'aws#38', name: 'of an account that was not read, for the internet', given: unreadReference, ...DROPPED },
  ]);
});

/** sg-1 admits its own members only; as a source a member also needs a way out. */
function selfReference(f: Fixture): void {
  f.sg('sg-1').inbound('tcp 22 sg-1').egress('all 0.0.0.0/0');
  const addresses = { ip: '10.0.1.30', public: '198.51.100.30' };
  f.addInstance({ id: 'i-3', eni: 'eni-3', subnet: 'subnet-a', groups: ['sg-1'], ...addresses });
}

function peeredReference(f: Fixture): void {
  peeredVpc2(f).sg('sg-1').inbound('tcp 22 sg-9 vpc=vpc-2 pcx=pcx-1 status=active');
}

function transitReference(f: Fixture): void {
  transitGateway(f).sg('sg-1').inbound('tcp 22 sg-9 vpc=vpc-2');
}

function unreadReference(f: Fixture): void {
  unreadPeer(f, { owner: '444455556666' });
  f.sg('sg-1').inbound('tcp 22 sg-9 user=444455556666 vpc=vpc-2 pcx=pcx-1 status=active');
}

/** DescribeStaleSecurityGroups names sg-1's rule for sg-9. */
function staleReference(f: Fixture): void {
  const permission = {
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    IpRanges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [{ GroupId: 'sg-9', UserId: '111122223333', VpcId: 'vpc-2', VpcPeeringConnectionId: 'pcx-1' }],
  };
  const group = { GroupId: 'sg-1', GroupName: 'sg-1', Description: 'group sg-1', VpcId: 'vpc-1' };
  f.answer('ec2:DescribeStaleSecurityGroups', 'vpc-1', [
    { ...group, StaleIpPermissions: [permission], StaleIpPermissionsEgress: [] },
  ]);
}
