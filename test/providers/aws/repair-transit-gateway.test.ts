import { describe } from '@jest/globals';
import { type FixRow, fixRows } from '../../support/aws/fix-row.js';
import type { Fixture } from '../../support/aws/fixture.js';
import { transitGateway } from '../../support/aws/topology.js';
import { dissociated, transitTable } from '../../support/aws/transit-table.js';

const TO_VPC_1 = '10.0.0.0/16 tgw-attach-1';
const TO_VPC_2 = '10.1.0.0/16 tgw-attach-2';
const IN_ZONE_B = { AvailabilityZone: 'eu-west-1b', AvailabilityZoneId: 'euw1-az2' };

/** 10.1.0.9 of vpc-2 asks 10.0.1.10 over tgw-1; sg-1 lets only it in unless `client` says more. */
function over(change: (f: Fixture) => unknown, client = '10.1.0.9/32'): Pick<FixRow, 'given' | 'from'> {
  const given = (f: Fixture): void => {
    f.sg('sg-1').inbound(`tcp 22 ${client}`);
    change(transitGateway(f));
  };
  return { given, from: client };
}

const routeToTarget = {
  for: 'aws/tgw-no-route',
  command:
    'aws ec2 create-transit-gateway-route --region eu-west-1 --transit-gateway-route-table-id tgw-rtb-1 --destination-cidr-block 10.0.1.10/32 --transit-gateway-attachment-id tgw-attach-1',
  pulumi:
    'new aws.ec2transitgateway.Route("ssh-1", { destinationCidrBlock: "10.0.1.10/32", transitGatewayAttachmentId: "tgw-attach-1", transitGatewayRouteTableId: "tgw-rtb-1" });',
};

describe('attachments', () => {
  const accept = {
    for: 'aws/tgw-attachment-state',
    command:
      'aws ec2 accept-transit-gateway-vpc-attachment --region eu-west-1 --transit-gateway-attachment-id tgw-attach-1',
    pulumi:
      'new aws.ec2transitgateway.VpcAttachmentAccepter("accept", { transitGatewayAttachmentId: "tgw-attach-1" });',
  };
  const pending = (f: Fixture, state = 'pendingAcceptance') => {
    f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { State: state });
    f.edit('TransitGatewayAttachments', 'tgw-attach-1', { State: state });
  };
  fixRows([
    { name: 'one that waits is accepted', ...over(pending), fixes: [{ ...accept, gains: ['10.1.0.9/32'] }] },
    {
      name: "one that waits is routed by the gateway's default table then",
      ...over((f) => {
        pending(f);
        dissociated(f, 'tgw-attach-1');
        transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-2'], routes: [TO_VPC_2] });
      }),
      fixes: [{ ...accept, gains: ['10.1.0.9/32'] }],
    },
    {
      name: 'one that waits has to be associated where the gateway has no default table',
      ...over((f) => {
        pending(f);
        dissociated(f, 'tgw-attach-1');
        transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-2'], routes: [TO_VPC_1, TO_VPC_2] });
        f.edit('TransitGateways', 'tgw-1', { Options: { DefaultRouteTableAssociation: 'disable' } });
      }),
      fixes: [
        accept,
        {
          for: 'aws/tgw-no-association',
          command:
            'aws ec2 associate-transit-gateway-route-table --region eu-west-1 --transit-gateway-route-table-id tgw-rtb-1 --transit-gateway-attachment-id tgw-attach-1',
          pulumi:
            'new aws.ec2transitgateway.RouteTableAssociation("ssh", { transitGatewayAttachmentId: "tgw-attach-1", transitGatewayRouteTableId: "tgw-rtb-1" });',
          gains: ['10.1.0.9/32'],
        },
      ],
    },
    {
      name: 'one that waits propagates nothing where another VPC has its prefix',
      ...over((f) => {
        pending(f);
        f.addVpc('vpc-5', '10.0.0.0/16').addSubnet('subnet-5', { vpc: 'vpc-5', prefix: '10.0.128.0/28', zone: 'a' });
        f.acl('acl-5', 'vpc-5').open().on('subnet-5');
        f.table('rtb-5', 'vpc-5').main();
        for (const key of ['TransitGatewayVpcAttachments', 'TransitGatewayAttachments'] as const) {
          const own = { TransitGatewayAttachmentId: 'tgw-attach-5', VpcId: 'vpc-5', ResourceId: 'vpc-5' };
          f.add(key, { ...f.record(key, 'tgw-attach-2'), ...own, SubnetIds: ['subnet-5'] });
        }
        const routes = [TO_VPC_2, '10.0.0.0/16 tgw-attach-5'];
        transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1', 'tgw-attach-2'], routes });
      }),
      fixes: [
        accept,
        {
          ...routeToTarget,
          gains: ['10.1.0.9/32'],
          note: 'tgw-rtb-1 also routes 1 other attachment',
        },
      ],
    },
    { name: 'one that is deleted stays so', ...over((f) => pending(f, 'deleting')), fixes: [], checked: false },
  ]);
});

