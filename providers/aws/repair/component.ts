import { awsCommand, quoted } from './command.js';
import type { Recipe } from './recipe.js';

/** Starts a stopped instance; one that is on its way, or gone, has no command. */
export const startChange: Recipe = (repair, stop) => {
  const { instance } = repair.target;
  if (instance.State?.Name !== 'stopped') return undefined;
  const id = instance.InstanceId;
  return {
    removes: stop.reason.code,
    command: awsCommand(instance.region, 'ec2 start-instances', { 'instance-ids': id }),
    pulumi: `new aws.ec2transitgateway.InstanceState("on", { instanceId: ${quoted(id)}, state: "running" });`,
    after: repair.lower(repair.network.inventory.with('instances', id, { ...instance, State: { Name: 'running' } })),
    note: 'a public IPv4 address that was assigned automatically changes',
  };
};

/** The default quota of exclusions of an account (VPC guide, quotas). */
const mostExclusions = 50;

/** Excludes the subnet from Block Public Access, in the account that owns it. */
export const publicAccessChange: Recipe = (repair, stop) => {
  const { network, target } = repair;
  const { subnet: subnetId, managedBy } = stop.reason.data;
  const subnet = network.inventory.get('subnets', subnetId);
  if (subnetId === undefined || !subnet || managedBy === 'declarative-policy') return undefined;
  const arn = subnet.SubnetArn ?? `/${subnetId}`;
  const existing = [...network.inventory.all('publicAccessExclusions').values()].find(
    (exclusion) =>
      exclusion.ResourceArn === arn && exclusion.State?.endsWith('-complete') && !exclusion.State.startsWith('d'),
  );
  const id = existing?.ExclusionId ?? 'vpcbpa-exclude-new';
  const mode = { 'internet-gateway-exclusion-mode': 'allow-bidirectional' };
  const { region } = target.instance;
  const command = existing
    ? awsCommand(region, 'ec2 modify-vpc-block-public-access-exclusion', { 'exclusion-id': id, ...mode })
    : awsCommand(region, 'ec2 create-vpc-block-public-access-exclusion', { 'subnet-id': subnetId, ...mode });
  const record = {
    ExclusionId: id,
    ResourceArn: arn,
    InternetGatewayExclusionMode: 'allow-bidirectional',
    State: 'create-complete',
  };
  const { size } = network.inventory.all('publicAccessExclusions');
  const full = existing || size < mostExclusions ? '' : `; there are ${size} exclusions, the default quota`;
  return {
    removes: stop.reason.code,
    command,
    pulumi: `new aws.ec2.VpcBlockPublicAccessExclusion("ssh", { subnetId: ${quoted(subnetId)}, internetGatewayExclusionMode: "allow-bidirectional" });`,
    after: repair.lower(network.inventory.with('publicAccessExclusions', id, record)),
    note: `it opens the whole subnet to the internet: Session Manager or an Instance Connect Endpoint needs no exclusion${full}`,
  };
};

/** Accepts a peering that waits for it. */
export const peeringChange: Recipe = (repair, stop) => {
  const id = stop.component.id;
  const peering = repair.network.inventory.get('peerings', id);
  if (peering?.Status?.Code !== 'pending-acceptance') return undefined;
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'ec2 accept-vpc-peering-connection', {
      'vpc-peering-connection-id': id,
    }),
    pulumi: `new aws.ec2.VpcPeeringConnectionAccepter("accept", { vpcPeeringConnectionId: ${quoted(id)}, autoAccept: true });`,
    after: repair.lower(repair.network.inventory.with('peerings', id, { ...peering, Status: { Code: 'active' } })),
  };
};
