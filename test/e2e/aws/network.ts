import * as ec2 from '@aws-sdk/client-ec2';

/** What `buildNetwork` built, by id. */
export interface Network {
  readonly vpc: string;
  readonly publicSubnet: string;
  readonly privateSubnet: string;
  readonly internetGateway: string;
  readonly publicTable: string;
  readonly privateTable: string;
  readonly publicAcl: string;
  readonly bastionGroup: string;
  readonly webGroup: string;
  readonly offices: string;
  readonly bastion: Machine;
  readonly web: Machine;
}

export interface Machine {
  readonly instance: string;
  readonly interface: string;
  readonly privateIp: string;
}

/** The offices from which the bastion may be reached. */
export const OFFICES = ['203.0.113.0/24', '198.51.100.0/25'];

/**
 * A VPC of two tiers at `10.<number>.0.0/16`. Subnet 0 is public: a table with a route to the internet gateway, an ACL of its own
 * that lets SSH in and on, a bastion with an elastic address that the offices may reach. Subnet 1 is private: a web server that the
 * bastion may reach.
 */
export async function buildNetwork(client: ec2.EC2Client, number: number): Promise<Network> {
  const vpc = id((await client.send(new ec2.CreateVpcCommand({ CidrBlock: `10.${number}.0.0/16` }))).Vpc?.VpcId);
  const [publicSubnet, privateSubnet] = [await subnet(client, vpc, number, 0), await subnet(client, vpc, number, 1)];
  const internetGateway = await gateway(client, vpc);
  const publicTable = await table(client, vpc, publicSubnet);
  await client.send(
    new ec2.CreateRouteCommand({
      RouteTableId: publicTable,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: internetGateway,
    }),
  );
  const privateTable = await table(client, vpc, privateSubnet);
  const own = `10.${number}.0.0/16`;
  const publicAcl = await giveAcl(
    client,
    { vpc },
    publicSubnet,
    'inbound 100 allow 22 0.0.0.0/0',
    `inbound 110 allow 1024-65535 ${own}`,
    'outbound 100 allow 1024-65535 0.0.0.0/0',
    `outbound 110 allow 22 ${own}`,
  );
  const offices = await prefixList(client, OFFICES);
  const bastionGroup = await group(client, vpc, 'bastion', { PrefixListIds: [{ PrefixListId: offices }] });
  const webGroup = await group(client, vpc, 'web', { UserIdGroupPairs: [{ GroupId: bastionGroup }] });
  const bastion = await machine(client, publicSubnet, bastionGroup, 'bastion');
  await giveElasticAddress(client, bastion);
  const web = await machine(client, privateSubnet, webGroup, 'web');
  return {
    vpc,
    publicSubnet,
    privateSubnet,
    internetGateway,
    publicTable,
    privateTable,
    publicAcl,
    bastionGroup,
    webGroup,
    offices,
    bastion,
    web,
  };
}

/** Peers two networks, accepts, and routes between the private subnets. Returns the id of the connection. */
export async function peer(
  requester: { readonly client: ec2.EC2Client; readonly network: Network },
  accepter: { readonly client: ec2.EC2Client; readonly network: Network; readonly account: string },
  prefixes: { readonly requester: string; readonly accepter: string },
): Promise<string> {
  const asked = await requester.client.send(
    new ec2.CreateVpcPeeringConnectionCommand({
      VpcId: requester.network.vpc,
      PeerVpcId: accepter.network.vpc,
      PeerOwnerId: accepter.account,
    }),
  );
  const VpcPeeringConnectionId = id(asked.VpcPeeringConnection?.VpcPeeringConnectionId);
  await accepter.client.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  const route = (RouteTableId: string, DestinationCidrBlock: string) =>
    new ec2.CreateRouteCommand({ RouteTableId, DestinationCidrBlock, VpcPeeringConnectionId });
  await requester.client.send(route(requester.network.privateTable, prefixes.accepter));
  await accepter.client.send(route(accepter.network.privateTable, prefixes.requester));
  return VpcPeeringConnectionId;
}

