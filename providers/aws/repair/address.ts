import type { Stop } from '../../../src/provider.js';
import { formatAddress, parsePrefix } from '../../../src/set/index.js';
import { rangesOfRecord } from '../ranges.js';
import { awsCommand, quoted } from './command.js';
import type { Recipe, Repair } from './recipe.js';
import { withRoutesRevived } from './records.js';

/** Stands for the public address that is not allocated yet; nothing that decides depends on its value. */
const futureAddress = '192.0.2.1';

function interfaceOf({ network, target, path }: Repair) {
  const enis = network.interfacesOf(target.instance);
  return enis.find(({ id }) => id === path.interface?.id) ?? enis[0];
}

/** An asked address stays of its family: no change to the interface lets clients of the other one dial it. */
function isOtherFamily({ reason }: Stop): boolean {
  return reason.data.asked !== undefined;
}

/** Associates a public address with the interface: a spare one, or one that has to be allocated first. */
export const publicAddressChange: Recipe = (repair, stop) => {
  if (isOtherFamily(stop)) return undefined;
  const { network, target } = repair;
  const { spare, interface: named } = stop.reason.data;
  const eni = network.interfaces().get(named ?? '') ?? interfaceOf(repair);
  const record = network.inventory.get('interfaces', eni?.id);
  const first = record?.PrivateIpAddresses?.find((address) => address.Primary) ?? record?.PrivateIpAddresses?.[0];
  if (!eni || !record?.PrivateIpAddresses || !first) return undefined;
  const elastic = spare === undefined ? undefined : network.inventory.get('addresses', spare);
  const PublicIp = elastic?.PublicIp ?? futureAddress;
  const changed = record.PrivateIpAddresses.map((address) =>
    address === first ? { ...address, Association: { PublicIp } } : address,
  );
  const { region } = target.instance;
  const associate = awsCommand(region, 'ec2 associate-address', {
    'allocation-id': spare ?? 'ALLOCATION_ID',
    'network-interface-id': eni.id,
    'private-ip-address': first.PrivateIpAddress,
  });
  const allocate = awsCommand(region, 'ec2 allocate-address', { domain: 'vpc', query: 'AllocationId', output: 'text' });
  const command = spare === undefined ? associate.replace('ALLOCATION_ID', `"$(${allocate})"`) : associate;
  return {
    removes: stop.reason.code,
    command,
    pulumi: `new aws.ec2.Eip("ip", { domain: "vpc", networkInterface: ${quoted(eni.id)}, associateWithPrivateIp: ${quoted(first.PrivateIpAddress)} });`,
    after: repair.lower(
      network.inventory.with('interfaces', eni.id, {
        ...record,
        PrivateIpAddresses: changed,
      }),
    ),
    note:
      eni.instanceId === target.instance.InstanceId
        ? 'if no public address is wanted, use Session Manager or an Instance Connect Endpoint instead'
        : `what ${eni.id} lets through is not in the evidence`,
  };
};

/** Assigns an IPv6 address out of the subnet's range. */
export const ipv6Change: Recipe = (repair, stop) => {
  if (isOtherFamily(stop)) return undefined;
  const { network, target } = repair;
  const eni = interfaceOf(repair);
  const record = network.inventory.get('interfaces', eni?.id);
  const subnet = network.inventory.get('subnets', eni?.subnetId);
  const range =
    subnet &&
    rangesOfRecord(subnet)
      .map((text) => parsePrefix(text))
      .find((prefix) => prefix?.network.family === 6);
  if (!eni || !record || range?.network.family !== 6) return undefined;
  const Ipv6Address = formatAddress({ family: 6, value: range.network.value + 0xffffn });
  return {
    removes: stop.reason.code,
    command: awsCommand(target.instance.region, 'ec2 assign-ipv6-addresses', {
      'network-interface-id': eni.id,
      'ipv6-address-count': '1',
    }),
    pulumi: 'ipv6AddressCount: 1  // on aws.ec2.Instance or aws.ec2.NetworkInterface',
    after: repair.lower(
      network.inventory.with('interfaces', eni.id, {
        ...record,
        Ipv6Addresses: [...(record.Ipv6Addresses ?? []), { Ipv6Address }],
      }),
    ),
  };
};

/** Attaches the gateway that is there but not attached. */
export const attachGatewayChange: Recipe = (repair, stop) => {
  const { network, target } = repair;
  const { gateway: id } = stop.reason.data;
  const vpcId = interfaceOf(repair)?.vpcId;
  const record = network.inventory.get('gateways', id);
  if (!record || id === undefined || vpcId === undefined) return undefined;
  const changed = { ...record, Attachments: [{ VpcId: vpcId, State: 'available' }] };
  const elsewhere = (record.Attachments ?? []).some((attachment) => attachment.VpcId !== vpcId);
  return {
    removes: stop.reason.code,
    command: awsCommand(target.instance.region, 'ec2 attach-internet-gateway', {
      'internet-gateway-id': id,
      'vpc-id': vpcId,
    }),
    pulumi: `new aws.ec2.InternetGatewayAttachment("igw", { internetGatewayId: ${quoted(id)}, vpcId: ${quoted(vpcId)} });`,
    after: repair.lower(withRoutesRevived(network.inventory.with('gateways', id, changed), vpcId, id)),
    ...(elsewhere && { note: `${id} is attached to another VPC and must be detached there first` }),
  };
};

/** Advertises a range that was brought to AWS, once it is provisioned. */
export const advertisingChange: Recipe = (repair, stop) => {
  const { inventory } = repair.network;
  const { cidr } = stop.reason.data;
  const record = inventory.get('byoipCidrs', cidr);
  if (cidr === undefined || record?.State !== 'provisioned') return undefined;
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'ec2 advertise-byoip-cidr', { cidr }),
    pulumi: '// no resource of aws.ec2 advertises a range: run the command',
    after: repair.lower(inventory.with('byoipCidrs', cidr, { ...record, State: 'advertised' })),
    note: `it announces all of ${cidr} to the internet: stop announcing it elsewhere first`,
  };
};
