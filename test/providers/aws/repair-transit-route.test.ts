import { describe } from '@jest/globals';
import { type FixRow, fixRows } from '../../support/aws/fix-row.js';
import type { Fixture } from '../../support/aws/fixture.js';
import { transitGateway } from '../../support/aws/topology.js';
import { transitTable } from '../../support/aws/transit-table.js';

const TO_VPC_1 = '10.0.0.0/16 tgw-attach-1';
const TO_VPC_2 = '10.1.0.0/16 tgw-attach-2';
const both = ['tgw-attach-1', 'tgw-attach-2'];

/** 10.1.0.9 of vpc-2 asks 10.0.1.10 over tgw-1; sg-1 lets only it in unless `client` says more. */
function over(change: (f: Fixture) => unknown, client = '10.1.0.9/32'): Pick<FixRow, 'given' | 'from'> {
  const given = (f: Fixture): void => {
    f.sg('sg-1').inbound(`tcp 22 ${client}`);
    change(transitGateway(f));
  };
  return { given, from: client };
}

/** vpc-`n` 10.`n`.0.0/16 on tgw-1 by tgw-attach-`n`. */
function attachVpc(f: Fixture, n: number): void {
  const vpc = `vpc-${n}`;
  f.addVpc(vpc, `10.${n}.0.0/16`).addSubnet(`subnet-${n}`, { vpc, prefix: `10.${n}.0.0/28`, zone: 'a' });
  f.acl(`acl-${n}`, vpc).open().on(`subnet-${n}`);
  f.table(`rtb-${n}`, vpc).main();
  for (const key of ['TransitGatewayVpcAttachments', 'TransitGatewayAttachments'] as const) {
    const own = { TransitGatewayAttachmentId: `tgw-attach-${n}`, VpcId: vpc, ResourceId: vpc };
    f.add(key, { ...f.record(key, 'tgw-attach-2'), ...own, SubnetIds: [`subnet-${n}`] });
  }
}

/** A static route of tgw-rtb-1, created or replaced. */
function route(verb: 'create' | 'replace', prefix: string, attachment: string, table = 'tgw-rtb-1') {
  return {
    command: `aws ec2 ${verb}-transit-gateway-route --region eu-west-1 --transit-gateway-route-table-id ${table} --destination-cidr-block ${prefix} --transit-gateway-attachment-id ${attachment}`,
    pulumi: `new aws.ec2transitgateway.Route("ssh-1", { destinationCidrBlock: "${prefix}", transitGatewayAttachmentId: "${attachment}", transitGatewayRouteTableId: "${table}" });`,
  };
}

describe('no route', () => {
  const wider = (attachment: string, vpc: string) =>
    `enable-transit-gateway-route-table-propagation for ${attachment} would route all of ${vpc}`;
  const noWayBack = (f: Fixture) => {
    transitTable(f, 'tgw-rtb-1', { associated: ['tgw-attach-1'], routes: [TO_VPC_1] });
    transitTable(f, 'tgw-rtb-2', { associated: ['tgw-attach-2'], routes: [TO_VPC_1] });
  };
  fixRows([
    {
      name: 'to the target: only the target is routed',
      ...over((f) => transitTable(f, 'tgw-rtb-1', { associated: both, routes: [TO_VPC_2] })),
      fixes: [
        {
          for: 'aws/tgw-no-route',
          ...route('create', '10.0.1.10/32', 'tgw-attach-1'),
          gains: ['10.1.0.9/32'],
          note: wider('tgw-attach-1', 'vpc-1'),
        },
      ],
    },
    {
      name: 'back: only the client is routed',
      ...over(noWayBack),
      fixes: [
        {
          for: 'aws/tgw-no-route',
          ...route('create', '10.1.0.9/32', 'tgw-attach-2'),
          gains: ['10.1.0.9/32'],
          note: wider('tgw-attach-2', 'vpc-2'),
        },
      ],
    },
    {
      name: 'back to a whole VPC: it propagates',
      ...over(noWayBack, '10.1.0.0/16'),
      from: '10.1.0.0/24,10.1.9.0/28',
      fixes: [
        {
          for: 'aws/tgw-no-route',
          command:
            'aws ec2 enable-transit-gateway-route-table-propagation --region eu-west-1 --transit-gateway-route-table-id tgw-rtb-1 --transit-gateway-attachment-id tgw-attach-2',
          pulumi:
            'new aws.ec2transitgateway.RouteTablePropagation("ssh", { transitGatewayAttachmentId: "tgw-attach-2", transitGatewayRouteTableId: "tgw-rtb-1" });',
          gains: ['10.1.0.0/24', '10.1.9.0/28'],
        },
      ],
    },
    {
      name: 'to the target but one that leads elsewhere: a more specific one, and whom the table routes beside',
      ...over((f) => {
        attachVpc(f, 5);
        attachVpc(f, 6);
        transitTable(f, 'tgw-rtb-6', { associated: ['tgw-attach-6'], routes: [] });
        const routes = [TO_VPC_2, '10.0.0.0/16 tgw-attach-5 static'];
        transitTable(f, 'tgw-rtb-1', { associated: [...both, 'tgw-attach-5'], routes });
      }),
      fixes: [
        {
          for: 'aws/tgw-no-route',
          ...route('create', '10.0.1.10/32', 'tgw-attach-1'),
          gains: ['10.1.0.9/32'],
          note: 'tgw-rtb-1 also routes 1 other attachment',
        },
      ],
    },
  ]);
});

