import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { appliance } from '../../support/aws/middlebox.js';
import { virtualInterface, vpn, vpnGateway } from '../../support/aws/on-prem.js';
import { type PathRow, pathRows } from '../../support/aws/path-row.js';
import { transitGateway } from '../../support/aws/topology.js';
import { transitTable } from '../../support/aws/transit-table.js';

const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

const TO_VPC_1 = '10.0.0.0/16 tgw-attach-1';
const TO_VPC_2 = '10.1.0.0/16 tgw-attach-2';

const SITE = '192.168.0.0/16';

const KNOWN = `${SITE} tgw-attach-3`;

/** 192.168.0.9 asks 10.0.1.10; sg-1 lets the sites in. */
function fromSite(change: (f: Fixture) => unknown): Pick<PathRow, 'given' | 'from' | 'target' | 'tag'> {
  const given = (f: Fixture): void => {
    f.sg('sg-1').inbound(`tcp 22 ${SITE}`);
    change(f);
  };
  return { tag: 'aws 2.3.8', given, from: '192.168.0.9', target: '10.0.1.10' };
}

/** Sites on tgw-1 beside the two VPCs, as tgw-attach-3, known to its table by `routes`. */
function onGateway(f: Fixture, type: string, id: string, ...routes: readonly string[]): Fixture {
  transitGateway(f).add('TransitGatewayAttachments', {
    ...f.record('TransitGatewayAttachments', 'tgw-attach-2'),
    TransitGatewayAttachmentId: 'tgw-attach-3',
    ResourceType: type,
    ResourceId: id,
  });
  f.table('rtb-pub').also(`${SITE} tgw-1`);
  const associated = ['tgw-attach-1', 'tgw-attach-2', 'tgw-attach-3'];
  return transitTable(f, 'tgw-rtb-1', { associated, routes: [TO_VPC_1, TO_VPC_2, ...routes] });
}

function vpnOnGateway(f: Fixture, tunnels: 'UP' | 'DOWN', ...routes: readonly string[]): Fixture {
  vpn(onGateway(f, 'vpn', 'vpn-1', ...routes), { accepted: 1, tunnels }).remove('VpnGateways', 'vgw-1');
  return f.edit('VpnConnections', 'vpn-1', { VpnGatewayId: undefined, TransitGatewayId: 'tgw-1' });
}

