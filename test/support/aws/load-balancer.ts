import type {
  Listener,
  LoadBalancer,
  TargetGroup,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Fixture } from './fixture.js';
import type { Printed } from './printed.js';
import { ACCOUNT, REGION } from './records.js';

const ELB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;

export const NLB_ARN = `${ELB}:loadbalancer/net/nlb-1/50dc6c495c0c9188`;

export const GROUP_ARN = `${ELB}:targetgroup/ssh/73e2d6bc24d8a067`;

export interface NlbSpec {
  /** Where the balancer's one node stands; zone a unless said. */
  readonly zone?: 'a' | 'b';
  readonly groups?: readonly string[];
  /** Ports that listen; all forward to the target group. 22 unless said. */
  readonly listeners?: readonly number[];
  /** The port that targets are registered with. */
  readonly targetPort?: number;
  readonly targets?: readonly string[];
  readonly preserveClientIp?: boolean;
  readonly proxyProtocol?: boolean;
  readonly dualstack?: boolean;
}

/**
 * nlb-1, internet-facing, with one node eni-nlb 10.0.4.5 ↔ 198.51.100.60 in subnet-n 10.0.4.0/24, which uses rtb-pub and
 * acl-def. No security group, no cross-zone balancing; a TCP target group of instances with i-1, healthy.
 */
export function nlb(f: Fixture, of: NlbSpec = {}): Fixture {
  node(f, of);
  f.add('LoadBalancers', balancer(of));
  f.add('Listeners', ...(of.listeners ?? [22]).map(listener));
  f.add('TargetGroups', targetGroup(of.targetPort ?? 22));
  f.answer(
    'elasticloadbalancing:DescribeTargetHealth',
    GROUP_ARN,
    (of.targets ?? ['i-1']).map((id) => healthy(id, of.targetPort ?? 22)),
  );
  f.answer('elasticloadbalancing:DescribeTargetGroupAttributes', GROUP_ARN, [
    { Key: 'preserve_client_ip.enabled', Value: String(of.preserveClientIp ?? true) },
    { Key: 'proxy_protocol_v2.enabled', Value: String(of.proxyProtocol ?? false) },
    { Key: 'deregistration_delay.timeout_seconds', Value: '300' },
    { Key: 'stickiness.enabled', Value: 'false' },
    { Key: 'load_balancing.cross_zone.enabled', Value: 'use_load_balancer_configuration' },
  ]);
  return f.answer('elasticloadbalancing:DescribeLoadBalancerAttributes', NLB_ARN, [
    { Key: 'load_balancing.cross_zone.enabled', Value: 'false' },
    { Key: 'deletion_protection.enabled', Value: 'false' },
  ]);
}

function node(f: Fixture, of: NlbSpec): void {
  const prefixV6 = of.dualstack ? { prefixV6: '2001:db8:1:4::/64' } : {};
  f.addSubnet('subnet-n', { vpc: 'vpc-1', prefix: '10.0.4.0/24', zone: of.zone ?? 'a', ...prefixV6 });
  f.acl('acl-def').on('subnet-n');
  f.table('rtb-pub').on('subnet-n');
  f.addInterface({
    id: 'eni-nlb',
    subnet: 'subnet-n',
    ip: '10.0.4.5',
    public: '198.51.100.60',
    groups: of.groups ?? [],
    ...(of.dualstack ? { ipv6: '2001:db8:1:4::5' } : {}),
  });
  f.edit('NetworkInterfaces', 'eni-nlb', {
    InterfaceType: 'network_load_balancer',
    Description: 'ELB net/nlb-1/50dc6c495c0c9188',
    RequesterManaged: true,
    RequesterId: 'amazon-elb',
    Status: 'in-use',
    SourceDestCheck: false,
  });
}

function balancer(of: NlbSpec) {
  return {
    LoadBalancerArn: NLB_ARN,
    LoadBalancerName: 'nlb-1',
    DNSName: `nlb-1-50dc6c495c0c9188.elb.${REGION}.amazonaws.com`,
    CanonicalHostedZoneId: 'Z2IFOLAFXWLO4F',
    CreatedTime: '2026-01-05T08:00:00+00:00',
    Type: 'network',
    Scheme: 'internet-facing',
    State: { Code: 'active' },
    VpcId: 'vpc-1',
    IpAddressType: of.dualstack ? 'dualstack' : 'ipv4',
    ...(of.groups === undefined ? {} : { SecurityGroups: [...of.groups] }),
    AvailabilityZones: [
      {
        ZoneName: `${REGION}${of.zone ?? 'a'}`,
        SubnetId: 'subnet-n',
        LoadBalancerAddresses: [
          {
            IpAddress: '198.51.100.60',
            AllocationId: 'eipalloc-60',
            ...(of.dualstack ? { IPv6Address: '2001:db8:1:4::5' } : {}),
          },
        ],
      },
    ],
  } satisfies Printed<LoadBalancer>;
}

function listener(port: number) {
  return {
    ListenerArn: `${ELB}:listener/net/nlb-1/50dc6c495c0c9188/f2f7dc8efc522a${port}`,
    LoadBalancerArn: NLB_ARN,
    Port: port,
    Protocol: 'TCP',
    DefaultActions: [
      {
        Type: 'forward',
        TargetGroupArn: GROUP_ARN,
        Order: 1,
        ForwardConfig: { TargetGroups: [{ TargetGroupArn: GROUP_ARN, Weight: 1 }] },
      },
    ],
  } satisfies Printed<Listener>;
}

function targetGroup(port: number) {
  return {
    TargetGroupArn: GROUP_ARN,
    TargetGroupName: 'ssh',
    Protocol: 'TCP',
    Port: port,
    VpcId: 'vpc-1',
    TargetType: 'instance',
    IpAddressType: 'ipv4',
    LoadBalancerArns: [NLB_ARN],
    HealthCheckEnabled: true,
    HealthCheckProtocol: 'TCP',
    HealthCheckPort: 'traffic-port',
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 10,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
  } satisfies Printed<TargetGroup>;
}

function healthy(id: string, port: number) {
  return {
    Target: { Id: id, Port: port },
    HealthCheckPort: String(port),
    TargetHealth: { State: 'healthy' },
  } satisfies Printed<TargetHealthDescription>;
}
