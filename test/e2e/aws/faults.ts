import * as ec2 from '@aws-sdk/client-ec2';
import { giveAcl, type Network } from './network.js';

/** One thing that someone broke, and what port22 must say of the way from the bastion to the web server. */
export interface Fault {
  readonly name: string;
  break(client: ec2.EC2Client, network: Network): Promise<unknown>;
  readonly verdict: 'unreachable' | 'partial';
  readonly cause: string;
}

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
const everything = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

function fromBastion({ bastionGroup }: Network): ec2.IpPermission {
  return { ...ssh, UserIdGroupPairs: [{ GroupId: bastionGroup }] };
}

function revoke(GroupId: string, rule: ec2.IpPermission): ec2.RevokeSecurityGroupIngressCommand {
  return new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] });
}

function authorize(GroupId: string, rule: ec2.IpPermission): ec2.AuthorizeSecurityGroupIngressCommand {
  return new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] });
}

function withoutEntry(NetworkAclId: string, Egress: boolean): ec2.DeleteNetworkAclEntryCommand {
  return new ec2.DeleteNetworkAclEntryCommand({ NetworkAclId, Egress, RuleNumber: 110 });
}

/** The rule of the web server's group is replaced. */
async function onlyRule(client: ec2.EC2Client, network: Network, rule: ec2.IpPermission): Promise<void> {
  await client.send(revoke(network.webGroup, fromBastion(network)));
  await client.send(authorize(network.webGroup, rule));
}

export const faults: readonly Fault[] = [
  {
    name: 'the rule of the web server is revoked',
    break: (client, network) => client.send(revoke(network.webGroup, fromBastion(network))),
    verdict: 'unreachable',
    cause: 'aws/sg-no-inbound',
  },
  {
    name: 'the rule names another port',
    break: (client, network) => onlyRule(client, network, { ...fromBastion(network), FromPort: 2222, ToPort: 2222 }),
    verdict: 'unreachable',
    cause: 'aws/sg-no-inbound',
  },
  {
    name: 'the rule names another group',
    break: (client, network) =>
      onlyRule(client, network, { ...ssh, UserIdGroupPairs: [{ GroupId: network.webGroup }] }),
    verdict: 'unreachable',
    cause: 'aws/sg-no-inbound',
  },
  {
    name: 'the rule names a prefix list without the bastion',
    break: (client, network) =>
      onlyRule(client, network, { ...ssh, PrefixListIds: [{ PrefixListId: network.offices }] }),
    verdict: 'unreachable',
    cause: 'aws/sg-no-inbound',
  },
  {
    name: 'the rule is for UDP',
    break: (client, network) => onlyRule(client, network, { ...fromBastion(network), IpProtocol: 'udp' }),
    verdict: 'unreachable',
    cause: 'aws/sg-no-inbound',
  },
  {
    name: 'nothing may leave the bastion',
    break: (client, { bastionGroup }) =>
      client.send(new ec2.RevokeSecurityGroupEgressCommand({ GroupId: bastionGroup, IpPermissions: [everything] })),
    verdict: 'unreachable',
    cause: 'aws/src-sg-egress',
  },
  {
    name: 'the ACL of the bastion does not let SSH out',
    break: (client, { publicAcl }) => client.send(withoutEntry(publicAcl, true)),
    verdict: 'unreachable',
    cause: 'aws/src-nacl-out',
  },
  {
    name: 'the ACL of the bastion does not let the answer in',
    break: (client, { publicAcl }) => client.send(withoutEntry(publicAcl, false)),
    verdict: 'unreachable',
    cause: 'aws/src-nacl-in',
  },
  {
    name: 'the ACL of the web server denies SSH',
    break: (client, network) =>
      giveAcl(
        client,
        network,
        network.privateSubnet,
        'inbound 90 deny 22 10.100.0.0/24',
        'inbound 100 allow 0-65535 0.0.0.0/0',
        'outbound 100 allow 0-65535 0.0.0.0/0',
      ),
    verdict: 'unreachable',
    cause: 'aws/nacl-in-deny',
  },
  {
    name: 'the ACL of the web server does not let the answer out',
    break: (client, network) => giveAcl(client, network, network.privateSubnet, 'inbound 100 allow 22 0.0.0.0/0'),
    verdict: 'unreachable',
    cause: 'aws/nacl-out-deny',
  },
  {
    name: 'the ACL of the web server lets half of the answers out',
    break: (client, network) =>
      giveAcl(
        client,
        network,
        network.privateSubnet,
        'inbound 100 allow 22 0.0.0.0/0',
        'outbound 100 allow 1024-40000 0.0.0.0/0',
      ),
    verdict: 'partial',
    cause: 'aws/nacl-out-partial',
  },
  {
    name: 'the web server is stopped',
    break: (client, { web }) => client.send(new ec2.StopInstancesCommand({ InstanceIds: [web.instance] })),
    verdict: 'unreachable',
    cause: 'aws/inst-not-running',
  },
];

/** What someone broke between two accounts, and what port22 must say of the way from the other account's web server to ours. */
export interface PeeringFault extends Omit<Fault, 'break'> {
  break(near: Side, far: Side, connection: string): Promise<unknown>;
}

export interface Side {
  readonly client: ec2.EC2Client;
  readonly network: Network;
}

function withoutRoute({ network }: Side, DestinationCidrBlock: string): ec2.DeleteRouteCommand {
  return new ec2.DeleteRouteCommand({ RouteTableId: network.privateTable, DestinationCidrBlock });
}

export const peeringFaults: readonly PeeringFault[] = [
  {
    name: 'the other side has no route',
    break: (_, far) => far.client.send(withoutRoute(far, '10.100.0.0/16')),
    verdict: 'unreachable',
    cause: 'aws/src-rt-missing',
  },
  {
    name: 'our side has no route back',
    break: (near) => near.client.send(withoutRoute(near, '10.102.0.0/16')),
    verdict: 'unreachable',
    cause: 'aws/rt-missing',
  },
  {
    name: 'the group does not know the other network',
    break: (near) => near.client.send(revoke(near.network.webGroup, fromPeer)),
    verdict: 'unreachable',
    cause: 'aws/sg-no-inbound',
  },
];

/** The rule by which our web server lets the other account's network in. */
export const fromPeer: ec2.IpPermission = { ...ssh, IpRanges: [{ CidrIp: '10.102.0.0/16' }] };
