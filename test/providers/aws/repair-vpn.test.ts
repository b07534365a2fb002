import { describe } from '@jest/globals';
import { fixRows } from '../../support/aws/fix-row.js';
import type { Fixture } from '../../support/aws/fixture.js';
import { type VpnSpec, vpn } from '../../support/aws/on-prem.js';

const SITE = '192.168.0.0/16';
const from = '192.168.0.9/32';

/** A VPN of vpc-1; sg-1 lets `client` in, and `routes` are what rtb-pub adds. */
function joined(f: Fixture, of: VpnSpec, client: string, ...routes: readonly string[]): Fixture {
  f.sg('sg-1').inbound(`tcp 22 ${client}`);
  f.table('rtb-pub').also(...routes);
  return vpn(f, of);
}

const toGateway = {
  command:
    'aws ec2 create-route --region eu-west-1 --route-table-id rtb-pub --destination-cidr-block 192.168.0.9/32 --gateway-id vgw-1',
  pulumi:
    'new aws.ec2.Route("ssh-1", { routeTableId: "rtb-pub", destinationCidrBlock: "192.168.0.9/32", gatewayId: "vgw-1" });',
};

describe('a virtual private gateway that is not attached', () => {
  const attach = {
    for: 'aws/vgw-detached',
    command: 'aws ec2 attach-vpn-gateway --region eu-west-1 --vpn-gateway-id vgw-1 --vpc-id vpc-1',
    pulumi: 'new aws.ec2.VpnGatewayAttachment("vgw", { vpcId: "vpc-1", vpnGatewayId: "vgw-1" });',
  };
  const attachments = (f: Fixture, ...VpcAttachments: { State: string; VpcId: string }[]) =>
    joined(f, { routes: [SITE] }, from, `${SITE} vgw-1 blackhole`).edit('VpnGateways', 'vgw-1', { VpcAttachments });
  fixRows([
    {
      name: 'is attached, and its routes live again',
      given: (f) => attachments(f, { State: 'detached', VpcId: 'vpc-1' }),
      from,
      fixes: [{ ...attach, gains: [from] }],
    },
    {
      name: 'has to leave another VPC first',
      given: (f) => attachments(f, { State: 'attached', VpcId: 'vpc-2' }),
      from,
      fixes: [{ ...attach, gains: [from], note: 'vgw-1 is attached to another VPC and must be detached there first' }],
    },
    {
      name: 'is left alone while it leaves',
      given: (f) =>
        joined(f, { routes: [SITE] }, from, `${SITE} vgw-1`).edit('VpnGateways', 'vgw-1', {
          VpcAttachments: [{ State: 'detaching', VpcId: 'vpc-1' }],
        }),
      from,
      checked: false,
      fixes: [],
    },
  ]);
});

describe('a prefix that the gateway does not know', () => {
  const told = {
    for: 'aws/vgw-prefix-unknown',
    command:
      'aws ec2 create-vpn-connection-route --region eu-west-1 --vpn-connection-id vpn-1 --destination-cidr-block 192.168.0.9/32',
    pulumi:
      'new aws.ec2.VpnConnectionRoute("ssh-1", { destinationCidrBlock: "192.168.0.9/32", vpnConnectionId: "vpn-1" });',
    note: "the customer's device has to send it into vpn-1 as well",
  };
  fixRows([
    {
      name: 'is told to the connection',
      given: (f) => joined(f, { routes: ['172.16.0.0/12'] }, from, `${SITE} vgw-1`),
      from,
      fixes: [{ ...told, gains: [from] }],
    },
    {
      name: 'is told to the connection, from which the table learns it',
      given: (f) => joined(f, { routes: ['172.16.0.0/12'] }, from, '172.16.0.0/12 vgw-1 propagated'),
      from,
      fixes: [{ ...told, gains: [from] }],
    },
    {
      name: 'is announced by the site, where it announces at all',
      given: (f) => joined(f, { accepted: 0 }, from, `${SITE} vgw-1`),
      from,
      checked: false,
      fixes: [],
    },
  ]);
});

describe('a table without a route to the gateway', () => {
  const wider = 'enable-vgw-route-propagation would route all that vgw-1 learns';
  const propagate = {
    for: 'aws/rt-missing',
    command: 'aws ec2 enable-vgw-route-propagation --region eu-west-1 --route-table-id rtb-pub --gateway-id vgw-1',
    pulumi: 'new aws.ec2.VpnGatewayRoutePropagation("ssh", { routeTableId: "rtb-pub", vpnGatewayId: "vgw-1" });',
  };
  fixRows([
    {
      name: 'gets one to the client',
      given: (f) => joined(f, { routes: [SITE] }, from),
      from,
      fixes: [{ for: 'aws/rt-missing', ...toGateway, gains: [from], note: wider }],
    },
    {
      name: 'learns what the gateway learned, where all of that was asked for',
      given: (f) => joined(f, { routes: [SITE] }, SITE),
      from: SITE,
      fixes: [{ ...propagate, gains: [SITE] }],
    },
    {
      name: 'learns what a neighbour of it has learned',
      given: (f) => {
        joined(f, { accepted: 1 }, SITE);
        f.table('rtb-main').routes(`${SITE} vgw-1 propagated`);
      },
      from: SITE,
      fixes: [{ ...propagate, gains: [SITE] }],
    },
    {
      name: 'gets one to the client, where another connection may bring more',
      given: (f) => {
        const bgp = { VpnConnectionId: 'vpn-2', Options: { StaticRoutesOnly: false }, Routes: [] };
        joined(f, { routes: [SITE] }, SITE);
        f.add('VpnConnections', { ...f.record('VpnConnections', 'vpn-1'), ...bgp });
      },
      from: SITE,
      fixes: [
        {
          for: 'aws/rt-missing',
          command: toGateway.command.replace('192.168.0.9/32', SITE),
          pulumi: toGateway.pulumi.replace('192.168.0.9/32', SITE),
          gains: [SITE],
          note: wider,
        },
      ],
    },
    {
      name: 'gets one to the client, where nobody can tell what would be learned; whether the gateway serves it is open',
      given: (f) => joined(f, { accepted: 1 }, SITE),
      from: SITE,
      checked: false,
      fixes: [
        {
          for: 'aws/rt-missing',
          command: toGateway.command.replace('192.168.0.9/32', SITE),
          pulumi: toGateway.pulumi.replace('192.168.0.9/32', SITE),
          note: wider,
        },
      ],
    },
  ]);
});
