import type { Ec2InstanceConnectEndpoint } from '@aws-sdk/client-ec2';
import type { InstanceInformation } from '@aws-sdk/client-ssm';
import type { Fixture } from './fixture.js';
import type { Printed } from './printed.js';
import { ACCOUNT, REGION, zoneId } from './records.js';

export interface ConnectEndpointSpec {
  readonly state?: NonNullable<Ec2InstanceConnectEndpoint['State']>;
  readonly preserveClientIp?: boolean;
}

/** eice-1 in subnet-b with eni-eice 10.0.2.40 and group sg-eice, which may reach port 22 of the VPC. */
export function connectEndpoint(f: Fixture, of: ConnectEndpointSpec = {}): Fixture {
  f.sg('sg-eice').egress('tcp 22 10.0.0.0/16');
  f.addInterface({ id: 'eni-eice', subnet: 'subnet-b', ip: '10.0.2.40', groups: ['sg-eice'] });
  f.edit('NetworkInterfaces', 'eni-eice', {
    InterfaceType: 'ec2_instance_connect_endpoint',
    Description: 'EC2 Instance Connect Endpoint interface for eice-1',
    RequesterManaged: true,
    Status: 'in-use',
  });
  return f.add('InstanceConnectEndpoints', {
    InstanceConnectEndpointId: 'eice-1',
    InstanceConnectEndpointArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:instance-connect-endpoint/eice-1`,
    OwnerId: ACCOUNT,
    State: of.state ?? 'create-complete',
    StateMessage: '',
    DnsName: `eice-1.1a2b3c4d.ec2-instance-connect-endpoint.${REGION}.amazonaws.com`,
    NetworkInterfaceIds: ['eni-eice'],
    VpcId: 'vpc-1',
    SubnetId: 'subnet-b',
    AvailabilityZone: `${REGION}b`,
    AvailabilityZoneId: zoneId('b'),
    PreserveClientIp: of.preserveClientIp ?? false,
    SecurityGroupIds: ['sg-eice'],
    IpAddressType: 'ipv4',
    CreatedAt: '2026-01-05T08:00:00+00:00',
    Tags: [],
  } satisfies Printed<Ec2InstanceConnectEndpoint>);
}

/** i-1 as Systems Manager sees it. */
export function managedInstance(status: NonNullable<InstanceInformation['PingStatus']>) {
  return {
    InstanceId: 'i-1',
    PingStatus: status,
    LastPingDateTime: '2026-01-05T08:05:00+00:00',
    AgentVersion: '3.3.3050.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: 'Amazon Linux',
    PlatformVersion: '2023',
    ResourceType: 'EC2Instance',
    IPAddress: '10.0.1.10',
    ComputerName: 'ip-10-0-1-10.eu-west-1.compute.internal',
    SourceId: 'i-1',
    SourceType: 'AWS::EC2::Instance',
  } satisfies Printed<InstanceInformation>;
}
