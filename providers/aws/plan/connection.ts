import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PartSlot } from '../../../src/plan/projection.js';
import { untold } from '../../../src/record/index.js';
import { planTypeOf } from './identity.js';
import { type ApiRecord, nameOf, type Projection } from './project.js';

/**
 * The status of a peering: it carries packets once the other side has accepted (VPC peering guide). Who does so outside of the program
 * is not known, unless both networks are the program's.
 */
function statusOf(projection: Projection, peering: PlanRecord): ApiRecord | typeof untold {
  const { leaves, view } = projection;
  const accepters = projection.partsOf(projection.id(peering, 'pcx'), [
    'VpcPeeringConnectionAccepter',
    'vpcPeeringConnectionId',
  ]);
  const accepts = [peering, ...accepters].map((one) => leaves.flag(projection.value(one, 'autoAccept')));
  if (accepts.includes(true)) return { Code: 'active' };
  const seen = view.observed(peering, 'acceptStatus');
  if (typeof seen === 'string') return { Code: seen };
  const ends = ['vpcId', 'peerVpcId'].map((path) => projection.ref(peering, path));
  const isOwn = ends.every((id) => typeof id === 'string' && projection.describers(id).length > 0);
  // Cloud Control accepts within one account by itself (CloudFormation, AWS::EC2::VPCPeeringConnection).
  const isNative = peering.token?.pkg === 'aws-native';
  if (!isOwn || accepts.includes(untold)) return untold;
  return { Code: isNative ? 'active' : 'pending-acceptance' };
}

function projectPeerings(projection: Projection): void {
  const { leaves } = projection;
  for (const peering of projection.all('VpcPeeringConnection', 'native VpcPeeringConnection')) {
    const far = leaves.text(projection.value(peering, 'peerRegion'));
    const near = leaves.text(projection.value(peering, 'region'));
    projection.answer('VpcPeeringConnections', {
      VpcPeeringConnectionId: projection.id(peering, 'pcx'),
      Status: statusOf(projection, peering),
      RequesterVpcInfo: {
        VpcId: projection.ref(peering, 'vpcId') ?? untold,
        ...(far !== undefined && { Region: near ?? 'its own' }),
      },
      AccepterVpcInfo: {
        VpcId: projection.ref(peering, 'peerVpcId') ?? untold,
        ...(far !== undefined && { Region: far }),
      },
    });
  }
}

/** The networks to which a virtual private gateway is attached, by itself or by a resource of its own. */
function attachedTo(projection: Projection, gateway: PlanRecord): readonly ApiRecord[] | typeof untold {
  const id = projection.id(gateway, 'gateway');
  const attachments = projection.partsOf(
    id,
    ['VpnGatewayAttachment', 'vpnGatewayId'],
    ['native VpcGatewayAttachment', 'vpnGatewayId'],
  );
  const all = [gateway, ...attachments].map((one) => projection.ref(one, 'vpcId')).filter((one) => one !== undefined);
  return all.includes(untold) ? untold : [...new Set(all)].map((VpcId) => ({ VpcId, State: 'attached' }));
}

/** Virtual private gateways and their connections. Whether a tunnel will be up nobody knows before: it has no telemetry. */
function projectVpn(projection: Projection): void {
  const { leaves } = projection;
  for (const gateway of projection.all('VpnGateway', 'native VpnGateway'))
    projection.answer('VpnGateways', {
      VpnGatewayId: projection.id(gateway, 'gateway'),
      State: 'available',
      VpcAttachments: attachedTo(projection, gateway),
    });
  for (const one of projection.all('VpnConnection', 'native VpnConnection')) {
    const id = projection.id(one, 'vpn');
    const routes = projection.partsOf(
      id,
      ['VpnConnectionRoute', 'vpnConnectionId'],
      ['native VpnConnectionRoute', 'vpnConnectionId'],
    );
    projection.answer('VpnConnections', {
      VpnConnectionId: id,
      State: 'available',
      VpnGatewayId: projection.ref(one, 'vpnGatewayId'),
      TransitGatewayId: projection.ref(one, 'transitGatewayId'),
      Options: { StaticRoutesOnly: leaves.flag(projection.value(one, 'staticRoutesOnly')) ?? false },
      Routes: routes.map((route) => ({
        DestinationCidrBlock: leaves.text(projection.value(route, 'destinationCidrBlock')) ?? untold,
      })),
    });
  }
}

