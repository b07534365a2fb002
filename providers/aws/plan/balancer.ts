import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import type { Tree } from '../../../src/plan/tree.js';
import type { Refs } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { privateAddress, publicAddress } from './address.js';
import { type ApiRecord, type Projection, reused } from './project.js';

/** An attribute, as the API prints it: of its own property, or of Cloud Control's list; what it is where nobody says. */
function attribute(
  projection: Projection,
  record: PlanRecord,
  [Key, property]: readonly [key: string, property: string],
  otherwise: string,
): ApiRecord {
  const { leaves } = projection;
  const list = ['loadBalancerAttributes', 'targetGroupAttributes'].map((name) => projection.value(record, name));
  const [listed] = list.filter((one) => one !== undefined);
  const items = leaves.list(listed);
  if (items === untold) return { Key, Value: untold };
  const named = items?.find((item) => leaves.text(below(item, 'key')) === Key);
  const isOpen = named === undefined && items?.some((item) => leaves.text(below(item, 'key')) === untold);
  const value = isOpen
    ? untold
    : leaves.text(flagText(named ? below(named, 'value') : projection.value(record, property)));
  return { Key, Value: value ?? otherwise };
}

const flagText = (tree: Tree | undefined): Tree | undefined => (typeof tree === 'boolean' ? String(tree) : tree);

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

/** Whether a balancer has private addresses only. */
function internalOf(projection: Projection, balancer: PlanRecord): boolean | typeof untold | undefined {
  const { leaves } = projection;
  const scheme = leaves.text(projection.value(balancer, 'scheme'));
  if (scheme === untold) return untold;
  return scheme === undefined ? leaves.flag(projection.value(balancer, 'internal')) : scheme === 'internal';
}

function projectBalancer(projection: Projection, balancer: PlanRecord): void {
  const { leaves, view } = projection;
  const arn = projection.id(balancer, 'lb');
  const isInternal = internalOf(projection, balancer);
  const subnets = view.refs(balancer, 'subnets');
  const mapped = view.links.of(balancer).filter(({ slot }) => slot.path === 'subnetMappings[].subnetId');
  const ids = [...subnets.ids, ...mapped.flatMap(({ path }) => view.refs(balancer, path).ids)];
  const groups = view.refs(balancer, 'securityGroups');
  const [first] = ids;
  const subnet = first === undefined ? undefined : projection.describers(first)[0];
  projection.answer('LoadBalancers', {
    LoadBalancerArn: arn,
    LoadBalancerName: balancer.name,
    Type: leaves.text(projection.value(balancer, 'loadBalancerType', 'type')) ?? 'application',
    Scheme: typeof isInternal === 'symbol' ? untold : isInternal ? 'internal' : 'internet-facing',
    State: { Code: 'active' },
    ...(subnet && { VpcId: projection.ref(subnet, 'vpcId') }),
    ...(groups.isOpen ? { SecurityGroups: untold } : groups.ids.length > 0 && { SecurityGroups: groups.ids }),
    AvailabilityZones: subnets.isOpen ? untold : ids.map((id, index) => nodeIn(projection, id, isInternal, index)),
  });
  const crossZone = ['load_balancing.cross_zone.enabled', 'enableCrossZoneLoadBalancing'] as const;
  projection.documents.push({
    LoadBalancerArn: arn,
    Attributes: [attribute(projection, balancer, crossZone, 'false')],
  });
}

/** The target groups among which an action divides what comes. */
function forwardConfig(projection: Projection, listener: PlanRecord, action: Tree, at: string): ApiRecord {
  const [name, arn] = listener.token?.pkg === 'aws-native' ? ['forwardConfig', 'targetGroupArn'] : ['forward', 'arn'];
  const groups = projection.leaves.list(below(below(action, name), 'targetGroups'));
  if (groups === undefined) return {};
  if (groups === untold) return { ForwardConfig: { TargetGroups: untold } };
  const TargetGroups = groups.map((_, index) => ({
    TargetGroupArn: projection.ref(listener, `${at}.${name}.targetGroups[${index}].${arn}`) ?? untold,
  }));
  return { ForwardConfig: { TargetGroups } };
}

