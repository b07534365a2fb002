import type { Change } from '../../../src/provider.js';
import type { Inventory, Placed } from '../inventory.js';
import type { LoadBalancer, TargetGroup, TargetHealth } from '../records/records.js';
import { awsCommand, quoted } from './command.js';
import { idsOf } from './place.js';
import type { Recipe, Repair } from './recipe.js';

const healthy = { State: 'healthy', Reason: undefined };

const healthNote =
  'the balancer sends to it once its health check passes: the rules must let that in from the nodes, too';

/** What the instance is called in a target group of this type. */
function nameIn({ network, target, path }: Repair, { TargetType }: TargetGroup): string | undefined {
  const enis = network.interfacesOf(target.instance);
  const eni = enis.find(({ id }) => id === path.interface?.id) ?? enis[0];
  const primary = eni?.addresses.find((address) => address.primary) ?? eni?.addresses[0];
  if (TargetType === 'ip') return primary?.privateIp;
  return TargetType === 'instance' ? target.instance.InstanceId : undefined;
}

/** Registers the instance, or registers it anew while it is being let go. An ill one has to get well by itself. */
export const registrationChange: Recipe = (repair, stop) => {
  const { inventory } = repair.network;
  const { id: arn } = stop.component;
  const { state } = stop.reason.data;
  const group = inventory.get('targetGroups', arn);
  const id = group && nameIn(repair, group);
  const records = inventory.ofSubject('targetHealth', arn);
  if (!group || id === undefined || !records || (state !== undefined && !state.includes('draining'))) return undefined;
  const leaving = records.find(({ Target }) => Target?.Id === id && state !== undefined);
  const port = leaving?.Target?.Port ?? repair.port;
  const own = group.Port === port ? '' : `,Port=${port}`;
  const registered: TargetHealth = { Target: { Id: id, Port: port }, TargetHealth: healthy };
  const others = records.filter(({ Target }) => Target?.Id !== id || (Target?.Port ?? group.Port) !== port);
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'elbv2 register-targets', {
      'target-group-arn': arn,
      targets: `Id=${id}${own}`,
    }),
    pulumi: `new aws.lb.TargetGroupAttachment("ssh", { targetGroupArn: ${quoted(arn)}, targetId: ${quoted(id)}, port: ${port} });`,
    after: repair.lower(inventory.withSubject('targetHealth', arn, [...others, registered])),
    note: healthNote,
  };
};

const crossZone = 'load_balancing.cross_zone.enabled';

/** Lets every node of the balancer hand connections to the targets of this group, in whatever zone they are. */
export const crossZoneChange: Recipe = (repair, stop) => {
  const { inventory } = repair.network;
  const arn = idsOf(repair.path, 'target-group')[0] ?? '';
  const attributes = inventory.ofSubject('targetGroupAttributes', arn);
  if (!attributes) return undefined;
  const changed = [...attributes.filter(({ Key }) => Key !== crossZone), { Key: crossZone, Value: 'true' }];
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'elbv2 modify-target-group-attributes', {
      'target-group-arn': arn,
      attributes: `Key=${crossZone},Value=true`,
    }),
    pulumi: 'loadBalancingCrossZoneEnabled: "true"  // on aws.lb.TargetGroup',
    after: repair.lower(inventory.withSubject('targetGroupAttributes', arn, changed)),
    note: `traffic between zones is charged; enabling ${stop.reason.data.zone ?? 'the zone'} on the balancer does without`,
  };
};

const tcp: ReadonlySet<string | undefined> = new Set(['TCP', 'TCP_UDP']);

/** A target group that has the instance on the asked port, and that the balancer may use: a group has one balancer only. */
function groupWith(repair: Repair, { LoadBalancerArn: arn, VpcId }: LoadBalancer): TargetGroup | undefined {
  const { inventory } = repair.network;
  return [...inventory.all('targetGroups').values()].find((group) => {
    const free = (group.LoadBalancerArns ?? []).every((other) => other === arn);
    const id = nameIn(repair, group);
    const holds = ({ Target }: TargetHealth) => Target?.Id === id && (Target?.Port ?? group.Port) === repair.port;
    const records = inventory.ofSubject('targetHealth', group.TargetGroupArn) ?? [];
    return free && id !== undefined && group.VpcId === VpcId && tcp.has(group.Protocol) && records.some(holds);
  });
}

