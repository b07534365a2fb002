import { one, type PlanType, part, set } from './plan-type.js';

/** Balancers, and what they send to. A listener is a part of the target group that it forwards to: it is another way in to that. */
export const balancers: Readonly<Record<string, PlanType>> = {
  LoadBalancer: {
    kind: 'lb',
    prefix: 'lb',
    slots: [set('subnets[]', 'subnet'), one('subnetMappings[].subnetId', 'subnet'), set('securityGroups[]', 'sg')],
  },
  Listener: {
    kind: 'listener',
    prefix: 'listener',
    slots: [
      one('loadBalancerArn', 'lb'),
      part('defaultActions[].targetGroupArn', 'tg'),
      part('defaultActions[].forward.targetGroups[].arn', 'tg'),
    ],
  },
  TargetGroup: { kind: 'tg', prefix: 'tg', slots: [one('vpcId', 'vpc')] },
  TargetGroupAttachment: { slots: [one('targetGroupArn', 'tg'), part('targetId', 'instance')] },
};

/** The same of Cloud Control, of which a target group lists its targets. */
export const nativeBalancers: Readonly<Record<string, PlanType>> = {
  LoadBalancer: { ...balancers.LoadBalancer, idIn: ['loadBalancerArn'] },
  Listener: {
    kind: 'listener',
    prefix: 'listener',
    idIn: ['listenerArn'],
    slots: [
      one('loadBalancerArn', 'lb'),
      part('defaultActions[].targetGroupArn', 'tg'),
      part('defaultActions[].forwardConfig.targetGroups[].targetGroupArn', 'tg'),
    ],
  },
  TargetGroup: {
    kind: 'tg',
    prefix: 'tg',
    idIn: ['targetGroupArn'],
    slots: [one('vpcId', 'vpc'), part('targets[].id', 'instance')],
  },
};

/** Scaling groups whose machines a resource of its own puts behind a target group. */
export const scalingAttachment: PlanType = {
  slots: [part('autoscalingGroupName', 'asg'), one('lbTargetGroupArn', 'tg')],
};
