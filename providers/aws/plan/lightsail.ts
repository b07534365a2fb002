import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import { Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { ipv6Address, privateAddress, publicAddress } from './address.js';
import { anyone, GroupRules, type RuleWords } from './group-rules.js';
import { openEntries } from './network-acl.js';
import { type ApiRecord, type Projection, tagsOf } from './project.js';
import { routesOut } from './way-out.js';

const words: RuleWords = { protocol: 'protocol', ipv4: 'cidrs', ipv6: 'ipv6Cidrs', lists: '', groups: '' };

const VPC = 'Lightsail';
const SUBNET = 'Lightsail subnet';
const GATEWAY = 'igw-Lightsail';

/** Lightsail's own network, which lets everything through to the firewalls of its instances. Its ranges are nobody's to choose. */
function answerNetwork(projection: Projection): void {
  projection.answer('Vpcs', { VpcId: VPC, CidrBlockAssociationSet: [] });
  projection.answer('Subnets', { SubnetId: SUBNET, VpcId: VPC });
  projection.answer('InternetGateways', {
    InternetGatewayId: GATEWAY,
    Attachments: [{ VpcId: VPC, State: 'available' }],
  });
  projection.answer('RouteTables', {
    RouteTableId: VPC,
    VpcId: VPC,
    Associations: [{ Main: true, AssociationState: { State: 'associated' } }],
    Routes: routesOut(GATEWAY),
  });
  projection.answer('NetworkAcls', {
    NetworkAclId: VPC,
    VpcId: VPC,
    Associations: [{ SubnetId: SUBNET }],
    Entries: openEntries,
  });
  // Whether the account's own control reaches into this network is documented nowhere.
  projection.answer('VpcBlockPublicAccessExclusions', {
    ExclusionId: VPC,
    ResourceArn: `arn:aws:ec2:::vpc/${VPC}`,
    InternetGatewayExclusionMode: 'allow-bidirectional',
    State: untold,
  });
}

/** Blueprints that come with SSH open to everybody, over IPv4 and IPv6 (Lightsail guide, default firewall rules). */
const withSsh =
  /^(almalinux|amazon_?linux|centos|cpanel|debian|django|drupal|freebsd|ghost|gitlab|joomla|lamp|magento|mean|nginx|nodejs|opensuse|plesk|prestashop|redmine|ubuntu|wordpress)/;
const windows = /^windows/;

/** What stands in the firewall of an instance before anybody changes it. */
function defaultRules(projection: Projection, instance: PlanRecord): readonly (ApiRecord | typeof untold)[] {
  const blueprint = projection.leaves.text(projection.value(instance, 'blueprintId'));
  const everybody = { IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
  const web = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...everybody };
  const desktop = { IpProtocol: 'tcp', FromPort: 3389, ToPort: 3389, ...everybody };
  const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...everybody };
  if (typeof blueprint !== 'string') return projection.isAsKnown ? [untold] : [];
  const isKnown = withSsh.test(blueprint) || windows.test(blueprint);
  if (isKnown) projection.assumed.add(`the firewall of ${JSON.stringify(instance.name)} as Lightsail makes it`);
  if (windows.test(blueprint)) return [web, desktop];
  if (withSsh.test(blueprint)) return [web, ssh];
  return projection.isAsKnown ? [untold] : [];
}

/** The addresses of one entry. Where none are given everybody is meant; those of the console's own client are not listed anywhere. */
function addEntry(rules: GroupRules, projection: Projection, ports: PlanRecord, index: number): void {
  const { leaves } = projection;
  const at = `portInfos[${index}]`;
  const entry = below(projection.value(ports, 'portInfos'), index);
  if (entry instanceof Unknown) {
    rules.addUnread(false);
    return;
  }
  rules.add({ record: ports, at, words, egress: false });
  const isGiven = (name: string) => {
    const list = leaves.list(below(entry, name));
    return list === untold || (list !== undefined && list.length > 0);
  };
  const given = ['cidrs', 'ipv6Cidrs', 'cidrListAliases'].map(isGiven);
  const [ipv4, ipv6, aliases] = given;
  if (!given.includes(true)) rules.addAnyone({ record: ports, at, words, egress: false });
  // Who comes over the family that is left out is documented nowhere.
  else if (!ipv4 || !ipv6 || aliases) rules.addSomebody({ record: ports, at, words, egress: false });
}

