import { describe } from '@jest/globals';
import { fixRows } from '../../support/aws/fix-row.js';
import type { Fixture } from '../../support/aws/fixture.js';
import { appliance } from '../../support/aws/middlebox.js';
import { peeredVpc2 } from '../../support/aws/topology.js';

const from = '203.0.113.5/32';
const target = '198.51.100.10';

function onlyClient(f: Fixture): Fixture {
  f.sg('sg-1').inbound(`tcp 22 ${from}`);
  return f;
}

describe('a range that was brought to AWS', () => {
  const brought = (f: Fixture, State: string) => {
    onlyClient(f).edit('Addresses', 'eipalloc-10', { PublicIpv4Pool: 'ipv4pool-ec2-1' });
    f.add('ByoipCidrs', { Cidr: '198.51.100.0/24', State });
  };
  fixRows([
    {
      name: 'is advertised once it is provisioned',
      given: (f) => brought(f, 'provisioned'),
      target,
      from,
      fixes: [
        {
          for: 'aws/addr-byoip-not-advertised',
          command: 'aws ec2 advertise-byoip-cidr --region eu-west-1 --cidr 198.51.100.0/24',
          pulumi: '// no resource of aws.ec2 advertises a range: run the command',
          gains: [from],
          note: 'it announces all of 198.51.100.0/24 to the internet: stop announcing it elsewhere first',
        },
      ],
    },
    {
      name: 'cannot be advertised before',
      given: (f) => brought(f, 'pending-provision'),
      target,
      from,
      checked: false,
      fixes: [],
    },
  ]);
});

describe('gateways', () => {
  fixRows([
    {
      name: 'that are attached again revive their routes',
      given: (f) => {
        onlyClient(f).edit('InternetGateways', 'igw-1', { Attachments: [] });
        f.table('rtb-pub').routes('0.0.0.0/0 igw-1 blackhole', '::/0 igw-1 blackhole');
      },
      target,
      from,
      fixes: [
        {
          for: 'aws/igw-detached',
          command: 'aws ec2 attach-internet-gateway --region eu-west-1 --internet-gateway-id igw-1 --vpc-id vpc-1',
          pulumi: 'new aws.ec2.InternetGatewayAttachment("igw", { internetGatewayId: "igw-1", vpcId: "vpc-1" });',
          gains: [from],
        },
      ],
    },
    {
      name: 'that send what comes in to an appliance need its public address, and what the appliance does is open',
      given: (f) => {
        appliance(onlyClient(f)).table('rtb-edge').edgeOf('igw-1').routes('10.0.1.0/24 eni-fw');
        f.table('rtb-pub').routes('0.0.0.0/0 eni-fw');
      },
      target,
      from,
      checked: false,
      fixes: [
        {
          for: 'aws/edge-appliance-no-public-ip',
          command:
            'aws ec2 associate-address --region eu-west-1 --allocation-id "$(aws ec2 allocate-address --region eu-west-1 --domain vpc --query AllocationId --output text)" --network-interface-id eni-fw --private-ip-address 10.0.3.10',
          pulumi:
            'new aws.ec2.Eip("ip", { domain: "vpc", networkInterface: "eni-fw", associateWithPrivateIp: "10.0.3.10" });',
          note: 'what eni-fw lets through is not in the evidence',
        },
      ],
    },
  ]);
});

describe('a route that leads out of the VPC what is to stay inside', () => {
  const stray = (code: string, table: string, prefix: string) => ({
    for: code,
    command: `aws ec2 delete-route --region eu-west-1 --route-table-id ${table} --destination-cidr-block ${prefix}`,
    pulumi: `// remove the aws.ec2.Route for "${prefix}" in "${table}"`,
  });
  fixRows([
    {
      name: 'is taken away on both sides',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 10.0.2.20/32');
        f.table('rtb-main').routes('10.0.1.0/24 nat-1');
        f.table('rtb-pub').also('10.0.2.0/24 nat-1 blackhole');
      },
      target: '10.0.1.10',
      from: '10.0.2.20/32',
      fixes: [
        {
          ...stray('aws/src-rt-missing', 'rtb-main', '10.0.1.0/24'),
          note: 'rtb-main is the main route table, and routes every subnet that has none of its own',
        },
        { ...stray('aws/rt-blackhole', 'rtb-pub', '10.0.2.0/24'), gains: ['10.0.2.20/32'] },
      ],
    },
  ]);
});

describe('quotas', () => {
  fixRows([
    {
      name: 'of the routes of a table',
      given: (f) => {
        const many = Array.from({ length: 499 }, (_, i) => `100.64.${i >> 8}.${i & 255}/32 igw-1`);
        onlyClient(f)
          .table('rtb-pub')
          .routes(...many);
      },
      target,
      from,
      fixes: [
        {
          for: 'aws/rt-missing',
          command:
            'aws ec2 create-route --region eu-west-1 --route-table-id rtb-pub --destination-cidr-block 203.0.113.5/32 --gateway-id igw-1',
          pulumi:
            'new aws.ec2.Route("ssh-1", { routeTableId: "rtb-pub", destinationCidrBlock: "203.0.113.5/32", gatewayId: "igw-1" });',
          gains: [from],
          note: 'rtb-pub would have 502 routes, and the default quota is 500',
        },
      ],
    },
    {
      name: 'of the exclusions from Block Public Access',
      given: (f) => {
        onlyClient(f).blockPublicAccess({ InternetGatewayBlockMode: 'block-bidirectional' });
        for (let i = 0; i < 50; i++) f.add('VpcBlockPublicAccessExclusions', exclusion(i));
      },
      target,
      from,
      fixes: [
        {
          for: 'aws/bpa-block',
          command:
            'aws ec2 create-vpc-block-public-access-exclusion --region eu-west-1 --subnet-id subnet-a --internet-gateway-exclusion-mode allow-bidirectional',
          pulumi:
            'new aws.ec2.VpcBlockPublicAccessExclusion("ssh", { subnetId: "subnet-a", internetGatewayExclusionMode: "allow-bidirectional" });',
          gains: [from],
          note: 'it opens the whole subnet to the internet: Session Manager or an Instance Connect Endpoint needs no exclusion; there are 50 exclusions, the default quota',
        },
      ],
    },
  ]);
});

function exclusion(i: number) {
  return {
    ExclusionId: `vpcbpa-exclude-${i}`,
    InternetGatewayExclusionMode: 'allow-bidirectional',
    ResourceArn: `arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-x${i}`,
    State: 'create-complete',
  };
}

describe('a stale rule', () => {
  fixRows([
    {
      name: 'stays, but may go: the client gets a rule of its own',
      given: (f) => {
        peeredVpc2(f).answer('ec2:DescribeStaleSecurityGroups', 'vpc-1', [
          {
            GroupId: 'sg-1',
            VpcId: 'vpc-1',
            StaleIpPermissions: [{ IpProtocol: 'tcp', UserIdGroupPairs: [{ GroupId: 'sg-9' }] }],
          },
        ]);
        f.sg('sg-1').inbound('tcp 22 sg-9');
      },
      target: '10.0.1.10',
      from: '10.1.0.9/32',
      fixes: [
        {
          for: 'aws/sg-stale',
          command:
            'aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-1 --protocol tcp --port 22 --cidr 10.1.0.9/32',
          pulumi:
            'new aws.vpc.SecurityGroupIngressRule("ssh", { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "10.1.0.9/32" });',
          gains: ['10.1.0.9/32'],
          note: 'the stale rule can go: aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-1 --security-group-rule-ids sgr-1-in1',
        },
      ],
    },
  ]);
});
