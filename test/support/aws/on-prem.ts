import type { VirtualInterface } from '@aws-sdk/client-direct-connect';
import type { VpnConnection, VpnGateway } from '@aws-sdk/client-ec2';
import type { Fixture } from './fixture.js';
import type { Printed } from './printed.js';
import { ACCOUNT, REGION } from './records.js';

/** A Site-to-Site VPN; without `routes` the sites announce theirs by BGP. */
export interface VpnSpec {
  /** The VPC that vgw-1 is attached to; vpc-1 unless said. */
  readonly vpc?: string;
  /** The static routes of a connection that has only static ones. */
  readonly routes?: readonly string[];
  /** How many prefixes the sites announce over each tunnel. */
  readonly accepted?: number;
  readonly tunnels?: 'UP' | 'DOWN';
}

/** vgw-1, attached. */
export function vpnGateway(f: Fixture, vpc = 'vpc-1'): Fixture {
  return f.add('VpnGateways', {
    VpnGatewayId: 'vgw-1',
    State: 'available',
    Type: 'ipsec.1',
    AmazonSideAsn: 64512,
    VpcAttachments: [{ State: 'attached', VpcId: vpc }],
    Tags: [],
  } satisfies Printed<VpnGateway>);
}

/** vgw-1, attached, and vpn-1 with its two tunnels. Routes of the VPC to vgw-1 are the row's. */
export function vpn(f: Fixture, of: VpnSpec = {}): Fixture {
  const tunnel = {
    Status: of.tunnels ?? 'UP',
    StatusMessage: of.tunnels === 'DOWN' ? 'IPSEC IS DOWN' : '',
    AcceptedRouteCount: of.routes?.length ?? of.accepted ?? 1,
    LastStatusChange: '2026-01-05T08:00:00+00:00',
  };
  return vpnGateway(f, of.vpc).add('VpnConnections', {
    VpnConnectionId: 'vpn-1',
    VpnGatewayId: 'vgw-1',
    CustomerGatewayId: 'cgw-1',
    Category: 'VPN',
    State: 'available',
    Type: 'ipsec.1',
    GatewayAssociationState: 'associated',
    Options: {
      EnableAcceleration: false,
      StaticRoutesOnly: of.routes !== undefined,
      LocalIpv4NetworkCidr: '0.0.0.0/0',
      RemoteIpv4NetworkCidr: '0.0.0.0/0',
      TunnelInsideIpVersion: 'ipv4',
    },
    Routes: (of.routes ?? []).map((prefix) => ({
      DestinationCidrBlock: prefix,
      Source: 'Static' as const,
      State: 'available' as const,
    })),
    VgwTelemetry: ['192.0.2.101', '192.0.2.102'].map((OutsideIpAddress) => ({ OutsideIpAddress, ...tunnel })),
    Tags: [],
  } satisfies Printed<VpnConnection>);
}

/** A Direct Connect virtual interface: a private one ends at vgw-1, a public one announces `prefixes` to AWS. */
export function virtualInterface(type: 'private' | 'public', ...prefixes: readonly string[]) {
  return {
    ownerAccount: ACCOUNT,
    virtualInterfaceId: `dxvif-${type}`,
    virtualInterfaceName: type,
    virtualInterfaceType: type,
    virtualInterfaceState: 'available',
    connectionId: 'dxcon-1',
    location: 'EqDB2',
    region: REGION,
    vlan: 101,
    asn: 65000,
    amazonSideAsn: type === 'private' ? 64512 : 7224,
    addressFamily: 'ipv4',
    virtualGatewayId: type === 'private' ? 'vgw-1' : '',
    routeFilterPrefixes: prefixes.map((cidr) => ({ cidr })),
    bgpPeers: [
      { bgpPeerId: 'dxpeer-1', asn: 65000, addressFamily: 'ipv4', bgpPeerState: 'available', bgpStatus: 'up' },
    ],
    tags: [],
  } satisfies Printed<VirtualInterface>;
}
