import type { Inventory, Placed } from '../inventory.js';
import { Network } from '../network.js';
import type { Subnet } from '../records/records.js';
import { associationOf, attachmentById, type TransitAttachment } from '../transit-gateway/attachment.js';
import { awsCommand, quoted } from './command.js';
import { awaitsAcceptance, endsOf } from './place.js';
import type { Recipe, Repair } from './recipe.js';
import { withAssociation, withPropagation, withState } from './records.js';
import { aimOf, leadsThere, ownerNote } from './transit-route.js';

/** References over a transit gateway need its option, and those of both attachments, which are on unless somebody turned them off. */
export const transitReferenceChange: Recipe = (repair, stop) => {
  const { inventory } = repair.network;
  const { clients, target } = endsOf(repair);
  const gateway = inventory.get('transitGateways', target?.gatewayId);
  if (!gateway) return undefined;
  const enabled = { SecurityGroupReferencingSupport: 'enable' };
  const change = (noun: string, type: string, id: string, after: Inventory) => ({
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, `ec2 modify-transit-gateway${noun}`, {
      [noun === '' ? 'transit-gateway-id' : 'transit-gateway-attachment-id']: id,
      options: 'SecurityGroupReferencingSupport=enable',
    }),
    pulumi: `securityGroupReferencingSupport: "enable"  // on aws.ec2transitgateway.${type}`,
    after: repair.lower(after),
  });
  if (gateway.Options?.SecurityGroupReferencingSupport !== 'enable') {
    const { TransitGatewayId: id } = gateway;
    const changed = { ...gateway, Options: { ...gateway.Options, ...enabled } };
    return change('', 'TransitGateway', id, inventory.with('transitGateways', id, changed));
  }
  const off = [target, clients].find((end) => end?.options.SecurityGroupReferencingSupport === 'disable');
  const record = inventory.get('transitVpcAttachments', off?.id);
  if (!record) return undefined;
  const { TransitGatewayAttachmentId: id } = record;
  const changed = { ...record, Options: { ...record.Options, ...enabled } };
  return change('-vpc-attachment', 'VpcAttachment', id, inventory.with('transitVpcAttachments', id, changed));
};

/** What the gateway does by itself with an attachment that it takes: its default tables route it, where it has them. */
function withDefaults(inventory: Inventory, attachment: TransitAttachment): Inventory {
  const options = inventory.get('transitGateways', attachment.gatewayId)?.Options;
  const { AssociationDefaultRouteTableId: routing, PropagationDefaultRouteTableId: learning } = options ?? {};
  let changed = inventory;
  const unrouted = 'none' in associationOf(new Network(inventory), attachment);
  if (options?.DefaultRouteTableAssociation === 'enable' && routing !== undefined && unrouted)
    changed = withAssociation(changed, routing, attachment);
  if (options?.DefaultRouteTablePropagation === 'enable' && learning !== undefined)
    changed = withPropagation(changed, learning, attachment);
  return changed;
}

/** Accepts an attachment that waits for it; any other state passes by itself, or the attachment is gone. */
export const acceptanceChange: Recipe = (repair, stop) => {
  const { network } = repair;
  const attachment = attachmentById(network, stop.reason.data.attachment ?? '');
  if (attachment?.state !== 'pendingAcceptance' || attachment.type !== 'vpc') return undefined;
  const { id } = attachment;
  const note = ownerNote(network, attachment.gatewayId, repair.target.instance.account);
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'ec2 accept-transit-gateway-vpc-attachment', {
      'transit-gateway-attachment-id': id,
    }),
    pulumi: `new aws.ec2transitgateway.VpcAttachmentAccepter("accept", { transitGatewayAttachmentId: ${quoted(id)} });`,
    after: repair.lower(withDefaults(withState(network.inventory, attachment, 'available'), attachment)),
    ...(note.length > 0 && { note: note.join('; ') }),
  };
};

