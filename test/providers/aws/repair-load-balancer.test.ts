import { describe } from '@jest/globals';
import { type FixRow, fixRows } from '../../support/aws/fix-row.js';
import type { Fixture } from '../../support/aws/fixture.js';
import { GROUP_ARN, NLB_ARN, type NlbSpec, nlb } from '../../support/aws/load-balancer.js';

const HEALTH = 'elasticloadbalancing:DescribeTargetHealth';
const CLIENT = '203.0.113.5/32';
const NODE = '10.0.4.5/32';

/** The client asks i-1 through nlb-1; sg-1 lets `inbound` in. */
function through(of: NlbSpec, inbound: readonly string[], change: (f: Fixture) => unknown = () => {}) {
  const given = (f: Fixture): void => {
    nlb(f, of);
    f.sg('sg-1').inbound(...inbound);
    // Only the way over the balancer shows who gains.
    f.dissociate('eni-1', 'release').edit('NetworkInterfaces', 'eni-1', { Ipv6Addresses: [] });
    change(f);
  };
  return { given, target: 'i-1', via: 'load-balancer', from: CLIENT } satisfies Omit<FixRow, 'name' | 'fixes'>;
}

const health = 'the balancer sends to it once its health check passes: the rules must let that in from the nodes, too';

function rule(group: string, port: number, prefix: string) {
  return {
    command: `aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id ${group} --protocol tcp --port ${port} --cidr ${prefix}`,
    pulumi: `new aws.vpc.SecurityGroupIngressRule("ssh", { securityGroupId: "${group}", ipProtocol: "tcp", fromPort: ${port}, toPort: ${port}, cidrIpv4: "${prefix}" });`,
  };
}

describe("the balancer's own groups", () => {
  const guarded = (of: NlbSpec) =>
    through({ ...of, groups: ['sg-nlb'] }, ['tcp 22 sg-nlb'], (f) => {
      f.sg('sg-nlb').inbound('tcp 443 198.18.0.0/15').egress('all 0.0.0.0/0');
    });
  fixRows([
    {
      name: 'let the client in',
      ...guarded({}),
      fixes: [{ for: 'aws/nlb-sg-deny', ...rule('sg-nlb', 22, CLIENT), gains: [CLIENT] }],
    },
    {
      name: 'let the client in on the port that it dials',
      ...guarded({ listeners: [443] }),
      fixes: [{ for: 'aws/nlb-sg-deny', ...rule('sg-nlb', 443, CLIENT), gains: [CLIENT] }],
    },
    {
      name: 'let the connection out to the port of the target',
      ...through({ groups: ['sg-nlb'], listeners: [443] }, ['tcp 22 sg-nlb'], (f) =>
        f.sg('sg-nlb').inbound(`tcp 443 ${CLIENT}`).egress('tcp 443 0.0.0.0/0'),
      ),
      fixes: [
        {
          for: 'aws/src-sg-egress',
          command:
            "aws ec2 authorize-security-group-egress --region eu-west-1 --group-id sg-nlb --ip-permissions 'IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=10.0.1.10/32}]'",
          pulumi:
            'new aws.vpc.SecurityGroupEgressRule("ssh", { securityGroupId: "sg-nlb", ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "10.0.1.10/32" });',
          gains: [NODE, CLIENT],
        },
      ],
    },
  ]);
});

