import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

const sshFrom = new pulumi.Config().require('sshFrom');

const vpc = new aws.ec2.Vpc('network', { cidrBlock: '10.0.0.0/16' });
const subnet = new aws.ec2.Subnet('front', { vpcId: vpc.id, cidrBlock: '10.0.1.0/24' });
const ssh = new aws.ec2.SecurityGroup('ssh', {
  vpcId: vpc.id,
  ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: [sshFrom] }],
});
const web = new aws.ec2.SecurityGroup('web', { vpcId: vpc.id });
const bastion = aws.ec2.SecurityGroup.get('bastion', 'sg-0123456789abcdef0');
const image = aws.ec2.getAmiOutput({ owners: ['amazon'], mostRecent: true });
const server = new aws.ec2.Instance('server', {
  ami: image.id,
  instanceType: 't3.micro',
  subnetId: subnet.id,
  vpcSecurityGroupIds: [ssh.id, web.id, bastion.id],
  associatePublicIpAddress: true,
});

export const address = server.publicIp;
