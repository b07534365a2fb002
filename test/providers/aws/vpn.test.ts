import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { type VpnSpec, virtualInterface, vpn, vpnGateway } from '../../support/aws/on-prem.js';
import { pathRows } from '../../support/aws/path-row.js';

const asked = { from: '192.168.0.9', target: '10.0.1.10' } as const;

const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

/** A static VPN of vpc-1 to 192.168.0.0/16, which sg-1 lets in; `route` is what rtb-pub adds. */
function joined(f: Fixture, route: string, of: VpnSpec = { routes: ['192.168.0.0/16'] }): Fixture {
  f.sg('sg-1').inbound('tcp 22 192.168.0.0/16');
  f.table('rtb-pub').also(route);
  return vpn(f, of);
}

describe('a VPN', () => {
  pathRows([
    {
      tag: 'aws#163',
      name: 'with both tunnels down',
      given: (f) => joined(f, '192.168.0.0/16 vgw-1', { routes: ['192.168.0.0/16'], tunnels: 'DOWN' }),
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/vgw-tunnel-down'],
    },
    {
      tag: 'aws#163a',
      name: 'whose gateway was taken off the VPC',
      given: (f) =>
        joined(f, '192.168.0.0/16 vgw-1 blackhole').edit('VpnGateways', 'vgw-1', {
          VpcAttachments: [{ State: 'detached', VpcId: 'vpc-1' }],
        }),
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/vgw-detached vgw-1', 'aws/rt-blackhole rtb-pub'],
    },
    {
      tag: 'aws#164',
      name: "that announces by BGP to another table than the subnet's",
      given: (f) => {
        f.table('rtb-main').routes('192.168.0.0/16 vgw-1 propagated');
        f.sg('sg-1').inbound('tcp 22 192.168.0.0/16');
        vpn(f, { accepted: 1 });
      },
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/rt-missing rtb-pub'],
      stops: 'returning',
    },
    {
      tag: 'aws#164',
      name: 'that announces by BGP to no table',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 192.168.0.0/16');
        vpn(f, { accepted: 1 });
      },
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/rt-missing rtb-pub'],
      stops: 'returning',
    },
    {
      tag: 'aws#165',
      name: 'that does not know the source, whatever the route table says',
      given: (f) => joined(f, '192.168.0.0/16 vgw-1', { routes: ['172.16.0.0/12'] }),
      ...asked,
      ...UNREACHABLE,
      causes: ['aws/vgw-prefix-unknown'],
    },
    {
      tag: 'aws#166',
      name: "from a prefix that is the VPC's own",
      given: (f) => {
        vpn(f, { routes: ['10.0.5.0/24'] });
        f.sg('sg-1').inbound('tcp 22 10.0.0.0/16');
      },
      ...asked,
      from: '10.0.5.5',
      ...UNREACHABLE,
      among: ['aws/rt-local-overlap'],
    },
    {
      tag: 'aws#167',
      name: 'over IPv6',
      given: (f) => {
        joined(f, 'fd00:192:168::/48 vgw-1');
        f.sg('sg-1').inbound('tcp 22 fd00:192:168::/48');
      },
      from: 'fd00:192:168::9',
      target: '2001:db8:1:1::10',
      ...UNREACHABLE,
      among: ['aws/vgw-no-ipv6'],
    },
    {
      tag: 'aws#169',
      name: 'to the public address',
      given: (f) => joined(f, '192.168.0.0/16 vgw-1 propagated'),
      ...asked,
      target: '198.51.100.10',
      ...UNREACHABLE,
      among: ['aws/vgw-dst-not-private'],
    },
  ]);
});

describe('Direct Connect', () => {
  pathRows([
    {
      tag: 'aws#168',
      name: 'a private virtual interface that may not be read',
      given: (f) => {
        f.sg('sg-1').inbound('tcp 22 192.168.0.0/16');
        f.table('rtb-pub').also('192.168.0.0/16 vgw-1 propagated');
        vpnGateway(f).add('virtualInterfaces', virtualInterface('private'));
        f.denied('directconnect:DescribeVirtualInterfaces');
      },
      ...asked,
      verdict: 'unknown',
      missing: ['aws/ev-dx directconnect:DescribeVirtualInterfaces'],
    },
  ]);
});