describe('a blackhole', () => {
  const meant = 'a blackhole is often meant: ask before it goes';
  const holed = (...routes: readonly string[]) =>
    over((f) => transitTable(f, 'tgw-rtb-1', { associated: both, routes }));
  fixRows([
    {
      name: 'with nothing behind it is turned',
      ...holed('10.0.0.0/16 blackhole', TO_VPC_2),
      fixes: [
        {
          for: 'aws/tgw-blackhole',
          ...route('replace', '10.0.0.0/16', 'tgw-attach-1'),
          gains: ['10.1.0.9/32'],
          note: meant,
        },
      ],
    },
    {
      name: 'for more than the VPC stays, and a more specific route goes before it',
      ...holed('10.0.0.0/8 blackhole', TO_VPC_2),
      fixes: [
        {
          for: 'aws/tgw-blackhole',
          ...route('create', '10.0.1.10/32', 'tgw-attach-1'),
          gains: ['10.1.0.9/32'],
          note: 'enable-transit-gateway-route-table-propagation for tgw-attach-1 would route all of vpc-1',
        },
      ],
    },
    {
      name: 'more specific than a route that leads there is deleted',
      ...holed('10.0.1.0/24 blackhole', TO_VPC_1, TO_VPC_2),
      fixes: [
        {
          for: 'aws/tgw-blackhole',
          command:
            'aws ec2 delete-transit-gateway-route --region eu-west-1 --transit-gateway-route-table-id tgw-rtb-1 --destination-cidr-block 10.0.1.0/24',
          pulumi: '// remove the aws.ec2transitgateway.Route for "10.0.1.0/24" in "tgw-rtb-1"',
          gains: ['10.1.0.9/32'],
          note: meant,
        },
      ],
    },
    {
      name: 'for the replies is turned to the clients',
      ...holed(TO_VPC_1, '10.1.0.0/24 blackhole'),
      fixes: [
        {
          for: 'aws/tgw-blackhole',
          ...route('replace', '10.1.0.0/24', 'tgw-attach-2'),
          gains: ['10.1.0.9/32'],
          note: meant,
        },
      ],
    },
    {
      name: 'with another one behind it is turned',
      ...over((f) => {
        const attached = (attachment: string) => ({
          TransitGatewayAttachments: [{ TransitGatewayAttachmentId: attachment, ResourceType: 'vpc' }],
          Type: 'propagated',
        });
        f.answer('ec2:SearchTransitGatewayRoutes', 'tgw-rtb-1', [
          { DestinationCidrBlock: '10.0.1.0/24', Type: 'static', State: 'blackhole' },
          { DestinationCidrBlock: '10.0.0.0/16', State: 'blackhole', ...attached('tgw-attach-1') },
          { DestinationCidrBlock: '10.1.0.0/16', State: 'active', ...attached('tgw-attach-2') },
        ]);
      }),
      fixes: [
        {
          for: 'aws/tgw-blackhole',
          ...route('replace', '10.0.1.0/24', 'tgw-attach-1'),
          gains: ['10.1.0.9/32'],
          note: meant,
        },
      ],
    },
    {
      name: 'that a VPC left behind is outdone by a static route',
      ...over((f) => {
        const route = { DestinationCidrBlock: '10.0.0.0/16', Type: 'propagated', State: 'blackhole' };
        transitTable(f, 'tgw-rtb-1', { associated: both, routes: [] });
        const TransitGatewayAttachments = [{ TransitGatewayAttachmentId: 'tgw-attach-2', ResourceType: 'vpc' }];
        const back = { DestinationCidrBlock: '10.1.0.0/16', Type: 'propagated', State: 'active' };
        f.answer('ec2:SearchTransitGatewayRoutes', 'tgw-rtb-1', [route, { ...back, TransitGatewayAttachments }]);
      }),
      fixes: [
        {
          for: 'aws/tgw-blackhole',
          ...route('create', '10.0.1.10/32', 'tgw-attach-1'),
          gains: ['10.1.0.9/32'],
        },
      ],
    },
  ]);
});

