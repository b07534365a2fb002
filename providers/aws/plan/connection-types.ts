import type { Slot } from '../../../src/plan/slot.js';
import { one, type PlanType, part, set } from './plan-type.js';

/** A place for a network that something joins to others: whoever looks at that must look at all of them, and at what stands there. */
const joined = (path: string, kind: string): Slot => ({ path, kind, joins: true, leads: true, peers: true });

const peering: PlanType = {
  kind: 'pcx',
  prefix: 'pcx',
  slots: [joined('vpcId', 'vpc'), joined('peerVpcId', 'vpc')],
};
const attachment: PlanType = {
  kind: 'tgwa',
  prefix: 'tgw-attach',
  slots: [joined('vpcId', 'vpc'), joined('transitGatewayId', 'tgw'), set('subnetIds[]', 'subnet')],
};
const connection: PlanType = {
  kind: 'vpn',
  prefix: 'vpn',
  slots: [part('vpnGatewayId', 'gateway'), part('transitGatewayId', 'tgw')],
};
const connectionRoute: PlanType = { slots: [part('vpnConnectionId', 'vpn')] };
const endpoint: PlanType = { kind: 'vpce', prefix: 'vpce', slots: [one('vpcId', 'vpc')] };
const connectEndpoint: PlanType = {
  kind: 'eice',
  prefix: 'eice',
  slots: [part('subnetId', 'subnet'), set('securityGroupIds[]', 'sg')],
};
const transitTable: PlanType = { kind: 'tgw-rtb', prefix: 'tgw-rtb', slots: [part('transitGatewayId', 'tgw')] };
const transitRoute: PlanType = {
  slots: [part('transitGatewayRouteTableId', 'tgw-rtb'), one('transitGatewayAttachmentId', 'tgwa')],
};
const transitMember: PlanType = {
  slots: [one('transitGatewayRouteTableId', 'tgw-rtb'), part('transitGatewayAttachmentId', 'tgwa')],
};

/** What joins networks, as the bridged provider calls it. */
export const connections: Readonly<Record<string, PlanType>> = {
  VpcPeeringConnection: peering,
  VpcPeeringConnectionAccepter: {
    slots: [part('vpcPeeringConnectionId', 'pcx')],
    follow: { pcx: 'vpcPeeringConnectionId' },
  },
  VpnGateway: { kind: 'gateway', prefix: 'vgw', slots: [part('vpcId', 'vpc')] },
  VpnGatewayAttachment: {
    slots: [part('vpnGatewayId', 'gateway'), part('vpcId', 'vpc')],
    follow: { gateway: 'vpnGatewayId' },
  },
  VpnGatewayRoutePropagation: { slots: [part('routeTableId', 'rtb'), one('vpnGatewayId', 'gateway')] },
  VpnConnection: connection,
  VpnConnectionRoute: connectionRoute,
  VpcEndpoint: endpoint,
};

export const transit: Readonly<Record<string, PlanType>> = {
  TransitGateway: { kind: 'tgw', prefix: 'tgw' },
  VpcAttachment: attachment,
  VpcAttachmentAccepter: { slots: [part('transitGatewayAttachmentId', 'tgwa')] },
  RouteTable: transitTable,
  Route: transitRoute,
  RouteTableAssociation: transitMember,
  RouteTablePropagation: transitMember,
  InstanceConnectEndpoint: connectEndpoint,
};

/** The same of Cloud Control. */
export const nativeConnections: Readonly<Record<string, PlanType>> = {
  VpcPeeringConnection: { ...peering, idIn: ['awsId'] },
  VpnGateway: { kind: 'gateway', prefix: 'vgw', idIn: ['vpnGatewayId'] },
  VpnConnection: { ...connection, idIn: ['vpnConnectionId'] },
  VpnConnectionRoute: connectionRoute,
  VpcEndpoint: { ...endpoint, idIn: ['awsId'] },
  InstanceConnectEndpoint: { ...connectEndpoint, idIn: ['awsId'] },
  TransitGateway: { kind: 'tgw', prefix: 'tgw', idIn: ['awsId'] },
  TransitGatewayAttachment: { ...attachment, idIn: ['awsId'] },
  TransitGatewayVpcAttachment: { ...attachment, idIn: ['awsId'] },
  TransitGatewayRouteTable: { ...transitTable, idIn: ['transitGatewayRouteTableId'] },
  TransitGatewayRoute: transitRoute,
  TransitGatewayRouteTableAssociation: transitMember,
  TransitGatewayRouteTablePropagation: transitMember,
};

/** Lightsail's machines are called by their names. */
export const lightsail: Readonly<Record<string, PlanType>> = {
  Instance: { kind: 'lightsail', prefix: 'lightsail' },
  InstancePublicPorts: { slots: [part('instanceName', 'lightsail')] },
  StaticIp: {},
  StaticIpAttachment: { slots: [part('instanceName', 'lightsail')] },
};
