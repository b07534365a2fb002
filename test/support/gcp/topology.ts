import { externalV6 } from './compute-records.js';
import type { Fixture } from './fixture.js';
import { l4, resource } from './records.js';
import { globalUrl, regionalUrl, zonalUrl } from './urls.js';

/** Where nothing but this IPv6 address of vm1 is asked for, and by an IPv6 client. */
export const Q6 = { target: '2001:db8:1:1:0:1::', from: '2001:db8::9' } as const;

/** vm2 in net1: 10.0.0.5, alias 10.0.0.64, external 203.0.113.20, tagged client, with the service account cli. */
export function vm2(f: Fixture): Fixture {
  return f.addVm({
    name: 'vm2',
    ip: '10.0.0.5',
    external: '203.0.113.20',
    aliases: ['10.0.0.64/32'],
    tags: ['client'],
    serviceAccount: 'cli@p.iam.gserviceaccount.com',
  });
}

/** net2 with sn2 10.0.2.0/24, joined to nothing and without a rule. */
export function net2(f: Fixture): Fixture {
  return f.addNetwork('net2').addSubnet('sn2', { network: 'net2', prefix: '10.0.2.0/24' });
}

/** net2 with vm2 in it: 10.0.2.5, tagged client. */
export function vm2InNet2(f: Fixture): Fixture {
  return net2(f).addVm({ name: 'vm2', network: 'net2', subnet: 'sn2', ip: '10.0.2.5', tags: ['client'] });
}

/** vm1 with 2001:db8:1:1:0:1::/96 to the outside, let in by allow-ssh, and a default route. */
export function withV6(f: Fixture): Fixture {
  const prefix = '2001:db8:1:1::/64';
  const subnet = {
    stackType: 'IPV4_IPV6',
    ipv6AccessType: 'EXTERNAL',
    externalIpv6Prefix: prefix,
    ipv6CidrRange: prefix,
  };
  f.edit('subnetworks', 'sn1', subnet).nic('vm1', 0, externalV6('2001:db8:1:1:0:1::'));
  f.rule('allow-ssh', { sourceRanges: ['::/0'] });
  return f.route('default-internet-v6', {
    destRange: '::/0',
    nextHopGateway: globalUrl('gateways', 'default-internet-gateway'),
  });
}

/** nic1 of vm1 in net2, 10.0.2.2, which has the external address; nic0 stays in net1. */
export function externalOnNic1(f: Fixture): Fixture {
  net2(f).nic('vm1', 0, { accessConfigs: undefined });
  return f.addNic('vm1', { network: 'net2', subnet: 'sn2', ip: '10.0.2.2', external: '203.0.113.10' });
}

/** A VM of net1 that forwards packets: fw1, 10.0.0.9. */
export function appliance(f: Fixture): Fixture {
  return f.addVm({ name: 'fw1', ip: '10.0.0.9' }).vm('fw1', { canIpForward: true });
}

/** 0.0.0.0/0 of net1 to fw1, before the route to the internet. */
export const THROUGH_APPLIANCE = {
  destRange: '0.0.0.0/0',
  nextHopInstance: zonalUrl('instances', 'fw1'),
  priority: 100,
} as const;

/** 192.168.0.0/16 learned by cr1 over the tunnel tun1; the router announces net1's subnet, or what is said. */
export function onPremises(
  f: Fixture,
  of: { readonly region?: string; readonly network?: string; readonly announces?: string } = {},
): Fixture {
  const { region = 'us-central1', network = 'net1', announces = '10.0.0.0/24' } = of;
  const custom = of.announces !== undefined;
  const tunnel = regionalUrl('vpnTunnels', 'tun1', region);
  const url = globalUrl('networks', network);
  const learned = {
    ...resource('route', globalUrl('routes', 'learned')),
    network: url,
    routeType: 'BGP',
    priority: 100,
  };
  const best = { ...learned, destRange: '192.168.0.0/16', nextHopIp: '169.254.0.2', nextHopVpnTunnel: tunnel };
  const mode = custom
    ? { advertiseMode: 'CUSTOM', advertisedIpRanges: [{ range: announces }] }
    : { advertiseMode: 'DEFAULT' };
  const session = { ipAddress: '169.254.0.1', peerIpAddress: '169.254.0.2' };
  f.vpnTunnel('tun1', { router: regionalUrl('routers', 'cr1', region) }, region);
  return f.router(
    'cr1',
    {
      network: url,
      bgp: { asn: 64512, advertiseMode: 'DEFAULT' },
      interfaces: [{ name: 'if1', linkedVpnTunnel: tunnel, ipRange: '169.254.0.1/30' }],
      bgpPeers: [{ name: 'peer1', interfaceName: 'if1', peerAsn: 65001, enable: 'TRUE', ...session, ...mode }],
    },
    {
      bestRoutes: [best],
      bestRoutesForRouter: [best],
      bgpPeerStatus: [
        {
          name: 'peer1',
          ...session,
          status: 'UP',
          state: 'Established',
          linkedVpnTunnel: tunnel,
          numLearnedRoutes: 1,
          advertisedRoutes: [{ kind: 'compute#route', network: url, destRange: announces, nextHopIp: '169.254.0.1' }],
        },
      ],
    },
    region,
  );
}

/** The global TCP proxy `proxy` on 203.0.113.90 in front of vm1. */
export function tcpProxy(f: Fixture, healthState: string): Fixture {
  const managed = { loadBalancingScheme: 'EXTERNAL_MANAGED' };
  f.backendService('bs-proxy', ['vm1'], healthState, { ...managed, region: null, portName: 'ssh' });
  f.add('targetTcpProxies', {
    ...resource('targetTcpProxy', globalUrl('targetTcpProxies', 'proxy')),
    service: globalUrl('backendServices', 'bs-proxy'),
    proxyHeader: 'NONE',
  });
  return f.add('forwardingRules', {
    ...resource('forwardingRule', globalUrl('forwardingRules', 'fr-proxy')),
    ...managed,
    IPAddress: '203.0.113.90',
    IPProtocol: 'TCP',
    portRange: '22-22',
    target: globalUrl('targetTcpProxies', 'proxy'),
    networkTier: 'PREMIUM',
  });
}

/** `allowed` or `denied` of TCP 22 for a new rule. */
export const SSH = l4('tcp:22');
