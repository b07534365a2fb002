import { describe, expect, test } from '@jest/globals';
import { f0With, later, made, packPlanOf, tcp22 } from '../support/gate/deployment.js';
import { type PolicyRow, policyRows, reportOf } from '../support/gate/verdict.js';

type Inputs = Readonly<Record<string, unknown>>;

const world = tcp22('0.0.0.0/0');
const world6 = { protocol: 'tcp', fromPort: 22, toPort: 22, ipv6CidrBlocks: ['::/0'] };
const web = (inputs: Inputs) =>
  made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...inputs });
const sub = (inputs: Inputs) =>
  made('Subnet', 'sub', { vpcId: later('vpc'), cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true, ...inputs });
const sg = (inputs: Inputs) => made('SecurityGroup', 'sg', { vpcId: later('vpc'), ...inputs });
const open6 = {
  sg: sg({ ingress: [world6] }),
  rt: made('RouteTable', 'rt', { vpcId: later('vpc'), routes: [{ ipv6CidrBlock: '::/0', gatewayId: later('igw') }] }),
};
const bpa = (inputs: Inputs = {}, more: Parameters<typeof made>[3] = {}) =>
  made('VpcBlockPublicAccessOptions', 'bpa', { internetGatewayBlockMode: 'block-ingress', ...inputs }, more);
const vpc = (inputs: Inputs) => made('Vpc', 'vpc', { cidrBlock: '10.0.0.0/16', ...inputs });
const native = (type: string, name: string, inputs: Inputs) => made(`aws-native:ec2:${type}`, name, inputs);
const nativeWeb = (inputs: Inputs) =>
  native('Instance', 'web', { subnetId: later('sub'), securityGroupIds: [later('sg')], ...inputs });

