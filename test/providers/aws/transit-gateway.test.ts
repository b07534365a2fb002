import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { appliance } from '../../support/aws/middlebox.js';
import { type PathRow, pathRows } from '../../support/aws/path-row.js';
import { transitGateway } from '../../support/aws/topology.js';
import { dissociated, peeringAttachment, transitTable } from '../../support/aws/transit-table.js';

const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

const TO_VPC_1 = '10.0.0.0/16 tgw-attach-1';
const TO_VPC_2 = '10.1.0.0/16 tgw-attach-2';

/** 10.1.0.9 of vpc-2 asks 10.0.1.10 over tgw-1; sg-1 lets vpc-2 in. */
function over(change: (f: Fixture) => unknown): Pick<PathRow, 'given' | 'from' | 'target'> {
  const given = (f: Fixture): void => {
    f.sg('sg-1').inbound('tcp 22 10.1.0.0/16');
    change(transitGateway(f));
  };
  return { given, from: '10.1.0.9', target: '10.0.1.10' };
}

/** A second subnet in which tgw-attach-1 stands, or may stand, in zone b. */
function subnetInZoneB(f: Fixture): Fixture {
  f.addSubnet('subnet-t2', { vpc: 'vpc-1', prefix: '10.0.10.0/28', zone: 'b' });
  f.acl('acl-t').on('subnet-t2');
  return f;
}

describe('attachments', () => {
  pathRows([
    { tag: 'aws#152', name: 'all right', ...over(() => {}), verdict: 'reachable', path: 'transit-gateway' },
    {
      tag: 'aws#152a',
      name: 'not accepted yet',
      ...over((f) => {
        f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { State: 'pendingAcceptance' });
        f.edit('TransitGatewayAttachments', 'tgw-attach-1', { State: 'pendingAcceptance' });
      }),
      ...UNREACHABLE,
      causes: ['aws/tgw-attachment-state tgw-attach-1'],
    },
    {
      tag: 'aws#153',
      name: 'none in the zone of the target: its replies find no way out',
      ...over((f) => {
        subnetInZoneB(f).table('rtb-t').on('subnet-t2');
        f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { SubnetIds: ['subnet-t2'] });
      }),
      ...UNREACHABLE,
      causes: ['aws/tgw-az'],
      stops: 'returning',
    },
    {
      tag: 'aws#154',
      name: "the source's without a table",
      ...over((f) => {
        dissociated(f, 'tgw-attach-2');
        transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1'], routes: [TO_VPC_1, TO_VPC_2] });
      }),
      ...UNREACHABLE,
      causes: ['aws/tgw-no-association'],
      stops: 'inbound',
    },
    {
      tag: 'aws#162',
      name: 'a peering with a transit gateway of an account that was not read',
      ...over((f) => {
        peeringAttachment(f, 'tgw-attach-far', '444455556666');
        transitTable(f, 'tgw-rtb-1', {
          associated: ['tgw-attach-1', 'tgw-attach-2', 'tgw-attach-far'],
          routes: [TO_VPC_1, TO_VPC_2, '10.7.0.0/16 tgw-attach-far static'],
        });
        f.table('rtb-pub').also('10.7.0.0/16 tgw-1');
        f.table('rtb-t').also('10.7.0.0/16 tgw-1');
        f.sg('sg-1').inbound('tcp 22 10.7.0.0/16');
      }),
      from: '10.7.0.9',
      verdict: 'unknown',
      missingAmong: ['aws/ev-tgw'],
    },
  ]);
});