/** The rules of an instance's firewall: what the program opens closes everything else (Lightsail API, PutInstancePublicPorts). */
function firewallOf(projection: Projection, instance: PlanRecord, groupId: string): GroupRules {
  const rules = new GroupRules(projection, groupId);
  const declared = projection.partsOf(projection.id(instance, 'lightsail'), [
    'lightsail InstancePublicPorts',
    'instanceName',
  ]);
  if (declared.length === 0) rules.ingress.push(...defaultRules(projection, instance));
  // The last of several counts, and nobody knows which that is.
  if (declared.length > 1) rules.addUnread(false);
  for (const ports of declared) {
    const list = projection.leaves.list(projection.value(ports, 'portInfos'));
    if (list === undefined || list === untold) rules.addUnread(false);
    else for (const index of list.keys()) addEntry(rules, projection, ports, index);
  }
  return rules;
}

/** What comes in by the private address passes no firewall (Lightsail guide, firewalls); who has such a way is not known. */
const privately: ApiRecord = {
  IpProtocol: '-1',
  IpRanges: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map((CidrIp) => ({ CidrIp })),
};
/** The addresses of an instance: a public one of each family that it speaks, always. */
function addressesOf(projection: Projection, instance: PlanRecord, index: number): ApiRecord {
  const type = projection.leaves.text(projection.value(instance, 'ipAddressType')) ?? 'dualstack';
  const seen = projection.view.observed(instance, 'publicIpAddress');
  const association = { PublicIp: typeof seen === 'string' ? seen : publicAddress(projection) };
  const PrivateIpAddress = privateAddress(projection, undefined, index);
  return {
    PrivateIpAddresses: [
      {
        PrivateIpAddress,
        Primary: true,
        Association: type === untold ? untold : type === 'ipv6' ? undefined : association,
      },
    ],
    Ipv6Addresses:
      type === untold ? untold : type === 'ipv4' ? [] : [{ Ipv6Address: ipv6Address(projection, undefined) }],
  };
}

function projectInstance(projection: Projection, instance: PlanRecord, index: number): PlannedMachine {
  const instanceId = projection.id(instance, 'lightsail');
  const GroupId = `Lightsail firewall of ${instance.name}`;
  const rules = firewallOf(projection, instance, GroupId);
  projection.answer('SecurityGroups', {
    GroupId,
    GroupName: GroupId,
    VpcId: VPC,
    IpPermissions: [...rules.ingress, privately],
    IpPermissionsEgress: [anyone],
  });
  const face = {
    NetworkInterfaceId: `Lightsail interface of ${instance.name}`,
    SubnetId: SUBNET,
    VpcId: VPC,
    Groups: [{ GroupId }],
    ...addressesOf(projection, instance, index),
  };
  const attachment = { DeviceIndex: 0, Status: 'attached' };
  projection.answer('NetworkInterfaces', {
    ...face,
    InterfaceType: 'interface',
    Attachment: { InstanceId: instanceId, ...attachment },
  });
  projection.answer('Instances', {
    InstanceId: instanceId,
    State: { Name: 'running' },
    SubnetId: SUBNET,
    Tags: tagsOf(instance),
    NetworkInterfaces: [{ ...face, Attachment: attachment }],
  });
  return { urn: instance.urn, kind: 'Lightsail instance', instanceIds: [instanceId], by: [] };
}

/** The type of Lightsail's machines. */
export const lightsailType = 'lightsail Instance';

/** Instances of Lightsail, as instances with a group each in a network of their own. */
export function projectLightsail(projection: Projection): readonly PlannedMachine[] {
  const instances = projection.all(lightsailType);
  if (instances.length > 0) answerNetwork(projection);
  return instances.map((instance, index) => projectInstance(projection, instance, index));
}