const passing: ReadonlySet<string | undefined> = new Set(['associating', 'disassociating']);

/** The table to route an attachment by: one that leads where the packets have to go, else the gateway's default. */
function tableFor(repair: Repair, stop: Parameters<Recipe>[1], attachment: TransitAttachment): string | undefined {
  const { network } = repair;
  const aim = aimOf(repair, stop);
  const tables = [...network.inventory.all('transitTables')]
    .filter(([, table]) => table.TransitGatewayId === attachment.gatewayId)
    .map(([id]) => id);
  const preset = network.inventory.get('transitGateways', attachment.gatewayId)?.Options
    ?.AssociationDefaultRouteTableId;
  const leading = aim && tables.find((id) => leadsThere(network, id, aim));
  return leading ?? tables.find((id) => id === preset) ?? tables[0];
}

/** Associates an attachment with a route table. */
export const associationChange: Recipe = (repair, stop) => {
  const { network } = repair;
  const attachment = attachmentById(network, stop.reason.data.attachment ?? '');
  if (!attachment || passing.has(stop.reason.data.state) || awaitsAcceptance(repair)) return undefined;
  const table = tableFor(repair, stop, attachment);
  if (table === undefined) return undefined;
  const note = ownerNote(network, attachment.gatewayId, repair.target.instance.account);
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'ec2 associate-transit-gateway-route-table', {
      'transit-gateway-route-table-id': table,
      'transit-gateway-attachment-id': attachment.id,
    }),
    pulumi: `new aws.ec2transitgateway.RouteTableAssociation("ssh", { transitGatewayAttachmentId: ${quoted(attachment.id)}, transitGatewayRouteTableId: ${quoted(table)} });`,
    after: repair.lower(withAssociation(network.inventory, table, attachment)),
    ...(note.length > 0 && { note: note.join('; ') }),
  };
};

/** A subnet of the zone for the attachment: best one with nothing else in it, as the transit gateway guide advises. */
function subnetIn(network: Network, vpcId: string, zone: string): Placed<Subnet> | undefined {
  const occupied = new Map<string, number>();
  for (const { subnetId = '' } of network.interfacesIn(vpcId))
    occupied.set(subnetId, (occupied.get(subnetId) ?? 0) + 1);
  const used = ({ SubnetId }: Subnet) => occupied.get(SubnetId) ?? 0;
  const there = network.subnetsOf(vpcId).filter(({ AvailabilityZone }) => AvailabilityZone === zone);
  return there.sort((a, b) => used(a) - used(b))[0];
}

/** Puts the attachment into the zone, where the VPC has a subnet there. */
export const zoneChange: Recipe = (repair, stop) => {
  const { network } = repair;
  const { attachment: id, zone } = stop.reason.data;
  const record = network.inventory.get('transitVpcAttachments', id);
  if (!record?.SubnetIds || id === undefined || zone === undefined || record.VpcId === undefined) return undefined;
  const subnet = subnetIn(network, record.VpcId, zone);
  if (!subnet) return undefined;
  const SubnetIds = [...record.SubnetIds, subnet.SubnetId];
  const shared = network.interfacesIn(record.VpcId).some(({ subnetId }) => subnetId === subnet.SubnetId);
  return {
    removes: stop.reason.code,
    command: awsCommand(repair.target.instance.region, 'ec2 modify-transit-gateway-vpc-attachment', {
      'transit-gateway-attachment-id': id,
      'add-subnet-ids': subnet.SubnetId,
    }),
    pulumi: `subnetIds: [${SubnetIds.map(quoted).join(', ')}]  // on aws.ec2transitgateway.VpcAttachment`,
    after: repair.lower(network.inventory.with('transitVpcAttachments', id, { ...record, SubnetIds })),
    ...(shared && { note: `${subnet.SubnetId} has other interfaces; a subnet of its own for ${id} is cleaner` }),
  };
};