describe('the address that arrives', () => {
  const shared = 'all who get through the balancer come from there';
  const guarded = (of: NlbSpec, inbound: readonly string[]) =>
    through({ ...of, groups: ['sg-nlb'] }, inbound, (f) =>
      f.sg('sg-nlb').inbound(`tcp 22 ${CLIENT}`, `tcp 443 ${CLIENT}`).egress('all 0.0.0.0/0'),
    );
  fixRows([
    {
      name: "is the client's, where it is kept",
      ...through({ preserveClientIp: true }, ['tcp 22 10.0.0.0/16']),
      fixes: [{ for: 'aws/nlb-client-ip', ...rule('sg-1', 22, CLIENT), gains: [CLIENT] }],
    },
    {
      name: "is the node's, where it is not",
      ...guarded({ preserveClientIp: false }, [`tcp 22 ${CLIENT}`]),
      fixes: [{ for: 'aws/nlb-client-ip', ...rule('sg-1', 22, NODE), gains: [NODE, CLIENT], note: shared }],
    },
    {
      name: "is the node's too where no rule is for the port at all",
      ...guarded({ preserveClientIp: false, listeners: [443] }, []),
      fixes: [{ for: 'aws/sg-no-inbound', ...rule('sg-1', 22, NODE), gains: [NODE, CLIENT], note: shared }],
    },
    {
      name: "is the node's IPv4 address for clients of the other family",
      ...through({ dualstack: true, groups: ['sg-nlb'] }, ['tcp 22 2001:db8:f::/48'], (f) =>
        f.sg('sg-nlb').inbound('tcp 22 2001:db8:f::5/128').egress('all 0.0.0.0/0'),
      ),
      from: '2001:db8:f::5/128',
      fixes: [
        { for: 'aws/nlb-client-ip', ...rule('sg-1', 22, NODE), gains: [NODE, '2001:db8:f::5/128'], note: shared },
      ],
    },
    {
      name: 'has to pass on the port of the target, where the client dials another',
      ...guarded({ preserveClientIp: false, targetPort: 2222 }, [`tcp 2222 ${CLIENT}`]),
      fixes: [{ for: 'aws/nlb-client-ip', ...rule('sg-1', 2222, NODE), gains: [CLIENT], note: shared }],
    },
  ]);
});

describe('access lists between the balancer and the target', () => {
  const closed = ['90 deny tcp 0-65535 10.0.0.0/8', '100 allow all 0.0.0.0/0'];
  const entry = (acl: string, way: 'ingress' | 'egress', ports: readonly [number, number], prefix: string) => {
    const [first, last] = ports;
    const name = `ssh-${way === 'egress' ? 'out' : 'in'}-80`;
    return {
      command: `aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id ${acl} --${way} --rule-number 80 --protocol 6 --port-range From=${first},To=${last} --cidr-block ${prefix} --rule-action allow`,
      pulumi: `new aws.ec2.NetworkAclRule("${name}", { networkAclId: "${acl}", egress: ${way === 'egress'}, ruleNumber: 80, ruleAction: "allow", protocol: "tcp", cidrBlock: "${prefix}", fromPort: ${first}, toPort: ${last} });`,
      gains: [CLIENT],
    };
  };
  const listed = (acl: string, subnet: string) =>
    through({ preserveClientIp: false, groups: ['sg-nlb'], targetPort: 2222 }, ['tcp 2222 10.0.4.5/32'], (f) => {
      f.sg('sg-nlb').inbound(`tcp 22 ${CLIENT}`).egress('all 0.0.0.0/0');
      f.acl(acl)
        .open()
        .in(...closed)
        .out(...closed)
        .on(subnet);
    });
  fixRows([
    {
      name: "see the node on the target's side",
      ...listed('acl-a', 'subnet-a'),
      fixes: [
        { for: 'aws/nacl-in-deny', ...entry('acl-a', 'ingress', [2222, 2222], '10.0.4.5/32'), gains: [] },
        { for: 'aws/nacl-out-deny', ...entry('acl-a', 'egress', [1024, 65535], '10.0.4.5/32') },
      ],
    },
    {
      name: "see the target on the node's side",
      ...listed('acl-n', 'subnet-n'),
      fixes: [
        { for: 'aws/src-nacl-out', ...entry('acl-n', 'egress', [2222, 2222], '10.0.1.10/32'), gains: [] },
        { for: 'aws/src-nacl-in', ...entry('acl-n', 'ingress', [1024, 65535], '10.0.1.10/32') },
      ],
    },
    {
      name: 'see the address by which the target is registered',
      ...through({ preserveClientIp: false, groups: ['sg-nlb'], targets: ['10.0.1.11'] }, [`tcp 22 ${NODE}`], (f) => {
        f.edit('TargetGroups', GROUP_ARN, { TargetType: 'ip' });
        f.edit('NetworkInterfaces', 'eni-1', {
          PrivateIpAddresses: [
            { PrivateIpAddress: '10.0.1.10', Primary: true },
            { PrivateIpAddress: '10.0.1.11', Primary: false },
          ],
        });
        f.sg('sg-nlb').inbound(`tcp 22 ${CLIENT}`).egress('all 0.0.0.0/0');
        f.acl('acl-n')
          .open()
          .out(...closed)
          .on('subnet-n');
      }),
      fixes: [{ for: 'aws/src-nacl-out', ...entry('acl-n', 'egress', [22, 22], '10.0.1.11/32') }],
    },
  ]);
});