const rows: readonly PolicyRow[] = [
  {
    what: 'a group by its name',
    given: f0With({
      web: web({ vpcSecurityGroupIds: undefined, securityGroups: ['ssh'] }),
      sg: sg({ name: 'ssh', ingress: [world] }),
    }),
    policy: 'exposed',
  },
  {
    what: "a group by a name that is another program's",
    given: f0With({ web: web({ vpcSecurityGroupIds: undefined, securityGroups: ['theirs'] }) }),
    policy: 'undecided',
  },
  {
    what: 'a group by a name that two groups have',
    given: f0With(
      {
        web: web({ vpcSecurityGroupIds: undefined, securityGroups: ['ssh'] }),
        sg: sg({ name: 'ssh', ingress: [world] }),
      },
      made('SecurityGroup', 'too', { vpcId: later('vpc'), name: 'ssh' }),
    ),
    policy: 'undecided',
  },
  { what: 'addresses of IPv6', given: f0With({ ...open6, web: web({ ipv6AddressCount: 1 }) }), policy: 'exposed' },
  { what: 'no address of IPv6', given: f0With({ ...open6, web: web({}) }), policy: '-' },
  {
    what: 'addresses of IPv6 of nobody knows how many',
    given: f0With({ ...open6, web: web({ ipv6AddressCount: later() }) }),
    policy: 'undecided',
  },
  {
    what: 'addresses of IPv6 where nobody knows whether the subnet gives one',
    given: f0With({ ...open6, sub: sub({ assignIpv6AddressOnCreation: later() }) }),
    policy: 'undecided',
  },
  {
    what: 'a subnet without IPv4, over IPv6',
    given: f0With({
      ...open6,
      sub: sub({
        cidrBlock: undefined,
        mapPublicIpOnLaunch: undefined,
        ipv6Native: true,
        ipv6CidrBlock: '2600:1f00::/64',
      }),
    }),
    policy: 'exposed',
  },
  {
    what: 'a subnet without IPv4, over IPv4',
    given: f0With({ sub: sub({ cidrBlock: undefined, ipv6Native: true, ipv6CidrBlock: '2600:1f00::/64' }) }),
    policy: '-',
  },
  {
    what: 'a group of another network that is associated with this one',
    given: f0With(
      { sg: made('SecurityGroup', 'sg', { vpcId: 'vpc-7', ingress: [world] }) },
      made('aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation', 'also', {
        securityGroupId: later('sg'),
        vpcId: later('vpc'),
      }),
    ),
    policy: 'exposed',
  },
  {
    what: 'a group of another network that is associated with nobody knows which',
    given: f0With(
      { sg: made('SecurityGroup', 'sg', { vpcId: 'vpc-7', ingress: [world] }) },
      made('aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation', 'also', {
        securityGroupId: later('sg'),
        vpcId: later(),
      }),
    ),
    policy: 'undecided',
  },
  {
    what: 'a control of the region',
    given: f0With({ vpc: vpc({ region: 'eu-west-1' }) }, bpa({ region: 'eu-west-1' })),
    policy: '-',
  },
  {
    what: 'a control of another region',
    given: f0With({ vpc: vpc({ region: 'eu-west-1' }) }, bpa({ region: 'us-east-1' })),
    policy: 'exposed',
  },
  {
    what: 'a control of another region, where nobody knows the own one',
    given: f0With({ vpc: vpc({ region: 'eu-west-1' }) }, bpa({ region: 'us-east-1' })),
    setup: { unseenControls: 'unknown' },
    policy: 'undecided',
  },
  {
    what: 'a control of another provider, which may be one of the region',
    given: f0With({}, bpa({}, { provider: 'urn:pulumi:s::p::pulumi:providers:aws::other' })),
    policy: 'undecided',
  },
  {
    what: 'an old elastic address',
    given: f0With(
      { web: web({ associatePublicIpAddress: false }) },
      made('Eip', 'eip', { vpc: true, instance: later('web') }),
    ),
    policy: 'exposed',
  },
  {
    what: 'a rule without a far end',
    given: f0With(
      { sg: sg({}) },
      made('SecurityGroupRule', 'in', {
        type: 'ingress',
        securityGroupId: later('sg'),
        protocol: 'tcp',
        fromPort: 22,
        toPort: 22,
      }),
    ),
    policy: '-',
  },
  {
    what: 'a table of the gateway itself that leads to an appliance, past which the replies go',
    given: f0With(
      {},
      native('GatewayRouteTableAssociation', 'edge', { gatewayId: later('igw'), routeTableId: later('edges') }),
      made('RouteTable', 'edges', {
        vpcId: later('vpc'),
        routes: [{ cidrBlock: '10.0.1.0/24', networkInterfaceId: 'eni-9' }],
      }),
    ),
    policy: '-',
  },
  {
    what: 'Cloud Control: a rule by the name of its group',
    given: f0With(
      { sg: native('SecurityGroup', 'sg', { vpcId: later('vpc'), groupName: 'ssh' }) },
      native('SecurityGroupIngress', 'in', {
        groupName: 'ssh',
        ipProtocol: 'tcp',
        fromPort: 22,
        toPort: 22,
        cidrIp: '0.0.0.0/0',
      }),
    ),
    policy: 'exposed',
  },
  {
    what: 'Cloud Control: an egress that is left out stays open',
    given: f0With({
      sg: native('SecurityGroup', 'sg', {
        vpcId: later('vpc'),
        securityGroupIngress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0' }],
      }),
    }),
    policy: 'exposed',
  },
  {
    what: 'Cloud Control: an instance by the interface that it lists, whose index is a text',
    given: f0With({
      web: nativeWeb({
        subnetId: undefined,
        securityGroupIds: undefined,
        networkInterfaces: [
          { deviceIndex: '0', subnetId: later('sub'), groupSet: [later('sg')], associatePublicIpAddress: true },
        ],
      }),
    }),
    policy: 'exposed',
  },
  {
    what: 'Cloud Control: an instance whose second interface is one of its own',
    given: f0With(
      {
        web: nativeWeb({
          subnetId: undefined,
          securityGroupIds: undefined,
          networkInterfaces: [
            { deviceIndex: '0', subnetId: later('sub'), groupSet: [later('sg')], associatePublicIpAddress: true },
            { deviceIndex: '1', networkInterfaceId: later('eni') },
          ],
        }),
      },
      native('NetworkInterface', 'eni', { subnetId: later('sub'), groupSet: [] }),
    ),
    policy: 'exposed',
  },
  {
    what: 'Cloud Control: a list whose entries come from elsewhere',
    given: f0With(
      {},
      native('NetworkAcl', 'acl', { vpcId: later('vpc') }),
      native('SubnetNetworkAclAssociation', 'assoc', { networkAclId: later('acl'), subnetId: later('sub') }),
    ),
    policy: 'undecided',
  },
  {
    what: 'Cloud Control: a control of the account',
    given: f0With(
      {},
      native('VpcBlockPublicAccessOptions', 'bpa', { internetGatewayBlockMode: 'block-bidirectional' }),
    ),
    policy: '-',
  },
  {
    what: 'Cloud Control: a way out through a NAT gateway is none in',
    given: f0With(
      { rt: native('RouteTable', 'rt', { vpcId: later('vpc') }) },
      native('NatGateway', 'nat', { subnetId: later('sub') }),
      native('Route', 'out', {
        routeTableId: later('rt'),
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: later('nat'),
      }),
    ),
    policy: '-',
  },
  {
    what: 'Cloud Control: a scaling group by a launch configuration',
    given: f0With(
      {
        web: made('aws-native:autoscaling:AutoScalingGroup', 'web', {
          maxSize: '1',
          vpcZoneIdentifier: [later('sub')],
          launchConfigurationName: later('lc'),
        }),
      },
      made('aws-native:autoscaling:LaunchConfiguration', 'lc', { securityGroups: [later('sg')] }),
    ),
    policy: 'exposed',
  },
  {
    what: 'Cloud Control: a scaling group of none',
    given: f0With({
      web: made('aws-native:autoscaling:AutoScalingGroup', 'web', { maxSize: '0', vpcZoneIdentifier: [later('sub')] }),
    }),
    policy: '-',
  },
];

