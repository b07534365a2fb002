import type { ApiRecord, Projection } from './project.js';

/** The routes to the internet of a table that nobody shows. */
export function routesOut(GatewayId: string): readonly ApiRecord[] {
  return ['0.0.0.0/0', '::/0'].map((destination) => ({
    [destination.includes(':') ? 'DestinationIpv6CidrBlock' : 'DestinationCidrBlock']: destination,
    GatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  }));
}

/** The gateway that a network has of which nobody shows one. */
export function unseenGateway(vpcId: string): string {
  return `igw-?unseen ${vpcId}`;
}

/** Answers an internet gateway of a network that nobody shows, and gives the routes that lead there. */
export function answerWayOut(projection: Projection, vpcId: string): readonly ApiRecord[] {
  const InternetGatewayId = unseenGateway(vpcId);
  projection.answer('InternetGateways', { InternetGatewayId, Attachments: [{ VpcId: vpcId, State: 'available' }] });
  return routesOut(InternetGatewayId);
}