describe('the tables of the transit gateway', () => {
  const both = ['tgw-attach-1', 'tgw-attach-2'];
  pathRows([
    {
      tag: 'aws#155',
      name: 'a blackhole for the target',
      ...over((f) => transitTable(f, 'tgw-rtb-1', { associated: both, routes: ['10.0.0.0/16 blackhole', TO_VPC_2] })),
      ...UNREACHABLE,
      causes: ['aws/tgw-blackhole'],
      stops: 'inbound',
    },
    {
      tag: 'aws#156',
      name: 'a blackhole with the longer prefix',
      ...over((f) =>
        transitTable(f, 'tgw-rtb-1', { associated: both, routes: ['10.0.1.0/24 blackhole', TO_VPC_1, TO_VPC_2] }),
      ),
      ...UNREACHABLE,
      causes: ['aws/tgw-blackhole'],
      stops: 'inbound',
    },
    {
      tag: 'aws#157',
      name: "no route back, in the table of the target's attachment",
      ...over((f) => {
        transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1'], routes: [TO_VPC_1] });
        transitTable(f, 'tgw-rtb-2', { associated: ['tgw-attach-2'], routes: [TO_VPC_1] });
      }),
      ...UNREACHABLE,
      causes: ['aws/tgw-no-route'],
      stops: 'returning',
    },
    {
      tag: 'aws#161',
      name: 'the prefix of the source already belongs to another VPC',
      ...over((f) => {
        f.addVpc('vpc-5', '10.1.0.0/16');
        f.addSubnet('subnet-5', { vpc: 'vpc-5', prefix: '10.1.128.0/24', zone: 'a' });
        f.acl('acl-5', 'vpc-5').open().on('subnet-5');
        f.table('rtb-5', 'vpc-5').main();
        attachVpc5(f);
        transitTable(f, 'tgw-rtb-1', {
          associated: [...both, 'tgw-attach-5'],
          routes: [TO_VPC_1, '10.1.0.0/16 tgw-attach-5'],
        });
      }),
      ...UNREACHABLE,
      among: ['aws/tgw-no-route'],
    },
  ]);
});

function attachVpc5(f: Fixture): void {
  for (const key of ['TransitGatewayVpcAttachments', 'TransitGatewayAttachments'] as const) {
    const like = f.record(key, 'tgw-attach-2');
    const vpc =
      key === 'TransitGatewayAttachments' ? { ResourceId: 'vpc-5' } : { VpcId: 'vpc-5', SubnetIds: ['subnet-5'] };
    f.add(key, { ...like, TransitGatewayAttachmentId: 'tgw-attach-5', ...vpc });
  }
}

describe('the subnets of the attachment', () => {
  pathRows([
    {
      tag: 'aws#158',
      name: 'one of two, picked at random, leads through an appliance',
      ...over((f) => {
        appliance(subnetInZoneB(f)).table('rtb-t2').on('subnet-t2').routes('10.1.0.0/16 tgw-1', '10.0.1.0/24 eni-fw');
        f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { SubnetIds: ['subnet-t', 'subnet-t2'] });
        const inZoneC = { AvailabilityZone: 'eu-west-1c', AvailabilityZoneId: 'euw1-az3' };
        f.edit('Subnets', 'subnet-p', inZoneC).edit('Subnets', 'subnet-pt', inZoneC);
        f.edit('NetworkInterfaces', 'eni-9p', inZoneC);
      }),
      verdict: 'unknown',
      missingAmong: ['aws/mbx-inspected eni-fw'],
    },
    {
      tag: 'aws#159',
      name: "the target's own: its ACL does not see what comes in",
      ...over((f) => {
        f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { SubnetIds: ['subnet-a'] });
        f.acl('acl-a').open().in('90 deny tcp 22 10.1.0.0/16', '100 allow all 0.0.0.0/0').on('subnet-a');
      }),
      verdict: 'reachable',
    },
    {
      tag: 'aws#160',
      name: 'one whose ACL lets nothing out to the port',
      ...over((f) => f.acl('acl-t').out('90 deny tcp 22 0.0.0.0/0', '100 allow all 0.0.0.0/0')),
      ...UNREACHABLE,
      causes: ['aws/nacl-out-deny acl-t'],
      stops: 'inbound',
    },
  ]);
});