describe('an internal balancer', () => {
  fixRows([
    {
      name: "has to be let out to by the client's own access list",
      ...through({ groups: ['sg-nlb'] }, ['tcp 22 sg-nlb'], (f) => {
        f.edit('LoadBalancers', NLB_ARN, { Scheme: 'internal' });
        f.sg('sg-nlb').inbound('tcp 22 10.0.2.20/32').egress('all 0.0.0.0/0');
        f.acl('acl-b').open().out('90 deny tcp 22 10.0.4.0/24', '100 allow all 0.0.0.0/0').on('subnet-b');
      }),
      from: 'i-2',
      fixes: [
        {
          for: 'aws/src-nacl-out',
          command:
            'aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id acl-b --egress --rule-number 80 --protocol 6 --port-range From=22,To=22 --cidr-block 10.0.4.5/32 --rule-action allow',
          pulumi:
            'new aws.ec2.NetworkAclRule("ssh-out-80", { networkAclId: "acl-b", egress: true, ruleNumber: 80, ruleAction: "allow", protocol: "tcp", cidrBlock: "10.0.4.5/32", fromPort: 22, toPort: 22 });',
          gains: ['10.0.2.20/32'],
        },
      ],
    },
  ]);
});

describe('routes between the balancer and the target', () => {
  fixRows([
    {
      name: 'that lead the reply out of the VPC are taken away',
      ...through({ preserveClientIp: false, groups: ['sg-nlb'] }, ['tcp 22 10.0.4.5/32'], (f) => {
        f.sg('sg-nlb').inbound(`tcp 22 ${CLIENT}`).egress('all 0.0.0.0/0');
        f.table('rtb-own').on('subnet-a').routes('10.0.4.0/24 nat-1');
      }),
      fixes: [
        {
          for: 'aws/rt-missing',
          command:
            'aws ec2 delete-route --region eu-west-1 --route-table-id rtb-own --destination-cidr-block 10.0.4.0/24',
          pulumi: '// remove the aws.ec2.Route for "10.0.4.0/24" in "rtb-own"',
          gains: [NODE, CLIENT],
        },
      ],
    },
  ]);
});

