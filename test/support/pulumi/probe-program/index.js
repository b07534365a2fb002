const aws = require('@pulumi/aws');
const pulumi = require('@pulumi/pulumi');

const vpc = aws.ec2.Vpc.get('vpc', 'vpc-1');
const image = aws.ec2.getAmiOutput({ owners: ['amazon'], mostRecent: true });

class Office extends pulumi.ComponentResource {
  constructor(name) {
    super('probe:index:Office', name);
    const ingress = [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: ['203.0.113.0/24'] }];
    this.group = new aws.ec2.SecurityGroup('sg', { vpcId: vpc.id, ingress }, { parent: this });
    this.registerOutputs({ group: this.group.id });
  }
}

const { group } = new Office('office');
const web = new aws.ec2.Instance('web', {
  ami: image.id,
  instanceType: 't3.micro',
  vpcSecurityGroupIds: [group.id, 'sg-elsewhere'],
  userData: pulumi.secret('#!/bin/sh'),
});

exports.address = web.publicIp;
