import type { ApiRecord, Projection } from './project.js';

/** Answers an internet gateway of a network that nobody shows, and gives the routes that lead there. */
export function answerWayOut(projection: Projection, vpcId: string): readonly ApiRecord[] {
  const GatewayId = `igw-?unseen ${vpcId}`;
  projection.answer('InternetGateways', {
    InternetGatewayId: GatewayId,
    Attachments: [{ VpcId: vpcId, State: 'available' }],
  });
  return ['0.0.0.0/0', '::/0'].map((destination) => ({
    [destination.includes(':') ? 'DestinationIpv6CidrBlock' : 'DestinationCidrBlock']: destination,
    GatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  }));
}
