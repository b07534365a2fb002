import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

/** What a stack does wrong; `nothing` in the good one. */
type Fault =
  | 'nothing'
  | 'open-to-the-world'
  | 'no-way-in'
  | 'either-subnet'
  | 'rule-of-its-own'
  | 'group-of-somebody-else';

const fault = new pulumi.Config().require<Fault>('fault');
const office = '203.0.113.0/24';

const network = new aws.ec2.Vpc('network', { cidrBlock: '10.0.0.0/16' });
const gateway = new aws.ec2.InternetGateway('gateway', { vpcId: network.id });
const front = new aws.ec2.Subnet('front', {
  vpcId: network.id,
  cidrBlock: '10.0.1.0/24',
  mapPublicIpOnLaunch: true,
});
const back = new aws.ec2.Subnet('back', { vpcId: network.id, cidrBlock: '10.0.2.0/24' });
const routes = new aws.ec2.RouteTable('routes', {
  vpcId: network.id,
  routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: gateway.id }],
});
new aws.ec2.RouteTableAssociation('front-routes', { subnetId: front.id, routeTableId: routes.id });

/** Without a rule on the way out, a group of this provider lets nothing out. */
const egress = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }];
const ssh = (cidrBlock: string) => ({ protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: [cidrBlock] });

const bastionGroup = new aws.ec2.SecurityGroup('bastion', {
  vpcId: network.id,
  egress,
  ...(fault !== 'rule-of-its-own' && { ingress: [ssh(fault === 'open-to-the-world' ? '0.0.0.0/0' : office)] }),
});
if (fault === 'rule-of-its-own') {
  new aws.vpc.SecurityGroupIngressRule('bastion-ssh', {
    securityGroupId: bastionGroup.id,
    ipProtocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    cidrIpv4: '0.0.0.0/0',
  });
}
const webGroup = new aws.ec2.SecurityGroup('web', {
  vpcId: network.id,
  ingress: [
    { protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] },
    { protocol: 'tcp', fromPort: 22, toPort: 22, securityGroups: [bastionGroup.id] },
  ],
});

/** Which of two subnets it is depends on something that is not known before the deployment. */
const either = pulumi
  .all([front.id, back.id, gateway.arn])
  .apply(([one, other, arn]) => (arn.endsWith('0') ? one : other));
const anybody = new aws.ec2.SecurityGroup('anybody', { vpcId: network.id, ingress: [ssh('0.0.0.0/0')] });
const subnets = { 'no-way-in': back.id, 'either-subnet': either } as const;
const groups = {
  'either-subnet': [anybody.id],
  'group-of-somebody-else': [bastionGroup.id, 'sg-0123456789abcdef0'],
} as const;

const image = aws.ec2.getAmiOutput({ owners: ['amazon'], mostRecent: true });
const bastion = new aws.ec2.Instance('bastion', {
  ami: image.id,
  instanceType: 't3.micro',
  subnetId: fault in subnets ? subnets[fault as keyof typeof subnets] : front.id,
  vpcSecurityGroupIds: fault in groups ? [...groups[fault as keyof typeof groups]] : [bastionGroup.id],
});
new aws.ec2.Instance('web', {
  ami: image.id,
  instanceType: 't3.micro',
  subnetId: front.id,
  vpcSecurityGroupIds: [webGroup.id],
});

export const address = bastion.publicIp;
