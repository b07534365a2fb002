import type { Networks } from './network.js';
import { nameOf, pathOf, regionOf } from './records/names.js';
import type { Route } from './records/records.js';

/** A route that leads to a site: a static one, or one that a Cloud Router learned. */
export interface SiteRoute {
  readonly route: Route;
  readonly region: string | undefined;
  /** What the router announces over the same tunnel; undefined for static routes, where nothing is announced. */
  readonly announced: readonly string[] | undefined;
  readonly router: string | undefined;
}

function staticRoutes(networks: Networks, network: string): SiteRoute[] {
  return networks
    .routesOf(network)
    .filter((route) => route.nextHopVpnTunnel !== undefined || route.nextHopInterconnectAttachment !== undefined)
    .map((route) => {
      const region = regionOf(route.nextHopVpnTunnel ?? route.nextHopInterconnectAttachment);
      return { route, region, announced: undefined, router: undefined };
    });
}

/** The routes to sites of a network. Dynamic ones are in no list of routes: the routers tell them (Compute API, getRouterStatus). */
export function siteRoutes(networks: Networks, network: string): readonly SiteRoute[] {
  return networks.once(`site routes ${network}`, () => {
    const learned = [...networks.inventory.all('routerStatus')].flatMap(([router, { result }]): SiteRoute[] => {
      if (pathOf(result?.network) !== network) return [];
      return (result?.bestRoutes ?? []).map((best) => {
        const peers = (result?.bgpPeerStatus ?? []).filter(
          ({ linkedVpnTunnel }) => linkedVpnTunnel === undefined || linkedVpnTunnel === best.nextHopVpnTunnel,
        );
        const announced = peers.flatMap(({ advertisedRoutes }) =>
          (advertisedRoutes ?? []).flatMap(({ destRange }) => destRange ?? []),
        );
        const route: Route = { ...best, name: best.name ?? `a route learned by ${nameOf(router)}`, network };
        return { route, region: regionOf(router), announced, router };
      });
    });
    return [...staticRoutes(networks, network), ...learned];
  });
}

/** The dynamic routes that hold in a region: all of them, or those of its own routers (VPC docs, dynamic routing mode). */
export function dynamicRoutes(networks: Networks, network: string, region: string | undefined): readonly Route[] {
  const isGlobal = networks.record(network)?.routingConfig?.routingMode === 'GLOBAL';
  return siteRoutes(networks, network)
    .filter(({ announced }) => announced !== undefined)
    .filter((one) => isGlobal || one.region === region)
    .map(({ route }) => route);
}
