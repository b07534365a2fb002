import type { EgressOnlyInternetGateway, NatGateway, VpcEndpoint, VpcEndpointType } from '@aws-sdk/client-ec2';
import type { Fixture } from './fixture.js';
import type { Printed } from './printed.js';
import { ACCOUNT, REGION } from './records.js';

/**
 * i-fw, an appliance that forwards: eni-fw 10.0.3.10 in subnet-fw 10.0.3.0/24 (zone a), whose table rtb-fw leads to igw-1.
 * Everything passes its group.
 */
export function appliance(f: Fixture, publicIp?: string): Fixture {
  f.addSubnet('subnet-fw', { vpc: 'vpc-1', prefix: '10.0.3.0/24', zone: 'a' });
  f.acl('acl-def').on('subnet-fw');
  f.table('rtb-fw').on('subnet-fw').routes('0.0.0.0/0 igw-1');
  f.sg('sg-fw').inbound('all 0.0.0.0/0').egress('all 0.0.0.0/0');
  const address = publicIp === undefined ? {} : { public: publicIp };
  f.addInstance({ id: 'i-fw', eni: 'eni-fw', subnet: 'subnet-fw', ip: '10.0.3.10', groups: ['sg-fw'], ...address });
  return f.edit('NetworkInterfaces', 'eni-fw', { SourceDestCheck: false });
}

/** A Gateway Load Balancer endpoint in subnet-b, as Network Firewall creates it too; what it does with a packet is not recorded. */
export function firewallEndpoint(f: Fixture, id: string): Fixture {
  const eni = `eni-${id}`;
  f.addInterface({ id: eni, subnet: 'subnet-b', ip: '10.0.2.60' });
  f.edit('NetworkInterfaces', eni, { InterfaceType: 'gateway_load_balancer_endpoint', RequesterManaged: true });
  const placed = { SubnetIds: ['subnet-b'], NetworkInterfaceIds: [eni], RouteTableIds: [] };
  return f.add('VpcEndpoints', {
    ...endpoint(id, 'GatewayLoadBalancer', `com.amazonaws.vpce.${REGION}.vpce-svc-1`),
    ...placed,
  });
}

/** An S3 gateway endpoint: a route target, never an interface. */
export function s3Endpoint(f: Fixture, id: string, table: string): Fixture {
  const placed = { SubnetIds: [], NetworkInterfaceIds: [], RouteTableIds: [table] };
  return f.add('VpcEndpoints', { ...endpoint(id, 'Gateway', `com.amazonaws.${REGION}.s3`), ...placed });
}

/** The CLI prints the state in lower case, unlike the SDK's declared type. */
type PrintedEndpoint = Omit<Printed<VpcEndpoint>, 'State'> & { readonly State: 'available' };

function endpoint(id: string, type: VpcEndpointType, service: string) {
  return {
    VpcEndpointId: id,
    VpcEndpointType: type,
    VpcId: 'vpc-1',
    ServiceName: service,
    State: 'available',
    Groups: [],
    PrivateDnsEnabled: false,
    RequesterManaged: false,
    DnsEntries: [],
    CreationTimestamp: '2026-01-05T08:00:00+00:00',
    OwnerId: ACCOUNT,
    Tags: [],
  } satisfies PrintedEndpoint;
}

/** A public NAT gateway nat-1 in subnet-b with its interface and its elastic address. */
export function natGateway(f: Fixture): Fixture {
  f.addInterface({ id: 'eni-nat', subnet: 'subnet-b', ip: '10.0.2.50', public: '198.51.100.50' });
  f.edit('NetworkInterfaces', 'eni-nat', {
    InterfaceType: 'nat_gateway',
    RequesterManaged: true,
    Description: 'Interface for NAT Gateway nat-1',
    SourceDestCheck: false,
  });
  return f.add('NatGateways', {
    NatGatewayId: 'nat-1',
    VpcId: 'vpc-1',
    SubnetId: 'subnet-b',
    State: 'available',
    ConnectivityType: 'public',
    NatGatewayAddresses: [
      {
        AllocationId: 'eipalloc-50',
        AssociationId: 'eipassoc-50',
        NetworkInterfaceId: 'eni-nat',
        PrivateIp: '10.0.2.50',
        PublicIp: '198.51.100.50',
        IsPrimary: true,
        Status: 'succeeded',
      },
    ],
    CreateTime: '2026-01-05T08:00:00+00:00',
    Tags: [],
  } satisfies Printed<NatGateway>);
}

export function egressOnlyGateway(f: Fixture): Fixture {
  return f.add('EgressOnlyInternetGateways', {
    EgressOnlyInternetGatewayId: 'eigw-1',
    Attachments: [{ State: 'attached', VpcId: 'vpc-1' }],
    Tags: [],
  } satisfies Printed<EgressOnlyInternetGateway>);
}
