import { one, type PlanType, part, set } from './plan-type.js';

/** Balancers, and what they send to. A listener is a part of the target group that it forwards to: it is another way in to that. */
export const balancers: Readonly<Record<string, PlanType>> = {
  LoadBalancer: {
    kind: 'lb',
    prefix: 'lb',
    slots: [set('subnets[]', 'subnet'), one('subnetMappings[].subnetId', 'subnet'), set('securityGroups[]', 'sg')],
  },
  Listener: { slots: [one('loadBalancerArn', 'lb'), part('defaultActions[].targetGroupArn', 'tg')] },
  TargetGroup: { kind: 'tg', prefix: 'tg', slots: [one('vpcId', 'vpc')] },
  TargetGroupAttachment: { slots: [one('targetGroupArn', 'tg'), part('targetId', 'instance')] },
};
