import {
  type Gap,
  known,
  type Layer,
  passFilter,
  type Reason,
  stopFilter,
  unknown,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { networkLayers } from './edge.js';
import { firewallLayer } from './firewall.js';
import { type Networks, resource } from './network.js';
import { nameOf, pathOf } from './records/names.js';
import type { NetworkRecord, Route } from './records/records.js';
import { type Judgement, judgeElsewhere, returnLayer } from './route.js';
import { type SiteRoute, siteRoutes } from './route-learned.js';
import type { Standpoint } from './standpoint.js';
import type { Inside } from './vpc-path.js';
import { anyClient } from './way.js';

/** A route to a tunnel or an attachment leads back to the site. */
function judgeToSite(route: Route): Judgement {
  if (route.nextHopVpnTunnel !== undefined || route.nextHopInterconnectAttachment !== undefined) return 'ok';
  return route.nextHopPeering === undefined ? judgeElsewhere(route, 'gcp/rt-private-to-internet') : 'ok';
}

/** Whether the tunnel or the attachment carries packets. */
function linkLayer(networks: Networks, { nextHopVpnTunnel, nextHopInterconnectAttachment }: Route): Layer {
  const url = nextHopVpnTunnel ?? nextHopInterconnectAttachment ?? '';
  const isTunnel = nextHopVpnTunnel !== undefined;
  const kind = isTunnel ? 'vpn-tunnel' : 'interconnect-attachment';
  const subject = resource(kind, nameOf(url));
  const down = (state: string): Layer => ({
    kind,
    subject,
    inbound: stopFilter({ code: 'gcp/vpn-down', data: { state } }),
  });
  const unread = (): Layer => {
    const gap = networks.inventory.dangling(isTunnel ? 'vpnTunnels' : 'interconnectAttachments', {}, subject.id);
    return { kind, subject, inbound: unknownFilter(gap) };
  };
  if (isTunnel) {
    const tunnel = networks.inventory.get('vpnTunnels', pathOf(url));
    if (tunnel?.status === undefined || tunnel.broken !== undefined) return unread();
    return tunnel.status === 'ESTABLISHED' ? { kind, subject, inbound: passFilter } : down(tunnel.status);
  }
  const attachment = networks.inventory.get('interconnectAttachments', pathOf(url));
  if (attachment?.state === undefined || attachment.broken !== undefined) return unread();
  const { state, operationalStatus = 'OS_ACTIVE', adminEnabled = true } = attachment;
  if (state !== 'ACTIVE') return down(state);
  if (!adminEnabled) return down('switched off');
  return operationalStatus === 'OS_ACTIVE' ? { kind, subject, inbound: passFilter } : down(operationalStatus);
}

/** Whether the site was told of the target's address. */
function announcementLayers({ announced, router }: SiteRoute, destination: Address): Layer[] {
  if (announced === undefined || router === undefined) return [];
  const subject = resource('router', nameOf(router));
  const isTold = addressSet(announced).has(destination);
  const reason: Reason = { code: 'gcp/bgp-not-advertised', data: {} };
  return [{ kind: 'router', subject, inbound: isTold ? passFilter : stopFilter(reason) }];
}

/** What the site's own devices do is in no evidence of the cloud. */
function siteLayer({ route }: SiteRoute): Layer {
  const what = nameOf(route.nextHopVpnTunnel ?? route.nextHopInterconnectAttachment ?? route.name);
  const detail = `what the devices of the site behind ${what} do is not in the evidence`;
  const gap: Gap = { code: 'gcp/ev-onprem', kind: 'not-modelled', what, detail, likely: true };
  const rule = {
    id: null,
    action: 'allow' as const,
    peers: unknown(AddressSet.all, gap),
    ports: known(PortSet.all),
    text: detail,
  };
  return {
    kind: 'site',
    subject: resource('site', what),
    inbound: { kind: 'rules', rules: [rule], otherwise: 'drop', reason: { code: gap.code, data: {} } },
  };
}

type Peering = NonNullable<NetworkRecord['peerings']>[number];

/** Whether a peer hands on its routes to sites, and the network takes them (VPC docs, exchanging custom routes). */
function handsOn(networks: Networks, at: Standpoint, peering: Peering, peer: string): boolean {
  const back = networks.record(peer)?.peerings?.find(({ network }) => pathOf(network) === at.network);
  return peering.importCustomRoutes === true && back?.exportCustomRoutes === true;
}

function wayFrom(
  networks: Networks,
  at: Standpoint,
  inside: Inside,
  site: SiteRoute,
  between: readonly Layer[],
): Way[] {
  const { destination, front } = inside;
  const { family } = destination;
  const origin = addressSet([site.route.destRange]).only(family).subtract(networks.rangesOf(at.network));
  if (origin.isEmpty) return [];
  const guards = [
    siteLayer(site),
    linkLayer(networks, site.route),
    ...announcementLayers(site, destination),
    ...between,
    ...networkLayers(networks, at.network, false),
    firewallLayer(networks, at, { approach: 'private', destination }),
    returnLayer(networks, at, destination, judgeToSite),
  ];
  const kind = site.route.nextHopVpnTunnel === undefined ? 'interconnect' : 'vpn';
  return [{ kind, origin, family, clientPorts: anyClient, rows: [front, guards] }];
}

/** The ways from sites behind VPN tunnels and interconnects, of the network and of its peers. */
export function siteWays(networks: Networks, at: Standpoint, inside: Inside): Way[] {
  const own = siteRoutes(networks, at.network).flatMap((site) => wayFrom(networks, at, inside, site, []));
  const peered = (networks.record(at.network)?.peerings ?? []).flatMap((peering) => {
    const peer = pathOf(peering.network);
    if (peer === undefined) return [];
    const stop: Reason = { code: 'gcp/peer-custom-routes', data: {} };
    const inbound = handsOn(networks, at, peering, peer) ? passFilter : stopFilter(stop);
    const joint: Layer = {
      kind: 'network-peering',
      subject: resource('network-peering', peering.name ?? nameOf(peer)),
      inbound,
    };
    return siteRoutes(networks, peer).flatMap((site) => wayFrom(networks, at, inside, site, [joint]));
  });
  return [...own, ...peered];
}