policyRows('the properties of AWS', rows);

describe('a type that nobody understands', () => {
  const remarked = (...types: readonly string[]) =>
    reportOf(packPlanOf(types.map((type, index) => made(type, `x${index}`)))).remarks.map(({ urn }) => urn);

  test.each([
    'aws:elb/loadBalancer:LoadBalancer',
    'aws-native:elasticloadbalancing:LoadBalancer',
    'aws:ec2transitgateway/connect:Connect',
    'aws:networkmanager/coreNetwork:CoreNetwork',
    'aws:vpclattice/service:Service',
    'aws-native:vpclattice:Service',
    'aws:globalaccelerator/accelerator:Accelerator',
    'aws:directconnect/gateway:Gateway',
    'aws:networkfirewall/firewall:Firewall',
    'aws:lb/listenerRule:ListenerRule',
    'aws:lightsail/lb:Lb',
    'aws:vpc/routeServer:RouteServer',
    'aws-native:lightsail:Instance',
    'aws:ec2/carrierGateway:CarrierGateway',
  ])('%s is named once', (type) => {
    expect(remarked(type, type)).toHaveLength(1);
  });

  test.each([
    'aws:s3/bucket:Bucket',
    'aws:ec2/keyPair:KeyPair',
    'aws:ec2/placementGroup:PlacementGroup',
    'aws:ec2/customerGateway:CustomerGateway',
    'aws:lb/listenerCertificate:ListenerCertificate',
    'aws:autoscaling/policy:Policy',
    'aws:ec2/vpcEndpoint:VpcEndpoint',
    'aws:ec2/vpcPeeringConnection:VpcPeeringConnection',
  ])('%s is not named', (type) => {
    expect(remarked(type)).toEqual([]);
  });
});
