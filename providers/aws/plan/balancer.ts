import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { privateAddress, publicAddress } from './address.js';
import type { ApiRecord, Projection } from './project.js';

/** A flag as an attribute writes it; what it is where nobody says. */
function attribute(projection: Projection, tree: Tree | undefined, otherwise: boolean): unknown {
  const flag = projection.leaves.flag(tree);
  return typeof flag === 'symbol' ? untold : String(flag ?? otherwise);
}

/** A node of a balancer: addresses in one of its subnets. Which they are decides nothing that is asked of a plan. */
function nodeIn(projection: Projection, subnetId: string, isInternal: unknown, index: number): ApiRecord {
  const answered = projection.answers.get('Subnets')?.find(({ SubnetId }) => SubnetId === subnetId);
  return {
    SubnetId: subnetId,
    ZoneName: answered?.AvailabilityZone,
    LoadBalancerAddresses: [
      {
        PrivateIPv4Address: privateAddress(projection, subnetId, 1000 + index),
        ...(isInternal !== true && { IpAddress: publicAddress(projection) }),
      },
    ],
  };
}

function projectBalancer(projection: Projection, balancer: PlanRecord): void {
  const { leaves, view } = projection;
  const arn = projection.id(balancer, 'lb');
  const isInternal = leaves.flag(projection.value(balancer, 'internal'));
  const subnets = view.refs(balancer, 'subnets');
  const mapped = view.links.of(balancer).filter(({ slot }) => slot.path === 'subnetMappings[].subnetId');
  const ids = [...subnets.ids, ...mapped.flatMap(({ path }) => view.refs(balancer, path).ids)];
  const groups = view.refs(balancer, 'securityGroups');
  const [first] = ids;
  const subnet = first === undefined ? undefined : projection.describers(first)[0];
  projection.answer('LoadBalancers', {
    LoadBalancerArn: arn,
    LoadBalancerName: balancer.name,
    Type: leaves.text(projection.value(balancer, 'loadBalancerType')) ?? 'application',
    Scheme: typeof isInternal === 'symbol' ? untold : isInternal ? 'internal' : 'internet-facing',
    State: { Code: 'active' },
    ...(subnet && { VpcId: projection.ref(subnet, 'vpcId') }),
    ...(groups.isOpen ? { SecurityGroups: untold } : groups.ids.length > 0 && { SecurityGroups: groups.ids }),
    AvailabilityZones: subnets.isOpen ? untold : ids.map((id, index) => nodeIn(projection, id, isInternal, index)),
  });
  const crosses = attribute(projection, projection.value(balancer, 'enableCrossZoneLoadBalancing'), false);
  projection.documents.push({
    LoadBalancerArn: arn,
    Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: crosses }],
  });
}

function projectListener(projection: Projection, listener: PlanRecord): void {
  const { leaves } = projection;
  const actions = leaves.list(projection.value(listener, 'defaultActions'));
  projection.answer('Listeners', {
    ListenerArn: `listener ${listener.urn}`,
    LoadBalancerArn: projection.ref(listener, 'loadBalancerArn') ?? untold,
    Port: leaves.number(projection.value(listener, 'port')) ?? untold,
    Protocol: leaves.text(projection.value(listener, 'protocol')) ?? 'TCP',
    DefaultActions:
      actions === untold || actions === undefined
        ? untold
        : actions.map((action, index) => ({
            Type: leaves.text(below(action, 'type')) ?? untold,
            TargetGroupArn: projection.ref(listener, `defaultActions[${index}].targetGroupArn`),
          })),
  });
}

/** The targets that the program registers: by attachments, and by the scaling groups that name the target group. */
function targetsOf(projection: Projection, group: string, machines: readonly PlannedMachine[]): readonly ApiRecord[] {
  const healthy = { State: 'healthy' };
  const attached = projection.all('TargetGroupAttachment').flatMap((one): ApiRecord[] => {
    const named = projection.ref(one, 'targetGroupArn');
    if (named !== group && named !== untold) return [];
    const literal = projection.leaves.text(projection.value(one, 'targetId'));
    const Port = projection.leaves.number(projection.value(one, 'port'));
    const Id = projection.ref(one, 'targetId') ?? literal ?? untold;
    const state = named === untold ? untold : healthy;
    return [{ Target: { Id, ...(Port !== undefined && { Port }) }, TargetHealth: state }];
  });
  const started = projection.all('Group').flatMap((record) => {
    const { ids, isOpen } = projection.view.refs(record, 'targetGroupArns');
    if (!ids.includes(group) && !isOpen) return [];
    const own = machines.find(({ urn }) => urn === record.urn)?.instanceIds ?? [];
    return own.map((Id) => ({ Target: { Id }, TargetHealth: ids.includes(group) ? healthy : untold }));
  });
  return [...attached, ...started];
}

function projectTargetGroup(projection: Projection, record: PlanRecord, machines: readonly PlannedMachine[]): void {
  const { leaves } = projection;
  const arn = projection.id(record, 'tg');
  const type = leaves.text(projection.value(record, 'targetType')) ?? 'instance';
  const listeners = (projection.answers.get('Listeners') ?? []).filter(({ DefaultActions }) =>
    Array.isArray(DefaultActions)
      ? DefaultActions.some(({ TargetGroupArn }: ApiRecord) => TargetGroupArn === arn || TargetGroupArn === untold)
      : true,
  );
  projection.answer('TargetGroups', {
    TargetGroupArn: arn,
    TargetGroupName: record.name,
    Protocol: leaves.text(projection.value(record, 'protocol')),
    Port: leaves.number(projection.value(record, 'port')),
    VpcId: projection.ref(record, 'vpcId'),
    TargetType: type,
    LoadBalancerArns: listeners.map(({ LoadBalancerArn }) => LoadBalancerArn),
  });
  projection.documents.push(
    { TargetGroupArn: arn, TargetHealthDescriptions: targetsOf(projection, arn, machines) },
    {
      TargetGroupArn: arn,
      Attributes: [
        // Instances see the client unless they are told not to (NLB guide, client IP preservation).
        {
          Key: 'preserve_client_ip.enabled',
          Value: attribute(projection, projection.value(record, 'preserveClientIp'), type === 'instance'),
        },
        {
          Key: 'proxy_protocol_v2.enabled',
          Value: attribute(projection, projection.value(record, 'proxyProtocolV2'), false),
        },
        { Key: 'load_balancing.cross_zone.enabled', Value: 'use_load_balancer_configuration' },
      ],
    },
  );
}

/** Network load balancers with what they send to. Targets that are not there yet count as healthy. */
export function projectBalancers(projection: Projection, machines: readonly PlannedMachine[]): void {
  for (const balancer of projection.all('LoadBalancer')) projectBalancer(projection, balancer);
  for (const listener of projection.all('Listener')) projectListener(projection, listener);
  for (const group of projection.all('TargetGroup')) projectTargetGroup(projection, group, machines);
  if (projection.all('TargetGroupAttachment').length > 0)
    projection.assumed.add('targets of load balancers pass their health checks');
}