async function subnet(client: ec2.EC2Client, VpcId: string, number: number, third: number): Promise<string> {
  const made = await client.send(new ec2.CreateSubnetCommand({ VpcId, CidrBlock: `10.${number}.${third}.0/24` }));
  return id(made.Subnet?.SubnetId);
}

async function gateway(client: ec2.EC2Client, VpcId: string): Promise<string> {
  const made = await client.send(new ec2.CreateInternetGatewayCommand({}));
  const InternetGatewayId = id(made.InternetGateway?.InternetGatewayId);
  await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  return InternetGatewayId;
}

async function table(client: ec2.EC2Client, VpcId: string, SubnetId: string): Promise<string> {
  const RouteTableId = id((await client.send(new ec2.CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId);
  await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  return RouteTableId;
}

/** One line of an ACL: `inbound 100 allow 22 0.0.0.0/0`, `outbound 110 allow 1024-65535 10.0.0.0/16`. */
function aclEntry(NetworkAclId: string, line: string): ec2.CreateNetworkAclEntryCommand {
  const [direction, number, RuleAction, ports = '', CidrBlock] = line.split(' ');
  const [first = '', last = first] = ports.split('-');
  return new ec2.CreateNetworkAclEntryCommand({
    NetworkAclId,
    Egress: direction === 'outbound',
    RuleNumber: Number(number),
    RuleAction: RuleAction === 'allow' ? 'allow' : 'deny',
    Protocol: '6',
    PortRange: { From: Number(first), To: Number(last) },
    CidrBlock,
  });
}

/** A new ACL with these entries, in the place of the one that the subnet had. */
export async function giveAcl(client: ec2.EC2Client, network: { vpc: string }, subnetId: string, ...lines: string[]) {
  const made = await client.send(new ec2.CreateNetworkAclCommand({ VpcId: network.vpc }));
  const NetworkAclId = id(made.NetworkAcl?.NetworkAclId);
  for (const line of lines) await client.send(aclEntry(NetworkAclId, line));
  const { NetworkAcls = [] } = await client.send(
    new ec2.DescribeNetworkAclsCommand({ Filters: [{ Name: 'association.subnet-id', Values: [subnetId] }] }),
  );
  const old = NetworkAcls[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnetId);
  const AssociationId = id(old?.NetworkAclAssociationId);
  await client.send(new ec2.ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
  return NetworkAclId;
}

async function prefixList(client: ec2.EC2Client, prefixes: readonly string[]): Promise<string> {
  const Entries = prefixes.map((Cidr) => ({ Cidr }));
  const input = { PrefixListName: 'offices', MaxEntries: 10, AddressFamily: 'IPv4', Entries };
  return id((await client.send(new ec2.CreateManagedPrefixListCommand(input))).PrefixList?.PrefixListId);
}

async function group(client: ec2.EC2Client, VpcId: string, name: string, from: ec2.IpPermission): Promise<string> {
  const made = await client.send(new ec2.CreateSecurityGroupCommand({ VpcId, GroupName: name, Description: name }));
  const GroupId = id(made.GroupId);
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...from }];
  await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return GroupId;
}

async function machine(client: ec2.EC2Client, SubnetId: string, group: string, name: string): Promise<Machine> {
  const { Instances = [] } = await client.send(
    new ec2.RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      SecurityGroupIds: [group],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
    }),
  );
  const [made] = Instances;
  return {
    instance: id(made?.InstanceId),
    interface: id(made?.NetworkInterfaces?.[0]?.NetworkInterfaceId),
    privateIp: id(made?.PrivateIpAddress),
  };
}

async function giveElasticAddress(client: ec2.EC2Client, machine: Machine): Promise<void> {
  const { AllocationId } = await client.send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }));
  await client.send(new ec2.AssociateAddressCommand({ AllocationId, InstanceId: machine.instance }));
}

function id(text: string | undefined): string {
  if (text === undefined) throw new Error('moto made something without an id');
  return text;
}