describe('sites behind a virtual private gateway', () => {
  pathRows([
    {
      name: 'that announce themselves by BGP, as a propagated route shows',
      ...fromSite((f) => vpn(f, { accepted: 1 }).table('rtb-pub').also(`${SITE} vgw-1 propagated`)),
      verdict: 'reachable',
      path: 'vpn',
    },
    {
      name: 'that may announce themselves by BGP: only a static route shows',
      ...fromSite((f) => vpn(f, { accepted: 1 }).table('rtb-pub').also(`${SITE} vgw-1`)),
      verdict: 'unknown',
      missing: ['aws/ev-route vpn-1'],
    },
    {
      name: 'that announce nothing',
      ...fromSite((f) => vpn(f, { accepted: 0 }).table('rtb-pub').also(`${SITE} vgw-1`)),
      ...UNREACHABLE,
      causes: ['aws/vgw-prefix-unknown vgw-1'],
    },
    {
      name: 'of two connections, the one that is down',
      ...fromSite((f) => {
        vpn(f, { routes: [SITE], tunnels: 'DOWN' })
          .table('rtb-pub')
          .also(`${SITE} vgw-1 propagated`);
        const Routes = [{ DestinationCidrBlock: '172.16.0.0/12', State: 'available' }];
        const VgwTelemetry = [{ OutsideIpAddress: '192.0.2.103', Status: 'UP', AcceptedRouteCount: 1 }];
        const other = { VpnConnectionId: 'vpn-2', Routes, VgwTelemetry };
        f.add('VpnConnections', { ...f.record('VpnConnections', 'vpn-1'), ...other });
      }),
      ...UNREACHABLE,
      causes: ['aws/vgw-tunnel-down vpn-1'],
    },
    {
      name: 'of two connections, the static one that is down, unless the other one announces the same',
      ...fromSite((f) => {
        vpn(f, { routes: [SITE], tunnels: 'DOWN' })
          .table('rtb-pub')
          .also(`${SITE} vgw-1 propagated`);
        const VgwTelemetry = [{ OutsideIpAddress: '192.0.2.103', Status: 'UP', AcceptedRouteCount: 1 }];
        const other = { VpnConnectionId: 'vpn-2', Options: { StaticRoutesOnly: false }, Routes: [], VgwTelemetry };
        f.add('VpnConnections', { ...f.record('VpnConnections', 'vpn-1'), ...other });
      }),
      verdict: 'unknown',
      missing: ['aws/ev-route vpn-2'],
    },
    {
      name: 'with a public prefix that the VPN serves',
      ...fromSite((f) => {
        vpn(f, { routes: ['203.0.113.0/24'] })
          .table('rtb-pub')
          .also('203.0.113.0/24 vgw-1');
        f.sg('sg-1').inbound('tcp 22 203.0.113.0/24');
      }),
      from: '203.0.113.5',
      verdict: 'reachable',
      path: 'vpn',
    },
    {
      name: 'through an appliance behind the gateway',
      ...fromSite((f) => {
        appliance(vpn(f, { routes: [SITE] }))
          .table('rtb-pub')
          .also(`${SITE} vgw-1`);
        f.sg('sg-1').inbound('tcp 22 0.0.0.0/0');
        f.table('rtb-edge').routes('10.0.1.0/24 eni-fw').edgeOf('vgw-1');
      }),
      verdict: 'unknown',
      missing: ['aws/mbx-inspected eni-fw'],
    },
    {
      name: 'over Direct Connect, as a virtual interface and a propagated route show',
      ...fromSite((f) => {
        vpnGateway(f).add('virtualInterfaces', virtualInterface('private'));
        f.table('rtb-pub').also(`${SITE} vgw-1 propagated`);
      }),
      verdict: 'reachable',
      path: 'direct-connect',
    },
    {
      name: 'whose connections may not be read',
      ...fromSite((f) => vpnGateway(f).denied('ec2:DescribeVpnConnections').table('rtb-pub').also(`${SITE} vgw-1`)),
      verdict: 'unknown',
      missing: ['aws/ev-route ec2:DescribeVpnConnections'],
    },
  ]);
});

describe('sites behind a transit gateway', () => {
  pathRows([
    {
      name: 'over a VPN',
      ...fromSite((f) => vpnOnGateway(f, 'UP', KNOWN)),
      verdict: 'reachable',
      path: 'transit-gateway',
    },
    {
      name: 'over a VPN whose tunnels are down',
      ...fromSite((f) => vpnOnGateway(f, 'DOWN', KNOWN)),
      ...UNREACHABLE,
      causes: ['aws/vgw-tunnel-down vpn-1'],
    },
    {
      name: 'that the table does not know',
      ...fromSite((f) => vpnOnGateway(f, 'UP', '192.168.128.0/17 tgw-attach-3')),
      ...UNREACHABLE,
      causes: ['aws/tgw-no-route tgw-rtb-1'],
      stops: 'returning',
    },
    {
      name: 'a default route does not put the internet behind a VPN',
      ...fromSite((f) => {
        vpnOnGateway(f, 'UP', '0.0.0.0/0 tgw-attach-3 static');
        f.sg('sg-1').inbound('tcp 22 0.0.0.0/0');
        f.table('rtb-pub').routes('0.0.0.0/0 tgw-1');
      }),
      from: '203.0.113.5',
      ...UNREACHABLE,
      causes: ['aws/addr-private'],
    },
    {
      name: 'over Direct Connect, with a transit virtual interface that is up',
      ...fromSite((f) => {
        onGateway(f, 'direct-connect-gateway', 'dxgw-1', KNOWN);
        const transit = { virtualInterfaceType: 'transit', virtualGatewayId: '', directConnectGatewayId: 'dxgw-1' };
        f.add('virtualInterfaces', { ...virtualInterface('private'), ...transit });
      }),
      verdict: 'reachable',
    },
  ]);
});
