import type { JsonRecord } from './kinds.js';
import { resource } from './records.js';
import { globalUrl, regionalUrl, regionUrl } from './urls.js';

/** A tunnel of HA VPN that is up. */
export function vpnTunnel(name: string, fields: JsonRecord, region: string): JsonRecord {
  return {
    ...resource('vpnTunnel', regionalUrl('vpnTunnels', name, region)),
    region: regionUrl(region),
    status: 'ESTABLISHED',
    detailedStatus: 'Tunnel is up and running.',
    vpnGateway: regionalUrl('vpnGateways', 'gw1', region),
    vpnGatewayInterface: 0,
    peerIp: '192.0.2.1',
    ikeVersion: 2,
    localTrafficSelector: ['0.0.0.0/0'],
    remoteTrafficSelector: ['0.0.0.0/0'],
    ...fields,
  };
}

/** A Cloud Router of net1 unless said. */
export function router(name: string, fields: JsonRecord, region: string): JsonRecord {
  return {
    ...resource('router', regionalUrl('routers', name, region)),
    region: regionUrl(region),
    network: globalUrl('networks', 'net1'),
    ...fields,
  };
}