/** What a transit gateway does with packets is in tables that are not followed: its attachments are there, and may carry anything. */
function projectTransit(projection: Projection): void {
  const { leaves } = projection;
  for (const gateway of projection.all('transit TransitGateway', 'native TransitGateway'))
    projection.answer('TransitGateways', {
      TransitGatewayId: projection.id(gateway, 'tgw'),
      State: 'available',
      Options: {
        SecurityGroupReferencingSupport:
          leaves.text(projection.value(gateway, 'securityGroupReferencingSupport')) ?? 'disable',
      },
    });
  for (const one of projection.all(
    'transit VpcAttachment',
    'native TransitGatewayAttachment',
    'native TransitGatewayVpcAttachment',
  )) {
    const subnets = projection.view.refs(one, 'subnetIds');
    const TransitGatewayAttachmentId = projection.id(one, 'tgwa');
    const TransitGatewayId = projection.ref(one, 'transitGatewayId') ?? untold;
    const VpcId = projection.ref(one, 'vpcId') ?? untold;
    projection.answer('TransitGatewayVpcAttachments', {
      TransitGatewayAttachmentId,
      TransitGatewayId,
      VpcId,
      State: untold,
      SubnetIds: subnets.isOpen ? untold : subnets.ids,
    });
    projection.answer('TransitGatewayAttachments', {
      TransitGatewayAttachmentId,
      TransitGatewayId,
      ResourceType: 'vpc',
      ResourceId: VpcId,
      State: untold,
      Association: untold,
    });
  }
}

/** Whether a resource says something of transit gateways: of what they join, or of their tables. */
function isOfTransit(record: PlanRecord): boolean {
  return (
    planTypeOf(record) !== undefined && /^(?:transit (?!InstanceConnect)|native TransitGateway)/.test(nameOf(record))
  );
}

/** Where the program changes anything about transit gateways, nobody knows what recorded tables will hold. */
function doubtRecordedTables(projection: Projection): void {
  const { former } = projection.view.links;
  if (!projection.base || ![...projection.records, ...former].some(isOfTransit)) return;
  for (const TransitGatewayRouteTableId of projection.base.all('transitTables').keys())
    projection.documents.push(
      { TransitGatewayRouteTableId, Routes: untold },
      { TransitGatewayRouteTableId, Associations: untold },
    );
}

function projectEndpoints(projection: Projection): void {
  for (const endpoint of projection.all('VpcEndpoint', 'native VpcEndpoint'))
    projection.answer('VpcEndpoints', {
      VpcEndpointId: projection.id(endpoint, 'vpce'),
      VpcEndpointType: projection.leaves.text(projection.value(endpoint, 'vpcEndpointType')) ?? 'Gateway',
      VpcId: projection.ref(endpoint, 'vpcId'),
      State: 'available',
    });
}

/** What joins the networks of the program to others. */
export function projectConnections(projection: Projection): void {
  projectPeerings(projection);
  projectVpn(projection);
  projectTransit(projection);
  doubtRecordedTables(projection);
  projectEndpoints(projection);
}

const propagationSlot: PartSlot = ['VpnGatewayRoutePropagation', 'routeTableId'];
const gatewaysOf = (projection: Projection, parts: readonly PlanRecord[]) =>
  parts.map((one) => projection.ref(one, 'vpnGatewayId') ?? untold);

/** The gateways of which a table learns no more what it learned. */
export function unlearnedGateways(projection: Projection, id: string): readonly (string | typeof untold)[] {
  return gatewaysOf(projection, projection.formerPartsOf(id, propagationSlot));
}

/**
 * The routes that a table learns from gateways besides those that were recorded. What their sites announce is known to nobody before;
 * as declared, nothing.
 */
export function learnedRoutes(projection: Projection, id: string, table: PlanRecord | undefined): readonly ApiRecord[] {
  if (!projection.isAsKnown) return [];
  const listed = table && projection.view.refs(table, 'propagatingVgws');
  const named = gatewaysOf(projection, projection.partsOf(id, propagationSlot));
  const recorded = projection.base?.get('tables', id)?.PropagatingVgws ?? [];
  const known: ReadonlySet<unknown> = new Set(recorded.map(({ GatewayId }) => GatewayId));
  const gateways = [...(listed?.ids ?? []), ...(listed?.isOpen ? [untold] : []), ...named];
  return gateways
    .filter((gateway) => !known.has(gateway))
    .map((GatewayId) => ({
      DestinationCidrBlock: untold,
      GatewayId,
      Origin: 'EnableVgwRoutePropagation',
      State: 'active',
    }));
}