/** Whether a listener forwards to a target group, or may. */
function forwardsTo(arn: string, { DefaultActions }: ApiRecord): boolean {
  if (!Array.isArray(DefaultActions)) return true;
  return (DefaultActions as readonly ApiRecord[]).some(({ TargetGroupArn, ForwardConfig }) => {
    const groups = (ForwardConfig as ApiRecord | undefined)?.TargetGroups ?? [];
    if (!Array.isArray(groups)) return true;
    return [TargetGroupArn, ...(groups as readonly ApiRecord[]).map((group) => group.TargetGroupArn)].some(
      (one) => one === arn || one === untold,
    );
  });
}

function projectListener(projection: Projection, listener: PlanRecord): void {
  const { leaves } = projection;
  const actions = leaves.list(projection.value(listener, 'defaultActions'));
  projection.answer('Listeners', {
    ListenerArn: projection.id(listener, 'listener'),
    LoadBalancerArn: projection.ref(listener, 'loadBalancerArn') ?? untold,
    Port: leaves.number(projection.value(listener, 'port')) ?? untold,
    Protocol: leaves.text(projection.value(listener, 'protocol')) ?? 'TCP',
    DefaultActions:
      actions === untold || actions === undefined
        ? untold
        : actions.map((action, index) => ({
            Type: leaves.text(below(action, 'type')) ?? untold,
            TargetGroupArn: projection.ref(listener, `defaultActions[${index}].targetGroupArn`),
            ...forwardConfig(projection, listener, action, `defaultActions[${index}]`),
          })),
  });
}

const healthy = { State: 'healthy' };

/** A target of a group, and whether it surely is one. */
function targetOf(Id: unknown, port: unknown, isSure: boolean): ApiRecord {
  return {
    Target: { Id, ...(port !== undefined && { Port: port }) },
    TargetHealth: isSure ? healthy : untold,
  };
}

/** The targets that a group lists itself, as Cloud Control has it. */
function listedTargets(projection: Projection, record: PlanRecord): readonly ApiRecord[] | typeof untold {
  const list = projection.leaves.list(projection.value(record, 'targets'));
  if (list === undefined || list === untold) return list ?? [];
  return list.map((item, index) => {
    const Id = projection.ref(record, `targets[${index}].id`) ?? untold;
    return targetOf(Id, projection.leaves.number(below(item, 'port')), true);
  });
}

/** The targets that attachments register in a group. */
function attachedTargets(projection: Projection, group: string, attachments: readonly PlanRecord[]): ApiRecord[] {
  return attachments.flatMap((one): ApiRecord[] => {
    const named = projection.ref(one, 'targetGroupArn');
    if (named !== group && named !== untold) return [];
    const literal = projection.leaves.text(projection.value(one, 'targetId'));
    const Port = projection.leaves.number(projection.value(one, 'port'));
    return [targetOf(projection.ref(one, 'targetId') ?? literal ?? untold, Port, named === group)];
  });
}

/** The targets that a group was recorded with and that no resource takes out, or registers itself. */
function recordedTargets(
  projection: Projection,
  group: string,
  registered: readonly ApiRecord[],
): readonly ApiRecord[] | typeof untold {
  if (!projection.base?.get('targetGroups', group)) return [];
  const recorded = projection.base.ofSubject('targetHealth', group);
  if (recorded === undefined) return untold;
  const gone = projection.view.links.former.filter(({ token }) => token?.name === 'TargetGroupAttachment');
  const others = [...registered, ...attachedTargets(projection, group, gone)].map(({ Target }) => Target as ApiRecord);
  const isSame = (one: ApiRecord, { Id, Port }: ApiRecord) => one.Id === Id && (one.Port ?? Port) === Port;
  return recorded
    .filter(({ Target }) => Target === undefined || !others.some((one) => isSame(one, Target)))
    .map((one) => reused(one));
}

/** The targets of a group: those that the program registers, and those that were recorded. */
function targetsOf(
  projection: Projection,
  record: PlanRecord | undefined,
  group: string,
  machines: readonly PlannedMachine[],
): readonly ApiRecord[] | typeof untold {
  const listed = record ? listedTargets(projection, record) : [];
  if (listed === untold) return untold;
  const attached = attachedTargets(projection, group, projection.all('TargetGroupAttachment'));
  const started = projection.all('Group', 'native AutoScalingGroup', 'SpotFleetRequest').flatMap((launcher) => {
    const { ids, isOpen } = targetGroupsOf(projection, launcher);
    if (!ids.includes(group) && !isOpen) return [];
    const own = machines.find(({ urn }) => urn === launcher.urn)?.instanceIds ?? [];
    return own.map((Id) => targetOf(Id, undefined, ids.includes(group)));
  });
  const registered = [...listed, ...attached, ...started];
  const recorded = recordedTargets(projection, group, registered);
  return recorded === untold ? untold : [...registered, ...recorded];
}