describe('the target', () => {
  const register = (targets: string) => ({
    for: 'aws/nlb-target',
    command: `aws elbv2 register-targets --region eu-west-1 --target-group-arn ${GROUP_ARN} --targets ${targets}`,
    note: health,
    gains: [CLIENT],
  });
  const pulumi = (id: string) =>
    `new aws.lb.TargetGroupAttachment("ssh", { targetGroupArn: "${GROUP_ARN}", targetId: "${id}", port: 22 });`;
  const own = [`tcp 22 ${CLIENT}`];
  const states =
    (State: string, ...others: readonly string[]) =>
    (f: Fixture) =>
      f.answer(HEALTH, GROUP_ARN, [
        { Target: { Id: 'i-1', Port: 22 }, TargetHealth: { State } },
        ...others.map((Id) => ({ Target: { Id, Port: 22 }, TargetHealth: { State: 'healthy' } })),
      ]);
  fixRows([
    {
      name: 'is registered',
      ...through({ targets: ['i-2'] }, own),
      fixes: [{ ...register('Id=i-1'), pulumi: pulumi('i-1') }],
    },
    {
      name: "is registered with the asked port, where the group's is another",
      ...through({ targets: ['i-2'], targetPort: 2222 }, own),
      fixes: [{ ...register('Id=i-1,Port=22'), pulumi: pulumi('i-1') }],
    },
    {
      name: 'is registered by its address in a group of addresses',
      ...through({ targets: ['10.0.2.20'] }, own, (f) => f.edit('TargetGroups', GROUP_ARN, { TargetType: 'ip' })),
      fixes: [{ ...register('Id=10.0.1.10'), pulumi: pulumi('10.0.1.10') }],
    },
    {
      name: 'is registered again while it drains',
      ...through({}, own, states('draining')),
      fixes: [{ ...register('Id=i-1'), pulumi: pulumi('i-1') }],
    },
    {
      name: 'has to get well by itself',
      ...through({}, own, states('unhealthy', 'i-2')),
      checked: false,
      fixes: [],
    },
    {
      name: 'is reached from the nodes of another zone',
      ...through({ zone: 'b' }, own),
      fixes: [
        {
          for: 'aws/nlb-az',
          command: `aws elbv2 modify-target-group-attributes --region eu-west-1 --target-group-arn ${GROUP_ARN} --attributes Key=load_balancing.cross_zone.enabled,Value=true`,
          pulumi: 'loadBalancingCrossZoneEnabled: "true"  // on aws.lb.TargetGroup',
          gains: [CLIENT],
          note: 'traffic between zones is charged; enabling eu-west-1a on the balancer does without',
        },
      ],
    },
  ]);
});

describe('a port without a listener', () => {
  const listen = `aws elbv2 create-listener --region eu-west-1 --load-balancer-arn ${NLB_ARN} --protocol TCP --port 22`;
  const listener = (group: string) =>
    `new aws.lb.Listener("ssh", { loadBalancerArn: "${NLB_ARN}", protocol: "TCP", port: 22, defaultActions: [{ type: "forward", targetGroupArn: ${group} }] });`;
  fixRows([
    {
      name: 'gets one to the group that has the instance on that port',
      ...through({ listeners: [] }, [`tcp 22 ${CLIENT}`], (f) => {
        const unused = { State: 'unused', Reason: 'Target.NotInUse' };
        f.edit('TargetGroups', GROUP_ARN, { LoadBalancerArns: [] });
        f.answer(HEALTH, GROUP_ARN, [{ Target: { Id: 'i-1', Port: 22 }, TargetHealth: unused }]);
      }),
      fixes: [
        {
          for: 'aws/nlb-no-listener',
          command: `${listen} --default-actions Type=forward,TargetGroupArn=${GROUP_ARN}`,
          pulumi: listener(`"${GROUP_ARN}"`),
          gains: [CLIENT],
          note: health,
        },
      ],
    },
    {
      name: 'gets one to a new group where none has the instance on that port; how that group behaves is open',
      ...through({ listeners: [80, 443], targetPort: 80 }, [`tcp 22 ${CLIENT}`]),
      checked: false,
      fixes: [
        {
          for: 'aws/nlb-no-listener',
          command: [
            `group="$(aws elbv2 create-target-group --region eu-west-1 --name port22-22 --protocol TCP --port 22 --vpc-id vpc-1 --target-type instance --query 'TargetGroups[0].TargetGroupArn' --output text)"`,
            `aws elbv2 register-targets --region eu-west-1 --targets Id=i-1 --target-group-arn "$group"`,
            `${listen} --default-actions "Type=forward,TargetGroupArn=$group"`,
          ].join(' && '),
          pulumi: [
            'const group = new aws.lb.TargetGroup("ssh", { protocol: "TCP", port: 22, vpcId: "vpc-1", targetType: "instance" });',
            'new aws.lb.TargetGroupAttachment("ssh", { targetGroupArn: group.arn, targetId: "i-1", port: 22 });',
            listener('group.arn'),
          ].join('\n'),
          note: 'record the account again then: whether the new group keeps the client address decides who has to be let in',
        },
      ],
    },
  ]);
});