describe('an attachment without a table', () => {
  const associate = (table: string) => ({
    for: 'aws/tgw-no-association',
    command: `aws ec2 associate-transit-gateway-route-table --region eu-west-1 --transit-gateway-route-table-id ${table} --transit-gateway-attachment-id tgw-attach-2`,
    pulumi: `new aws.ec2transitgateway.RouteTableAssociation("ssh", { transitGatewayAttachmentId: "tgw-attach-2", transitGatewayRouteTableId: "${table}" });`,
  });
  const among = (...tables: readonly (readonly [id: string, ...routes: string[]])[]) =>
    over((f) => {
      dissociated(f, 'tgw-attach-2');
      transitTable(f, 'tgw-rtb-0', { associated: [], routes: [] });
      transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1'], routes: [TO_VPC_2] });
      for (const [id, ...routes] of tables)
        transitTable(f, id, { associated: id === 'tgw-rtb-1' ? ['tgw-attach-1'] : [], routes });
    });
  fixRows([
    {
      name: 'gets the one that leads to the target',
      ...among(['tgw-rtb-2', TO_VPC_1]),
      fixes: [{ ...associate('tgw-rtb-2'), gains: ['10.1.0.9/32'] }],
    },
    {
      name: "gets the gateway's default one where none leads there, and a route in it",
      ...among(['tgw-rtb-2', TO_VPC_2]),
      fixes: [
        associate('tgw-rtb-1'),
        {
          ...routeToTarget,
          gains: ['10.1.0.9/32'],
          note: 'enable-transit-gateway-route-table-propagation for tgw-attach-1 would route all of vpc-1',
        },
      ],
    },
    {
      name: 'is associated anew',
      ...over((f) => {
        transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1'], routes: [TO_VPC_1, TO_VPC_2] });
        const Association = { TransitGatewayRouteTableId: 'tgw-rtb-0', State: 'disassociated' };
        f.edit('TransitGatewayAttachments', 'tgw-attach-2', { Association });
      }),
      fixes: [{ ...associate('tgw-rtb-1'), gains: ['10.1.0.9/32'] }],
    },
    {
      name: 'waits while it is being associated',
      ...over((f) => {
        const Association = { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associating' };
        f.edit('TransitGatewayAttachments', 'tgw-attach-2', { Association });
      }),
      checked: false,
      fixes: [],
    },
    {
      name: "is told to ask the gateway's owner",
      ...over((f) => {
        dissociated(f, 'tgw-attach-2').edit('TransitGateways', 'tgw-1', { OwnerId: '444455556666' });
        transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1'], routes: [TO_VPC_1, TO_VPC_2] });
      }),
      // An envelope would say that the owner's account was not recorded.
      form: 'cli',
      fixes: [
        {
          ...associate('tgw-rtb-1'),
          gains: ['10.1.0.9/32'],
          note: 'tgw-1 belongs to account 444455556666: run it there',
        },
      ],
    },
  ]);
});

describe('a zone without a subnet of the attachment', () => {
  const add = (attachment: string, subnet: string) => ({
    for: 'aws/tgw-az',
    command: `aws ec2 modify-transit-gateway-vpc-attachment --region eu-west-1 --transit-gateway-attachment-id ${attachment} --add-subnet-ids ${subnet}`,
  });
  fixRows([
    {
      name: 'gets the empty subnet there',
      ...over((f) => {
        f.addSubnet('subnet-t2', { vpc: 'vpc-1', prefix: '10.0.10.0/28', zone: 'b' });
        f.acl('acl-t').on('subnet-t2');
        f.table('rtb-t').on('subnet-t2');
        f.edit('TransitGatewayVpcAttachments', 'tgw-attach-1', { SubnetIds: ['subnet-t2'] });
      }),
      fixes: [
        {
          ...add('tgw-attach-1', 'subnet-t'),
          pulumi: 'subnetIds: ["subnet-t2", "subnet-t"]  // on aws.ec2transitgateway.VpcAttachment',
          gains: ['10.1.0.9/32'],
        },
      ],
    },
    {
      name: "gets the clients' own subnet where there is no other",
      ...over((f) => f.edit('Subnets', 'subnet-p', IN_ZONE_B)),
      fixes: [
        {
          ...add('tgw-attach-2', 'subnet-p'),
          pulumi: 'subnetIds: ["subnet-pt", "subnet-p"]  // on aws.ec2transitgateway.VpcAttachment',
          gains: ['10.1.0.9/32'],
          note: 'subnet-p has other interfaces; a subnet of its own for tgw-attach-2 is cleaner',
        },
      ],
    },
  ]);
});