describe('the VPCs on both sides', () => {
  const vpcRoute = (table: string, prefix: string) => ({
    command: `aws ec2 create-route --region eu-west-1 --route-table-id ${table} --destination-cidr-block ${prefix} --transit-gateway-id tgw-1`,
    pulumi: `new aws.ec2.Route("ssh-1", { routeTableId: "${table}", destinationCidrBlock: "${prefix}", transitGatewayId: "tgw-1" });`,
  });
  const entry = (acl: string, way: 'ingress' | 'egress', ports: string, prefix: string) => {
    const [from, to] = ports.split('-');
    const name = `ssh-${way === 'egress' ? 'out' : 'in'}-80`;
    return {
      command: `aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id ${acl} --${way} --rule-number 80 --protocol 6 --port-range From=${from},To=${to} --cidr-block ${prefix} --rule-action allow`,
      pulumi: `new aws.ec2.NetworkAclRule("${name}", { networkAclId: "${acl}", egress: ${way === 'egress'}, ruleNumber: 80, ruleAction: "allow", protocol: "tcp", cidrBlock: "${prefix}", fromPort: ${from}, toPort: ${to} });`,
    };
  };
  const closed = ['90 deny tcp 0-65535 0.0.0.0/0', '100 allow all 0.0.0.0/0'];
  fixRows([
    {
      name: 'route to the gateway',
      ...over((f) => {
        f.table('rtb-pub').routes('0.0.0.0/0 igw-1');
        f.table('rtb-p').routes();
      }),
      fixes: [
        { for: 'aws/src-rt-missing', ...vpcRoute('rtb-p', '10.0.1.10/32'), note: mainTable('rtb-p') },
        { for: 'aws/rt-missing', ...vpcRoute('rtb-pub', '10.1.0.9/32'), gains: ['10.1.0.9/32'] },
      ],
    },
    {
      name: 'deliver what the gateway brings, although a route leads it elsewhere',
      ...over((f) => f.table('rtb-t').routes('10.1.0.0/16 tgw-1', '10.0.1.0/24 tgw-1')),
      fixes: [
        {
          for: 'aws/rt-missing',
          command:
            'aws ec2 delete-route --region eu-west-1 --route-table-id rtb-t --destination-cidr-block 10.0.1.0/24',
          pulumi: '// remove the aws.ec2.Route for "10.0.1.0/24" in "rtb-t"',
          gains: ['10.1.0.9/32'],
        },
      ],
    },
    {
      name: "let the request out of the gateway's subnet",
      ...over((f) => f.acl('acl-t').out(...closed)),
      fixes: [
        { for: 'aws/nacl-out-deny', ...entry('acl-t', 'egress', '22-22', '10.0.1.10/32'), gains: ['10.1.0.9/32'] },
      ],
    },
    {
      name: "let the reply into the gateway's subnet",
      ...over((f) => f.acl('acl-t').in(...closed)),
      fixes: [
        { for: 'aws/nacl-in-deny', ...entry('acl-t', 'ingress', '1024-65535', '10.0.1.10/32'), gains: ['10.1.0.9/32'] },
      ],
    },
    {
      name: "let the request into the gateway's subnet beside the client",
      ...over((f) => f.acl('acl-pt').in(...closed)),
      fixes: [
        { for: 'aws/src-nacl-in', ...entry('acl-pt', 'ingress', '22-22', '10.1.0.9/32'), gains: ['10.1.0.9/32'] },
      ],
    },
    {
      name: "let the reply out of the gateway's subnet beside the client",
      ...over((f) => f.acl('acl-pt').out(...closed)),
      fixes: [
        { for: 'aws/src-nacl-out', ...entry('acl-pt', 'egress', '1024-65535', '10.1.0.9/32'), gains: ['10.1.0.9/32'] },
      ],
    },
  ]);
});

function mainTable(id: string): string {
  return `${id} is the main route table, and routes every subnet that has none of its own`;
}

describe('references over the gateway', () => {
  const on = 'SecurityGroupReferencingSupport=enable';
  const pulumi = (type: string) => `securityGroupReferencingSupport: "enable"  // on aws.ec2transitgateway.${type}`;
  const off = { SecurityGroupReferencingSupport: 'disable' };
  fixRows([
    {
      name: 'need its option, and those of the attachments',
      ...over((f) => {
        f.sg('sg-1').inbound('tcp 22 sg-9');
        f.edit('TransitGateways', 'tgw-1', { Options: off });
        f.edit('TransitGatewayVpcAttachments', 'tgw-attach-2', { Options: off });
      }),
      fixes: [
        {
          for: 'aws/sg-ref-tgw-disabled',
          command: `aws ec2 modify-transit-gateway --region eu-west-1 --transit-gateway-id tgw-1 --options ${on}`,
          pulumi: pulumi('TransitGateway'),
        },
        {
          for: 'aws/sg-ref-tgw-disabled',
          command: `aws ec2 modify-transit-gateway-vpc-attachment --region eu-west-1 --transit-gateway-attachment-id tgw-attach-2 --options ${on}`,
          pulumi: pulumi('VpcAttachment'),
          gains: ['10.1.0.9/32'],
        },
      ],
    },
  ]);
});
