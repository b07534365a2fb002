import { balancers, nativeBalancers, scalingAttachment } from './balancer-types.js';
import { connections, lightsail, nativeConnections, transit } from './connection-types.js';
import { ec2, vpcModule } from './ec2-types.js';
import { native } from './native-types.js';
import { groupSlots, type PlanType, set } from './plan-type.js';

/** By the key of the token, which is the same for every spelling of a type. */
export const planTypes: ReadonlyMap<string, PlanType> = new Map([
  ...Object.entries({ ...ec2, ...connections }).flatMap(([name, type]) => [
    [`aws:ec2:${name}`, type] as const,
    // A provider that is bridged as the program starts has one module for all.
    [`aws:index:${name}`, type] as const,
  ]),
  ...Object.entries(balancers).flatMap(([name, type]) =>
    ['lb', 'alb'].map((module) => [`aws:${module}:${name}`, type] as const),
  ),
  ...Object.entries(vpcModule).map(([name, type]) => [`aws:vpc:${name}`, type] as const),
  ...Object.entries(lightsail).map(([name, type]) => [`aws:lightsail:${name}`, type] as const),
  ...Object.entries(transit).map(([name, type]) => [`aws:ec2transitgateway:${name}`, type] as const),
  ...Object.entries({ ...native, ...nativeConnections }).map(
    ([name, type]) => [`aws-native:ec2:${name}`, type] as const,
  ),
  ...Object.entries(nativeBalancers).map(
    ([name, type]) => [`aws-native:elasticloadbalancingv2:${name}`, type] as const,
  ),
  ['aws:autoscaling:Attachment', scalingAttachment],
  ['aws:autoscaling:Group', { kind: 'asg', prefix: 'asg', slots: groupSlots('vpcZoneIdentifiers') }],
  ['aws-native:autoscaling:LaunchConfiguration', { kind: 'lc', prefix: 'lc', slots: [set('securityGroups[]', 'sg')] }],
  ['aws-native:autoscaling:AutoScalingGroup', { kind: 'asg', prefix: 'asg', slots: groupSlots('vpcZoneIdentifier') }],
]);