/** Targets of a group that nothing forwards to are `unused`, and no longer once a listener does. */
function withListener(inventory: Inventory, arn: string, groupArn: string, port: number): Inventory {
  const DefaultActions = [{ Type: 'forward', TargetGroupArn: groupArn, ForwardConfig: undefined }];
  const ListenerArn = `${arn}/port22/${port}`;
  const listener = { ListenerArn, LoadBalancerArn: arn, Port: port, Protocol: 'TCP', DefaultActions };
  const targets = inventory.ofSubject('targetHealth', groupArn) ?? [];
  const used = targets.map((one) => (one.TargetHealth?.State === 'unused' ? { ...one, TargetHealth: healthy } : one));
  return inventory.with('listeners', ListenerArn, listener).withSubject('targetHealth', groupArn, used);
}

function listenerPulumi(arn: string, port: number, group: string): string {
  return `new aws.lb.Listener("ssh", { loadBalancerArn: ${quoted(arn)}, protocol: "TCP", port: ${port}, defaultActions: [{ type: "forward", targetGroupArn: ${group} }] });`;
}

/** A target group of its own for the port: whom its targets see, and whether they are well, is not known before it is there. */
function newGroupChange(repair: Repair, balancer: Placed<LoadBalancer>, removes: string): Change {
  const { port, target } = repair;
  const { region, InstanceId: id } = target.instance;
  const { LoadBalancerArn: arn, VpcId: vpcId = '' } = balancer;
  const create = awsCommand(region, 'elbv2 create-target-group', {
    name: `port22-${port}`,
    protocol: 'TCP',
    port: String(port),
    'vpc-id': vpcId,
    'target-type': 'instance',
    query: 'TargetGroups[0].TargetGroupArn',
    output: 'text',
  });
  const register = awsCommand(region, 'elbv2 register-targets', { targets: `Id=${id}` });
  const listen = awsCommand(region, 'elbv2 create-listener', {
    'load-balancer-arn': arn,
    protocol: 'TCP',
    port: String(port),
  });
  return {
    removes,
    command: [
      `group="$(${create})"`,
      `${register} --target-group-arn "$group"`,
      `${listen} --default-actions "Type=forward,TargetGroupArn=$group"`,
    ].join(' && '),
    pulumi: [
      `const group = new aws.lb.TargetGroup("ssh", { protocol: "TCP", port: ${port}, vpcId: ${quoted(vpcId)}, targetType: "instance" });`,
      `new aws.lb.TargetGroupAttachment("ssh", { targetGroupArn: group.arn, targetId: ${quoted(id)}, port: ${port} });`,
      listenerPulumi(arn, port, 'group.arn'),
    ].join('\n'),
    after: null,
    note: 'record the account again then: whether the new group keeps the client address decides who has to be let in',
  };
}

/** A listener for the port, to a target group that has the instance there or, without one, to a new one. */
export const listenerChange: Recipe = (repair, stop) => {
  const { inventory } = repair.network;
  const { id: arn } = stop.component;
  const balancer = inventory.get('balancers', arn);
  const { port } = repair;
  const taken = [...inventory.all('listeners').values()].some(
    (listener) => listener.LoadBalancerArn === arn && listener.Port === port,
  );
  if (!balancer || taken) return undefined;
  const group = groupWith(repair, balancer);
  if (!group) return newGroupChange(repair, balancer, stop.reason.code);
  const { TargetGroupArn: groupArn } = group;
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'elbv2 create-listener', {
      'load-balancer-arn': arn,
      protocol: 'TCP',
      port: String(port),
      'default-actions': `Type=forward,TargetGroupArn=${groupArn}`,
    }),
    pulumi: listenerPulumi(arn, port, quoted(groupArn)),
    after: repair.lower(withListener(inventory, arn, groupArn, port)),
    note: healthNote,
  };
};