/** The target groups of what a group or a fleet starts. */
function targetGroupsOf(projection: Projection, launcher: PlanRecord): Pick<Refs, 'ids' | 'isOpen'> {
  const { ids, isOpen } = projection.view.refs(launcher, 'targetGroupArns');
  const attached = projection
    .partsOf(projection.id(launcher, 'asg'), ['Attachment', 'autoscalingGroupName'])
    .map((one) => projection.ref(one, 'lbTargetGroupArn'));
  return {
    ids: [...ids, ...attached.filter((id) => typeof id === 'string')],
    isOpen: isOpen || attached.includes(untold),
  };
}

/** The balancers whose listeners forward to a target group, those that were recorded among them. */
function balancersOf(projection: Projection, arn: string): readonly unknown[] {
  const listeners = (projection.answers.get('Listeners') ?? []).filter((listener) => forwardsTo(arn, listener));
  const recorded = projection.base?.get('targetGroups', arn)?.LoadBalancerArns ?? [];
  return [...new Set([...recorded, ...listeners.map(({ LoadBalancerArn }) => LoadBalancerArn)])];
}

/** What the program changes about target groups that were recorded and that no resource declares. */
function addToRecordedGroups(projection: Projection, machines: readonly PlannedMachine[]): void {
  for (const arn of projection.partsOfOthers('tg')) {
    const recorded = projection.base?.get('targetGroups', arn);
    if (!recorded) continue;
    projection.answer('TargetGroups', { ...reused(recorded), LoadBalancerArns: balancersOf(projection, arn) });
    projection.documents.push({
      TargetGroupArn: arn,
      TargetHealthDescriptions: targetsOf(projection, undefined, arn, machines),
    });
  }
}

function projectTargetGroup(projection: Projection, record: PlanRecord, machines: readonly PlannedMachine[]): void {
  const { leaves } = projection;
  const arn = projection.id(record, 'tg');
  const type = leaves.text(projection.value(record, 'targetType')) ?? 'instance';
  projection.answer('TargetGroups', {
    TargetGroupArn: arn,
    TargetGroupName: record.name,
    Protocol: leaves.text(projection.value(record, 'protocol')),
    Port: leaves.number(projection.value(record, 'port')),
    VpcId: projection.ref(record, 'vpcId'),
    TargetType: type,
    LoadBalancerArns: balancersOf(projection, arn),
  });
  projection.documents.push(
    { TargetGroupArn: arn, TargetHealthDescriptions: targetsOf(projection, record, arn, machines) },
    {
      TargetGroupArn: arn,
      Attributes: [
        // Instances see the client unless they are told not to (NLB guide, client IP preservation).
        attribute(projection, record, ['preserve_client_ip.enabled', 'preserveClientIp'], String(type === 'instance')),
        attribute(projection, record, ['proxy_protocol_v2.enabled', 'proxyProtocolV2'], 'false'),
        attribute(
          projection,
          record,
          ['load_balancing.cross_zone.enabled', 'loadBalancingCrossZoneEnabled'],
          'use_load_balancer_configuration',
        ),
      ],
    },
  );
}

/** Network load balancers with what they send to. Targets that are not there yet count as healthy. */
export function projectBalancers(projection: Projection, machines: readonly PlannedMachine[]): void {
  for (const balancer of projection.all('LoadBalancer', 'native LoadBalancer')) projectBalancer(projection, balancer);
  for (const listener of projection.all('Listener', 'native Listener')) projectListener(projection, listener);
  for (const group of projection.all('TargetGroup', 'native TargetGroup'))
    projectTargetGroup(projection, group, machines);
  addToRecordedGroups(projection, machines);
  if (projection.all('TargetGroupAttachment').length > 0)
    projection.assumed.add('targets of load balancers pass their health checks');
}
