import { untold } from '../../../src/record/index.js';
import type { Face } from './face.js';
import type { ApiRecord, Projection } from './project.js';

/**
 * The EC2 Instance Connect Endpoints of the program. Guides disagree on whether one keeps the client's address where nobody says; it has
 * the default group where none is named (EC2 API, CreateInstanceConnectEndpoint).
 */
export function projectConnectEndpoints(projection: Projection): void {
  const { leaves, view } = projection;
  for (const endpoint of projection.all('transit InstanceConnectEndpoint', 'native InstanceConnectEndpoint')) {
    const SubnetId = projection.ref(endpoint, 'subnetId') ?? untold;
    const VpcId = projection.answers.get('Subnets')?.find((subnet) => subnet.SubnetId === SubnetId)?.VpcId ?? untold;
    const groups = view.refs(endpoint, 'securityGroupIds');
    const vpc = typeof VpcId === 'string' ? projection.describers(VpcId)[0] : undefined;
    const byDefault = vpc && view.links.idOf(vpc, 'sg');
    const named = groups.ids.length > 0 || byDefault === undefined ? groups.ids : [byDefault];
    projection.answer('InstanceConnectEndpoints', {
      InstanceConnectEndpointId: projection.id(endpoint, 'eice'),
      State: 'create-complete',
      VpcId,
      SubnetId,
      SecurityGroupIds: groups.isOpen ? untold : named,
      PreserveClientIp: leaves.flag(projection.value(endpoint, 'preserveClientIp')) ?? untold,
      IpAddressType: leaves.text(projection.value(endpoint, 'ipAddressType')) ?? 'ipv4',
    });
  }
}

function hasPublicAddress(projection: Projection, { id }: Face): boolean {
  const answered = projection.answers.get('NetworkInterfaces')?.find((one) => one.NetworkInterfaceId === id);
  const addresses = answered?.PrivateIpAddresses;
  return Array.isArray(addresses) && (addresses as readonly ApiRecord[]).some((one) => one.Association !== undefined);
}

/** What people should know of a machine without a public address in whose network an endpoint of the program stands. */
export function endpointNotes(projection: Projection, faces: readonly Face[]): readonly string[] {
  const endpoints = projection.all('transit InstanceConnectEndpoint', 'native InstanceConnectEndpoint');
  if (endpoints.length === 0 || faces.some((face) => hasPublicAddress(projection, face))) return [];
  const subnets = projection.answers.get('Subnets') ?? [];
  const vpcOf = (id: unknown) => subnets.find(({ SubnetId }) => SubnetId === id)?.VpcId;
  const vpcs = new Set<unknown>(faces.map(({ subnetId }) => vpcOf(subnetId)).filter((id) => typeof id === 'string'));
  return endpoints
    .filter((endpoint) => vpcs.has(vpcOf(projection.ref(endpoint, 'subnetId'))))
    .map(
      ({ name }) =>
        `the EC2 Instance Connect Endpoint ${JSON.stringify(name)} stands in its network: whoever may use that comes from inside, as far as the security groups of both let it`,
    );
}
