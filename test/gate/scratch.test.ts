import { test } from '@jest/globals';
import { awsPlan } from '../../providers/aws/plan/index.js';
import { explain } from '../../src/ask/explain.js';
import { CloudPlan } from '../../src/gate/deployment.js';
import { readPreview } from '../../src/plan/preview.js';

const U = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const urn = (type: string, name: string) => `urn:pulumi:s::p::${type}::${name}`;
function res(type: string, name: string, inputs: object, deps: Record<string, string[]> = {}) {
  return {
    op: 'create',
    urn: urn(type, name),
    newState: {
      urn: urn(type, name),
      type,
      custom: true,
      id: '',
      inputs,
      propertyDependencies: deps,
      dependencies: Object.values(deps).flat(),
    },
  };
}
const vpc = urn('aws:ec2/vpc:Vpc', 'vpc');
const igw = urn('aws:ec2/internetGateway:InternetGateway', 'igw');
const sub = urn('aws:ec2/subnet:Subnet', 'sub');
const rt = urn('aws:ec2/routeTable:RouteTable', 'rt');
const sg = urn('aws:ec2/securityGroup:SecurityGroup', 'sg');
test('f0', () => {
  const steps = [
    res('aws:ec2/vpc:Vpc', 'vpc', { cidrBlock: '10.0.0.0/16' }),
    res('aws:ec2/internetGateway:InternetGateway', 'igw', { vpcId: U }, { vpcId: [vpc] }),
    res(
      'aws:ec2/subnet:Subnet',
      'sub',
      { vpcId: U, cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true },
      { vpcId: [vpc] },
    ),
    res(
      'aws:ec2/routeTable:RouteTable',
      'rt',
      { vpcId: U, routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: U }] },
      { vpcId: [vpc], routes: [igw] },
    ),
    res(
      'aws:ec2/routeTableAssociation:RouteTableAssociation',
      'rta',
      { subnetId: U, routeTableId: U },
      { subnetId: [sub], routeTableId: [rt] },
    ),
    res(
      'aws:ec2/securityGroup:SecurityGroup',
      'sg',
      { vpcId: U, ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: ['0.0.0.0/0'] }] },
      { vpcId: [vpc] },
    ),
    res(
      'aws:ec2/instance:Instance',
      'web',
      { subnetId: U, vpcSecurityGroupIds: [U] },
      { subnetId: [sub], vpcSecurityGroupIds: [sg] },
    ),
  ];
  const plan = readPreview({ steps, changeSummary: { create: 7 } });
  if (!plan) throw new Error('no plan');
  const cloud = new CloudPlan(awsPlan, plan, {
    port: 22,
    assumptions: { unseenControls: 'assume-none', defaultNetwork: 'likely' },
    isStrict: false,
    maxForks: 64,
  });
  for (const machine of cloud.machines) {
    const judged = cloud.judge(machine);
    for (const way of judged.ways)
      for (const a of way.answers) {
        console.log(machine.name, a.open.prefixes().slice(0, 3), a.unsure.prefixes().slice(0, 3));
        console.log(
          JSON.stringify(explain(a.planned.cloud, { target: a.instanceId, from: '198.51.100.7' }), null, 1).slice(
            0,
            6000,
          ),
        );
      }
  }
});
