import type { Gap } from '../../src/model/index.js';
import { AddressSet, type Family } from '../../src/set/index.js';
import type { Network } from './network.js';
import type { RouteTable } from './records/records.js';
import { type Hop, orderedRoutes } from './route-table.js';

/** From where an organisation numbers its own networks: RFC 1918, RFC 6598 (shared), RFC 4193 (unique local). */
export const privateSpace = AddressSet.of('10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');

/** A shorter prefix is a default route or a part of one. It tells where to send what is left, not who is there. */
const shortestSite: Readonly<Record<Family, number>> = { 4: 8, 6: 16 };

interface Routed {
  readonly peers: AddressSet;
  readonly length: number;
  readonly gap?: Gap | undefined;
}

/** The networks that a route names as those at its far end; of a default route, only what private space it covers. */
export function namedBy({ peers, length, gap }: Routed): AddressSet {
  const [family = 4] = peers.families();
  return gap === undefined && length >= shortestSite[family] ? peers : peers.intersect(privateSpace);
}

/** The networks that a route table names behind those of its hops that `leads` picks. */
export function namedBehind(network: Network, table: RouteTable, leads: (hop: Hop) => boolean): AddressSet {
  const routes = orderedRoutes(network, table).filter(({ hop }) => leads(hop));
  return AddressSet.unionOf(routes.map(namedBy));
}
