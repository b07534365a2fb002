import { describe, expect, test } from '@jest/globals';
import { f0With, later, type Made, made, packPlanOf, previewPlanOf, tcp22 } from '../support/gate/deployment.js';
import { findingOn, policyFor, reportOf } from '../support/gate/verdict.js';

/** The machine stands behind a balancer, without an address of its own. */
const inside = made('Instance', 'web', {
  subnetId: later('sub'),
  vpcSecurityGroupIds: [later('sg')],
  associatePublicIpAddress: false,
});
const balancer = (inputs: Readonly<Record<string, unknown>> = {}) =>
  made('aws:lb/loadBalancer:LoadBalancer', 'nlb', { loadBalancerType: 'network', subnets: [later('sub')], ...inputs });
const listener = (inputs: Readonly<Record<string, unknown>> = {}) =>
  made('aws:lb/listener:Listener', 'listener', {
    loadBalancerArn: later('nlb'),
    port: 2222,
    protocol: 'TCP',
    defaultActions: [{ type: 'forward', targetGroupArn: later('targets') }],
    ...inputs,
  });
const targets = made('aws:lb/targetGroup:TargetGroup', 'targets', { vpcId: later('vpc'), port: 22, protocol: 'TCP' });
const attachment = (targetGroupArn: unknown = later('targets')) =>
  made('aws:lb/targetGroupAttachment:TargetGroupAttachment', 'attachment', {
    targetGroupArn,
    targetId: later('web'),
    port: 22,
  });
const acrossZones = { loadBalancingCrossZoneEnabled: 'true' };
/** The same of Cloud Control. */
function native(
  loadBalancerAttributes: readonly object[] = [],
  of: Readonly<Record<string, unknown>> = {},
  targetsOf: Readonly<Record<string, unknown>> = {},
): readonly Made[] {
  return [
    made('aws-native:elasticloadbalancingv2:LoadBalancer', 'nlb', {
      type: 'network',
      scheme: 'internet-facing',
      subnets: [later('sub')],
      loadBalancerAttributes,
      ...of,
    }),
    made('aws-native:elasticloadbalancingv2:Listener', 'listener', {
      loadBalancerArn: later('nlb'),
      port: 22,
      protocol: 'TCP',
      defaultActions: [{ type: 'forward', forwardConfig: { targetGroups: [{ targetGroupArn: later('targets') }] } }],
    }),
    made('aws-native:elasticloadbalancingv2:TargetGroup', 'targets', {
      vpcId: later('vpc'),
      port: 22,
      protocol: 'TCP',
      targets: [{ id: later('web'), port: 22 }],
      ...targetsOf,
    }),
  ];
}
const behind = (...more: readonly Made[]) => f0With({ web: inside }, ...more);
/** The same with the zone of the subnet, which a program may leave to the cloud. */
const inZone = (given: readonly Made[]): Made[] =>
  given.map((one) =>
    one.name === 'sub' ? { ...one, inputs: { ...one.inputs, availabilityZone: 'eu-west-1a' } } : one,
  );
const shut = made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [] });

describe.each([
  ['a policy pack', packPlanOf],
  ['a preview', previewPlanOf],
] as const)('a machine behind a balancer, from %s', (_, planOf) => {
  const on = (given: readonly Made[]) => policyFor(findingOn(reportOf(planOf(given)), 'web'));

  test('is reached through it', () => {
    expect(on(behind())).toBe('-');
    expect(on(inZone(behind(balancer(), listener(), targets, attachment())))).toBe('exposed');
  });

  test('is most likely reached through it where zones are not known: a node sends within its own', () => {
    expect(on(behind(balancer(), listener(), targets, attachment()))).toBe('likely');
  });

  test.each<[string, readonly Made[]]>([
    [
      'a listener that divides what comes among target groups',
      behind(
        balancer(),
        listener({ defaultActions: [{ type: 'forward', forward: { targetGroups: [{ arn: later('targets') }] } }] }),
        targets,
        attachment(),
      ),
    ],
    ['the types of Cloud Control', behind(...native())],
  ])('is reached through %s', (__, given) => {
    expect(on(inZone(given))).toBe('exposed');
  });

  test.each<[string, readonly Made[], string]>([
    [
      'its balancer',
      behind(balancer({ enableCrossZoneLoadBalancing: true }), listener(), targets, attachment()),
      'exposed',
    ],
    [
      'its target group',
      behind(balancer(), listener(), { ...targets, inputs: { ...targets.inputs, ...acrossZones } }, attachment()),
      'exposed',
    ],
    ['Cloud Control', behind(...native([{ key: 'load_balancing.cross_zone.enabled', value: 'true' }])), 'exposed'],
  ])('is reached from any zone where %s says so', (__, given, policy) => {
    expect(on(given)).toBe(policy);
  });

  test.each<[string, readonly object[], string]>([
    ['does not reach into another zone by itself', [], '-'],
    ['may where nobody knows which attribute says so', [{ key: later(), value: 'true' }], 'undecided'],
  ])('a node %s', (__, attributes, policy) => {
    const other = made('Subnet', 'other', {
      vpcId: later('vpc'),
      cidrBlock: '10.0.2.0/24',
      availabilityZone: 'eu-west-1b',
    });
    const route = made('RouteTableAssociation', 'too', { subnetId: later('other'), routeTableId: later('rt') });
    const given = behind(...native(attributes, { subnets: [later('other')] }), other, route);
    expect(on(inZone(given))).toBe(policy);
  });

  test.each<[string, readonly Made[]]>([
    ['it is internal, as Cloud Control says', behind(...native([], { scheme: 'internal' }))],
    ['no target is listed, as Cloud Control says', behind(...native([], {}, { targets: [] }))],
    ['it is internal', behind(balancer({ internal: true }), listener(), targets, attachment())],
    ['nothing listens', behind(balancer(), targets, attachment())],
    ['it is no target', behind(balancer(), listener(), targets)],
    ['its own group is closed', f0With({ web: inside, sg: shut }, balancer(), listener(), targets, attachment())],
  ])('is not where %s', (__, given) => {
    expect(on(given)).toBe('-');
  });

  test('may be where nobody knows of which target group it is', () => {
    expect(on(behind(balancer(), listener(), targets, attachment(later())))).toBe('undecided');
  });

  test('has the machines of a scaling group behind it', () => {
    const group = made('Group', 'web', {
      vpcZoneIdentifiers: [later('sub')],
      launchTemplate: { id: later('lt') },
      targetGroupArns: [later('targets')],
      maxSize: 1,
    });
    const attach = made('aws:autoscaling/attachment:Attachment', 'attach', {
      autoscalingGroupName: later('web'),
      lbTargetGroupArn: later('targets'),
    });
    const template = made('LaunchTemplate', 'lt', {
      networkInterfaces: [{ associatePublicIpAddress: false, securityGroups: [later('sg')] }],
    });
    expect(on(inZone(f0With({ web: group }, template, balancer(), listener(), targets)))).toBe('exposed');
    const { targetGroupArns: _, ...alone } = group.inputs;
    const apart = [{ ...group, inputs: alone }, attach];
    expect(on(inZone(f0With({ web: undefined }, ...apart, template, balancer(), listener(), targets)))).toBe('exposed');
    expect(
      on(
        f0With(
          { web: group, sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [tcp22('203.0.113.0/24')] }) },
          template,
        ),
      ),
    ).toBe('-');
  });
});
